//! A document: admitted changes in, entries out.
//!
//! What is read comes from [`Entries`]: a set that only grows. Automerge keeps the history in its
//! compact form and is handed changes only when a save is wanted: each call costs it a walk over
//! the whole document, and should it trap, [`Doc::save`] is the one place where. It is handed a
//! change only when all its dependencies
//! are there, its sequence number is the next of its actor, it names its actor's previous change,
//! and its operations are numbered one past everything it depends on. Each of these, violated,
//! makes Automerge panic or write a save it cannot load.

mod entries;
mod graph;
mod outcome;
mod waiting;

pub use outcome::{Applied, Broken, LoadError, Rival, WriteError, Written};

use crate::actor::Actor;
use crate::admitted::{Admitted, admit};
use crate::chunk::{self, Parts};
use crate::key::entry_key;
use crate::refused::Refused;
use crate::save::read_save;
use automerge::{ActorId, Automerge, Change, SaveOptions};
use core::fmt;
use entries::Entries;
use graph::{Fit, Graph};
use ids::{ChangeHash, DocumentId, EntryKey, UnixMillis, limits};
use std::collections::BTreeMap;
use waiting::Waiting;

/// One document in memory.
#[derive(Clone)]
pub struct Doc {
    document: DocumentId,
    graph: Graph,
    entries: Entries,
    waiting: Waiting,
    /// Changes offered so far: each has its number.
    offered: u64,
    automerge: Automerge,
    /// Chunks that are applied here but not yet in `automerge`, in an order it can take.
    backlog: Vec<Vec<u8>>,
}

impl Doc {
    /// An empty document. `document` is hashed into every key.
    pub fn new(document: DocumentId) -> Self {
        Self {
            document,
            graph: Graph::default(),
            entries: Entries::default(),
            waiting: Waiting::default(),
            offered: 0,
            // `new` draws a random actor, which is replaced before it could be used; changes are
            // never written through Automerge.
            automerge: Automerge::new().with_actor(ActorId::from([0; Actor::LEN])),
            backlog: Vec::new(),
        }
    }

    /// From a save of this document. The save is read by [`read_save`], never by Automerge, and
    /// its heads are compared.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub fn load(document: DocumentId, save: &[u8]) -> Result<Self, LoadError> {
        let mut doc = Self::new(document);
        let changes = read_save(save, &document)?;
        let count = changes.len();
        let applied = doc.apply(changes);
        match applied.refused.first() {
            Some((_, refused)) => Err(LoadError::Corrupt(*refused)),
            None if applied.ready.len() == count => Ok(doc),
            None => Err(LoadError::Corrupt(Refused::NotChained)),
        }
    }

    /// Every applied change, in Automerge's format; nothing is compressed, and changes that wait
    /// are left out.
    ///
    /// # Errors
    /// [`Broken`]: drop the document.
    pub fn save(&mut self) -> Result<Vec<u8>, Broken> {
        self.hand_over()?;
        let heads = self.automerge.get_heads();
        let ours = self.graph.heads();
        let known = |head: &automerge::ChangeHash| ours.contains(&ChangeHash::from_bytes(head.0));
        if heads.len() != ours.len() || !heads.iter().all(known) {
            return Err(Broken);
        }
        let options = SaveOptions {
            deflate: false,
            retain_orphans: false,
        };
        Ok(self.automerge.save_with_options(options))
    }

    /// The document's id.
    pub fn document(&self) -> &DocumentId {
        &self.document
    }

    /// The applied changes nothing depends on, ascending.
    pub fn heads(&self) -> Vec<ChangeHash> {
        self.graph.heads().iter().copied().collect()
    }

    /// Whether the change is applied.
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.graph.contains(hash)
    }

    /// Sequence number of the actor's newest applied change; 0 for none.
    pub fn seq_of(&self, actor: &Actor) -> u64 {
        self.graph.seq_of(actor)
    }

    /// The actor's change with a sequence number, if it is applied.
    pub fn change_of(&self, actor: &Actor, seq: u64) -> Option<ChangeHash> {
        self.graph.change_of(actor, seq)
    }

    /// How many changes wait for dependencies. They are in memory only.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// What the waiting changes wait for and nobody has offered yet, ascending; for each waiting
    /// change at most one of the dependencies it lacks.
    pub fn missing(&self) -> Vec<ChangeHash> {
        self.waiting.missing()
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value under a key.
    pub fn entry(&self, key: &EntryKey) -> Option<&[u8]> {
        self.entries.value(key)
    }

    /// Every entry, by key.
    pub fn entries(&self) -> impl Iterator<Item = (&EntryKey, &[u8])> {
        self.entries.iter()
    }

    /// Writes one change of `actor` with an entry per value, recorded at `now`, and applies it.
    /// The same document, actor, time and values give the same bytes.
    ///
    /// # Errors
    /// See [`WriteError`]; nothing was written.
    pub fn write(
        &mut self,
        actor: &Actor,
        now: UnixMillis,
        values: Vec<Vec<u8>>,
    ) -> Result<Written, WriteError> {
        let entries = values
            .into_iter()
            .map(|value| Some((entry_key(&self.document, actor, now, &value)?, value)))
            .collect::<Option<Vec<_>>>()
            .ok_or(WriteError(Refused::Key))?;
        if self.entries.holder(&entries).is_some() {
            return Err(WriteError(Refused::KeyTaken));
        }
        let (deps, start_op) = self.graph.follow(actor, limits::DEPS_PER_CHANGE);
        let seq = self.seq_of(actor) + 1;
        let (chunk, _) = chunk::write(&Parts {
            deps,
            actor: *actor,
            seq,
            start_op,
            entries,
        });
        let change = admit(&chunk, &self.document, actor).map_err(WriteError)?;
        self.take_in(&change);
        Ok(Written {
            hash: change.hash(),
            seq,
            keys: change
                .entries()
                .iter()
                .map(|(key, _)| key.clone())
                .collect(),
            chunk,
        })
    }

    /// Applies changes in whatever order they come, and those that waited for them. Automerge
    /// hears of it later.
    pub fn apply(&mut self, changes: Vec<Admitted>) -> Applied {
        let mut applied = Applied::default();
        let offered: Vec<ChangeHash> = changes.iter().map(Admitted::hash).collect();
        for change in changes {
            if *change.document() != self.document {
                applied
                    .refused
                    .push((change.hash(), Refused::OtherDocument));
            } else if self.contains(&change.hash()) {
                applied.known.push(change.hash());
            } else if !self.waiting.contains(&change.hash()) {
                self.offered += 1;
                self.consider(self.offered, change, &mut applied);
            }
        }
        applied.waiting = offered
            .into_iter()
            .filter(|hash| self.waiting.contains(hash))
            .collect();
        applied
    }

    /// One change, and then those it wakes: of those that could be applied next always the one that
    /// was offered first. Offered in the order of the log, of two with one actor and number every
    /// replica then keeps the same one, whether it had what they build on before them or after.
    fn consider(&mut self, offered: u64, change: Admitted, applied: &mut Applied) {
        let mut next = BTreeMap::from([(offered, change)]);
        while let Some((offered, change)) = next.pop_first() {
            let hash = change.hash();
            match self.graph.fit(&change) {
                Fit::Next => match self.taken_by(&change) {
                    // Its own keys it knew, whatever the order in which changes came.
                    Some((actor, _)) if actor == *change.actor() => {
                        applied.refused.push((hash, Refused::KeyTaken));
                    }
                    Some((_, stands)) => applied.rivals.push(Rival {
                        newcomer: hash,
                        stands,
                    }),
                    None => {
                        self.take_in(&change);
                        applied.ready.push(change);
                        next.extend(self.waiting.woken_by(&hash));
                    }
                },
                Fit::Missing(dep) => {
                    if !self.waiting.keep(offered, change, dep) {
                        applied.turned_away.push(hash);
                    }
                }
                Fit::Rival(stands) => applied.rivals.push(Rival {
                    newcomer: hash,
                    stands,
                }),
                Fit::Refused(refused) => applied.refused.push((hash, refused)),
            }
        }
    }

    /// Whose change has put a value under one of this one's keys before.
    fn taken_by(&self, change: &Admitted) -> Option<(Actor, ChangeHash)> {
        let (actor, seq) = self.entries.holder(change.entries())?;
        Some((actor, self.graph.change_of(&actor, seq)?))
    }

    fn take_in(&mut self, change: &Admitted) {
        self.graph.insert(change);
        self.entries
            .insert(*change.actor(), change.seq(), change.entries());
        self.backlog.push(change.chunk().to_vec());
    }

    fn hand_over(&mut self) -> Result<(), Broken> {
        let changes = self
            .backlog
            .iter()
            .map(|chunk| Change::try_from(chunk.as_slice()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| Broken)?;
        if !changes.is_empty() {
            self.automerge.apply_changes(changes).map_err(|_| Broken)?;
            self.backlog.clear();
        }
        Ok(())
    }
}

impl fmt::Debug for Doc {
    /// Its id and sizes; not what its entries say.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doc")
            .field("document", &self.document)
            .field("heads", self.graph.heads())
            .field("entries", &self.len())
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
