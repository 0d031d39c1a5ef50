//! Writing envelopes, their places and their standings, each with the local fact of it.

use super::columns::{number, standing_code};
use super::facts::Facts;
use crate::log::{ChainedPlace, FactKind, LogChange, NewEnvelope, Standing};
use ids::{EnvelopeId, StreamId};
use rusqlite::{OptionalExtension, Transaction, params};

/// A fact of what an update changed, if it did.
fn add_fact_of(
    tx: &Transaction<'_>,
    s: &str,
    facts: &mut Facts,
    kind: FactKind,
    row: Option<(i64, Vec<u8>)>,
) -> rusqlite::Result<()> {
    match row.and_then(|(n, stream)| Some((n, StreamId::from_slice(&stream)?))) {
        Some((n, stream)) => facts.add(tx, s, &stream, kind, n),
        None => Ok(()),
    }
}

pub(super) fn add_envelope(
    tx: &Transaction<'_>,
    s: &str,
    facts: &mut Facts,
    new: &NewEnvelope,
) -> rusqlite::Result<()> {
    let header = new.envelope.header();
    let place = new.place.map(|row| row.place);
    let inserted = tx
        .prepare_cached(&format!(
            "INSERT OR IGNORE INTO {s}.envelopes (id, stream, document, device, run, run_seq, log_id, seq, roster_seq, chain, standing, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        ))?
        .execute(params![
            new.envelope.id().as_bytes(),
            header.stream.as_bytes(),
            header.document.as_bytes(),
            header.device.as_bytes(),
            header.run.as_bytes(),
            number(header.run_seq),
            place.map(|p| p.log_id.to_bytes()),
            place.map(|p| number(p.seq.0)),
            place.map(|p| number(p.roster_seq.0)),
            new.place.map(|row| row.chain.to_bytes()),
            standing_code(new.standing),
            new.envelope.bytes().as_ref(),
        ])?;
    if inserted == 0 {
        judge_again(tx, s, facts, new)?;
        return match new.place {
            Some(row) => set_place(tx, s, facts, &new.envelope.id(), row),
            None => Ok(()),
        };
    }
    let n = tx.last_insert_rowid();
    facts.add(tx, s, &header.stream, FactKind::Arrived, n)?;
    if let Some(saved_at) = new.outbox {
        tx.prepare_cached(&format!(
            "INSERT INTO {s}.outbox (envelope, saved_at) VALUES (?1, ?2)"
        ))?
        .execute(params![n, saved_at.0])?;
    }
    Ok(())
}

/// What was judged by a place that was forgotten is judged by the one that it has now. Not what
/// stopped an engine, what its document does not take, or own work that waits to be stored: none of
/// that follows from a place.
fn judge_again(
    tx: &Transaction<'_>,
    s: &str,
    facts: &mut Facts,
    new: &NewEnvelope,
) -> rusqlite::Result<()> {
    let row: Option<(i64, Vec<u8>)> = tx
        .prepare_cached(&format!(
            "UPDATE {s}.envelopes SET standing = ?2
             WHERE id = ?1 AND standing <> ?2 AND seq IS NULL AND ?3 AND standing IN (0, 1, 2, 5)
               AND number NOT IN (SELECT envelope FROM {s}.outbox) RETURNING number, stream"
        ))?
        .query_row(
            params![
                new.envelope.id().as_bytes(),
                standing_code(new.standing),
                new.place.is_some()
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    add_fact_of(tx, s, facts, FactKind::Standing, row)
}

/// The first place of an envelope in a log stands.
pub(super) fn set_place(
    tx: &Transaction<'_>,
    s: &str,
    facts: &mut Facts,
    id: &EnvelopeId,
    row: ChainedPlace,
) -> rusqlite::Result<()> {
    let ChainedPlace { place, chain } = row;
    let row: Option<(i64, Vec<u8>)> = tx
        .prepare_cached(&format!(
            "UPDATE {s}.envelopes SET log_id = ?2, seq = ?3, roster_seq = ?4, chain = ?5
             WHERE id = ?1 AND (seq IS NULL OR log_id <> ?2) RETURNING number, stream"
        ))?
        .query_row(
            params![
                id.as_bytes(),
                place.log_id.as_bytes(),
                number(place.seq.0),
                number(place.roster_seq.0),
                chain.as_bytes()
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    add_fact_of(tx, s, facts, FactKind::Placed, row)
}

pub(super) fn set_standing(
    tx: &Transaction<'_>,
    s: &str,
    facts: &mut Facts,
    id: &EnvelopeId,
    standing: Standing,
) -> rusqlite::Result<()> {
    let row: Option<(i64, Vec<u8>)> = tx
        .prepare_cached(&format!(
            "UPDATE {s}.envelopes SET standing = ?2 WHERE id = ?1 AND standing <> ?2
             RETURNING number, stream"
        ))?
        .query_row(params![id.as_bytes(), standing_code(standing)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    add_fact_of(tx, s, facts, FactKind::Standing, row)
}

pub(super) fn forget_places(
    tx: &Transaction<'_>,
    s: &str,
    change: &LogChange,
) -> rusqlite::Result<()> {
    for position in &change.unplaced {
        tx.prepare_cached(&format!(
            "UPDATE {s}.envelopes SET log_id = NULL, seq = NULL, roster_seq = NULL, chain = NULL
             WHERE stream = ?1 AND log_id = ?2 AND seq > ?3"
        ))?
        .execute(params![
            position.stream.as_bytes(),
            position.log_id.as_bytes(),
            number(position.seq.0)
        ])?;
    }
    Ok(())
}
