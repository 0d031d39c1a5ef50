//! When the clock alone changes what is due: the window of a slot opens or ends, a slot has been
//! missed for too long to be listed, an order begins or ends in the middle of a day, the day turns. And
//! where residents are and how they are: the time comes for which a set or a move was stated ahead.

use super::due::{OVERDUE_SHOWN_MS, at_minute, time_of};
use crate::view::{ViewDb, ViewError};
use domain::clock::Zone;
use domain::directory::TimeOfDay;
use domain::validate::bounds;
use ids::UnixMillis;
use std::collections::BTreeSet;

impl ViewDb {
    /// The times of day that orders name, of those kept after a row; and the last row read. Which of
    /// them stand or run is not asked: a turn too many costs one answer, one too few hides a dose.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn order_times(&self, after: i64) -> Result<(BTreeSet<TimeOfDay>, i64), ViewError> {
        let mut statement = self.statement(
            "SELECT times, starts_at, ended_at, max(entry) FROM @.orders WHERE entry > ?1
             GROUP BY times, starts_at, ended_at",
        )?;
        let mut rows = statement.query([after])?;
        let (mut times, mut last) = (BTreeSet::new(), after);
        while let Some(row) = rows.next()? {
            let named: String = row.get(0)?;
            let ends: [Option<u16>; 2] = [row.get(1)?, row.get(2)?];
            times.extend(named.split(' ').filter_map(time_of));
            times.extend(ends.into_iter().flatten().filter_map(at_minute));
            last = last.max(row.get(3)?);
        }
        Ok((times, last))
    }

    /// When the first of the sets and moves begins to count that are stated too far ahead to count now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn next_to_count(&self, now: UnixMillis) -> Result<Option<UnixMillis>, ViewError> {
        let until = now.plus(bounds::FUTURE_MS);
        let first: Option<i64> = self
            .statement(
                "SELECT min(e.stated_ms) FROM @.residents r CROSS JOIN @.entries e
                 ON e.resident = r.resident AND e.state = 0 AND e.stated_ms > ?1
                    AND e.kind IN ('move', 'observations')
                 WHERE r.newest > ?1",
            )?
            .query_row([until.0], |row| row.get(0))?;
        Ok(first.map(|stated| UnixMillis(stated).plus(-bounds::FUTURE_MS)))
    }
}

/// The first instant after `now` at which a slot at one of these times changes by itself, or the day
/// turns.
pub(crate) fn next_turn(
    zone: &Zone,
    window_ms: i64,
    times: &BTreeSet<TimeOfDay>,
    now: UnixMillis,
) -> Option<UnixMillis> {
    let today = zone.date(now);
    let midnight = zone.day(today).map(|(_, end)| end);
    let days = [-1, 0, 1].into_iter().filter_map(|n| today.plus_days(n));
    let slots = days.flat_map(|day| {
        times
            .iter()
            .filter_map(move |time| zone.instant(day, *time))
    });
    // A window and the time for which a missed slot is listed have their last millisecond in them.
    let of_slot = |at: UnixMillis| {
        [-window_ms, 0, window_ms + 1, OVERDUE_SHOWN_MS + 1].map(|after| at.plus(after))
    };
    let turns = slots.flat_map(of_slot).chain(midnight);
    turns.filter(|at| *at > now).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn turns(from: &str, count: usize) -> Vec<String> {
        let zone = Zone::named("America/Chicago").unwrap();
        let at = |hour, minute| TimeOfDay::new(hour, minute).unwrap();
        let times = BTreeSet::from([at(8, 0), at(23, 30)]);
        let (day, time) = from.split_once(' ').unwrap();
        let (hour, minute) = time.split_once(':').unwrap();
        let time = at(hour.parse().unwrap(), minute.parse().unwrap());
        let mut now = zone.instant(day.parse().unwrap(), time).unwrap();
        let mut found = Vec::new();
        for _ in 0..count {
            now = next_turn(&zone, 60 * MINUTE, &times, now).unwrap();
            let local = zone.local(now);
            found.push(format!("{} {}", String::from(local.date), local.time));
        }
        found
    }

    #[test]
    fn a_list_turns_when_windows_open_and_end_and_at_midnight() {
        let expected = [
            "2026-11-20 07:00",
            "2026-11-20 08:00",
            // One millisecond after the window, and when yesterday's has been missed for a day.
            "2026-11-20 08:00",
            "2026-11-20 09:00",
            "2026-11-20 22:30",
            "2026-11-20 23:30",
            "2026-11-20 23:30",
            "2026-11-21 00:00",
            "2026-11-21 00:30",
            "2026-11-21 07:00",
        ];
        assert_eq!(turns("2026-11-20 06:30", 10), expected);
    }

    #[test]
    fn the_day_turns_where_no_order_names_a_time_and_when_the_clocks_change() {
        let zone = Zone::named("America/Chicago").unwrap();
        let noon = TimeOfDay::new(12, 0).unwrap();
        for (day, hours) in [("2026-10-31", 12), ("2026-11-01", 12), ("2026-03-08", 12)] {
            let now = zone.instant(day.parse().unwrap(), noon).unwrap();
            let turn = next_turn(&zone, 60 * MINUTE, &BTreeSet::new(), now).unwrap();
            assert_eq!(turn.since(now), hours * 60 * MINUTE, "{day}");
        }
        // From the first of two midnights of a day that has 25 hours.
        let now = zone.instant("2026-11-01".parse().unwrap(), TimeOfDay::new(0, 0).unwrap());
        let turn = next_turn(&zone, 60 * MINUTE, &BTreeSet::new(), now.unwrap()).unwrap();
        assert_eq!(turn.since(now.unwrap()), 25 * 60 * MINUTE);
    }
}
