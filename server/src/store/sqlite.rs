//! The embedded store: one SQLite file in WAL mode with `synchronous = FULL`, one writer.
//!
//! A failure to read, write or sync stops it for good (every later call says
//! [`StoreError::Stopped`]): after a failed sync nobody knows what is on the disk. A full disk
//! only undoes the transaction.

mod append;
mod read;
mod roster;

use std::path::Path;

use bytes::Bytes;
use ids::{FacilityId, InviteId, RosterSeq, Seq, StreamId};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use wire::{Countersigned, SeenMark};

use super::{
    LogStore, RosterBatch, RunKey, RunPlace, StoreError, StoredRow, StoredWrap, StreamAppend,
    StreamHead, Swap, TokenHash, schema,
};

/// Prepared statements kept ready: more than there are.
const STATEMENTS: usize = 64;

/// A [`LogStore`] in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    stopped: bool,
}

impl SqliteStore {
    /// Opens the database at `path`, making it when it is missing.
    ///
    /// # Errors
    /// [`StoreError::Foreign`], [`StoreError::Corrupt`] or [`StoreError::Io`]; a file system that
    /// does not keep `journal_mode = WAL` and `synchronous = FULL` is refused.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path).map_err(schema::named)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        schema::prepare(&connection)?;
        Ok(Self {
            connection,
            stopped: false,
        })
    }

    /// Journal mode and `synchronous`, read back from the open connection: `("wal", 2)`, or every
    /// promise of durability is void.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn durability(&self) -> Result<(String, i32), StoreError> {
        schema::durability(&self.connection)
    }

    /// Runs one transaction; durable when this returns `Ok`.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.running()?;
        let behaviour = TransactionBehavior::Immediate;
        let result = Transaction::new(&mut self.connection, behaviour)
            .map_err(schema::named)
            .and_then(|transaction| {
                let value = work(&transaction)?;
                transaction.commit().map_err(schema::named)?;
                Ok(value)
            });
        self.noted(result)
    }

    fn read<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.running()?;
        let result = work(&self.connection);
        self.noted(result)
    }

    fn running(&self) -> Result<(), StoreError> {
        if self.stopped {
            Err(StoreError::Stopped)
        } else {
            Ok(())
        }
    }

    fn noted<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::Io(_) | StoreError::Corrupt(_) | StoreError::Foreign(_)) = &result {
            self.stopped = true;
        }
        result
    }
}

impl LogStore for SqliteStore {
    fn facilities(&mut self) -> Result<Vec<FacilityId>, StoreError> {
        self.read(read::facilities)
    }

    fn found(&mut self, token: TokenHash, batch: &RosterBatch) -> Result<bool, StoreError> {
        self.write(|transaction| roster::found(transaction, &token, batch))
    }

    fn append_roster(&mut self, batch: &RosterBatch) -> Result<Swap, StoreError> {
        self.write(|transaction| roster::swap(transaction, batch))
    }

    fn roster(
        &mut self,
        facility: FacilityId,
        after: RosterSeq,
        max_bytes: usize,
    ) -> Result<Vec<Countersigned>, StoreError> {
        self.read(|connection| read::roster(connection, facility, after, max_bytes))
    }

    fn heads(&mut self, facility: FacilityId) -> Result<Vec<StreamHead>, StoreError> {
        self.read(|connection| read::heads(connection, facility))
    }

    fn usage(&mut self, facility: FacilityId) -> Result<u64, StoreError> {
        self.read(|connection| read::usage(connection, facility))
    }

    fn run_head(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
    ) -> Result<Option<RunPlace>, StoreError> {
        self.read(|connection| read::run_place(connection, facility, run, None))
    }

    fn run_place(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
        run_seq: u64,
    ) -> Result<Option<RunPlace>, StoreError> {
        self.read(|connection| read::run_place(connection, facility, run, Some(run_seq)))
    }

    fn append(&mut self, batch: &[StreamAppend]) -> Result<(), StoreError> {
        self.write(|transaction| append::append(transaction, batch))
    }

    fn rows(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        from: Seq,
        max_bytes: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.read(|connection| read::rows(connection, facility, stream, from, max_bytes))
    }

    fn wraps(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        after: RosterSeq,
        max_bytes: usize,
    ) -> Result<Vec<StoredWrap>, StoreError> {
        self.read(|connection| read::wraps(connection, facility, stream, after, max_bytes))
    }

    fn invite_blob(
        &mut self,
        facility: FacilityId,
        invite: InviteId,
    ) -> Result<Option<Bytes>, StoreError> {
        self.read(|connection| read::invite_blob(connection, facility, invite))
    }

    fn facility_of_invite(&mut self, invite: InviteId) -> Result<Option<FacilityId>, StoreError> {
        self.read(|connection| read::facility_of_invite(connection, invite))
    }

    fn keep_seen(&mut self, facility: FacilityId, marks: &[SeenMark]) -> Result<(), StoreError> {
        self.write(|transaction| append::keep_seen(transaction, facility, marks))
    }

    fn seen(&mut self, facility: FacilityId) -> Result<Vec<SeenMark>, StoreError> {
        self.read(|connection| read::seen(connection, facility))
    }
}
