//! The demo home "Maple House": who lives there and what was recorded, as the commands its staff
//! would have given. Pure: the same wish gives the same commands for ever. Everything is relative to
//! `now`; the seed drives content, never keys.
//!
//! Residents' commands come as [`Batch`]es, one author each. They name beds, so the house is built
//! first ([`house`], [`settings`]) and its beds are handed in.

mod conditions;
mod doses;
mod journal;
mod names;
mod notes;
mod resident;

use crate::calendar::{Calendar, clock};
use crate::dice::Dice;
use domain::directory::{MeasureSystem, Role, Settings, Shift};
use domain::entry::SpaceId;
use ids::{StatedInstant, UnixMillis};
use interface::Command;
use std::collections::BTreeMap;

/// The zone of the demo home.
pub const ZONE: &str = "America/New_York";
/// Commands of one batch, about: whole residents, so that a document is sealed in few pieces.
const BATCH_COMMANDS: usize = 2_000;

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// How many residents.
    pub residents: u32,
    /// Whether observations, doses and notes are wanted.
    pub history: bool,
    /// Drives content.
    pub seed: u64,
    /// The generator's present.
    pub now: UnixMillis,
}

/// A member of the demo staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Given names.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Role.
    pub role: Role,
    /// Letters after the name.
    pub credential: Option<&'static str>,
}

/// Who gives commands; the place in [`STAFF`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Author {
    /// Founds the home and builds the house.
    Administrator,
    /// Records coordinator: admissions and diagnoses.
    Coordinator,
    /// Registered nurse of the early shift; also takes down what is ordered.
    EarlyNurse,
    /// Registered nurse of the late shift.
    LateNurse,
}

/// The staff, administrator (and founder) first.
pub const STAFF: [(Author, Member); 4] = [
    (
        Author::Administrator,
        member("Ruth", "Adeyemi", Role::Administrator, None),
    ),
    (
        Author::Coordinator,
        member("Inês", "Ferreira", Role::RecordsCoordinator, Some("RHIT")),
    ),
    (
        Author::EarlyNurse,
        member("Mary", "Okafor", Role::RegisteredNurse, Some("RN")),
    ),
    (
        Author::LateNurse,
        member("Jun", "Takeda", Role::RegisteredNurse, Some("RN")),
    ),
];

const fn member(
    given: &'static str,
    family: &'static str,
    role: Role,
    credential: Option<&'static str>,
) -> Member {
    Member {
        given,
        family,
        role,
        credential,
    }
}

/// Commands of one author, in one bulk.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Who gives them.
    pub author: Author,
    /// Each with when it was recorded.
    pub commands: Vec<(StatedInstant, Command)>,
}

/// A unit to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitPlan {
    /// Its name.
    pub name: &'static str,
    /// Its rooms, each with its beds.
    pub rooms: Vec<(String, Vec<String>)>,
}

/// The home's settings.
pub fn settings() -> Settings {
    let shift = |name: &str, hour| Shift {
        name: name.to_owned(),
        begins: clock(hour, 0),
    };
    Settings {
        name: "Maple House".to_owned(),
        time_zone: ZONE.to_owned(),
        measures: MeasureSystem::Metric,
        dose_times: [8, 12, 17, 21].map(|hour| clock(hour, 0)).to_vec(),
        shifts: vec![shift("Early", 7), shift("Late", 15), shift("Night", 23)],
        dose_window_minutes: 60,
        record_prefix: "MH".to_owned(),
    }
}

/// Two units with a bed for every resident and a few empty ones. Every third room is single.
pub fn house(residents: u32) -> Vec<UnitPlan> {
    let beds = residents.saturating_add(residents / 10).saturating_add(2);
    let east = beds.saturating_mul(3) / 5;
    vec![
        wing("East", 1, east),
        wing("West", 1 + (east / 50 + 1) * 50, beds - east),
    ]
}

fn wing(name: &'static str, first: u32, beds: u32) -> UnitPlan {
    let mut rooms = Vec::new();
    let mut left = beds;
    let mut number = first;
    while left > 0 {
        let single = number % 3 == 1 || left == 1;
        let names = if single {
            vec![number.to_string()]
        } else {
            vec![format!("{number}A"), format!("{number}B")]
        };
        left -= if single { 1 } else { 2 };
        rooms.push((number.to_string(), names));
        number += 1;
    }
    UnitPlan { name, rooms }
}

/// Everything recorded on the residents, to be given in this order. `beds` are the ids of the house's beds
/// by name; a resident whose bed is not among them is admitted without one.
pub fn record(wish: &Wish, beds: &BTreeMap<String, SpaceId>) -> Vec<Batch> {
    let calendar = Calendar::new(ZONE);
    let names = bed_names(wish.residents);
    let mut cast = names::Cast::default();
    let mut batches = Batches::default();
    for (number, bed) in (0u64..).zip(&names) {
        let mut dice = Dice::new(wish.seed, number + 1);
        let person = cast.next(number, &mut dice);
        let bed = beds.get(bed).copied();
        let resident = resident::Resident::draw(number, person, bed, wish, &calendar, &mut dice);
        batches.next_resident();
        for (author, at, command) in resident.admission(&calendar) {
            batches.push(author, (at, command));
        }
        if wish.history {
            for (author, at, command) in resident.history(wish, &calendar, &mut dice) {
                batches.push(author, (at, command));
            }
        }
    }
    batches.finish()
}

/// The beds that are taken, the first resident's first: that one has a part to play.
fn bed_names(residents: u32) -> Vec<String> {
    let mut names: Vec<String> = house(residents)
        .into_iter()
        .flat_map(|unit| unit.rooms)
        .flat_map(|(_, beds)| beds)
        .take(usize::try_from(residents).unwrap_or(usize::MAX))
        .collect();
    if let Some(place) = names.iter().position(|name| name == names::FIRST_BED) {
        names.swap(0, place);
    }
    names
}

/// Collects commands by author and cuts them into batches between residents.
#[derive(Default)]
struct Batches {
    open: BTreeMap<Author, Vec<(StatedInstant, Command)>>,
    done: Vec<Batch>,
}

impl Batches {
    fn push(&mut self, author: Author, command: (StatedInstant, Command)) {
        self.open.entry(author).or_default().push(command);
    }

    fn next_resident(&mut self) {
        for (author, commands) in &mut self.open {
            if commands.len() >= BATCH_COMMANDS {
                let commands = std::mem::take(commands);
                self.done.push(Batch {
                    author: *author,
                    commands,
                });
            }
        }
    }

    /// Admissions before orders, orders before doses.
    fn finish(mut self) -> Vec<Batch> {
        for (author, commands) in self.open {
            if !commands.is_empty() {
                self.done.push(Batch { author, commands });
            }
        }
        self.done.sort_by_key(|batch| batch.author);
        self.done
    }
}

#[cfg(test)]
mod tests;
