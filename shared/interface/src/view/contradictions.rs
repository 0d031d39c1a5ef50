//! Contradictions: their sides, what follows, and what was decided.

use super::{Gravity, Provenance, ResidentRow};
use domain::chart::CodeStatusChoice;
use domain::directory::{Date, TimeOfDay};
use domain::journal::NotGiven;
use ids::EntryKey;
use serde::{Deserialize, Serialize};

/// Kinds of contradiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionKind {
    /// Two doses for one slot.
    DoubleDose,
    /// Two code statuses.
    CodeStatus,
    /// An allergy beside "none known".
    AllergyNoneKnown,
    /// Two different identities.
    Identity,
    /// Two residents in one bed.
    Bed,
    /// Two values of a plain register.
    Register,
    /// Two decisions on one contradiction.
    Resolutions,
}

/// One contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContradictionView {
    /// Stable id: hex of H over kind and its sorted entries.
    pub id: String,
    /// Kind.
    pub kind: ContradictionKind,
    /// Danger.
    pub gravity: Gravity,
    /// The resident, if it is about one.
    pub resident: Option<ResidentRow>,
    /// The sides, earliest stated first.
    pub sides: Vec<SideView>,
    /// What follows from it.
    pub effect: Effect,
    /// Whether the person signed in may decide.
    pub may_resolve: bool,
    /// Decisions made (more than one: contradicted again).
    pub decisions: Vec<DecisionRow>,
    /// Whether it waits.
    pub waiting: bool,
}

/// One side of a contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideView {
    /// What it says.
    pub fact: domain::Fact,
    /// Who, when, where.
    pub by: Provenance,
    /// Which of the other sides its author had not seen (they were made apart).
    pub had_not_seen: Vec<EntryKey>,
}

/// What follows from a contradiction, for the screen to say in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// If all happened, this many doses were given.
    DosesGiven {
        /// Medicine.
        medicine: String,
        /// Dose in words.
        dose: String,
        /// How many say "given".
        count: u32,
        /// The total, when the dose in words can be multiplied, e.g. `6 mg`.
        total: Option<String>,
        /// One says given, the other says not given.
        disagree: Option<NotGiven>,
        /// High-alert medicine.
        high_alert: bool,
        /// Local date of the slot.
        date: Date,
        /// Local time of the slot.
        time: Option<TimeOfDay>,
    },
    /// Until decided, this is what everyone acts on.
    ActsAs {
        /// The status.
        choice: CodeStatusChoice,
    },
    /// Until decided, the allergy counts.
    AllergyCounts {
        /// Substances.
        substances: Vec<String>,
    },
    /// Until decided, the newest is shown.
    NewestShown,
    /// Until decided, both are shown in the bed.
    BedShared,
    /// The decisions differ: what they decided about stays open.
    StillOpen,
}

/// A decision made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// What.
    pub decision: domain::meta::Decision,
    /// Why.
    pub reason: String,
    /// Who, when, where.
    pub by: Provenance,
}
