//! The entry: the unit of the record, and the registry of its kinds. Its bytes are in `codec.rs`,
//! the document it lies in is found by `home.rs`.

pub use crate::home::{Document, DocumentKind, Period, Stream};
use crate::{chart, directory, journal, meta};
use ids::{CommandId, EntryKey, StatedInstant};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// One write-once fact with its surroundings. Encoded as one CBOR map with numeric keys (RFC 8949
/// deterministic); keys this version does not know are skipped on reading and survive, because an
/// entry's bytes are never written again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The command that made it; a command that writes to two documents leaves its id in both.
    pub command: CommandId,
    /// Which entry of the command, from 0.
    pub line: u32,
    /// Whom or what it is about.
    pub subject: Subject,
    /// When it happened, as its author stated it.
    pub stated: StatedInstant,
    /// What it replaces. Acts like striking name their target here too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryKey>,
    /// What it says.
    pub fact: Fact,
}

/// Whom or what an entry is about. CBOR: `[tag]` or `[tag, bytes]`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(flat)]
pub enum Subject {
    /// The facility as a whole.
    #[n(0)]
    Facility,
    /// A resident.
    #[n(1)]
    Resident(#[n(0)] ResidentId),
    /// A member of staff: the roster's person.
    #[n(2)]
    Person(#[n(0)] ids::PersonId),
    /// A unit, room, bed or other thing of the house.
    #[n(3)]
    Space(#[n(0)] SpaceId),
    /// A tablet or other device: the roster's device.
    #[n(4)]
    Device(#[n(0)] ids::DeviceId),
}

macro_rules! subject_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
        )]
        #[serde(transparent)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] pub ids::CommandId);

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl core::str::FromStr for $name {
            type Err = ids::ParseIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    };
}

subject_id!(
    /// A resident for life: random, never reused.
    ResidentId
);
subject_id!(
    /// A unit, room or bed.
    SpaceId
);

/// What becomes of two entries of one kind that stand beside each other after a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeClass {
    /// Union; duplicates of meaning are found by rules.
    Event,
    /// Show all, act on the most cautious, until someone with the right resolves.
    SafetyRegister,
    /// The newest is shown, the other beside it; to reconcile when they really differ.
    PlainRegister,
    /// An end is an entry; an edit that did not know of the end survives beside it.
    List,
    /// Cannot be unique offline: show both, one suggestion.
    Claim,
    /// About other entries (sign, strike, addendum, resolution): union.
    About,
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident($type:ty) = $text:literal, $class:ident;)*) => {
        /// What an entry says. One line a kind; adding one means its struct, its line here (with its
        /// row of the merge table) and its projection.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "says", rename_all = "snake_case")]
        pub enum Fact {
            $($(#[$doc])* $name($type),)*
        }

        impl Fact {
            /// Every kind's name, in the order of the registry.
            pub const KINDS: &'static [(&'static str, MergeClass)] =
                &[$(($text, MergeClass::$class)),*];

            /// The name of its kind, as entries carry it.
            pub const fn kind(&self) -> &'static str {
                match self { $(Fact::$name(_) => $text,)* }
            }

            /// Its row of the merge table.
            pub const fn class(&self) -> MergeClass {
                match self { $(Fact::$name(_) => MergeClass::$class,)* }
            }

            /// Appends the fact's own CBOR map.
            pub(crate) fn encode_body<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                match self { $(Fact::$name(says) => e.encode(says)?.ok(),)* }
            }

            /// Reads the CBOR map of a fact of this kind; `None` when the kind is not known here.
            pub(crate) fn decode_body(
                kind: &str,
                d: &mut minicbor::Decoder<'_>,
            ) -> Result<Option<Fact>, minicbor::decode::Error> {
                Ok(Some(match kind {
                    $($text => Fact::$name(d.decode()?),)*
                    _ => return Ok(None),
                }))
            }
        }
    };
}

facts! {
    /// Zone, units of measure, dose times, shifts.
    Settings(directory::Settings) = "settings", PlainRegister;
    /// A unit.
    Unit(directory::Unit) = "unit", PlainRegister;
    /// A room.
    Room(directory::Room) = "room", PlainRegister;
    /// A bed.
    Bed(directory::Bed) = "bed", PlainRegister;
    /// A member of staff.
    Staff(directory::Staff) = "staff", PlainRegister;
    /// The name of a device.
    Device(directory::Device) = "device", PlainRegister;
    /// The display name of a resident, for lists that need no chart.
    ResidentName(directory::ResidentName) = "resident_name", PlainRegister;
    /// Admission, bed change, leave, return, discharge, death.
    Move(directory::Move) = "move", Event;
    /// Identity of a resident.
    Identity(chart::Identity) = "identity", PlainRegister;
    /// A problem (diagnosis).
    Problem(chart::Problem) = "problem", List;
    /// An allergy, or the statement that none is known.
    Allergy(chart::Allergy) = "allergy", SafetyRegister;
    /// Code status.
    CodeStatus(chart::CodeStatus) = "code_status", SafetyRegister;
    /// A prescriber's decision on the saturation scale of NEWS2.
    SaturationScale(chart::ScaleDecision) = "saturation_scale", SafetyRegister;
    /// An order for a medicine.
    Order(chart::Order) = "order", List;
    /// A dose given or not given.
    Dose(journal::Dose) = "dose", Event;
    /// Observations taken together.
    Observations(journal::Observations) = "observations", Event;
    /// A note.
    Note(journal::Note) = "note", Event;
    /// Words added to a signed entry.
    Addendum(meta::Addendum) = "addendum", About;
    /// A signature: the author stands by the entries named.
    Signature(meta::Signature) = "signature", About;
    /// Entered in error, with the reason.
    Strike(meta::Strike) = "strike", About;
    /// A person's decision on a contradiction.
    Resolution(meta::Resolution) = "resolution", About;
}

/// What the bytes of an entry turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// A kind this version knows.
    Known(Entry),
    /// Written by a newer version: a kind not known here, or a known kind that says something not
    /// known here (a further choice of a list, say). Kept, passed on, shown as such; never read
    /// as less than it says. Its surroundings are readable.
    Unknown {
        /// The command that made it.
        command: CommandId,
        /// Which entry of the command.
        line: u32,
        /// The name of the kind.
        kind: String,
        /// Whom or what it is about.
        subject: Subject,
        /// When it happened.
        stated: StatedInstant,
        /// What it replaces.
        supersedes: Vec<EntryKey>,
    },
}
