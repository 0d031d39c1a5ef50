//! Opening `log.db`: a new file gets the tables, and of any other it is said what it is.

use super::columns::fault;
use crate::log::StoreError;
use crate::log::schema::{APPLICATION_ID, CREATE, VERSION};
use rusqlite::Connection;

/// Creates the tables in an empty file, or sees that the file is ours and of this version.
///
/// # Errors
/// [`StoreError::Newer`] for a file of a newer version, [`StoreError::Corrupt`] for one that is not
/// ours, or of a version that nobody ever wrote.
pub(super) fn prepare(connection: &Connection, schema: &str) -> Result<(), StoreError> {
    let read = |what: &str| -> Result<i64, StoreError> {
        let row = connection.query_row(what, [], |row| row.get(0));
        row.map_err(fault)
    };
    let application = read(&format!("PRAGMA {schema}.application_id"))?;
    let version = read(&format!("PRAGMA {schema}.user_version"))?;
    let tables = read(&format!("SELECT count(*) FROM {schema}.sqlite_schema"))?;
    match (application, version, tables) {
        (0, 0, 0) => create(connection, schema),
        (APPLICATION_ID, VERSION, _) => Ok(()),
        (APPLICATION_ID, found, _) if found > VERSION => Err(StoreError::Newer {
            found,
            known: VERSION,
        }),
        // There is none before the first. Whoever raises VERSION says here how one comes to the next.
        (APPLICATION_ID, found, _) => Err(StoreError::Corrupt(format!("version {found}"))),
        _ => Err(StoreError::Corrupt("foreign file".into())),
    }
}

fn create(connection: &Connection, schema: &str) -> Result<(), StoreError> {
    let tables = CREATE.replace("{s}", schema);
    connection
        .execute_batch(&format!(
            "BEGIN; {tables}
             PRAGMA {schema}.application_id = {APPLICATION_ID};
             PRAGMA {schema}.user_version = {VERSION}; COMMIT;"
        ))
        .map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{LogChange, LogStore, Setting, SqliteLog};

    fn attached() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("ATTACH ':memory:' AS log")
            .unwrap();
        connection
    }

    fn opened(what: &str) -> Result<(), StoreError> {
        let connection = attached();
        connection.execute_batch(what).unwrap();
        prepare(&connection, "log")
    }

    fn ours_but(version: i64) -> Result<(), StoreError> {
        let connection = attached();
        create(&connection, "log").unwrap();
        let other = format!("PRAGMA log.user_version = {version}");
        connection.execute_batch(&other).unwrap();
        prepare(&connection, "log")
    }

    #[test]
    fn a_log_of_another_version_is_not_taken_for_one_of_this() {
        let newer = StoreError::Newer {
            found: VERSION + 1,
            known: VERSION,
        };
        assert_eq!(ours_but(VERSION + 1), Err(newer));
        for version in [0, -1] {
            let said = ours_but(version);
            assert!(matches!(said, Err(StoreError::Corrupt(_))), "{said:?}");
        }
        assert_eq!(ours_but(VERSION), Ok(()));
    }

    #[test]
    fn a_file_of_another_program_is_refused_and_left_as_it_is() {
        let relay = format!("PRAGMA log.user_version = {VERSION}; PRAGMA log.application_id = 7");
        for what in [
            "CREATE TABLE log.something (x)",
            "PRAGMA log.user_version = 1",
            "PRAGMA log.application_id = 7",
            relay.as_str(),
        ] {
            let said = opened(what);
            assert!(
                matches!(said, Err(StoreError::Corrupt(_))),
                "{what}: {said:?}"
            );
        }
        let connection = attached();
        let theirs = "CREATE TABLE log.something (x)";
        connection.execute_batch(theirs).unwrap();
        prepare(&connection, "log").unwrap_err();
        let tables = "SELECT count(*) FROM log.sqlite_schema";
        let count: i64 = connection.query_row(tables, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 1);
    }

    #[test]
    fn a_log_is_opened_again_as_it_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.db");
        let open = || {
            let connection = Connection::open_in_memory().unwrap();
            let path = [file.to_str().unwrap()];
            connection.execute("ATTACH ?1 AS log", path).unwrap();
            SqliteLog::open(connection, "log").unwrap()
        };
        let change = LogChange {
            settings: vec![(Setting::Written, Some(vec![7]))],
            ..LogChange::default()
        };
        open().commit(&change).unwrap();
        let kept = open().setting(Setting::Written).unwrap();
        assert_eq!(kept.as_deref(), Some([7].as_slice()));
    }
}
