//! From untrusted bytes to a change that may be applied.

use crate::actor::Actor;
use crate::chunk::{self, Parts};
use crate::key::entry_key;
use crate::refused::Refused;
use core::fmt;
use ids::{ChangeHash, DocumentId, EntryKey};
use std::collections::BTreeSet;

/// A change that passed every rule its own bytes can show. Only [`admit`], [`readmit`] and
/// [`crate::read_save`] make one.
#[derive(Clone, PartialEq, Eq)]
pub struct Admitted {
    document: DocumentId,
    hash: ChangeHash,
    parts: Parts,
    chunk: Vec<u8>,
}

/// Reads one change chunk that should be by `actor` and belong to `document`.
///
/// The work is bounded by the length of `chunk`. Whether its dependencies exist, whether it
/// follows its actor's previous change and whether its operations are numbered right can be seen
/// only beside the other changes: [`crate::Doc::apply`] checks that.
///
/// # Errors
/// [`Refused`]: not a change this system writes.
pub fn admit(chunk: &[u8], document: &DocumentId, actor: &Actor) -> Result<Admitted, Refused> {
    let (parts, hash) = chunk::read(chunk)?;
    if parts.actor != *actor {
        return Err(Refused::OtherActor);
    }
    Admitted::from_parts(parts, *document, hash, chunk.to_vec())
}

/// Reads a chunk that was admitted before and is kept on this device: its actor is the one it
/// names. Never for bytes from outside, where the envelope says whose they must be.
///
/// # Errors
/// [`Refused`]: the kept bytes are damaged, or belong to another document.
pub fn readmit(chunk: &[u8], document: &DocumentId) -> Result<Admitted, Refused> {
    let (parts, hash) = chunk::read(chunk)?;
    Admitted::from_parts(parts, *document, hash, chunk.to_vec())
}

impl Admitted {
    /// Checks the keys; the rest of the rules hold because `parts` were read from, or written to,
    /// `chunk`.
    pub(crate) fn from_parts(
        parts: Parts,
        document: DocumentId,
        hash: ChangeHash,
        chunk: Vec<u8>,
    ) -> Result<Self, Refused> {
        let mut keys = BTreeSet::new();
        for (key, value) in &parts.entries {
            if entry_key(&document, &parts.actor, key.recorded_at(), value).as_ref() != Some(key) {
                return Err(Refused::Key);
            }
            if !keys.insert(key) {
                return Err(Refused::KeyTaken);
            }
        }
        Ok(Self {
            document,
            hash,
            parts,
            chunk,
        })
    }

    /// For tests: a change of somebody who found another value for a key.
    #[cfg(test)]
    pub(crate) fn colliding(parts: Parts, document: DocumentId) -> Self {
        let (chunk, hash) = chunk::write(&parts);
        Self {
            document,
            hash,
            parts,
            chunk,
        }
    }

    /// The document it was admitted for.
    pub fn document(&self) -> &DocumentId {
        &self.document
    }

    /// Its author.
    pub fn actor(&self) -> &Actor {
        &self.parts.actor
    }

    /// Which change of its actor in this document, from 1.
    pub fn seq(&self) -> u64 {
        self.parts.seq
    }

    /// SHA-256 as Automerge computes it.
    pub fn hash(&self) -> ChangeHash {
        self.hash
    }

    /// What it depends on, ascending.
    pub fn deps(&self) -> &[ChangeHash] {
        &self.parts.deps
    }

    /// Number of its first operation, from 1.
    pub fn start_op(&self) -> u64 {
        self.parts.start_op
    }

    /// Number of its last operation.
    pub fn max_op(&self) -> u64 {
        self.parts.max_op()
    }

    /// Keys and values, in the order they were written.
    pub fn entries(&self) -> &[(EntryKey, Vec<u8>)] {
        &self.parts.entries
    }

    /// The chunk itself.
    pub fn chunk(&self) -> &[u8] {
        &self.chunk
    }
}

impl fmt::Debug for Admitted {
    /// Which change it is; not what its entries say.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admitted")
            .field("document", &self.document)
            .field("hash", &self.hash)
            .field("actor", self.actor())
            .field("seq", &self.seq())
            .field("entries", &self.entries().len())
            .finish()
    }
}
