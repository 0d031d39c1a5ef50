//! The tables of `log.db`. `{s}` is the schema name the file is attached under.
//!
//! Each tree that a row touches is a page to encrypt and to write when the row is kept: there is none
//! that only a rare question needs.

/// "LAML": tells a tablet's log from any other SQLite file, a relay's database among them.
pub(super) const APPLICATION_ID: i64 = 0x4c41_4d4c;

/// Version in `user_version`; only ever grows.
pub(super) const VERSION: i64 = 1;

/// Written once into a new file.
pub(super) const CREATE: &str = "
-- What the engine keeps of itself, each under the name that `setting.rs` gives it.
CREATE TABLE {s}.settings (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The facility's roster as the relay countersigned it; `time` is the relay's.
CREATE TABLE {s}.roster (
    seq INTEGER PRIMARY KEY,
    entry BLOB NOT NULL,
    time INTEGER NOT NULL,
    signature BLOB NOT NULL
) STRICT;

-- Keys of streams, sealed for their receivers, by the roster entry that lists them.
CREATE TABLE {s}.wraps (
    stream BLOB NOT NULL,
    roster_seq INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (stream, roster_seq, bytes)
) STRICT, WITHOUT ROWID;

-- How far each stream is verified: the last row whose chain was computed here.
CREATE TABLE {s}.positions (
    stream BLOB PRIMARY KEY,
    log_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    chain BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The relay's signatures over places of the stream's log.
CREATE TABLE {s}.receipts (
    stream BLOB NOT NULL,
    log_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    chain BLOB NOT NULL,
    roster_seq INTEGER NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (stream, log_id, seq)
) STRICT, WITHOUT ROWID;

-- The newest mark of each device: how far it says it has received a stream.
CREATE TABLE {s}.seen (
    device BLOB NOT NULL,
    stream BLOB NOT NULL,
    log_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    chain BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (device, stream)
) STRICT, WITHOUT ROWID;

-- Everything that arrived or was made here, in the order in which it was kept. The place is NULL
-- until the stream's log is verified that far; `chain` is the chain as computed here at it.
-- standing: 0 accepted, 1 refused, 2 waits, 3 set aside, 4 unfit, 5 stood elsewhere before.
CREATE TABLE {s}.envelopes (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    stream BLOB NOT NULL,
    document BLOB NOT NULL,
    device BLOB NOT NULL,
    run BLOB NOT NULL,
    run_seq INTEGER NOT NULL,
    log_id BLOB,
    seq INTEGER,
    roster_seq INTEGER,
    chain BLOB,
    standing INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX {s}.envelopes_run ON envelopes (document, device, run, run_seq);
CREATE INDEX {s}.envelopes_place ON envelopes (stream, log_id, seq, device) WHERE seq IS NOT NULL;
CREATE INDEX {s}.envelopes_standing ON envelopes (stream, standing, number) WHERE standing <> 0;

-- Own work that the relay has not vouched for, by the envelope's number. `refused` is the relay's
-- reason when it refused for good: such a row waits for a person, not for the relay.
CREATE TABLE {s}.outbox (
    envelope INTEGER PRIMARY KEY,
    saved_at INTEGER NOT NULL,
    refused TEXT
) STRICT;

-- What views follow: each thing that happened to an envelope here, numbered without reuse.
-- kind: 0 arrived, 1 placed, 2 its standing changed.
CREATE TABLE {s}.local_facts (
    stream BLOB NOT NULL,
    number INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    envelope INTEGER NOT NULL,
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;

-- What somebody began to write, sealed for them on this device; who it is stands in clear.
CREATE TABLE {s}.drafts (
    person BLOB NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (person, key)
) STRICT, WITHOUT ROWID;
";
