//! Every store keeps the same promises; the SQLite one keeps them through a crash.

mod conformance;
mod samples;
mod sqlite;

use lamplight_server::{MemoryStore, SqliteStore};

conformance!(memory, |_folder: &std::path::Path| MemoryStore::new());
conformance!(sqlite_file, |folder: &std::path::Path| {
    SqliteStore::open(&folder.join("relay.db")).unwrap()
});
