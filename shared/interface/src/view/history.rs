//! Everything ever entered, and the proof of who entered it.

use super::Provenance;
use serde::{Deserialize, Serialize};

/// History.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryView {
    /// Newest first.
    pub rows: Vec<HistoryRow>,
    /// How many there are in all.
    pub total: u32,
}

/// One entry in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// Who, when, where.
    pub by: Provenance,
    /// What it says; `None` for a kind of a newer version.
    pub fact: Option<domain::Fact>,
    /// Name of its kind.
    pub kind: String,
    /// What it replaced, in full.
    pub before: Vec<domain::Fact>,
    /// Replaced by later entries.
    pub superseded: bool,
    /// Shown to nobody but its author: the right, or the key, was gone by the time it was stored.
    #[serde(default)]
    pub withheld: bool,
    /// Struck, with the reason.
    pub struck: Option<String>,
    /// Whether the seal of authorship was checked and holds. See [`crate::Query::Proof`].
    pub proved: bool,
}

/// Proof of authorship of one entry, checked anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofView {
    /// Who, when, where.
    pub by: Provenance,
    /// Whether everything below holds.
    pub holds: bool,
    /// Each check with its outcome, in the order made.
    pub checks: Vec<ProofCheck>,
    /// Envelope id, hex.
    pub envelope: String,
    /// Author's signing key at that time, hex.
    pub key: String,
    /// Who entered the author's name; `None` when nobody has, and part of an id stands for it.
    pub named: Option<Named>,
    /// Place: log id, seq, roster seq.
    pub place: Option<ids::Place>,
}

/// Who says what somebody is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who entered the name.
    pub by: ids::PersonId,
    /// As whom they are known themselves.
    pub name: String,
    /// When.
    pub at: ids::StatedInstant,
}

/// One step of a proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofCheck {
    /// What was checked.
    pub check: ProofStep,
    /// Whether it holds.
    pub holds: bool,
}

/// Steps of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofStep {
    /// The entry's bytes are in the envelope whose id this is.
    EntryInEnvelope,
    /// The person's signature on the envelope.
    PersonSignature,
    /// The device's signature on the envelope.
    DeviceSignature,
    /// The seal of authorship over the actor's changes.
    AuthorshipSeal,
    /// The person had the right at the envelope's place in the roster.
    Right,
    /// The relay's receipt covers the place.
    Receipt,
}
