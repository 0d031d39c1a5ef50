//! Writing one change of the log in one transaction.

use super::columns::number;
use super::envelopes::{add_envelope, forget_places, set_place, set_standing};
use super::facts::Facts;
use crate::log::LogChange;
use rusqlite::{Transaction, params};

/// Order counts: what is forgotten goes before what is kept, and an envelope before what is said
/// of it.
pub(super) fn apply(
    tx: &Transaction<'_>,
    s: &str,
    facts: &mut Facts,
    change: &LogChange,
) -> rusqlite::Result<()> {
    keep_settings(tx, s, change)?;
    keep_roster(tx, s, change)?;
    forget_places(tx, s, change)?;
    for new in &change.envelopes {
        add_envelope(tx, s, facts, new)?;
    }
    for (id, place) in &change.placed {
        set_place(tx, s, facts, id, *place)?;
    }
    for (id, standing) in &change.standing {
        set_standing(tx, s, facts, id, *standing)?;
    }
    keep_what_was_said(tx, s, change)?;
    settle_outbox(tx, s, change)?;
    keep_drafts(tx, s, change)
}

fn keep_settings(tx: &Transaction<'_>, s: &str, change: &LogChange) -> rusqlite::Result<()> {
    for (setting, value) in &change.settings {
        let name = setting.name();
        match value {
            Some(value) => tx
                .prepare_cached(&format!(
                    "INSERT OR REPLACE INTO {s}.settings (name, value) VALUES (?1, ?2)"
                ))?
                .execute(params![name, value])?,
            None => tx
                .prepare_cached(&format!("DELETE FROM {s}.settings WHERE name = ?1"))?
                .execute([name])?,
        };
    }
    Ok(())
}

/// The roster, and the wraps that its entries list.
fn keep_roster(tx: &Transaction<'_>, s: &str, change: &LogChange) -> rusqlite::Result<()> {
    if change.roster_anew {
        tx.execute(&format!("DELETE FROM {s}.roster"), [])?;
    }
    for (seq, entry) in &change.roster {
        tx.prepare_cached(&format!(
            "INSERT OR REPLACE INTO {s}.roster (seq, entry, time, signature)
             VALUES (?1, ?2, ?3, ?4)"
        ))?
        .execute(params![
            number(seq.0),
            entry.entry.as_ref(),
            entry.time.0,
            entry.signature.as_bytes()
        ])?;
    }
    for (stream, seq, bytes) in &change.wraps {
        tx.prepare_cached(&format!(
            "INSERT OR IGNORE INTO {s}.wraps (stream, roster_seq, bytes) VALUES (?1, ?2, ?3)"
        ))?
        .execute(params![stream.as_bytes(), number(seq.0), bytes])?;
    }
    Ok(())
}

/// How far streams are verified, and what relay and devices signed of them.
fn keep_what_was_said(tx: &Transaction<'_>, s: &str, change: &LogChange) -> rusqlite::Result<()> {
    for position in &change.positions {
        tx.prepare_cached(&format!(
            "INSERT OR REPLACE INTO {s}.positions (stream, log_id, seq, chain)
             VALUES (?1, ?2, ?3, ?4)"
        ))?
        .execute(params![
            position.stream.as_bytes(),
            position.log_id.as_bytes(),
            number(position.seq.0),
            position.chain.as_bytes()
        ])?;
    }
    for receipt in &change.receipts {
        tx.prepare_cached(&format!(
            "INSERT OR IGNORE INTO {s}.receipts
             (stream, log_id, seq, chain, roster_seq, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
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
            "INSERT OR REPLACE INTO {s}.seen
             (device, stream, log_id, seq, chain, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
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
    Ok(())
}

fn settle_outbox(tx: &Transaction<'_>, s: &str, change: &LogChange) -> rusqlite::Result<()> {
    for id in &change.sent {
        tx.prepare_cached(&format!(
            "DELETE FROM {s}.outbox
             WHERE envelope = (SELECT number FROM {s}.envelopes WHERE id = ?1)"
        ))?
        .execute([id.as_bytes()])?;
    }
    for (id, why) in &change.refused {
        tx.prepare_cached(&format!(
            "UPDATE {s}.outbox SET refused = ?2
             WHERE envelope = (SELECT number FROM {s}.envelopes WHERE id = ?1)"
        ))?
        .execute(params![id.as_bytes(), why])?;
    }
    Ok(())
}

fn keep_drafts(tx: &Transaction<'_>, s: &str, change: &LogChange) -> rusqlite::Result<()> {
    for draft in &change.drafts {
        if draft.sealed.is_empty() {
            tx.prepare_cached(&format!(
                "DELETE FROM {s}.drafts WHERE person = ?1 AND key = ?2"
            ))?
            .execute(params![draft.person.as_bytes(), draft.key])?;
        } else {
            tx.prepare_cached(&format!(
                "INSERT OR REPLACE INTO {s}.drafts (person, key, at, sealed)
                 VALUES (?1, ?2, ?3, ?4)"
            ))?
            .execute(params![
                draft.person.as_bytes(),
                draft.key,
                draft.at.0,
                draft.sealed
            ])?;
        }
    }
    Ok(())
}
