//! The list of residents: searched and sorted on the roll, shown in full for the page alone.

use super::Asked;
use super::roll::Person;
use crate::view::{ViewDb, ViewError};
use domain::directory::{Date, TimeOfDay};
use domain::entry::{ResidentId, SpaceId};
use domain::search::Query as SearchQuery;
use ids::{CommandId, UnixMillis};
use interface::{Refusal, ResidentOrder, ResidentsView};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How far from its slot's day a dose may have been stated to be shown with that day.
const DAYS_AROUND_MS: i64 = 2 * 24 * 3_600_000;

/// A local day and its zone: for what is due.
pub(super) struct Day {
    /// The local date.
    pub(super) date: Date,
    /// The home's zone.
    zone: domain::clock::Zone,
    /// Milliseconds before and after its time in which a dose is neither early nor late.
    pub(super) window_ms: i64,
}

impl Day {
    /// When a time of day falls on this day.
    pub(super) fn at(&self, time: TimeOfDay) -> Option<UnixMillis> {
        self.zone.instant(self.date, time)
    }

    /// The local date at an instant.
    fn date_at(&self, at: UnixMillis) -> Date {
        self.zone.date(at)
    }

    /// The day and what lies around it; `None` for a date that does not exist.
    pub(super) fn around(&self) -> Option<(UnixMillis, UnixMillis)> {
        let (from, to) = self.zone.day(self.date)?;
        Some((from.plus(-DAYS_AROUND_MS), to.plus(DAYS_AROUND_MS)))
    }
}

/// Today, and the days beside it of which a slot may stand among what is due: midnight takes no
/// dose from the list.
pub(super) struct DueDays {
    /// The local date now.
    pub(super) today: Date,
    /// Yesterday, today, and tomorrow if its first windows have opened.
    pub(super) days: Vec<Day>,
}

impl DueDays {
    /// The first of them and the last.
    pub(super) fn ends(&self) -> (Date, Date) {
        let end = |day: Option<&Day>| day.map_or(self.today, |day| day.date);
        (end(self.days.first()), end(self.days.last()))
    }
}

impl ViewDb {
    /// The highest gravity among waiting findings, by resident.
    fn gravest_waiting(&self) -> Result<BTreeMap<ResidentId, i64>, ViewError> {
        let mut statement = self.statement(
            "SELECT r.resident, max(f.gravity) FROM @.findings f
             JOIN @.finding_residents r ON r.scope = f.scope AND r.id = f.id
             WHERE f.waiting = 1 GROUP BY r.resident",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((ResidentId(CommandId::from_bytes(row.get(0)?)), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Asked<'_> {
    pub(super) fn residents(
        &self,
        order: ResidentOrder,
        unit: Option<SpaceId>,
        search: &str,
        limit: u32,
    ) -> Result<ResidentsView, Refusal> {
        let wanted = SearchQuery::parse(search);
        let roll = self.views.roll.of(self.views, self.now)?;
        let mut found: Vec<&Person> = roll
            .0
            .iter()
            // Of some nothing but a dose has arrived yet; and who left is found by searching only.
            .filter(|person| person.is_named())
            .filter(|person| person.is_here || !wanted.is_empty())
            .filter(|person| unit.is_none() || person.unit == unit)
            .filter(|person| wanted.is_empty() || person.searchable().matches(&wanted))
            .collect();
        // The roll stands by room, which also decides where another order leaves a tie.
        match order {
            ResidentOrder::Room => {}
            ResidentOrder::Name => found.sort_by(|a, b| a.name.cmp(&b.name)),
            ResidentOrder::Need => self.sort_by_need(&mut found)?,
        }
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let days = self.due_days()?;
        let page = usize::try_from(limit.min(super::MOST_ROWS)).unwrap_or(usize::MAX);
        let residents = found
            .into_iter()
            .take(page)
            .map(|person| self.row_in(&person.resident, person.room.clone(), &days))
            .collect::<Result<_, _>>()?;
        Ok(ResidentsView { residents, total })
    }

    /// Waiting contradictions, then the score, then doses past their window.
    fn sort_by_need(&self, found: &mut [&Person]) -> Result<(), Refusal> {
        let mut waiting: BTreeMap<ResidentId, i64> = BTreeMap::new();
        for view in self.open() {
            for (resident, gravity) in view.gravest_waiting()? {
                let known = waiting.entry(resident).or_default();
                *known = (*known).max(gravity);
            }
        }
        let late = self.late_doses()?;
        found.sort_by_cached_key(|person| {
            let contradicted = waiting.get(&person.resident).copied().unwrap_or(-1);
            let late = late.get(&person.resident).copied().unwrap_or(0);
            let late = if person.has_left { 0 } else { late };
            Reverse((contradicted, person.need, late))
        });
        Ok(())
    }

    /// The day's zone and window.
    pub(super) fn day(&self, date: Date) -> Result<Day, Refusal> {
        let settings = self.settings()?;
        Ok(Day {
            date,
            zone: self.zone()?,
            window_ms: i64::from(settings.dose_window_minutes) * 60_000,
        })
    }

    /// Today and the days beside it of which something may be due.
    pub(super) fn due_days(&self) -> Result<DueDays, Refusal> {
        let today = self.day(self.today()?)?;
        let last = today.date_at(self.now.plus(today.window_ms));
        let yesterday = today.date.plus_days(-1).unwrap_or(today.date);
        let mut days = Vec::new();
        for date in [yesterday, today.date, last] {
            if days.last().is_none_or(|day: &Day| day.date < date) {
                days.push(self.day(date)?);
            }
        }
        Ok(DueDays {
            today: today.date,
            days,
        })
    }

    /// The home's zone; UTC when it is not known.
    fn zone(&self) -> Result<domain::clock::Zone, Refusal> {
        let named = domain::clock::Zone::named(&self.settings()?.time_zone);
        Ok(named.unwrap_or(domain::clock::Zone::UTC))
    }

    /// The local time of day now.
    pub(super) fn local_time(&self) -> Result<TimeOfDay, Refusal> {
        Ok(self.zone()?.local(self.now).time)
    }

    /// The local date now.
    pub(super) fn today(&self) -> Result<Date, Refusal> {
        Ok(self.zone()?.date(self.now))
    }
}
