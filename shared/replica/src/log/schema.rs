//! The tables of `log.db`. `{s}` is the schema name the file is attached under.
//!
//! Each tree that a row touches is a page to encrypt and to write when the row is kept: there is none
//! that only a rare question needs.

/// Version in `user_version`; only ever grows.
pub(super) const VERSION: i64 = 1;

/// Written once into a new file.
pub(super) const CREATE: &str = "
CREATE TABLE {s}.meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE {s}.roster (seq INTEGER PRIMARY KEY, entry BLOB NOT NULL, time INTEGER NOT NULL, signature BLOB NOT NULL);
CREATE TABLE {s}.wraps (stream BLOB NOT NULL, roster_seq INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (stream, roster_seq, bytes)) WITHOUT ROWID;
CREATE TABLE {s}.positions (stream BLOB PRIMARY KEY, log_id BLOB NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE {s}.receipts (stream BLOB NOT NULL, log_id BLOB NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL, roster_seq INTEGER NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (stream, log_id, seq)) WITHOUT ROWID;
CREATE TABLE {s}.seen (device BLOB NOT NULL, stream BLOB NOT NULL, log_id BLOB NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (device, stream)) WITHOUT ROWID;
CREATE TABLE {s}.envelopes (
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  stream BLOB NOT NULL, document BLOB NOT NULL, device BLOB NOT NULL, run BLOB NOT NULL, run_seq INTEGER NOT NULL,
  log_id BLOB, seq INTEGER, roster_seq INTEGER, chain BLOB,
  standing INTEGER NOT NULL,
  bytes BLOB NOT NULL);
CREATE INDEX {s}.envelopes_run ON envelopes (document, device, run, run_seq);
CREATE INDEX {s}.envelopes_place ON envelopes (stream, log_id, seq, device) WHERE seq IS NOT NULL;
CREATE INDEX {s}.envelopes_standing ON envelopes (stream, standing, n) WHERE standing <> 0;
CREATE TABLE {s}.outbox (n INTEGER PRIMARY KEY, saved_at INTEGER NOT NULL, refused TEXT);
CREATE TABLE {s}.facts (stream BLOB NOT NULL, number INTEGER NOT NULL, kind INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (stream, number)) WITHOUT ROWID;
CREATE TABLE {s}.drafts (person BLOB NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (person, key)) WITHOUT ROWID;
";
