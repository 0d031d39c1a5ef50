//! A resident's chart: the day, observations, notes, and what stands.

use super::{BannerView, ContradictionView, News2View, SlotView};
use domain::chart::{Allergy, CodeStatus, Identity, Order, Problem, ScaleDecision};
use domain::journal::Observations;
use ids::{DeviceId, EntryKey, PersonId, StatedInstant, UnixMillis};
use serde::{Deserialize, Serialize};

/// Who entered something, when and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Entry.
    pub entry: EntryKey,
    /// Person.
    pub person: PersonId,
    /// Name to show, `M. Okafor`.
    pub name: String,
    /// Letters after the name.
    pub credential: Option<String>,
    /// Device.
    pub device: DeviceId,
    /// Its name, or its short id.
    pub device_name: String,
    /// When it happened.
    pub stated: StatedInstant,
    /// Whether that is in the future, by the clock here: some tablet's clock is or was wrong.
    #[serde(default)]
    pub ahead: bool,
    /// When it was recorded.
    pub recorded: UnixMillis,
    /// Whether it has a place in the relay's log.
    pub stored: bool,
}

/// What matters today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodayView {
    /// Slots with nothing charted that are still to come today, due, or missed within a day, in order
    /// of day and time.
    pub due: Vec<SlotView>,
    /// Latest observations.
    pub observations: Option<ObservationRow>,
    /// Notes of the last 24 hours.
    pub notes: Vec<NoteRow>,
    /// Running problems.
    pub problems: Vec<ProblemRow>,
    /// Waiting contradictions.
    pub contradictions: Vec<ContradictionView>,
}

/// Observations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservationsView {
    /// Sets, newest first.
    pub sets: Vec<ObservationRow>,
    /// How many there are in all.
    pub total: u32,
    /// The saturation scale in force.
    pub scale: domain::journal::SaturationScale,
    /// Whether NEWS2 is meant for the resident today: it is for those of 16 years and more.
    pub is_scored: bool,
    /// The decisions on it that stand.
    pub scale_decisions: Vec<(ScaleDecision, Provenance)>,
}

/// A set of observations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservationRow {
    /// What it says.
    pub observations: Observations,
    /// The saturation scale it is scored on: the one decided for the resident by then.
    pub scale: domain::journal::SaturationScale,
    /// Its score; none of a set in which nothing of it was measured, or of somebody under 16 then.
    pub news2: Option<News2View>,
    /// Who, when, where.
    pub by: Provenance,
    /// Signed by.
    pub signatures: Vec<Provenance>,
}

/// Notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotesView {
    /// Notes, newest first.
    pub notes: Vec<NoteRow>,
    /// How many match in all.
    pub total: u32,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteRow {
    /// The words.
    pub text: String,
    /// Who, when, where.
    pub by: Provenance,
    /// Signed by.
    pub signatures: Vec<Provenance>,
    /// Words added.
    pub addenda: Vec<AddendumRow>,
    /// Whether the person signed in wrote it.
    pub own: bool,
    /// Struck, with the reason.
    pub struck: Option<String>,
}

/// An addendum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddendumRow {
    /// The words.
    pub text: String,
    /// Who, when, where.
    pub by: Provenance,
}

/// A problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemRow {
    /// What it says.
    pub problem: Problem,
    /// Who, when, where.
    pub by: Provenance,
}

/// One of several things that may be said at once of what someone may come to harm by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement<T> {
    /// What it says.
    pub says: T,
    /// Who, when, where.
    pub by: Provenance,
    /// Whether everybody acts on it: the alerts are made of those that count, and of no others.
    pub counts: bool,
}

/// What stands in the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartView {
    /// Banner.
    pub banner: BannerView,
    /// Identities that stand (more than one: contradicted).
    pub identity: Vec<(Identity, Provenance)>,
    /// Allergy statements that stand.
    pub allergies: Vec<Statement<Allergy>>,
    /// Code statuses that stand.
    pub code_status: Vec<Statement<CodeStatus>>,
    /// Problems, running first.
    pub problems: Vec<ProblemRow>,
    /// Orders.
    pub orders: Vec<(Order, Provenance)>,
    /// Waiting contradictions.
    pub contradictions: Vec<ContradictionView>,
}
