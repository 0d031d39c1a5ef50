//! The bytes of a change chunk, both ways, without Automerge. [`Parts`] is all that can vary in an
//! honest change; the layout follows Automerge's binary format (change chunk, columnar encoding).

mod columns;
mod cursor;
mod reader;
mod writer;

pub(crate) use columns::{rle, rle_deltas, rle_numbers};
pub(crate) use cursor::Cursor;
pub(crate) use reader::read;
pub(crate) use writer::write;

use crate::actor::Actor;
use ids::{ChangeHash, EntryKey};

/// What every chunk starts with.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Chunk type of a change that is not compressed.
const CHANGE: u8 = 1;
/// Chunk type of a compressed change.
const DEFLATED_CHANGE: u8 = 2;
/// Value type of a byte string, in the low four bits of a value's metadata.
const BYTES: u64 = 7;
/// The action "put".
const PUT: u64 = 1;
/// The columns a put of byte strings into the root map produces, in order: key string, insert,
/// action, value metadata, value, predecessor count.
const COLUMNS: [u64; 6] = [0x15, 0x34, 0x42, 0x56, 0x57, 0x70];

/// Everything an honest change says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Strictly ascending.
    pub(crate) deps: Vec<ChangeHash>,
    pub(crate) actor: Actor,
    /// From 1.
    pub(crate) seq: u64,
    /// From 1.
    pub(crate) start_op: u64,
    /// At least one; no value is empty.
    pub(crate) entries: Vec<(EntryKey, Vec<u8>)>,
}

impl Parts {
    /// Number of the last operation.
    pub(crate) fn max_op(&self) -> u64 {
        (self.start_op.saturating_sub(1)).saturating_add(self.entries.len() as u64)
    }
}
