//! [`LogStore`] over SQLite. One connection, one writer, every commit durable.

mod columns;
mod envelopes;
mod facts;
mod newest;
mod open;
mod write;

use super::{
    DEALT_WITH, DraftRow, LocalFact, LogChange, LogStore, OutboxRow, Setting, Standing, StoreError,
    StoredEnvelope, StreamPosition, Tail,
};
use bytes::Bytes;
use columns::{
    blob, chain_hash, device_id, document_id, envelope_id, fact_of, fault, int, log_id, number,
    person_id, signature, standing_code, stored_envelope, stream_id, unsigned,
};
use facts::Facts;
use ids::{
    ChainHash, DeviceId, DocumentId, EnvelopeId, LogId, RosterSeq, RunId, Seq, StreamId, UnixMillis,
};
use newest::Newest;
use rusqlite::{Connection, Row};
use wire::{Countersigned, Receipt, SeenMark};
use write::apply;

/// `log.db` in SQLite.
pub struct SqliteLog {
    connection: Connection,
    schema: String,
    facts: Facts,
    newest: Newest,
}

impl SqliteLog {
    /// Takes a connection that has the file attached as `schema`; creates the tables in an empty
    /// file.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a file of a newer version, [`StoreError::Corrupt`] for one that
    /// is not ours.
    pub fn open(connection: Connection, schema: &str) -> Result<Self, StoreError> {
        open::prepare(&connection, schema)?;
        connection.set_prepared_statement_cache_capacity(64);
        let facts = Facts::read(&connection, schema).map_err(fault)?;
        Ok(Self {
            connection,
            schema: schema.to_owned(),
            facts,
            newest: Newest::default(),
        })
    }

    fn sql(&self, text: &str) -> String {
        text.replace("{s}", &self.schema)
    }

    fn rows_of<T>(
        &self,
        text: &str,
        values: &[&dyn rusqlite::ToSql],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(&self.sql(text))
            .map_err(fault)?;
        let mut rows = statement.query(values).map_err(fault)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next().map_err(fault)? {
            out.push(read(row)?);
        }
        Ok(out)
    }

    fn one<T>(
        &self,
        text: &str,
        values: &[&dyn rusqlite::ToSql],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(&self.sql(text))
            .map_err(fault)?;
        let mut rows = statement.query(values).map_err(fault)?;
        rows.next().map_err(fault)?.map(read).transpose()
    }
}

impl LogStore for SqliteLog {
    fn commit(&mut self, change: &LogChange) -> Result<(), StoreError> {
        self.newest.forget(change);
        let tx = self.connection.transaction().map_err(fault)?;
        apply(&tx, &self.schema, &mut self.facts, change).map_err(fault)?;
        tx.commit().map_err(fault)
    }

    fn setting(&self, setting: Setting) -> Result<Option<Vec<u8>>, StoreError> {
        self.one(
            "SELECT value FROM {s}.settings WHERE name = ?1",
            &[&setting.name()],
            |row| blob(row, 0),
        )
    }

    fn roster_after(
        &self,
        after: RosterSeq,
    ) -> Result<Vec<(RosterSeq, Countersigned)>, StoreError> {
        self.rows_of(
            "SELECT seq, entry, time, signature FROM {s}.roster WHERE seq > ?1 ORDER BY seq",
            &[&number(after.0)],
            |row| {
                Ok((
                    RosterSeq(unsigned(int(row, 0)?)),
                    Countersigned {
                        entry: Bytes::from(blob(row, 1)?),
                        time: UnixMillis(int(row, 2)?),
                        signature: signature(row, 3)?,
                    },
                ))
            },
        )
    }

    fn wraps(&self, stream: StreamId) -> Result<Vec<(RosterSeq, Vec<u8>)>, StoreError> {
        self.rows_of(
            "SELECT roster_seq, bytes FROM {s}.wraps WHERE stream = ?1 ORDER BY roster_seq",
            &[stream.as_bytes()],
            |row| Ok((RosterSeq(unsigned(int(row, 0)?)), blob(row, 1)?)),
        )
    }

    fn positions(&self) -> Result<Vec<StreamPosition>, StoreError> {
        self.rows_of(
            "SELECT stream, log_id, seq, chain FROM {s}.positions",
            &[],
            |row| {
                Ok(StreamPosition {
                    stream: stream_id(row, 0)?,
                    log_id: log_id(row, 1)?,
                    seq: Seq(unsigned(int(row, 2)?)),
                    chain: chain_hash(row, 3)?,
                })
            },
        )
    }

    fn chain_at(
        &self,
        stream: StreamId,
        log: LogId,
        seq: Seq,
    ) -> Result<Option<ChainHash>, StoreError> {
        self.one(
            "SELECT chain FROM {s}.envelopes WHERE stream = ?1 AND log_id = ?2 AND seq = ?3",
            &[stream.as_bytes(), log.as_bytes(), &number(seq.0)],
            |row| chain_hash(row, 0),
        )
    }

    fn receipt_covering(
        &self,
        stream: StreamId,
        log_id: LogId,
        seq: Seq,
    ) -> Result<Option<Receipt>, StoreError> {
        self.one(
            "SELECT seq, chain, roster_seq, signature FROM {s}.receipts
             WHERE stream = ?1 AND log_id = ?2 AND seq >= ?3 ORDER BY seq LIMIT 1",
            &[stream.as_bytes(), log_id.as_bytes(), &number(seq.0)],
            |row| {
                Ok(Receipt {
                    log_id,
                    stream,
                    seq: Seq(unsigned(int(row, 0)?)),
                    chain: chain_hash(row, 1)?,
                    roster_seq: RosterSeq(unsigned(int(row, 2)?)),
                    signature: signature(row, 3)?,
                })
            },
        )
    }

    fn seen(&self) -> Result<Vec<SeenMark>, StoreError> {
        self.rows_of(
            "SELECT device, stream, log_id, seq, chain, signature FROM {s}.seen",
            &[],
            |row| {
                Ok(SeenMark {
                    device: device_id(row, 0)?,
                    stream: stream_id(row, 1)?,
                    log_id: log_id(row, 2)?,
                    seq: Seq(unsigned(int(row, 3)?)),
                    chain: chain_hash(row, 4)?,
                    signature: signature(row, 5)?,
                })
            },
        )
    }

    fn outbox(&self, after: i64, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows_of(
            "SELECT o.envelope, e.id, e.stream, e.document, o.refused
             FROM {s}.outbox o JOIN {s}.envelopes e ON e.number = o.envelope
             WHERE o.envelope > ?1 ORDER BY o.envelope LIMIT ?2",
            &[&after, &number(limit as u64)],
            |row| {
                Ok(OutboxRow {
                    number: int(row, 0)?,
                    id: envelope_id(row, 1)?,
                    stream: stream_id(row, 2)?,
                    document: document_id(row, 3)?,
                    refused: row.get(4).map_err(fault)?,
                })
            },
        )
    }

    fn outbox_summary(&self) -> Result<(u32, Option<UnixMillis>, u32), StoreError> {
        self.one(
            "SELECT count(*) FILTER (WHERE refused IS NULL), min(saved_at) FILTER (WHERE refused IS NULL),
                    count(*) FILTER (WHERE refused NOT LIKE ?1 || '%') FROM {s}.outbox",
            &[&DEALT_WITH],
            |row| {
                let oldest: Option<i64> = row.get(1).map_err(fault)?;
                let count = |at| Ok::<_, StoreError>(u32::try_from(int(row, at)?).unwrap_or(u32::MAX));
                Ok((count(0)?, oldest.map(UnixMillis), count(2)?))
            },
        )
        .map(Option::unwrap_or_default)
    }

    fn refusal(&self, id: &EnvelopeId) -> Result<Option<String>, StoreError> {
        self.one(
            "SELECT o.refused FROM {s}.outbox o JOIN {s}.envelopes e ON e.number = o.envelope WHERE e.id = ?1",
            &[id.as_bytes()],
            |row| row.get(0).map_err(fault),
        )
        .map(Option::flatten)
    }

    fn with_standing(
        &self,
        stream: StreamId,
        standing: Standing,
    ) -> Result<Vec<EnvelopeId>, StoreError> {
        self.rows_of(
            "SELECT e.id FROM {s}.envelopes e
             WHERE e.stream = ?1 AND e.standing = ?2 AND e.standing <> 0
               AND NOT EXISTS (SELECT 1 FROM {s}.outbox o
                               WHERE o.envelope = e.number AND o.refused IS NOT NULL)
             ORDER BY e.number",
            &[stream.as_bytes(), &standing_code(standing)],
            |row| envelope_id(row, 0),
        )
    }

    fn count_standing(&self, stream: StreamId, standing: Standing) -> Result<u32, StoreError> {
        self.one(
            "SELECT (SELECT count(*) FROM {s}.envelopes
                     WHERE stream = ?1 AND standing = ?2 AND standing <> 0)
                  - (SELECT count(*) FROM {s}.outbox o JOIN {s}.envelopes e ON e.number = o.envelope
                     WHERE o.refused IS NOT NULL AND e.stream = ?1 AND e.standing = ?2
                       AND e.standing <> 0)",
            &[stream.as_bytes(), &standing_code(standing)],
            |row| Ok(u32::try_from(int(row, 0)?).unwrap_or(u32::MAX)),
        )
        .map(Option::unwrap_or_default)
    }

    fn newest_with_standing(
        &self,
        stream: StreamId,
        standing: Standing,
        limit: usize,
    ) -> Result<Vec<EnvelopeId>, StoreError> {
        self.rows_of(
            "SELECT e.id FROM {s}.envelopes e
             WHERE e.stream = ?1 AND e.standing = ?2 AND e.standing <> 0
               AND NOT EXISTS (SELECT 1 FROM {s}.outbox o
                               WHERE o.envelope = e.number AND o.refused IS NOT NULL)
             ORDER BY e.number DESC LIMIT ?3",
            &[
                stream.as_bytes(),
                &standing_code(standing),
                &number(limit as u64),
            ],
            |row| envelope_id(row, 0),
        )
    }

    fn envelope(&self, id: &EnvelopeId) -> Result<Option<StoredEnvelope>, StoreError> {
        self.one(
            "SELECT bytes, standing, log_id, seq, roster_seq FROM {s}.envelopes WHERE id = ?1",
            &[id.as_bytes()],
            |row| stored_envelope(row, 0),
        )
    }

    fn rows(
        &self,
        stream: StreamId,
        log: LogId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<(Seq, RosterSeq, EnvelopeId)>, StoreError> {
        self.rows_of(
            "SELECT seq, roster_seq, id FROM {s}.envelopes WHERE stream = ?1 AND log_id = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq",
            &[stream.as_bytes(), log.as_bytes(), &number(from.0), &number(to.0)],
            |row| Ok((Seq(unsigned(int(row, 0)?)), RosterSeq(unsigned(int(row, 1)?)), envelope_id(row, 2)?)),
        )
    }

    fn facts(
        &self,
        stream: StreamId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<LocalFact>, StoreError> {
        self.rows_of(
            "SELECT f.number, f.kind, e.bytes, e.standing, e.log_id, e.seq, e.roster_seq
             FROM {s}.local_facts f JOIN {s}.envelopes e ON e.number = f.envelope
             WHERE f.stream = ?1 AND f.number > ?2 ORDER BY f.number LIMIT ?3",
            &[stream.as_bytes(), &after, &number(limit as u64)],
            |row| {
                Ok(LocalFact {
                    number: int(row, 0)?,
                    kind: fact_of(int(row, 1)?)?,
                    envelope: stored_envelope(row, 2)?,
                })
            },
        )
    }

    fn facts_after(&self, stream: StreamId, after: i64) -> Result<u32, StoreError> {
        self.one(
            "SELECT count(*) FROM {s}.local_facts WHERE stream = ?1 AND number > ?2 AND kind = 0",
            &[stream.as_bytes(), &after],
            |row| Ok(u32::try_from(int(row, 0)?).unwrap_or(u32::MAX)),
        )
        .map(|n| n.unwrap_or(0))
    }

    fn tail_of_run(
        &self,
        document: DocumentId,
        device: DeviceId,
        run: RunId,
    ) -> Result<Option<Tail>, StoreError> {
        self.one(
            "SELECT run_seq, id FROM {s}.envelopes WHERE document = ?1 AND run = ?2 AND device = ?3
             ORDER BY run_seq DESC LIMIT 1",
            &[document.as_bytes(), run.as_bytes(), device.as_bytes()],
            |row| {
                Ok(Tail {
                    run_seq: unsigned(int(row, 0)?),
                    id: envelope_id(row, 1)?,
                })
            },
        )
    }

    fn tail_of_device(
        &self,
        document: DocumentId,
        device: DeviceId,
    ) -> Result<Option<Tail>, StoreError> {
        self.one(
            "SELECT run_seq, id FROM {s}.envelopes
             WHERE number = (SELECT max(number) FROM {s}.envelopes WHERE document = ?1 AND device = ?2)",
            &[document.as_bytes(), device.as_bytes()],
            |row| {
                Ok(Tail {
                    run_seq: unsigned(int(row, 0)?),
                    id: envelope_id(row, 1)?,
                })
            },
        )
    }

    fn newest_own_place(
        &self,
        stream: StreamId,
        log: LogId,
        device: DeviceId,
    ) -> Result<Option<Seq>, StoreError> {
        self.newest.of((stream, log, device), || {
            self.one(
                "SELECT seq FROM {s}.envelopes WHERE stream = ?1 AND log_id = ?2 AND device = ?3 AND seq IS NOT NULL
                 ORDER BY seq DESC LIMIT 1",
                &[stream.as_bytes(), log.as_bytes(), device.as_bytes()],
                |row| Ok(Seq(unsigned(int(row, 0)?))),
            )
        })
    }

    fn drafts(&self) -> Result<Vec<DraftRow>, StoreError> {
        self.rows_of(
            "SELECT person, key, at, sealed FROM {s}.drafts ORDER BY at DESC",
            &[],
            |row| {
                Ok(DraftRow {
                    person: person_id(row, 0)?,
                    key: row.get(1).map_err(fault)?,
                    at: UnixMillis(int(row, 2)?),
                    sealed: blob(row, 3)?,
                })
            },
        )
    }
}
