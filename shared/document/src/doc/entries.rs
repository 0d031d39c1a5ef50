//! The entries of a document: a set that only grows.

use crate::actor::Actor;
use ids::EntryKey;
use std::collections::BTreeMap;

/// Every entry of the applied changes, by key.
#[derive(Clone, Default)]
pub(super) struct Entries {
    by_key: BTreeMap<EntryKey, Held>,
}

/// What stands under a key, and which change of which actor put it there.
///
/// A key is 80 bits of a hash over its author and value, so an author can, with some 2⁴⁰ tries,
/// find two values for one key. Only the first is ever taken in: else what others sign or decide
/// about could be exchanged under their hands.
#[derive(Clone)]
struct Held {
    actor: Actor,
    seq: u64,
    value: Vec<u8>,
}

impl Entries {
    pub(super) fn len(&self) -> usize {
        self.by_key.len()
    }

    pub(super) fn value(&self, key: &EntryKey) -> Option<&[u8]> {
        self.by_key.get(key).map(|held| held.value.as_slice())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&EntryKey, &[u8])> {
        self.by_key
            .iter()
            .map(|(key, held)| (key, held.value.as_slice()))
    }

    /// Who has put a value under one of these keys, and with which change.
    pub(super) fn holder(&self, entries: &[(EntryKey, Vec<u8>)]) -> Option<(Actor, u64)> {
        let held = entries.iter().find_map(|(key, _)| self.by_key.get(key))?;
        Some((held.actor, held.seq))
    }

    /// Takes in the entries of a change, none of whose keys is held.
    pub(super) fn insert(&mut self, actor: Actor, seq: u64, entries: &[(EntryKey, Vec<u8>)]) {
        for (key, value) in entries {
            let value = value.clone();
            let held = Held { actor, seq, value };
            self.by_key.entry(key.clone()).or_insert(held);
        }
    }
}
