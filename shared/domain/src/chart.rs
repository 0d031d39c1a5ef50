//! Facts of a resident's chart. The subject of each is the resident.

use crate::directory::{Date, TimeOfDay};
use crate::journal::SaturationScale;
use crate::partial_date::PartialDate;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Sex as recorded for administrative use (FHIR AdministrativeGender).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Sex {
    /// Female.
    #[n(0)]
    Female,
    /// Male.
    #[n(1)]
    Male,
    /// Other.
    #[n(2)]
    Other,
    /// Not known.
    #[n(3)]
    Unknown,
}

/// Identity of a resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Identity {
    /// Given names.
    #[n(0)]
    pub given: String,
    /// Family name.
    #[n(1)]
    pub family: String,
    /// Name the resident wants to be called.
    #[n(2)]
    pub preferred: Option<String>,
    /// Birth date, as far as it is known.
    #[n(3)]
    pub born: Option<PartialDate>,
    /// Administrative sex.
    #[n(4)]
    pub sex: Sex,
    /// Record number for life, e.g. `MH-002417-5`.
    #[n(5)]
    pub record_number: String,
}

/// A coded concept: code, its system, and the words it was entered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Coding {
    /// URI of the system, e.g. `http://hl7.org/fhir/sid/icd-10-cm`.
    #[n(0)]
    pub system: String,
    /// The code.
    #[n(1)]
    pub code: String,
    /// Its words.
    #[n(2)]
    pub display: String,
}

/// A problem (diagnosis). Ending one is a new entry that supersedes it with `ended` set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Problem {
    /// What it is, in words.
    #[n(0)]
    pub text: String,
    /// Its code, if coded.
    #[n(1)]
    pub coding: Option<Coding>,
    /// When it began, as far as it is known.
    #[n(2)]
    pub onset: Option<PartialDate>,
    /// When it ended, as far as it is known.
    #[n(3)]
    pub ended: Option<PartialDate>,
}

/// How bad a reaction was or may be.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Severity {
    /// Mild.
    #[n(0)]
    Mild,
    /// Moderate.
    #[n(1)]
    Moderate,
    /// Severe.
    #[n(2)]
    Severe,
}

/// An allergy, or the statement that none is known. Recording an allergy never supersedes
/// [`Allergy::NoneKnown`]: both stand until a person resolves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(flat)]
pub enum Allergy {
    /// Asked, and none is known.
    #[n(0)]
    NoneKnown,
    /// An allergy or intolerance.
    #[n(1)]
    To(#[n(0)] AllergyTo),
}

/// An allergy or intolerance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct AllergyTo {
    /// The substance, in words.
    #[n(0)]
    pub substance: String,
    /// What happens, in words.
    #[n(1)]
    pub reaction: Option<String>,
    /// How bad.
    #[cbor(n(2), decode_with = "crate::strict::option")]
    pub severity: Option<Severity>,
    /// Where the statement comes from.
    #[n(3)]
    pub source: Option<String>,
}

/// What is to be done if the heart stops, most cautious (most treatment) first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum CodeStatusChoice {
    /// Full treatment, attempt resuscitation.
    #[n(0)]
    FullTreatment,
    /// Resuscitate, with limits stated in words.
    #[n(1)]
    Limited,
    /// Do not resuscitate; other treatment goes on.
    #[n(2)]
    DoNotResuscitate,
    /// Comfort measures only.
    #[n(3)]
    ComfortOnly,
}

/// Code status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct CodeStatus {
    /// The choice.
    #[n(0)]
    pub choice: CodeStatusChoice,
    /// Limits, or where it is written, in words.
    #[n(1)]
    pub comment: Option<String>,
    /// Who stated it (resident, daughter, physician …).
    #[n(2)]
    pub stated_by: Option<String>,
}

/// An order for a medicine. A change of an order is a new entry that supersedes it; ending it is
/// one with `ended` set. All versions share `order`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Order {
    /// Stays over all versions of the order.
    #[n(0)]
    pub order: OrderId,
    /// Version, from 1.
    #[n(1)]
    pub version: u32,
    /// The medicine, e.g. `Warfarin`.
    #[n(2)]
    pub medicine: String,
    /// The dose in words, e.g. `3 mg`.
    #[n(3)]
    pub dose: String,
    /// The route, e.g. `by mouth`.
    #[n(4)]
    pub route: String,
    /// Local times of day at which it is due; empty when only as needed.
    #[n(5)]
    pub times: Vec<TimeOfDay>,
    /// Why it may be given as needed.
    #[n(6)]
    pub as_needed: Option<String>,
    /// First local day, as far as it is known: it runs from the first day that this may mean, since
    /// an order that is due too early is seen, and one that is not due is not.
    #[n(7)]
    pub starts: PartialDate,
    /// Last local day. Always whole: what is given or left out hangs on it, and neither reading of half
    /// a date is the safe one.
    #[n(8)]
    pub ended: Option<Date>,
    /// Who prescribed it.
    #[n(9)]
    pub prescriber: Option<String>,
    /// Whether it is a high-alert medicine.
    #[n(10)]
    pub high_alert: bool,
    /// Least minutes between two doses given as needed.
    #[n(11)]
    pub apart_minutes: Option<u16>,
    /// Most doses given as needed within any 24 hours.
    #[n(12)]
    pub most_in_a_day: Option<u16>,
    /// When a dose is to be held back, in words, e.g. `pulse below 55`.
    #[n(13)]
    pub hold: Option<String>,
    /// From when on the last day nothing is due any more; beside `ended` only. The whole day counts
    /// when absent.
    #[n(14)]
    pub ended_at: Option<TimeOfDay>,
    /// From when on the first day it is due; beside a whole day only. From its beginning when absent.
    #[n(15)]
    pub starts_at: Option<TimeOfDay>,
}

/// A prescriber's decision on which saturation scale of NEWS2 applies to a resident. Without one
/// it is scale 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct ScaleDecision {
    /// The scale.
    #[n(0)]
    pub scale: SaturationScale,
    /// Who decided.
    #[n(1)]
    pub decided_by: String,
    /// The local day on which they did.
    #[n(2)]
    pub decided_on: Date,
    /// Why.
    #[n(3)]
    pub reason: Option<String>,
}

/// Names an order over all its versions.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct OrderId(#[n(0)] pub ids::CommandId);
