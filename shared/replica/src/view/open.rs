//! One open view: its connection, its schema, its watermark.

use super::schema;
use domain::Stream;
use ids::EnvelopeId;
use interface::StorageFault;
use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, OptionalExtension};
use std::sync::atomic::{AtomicU64, Ordering};

/// A view that is open. One connection, one file, one stream.
pub(crate) struct ViewDb {
    pub(super) conn: Connection,
    /// `name.`: what `@.` in our SQL stands for.
    prefix: String,
    stream: Stream,
    /// Another number for every view and every state of it.
    stamp: u64,
    /// Every statement asked for, so that a test can look at its plan.
    #[cfg(test)]
    pub(super) asked: std::cell::RefCell<std::collections::BTreeSet<String>>,
}

/// Why a view did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ViewError {
    /// The file is of another version, damaged or not openable with this key. Nothing is lost:
    /// the caller removes it and projects again from the log.
    #[error("rebuild: {0}")]
    Rebuild(&'static str),
    /// The disk is full or failed; the transaction was rolled back.
    #[error("storage: {0}")]
    Storage(String),
}

impl ViewError {
    /// As a screen is told.
    pub(crate) fn fault(&self) -> StorageFault {
        match self {
            Self::Rebuild(said) => StorageFault::Damaged {
                said: (*said).to_owned(),
            },
            Self::Storage(said) => StorageFault::Failed { said: said.clone() },
        }
    }
}

impl From<rusqlite::Error> for ViewError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Rebuild("another key"),
            Some(ErrorCode::DatabaseCorrupt) => Self::Rebuild("damaged"),
            // SQLite's words for a code and the names of our columns; never their content.
            Some(code) => Self::Storage(format!("{code:?}")),
            None => match error {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..) => Self::Rebuild("damaged row"),
                other => Self::Storage(other.to_string()),
            },
        }
    }
}

impl ViewDb {
    /// Takes a connection under whose schema `schema` the (possibly empty) file is attached, and
    /// creates the tables if there are none.
    ///
    /// # Errors
    /// [`ViewError::Rebuild`] when the file holds another version or cannot be read.
    pub(crate) fn open(
        conn: Connection,
        schema: String,
        stream: Stream,
    ) -> Result<Self, ViewError> {
        let plain = schema
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || c == b'_');
        if !plain || schema.is_empty() {
            return Err(ViewError::Storage("schema name".into()));
        }
        conn.set_prepared_statement_cache_capacity(96);
        conn.execute_batch("PRAGMA temp_store = MEMORY")?;
        // Without this SQLite looks into bound values when it considers our partial indexes, and
        // plans every statement anew for every execution.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let view = Self {
            conn,
            prefix: format!("{schema}."),
            stream,
            stamp: next_stamp(),
            #[cfg(test)]
            asked: std::cell::RefCell::default(),
        };
        let version = view.version(&schema)?;
        if version == 0 && view.is_empty()? {
            view.create(&schema)?;
        } else if version != schema::VERSION {
            return Err(ViewError::Rebuild("another version"));
        }
        view.watermark()?;
        Ok(view)
    }

    /// The stream this view is of.
    pub(crate) fn stream(&self) -> Stream {
        self.stream
    }

    /// Names the state this view is in, among all views of this process.
    pub(super) fn stamp(&self) -> u64 {
        self.stamp
    }

    /// Its content changed.
    pub(super) fn changed(&mut self) {
        self.stamp = next_stamp();
    }

    /// Number of the last local fact projected, and the envelope it was about; (0, zero) when
    /// nothing was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn watermark(&self) -> Result<(i64, EnvelopeId), ViewError> {
        let row = self
            .statement("SELECT number, envelope FROM @.watermark WHERE one = 1")?
            .query_row([], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?))
            })
            .optional()?;
        let (number, envelope) = row.ok_or(ViewError::Rebuild("no watermark"))?;
        Ok((number, EnvelopeId::from_bytes(envelope)))
    }

    pub(super) fn set_watermark(
        &self,
        (number, envelope): (i64, EnvelopeId),
    ) -> Result<(), ViewError> {
        self.statement("UPDATE @.watermark SET number = ?1, envelope = ?2 WHERE one = 1")?
            .execute((number, envelope.as_bytes()))?;
        Ok(())
    }

    /// A statement, with `@.` replaced by the schema; prepared once per connection.
    pub(super) fn statement(&self, sql: &str) -> Result<CachedStatement<'_>, ViewError> {
        let sql = sql.replace("@.", &self.prefix);
        #[cfg(test)]
        self.asked.borrow_mut().insert(sql.clone());
        Ok(self.conn.prepare_cached(&sql)?)
    }

    fn version(&self, schema: &str) -> Result<i32, ViewError> {
        Ok(self
            .conn
            .query_row(&format!("PRAGMA {schema}.user_version"), [], |row| {
                row.get(0)
            })?)
    }

    fn is_empty(&self) -> Result<bool, ViewError> {
        let tables: i64 = self
            .statement("SELECT count(*) FROM @.sqlite_schema")?
            .query_row([], |row| row.get(0))?;
        Ok(tables == 0)
    }

    fn create(&self, schema: &str) -> Result<(), ViewError> {
        let tx = self.conn.unchecked_transaction()?;
        tx.execute_batch(&schema::TABLES.replace("@.", &self.prefix))?;
        tx.execute_batch(&format!(
            "PRAGMA {schema}.user_version = {}",
            schema::VERSION
        ))?;
        tx.commit()?;
        Ok(())
    }
}

fn next_stamp() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attached() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("ATTACH ':memory:' AS care").unwrap();
        conn
    }

    #[test]
    fn a_fresh_view_has_come_nowhere() {
        let view = ViewDb::open(attached(), "care".into(), Stream::Care).unwrap();
        assert_eq!(view.watermark().unwrap(), (0, EnvelopeId::ZERO));
        assert_eq!(view.stream(), Stream::Care);
    }

    #[test]
    fn a_view_of_another_version_asks_to_be_rebuilt() {
        let conn = attached();
        conn.execute_batch("PRAGMA care.user_version = 77").unwrap();
        let opened = ViewDb::open(conn, "care".into(), Stream::Care);
        assert!(matches!(opened, Err(ViewError::Rebuild(_))));
    }

    #[test]
    fn a_file_with_foreign_tables_asks_to_be_rebuilt() {
        let conn = attached();
        conn.execute_batch("CREATE TABLE care.something (x)")
            .unwrap();
        let opened = ViewDb::open(conn, "care".into(), Stream::Care);
        assert!(matches!(opened, Err(ViewError::Rebuild(_))));
    }

    #[test]
    fn a_view_is_opened_again_as_it_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("view.db");
        let open = || {
            let conn = Connection::open_in_memory().unwrap();
            conn.execute("ATTACH ?1 AS care", [file.to_str().unwrap()])
                .unwrap();
            ViewDb::open(conn, "care".into(), Stream::Care).unwrap()
        };
        let mark = (7, EnvelopeId::from_bytes([9; 32]));
        open().set_watermark(mark).unwrap();
        let again = open().watermark().unwrap();
        assert_eq!(again, mark);
    }
}
