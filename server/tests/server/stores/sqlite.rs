//! What only a file can go through: being closed in the middle, being damaged, being another's.

use std::fs;
use std::path::Path;

use ids::Seq;
use lamplight_server::{LogStore, SqliteStore, StoreError};

use super::samples::*;

fn filled(path: &Path) {
    let mut store = SqliteStore::open(path).unwrap();
    found(&mut store, MAPLE, 1);
    for run_number in 0..50 {
        let before = head_of(&mut store, MAPLE, CARE);
        let made = rows(before, run(CARE, run_number), 0, 4);
        store.append(&[append(MAPLE, before, made)]).unwrap();
    }
}

#[test]
fn what_was_stored_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    filled(&path);
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(head_of(&mut store, MAPLE, CARE).seq, Seq(200));
    assert_eq!(
        store.rows(MAPLE, CARE, Seq(1), 1_000_000).unwrap().len(),
        200
    );
    assert_eq!(store.facilities().unwrap(), [MAPLE]);
}

/// The files as they are at every moment between two appends, copied away while the store is
/// open: what a crash at that moment leaves.
#[test]
fn a_crash_between_or_within_appends_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let mut store = SqliteStore::open(&path).unwrap();
    found(&mut store, MAPLE, 1);
    for acknowledged in 0..20u64 {
        let crashed = tempfile::tempdir().unwrap();
        for file in ["relay.db", "relay.db-wal"] {
            let from = folder.path().join(file);
            let mut bytes = fs::read(&from).unwrap_or_default();
            if file.ends_with("wal") {
                // A commit that was being written: half a frame of noise at the end.
                bytes.extend([0xa5; 1_000]);
            }
            fs::write(crashed.path().join(file), bytes).unwrap();
        }
        let mut reopened = SqliteStore::open(&crashed.path().join("relay.db")).unwrap();
        assert_eq!(
            head_of(&mut reopened, MAPLE, CARE).seq,
            Seq(acknowledged * 3)
        );
        let got = reopened.rows(MAPLE, CARE, Seq(1), 1_000_000).unwrap();
        assert_eq!(got.len() as u64, acknowledged * 3);

        let before = head_of(&mut store, MAPLE, CARE);
        let number = u8::try_from(acknowledged).unwrap();
        store
            .append(&[append(MAPLE, before, rows(before, run(CARE, number), 0, 3))])
            .unwrap();
    }
}

#[test]
fn a_batch_that_fails_in_the_middle_leaves_nothing_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let mut store = SqliteStore::open(&path).unwrap();
    found(&mut store, MAPLE, 1);
    let good = append(MAPLE, head(CARE), rows(head(CARE), run(CARE, 1), 0, 3));
    let mut twice = rows(head(DIRECTORY), run(DIRECTORY, 1), 0, 2);
    twice[1].place.run_seq = 0;
    assert!(
        store
            .append(&[good, append(MAPLE, head(DIRECTORY), twice)])
            .is_err()
    );
    drop(store);
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.heads(MAPLE).unwrap(), [head(CARE), head(DIRECTORY)]);
    assert_eq!(store.rows(MAPLE, CARE, Seq(1), 1_000_000).unwrap(), []);
}

#[test]
fn two_writers_notice_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let mut one = SqliteStore::open(&path).unwrap();
    found(&mut one, MAPLE, 1);
    let mut two = SqliteStore::open(&path).unwrap();
    one.append(&[append(
        MAPLE,
        head(CARE),
        rows(head(CARE), run(CARE, 1), 0, 1),
    )])
    .unwrap();
    let late = append(MAPLE, head(CARE), rows(head(CARE), run(CARE, 2), 0, 1));
    assert!(matches!(two.append(&[late]), Err(StoreError::Conflict)));
}

#[test]
fn a_foreign_file_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    let words = "not a database, but long enough to be looked at as one. ".repeat(100);
    fs::write(&text, &words).unwrap();
    assert!(matches!(
        SqliteStore::open(&text),
        Err(StoreError::Foreign(_))
    ));
    assert_eq!(fs::read_to_string(&text).unwrap(), words);

    let other = folder.path().join("other.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
    drop(connection);
    assert!(matches!(
        SqliteStore::open(&other),
        Err(StoreError::Foreign(_))
    ));
}

#[test]
fn a_newer_relays_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    drop(SqliteStore::open(&path).unwrap());
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    drop(connection);
    assert!(matches!(
        SqliteStore::open(&path),
        Err(StoreError::Foreign(_))
    ));
}

#[test]
fn a_truncated_file_is_refused_or_read_and_never_invented() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    filled(&path);
    let whole = fs::read(&path).unwrap();
    let mut refused = 0;
    for tenths in [9, 5, 1] {
        let cut = folder.path().join(format!("cut-{tenths}.db"));
        let keep = whole.len() * tenths / 10;
        fs::write(&cut, &whole[..keep]).unwrap();
        match SqliteStore::open(&cut) {
            Err(StoreError::Corrupt(_) | StoreError::Foreign(_) | StoreError::Io(_)) => {
                refused += 1;
            }
            Err(other) => panic!("{other}"),
            Ok(mut store) => drop(store.rows(MAPLE, CARE, Seq(1), 10_000_000)),
        }
    }
    assert!(refused > 0);
    // The twin: whole, it opens.
    assert!(SqliteStore::open(&path).is_ok());
}

#[test]
fn durability_is_what_the_pragmas_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    drop(SqliteStore::open(&path).unwrap());
    let connection = rusqlite::Connection::open(&path).unwrap();
    let mode: String = connection
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    let cannot = SqliteStore::open(Path::new(":memory:"));
    assert!(matches!(cannot, Err(StoreError::Io(why)) if why.contains("journal_mode is memory")));
}
