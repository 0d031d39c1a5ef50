//! Changes whose dependencies are not here yet.

use crate::actor::Actor;
use crate::admitted::Admitted;
use ids::{ChangeHash, limits};
use std::collections::{BTreeMap, BTreeSet};

/// The waiting changes with the numbers they were offered under, each filed under one dependency it lacks. When that comes, it is judged
/// again, and perhaps filed under another.
#[derive(Clone, Default)]
pub(super) struct Waiting {
    by_missing: BTreeMap<ChangeHash, Vec<(u64, Admitted)>>,
    hashes: BTreeSet<ChangeHash>,
    per_actor: BTreeMap<Actor, usize>,
}

impl Waiting {
    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    pub(super) fn contains(&self, hash: &ChangeHash) -> bool {
        self.hashes.contains(hash)
    }

    pub(super) fn missing(&self) -> Vec<ChangeHash> {
        let missing = self.by_missing.keys();
        missing
            .filter(|hash| !self.contains(hash))
            .copied()
            .collect()
    }

    /// Keeps a change that lacks `missing`. `false`, and nothing kept, when its actor has
    /// [`limits::WAITING_PER_AUTHOR`] waiting already, or all actors [`limits::WAITING`].
    pub(super) fn keep(&mut self, offered: u64, change: Admitted, missing: ChangeHash) -> bool {
        if self.hashes.len() >= limits::WAITING {
            return false;
        }
        let waiting = self.per_actor.entry(*change.actor()).or_default();
        if *waiting >= limits::WAITING_PER_AUTHOR {
            return false;
        }
        *waiting += 1;
        self.hashes.insert(change.hash());
        let filed = self.by_missing.entry(missing).or_default();
        filed.push((offered, change));
        true
    }

    /// Takes out the changes filed under a dependency that is now applied.
    pub(super) fn woken_by(&mut self, hash: &ChangeHash) -> Vec<(u64, Admitted)> {
        let woken = self.by_missing.remove(hash).unwrap_or_default();
        for (_, change) in &woken {
            self.hashes.remove(&change.hash());
            if let Some(waiting) = self.per_actor.get_mut(change.actor()) {
                *waiting = waiting.saturating_sub(1);
            }
        }
        woken
    }
}
