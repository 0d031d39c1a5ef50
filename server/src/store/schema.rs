//! The SQLite relay database: its tables, its pragmas, and how its errors are named.

use rusqlite::{Connection, ErrorCode};

use super::StoreError;

/// "LAMP": tells a relay database from any other SQLite file.
const APPLICATION_ID: i32 = 0x4c41_4d50;
/// The version of the tables below.
const SCHEMA_VERSION: i32 = 1;
/// `PRAGMA synchronous` as SQLite reports FULL.
const SYNCHRONOUS_FULL: i32 = 2;

/// A row's place is its stream's number times this, plus its seq: one append-only tree for all
/// streams. Leaves room for 2^40 rows in each of 2^23 streams.
pub(super) const ROWS_PER_STREAM: i64 = 1 << 40;

const TABLES: &str = "
-- The facilities of this relay: the hash of the token each was founded with, how long its roster
-- is, and how many bytes it has stored.
CREATE TABLE facilities (
    facility BLOB PRIMARY KEY,
    founded_with BLOB NOT NULL UNIQUE,
    roster_seq INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Their rosters, with the time and signature that this relay gave each entry.
CREATE TABLE roster (
    facility BLOB NOT NULL,
    seq INTEGER NOT NULL,
    time INTEGER NOT NULL,
    signature BLOB NOT NULL,
    entry BLOB NOT NULL,
    PRIMARY KEY (facility, seq)
) STRICT;

-- Keys of streams, sealed for their receivers, in the order in which an entry lists them.
CREATE TABLE wraps (
    facility BLOB NOT NULL,
    stream BLOB NOT NULL,
    roster_seq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (facility, stream, roster_seq, number)
) STRICT, WITHOUT ROWID;

-- What open invitations hand a new device, sealed under their links. An invitation belongs to the
-- facility that came first with it.
CREATE TABLE invitations (
    facility BLOB NOT NULL,
    invite BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (facility, invite),
    UNIQUE (invite)
) STRICT;

-- The newest mark of each device: how far it says it has received a stream.
CREATE TABLE seen (
    facility BLOB NOT NULL,
    device BLOB NOT NULL,
    stream BLOB NOT NULL,
    log_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    chain BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (facility, device, stream)
) STRICT, WITHOUT ROWID;

-- The head of each stream's log, and the number that stands for the stream in `envelopes`.
CREATE TABLE streams (
    number INTEGER PRIMARY KEY,
    facility BLOB NOT NULL,
    stream BLOB NOT NULL,
    log_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    chain BLOB NOT NULL,
    roster_seq INTEGER NOT NULL,
    UNIQUE (facility, stream)
) STRICT;

-- The logs. `place` is the stream's number and the seq in one: see `ROWS_PER_STREAM`.
CREATE TABLE envelopes (
    place INTEGER PRIMARY KEY,
    roster_seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    chain BLOB NOT NULL,
    run BLOB NOT NULL,
    device BLOB NOT NULL,
    document BLOB NOT NULL,
    run_seq INTEGER NOT NULL,
    stream INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX natural_key ON envelopes (run, device, document, stream, run_seq);
";

/// Makes a fresh database ready, or checks that an old one is ours.
///
/// # Errors
/// [`StoreError::Foreign`] for another program's or a newer file, [`StoreError::Corrupt`] for a
/// damaged one, [`StoreError::Io`] when the pragmas do not take.
pub(super) fn prepare(connection: &Connection) -> Result<(), StoreError> {
    let fresh: bool = connection
        .query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| {
            row.get(0)
        })
        .map_err(named)?;
    if !fresh {
        check_ours(connection)?;
    }
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        .map_err(named)?;
    connection
        .execute_batch("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;")
        .map_err(named)?;
    if fresh {
        connection
            .execute_batch(&format!(
                "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID};
                 PRAGMA user_version = {SCHEMA_VERSION}; {TABLES} COMMIT;"
            ))
            .map_err(named)?;
    }
    check_durable(connection)
}

fn check_ours(connection: &Connection) -> Result<(), StoreError> {
    let application: i32 = pragma(connection, "application_id")?;
    let version: i32 = pragma(connection, "user_version")?;
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign(
            "another program's SQLite file".to_owned(),
        ));
    }
    if version != SCHEMA_VERSION {
        return Err(StoreError::Foreign(format!(
            "its version is {version}, this program knows {SCHEMA_VERSION}"
        )));
    }
    let verdict: String = pragma(connection, "quick_check(1)")?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::Corrupt(verdict))
    }
}

/// Journal mode and `synchronous` as the connection has them.
pub(super) fn durability(connection: &Connection) -> Result<(String, i32), StoreError> {
    Ok((
        pragma(connection, "journal_mode")?,
        pragma(connection, "synchronous")?,
    ))
}

/// Reads back what durability hangs on: a build or a file system that does not honour the pragmas
/// is refused instead of trusted.
fn check_durable(connection: &Connection) -> Result<(), StoreError> {
    let (journal, synchronous) = durability(connection)?;
    if journal != "wal" || synchronous != SYNCHRONOUS_FULL {
        return Err(StoreError::Io(format!(
            "journal_mode is {journal} and synchronous is {synchronous}, not wal and FULL"
        )));
    }
    Ok(())
}

fn pragma<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<T, StoreError> {
    connection
        .query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
        .map_err(named)
}

/// Names an SQLite error by who is at fault. Messages carry SQLite's own words, which hold no
/// stored bytes.
pub(super) fn named(error: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(cause, _) = &error else {
        return match error {
            // A column of the wrong type or length in our own tables: damage, not a bug.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => {
                StoreError::Corrupt(error.to_string())
            }
            other => StoreError::Bug(other.to_string()),
        };
    };
    match cause.code {
        ErrorCode::DiskFull => StoreError::DiskFull,
        ErrorCode::DatabaseCorrupt => StoreError::Corrupt(cause.to_string()),
        ErrorCode::NotADatabase => StoreError::Foreign(cause.to_string()),
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::ReadOnly
        | ErrorCode::PermissionDenied
        | ErrorCode::FileLockingProtocolFailed => StoreError::Io(cause.to_string()),
        ErrorCode::ConstraintViolation | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            StoreError::Conflict
        }
        _ => StoreError::Bug(cause.to_string()),
    }
}
