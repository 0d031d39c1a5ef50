//! What an entry must be before its author may save it: mandatory fields, bounds, plausible values,
//! nothing that lies in the future.
//!
//! These rules are for authors. What arrives from others is held to the bounds of `codec.rs` and to
//! `verdict.rs`, which never change: a rule that tightens must never hide what was entered under the
//! older one.

mod chart;
mod directory;
mod journal;
mod meta;
mod text;

pub use text::is_hidden;

use crate::entry::{Entry, Fact};
use crate::quantity::{Decimal, Unit};
use crate::{clock, deterministic, verdict};
use core::fmt;
use ids::UnixMillis;
use ids::limits::{ENTRY_BYTES, SUPERSEDES};

/// Bounds of what people type. Bytes of UTF-8 where nothing else is said.
pub mod bounds {
    /// Of a name of a person, place, medicine or shift.
    pub const NAME_BYTES: usize = 200;
    /// Of a line: a dose, a route, a reaction, a credential, a code.
    pub const LINE_BYTES: usize = 500;
    /// Of a comment or reason.
    pub const COMMENT_BYTES: usize = 4_000;
    /// Of a note or addendum.
    pub const NOTE_BYTES: usize = ids::limits::STRING_BYTES;
    /// Times of day of an order, or usual ones of a home.
    pub const TIMES: usize = 48;
    /// Shifts of a day.
    pub const SHIFTS: usize = 12;
    /// Longest dose window in minutes.
    pub const DOSE_WINDOW_MINUTES: u16 = 720;
    /// Longest pause between two doses as needed that an order may ask for, in minutes.
    pub const APART_MINUTES: u16 = 24 * 60;
    /// Most doses as needed within 24 hours that an order may allow.
    pub const MOST_IN_A_DAY: u16 = 48;
    /// Entries that one signature or resolution names.
    pub const NAMED: usize = 256;
    /// Greatest age in years.
    pub const AGE_YEARS: u16 = 130;
    /// How far a tablet's clock may be behind another's before "happened" is "will happen".
    /// Milliseconds.
    pub const FUTURE_MS: i64 = 5 * 60_000;
}

/// A field that breaks a rule. Carries no patient data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Broken {
    /// Which field, e.g. `reason` or `pulse`.
    pub field: &'static str,
    /// The rule, with its bound.
    pub rule: Rule,
}

/// The rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// A line break, a control character or one that nobody sees where none may be.
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
        least: u16,
        /// Most.
        most: u16,
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
        other: &'static str,
    },
    /// Not of the form it must have.
    Form,
    /// Whom or what the entry is about does not fit what it says.
    Subject,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Mandatory => f.write_str("must not be empty"),
            Rule::TooLong { most } => write!(f, "at most {most} bytes"),
            Rule::TooMany { most } => write!(f, "at most {most}"),
            Rule::Control => f.write_str("must not contain line breaks or control characters"),
            Rule::NoSuch => f.write_str("does not exist"),
            Rule::Future => f.write_str("must not lie in the future"),
            Rule::Before => f.write_str("must not lie before what it follows"),
            Rule::OutOfRange { low, high, unit } => match unit.symbol() {
                "" => write!(f, "between {low} and {high}"),
                symbol => write!(f, "between {low} and {high} {symbol}"),
            },
            Rule::Count { least, most } => write!(f, "{least} to {most}"),
            Rule::WrongUnit => f.write_str("cannot be measured in this unit"),
            Rule::TooFine { places: 0 } => f.write_str("must be a whole number"),
            Rule::TooFine { places } => write!(f, "at most {places} digits after the point"),
            Rule::Order => f.write_str("each once and in order"),
            Rule::Contradicts { other } => write!(f, "does not go with {other}"),
            Rule::Form => f.write_str("not of the expected form"),
            Rule::Subject => f.write_str("is about someone or something else"),
        }
    }
}

/// Checks an entry that its author is about to save at `now`.
///
/// # Errors
/// The first field that breaks a rule.
pub fn entry(entry: &Entry, now: UnixMillis) -> Result<(), Broken> {
    if !clock::is_in_range(entry.stated) {
        return broken("at", Rule::NoSuch);
    }
    if entry.stated.at > now.plus(bounds::FUTURE_MS) {
        return broken("at", Rule::Future);
    }
    if entry.supersedes.len() > SUPERSEDES {
        return broken("supersedes", Rule::TooMany { most: SUPERSEDES });
    }
    subject(entry)?;
    fact(entry)?;
    // Whatever the fields allow together, the entry must fit.
    deterministic::check(&entry.to_cbor()).map_err(|_| Broken {
        field: "entry",
        rule: Rule::TooLong { most: ENTRY_BYTES },
    })
}

/// Whether the subject is of the sort this kind is about.
fn subject(entry: &Entry) -> Result<(), Broken> {
    let fits = verdict::is_about_what_it_says(entry);
    hold(fits, "subject", Rule::Subject)
}

fn fact(entry: &Entry) -> Result<(), Broken> {
    let today = clock::local(entry.stated).date;
    match &entry.fact {
        Fact::Settings(says) => directory::settings(says),
        Fact::Unit(says) => text::name("name", &says.name),
        Fact::Room(says) => text::name("name", &says.name),
        Fact::Bed(says) => text::name("name", &says.name),
        Fact::Staff(says) => directory::staff(says),
        Fact::Device(says) => text::name("name", &says.name),
        Fact::ResidentName(says) => directory::person(&says.given, &says.family),
        Fact::Move(says) => directory::moved(says),
        Fact::Identity(says) => chart::identity(says, today),
        Fact::Problem(says) => chart::problem(says, today),
        Fact::Allergy(says) => chart::allergy(says),
        Fact::CodeStatus(says) => chart::code_status(says),
        Fact::SaturationScale(says) => chart::scale_decision(says, today),
        Fact::Order(says) => chart::order(says),
        Fact::Dose(says) => journal::dose(says, today),
        Fact::Observations(says) => journal::observations(says),
        Fact::Note(says) => text::prose("text", &says.text, bounds::NOTE_BYTES),
        Fact::Addendum(says) => text::prose("text", &says.text, bounds::NOTE_BYTES),
        Fact::Signature(says) => meta::signature(says),
        Fact::Strike(says) => meta::strike(says, &entry.supersedes),
        Fact::Resolution(says) => meta::resolution(says),
    }
}

fn broken<T>(field: &'static str, rule: Rule) -> Result<T, Broken> {
    Err(Broken { field, rule })
}

/// `Ok` when it holds.
fn hold(holds: bool, field: &'static str, rule: Rule) -> Result<(), Broken> {
    if holds { Ok(()) } else { broken(field, rule) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Subject;
    use crate::generate;
    use ids::{CommandId, EntryKey};

    const NOW: UnixMillis = UnixMillis(1_795_000_000_000);

    fn some_note(text: &str) -> Entry {
        Entry {
            command: CommandId::from_bytes([1; 16]),
            line: 0,
            subject: Subject::Resident(crate::ResidentId(CommandId::from_bytes([2; 16]))),
            stated: ids::StatedInstant {
                at: NOW,
                offset_minutes: -360,
            },
            supersedes: Vec::new(),
            fact: Fact::Note(crate::journal::Note { text: text.into() }),
        }
    }

    #[test]
    fn whatever_the_generator_draws_is_valid() {
        let mut draw = generate::counting(7);
        for _ in 0..200 {
            for (kind, _) in Fact::KINDS {
                let entry = generate::entry(kind, NOW, &mut draw).unwrap();
                assert_eq!(super::entry(&entry, NOW), Ok(()), "{entry:?}");
            }
        }
    }

    #[test]
    fn the_future_begins_after_the_clocks_tolerance() {
        let mut note = some_note("slept well");
        note.stated.at = NOW.plus(bounds::FUTURE_MS);
        assert_eq!(entry(&note, NOW), Ok(()));
        note.stated.at = NOW.plus(bounds::FUTURE_MS + 1);
        assert_eq!(entry(&note, NOW), broken("at", Rule::Future));
        note.stated.at = UnixMillis(i64::MIN);
        assert_eq!(entry(&note, NOW), broken("at", Rule::NoSuch));
    }

    #[test]
    fn a_note_is_bounded_at_n_and_n_plus_1() {
        let most = bounds::NOTE_BYTES;
        assert_eq!(entry(&some_note(&"a".repeat(most)), NOW), Ok(()));
        let longer = some_note(&"a".repeat(most + 1));
        assert_eq!(entry(&longer, NOW), broken("text", Rule::TooLong { most }));
        assert_eq!(
            entry(&some_note(" \n\t "), NOW),
            broken("text", Rule::Mandatory)
        );
        assert_eq!(entry(&some_note("one\ntwo\tthree"), NOW), Ok(()));
        assert_eq!(
            entry(&some_note("bell\u{7}"), NOW),
            broken("text", Rule::Control)
        );
    }

    #[test]
    fn supersedes_is_bounded_at_n_and_n_plus_1() {
        let mut note = some_note("slept well");
        let key = |n: i64| EntryKey::from_parts(UnixMillis(n), [0; 10]);
        note.supersedes = (0..).take(SUPERSEDES).map(key).collect();
        assert_eq!(entry(&note, NOW), Ok(()));
        note.supersedes.push(key(1_000));
        let rule = Rule::TooMany { most: SUPERSEDES };
        assert_eq!(entry(&note, NOW), broken("supersedes", rule));
    }

    #[test]
    fn an_entry_is_about_what_it_says() {
        let mut note = some_note("slept well");
        note.subject = Subject::Facility;
        assert_eq!(entry(&note, NOW), broken("subject", Rule::Subject));
    }

    #[test]
    fn rules_are_told_with_their_bounds() {
        let rule = Rule::OutOfRange {
            low: Decimal::whole(25),
            high: Decimal {
                mantissa: 450,
                scale: 1,
            },
            unit: Unit::Celsius,
        };
        let told = Broken {
            field: "temperature",
            rule,
        }
        .to_string();
        assert_eq!(told, "temperature: between 25 and 45.0 °C");
    }
}
