//! Writing the roster: founding, and compare-and-swap with all attachments in one transaction.

use ids::RosterSeq;
use rusqlite::{OptionalExtension, Transaction, params};

use super::super::{RosterBatch, StoreError, Swap, TokenHash, schema};

/// Makes a facility; `false` when it exists or the token was used.
pub(super) fn found(
    transaction: &Transaction<'_>,
    token: &TokenHash,
    batch: &RosterBatch,
) -> Result<bool, StoreError> {
    let changed = transaction
        .execute(
            "INSERT OR IGNORE INTO facilities (facility, founded_with, roster_seq, bytes)
             VALUES (?1, ?2, 0, 0)",
            params![batch.facility.as_bytes(), token],
        )
        .map_err(schema::named)?;
    if changed == 0 {
        return Ok(false);
    }
    match swap(transaction, batch)? {
        Swap::Done => Ok(true),
        Swap::Conflict { .. } => Err(StoreError::Bug("founding after the first entry".to_owned())),
    }
}

/// Appends if the roster stands where the batch expects it.
pub(super) fn swap(transaction: &Transaction<'_>, batch: &RosterBatch) -> Result<Swap, StoreError> {
    let head: Option<i64> = transaction
        .query_row(
            "SELECT roster_seq FROM facilities WHERE facility = ?1",
            [batch.facility.as_bytes()],
            |row| row.get(0),
        )
        .optional()
        .map_err(schema::named)?;
    let head = head.ok_or_else(|| StoreError::Bug("unknown facility".to_owned()))?;
    let head = RosterSeq(head.cast_unsigned());
    if head != batch.expect {
        return Ok(Swap::Conflict { head });
    }
    entries(transaction, batch)?;
    wraps(transaction, batch)?;
    opened(transaction, batch)?;
    let erased = invitations(transaction, batch)?;
    let bytes = i64::try_from(batch.bytes()).unwrap_or(i64::MAX);
    transaction
        .execute(
            "UPDATE facilities SET bytes = bytes + ?2 - ?3 WHERE facility = ?1",
            params![batch.facility.as_bytes(), bytes, erased],
        )
        .map_err(schema::named)?;
    Ok(Swap::Done)
}

fn entries(transaction: &Transaction<'_>, batch: &RosterBatch) -> Result<(), StoreError> {
    let mut seq = batch.expect;
    for item in &batch.entries {
        seq = seq
            .next()
            .ok_or_else(|| StoreError::Bug("roster is full".to_owned()))?;
        transaction
            .execute(
                "INSERT INTO roster (facility, seq, time, signature, entry)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    batch.facility.as_bytes(),
                    seq.0.cast_signed(),
                    item.time.0,
                    item.signature.as_bytes(),
                    &item.entry[..],
                ],
            )
            .map_err(schema::named)?;
    }
    transaction
        .execute(
            "UPDATE facilities SET roster_seq = ?2 WHERE facility = ?1",
            params![batch.facility.as_bytes(), seq.0.cast_signed()],
        )
        .map_err(schema::named)?;
    Ok(())
}

fn wraps(transaction: &Transaction<'_>, batch: &RosterBatch) -> Result<(), StoreError> {
    let mut insert = transaction
        .prepare_cached(
            "INSERT INTO wraps (facility, stream, roster_seq, number, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .map_err(schema::named)?;
    for (number, wrap) in (0i64..).zip(&batch.wraps) {
        insert
            .execute(params![
                batch.facility.as_bytes(),
                wrap.stream.as_bytes(),
                wrap.roster_seq.0.cast_signed(),
                number,
                &wrap.bytes[..],
            ])
            .map_err(schema::named)?;
    }
    Ok(())
}

fn opened(transaction: &Transaction<'_>, batch: &RosterBatch) -> Result<(), StoreError> {
    for head in &batch.opened {
        transaction
            .execute(
                "INSERT INTO streams (facility, stream, log_id, seq, chain, roster_seq)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    batch.facility.as_bytes(),
                    head.stream.as_bytes(),
                    head.log_id.as_bytes(),
                    head.seq.0.cast_signed(),
                    head.chain.as_bytes(),
                    head.roster_seq.0.cast_signed(),
                ],
            )
            .map_err(schema::named)?;
    }
    Ok(())
}

/// Keeps what an invitation hands over, and erases what is over; the bytes that were erased.
fn invitations(transaction: &Transaction<'_>, batch: &RosterBatch) -> Result<i64, StoreError> {
    if let Some((invite, bytes)) = &batch.blob {
        transaction
            .execute(
                "INSERT INTO invitations (facility, invite, sealed) VALUES (?1, ?2, ?3)",
                params![batch.facility.as_bytes(), invite.as_bytes(), &bytes[..]],
            )
            .map_err(schema::named)?;
    }
    let mut erased = 0i64;
    for invite in &batch.used {
        let bytes: Option<i64> = transaction
            .query_row(
                "DELETE FROM invitations WHERE facility = ?1 AND invite = ?2
                 RETURNING length(sealed)",
                params![batch.facility.as_bytes(), invite.as_bytes()],
                |row| row.get(0),
            )
            .optional()
            .map_err(schema::named)?;
        erased = erased.saturating_add(bytes.unwrap_or(0));
    }
    Ok(erased)
}
