//! Residents: rows of lists, the banner, and what to beware of.

use super::ContradictionKind;
use domain::chart::CodeStatusChoice;
use domain::directory::{Date, TimeOfDay};
use domain::entry::ResidentId;
use domain::{Age, PartialDate};
use ids::StatedInstant;
use serde::{Deserialize, Serialize};

/// Residents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidentsView {
    /// Rows.
    pub residents: Vec<ResidentRow>,
    /// How many match in all.
    pub total: u32,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// Good to know.
    Plain,
    /// To note.
    Info,
    /// Beware.
    Warning,
    /// Danger.
    Critical,
}

/// One thing to beware of. The screen has the words; `text` is what was entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "alert", rename_all = "snake_case")]
pub enum Alert {
    /// Code status; most cautious when several stand.
    CodeStatus {
        /// What to act on.
        choice: CodeStatusChoice,
        /// Several answers stand.
        contradicted: bool,
    },
    /// No code status recorded.
    NoCodeStatus,
    /// An allergy.
    Allergy {
        /// Substance.
        text: String,
        /// Reaction.
        reaction: Option<String>,
        /// Danger.
        gravity: Gravity,
    },
    /// None known, and when that was said.
    NoKnownAllergies {
        /// When.
        at: StatedInstant,
    },
    /// Never asked.
    AllergiesUnknown,
    /// "None known" beside an allergy.
    AllergyContradiction,
    /// A newer version wrote something here that this one cannot read. What this one can read is shown
    /// beside it, and is not all there is.
    WrittenByNewer {
        /// What.
        what: Unreadable,
    },
    /// A high-alert medicine is running.
    HighAlert {
        /// Its name.
        medicine: String,
    },
    /// The charts are not open on this tablet: what there is to beware of is not known here.
    ChartNotOpen,
    /// Records of the charts are arriving, or here and not shown yet: no code status or no word of
    /// allergies is shown, and there may be one.
    Arriving,
    /// A set of observations or a move is stated in the future. It counts when its time has come.
    StatedAhead,
    /// More warnings than are shown.
    More {
        /// How many.
        count: u32,
    },
    /// A waiting contradiction of another kind.
    Contradiction {
        /// Its kind.
        kind: ContradictionKind,
    },
}

/// What may not go unseen although it cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// An allergy, or that none is known.
    Allergy,
    /// A code status.
    CodeStatus,
    /// An order for a medicine.
    Order,
    /// Something else in the resident's chart.
    Other,
}

/// One resident in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidentRow {
    /// The resident.
    pub id: ResidentId,
    /// Bed name, empty when none.
    pub room: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Preferred name.
    pub preferred: Option<String>,
    /// Birth date, as far as it is known.
    pub born: Option<PartialDate>,
    /// Age in years today, if the birth date tells it.
    pub age: Option<u16>,
    /// Between which ages, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_between: Option<Age>,
    /// Sex.
    pub sex: domain::chart::Sex,
    /// Record number.
    pub record_number: String,
    /// What to beware of, gravest first.
    pub alerts: Vec<Alert>,
    /// Latest NEWS2.
    pub news2: Option<News2View>,
    /// The next thing due, or overdue.
    pub due: Option<DueView>,
    /// On leave, discharged, deceased: not `present`.
    pub status: ResidentStatus,
}

/// Where a resident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResidentStatus {
    /// Here.
    Present,
    /// Away, bed held.
    OnLeave,
    /// Left.
    Discharged,
    /// Died.
    Deceased,
}

/// A NEWS2 score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct News2View {
    /// Points of what was measured.
    pub score: u8,
    /// Whether a parameter is missing ("incomplete, ≥ score").
    pub incomplete: bool,
    /// Band.
    pub gravity: Gravity,
    /// A single parameter scores 3.
    pub single_three: bool,
    /// When taken.
    pub at: StatedInstant,
}

/// Something due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "due", rename_all = "snake_case")]
pub enum DueView {
    /// Medicines at a local time.
    Medicines {
        /// Day of the slot: today, or the one before or after.
        date: Date,
        /// Slot time.
        time: TimeOfDay,
        /// How many.
        count: u32,
        /// Past its window.
        late: bool,
    },
}

/// The resident banner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BannerView {
    /// As in the list.
    pub row: ResidentRow,
    /// Waiting contradictions of this resident.
    pub to_reconcile: u32,
}
