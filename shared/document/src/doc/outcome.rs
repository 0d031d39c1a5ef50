//! What became of changes and of saves.

use crate::admitted::Admitted;
use crate::refused::Refused;
use core::fmt;
use ids::{ChangeHash, EntryKey};

/// What became of the changes handed to [`crate::Doc::apply`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Now part of the document, dependencies first. May hold changes of an earlier call that
    /// waited until now.
    pub ready: Vec<Admitted>,
    /// Were part of the document before.
    pub known: Vec<ChangeHash>,
    /// Wait for dependencies; kept in memory.
    pub waiting: Vec<ChangeHash>,
    /// Lack dependencies and are not kept, because too many changes of their actor wait already:
    /// offer them again later.
    pub turned_away: Vec<ChangeHash>,
    /// Not applied, because another change has their actor and sequence number, or one of their keys.
    pub rivals: Vec<Rival>,
    /// Can never be applied. May hold changes that waited until now, like `rivals`.
    pub refused: Vec<(ChangeHash, Refused)>,
}

/// Two changes of one actor with one sequence number, or of two actors with two values under one
/// entry key. The one that was offered first stands. Whoever
/// offered them in another order than that of the log builds the document again in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rival {
    /// The change that was not applied.
    pub newcomer: ChangeHash,
    /// The change that was applied before.
    pub stands: ChangeHash,
}

/// A change that was just written. It is part of the document.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// The chunk, for the envelope's body.
    pub chunk: Vec<u8>,
    /// Its hash.
    pub hash: ChangeHash,
    /// Its sequence number.
    pub seq: u64,
    /// The keys of the values, in their order.
    pub keys: Vec<EntryKey>,
}

impl fmt::Debug for Written {
    /// Which change it is; not what its entries say.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written")
            .field("hash", &self.hash)
            .field("seq", &self.seq)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// Nothing was written: no value, an empty value, two equal values at one time, more or longer
/// values than the limits allow, or a clock outside the years 1970 to 10889. The caller's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these entries cannot be written: {0}")]
pub struct WriteError(#[source] pub Refused);

/// Automerge refused what had passed every rule: a bug here or there. The document in memory must
/// be dropped and built again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Automerge refused an admitted change")]
pub struct Broken;

/// Why a save was not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Its bytes are damaged, or were never a save of this document.
    #[error("the save is damaged: {0}")]
    Corrupt(#[from] Refused),
    /// Its changes do not end in the heads it states.
    #[error("the save does not have the heads it states")]
    Heads,
}
