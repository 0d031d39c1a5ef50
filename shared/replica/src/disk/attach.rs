//! Attaching one encrypted file to a connection of its own.

use crate::log::StoreError;
use rusqlite::Connection;

pub(super) fn fault(error: &rusqlite::Error) -> StoreError {
    use rusqlite::ffi::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Corrupt("another key".into())
        }
        Some(code) => StoreError::Io(format!("{code:?}")),
        None => StoreError::Io("sqlite".into()),
    }
}

/// Attaches `file` as `schema` under `key` (in the form the platform's cipher wants) and reads
/// from it once, so that a wrong key is found here.
pub(super) fn attach(
    connection: &Connection,
    file: &str,
    schema: &str,
    key: &str,
) -> Result<(), StoreError> {
    connection
        .execute(&format!("ATTACH ?1 AS {schema} KEY ?2"), [file, key])
        .map_err(|e| fault(&e))?;
    connection
        .query_row(
            &format!("SELECT count(*) FROM {schema}.sqlite_schema"),
            [],
            |_| Ok(()),
        )
        .map_err(|e| fault(&e))
}
