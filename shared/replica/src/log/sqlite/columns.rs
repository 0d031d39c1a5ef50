//! Columns of `log.db` as types, and SQLite's errors in our words.

use super::super::{FactKind, Standing, StoreError, StoredEnvelope};
use bytes::Bytes;
use ids::{
    ChainHash, DeviceId, DocumentId, EnvelopeId, LogId, PersonId, Place, RosterSeq, Seq, Signature,
    StreamId,
};
use rusqlite::{Row, ffi};
use wire::Envelope;

/// SQLite's error in our words; never carries a value.
pub(super) fn fault(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ffi::ErrorCode::DiskFull) => StoreError::Full,
        Some(ffi::ErrorCode::DatabaseCorrupt | ffi::ErrorCode::NotADatabase) => {
            StoreError::Corrupt(error.to_string())
        }
        Some(code) => StoreError::Io(format!("{code:?}")),
        None => StoreError::Corrupt(error.to_string()),
    }
}

pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

macro_rules! read_id {
    ($name:ident, $type:ty) => {
        pub(super) fn $name(row: &Row<'_>, column: usize) -> Result<$type, StoreError> {
            let bytes = row
                .get_ref(column)
                .map_err(fault)?
                .as_blob()
                .map_err(|e| StoreError::Corrupt(e.to_string()))?;
            <$type>::from_slice(bytes)
                .ok_or_else(|| StoreError::Corrupt(concat!("length of ", stringify!($type)).into()))
        }
    };
}

read_id!(stream_id, StreamId);
read_id!(log_id, LogId);
read_id!(chain_hash, ChainHash);
read_id!(signature, Signature);
read_id!(device_id, DeviceId);
read_id!(document_id, DocumentId);
read_id!(person_id, PersonId);
read_id!(envelope_id, EnvelopeId);

pub(super) fn blob(row: &Row<'_>, column: usize) -> Result<Vec<u8>, StoreError> {
    row.get(column).map_err(fault)
}

pub(super) fn int(row: &Row<'_>, column: usize) -> Result<i64, StoreError> {
    row.get(column).map_err(fault)
}

pub(super) const fn standing_code(standing: Standing) -> i64 {
    match standing {
        Standing::Accepted => 0,
        Standing::Refused => 1,
        Standing::Waits => 2,
        Standing::SetAside => 3,
        Standing::Unfit => 4,
        Standing::Elsewhere => 5,
    }
}

pub(super) fn standing_of(code: i64) -> Result<Standing, StoreError> {
    Ok(match code {
        0 => Standing::Accepted,
        1 => Standing::Refused,
        2 => Standing::Waits,
        3 => Standing::SetAside,
        4 => Standing::Unfit,
        5 => Standing::Elsewhere,
        _ => return Err(StoreError::Corrupt("standing".into())),
    })
}

pub(super) const fn fact_code(kind: FactKind) -> i64 {
    match kind {
        FactKind::Arrived => 0,
        FactKind::Placed => 1,
        FactKind::Standing => 2,
    }
}

pub(super) fn fact_of(code: i64) -> Result<FactKind, StoreError> {
    Ok(match code {
        0 => FactKind::Arrived,
        1 => FactKind::Placed,
        2 => FactKind::Standing,
        _ => return Err(StoreError::Corrupt("fact kind".into())),
    })
}

/// Reads `bytes, standing, log_id, seq, roster_seq` from column `at`.
pub(super) fn stored_envelope(row: &Row<'_>, at: usize) -> Result<StoredEnvelope, StoreError> {
    let envelope = Envelope::parse(Bytes::from(blob(row, at)?))
        .map_err(|e| StoreError::Corrupt(format!("envelope: {e}")))?;
    let standing = standing_of(int(row, at + 1)?)?;
    Ok(StoredEnvelope {
        envelope,
        standing,
        place: place(row, at + 2)?,
    })
}

pub(super) fn place(row: &Row<'_>, at: usize) -> Result<Option<Place>, StoreError> {
    let seq: Option<i64> = row.get(at + 1).map_err(fault)?;
    let Some(seq) = seq else { return Ok(None) };
    Ok(Some(Place {
        log_id: log_id(row, at)?,
        seq: Seq(unsigned(seq)),
        roster_seq: RosterSeq(unsigned(int(row, at + 2)?)),
    }))
}
