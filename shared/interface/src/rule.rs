//! Which field breaks which rule, who may not do what, what is not here: each as a code with its
//! arguments. The words stand in the tables of whoever shows them, one per language.

use domain::quantity::{Decimal, Unit};
use domain::validate::{self, Broken};
use serde::{Deserialize, Serialize};

/// A rule that a field breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// Must not be empty.
    Mandatory,
    /// At most so many bytes.
    TooLong {
        /// Most bytes.
        most: usize,
    },
    /// At most so many.
    TooMany {
        /// Most of them.
        most: usize,
    },
    /// A line break or control character where none may be.
    Control,
    /// Does not exist in the calendar, on the clock, or among time zones.
    NoSuch,
    /// Lies in the future.
    Future,
    /// Lies before what it must follow.
    Before,
    /// Not within its hard limits, in the unit entered.
    OutOfRange {
        /// Lowest value taken.
        low: Decimal,
        /// Highest value taken.
        high: Decimal,
        /// The unit.
        unit: Unit,
    },
    /// Not a number from the first to the second.
    Count {
        /// Least.
        least: u32,
        /// Most.
        most: u32,
    },
    /// One line of at most so many bytes, and not empty.
    Line {
        /// Most bytes.
        most: usize,
    },
    /// A unit that is not one of this measure.
    WrongUnit,
    /// More digits after the point than this measure has.
    TooFine {
        /// Most digits after the point.
        places: u8,
    },
    /// Stands twice, or not in its order.
    Order,
    /// Contradicts another field of the same entry.
    Contradicts {
        /// The other field.
        other: String,
    },
    /// Not of the form it must have.
    Form,
    /// Whom or what the entry is about does not fit what it says.
    Subject,
    /// Given for life.
    ForLife,
    /// Only commands on the record can be given in bulk.
    RecordOnly,
    /// Cannot be given by this version.
    NotYet,
    /// This device's clock is far off.
    FarOff,
}

impl From<validate::Rule> for Rule {
    fn from(rule: validate::Rule) -> Self {
        match rule {
            validate::Rule::Mandatory => Self::Mandatory,
            validate::Rule::TooLong { most } => Self::TooLong { most },
            validate::Rule::TooMany { most } => Self::TooMany { most },
            validate::Rule::Control => Self::Control,
            validate::Rule::NoSuch => Self::NoSuch,
            validate::Rule::Future => Self::Future,
            validate::Rule::Before => Self::Before,
            validate::Rule::OutOfRange { low, high, unit } => Self::OutOfRange { low, high, unit },
            validate::Rule::Count { least, most } => Self::Count {
                least: least.into(),
                most: most.into(),
            },
            validate::Rule::WrongUnit => Self::WrongUnit,
            validate::Rule::TooFine { places } => Self::TooFine { places },
            validate::Rule::Order => Self::Order,
            validate::Rule::Contradicts { other } => Self::Contradicts {
                other: other.to_owned(),
            },
            validate::Rule::Form => Self::Form,
            validate::Rule::Subject => Self::Subject,
        }
    }
}

impl From<Broken> for crate::Refusal {
    fn from(broken: Broken) -> Self {
        Self::Field {
            field: broken.field.to_owned(),
            rule: broken.rule.into(),
        }
    }
}

/// What somebody may not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Enter something of this kind.
    Enter {
        /// The kind, as an entry names it.
        kind: String,
    },
    /// Read charts.
    ReadCharts,
    /// Read the directory.
    ReadDirectory,
    /// Correct a note that is signed or another's.
    CorrectNote,
    /// Sign what another wrote.
    SignForAnother,
    /// Sign what is nobody's to sign: a strike, a decision, the house.
    SignThis,
    /// Add words to what is no signed note.
    AddWords,
    /// Strike what is said anew and never taken away.
    StrikeThis,
    /// Put something in the place of what a newer version wrote.
    ChangeNewer,
    /// Change who and what belongs.
    ChangeRoster,
    /// Deal with what another saved and the relay did not accept.
    DealWith,
    /// Ask for what only tests and support may.
    Inspect,
}

/// What is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// An entry.
    Entry,
    /// A resident.
    Resident,
    /// What holds an entry.
    Envelope,
}

/// What the disk refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum StorageFault {
    /// No space.
    Full,
    /// It cannot be written or read.
    Failed {
        /// What the system said, without data.
        said: String,
    },
    /// What is there is damaged or not Lamplight's.
    Damaged {
        /// What was found, without data.
        said: String,
    },
    /// What is there was written by a newer version.
    Newer,
}
