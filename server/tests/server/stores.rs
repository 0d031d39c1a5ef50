//! Every store keeps the same promises; the SQLite one keeps them through a crash.

mod conformance;
mod samples;
mod sqlite;

use conformance::conformance;

conformance!(memory, |_folder: &std::path::Path| {
    lamplight_server::MemoryStore::new()
});
conformance!(sqlite_file, |folder: &std::path::Path| {
    lamplight_server::SqliteStore::open(&folder.join("relay.db")).unwrap()
});
