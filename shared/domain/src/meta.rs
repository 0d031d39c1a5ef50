//! Facts about other entries. Their targets stand in the entry's `supersedes` only where they
//! replace the target; otherwise in the fact.

use crate::kind::KnownKind;
use ids::EntryKey;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Words added to a signed entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Addendum {
    /// The entry added to.
    #[n(0)]
    pub to: EntryKey,
    /// The words.
    #[n(1)]
    pub text: String,
}

/// A signature: the author stands by the entries named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Signature {
    /// What is signed.
    #[n(0)]
    pub entries: Vec<EntryKey>,
}

/// Entered in error. The target also stands in `supersedes`. Its kind is named, so that what right a
/// strike needs follows from the strike alone, and it strikes nothing of another kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Strike {
    /// What is struck.
    #[n(0)]
    pub entry: EntryKey,
    /// Why.
    #[n(1)]
    pub reason: String,
    /// The kind of what is struck.
    #[n(2)]
    pub kind: KnownKind,
}

impl Strike {
    /// A strike on an entry of this kind; `None` when the kind is not known here: which right it would
    /// need only a newer version says.
    pub fn on(entry: EntryKey, kind: &str, reason: String) -> Option<Self> {
        let kind = KnownKind::named(kind)?;
        Some(Self {
            entry,
            reason,
            kind,
        })
    }
}

/// What a person decided on a contradiction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(flat)]
pub enum Decision {
    /// Both happened, or both are true.
    #[n(0)]
    Both,
    /// Only this entry is right.
    #[n(1)]
    Only(#[n(0)] EntryKey),
    /// None of them is right; this entry, which is not among them, says what is.
    #[n(2)]
    Neither(#[n(0)] EntryKey),
}

/// A decision on a contradiction. It hides no entry; a fact that arrives later reopens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Resolution {
    /// The entries that contradicted each other, ascending.
    #[n(0)]
    pub of: Vec<EntryKey>,
    /// What was decided.
    #[n(1)]
    pub decision: Decision,
    /// Why.
    #[n(2)]
    pub reason: String,
}
