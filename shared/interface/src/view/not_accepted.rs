//! What the relay refused for good: kept on the tablet it was saved on, in nobody's chart.

use super::{Provenance, ResidentRow};
use serde::{Deserialize, Serialize};

/// To [`crate::Query::NotAccepted`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotAcceptedView {
    /// Oldest first; of the first so many envelopes.
    pub rows: Vec<NotAcceptedRow>,
    /// Envelopes that the keys of the person signed in do not open, and those behind the limit.
    pub not_listed: u32,
}

/// An envelope that was not accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotAcceptedRow {
    /// Its id: what [`crate::Command::DealWith`] names.
    pub envelope: ids::EnvelopeId,
    /// Who, when, where, of its first entry.
    pub by: Provenance,
    /// Why.
    pub why: NotAcceptedWhy,
    /// Whether the person signed in may take it off the list: its author, or whoever may resolve when the
    /// author may write there no more.
    pub may_deal_with: bool,
    /// What was saved.
    pub entries: Vec<NotAcceptedEntry>,
}

/// One entry of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotAcceptedEntry {
    /// Whom it is about, if it is about a resident.
    pub resident: Option<ResidentRow>,
    /// What it says; `None` for a kind of a newer version.
    pub fact: Option<domain::Fact>,
    /// Name of its kind.
    pub kind: String,
}

/// Why the relay did not take an envelope, and never will.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAcceptedWhy {
    /// Its author, or this device, may not write there any more.
    NotAllowed,
    /// It is longer than the relay takes.
    TooLarge,
    /// The relay has something else in its place: this device's data were copied, or set back.
    Fork,
    /// It was written behind one that was not accepted, in the same document, and builds on it.
    BuiltOn,
    /// The relay gave a reason that this version does not know.
    Other,
}
