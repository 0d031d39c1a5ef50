//! Contradictions: their sides, what follows, and what was decided.

use super::{Gravity, Provenance, ResidentRow, ResidentStatus};
use domain::chart::{CodeStatusChoice, Severity};
use domain::directory::{Date, TimeOfDay};
use domain::journal::NotGiven;
use domain::runs::End;
use ids::{EntryKey, StatedInstant};
use serde::{Deserialize, Serialize};

/// Kinds of contradiction: those of the rules.
pub use domain::contradictions::Kind as ContradictionKind;

/// One contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContradictionView {
    /// Stable id: hex of H over kind and its sorted entries.
    pub id: String,
    /// Kind.
    pub kind: ContradictionKind,
    /// Danger.
    pub gravity: Gravity,
    /// The resident, if it is about one; of several each side names its own.
    pub resident: Option<ResidentRow>,
    /// The sides, earliest stated first.
    pub sides: Vec<SideView>,
    /// How many more sides there are at least, of more than are shown.
    #[serde(default)]
    pub more_sides: u32,
    /// What follows from it.
    pub effect: Effect,
    /// Of two different decisions: what they were about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Box<ContradictionView>>,
    /// The decisions to choose from, in the order of the sides.
    pub choices: Vec<domain::meta::Decision>,
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
    /// Whom it is about, when the contradiction is about several.
    pub resident: Option<ResidentRow>,
    /// Who, when, where.
    pub by: Provenance,
    /// Which of the other sides its author had not seen (they were made apart). What cannot be
    /// known is not among them.
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
        /// The total, when the doses in words can be added up, e.g. `6 mg`.
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
    /// Until decided, the allergy counts as this bad.
    SeverityCounts {
        /// The substance.
        substance: String,
        /// The worst severity.
        severity: Severity,
    },
    /// The resident is shown as gone, and the dose as given.
    GivenAfterLeaving {
        /// Medicine; empty while its order has not arrived.
        medicine: String,
        /// Dose in words.
        dose: String,
        /// Discharged or deceased.
        status: ResidentStatus,
        /// When that began.
        since: StatedInstant,
    },
    /// The order is shown as ended, and the dose as given.
    GivenAfterEnd {
        /// Medicine.
        medicine: String,
        /// Dose in words.
        dose: String,
        /// When the order ended.
        ended: End,
        /// Local date of the slot.
        date: Date,
        /// Local time of the slot.
        time: Option<TimeOfDay>,
    },
    /// All versions are shown; whoever gives a dose is asked first.
    VersionsDiffer {
        /// Medicine, of the newest.
        medicine: String,
        /// The first end among them, if one ends it.
        ends: Option<End>,
        /// High-alert medicine.
        high_alert: bool,
    },
    /// Both orders are due; whoever gives a dose of either is asked first.
    OrderedTwice {
        /// Medicine, of the newest.
        medicine: String,
        /// High-alert medicine.
        high_alert: bool,
    },
    /// The dose is shown as given in its slot.
    GivenOutOfTime {
        /// Medicine.
        medicine: String,
        /// Dose in words.
        dose: String,
        /// When it was given, as stated.
        given: StatedInstant,
        /// Local date of the slot.
        date: Date,
        /// Local time of the slot.
        time: TimeOfDay,
    },
    /// Until decided, sets are scored on this scale.
    ScaleCounts {
        /// The scale.
        scale: domain::journal::SaturationScale,
    },
    /// The number finds all of them.
    NumberShared {
        /// The record number.
        number: String,
    },
    /// Until decided, the newest is shown.
    NewestShown,
    /// By one of them the resident has died, by another not. Until decided, the newest is shown.
    DeathApart,
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
