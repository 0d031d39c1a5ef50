//! A folder of SQLCipher files: `log.db`, `view-<stream>.db`.

use super::attach::{Around, attach, fault};
use super::{Attached, Disk};
use crate::log::{LogStore, SqliteLog, StoreError};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use vault::FileKey;

/// Databases in a folder.
pub struct FolderDisk {
    folder: PathBuf,
}

impl FolderDisk {
    /// Over an existing folder.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    fn open(&self, file: &str, schema: &str, key: &FileKey) -> Result<Connection, StoreError> {
        let path = self.folder.join(file);
        let path = path
            .to_str()
            .ok_or_else(|| StoreError::Io("folder name".into()))?;
        let connection = Connection::open_in_memory().map_err(|e| fault(&e))?;
        attach(&connection, path, schema, key, &Around("x'", "'"))?;
        connection
            .execute_batch(&format!(
                "PRAGMA temp_store = MEMORY; PRAGMA {schema}.journal_mode = WAL; PRAGMA {schema}.synchronous = FULL;"
            ))
            .map_err(|e| fault(&e))?;
        Ok(connection)
    }
}

impl Disk for FolderDisk {
    fn open_log(&mut self, key: &FileKey) -> Result<Box<dyn LogStore>, StoreError> {
        let connection = self.open("log.db", "log", key)?;
        Ok(Box::new(SqliteLog::open(connection, "log")?))
    }

    fn open_view(&mut self, name: &str, key: &FileKey) -> Result<Attached, StoreError> {
        let schema = name.replace('-', "_");
        let connection = self.open(&format!("view-{name}.db"), &schema, key)?;
        connection
            .execute_batch(&format!("PRAGMA {schema}.synchronous = NORMAL;"))
            .map_err(|e| fault(&e))?;
        Ok(Attached { connection, schema })
    }

    fn remove_view(&mut self, name: &str) -> Result<(), StoreError> {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            match std::fs::remove_file(self.folder.join(format!("view-{name}.db{suffix}"))) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(StoreError::Io(error.kind().to_string())),
            }
        }
        Ok(())
    }
}
