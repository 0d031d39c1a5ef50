//! Reading: everything by an index, nothing held between calls.

use bytes::Bytes;
use ids::{
    ChainHash, DeviceId, EnvelopeId, FacilityId, InviteId, LogId, RosterSeq, Seq, Signature,
    StreamId, UnixMillis,
};
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, OptionalExtension, Row, params};
use wire::{Countersigned, SeenMark};

use super::super::portion::{WholeEntries, until_bytes};
use super::super::schema::{ROWS_PER_STREAM, named};
use super::super::{RunKey, RunPlace, StoreError, StoredRow, StoredWrap, StreamHead};

pub(super) fn facilities(connection: &Connection) -> Result<Vec<FacilityId>, StoreError> {
    collect(connection, "SELECT facility FROM facilities", [], |row| {
        bytes16(row, 0).map(FacilityId::from_bytes)
    })
}

pub(super) fn roster(
    connection: &Connection,
    facility: FacilityId,
    after: RosterSeq,
    max_bytes: usize,
) -> Result<Vec<Countersigned>, StoreError> {
    take_bytes(
        connection,
        "SELECT time, signature, entry FROM roster WHERE facility = ?1 AND seq > ?2 ORDER BY seq",
        params![facility.as_bytes(), after.0.cast_signed()],
        max_bytes,
        |row| {
            Ok(Countersigned {
                time: UnixMillis(row.get(0)?),
                signature: Signature::from_bytes(fixed(row, 1)?),
                entry: blob(row, 2)?,
            })
        },
        |item| item.entry.len(),
    )
}

pub(super) fn heads(
    connection: &Connection,
    facility: FacilityId,
) -> Result<Vec<StreamHead>, StoreError> {
    collect(
        connection,
        "SELECT stream, log_id, seq, chain, roster_seq FROM streams
         WHERE facility = ?1 ORDER BY number",
        [facility.as_bytes()],
        |row| head(row, 0),
    )
}

/// A stream's head from five columns starting at `first`.
pub(super) fn head(row: &Row<'_>, first: usize) -> rusqlite::Result<StreamHead> {
    Ok(StreamHead {
        stream: StreamId::from_bytes(fixed(row, first)?),
        log_id: LogId::from_bytes(fixed(row, first + 1)?),
        seq: Seq(unsigned(row, first + 2)?),
        chain: ChainHash::from_bytes(fixed(row, first + 3)?),
        roster_seq: RosterSeq(unsigned(row, first + 4)?),
    })
}

pub(super) fn usage(connection: &Connection, facility: FacilityId) -> Result<u64, StoreError> {
    connection
        .prepare_cached("SELECT bytes FROM facilities WHERE facility = ?1")
        .and_then(|mut select| {
            select
                .query_row([facility.as_bytes()], |row| unsigned(row, 0))
                .optional()
        })
        .map_err(named)?
        .ok_or_else(|| StoreError::Bug("unknown facility".to_owned()))
}

/// An envelope of a run by its number, or its newest.
pub(super) fn run_place(
    connection: &Connection,
    facility: FacilityId,
    run: &RunKey,
    run_seq: Option<u64>,
) -> Result<Option<RunPlace>, StoreError> {
    let Some(number) = stream_number(connection, facility, run.stream)? else {
        return Ok(None);
    };
    connection
        .prepare_cached(
            "SELECT run_seq, place, roster_seq, id FROM envelopes
             WHERE run = ?1 AND device = ?2 AND document = ?3 AND stream = ?4
               AND run_seq BETWEEN ?5 AND ?6
             ORDER BY run_seq DESC LIMIT 1",
        )
        .and_then(|mut select| {
            let (low, high) = match run_seq {
                Some(n) => (n.cast_signed(), n.cast_signed()),
                None => (0, i64::MAX),
            };
            let key = params![
                run.run.as_bytes(),
                run.device.as_bytes(),
                run.document.as_bytes(),
                number,
                low,
                high
            ];
            select
                .query_row(key, |row| {
                    Ok(RunPlace {
                        run_seq: unsigned(row, 0)?,
                        seq: seq_of(row.get(1)?),
                        roster_seq: RosterSeq(unsigned(row, 2)?),
                        id: EnvelopeId::from_bytes(fixed(row, 3)?),
                    })
                })
                .optional()
        })
        .map_err(named)
}

pub(super) fn rows(
    connection: &Connection,
    facility: FacilityId,
    stream: StreamId,
    from: Seq,
    max_bytes: usize,
) -> Result<Vec<StoredRow>, StoreError> {
    let Some(number) = stream_number(connection, facility, stream)? else {
        return Ok(Vec::new());
    };
    let first = Seq(from.0.max(1).min(ROWS_PER_STREAM.cast_unsigned() - 1));
    let low = place_number(number, first)?;
    let high = place_number(number, Seq(ROWS_PER_STREAM.cast_unsigned() - 1))?;
    take_bytes(
        connection,
        "SELECT place, roster_seq, bytes FROM envelopes
         WHERE place BETWEEN ?1 AND ?2 ORDER BY place",
        params![low, high],
        max_bytes,
        |row| {
            Ok(StoredRow {
                seq: seq_of(row.get(0)?),
                roster_seq: RosterSeq(unsigned(row, 1)?),
                envelope: blob(row, 2)?,
            })
        },
        |row| row.envelope.len(),
    )
}

pub(super) fn wraps(
    connection: &Connection,
    facility: FacilityId,
    stream: StreamId,
    after: RosterSeq,
    max_bytes: usize,
) -> Result<Vec<StoredWrap>, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT roster_seq, bytes FROM wraps
             WHERE facility = ?1 AND stream = ?2 AND roster_seq > ?3 ORDER BY roster_seq, number",
        )
        .map_err(named)?;
    let mut found = select
        .query(params![
            facility.as_bytes(),
            stream.as_bytes(),
            after.0.cast_signed()
        ])
        .map_err(named)?;
    // No further than asked: a question of thirty bytes must not read all that was ever wrapped.
    let mut whole = WholeEntries::new(max_bytes);
    while let Some(row) = found.next().map_err(named)? {
        let wrap = StoredWrap {
            stream,
            roster_seq: RosterSeq(unsigned(row, 0).map_err(named)?),
            bytes: blob(row, 1).map_err(named)?,
        };
        if !whole.take(wrap) {
            break;
        }
    }
    Ok(whole.taken)
}

pub(super) fn invite_blob(
    connection: &Connection,
    facility: FacilityId,
    invite: InviteId,
) -> Result<Option<Bytes>, StoreError> {
    connection
        .query_row(
            "SELECT sealed FROM invitations WHERE facility = ?1 AND invite = ?2",
            params![facility.as_bytes(), invite.as_bytes()],
            |row| blob(row, 0),
        )
        .optional()
        .map_err(named)
}

pub(super) fn facility_of_invite(
    connection: &Connection,
    invite: InviteId,
) -> Result<Option<FacilityId>, StoreError> {
    connection
        .query_row(
            "SELECT facility FROM invitations WHERE invite = ?1",
            [invite.as_bytes()],
            |row| bytes16(row, 0).map(FacilityId::from_bytes),
        )
        .optional()
        .map_err(named)
}

pub(super) fn seen(
    connection: &Connection,
    facility: FacilityId,
) -> Result<Vec<SeenMark>, StoreError> {
    collect(
        connection,
        "SELECT device, stream, log_id, seq, chain, signature FROM seen
         WHERE facility = ?1 ORDER BY device, stream",
        [facility.as_bytes()],
        |row| {
            Ok(SeenMark {
                device: DeviceId::from_bytes(fixed(row, 0)?),
                stream: StreamId::from_bytes(fixed(row, 1)?),
                log_id: LogId::from_bytes(fixed(row, 2)?),
                seq: Seq(unsigned(row, 3)?),
                chain: ChainHash::from_bytes(fixed(row, 4)?),
                signature: Signature::from_bytes(fixed(row, 5)?),
            })
        },
    )
}

fn stream_number(
    connection: &Connection,
    facility: FacilityId,
    stream: StreamId,
) -> Result<Option<i64>, StoreError> {
    connection
        .prepare_cached("SELECT number FROM streams WHERE facility = ?1 AND stream = ?2")
        .and_then(|mut select| {
            select
                .query_row(params![facility.as_bytes(), stream.as_bytes()], |row| {
                    row.get(0)
                })
                .optional()
        })
        .map_err(named)
}

/// The place of a row as one number.
///
/// # Errors
/// [`StoreError::Bug`] beyond 2^40 rows in a stream.
pub(super) fn place_number(stream_number: i64, seq: Seq) -> Result<i64, StoreError> {
    i64::try_from(seq.0)
        .ok()
        .filter(|seq| *seq < ROWS_PER_STREAM)
        .and_then(|seq| stream_number.checked_mul(ROWS_PER_STREAM)?.checked_add(seq))
        .ok_or_else(|| StoreError::Bug("a row beyond the end of its stream".to_owned()))
}

fn seq_of(place: i64) -> Seq {
    Seq(place.rem_euclid(ROWS_PER_STREAM).cast_unsigned())
}

fn collect<T>(
    connection: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut select| select.query_map(values, read)?.collect())
        .map_err(named)
}

/// Reads items until their bytes reach `max_bytes`, at least one, without reading further rows.
fn take_bytes<T>(
    connection: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
    max_bytes: usize,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    len: impl Fn(&T) -> usize,
) -> Result<Vec<T>, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut select| until_bytes(select.query_map(values, read)?, max_bytes, len))
        .map_err(named)
}

fn blob(row: &Row<'_>, column: usize) -> rusqlite::Result<Bytes> {
    Ok(Bytes::copy_from_slice(row.get_ref(column)?.as_blob()?))
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

fn bytes16(row: &Row<'_>, column: usize) -> rusqlite::Result<[u8; 16]> {
    fixed(row, column)
}

fn fixed<const N: usize>(row: &Row<'_>, column: usize) -> rusqlite::Result<[u8; N]> {
    let bytes = row.get_ref(column)?.as_blob()?;
    bytes.try_into().map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            Type::Blob,
            Box::new(FromSqlError::InvalidBlobSize {
                expected_size: N,
                blob_size: bytes.len(),
            }),
        )
    })
}
