//! The entries of a document: a set that only grows.

use crate::actor::Actor;
use ids::EntryKey;
use std::collections::BTreeMap;

/// Every entry of the applied changes, by key.
#[derive(Clone, Default)]
pub(super) struct Entries {
    by_key: BTreeMap<EntryKey, Held>,
}

/// What stands under a key.
///
/// A key is 80 bits of a hash over its author and value, so an author can, with some 2⁴⁰ tries,
/// find two values for one key. Under one actor the later is refused: its changes form a line. Of
/// two actors both stay in the document, and the one with the greater operation is shown, as in
/// Automerge, so that all replicas agree whatever the order of arrival.
#[derive(Clone)]
struct Held {
    op: u64,
    actor: Actor,
    value: Vec<u8>,
    /// Actors whose value is not shown.
    hidden: Vec<Actor>,
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

    /// Whether the actor has put a value under this key.
    pub(super) fn holds(&self, key: &EntryKey, actor: &Actor) -> bool {
        let held = self.by_key.get(key);
        held.is_some_and(|held| held.actor == *actor || held.hidden.contains(actor))
    }

    /// Takes in the entries of a change, none of whose keys its actor has used before.
    pub(super) fn insert(&mut self, actor: Actor, start_op: u64, entries: &[(EntryKey, Vec<u8>)]) {
        for (op, (key, value)) in (start_op..).zip(entries) {
            match self.by_key.get_mut(key) {
                None => {
                    let held = Held {
                        op,
                        actor,
                        value: value.clone(),
                        hidden: Vec::new(),
                    };
                    self.by_key.insert(key.clone(), held);
                }
                Some(held) if (held.op, held.actor) < (op, actor) => {
                    held.hidden.push(held.actor);
                    (held.op, held.actor, held.value) = (op, actor, value.clone());
                }
                Some(held) => held.hidden.push(actor),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunk::{self, Parts};
    use automerge::{Automerge, Change, ROOT, ReadDoc};

    /// Two values under one key, which `admit` would take only from someone who found a collision
    /// of 80 bits; Automerge is shown them directly.
    #[test]
    fn of_two_actors_under_one_key_all_orders_show_the_one_automerge_shows() {
        let key = EntryKey::parse("01KAMCE0G0AAAAAAAAAAAAAAAA").unwrap();
        let claim = |n: u8, start_op: u64| {
            let actor = Actor::from_bytes([n; 16]);
            (actor, start_op, vec![(key.clone(), vec![n])])
        };
        // Actor 1 with the later operation, then two with equal ones.
        for claims in [[claim(1, 2), claim(2, 1)], [claim(1, 1), claim(2, 1)]] {
            let mut automerge = Automerge::new();
            for (actor, start_op, entries) in claims.clone() {
                let parts = Parts {
                    deps: vec![],
                    actor,
                    seq: 1,
                    start_op,
                    entries,
                };
                let change = Change::try_from(chunk::write(&parts).0.as_slice()).unwrap();
                automerge.apply_changes([change]).unwrap();
            }
            let (shown, _) = automerge.get(ROOT, key.as_str()).unwrap().unwrap();
            let shown = shown.as_bytes().unwrap().to_vec();
            for order in [[0, 1], [1, 0]] {
                let mut entries = Entries::default();
                for (actor, start_op, claimed) in order.map(|i| claims[i].clone()) {
                    assert!(!entries.holds(&key, &actor));
                    entries.insert(actor, start_op, &claimed);
                }
                assert_eq!(
                    (entries.len(), entries.value(&key)),
                    (1, Some(shown.as_slice()))
                );
                assert!(
                    claims
                        .iter()
                        .all(|(actor, _, _)| entries.holds(&key, actor))
                );
            }
        }
    }
}
