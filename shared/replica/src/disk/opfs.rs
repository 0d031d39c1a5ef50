//! The browser's origin-private file system through the `multipleciphers-opfs` VFS, which the
//! worker installs before the engine opens.

use super::attach::{Around, attach, fault};
use super::{Attached, Disk};
use crate::log::{LogStore, SqliteLog, StoreError};
use rusqlite::{Connection, OpenFlags};
use vault::FileKey;

const VFS: &str = "multipleciphers-opfs";

/// Deletes a file of the pool by name; absent files are no error.
type Remove = Box<dyn FnMut(&str) -> Result<(), String>>;

/// Databases in OPFS.
#[derive(Default)]
pub struct OpfsDisk {
    remove: Option<Remove>,
}

impl OpfsDisk {
    /// Over the pool that `remove` deletes from.
    pub fn new(remove: Remove) -> Self {
        Self {
            remove: Some(remove),
        }
    }

    fn open(file: &str, schema: &str, key: &FileKey) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection =
            Connection::open_with_flags_and_vfs(":memory:", flags, VFS).map_err(|e| fault(&e))?;
        connection
            .execute_batch("PRAGMA cipher = 'chacha20'; PRAGMA temp_store = MEMORY;")
            .map_err(|e| fault(&e))?;
        attach(&connection, file, schema, key, &Around("raw:", ""))?;
        connection
            .execute_batch(&format!(
                "PRAGMA {schema}.synchronous = FULL; PRAGMA {schema}.cache_size = -8192;"
            ))
            .map_err(|e| fault(&e))?;
        Ok(connection)
    }
}

impl Disk for OpfsDisk {
    fn open_log(&mut self, key: &FileKey) -> Result<Box<dyn LogStore>, StoreError> {
        Ok(Box::new(SqliteLog::open(
            Self::open("log.db", "log", key)?,
            "log",
        )?))
    }

    fn open_view(&mut self, name: &str, key: &FileKey) -> Result<Attached, StoreError> {
        let schema = name.replace('-', "_");
        let connection = Self::open(&format!("view-{name}.db"), &schema, key)?;
        Ok(Attached { connection, schema })
    }

    fn remove_view(&mut self, name: &str) -> Result<(), StoreError> {
        let Some(remove) = &mut self.remove else {
            return Ok(());
        };
        for suffix in ["", "-journal"] {
            remove(&format!("view-{name}.db{suffix}")).map_err(StoreError::Io)?;
        }
        Ok(())
    }
}
