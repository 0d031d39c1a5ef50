//! The local sequence: the number of the newest fact, and adding the next.

use super::columns::fact_code;
use crate::log::FactKind;
use ids::StreamId;
use rusqlite::{Connection, Transaction, params};

/// The newest number of all streams. Numbers that were given in a transaction that failed are left
/// out.
pub(super) struct Facts {
    newest: i64,
}

impl Facts {
    /// From one stream to the next, so that a long log opens as fast as a short one.
    pub(super) fn read(connection: &Connection, s: &str) -> rusqlite::Result<Self> {
        let newest = connection.query_row(
            &format!(
                "WITH RECURSIVE streams (stream) AS (
                   SELECT min(stream) FROM {s}.local_facts
                   UNION ALL
                   SELECT (SELECT min(f.stream) FROM {s}.local_facts f WHERE f.stream > streams.stream)
                   FROM streams WHERE streams.stream IS NOT NULL)
                 SELECT coalesce(max((SELECT max(f.number) FROM {s}.local_facts f WHERE f.stream = streams.stream)), 0)
                 FROM streams WHERE streams.stream IS NOT NULL"
            ),
            [],
            |row| row.get(0),
        )?;
        Ok(Self { newest })
    }

    pub(super) fn add(
        &mut self,
        tx: &Transaction<'_>,
        s: &str,
        stream: &StreamId,
        kind: FactKind,
        envelope: i64,
    ) -> rusqlite::Result<()> {
        self.newest = self.newest.saturating_add(1);
        tx.prepare_cached(&format!(
            "INSERT INTO {s}.local_facts (stream, number, kind, envelope) VALUES (?1, ?2, ?3, ?4)"
        ))?
        .execute(params![
            stream.as_bytes(),
            self.newest,
            fact_code(kind),
            envelope
        ])?;
        Ok(())
    }
}
