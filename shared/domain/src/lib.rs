//! What the work is: facts about residents, staff and the house, and the rules over them as pure
//! functions. No I/O, no clock, no cryptography, no Automerge.
//!
//! A [`Fact`] is what one entry says. An [`Entry`] is a fact with what every entry carries: whom
//! it is about, when it happened as its author stated it, which command made it, and which
//! entries it supersedes. Nothing is ever overwritten: correcting, striking, ending, signing and
//! resolving are facts of their own.

#[cfg(test)]
extern crate self as domain;

pub mod adoption;
pub mod attachment;
pub mod audit;
mod calendar;
pub mod census;
pub mod chart;
pub mod clock;
pub mod codec;
pub mod contradictions;
mod decimal;
pub mod deterministic;
pub mod directory;
pub mod doses;
pub mod entry;
pub mod home;
pub mod journal;
mod kind;
pub mod meta;
pub mod news2;
mod partial_date;
mod period;
pub mod plausibility;
pub mod quantity;
pub mod record_number;
pub mod rights;
pub mod runs;
pub mod search;
pub mod slots;
mod strict;
mod typed;
pub mod validate;
pub mod verdict;

#[cfg(test)]
#[path = "../tests/suite/generate.rs"]
mod generate;

pub use calendar::{NotADate, NotATime};
pub use codec::EntryError;
pub use decimal::NotANumber;
pub use entry::{Entry, Fact, MergeClass, Recorded, ResidentId, SpaceId, Subject};
pub use home::{Document, DocumentKind, NoHome, NotAPeriod, Period, Stream};
pub use kind::KnownKind;
pub use partial_date::{Age, PartialDate};
