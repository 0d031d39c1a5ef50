//! Writing one change of the log in one transaction.

use super::columns::{number, standing_code};
use super::facts::Facts;
use crate::log::{ChainedPlace, FactKind, LogChange, NewEnvelope};
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

fn add_envelope(
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
            "INSERT INTO {s}.outbox (n, saved_at) VALUES (?1, ?2)"
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
             WHERE id = ?1 AND standing <> ?2 AND seq IS NULL AND ?3 AND standing IN (0, 1, 2)
               AND n NOT IN (SELECT n FROM {s}.outbox) RETURNING n, stream"
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
fn set_place(
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
             WHERE id = ?1 AND (seq IS NULL OR log_id <> ?2) RETURNING n, stream"
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

pub(super) fn apply(
    tx: &Transaction<'_>,
    s: &str,
    facts: &mut Facts,
    change: &LogChange,
) -> rusqlite::Result<()> {
    for (key, value) in &change.meta {
        match value {
            Some(value) => tx
                .prepare_cached(&format!(
                    "INSERT OR REPLACE INTO {s}.meta (key, value) VALUES (?1, ?2)"
                ))?
                .execute(params![key, value])?,
            None => tx
                .prepare_cached(&format!("DELETE FROM {s}.meta WHERE key = ?1"))?
                .execute([key])?,
        };
    }
    if change.roster_anew {
        tx.execute(&format!("DELETE FROM {s}.roster"), [])?;
    }
    for (seq, entry) in &change.roster {
        tx.prepare_cached(&format!("INSERT OR REPLACE INTO {s}.roster (seq, entry, time, signature) VALUES (?1, ?2, ?3, ?4)"))?
            .execute(params![number(seq.0), entry.entry.as_ref(), entry.time.0, entry.signature.as_bytes()])?;
    }
    for (stream, seq, bytes) in &change.wraps {
        tx.prepare_cached(&format!(
            "INSERT OR IGNORE INTO {s}.wraps (stream, roster_seq, bytes) VALUES (?1, ?2, ?3)"
        ))?
        .execute(params![stream.as_bytes(), number(seq.0), bytes])?;
    }
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
    for new in &change.envelopes {
        add_envelope(tx, s, facts, new)?;
    }
    for (id, place) in &change.placed {
        set_place(tx, s, facts, id, *place)?;
    }
    for (id, standing) in &change.standing {
        let row: Option<(i64, Vec<u8>)> = tx
            .prepare_cached(&format!("UPDATE {s}.envelopes SET standing = ?2 WHERE id = ?1 AND standing <> ?2 RETURNING n, stream"))?
            .query_row(params![id.as_bytes(), standing_code(*standing)], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        add_fact_of(tx, s, facts, FactKind::Standing, row)?;
    }
    for position in &change.positions {
        tx.prepare_cached(&format!("INSERT OR REPLACE INTO {s}.positions (stream, log_id, seq, chain) VALUES (?1, ?2, ?3, ?4)"))?
            .execute(params![position.stream.as_bytes(), position.log_id.as_bytes(), number(position.seq.0), position.chain.as_bytes()])?;
    }
    for receipt in &change.receipts {
        tx.prepare_cached(&format!(
            "INSERT OR IGNORE INTO {s}.receipts (stream, log_id, seq, chain, roster_seq, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))?
        .execute(params![
            receipt.stream.as_bytes(),
            receipt.log_id.as_bytes(),
            number(receipt.seq.0),
            receipt.chain.as_bytes(),
            number(receipt.roster_seq.0),
            receipt.signature.as_bytes()
        ])?;
    }
    for seen in &change.seen {
        tx.prepare_cached(&format!(
            "INSERT OR REPLACE INTO {s}.seen (device, stream, log_id, seq, chain, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))?
        .execute(params![
            seen.device.as_bytes(),
            seen.stream.as_bytes(),
            seen.log_id.as_bytes(),
            number(seen.seq.0),
            seen.chain.as_bytes(),
            seen.signature.as_bytes()
        ])?;
    }
    for id in &change.sent {
        tx.prepare_cached(&format!(
            "DELETE FROM {s}.outbox WHERE n = (SELECT n FROM {s}.envelopes WHERE id = ?1)"
        ))?
        .execute([id.as_bytes()])?;
    }
    for (id, why) in &change.refused {
        tx.prepare_cached(&format!("UPDATE {s}.outbox SET refused = ?2 WHERE n = (SELECT n FROM {s}.envelopes WHERE id = ?1)"))?
            .execute(params![id.as_bytes(), why])?;
    }
    for draft in &change.drafts {
        if draft.sealed.is_empty() {
            tx.prepare_cached(&format!(
                "DELETE FROM {s}.drafts WHERE person = ?1 AND key = ?2"
            ))?
            .execute(params![draft.person.as_bytes(), draft.key])?;
        } else {
            tx.prepare_cached(&format!("INSERT OR REPLACE INTO {s}.drafts (person, key, at, sealed) VALUES (?1, ?2, ?3, ?4)"))?
                .execute(params![draft.person.as_bytes(), draft.key, draft.at.0, draft.sealed])?;
        }
    }
    Ok(())
}
