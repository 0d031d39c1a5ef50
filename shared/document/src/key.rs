//! The key of an entry: a ULID bound to document, author, recording time and value, so that an
//! entry can be neither moved nor changed under its key.

use crate::actor::Actor;
use ids::{DocumentId, EntryKey, UnixMillis, contexts};
use wire::hash;

/// Recording times a ULID can hold: 48 bits of milliseconds.
const RECORDING_TIMES: core::ops::Range<i64> = 0..1 << 48;

/// The key of `value`, recorded at `time` by `actor` in `document`. `None` for a time that a ULID
/// cannot hold (before 1970, after the year 10889).
pub fn entry_key(
    document: &DocumentId,
    actor: &Actor,
    time: UnixMillis,
    value: &[u8],
) -> Option<EntryKey> {
    if !RECORDING_TIMES.contains(&time.0) {
        return None;
    }
    let digest = hash(
        contexts::ENTRY_KEY,
        &[
            document.as_bytes(),
            actor.as_bytes(),
            &time.0.to_be_bytes(),
            value,
        ],
    );
    let head = digest.first_chunk::<10>()?;
    Some(EntryKey::from_parts(time, *head))
}
