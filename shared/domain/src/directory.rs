//! Facts of the `directory` stream: the house and its people.

use crate::entry::{ResidentId, SpaceId};
use ids::EntryKey;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A wall-clock time of day. CBOR: `[hour, minute]`; JSON: `"08:00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// A calendar date as stated. CBOR: `[year, month, day]`; JSON: `"2026-11-21"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Date {
    /// Year, proleptic Gregorian, 1 to 9999.
    pub year: i16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// Units a home measures in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum MeasureSystem {
    /// °C, kg.
    #[n(0)]
    Metric,
    /// °F, lb.
    #[n(1)]
    UsCustomary,
}

/// A shift: its name and when it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Shift {
    /// As the home calls it.
    #[n(0)]
    pub name: String,
    /// When it begins; it ends when the next one does.
    #[n(1)]
    pub begins: TimeOfDay,
}

/// Settings of the facility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Settings {
    /// Name of the home.
    #[n(0)]
    pub name: String,
    /// IANA time zone.
    #[n(1)]
    pub time_zone: String,
    /// Units of measure.
    #[n(2)]
    pub measures: MeasureSystem,
    /// Usual dose times.
    #[n(3)]
    pub dose_times: Vec<TimeOfDay>,
    /// Shifts in order of the day.
    #[n(4)]
    pub shifts: Vec<Shift>,
    /// Minutes before and after its time in which a dose is neither early nor late.
    #[n(5)]
    pub dose_window_minutes: u16,
    /// Prefix of record numbers, e.g. `MH`.
    #[n(6)]
    pub record_prefix: String,
}

/// A unit (wing, ward).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Unit {
    /// Its id.
    #[n(0)]
    pub id: SpaceId,
    /// Its name.
    #[n(1)]
    pub name: String,
}

/// A room of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Room {
    /// Its id.
    #[n(0)]
    pub id: SpaceId,
    /// The unit it belongs to.
    #[n(1)]
    pub unit: SpaceId,
    /// Its name, e.g. `12`.
    #[n(2)]
    pub name: String,
}

/// A bed of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Bed {
    /// Its id.
    #[n(0)]
    pub id: SpaceId,
    /// The room it stands in.
    #[n(1)]
    pub room: SpaceId,
    /// Its name within the home, e.g. `12A`.
    #[n(2)]
    pub name: String,
}

/// What somebody does in the home; grants follow from it. CBOR: its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Registered nurse.
    RegisteredNurse,
    /// Health information (records) coordinator.
    RecordsCoordinator,
    /// Administrator.
    Administrator,
    /// Care assistant.
    CareAssistant,
    /// Physician or other clinician.
    Clinician,
    /// Volunteer.
    Volunteer,
    /// Executive.
    Executive,
    /// Privacy officer.
    PrivacyOfficer,
    /// Auditor.
    Auditor,
    /// A role of a newer version, by its number: whoever has it keeps name and credential.
    Newer(u64),
}

impl Role {
    /// All this version knows, in the order of their numbers.
    pub const ALL: [Role; 9] = [
        Role::RegisteredNurse,
        Role::RecordsCoordinator,
        Role::Administrator,
        Role::CareAssistant,
        Role::Clinician,
        Role::Volunteer,
        Role::Executive,
        Role::PrivacyOfficer,
        Role::Auditor,
    ];

    /// Its number in entries and keyslots. Fixed for ever.
    pub const fn number(self) -> u64 {
        match self {
            Role::RegisteredNurse => 0,
            Role::RecordsCoordinator => 1,
            Role::Administrator => 2,
            Role::CareAssistant => 3,
            Role::Clinician => 4,
            Role::Volunteer => 5,
            Role::Executive => 6,
            Role::PrivacyOfficer => 7,
            Role::Auditor => 8,
            Role::Newer(number) => number,
        }
    }

    /// The role of a number.
    pub fn from_number(number: u64) -> Self {
        Self::ALL
            .into_iter()
            .find(|role| role.number() == number)
            .unwrap_or(Role::Newer(number))
    }
}

impl<C> Encode<C> for Role {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u64(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Role {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.u64().map(Role::from_number)
    }
}

/// A member of staff. The subject is the roster's person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Staff {
    /// Given names.
    #[n(0)]
    pub given: String,
    /// Family name.
    #[n(1)]
    pub family: String,
    /// Role.
    #[n(2)]
    pub role: Role,
    /// Letters after the name, e.g. `RN`.
    #[n(3)]
    pub credential: Option<String>,
}

/// A name as it stands beside entries: `M. Okafor`.
pub fn short_name(given: &str, family: &str) -> String {
    match given.trim().chars().next() {
        Some(initial) => format!("{initial}. {}", family.trim()),
        None => family.trim().to_owned(),
    }
}

/// What a device is called. The subject is the roster's device. Said once by each device itself,
/// when somebody first signs in there; the roster, which the relay reads, names none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Device {
    /// As its label says, e.g. `East wing tablet 2`.
    #[n(0)]
    pub name: String,
}

/// Display name of a resident. The subject is the resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct ResidentName {
    /// Given names.
    #[n(0)]
    pub given: String,
    /// Family name.
    #[n(1)]
    pub family: String,
}

/// What kind of census event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum MoveKind {
    /// Came to live here.
    #[n(0)]
    Admission,
    /// Another bed.
    #[n(1)]
    BedChange,
    /// Left for a while; the bed is held.
    #[n(2)]
    LeaveBegins,
    /// Came back.
    #[n(3)]
    LeaveEnds,
    /// Left for good.
    #[n(4)]
    Discharge,
    /// Died.
    #[n(5)]
    Death,
}

/// A census event. The subject is the resident, the stated instant when it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Move {
    /// The resident (also the subject).
    #[n(0)]
    pub resident: ResidentId,
    /// What happened.
    #[n(1)]
    pub what: MoveKind,
    /// The bed, for admission and bed change.
    #[n(2)]
    pub bed: Option<SpaceId>,
    /// Words.
    #[n(3)]
    pub comment: Option<String>,
    /// The resident's last move its author knew of. Two that name the same were made apart.
    #[n(4)]
    pub after: Option<EntryKey>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_initial_and_family_name() {
        assert_eq!(short_name("Maria Luz", "Okafor"), "M. Okafor");
        assert_eq!(short_name(" ", "Okafor"), "Okafor");
        assert_eq!(short_name("Élodie", "Brun"), "É. Brun");
    }
}
