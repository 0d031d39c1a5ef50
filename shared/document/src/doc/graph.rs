//! Which changes are applied, who made them, and whether a further one fits on them.

use crate::actor::Actor;
use crate::admitted::Admitted;
use crate::refused::Refused;
use ids::ChangeHash;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The applied changes.
#[derive(Clone, Default)]
pub(super) struct Graph {
    nodes: HashMap<ChangeHash, Node>,
    /// Per actor its changes by sequence number (from 1).
    actors: BTreeMap<Actor, Vec<ChangeHash>>,
    heads: BTreeSet<ChangeHash>,
}

#[derive(Clone, Copy)]
struct Node {
    actor: Actor,
    seq: u64,
    max_op: u64,
}

/// How a change fits on those applied.
pub(super) enum Fit {
    /// It can be applied now.
    Next,
    /// This dependency is not applied.
    Missing(ChangeHash),
    /// This change has its actor and sequence number.
    Rival(ChangeHash),
    /// It can never be applied.
    Refused(Refused),
}

impl Graph {
    pub(super) fn contains(&self, hash: &ChangeHash) -> bool {
        self.nodes.contains_key(hash)
    }

    pub(super) fn heads(&self) -> &BTreeSet<ChangeHash> {
        &self.heads
    }

    pub(super) fn seq_of(&self, actor: &Actor) -> u64 {
        self.actors
            .get(actor)
            .map_or(0, |changes| changes.len() as u64)
    }

    pub(super) fn change_of(&self, actor: &Actor, seq: u64) -> Option<ChangeHash> {
        let index = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.actors.get(actor)?.get(index).copied()
    }

    /// What the actor's next change depends on, ascending: its previous change and the heads, at
    /// most `limit` in all (later changes take up the heads left out); and the number of its first
    /// operation.
    pub(super) fn follow(&self, actor: &Actor, limit: usize) -> (Vec<ChangeHash>, u64) {
        let previous = self.change_of(actor, self.seq_of(actor));
        let heads = self
            .heads
            .iter()
            .copied()
            .filter(|head| Some(*head) != previous);
        let mut deps: Vec<ChangeHash> = previous.into_iter().chain(heads).take(limit).collect();
        deps.sort_unstable();
        let start_op = self.start_op(&deps);
        (deps, start_op)
    }

    /// One past every operation of these applied changes, and so of all they depend on.
    fn start_op(&self, deps: &[ChangeHash]) -> u64 {
        let last_ops = deps
            .iter()
            .filter_map(|dep| self.nodes.get(dep))
            .map(|node| node.max_op);
        last_ops.max().unwrap_or(0) + 1
    }

    /// [`Fit::Refused`] is the same on every replica: it follows from the change and what it
    /// depends on.
    pub(super) fn fit(&self, change: &Admitted) -> Fit {
        if let Some(missing) = change.deps().iter().find(|dep| !self.contains(dep)) {
            return Fit::Missing(*missing);
        }
        if !self.follows_its_previous(change) {
            return Fit::Refused(Refused::NotChained);
        }
        if self.start_op(change.deps()) != change.start_op() {
            return Fit::Refused(Refused::StartOp);
        }
        match self.change_of(change.actor(), change.seq()) {
            Some(stands) => Fit::Rival(stands),
            None => Fit::Next,
        }
    }

    /// Of the changes of its own actor it must depend on the previous one and on no other.
    fn follows_its_previous(&self, change: &Admitted) -> bool {
        let own = change
            .deps()
            .iter()
            .filter_map(|dep| self.nodes.get(dep))
            .filter(|node| node.actor == *change.actor())
            .map(|node| node.seq);
        let previous = change.seq().checked_sub(1).filter(|seq| *seq > 0);
        own.eq(previous)
    }

    /// Takes in a change that is [`Fit::Next`].
    pub(super) fn insert(&mut self, change: &Admitted) {
        for dep in change.deps() {
            self.heads.remove(dep);
        }
        self.heads.insert(change.hash());
        self.actors
            .entry(*change.actor())
            .or_default()
            .push(change.hash());
        let node = Node {
            actor: *change.actor(),
            seq: change.seq(),
            max_op: change.max_op(),
        };
        self.nodes.insert(change.hash(), node);
    }
}
