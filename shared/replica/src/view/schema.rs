//! The tables of a view. `@.` stands for the schema the file is attached under.
//!
//! The same tables serve every stream; a stream that has no doses has no rows in `dose_slots`.
//! Entries are inserted once and never deleted; of an entry only `state`, `rival` and `envelope` ever
//! change.

/// Written to `user_version`. A view of another version is thrown away and built again.
pub(super) const VERSION: i32 = 11;

/// Everything a fresh view needs, in order.
pub(super) const TABLES: &str = "
-- How far the view has come; written in the transaction that brought it there.
CREATE TABLE @.watermark (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL,
    envelope BLOB NOT NULL
);
INSERT INTO @.watermark VALUES (1, 0, zeroblob(32));

CREATE TABLE @.documents (
    id INTEGER PRIMARY KEY,
    document BLOB NOT NULL UNIQUE,
    what TEXT NOT NULL,
    save BLOB
);
CREATE TABLE @.chunks (
    number INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (document, hash)
);

-- Where entries came from. A place may be known before the entries are.
CREATE TABLE @.envelopes (
    id INTEGER PRIMARY KEY,
    envelope BLOB NOT NULL UNIQUE,
    document INTEGER,
    person BLOB, device BLOB, run BLOB,
    seen_log BLOB, seen_seq INTEGER, roster_seq INTEGER,
    place_log BLOB, place_seq INTEGER, place_roster INTEGER
);

-- state: 0 stands, 1 replaced, 2 struck, 3 withheld, 4 a copy. See `standing.rs`.
-- rival: another value of an earlier place has the key, in another document; each document has a
-- key once.
-- content: a hash over document, author and what the entry says; copies of one entry have the same.
CREATE TABLE @.entries (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    envelope INTEGER NOT NULL,
    kind TEXT NOT NULL,
    resident BLOB,
    subject BLOB NOT NULL,
    stated_ms INTEGER NOT NULL,
    stated_offset INTEGER NOT NULL,
    state INTEGER NOT NULL,
    rival INTEGER NOT NULL DEFAULT 0,
    content BLOB NOT NULL,
    value BLOB NOT NULL
);
CREATE INDEX @.entries_by_key ON entries (key);
CREATE INDEX @.standing ON entries (resident, kind, stated_ms, key)
    WHERE state = 0 AND resident IS NOT NULL;
CREATE INDEX @.shown_notes ON entries (resident, stated_ms, key)
    WHERE kind = 'note' AND state IN (0, 2);
CREATE INDEX @.history ON entries (resident, stated_ms, key)
    WHERE state < 3 AND resident IS NOT NULL;
CREATE INDEX @.not_counted ON entries (resident, stated_ms, key)
    WHERE state = 3 AND resident IS NOT NULL;
CREATE INDEX @.house ON entries (kind, subject, key)
    WHERE state = 0 AND resident IS NULL;
CREATE INDEX @.of_envelope ON entries (envelope);
-- Entries that more than one envelope brought, with each of these: the entry is of that of the earliest
-- place.
CREATE TABLE @.repeated (
    entry INTEGER NOT NULL,
    envelope INTEGER NOT NULL,
    PRIMARY KEY (entry, envelope)
) WITHOUT ROWID;
CREATE INDEX @.repeated_by ON repeated (envelope);
CREATE INDEX @.copies ON entries (content);

-- Who names whom, whichever of the two came first, and whether it is theirs to say or not.
CREATE TABLE @.supersedes (
    target TEXT NOT NULL,
    by INTEGER NOT NULL,
    PRIMARY KEY (target, by)
) WITHOUT ROWID;
CREATE TABLE @.about (
    target TEXT NOT NULL,
    kind TEXT NOT NULL,
    by INTEGER NOT NULL,
    PRIMARY KEY (target, kind, by)
) WITHOUT ROWID;
-- Keys of entries that do not count, whether or not the entry is here.
-- An entry is withheld where the envelope that it is of says so.
CREATE TABLE @.withheld (key TEXT NOT NULL, envelope BLOB NOT NULL, PRIMARY KEY (key, envelope)) WITHOUT ROWID;
CREATE INDEX @.withheld_by ON withheld (envelope);

-- How many entries of a resident and kind are in each state.
CREATE TABLE @.tallies (
    resident BLOB NOT NULL,
    kind TEXT NOT NULL,
    state INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (resident, kind, state)
) WITHOUT ROWID;

-- Doses by slot; `time` in minutes, -1 for as needed.
CREATE TABLE @.dose_slots (
    \"order\" BLOB NOT NULL,
    date INTEGER NOT NULL,
    time INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (\"order\", date, time, entry)
) WITHOUT ROWID;
CREATE INDEX @.slots_by_date ON dose_slots (date, \"order\", time);

-- Entries that were decided against, by the finding that was decided: a dose among them leaves its
-- slot open.
CREATE TABLE @.decided_against (
    key TEXT NOT NULL,
    scope BLOB NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (key, scope, id)
) WITHOUT ROWID;
CREATE INDEX @.against_in ON decided_against (scope);

-- Moves that say that somebody left for good or died.
CREATE TABLE @.departures (entry INTEGER PRIMARY KEY, resident BLOB NOT NULL);

-- When each resident came and went, by the moves that count. Before an admission that is the first of
-- them: gone, since ever.
CREATE TABLE @.stays (
    resident BLOB NOT NULL,
    since INTEGER NOT NULL,
    status INTEGER NOT NULL,
    PRIMARY KEY (resident, since)
) WITHOUT ROWID;

-- Notes and addenda, for search. The resident is a token, so that a search within one chart
-- costs what that chart costs.
CREATE VIRTUAL TABLE @.words USING fts5 (
    resident, text, content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- Sets of observations by what can be scored in them: each parameter of a set that lacks one (in
-- the order of the table of NEWS2), 7 for a whole set.
CREATE TABLE @.scored (
    resident BLOB NOT NULL,
    parameter INTEGER NOT NULL,
    stated_ms INTEGER NOT NULL,
    key TEXT NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (resident, parameter, stated_ms, key)
) WITHOUT ROWID;

-- Decisions on the saturation scale, replaced ones too: a set is scored on the one of its time.
CREATE TABLE @.scales (
    resident BLOB NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (resident, entry)
) WITHOUT ROWID;

-- Orders with what says whether they run; `ended` and `starts` as dates, with their times of day if
-- they have any; times in minutes.
CREATE TABLE @.orders (
    entry INTEGER PRIMARY KEY,
    resident BLOB NOT NULL,
    \"order\" BLOB NOT NULL,
    version INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    starts_at INTEGER,
    ended_at INTEGER,
    times TEXT NOT NULL,
    high_alert INTEGER NOT NULL,
    medicine TEXT NOT NULL
);
CREATE INDEX @.order_versions ON orders (\"order\");
CREATE INDEX @.orders_of ON orders (resident, ended);
CREATE INDEX @.orders_running ON orders (ended, resident);

-- Orders of one medicine that two tablets entered, each with each: what was given under the other
-- before `until` is given, as long as the order has slots. See `twins.rs`.
CREATE TABLE @.twins (
    resident BLOB NOT NULL,
    \"order\" BLOB NOT NULL,
    other BLOB NOT NULL,
    until INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    PRIMARY KEY (resident, \"order\", other)
) WITHOUT ROWID;
CREATE INDEX @.twins_ended ON twins (ended);

-- One row a resident: what lists are searched and sorted by. See `summary.rs`.
CREATE TABLE @.residents (
    resident BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    names TEXT NOT NULL,
    born INTEGER,
    record_number TEXT NOT NULL,
    need INTEGER NOT NULL,
    bed BLOB,
    status INTEGER NOT NULL,
    newest INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX @.record_numbers ON residents (record_number);
CREATE INDEX @.newest_of ON residents (newest);
CREATE INDEX @.in_bed ON residents (bed) WHERE bed IS NOT NULL;
-- What a row of a list shows; JSON of `summary::Card`.
CREATE TABLE @.cards (resident BLOB PRIMARY KEY, card BLOB NOT NULL) WITHOUT ROWID;

-- Findings of the rules. `scope` names the group of entries a finding was made from;
-- `finding` is JSON of `findings::Finding`, `gravity` its `summary::rank`.
CREATE TABLE @.findings (
    scope BLOB NOT NULL,
    id TEXT NOT NULL,
    gravity INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    newest_ms INTEGER NOT NULL,
    finding BLOB NOT NULL,
    PRIMARY KEY (scope, id)
) WITHOUT ROWID;
CREATE INDEX @.findings_listed ON findings (waiting, gravity, newest_ms);
CREATE INDEX @.findings_named ON findings (id);
CREATE TABLE @.finding_residents (
    resident BLOB NOT NULL,
    waiting INTEGER NOT NULL,
    scope BLOB NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (resident, waiting, scope, id)
) WITHOUT ROWID;
CREATE INDEX @.finding_scopes ON finding_residents (scope);
";
