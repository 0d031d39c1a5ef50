//! A forger's tools: change chunks written byte by byte, with a correct checksum, for any document
//! and independent of the product's own writer.

use document::{Actor, entry_key};
use ids::{ChangeHash, DocumentId, EntryKey, UnixMillis};
use sha2::{Digest, Sha256};

/// Everything a change chunk can say. [`Forged::honest`] is one that is admitted.
#[derive(Clone, Debug)]
pub struct Forged {
    /// 1: a change; 2: a compressed one.
    pub chunk_type: u8,
    /// What it builds on.
    pub deps: Vec<[u8; 32]>,
    /// Its author.
    pub actor: Vec<u8>,
    /// Which change of its author.
    pub seq: u64,
    /// Number of its first operation.
    pub start_op: u64,
    /// Encoded time.
    pub time: Vec<u8>,
    /// Commit message.
    pub message: Vec<u8>,
    /// Actors its operations name.
    pub other_actors: Vec<Vec<u8>>,
    /// Columns by their specification.
    pub columns: Vec<(u64, Vec<u8>)>,
    /// What follows.
    pub extra: Vec<u8>,
}

/// Column of keys.
pub const KEY: u64 = 0x15;
/// Column of inserts.
pub const INSERT: u64 = 0x34;
/// Column of actions.
pub const ACTION: u64 = 0x42;
/// Column of types and lengths of values.
pub const VALUE_METADATA: u64 = 0x56;
/// Column of values.
pub const VALUE: u64 = 0x57;
/// Column of counts of predecessors.
pub const PREDECESSORS: u64 = 0x70;

impl Forged {
    /// What the crate would write for the actor's first change.
    pub fn honest(
        document: &DocumentId,
        actor: &Actor,
        at: UnixMillis,
        values: &[Vec<u8>],
    ) -> Self {
        let key = |value: &Vec<u8>| entry_key(document, actor, at, value).unwrap();
        let entries: Vec<_> = values
            .iter()
            .map(|value| (key(value), value.clone()))
            .collect();
        Self::with_entries(actor, &entries)
    }

    /// As [`Self::honest`], under keys that need not belong to their values.
    pub fn with_entries(actor: &Actor, entries: &[(EntryKey, Vec<u8>)]) -> Self {
        Self {
            chunk_type: 1,
            deps: Vec::new(),
            actor: actor.as_bytes().to_vec(),
            seq: 1,
            start_op: 1,
            time: vec![0],
            message: Vec::new(),
            other_actors: Vec::new(),
            columns: columns(entries),
            extra: Vec::new(),
        }
    }

    /// Replaces one column.
    pub fn with_column(mut self, spec: u64, bytes: Vec<u8>) -> Self {
        for (found, column) in &mut self.columns {
            if *found == spec {
                *column = bytes.clone();
            }
        }
        self
    }

    /// Adds a column at its place.
    pub fn and_column(mut self, spec: u64, bytes: Vec<u8>) -> Self {
        self.columns.push((spec, bytes));
        self.columns.sort_by_key(|(spec, _)| *spec);
        self
    }

    /// What stands after the chunk's header.
    pub fn data(&self) -> Vec<u8> {
        let mut data = uleb(self.deps.len() as u64);
        self.deps.iter().for_each(|dep| data.extend(dep));
        data.extend(prefixed(&self.actor));
        data.extend(uleb(self.seq));
        data.extend(uleb(self.start_op));
        data.extend(&self.time);
        data.extend(prefixed(&self.message));
        data.extend(uleb(self.other_actors.len() as u64));
        self.other_actors
            .iter()
            .for_each(|actor| data.extend(prefixed(actor)));
        data.extend(uleb(self.columns.len() as u64));
        for (spec, column) in &self.columns {
            data.extend(uleb(*spec));
            data.extend(uleb(column.len() as u64));
        }
        self.columns
            .iter()
            .for_each(|(_, column)| data.extend(column));
        data.extend(&self.extra);
        data
    }

    /// The chunk, checksum and all.
    pub fn chunk(&self) -> Vec<u8> {
        chunk_around(self.chunk_type, &self.data())
    }

    /// Its hash.
    pub fn hash(&self) -> ChangeHash {
        ChangeHash::from_bytes(digest(self.chunk_type, &self.data()))
    }
}

/// A chunk around any data, with the checksum it should have.
pub fn chunk_around(chunk_type: u8, data: &[u8]) -> Vec<u8> {
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend(&digest(chunk_type, data)[..4]);
    chunk.push(chunk_type);
    chunk.extend(prefixed(data));
    chunk
}

fn digest(chunk_type: u8, data: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update([chunk_type]);
    hasher.update(uleb(data.len() as u64));
    hasher.update(data);
    hasher.finalize().into()
}

fn columns(entries: &[(EntryKey, Vec<u8>)]) -> Vec<(u64, Vec<u8>)> {
    let rows = entries.len();
    let mut keys = sleb(-i64::try_from(rows).unwrap());
    let mut metadata = keys.clone();
    let mut values = Vec::new();
    for (key, value) in entries {
        keys.extend(prefixed(key.as_str().as_bytes()));
        metadata.extend(uleb(((value.len() as u64) << 4) | 7));
        values.extend(value);
    }
    let lengths: Vec<usize> = entries.iter().map(|(_, value)| value.len()).collect();
    if rows > 1 && lengths.iter().all(|len| *len == lengths[0]) {
        metadata = [sleb(rows as i64), uleb(((lengths[0] as u64) << 4) | 7)].concat();
    }
    let all = |number: u64| match rows {
        1 => [sleb(-1), uleb(number)].concat(),
        rows => [sleb(rows as i64), uleb(number)].concat(),
    };
    vec![
        (KEY, keys),
        (INSERT, uleb(rows as u64)),
        (ACTION, all(1)),
        (VALUE_METADATA, metadata),
        (VALUE, values),
        (PREDECESSORS, all(0)),
    ]
}

/// Length and bytes.
pub fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [uleb(bytes.len() as u64), bytes.to_vec()].concat()
}

/// Unsigned LEB128.
pub fn uleb(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

/// Signed LEB128.
pub fn sleb(mut number: i64) -> Vec<u8> {
    let mut out = Vec::new();
    while !(-64..64).contains(&number) {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push((number & 0x7f) as u8);
    out
}
