//! Chunks byte by byte, for this suite's document: the forger of the hostile tests.

// The same tools forge a hostile member's changes where whole engines are attacked.
#[allow(
    dead_code,
    unreachable_pub,
    reason = "other tests use what this suite does not"
)]
#[path = "../../../../tests/src/harness/forged.rs"]
mod forged;

pub(crate) use forged::{
    ACTION, Forged, INSERT, KEY, PREDECESSORS, VALUE, VALUE_METADATA, chunk_around, prefixed, sleb,
    uleb,
};

use crate::house::{DOCUMENT, NOW};
use document::Actor;

/// What the crate would write for the actor's first change.
pub(crate) fn honest(actor: &Actor, values: &[Vec<u8>]) -> Forged {
    Forged::honest(&DOCUMENT, actor, NOW, values)
}

/// The data of a chunk.
pub(crate) fn data_of(chunk: &[u8]) -> Option<&[u8]> {
    let after_type = chunk.get(9..)?;
    let end = after_type.iter().position(|byte| byte & 0x80 == 0)?;
    after_type.get(end + 1..)
}
