//! Attaching one encrypted file to a connection of its own.

use crate::log::StoreError;
use rusqlite::Connection;
use vault::FileKey;
use zeroize::Zeroizing;

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

/// What the platform's cipher wants around the digits of a key.
pub(super) struct Around(pub(super) &'static str, pub(super) &'static str);

/// Attaches `file` as `schema` under `key` and reads from it once, so that a wrong key is found here.
pub(super) fn attach(
    connection: &Connection,
    file: &str,
    schema: &str,
    key: &FileKey,
    around: &Around,
) -> Result<(), StoreError> {
    let key = written(key, around);
    connection
        .execute(
            &format!("ATTACH ?1 AS {schema} KEY ?2"),
            [file, key.as_str()],
        )
        .map_err(|e| fault(&e))?;
    connection
        .query_row(
            &format!("SELECT count(*) FROM {schema}.sqlite_schema"),
            [],
            |_| Ok(()),
        )
        .map_err(|e| fault(&e))
}

/// The key as text, in one piece that does not move while it grows and is wiped when dropped.
fn written(key: &FileKey, Around(before, after): &Around) -> Zeroizing<String> {
    let digits = 2 * key.expose().len();
    let length = before.len() + digits + after.len();
    let mut text = Zeroizing::new(String::with_capacity(length));
    text.push_str(before);
    for byte in key.expose() {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text.push_str(after);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_the_cipher_wants_it() {
        let key = vault::PlatformKey::from_bytes(&[7; 32]).log_file_key();
        let text = written(&key, &Around("x'", "'"));
        let hex: String = key.expose().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(text.as_str(), format!("x'{hex}'"));
        assert_eq!(text.capacity(), text.len());
    }
}
