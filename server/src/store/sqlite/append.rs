//! Writing envelopes and marks.

use ids::FacilityId;
use rusqlite::{OptionalExtension, Transaction, params};
use wire::SeenMark;

use super::super::{NewRow, StoreError, StreamAppend, StreamHead, schema};
use super::read;

/// Appends rows to their streams, each only onto the head it was made for.
pub(super) fn append(
    transaction: &Transaction<'_>,
    batch: &[StreamAppend],
) -> Result<(), StoreError> {
    for append in batch {
        let Some(last) = append.rows.last() else {
            continue;
        };
        let number = stream_at(transaction, append)?;
        let mut insert = transaction
            .prepare_cached(
                "INSERT INTO envelopes
                 (place, roster_seq, id, chain, run, device, document, run_seq, stream, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )
            .map_err(schema::named)?;
        let mut expected = append.before.seq.next();
        let mut bytes = 0i64;
        for row in &append.rows {
            if expected != Some(row.place.seq) {
                return Err(StoreError::Bug("rows are not consecutive".to_owned()));
            }
            expected = row.place.seq.next();
            insert
                .execute(values(number, row)?)
                .map_err(schema::named)?;
            bytes = bytes.saturating_add(i64::try_from(row.envelope.len()).unwrap_or(i64::MAX));
        }
        transaction
            .prepare_cached(
                "UPDATE streams SET seq = ?2, chain = ?3, roster_seq = ?4 WHERE number = ?1",
            )
            .and_then(|mut update| {
                update.execute(params![
                    number,
                    last.place.seq.0.cast_signed(),
                    last.chain.as_bytes(),
                    last.place.roster_seq.0.cast_signed(),
                ])
            })
            .map_err(schema::named)?;
        transaction
            .prepare_cached("UPDATE facilities SET bytes = bytes + ?2 WHERE facility = ?1")
            .and_then(|mut update| update.execute(params![append.facility.as_bytes(), bytes]))
            .map_err(schema::named)?;
    }
    Ok(())
}

/// The stream's number, if its head is the one the rows follow.
fn stream_at(transaction: &Transaction<'_>, append: &StreamAppend) -> Result<i64, StoreError> {
    let found: Option<(i64, StreamHead)> = transaction
        .prepare_cached(
            "SELECT number, stream, log_id, seq, chain, roster_seq FROM streams
             WHERE facility = ?1 AND stream = ?2",
        )
        .and_then(|mut select| {
            select
                .query_row(
                    params![append.facility.as_bytes(), append.before.stream.as_bytes()],
                    |row| Ok((row.get(0)?, read::head(row, 1)?)),
                )
                .optional()
        })
        .map_err(schema::named)?;
    match found {
        Some((number, head)) if head == append.before => Ok(number),
        Some(_) => Err(StoreError::Conflict),
        None => Err(StoreError::Bug(
            "rows for a stream that was not opened".to_owned(),
        )),
    }
}

fn values(number: i64, row: &NewRow) -> Result<[rusqlite::types::ToSqlOutput<'_>; 10], StoreError> {
    use rusqlite::types::{ToSqlOutput, Value, ValueRef};
    let place = read::place_number(number, row.place.seq)?;
    let integer = |number: i64| ToSqlOutput::Owned(Value::Integer(number));
    let blob = |bytes| ToSqlOutput::Borrowed(ValueRef::Blob(bytes));
    Ok([
        integer(place),
        integer(row.place.roster_seq.0.cast_signed()),
        blob(row.place.id.as_bytes().as_slice()),
        blob(row.chain.as_bytes().as_slice()),
        blob(row.run.run.as_bytes().as_slice()),
        blob(row.run.device.as_bytes().as_slice()),
        blob(row.run.document.as_bytes().as_slice()),
        integer(row.place.run_seq.cast_signed()),
        integer(number),
        blob(&row.envelope),
    ])
}

/// Keeps the newest mark of each device and stream.
pub(super) fn keep_seen(
    transaction: &Transaction<'_>,
    facility: FacilityId,
    marks: &[SeenMark],
) -> Result<(), StoreError> {
    let mut upsert = transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO seen (facility, device, stream, log_id, seq, chain, signature)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .map_err(schema::named)?;
    for mark in marks {
        upsert
            .execute(params![
                facility.as_bytes(),
                mark.device.as_bytes(),
                mark.stream.as_bytes(),
                mark.log_id.as_bytes(),
                mark.seq.0.cast_signed(),
                mark.chain.as_bytes(),
                mark.signature.as_bytes(),
            ])
            .map_err(schema::named)?;
    }
    Ok(())
}
