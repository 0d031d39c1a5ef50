//! Facts of a resident's journal. The subject of each is the resident.

mod observations;

pub use observations::{Observations, Unread, Unstated};

use crate::chart::OrderId;
use crate::directory::{Date, TimeOfDay};
use crate::quantity::Quantity;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A dose slot. Two doses contradict each other when order, date and time agree, whatever the
/// version.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
pub struct Slot {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Its version as the author saw it.
    #[n(1)]
    pub version: u32,
    /// Local date.
    #[n(2)]
    pub date: Date,
    /// Local time; `None` for a dose given as needed.
    #[n(3)]
    pub time: Option<TimeOfDay>,
}

/// Why a dose was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum NotGiven {
    /// The resident refused.
    #[n(0)]
    Refused,
    /// Held on clinical grounds.
    #[n(1)]
    Held,
    /// The resident was away.
    #[n(2)]
    Away,
    /// Nothing by mouth.
    #[n(3)]
    NothingByMouth,
    /// Vomited.
    #[n(4)]
    Vomited,
    /// The medicine was not there.
    #[n(5)]
    Unavailable,
    /// Another reason, in words.
    #[n(6)]
    Other,
}

/// A dose, given or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Dose {
    /// Which.
    #[n(0)]
    pub slot: Slot,
    /// `None`: given. Else why not.
    #[cbor(n(1), decode_with = "crate::strict::option")]
    pub not_given: Option<NotGiven>,
    /// Words; mandatory with [`NotGiven::Other`].
    #[n(2)]
    pub comment: Option<String>,
}

/// What is measured.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Measure {
    /// Breathing rate.
    #[n(0)]
    RespiratoryRate,
    /// Oxygen saturation.
    #[n(1)]
    OxygenSaturation,
    /// Systolic blood pressure.
    #[n(2)]
    Systolic,
    /// Diastolic blood pressure.
    #[n(3)]
    Diastolic,
    /// Pulse.
    #[n(4)]
    Pulse,
    /// Temperature.
    #[n(5)]
    Temperature,
    /// Weight.
    #[n(6)]
    Weight,
    /// Pain, 0 to 10.
    #[n(7)]
    Pain,
    /// Glucose.
    #[n(8)]
    Glucose,
    /// Oxygen flow.
    #[n(9)]
    OxygenFlow,
    /// Height or length of the body.
    #[n(10)]
    Height,
    /// Head circumference.
    #[n(11)]
    HeadCircumference,
    /// Body mass index.
    #[n(12)]
    BodyMassIndex,
    /// Urine passed.
    #[n(13)]
    UrineOutput,
    /// Fluid taken by mouth.
    #[n(14)]
    FluidIntake,
}

/// Why a measure is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Absent {
    /// The resident declined.
    #[n(0)]
    Declined,
    /// It could not be measured.
    #[n(1)]
    NotMeasurable,
    /// No equipment.
    #[n(2)]
    NoEquipment,
    /// Asleep, not to be woken.
    #[n(3)]
    Asleep,
}

impl Absent {
    /// All, in their order.
    pub const ALL: [Absent; 4] = [
        Absent::Declined,
        Absent::NotMeasurable,
        Absent::NoEquipment,
        Absent::Asleep,
    ];
}

/// One value, or why it is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(flat)]
pub enum Reading {
    /// Measured.
    #[n(0)]
    Value(#[n(0)] Quantity),
    /// Not measured.
    #[n(1)]
    Absent(#[n(0)] Absent),
}

/// Consciousness on the ACVPU scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Consciousness {
    /// Alert.
    #[n(0)]
    Alert,
    /// New confusion.
    #[n(1)]
    Confusion,
    /// Responds to voice.
    #[n(2)]
    Voice,
    /// Responds to pain.
    #[n(3)]
    Pain,
    /// Unresponsive.
    #[n(4)]
    Unresponsive,
}

/// Which saturation scale of NEWS2 applies.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum SaturationScale {
    /// Scale 1.
    #[default]
    #[n(0)]
    One,
    /// Scale 2 (target 88–92 %), only by a prescriber's recorded decision.
    #[n(1)]
    Two,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Note {
    /// The words.
    #[n(0)]
    pub text: String,
}
