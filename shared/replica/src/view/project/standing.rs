//! What stands: the state of an entry follows from who supersedes it.
//!
//! An entry is *withheld* when its author had no right at its place, or when it says what cannot be
//! said there; it then supersedes nothing. Else it is *replaced* when an accepted entry that is not
//! a strike names it in `supersedes`, *struck* when only strikes do, and *stands* otherwise. Naming
//! it is not enough: `domain::verdict` says whose it is to say so. A superseder that is itself
//! superseded still supersedes: to bring something back, enter it again. So a state depends on the
//! set of entries only, never on their order.
//!
//! Accepted entries of one author in one document that say the same for the same line of the same
//! command are one entry: one import, made on two tablets. The first in the relay's log is shown, the others are
//! *copies*; what anybody says about one of them is said about all.

use super::scope::Scope;
use super::{Dirty, Touched};
use crate::view::entry::{EntryRow, State, kind_column, resident_bytes, resident_of};
use crate::view::{ViewDb, ViewError};
use domain::PartialDate;
use domain::directory::{Date, TimeOfDay};
use domain::entry::{Recorded, ResidentId};
use domain::verdict::Supersedes;
use ids::EntryKey;
use std::collections::{BTreeMap, BTreeSet};

/// What the changed states of one batch lead to.
#[derive(Default)]
struct Consequences {
    touched: Touched,
    /// Changes to the tallies, by resident, kind and state.
    tallies: BTreeMap<(ResidentId, String, u8), i64>,
    /// Groups of entries in which contradictions must be looked for again.
    scopes: BTreeSet<Scope>,
    /// Residents whose summary may read differently.
    summaries: BTreeSet<ResidentId>,
}

impl ViewDb {
    /// Works out again everything that the batch made doubtful.
    pub(super) fn settle(&self, dirty: &Dirty<'_>) -> Result<Touched, ViewError> {
        let mut then = Consequences::default();
        for (number, entry) in &dirty.fresh {
            self.settle_entry(*number, &entry.key, &entry.recorded, None, &mut then)?;
        }
        for number in &dirty.entries {
            if dirty.fresh.contains_key(number) {
                continue;
            }
            let Some(row) = self.entry_numbered(*number)? else {
                continue;
            };
            self.settle_entry(*number, &row.key, &row.recorded, Some(row.state), &mut then)?;
        }
        // A place changes who had seen what, and that an entry is stored: answers say both anew.
        for number in &dirty.placed {
            if let Some(row) = self.entry_numbered(*number)? {
                then.touch(&row.recorded);
            }
        }
        self.write_tallies(&then.tallies)?;
        // Some groups are known from the summaries; what a summary shows, from the other findings.
        let (mut later, first): (BTreeSet<Scope>, BTreeSet<Scope>) =
            std::mem::take(&mut then.scopes)
                .into_iter()
                .partition(Scope::follows_summaries);
        for scope in &first {
            let changed = self.examine(scope)?;
            then.touched.contradictions |= changed;
            match scope {
                Scope::Register(resident, _) if changed => {
                    then.summaries.insert(*resident);
                }
                // A decision may take a move out of the census and change no finding of the group.
                Scope::Moves(resident) => {
                    then.summaries.insert(*resident);
                }
                Scope::Register(..)
                | Scope::Slot(..)
                | Scope::House(_)
                | Scope::Ending(..)
                | Scope::Orders(_)
                | Scope::Bed(_)
                | Scope::Number(_) => {}
            }
        }
        for resident in &then.summaries {
            later.extend(self.summarize(resident)?);
        }
        for scope in &later {
            then.touched.contradictions |= self.examine(scope)?;
        }
        Ok(then.touched)
    }

    /// Gives one entry its state and collects what follows.
    fn settle_entry(
        &self,
        number: i64,
        key: &EntryKey,
        recorded: &Recorded,
        before: Option<State>,
        then: &mut Consequences,
    ) -> Result<(), ViewError> {
        let after = self.state_of(number, key)?;
        // Also when nothing changed: a decision on it may have come or gone.
        self.scopes_of(recorded, &mut then.scopes)?;
        then.touch(recorded);
        if before == Some(after) {
            return Ok(());
        }
        self.statement("UPDATE @.entries SET state = ?2 WHERE id = ?1")?
            .execute((number, after.number()))?;
        if let Some(resident) = resident_of(recorded.subject()) {
            let mut add = |state: State, by: i64| {
                let kind = kind_column(recorded).into_owned();
                *then
                    .tallies
                    .entry((resident, kind, state.number()))
                    .or_default() += by;
            };
            add(after, 1);
            if let Some(before) = before {
                add(before, -1);
            }
            then.summaries.insert(resident);
        }
        Ok(())
    }

    fn state_of(&self, number: i64, key: &EntryKey) -> Result<State, ViewError> {
        if !self.is_accepted(number)? {
            return Ok(State::Withheld);
        }
        let named = self
            .statement("SELECT 1 FROM @.supersedes WHERE target = ?1")?
            .exists([key.as_str()])?;
        if !named && !self.has_copies(number)? {
            return Ok(State::Stands);
        }
        let Some(row) = self.entry_numbered(number)? else {
            return Ok(State::Stands);
        };
        let copies = self.copies(&row)?;
        if copies.first().is_some_and(|first| first.number != number) {
            return Ok(State::Copy);
        }
        let superseders = self.superseders_among(&copies)?;
        let replaces = |(_, does): &(EntryRow, Supersedes)| *does == Supersedes::Replaces;
        Ok(if superseders.is_empty() {
            State::Stands
        } else if superseders.iter().any(replaces) {
            State::Replaced
        } else {
            State::Struck
        })
    }

    fn write_tallies(
        &self,
        tallies: &BTreeMap<(ResidentId, String, u8), i64>,
    ) -> Result<(), ViewError> {
        let mut statement = self.statement(
            "INSERT INTO @.tallies (resident, kind, state, count) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (resident, kind, state) DO UPDATE SET count = count + ?4",
        )?;
        for ((resident, kind, state), by) in tallies {
            statement.execute((resident_bytes(resident), kind, state, by))?;
        }
        Ok(())
    }

    /// How many entries of a resident are in one of the states; of one kind, or of all.
    pub(in crate::view) fn tally(
        &self,
        resident: &ResidentId,
        kind: Option<&str>,
        states: &[State],
    ) -> Result<u32, ViewError> {
        let mut statement = self.statement(
            "SELECT coalesce(sum(count), 0) FROM @.tallies
             WHERE resident = ?1 AND (?2 IS NULL OR kind = ?2) AND state = ?3",
        )?;
        let mut sum = 0u32;
        for state in states {
            let count: u32 = statement
                .query_row((resident_bytes(resident), kind, state.number()), |row| {
                    row.get(0)
                })?;
            sum = sum.saturating_add(count);
        }
        Ok(sum)
    }
}

impl Consequences {
    fn touch(&mut self, recorded: &Recorded) {
        match resident_of(recorded.subject()) {
            Some(resident) => {
                self.touched.residents.insert(resident);
            }
            None => self.touched.house = true,
        }
    }
}

/// A date as the tables hold it, in calendar order: 20261121.
pub(in crate::view) fn date_number(date: Date) -> i64 {
    i64::from(date.year) * 10_000 + i64::from(date.month) * 100 + i64::from(date.day)
}

/// A birth date as the tables hold it: as [`date_number`], with zeros for what is not known.
pub(in crate::view) fn born_number(born: PartialDate) -> i64 {
    let first = born.first_day();
    match born {
        PartialDate::Year(year) => i64::from(year) * 10_000,
        PartialDate::Month(..) => date_number(first) - i64::from(first.day),
        PartialDate::Day(date) => date_number(date),
    }
}

/// The date that [`born_number`] made a number of.
pub(in crate::view) fn born_of(number: i64) -> Option<PartialDate> {
    let year = i16::try_from(number.div_euclid(10_000)).ok()?;
    let month = u8::try_from(number.rem_euclid(10_000) / 100).ok()?;
    let day = u8::try_from(number.rem_euclid(100)).ok()?;
    let born = match (month, day) {
        (0, _) => PartialDate::Year(year),
        (_, 0) => PartialDate::Month(year, month),
        _ => PartialDate::Day(Date { year, month, day }),
    };
    born.is_valid().then_some(born)
}

/// A time of day as the tables hold it: minutes, -1 for none.
pub(in crate::view) fn time_number(time: Option<TimeOfDay>) -> i64 {
    time.map_or(-1, |time| {
        i64::from(time.hour) * 60 + i64::from(time.minute)
    })
}
