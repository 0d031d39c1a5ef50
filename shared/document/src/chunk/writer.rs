//! Writes the one canonical chunk of a change.

use super::columns::{put_literal, put_rle_numbers, put_uleb};
use super::{BYTES, CHANGE, COLUMNS, MAGIC, PUT, Parts};
use crate::actor::Actor;
use ids::{ChangeHash, EntryKey};
use sha2::{Digest, Sha256};

/// The chunk of a change and its hash.
pub(crate) fn write(parts: &Parts) -> (Vec<u8>, ChangeHash) {
    let data = data(parts);
    let hash = hash(&data);
    let mut chunk = Vec::with_capacity(data.len() + 16);
    chunk.extend_from_slice(&MAGIC);
    let [a, b, c, d, ..] = hash.to_bytes();
    chunk.extend_from_slice(&[a, b, c, d, CHANGE]);
    put_uleb(&mut chunk, data.len() as u64);
    chunk.extend_from_slice(&data);
    (chunk, hash)
}

/// SHA-256 over chunk type, length and data.
pub(super) fn hash(data: &[u8]) -> ChangeHash {
    let mut head = vec![CHANGE];
    put_uleb(&mut head, data.len() as u64);
    let digest = Sha256::new()
        .chain_update(&head)
        .chain_update(data)
        .finalize();
    ChangeHash::from_bytes(digest.into())
}

/// The chunk after its header.
pub(super) fn data(parts: &Parts) -> Vec<u8> {
    let columns = columns(&parts.entries);
    let mut data = Vec::new();
    put_uleb(&mut data, parts.deps.len() as u64);
    for dep in &parts.deps {
        data.extend_from_slice(dep.as_bytes());
    }
    put_uleb(&mut data, Actor::LEN as u64);
    data.extend_from_slice(parts.actor.as_bytes());
    put_uleb(&mut data, parts.seq);
    put_uleb(&mut data, parts.start_op);
    // Time, length of the message, number of other actors.
    data.extend_from_slice(&[0, 0, 0]);
    put_uleb(&mut data, COLUMNS.len() as u64);
    for (spec, column) in COLUMNS.iter().zip(&columns) {
        put_uleb(&mut data, *spec);
        put_uleb(&mut data, column.len() as u64);
    }
    columns
        .iter()
        .for_each(|column| data.extend_from_slice(column));
    data
}

fn columns(entries: &[(EntryKey, Vec<u8>)]) -> [Vec<u8>; 6] {
    let rows = entries.len();
    let mut keys = Vec::with_capacity(4 + rows * (1 + EntryKey::LEN));
    put_literal(&mut keys, rows);
    for (key, _) in entries {
        put_uleb(&mut keys, EntryKey::LEN as u64);
        keys.extend_from_slice(key.as_str().as_bytes());
    }
    let mut insert = Vec::new();
    put_uleb(&mut insert, rows as u64);
    let mut action = Vec::new();
    put_rle_numbers(&mut action, &vec![PUT; rows]);
    let metadata: Vec<u64> = entries
        .iter()
        .map(|(_, value)| ((value.len() as u64) << 4) | BYTES)
        .collect();
    let mut value_metadata = Vec::new();
    put_rle_numbers(&mut value_metadata, &metadata);
    let values = entries
        .iter()
        .flat_map(|(_, value)| value.iter().copied())
        .collect();
    let mut predecessors = Vec::new();
    put_rle_numbers(&mut predecessors, &vec![0; rows]);
    [keys, insert, action, value_metadata, values, predecessors]
}
