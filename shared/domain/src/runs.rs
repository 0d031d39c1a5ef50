//! When an order runs: on which days, and on the first and the last of them from and until which
//! time of day. A medicine that is stopped at eleven is due at eight and not at twenty.

use crate::chart::Order;
use crate::clock::{self, Local};
use crate::directory::{Date, TimeOfDay};
use crate::journal::Slot;
use crate::partial_date::PartialDate;
use ids::StatedInstant;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// When an order ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct End {
    /// Its last local day.
    pub date: Date,
    /// From when on that day nothing is due any more; the whole day counts when absent.
    pub at: Option<TimeOfDay>,
}

/// The earlier end first: of one day a time of it before all of it.
impl Ord for End {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |end: &Self| (end.date, end.at.is_none(), end.at);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for End {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{} {at}", self.date),
            None => write!(f, "{}", self.date),
        }
    }
}

impl End {
    /// Whether a time of a day lies after it.
    fn is_before(self, date: Date, time: TimeOfDay) -> bool {
        self.date < date || (self.date == date && self.at.is_some_and(|at| at <= time))
    }
}

impl Order {
    /// When it ends, if it does.
    pub fn end(&self) -> Option<End> {
        self.ended.map(|date| End {
            date,
            at: self.ended_at,
        })
    }

    /// From when on its first day it runs. Beside a day of which a part is not known a time says
    /// nothing.
    pub fn begins_at(&self) -> Option<TimeOfDay> {
        match self.starts {
            PartialDate::Day(_) => self.starts_at,
            PartialDate::Year(_) | PartialDate::Month(..) => None,
        }
    }

    /// Whether it runs on a local day, or on a part of it.
    pub fn runs_on(&self, date: Date) -> bool {
        self.starts.first_day() <= date && self.ended.is_none_or(|ended| date <= ended)
    }

    /// Whether it runs at a time of a local day.
    pub fn runs_at(&self, date: Date, time: TimeOfDay) -> bool {
        let first = self.starts.first_day();
        let begun = first < date || (first == date && self.begins_at().is_none_or(|at| at <= time));
        begun && !self.end().is_some_and(|end| end.is_before(date, time))
    }

    /// Whether it runs for a dose of a slot, given then: one as needed belongs to the time that its
    /// author's clock showed, if that is on its day.
    pub fn runs_for(&self, slot: &Slot, given: StatedInstant) -> bool {
        match time_of(slot, given) {
            Some(time) => self.runs_at(slot.date, time),
            None => self.runs_on(slot.date),
        }
    }

    /// The end that a dose of a slot, given then, came after. What was given before a medicine was
    /// stopped was right, though its slot lay a little later.
    pub fn ended_before(&self, slot: &Slot, given: StatedInstant) -> Option<End> {
        let Local { date, time, .. } = clock::local(given);
        self.end().filter(|end| {
            end.date < slot.date
                || (time_of(slot, given).is_some_and(|time| end.is_before(slot.date, time))
                    && end.is_before(date, time))
        })
    }
}

/// The time of day that counts for a dose.
fn time_of(slot: &Slot, given: StatedInstant) -> Option<TimeOfDay> {
    let Local { date, time, .. } = clock::local(given);
    slot.time.or(Some(time).filter(|_| date == slot.date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contradictions::samples::order;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn time(text: &str) -> TimeOfDay {
        text.parse().unwrap()
    }

    fn stopped() -> Order {
        Order {
            starts: "2026-11-20".parse().unwrap(),
            starts_at: Some(time("14:00")),
            ended: Some(date("2026-11-22")),
            ended_at: Some(time("11:00")),
            ..order(1, 1, "3 mg", true)
        }
    }

    /// An instant on the day of the end, in UTC.
    fn at(text: &str) -> StatedInstant {
        let zone = clock::Zone::UTC;
        zone.stated(zone.instant(date("2026-11-22"), time(text)).unwrap())
    }

    fn slot(text: Option<&str>) -> Slot {
        Slot {
            order: stopped().order,
            version: 1,
            date: date("2026-11-22"),
            time: text.map(time),
        }
    }

    #[test]
    fn an_order_runs_from_its_first_time_until_its_last() {
        let runs = |day, at| stopped().runs_at(date(day), time(at));
        assert!(!runs("2026-11-20", "08:00"));
        assert!(runs("2026-11-20", "14:00"));
        assert!(runs("2026-11-21", "08:00"));
        assert!(runs("2026-11-22", "10:59"));
        assert!(!runs("2026-11-22", "11:00"), "from then on nothing is due");
        assert!(!runs("2026-11-23", "08:00"));
        assert!(stopped().runs_on(date("2026-11-22")));
    }

    #[test]
    fn a_time_beside_half_a_first_day_says_nothing() {
        let month = Order {
            starts: "2026-11".parse().unwrap(),
            ..stopped()
        };
        assert!(month.runs_at(date("2026-11-01"), time("08:00")));
    }

    #[test]
    fn what_was_given_before_a_medicine_was_stopped_did_not_come_after_its_end() {
        let order = stopped();
        let end = order.end();
        assert_eq!(order.ended_before(&slot(Some("20:00")), at("20:05")), end);
        assert_eq!(order.ended_before(&slot(Some("08:00")), at("12:00")), None);
        // Given a little early, and stopped before its hour.
        assert_eq!(order.ended_before(&slot(Some("11:30")), at("10:50")), None);
        assert_eq!(order.ended_before(&slot(None), at("10:50")), None);
        assert_eq!(order.ended_before(&slot(None), at("11:00")), end);
        assert!(order.runs_for(&slot(None), at("10:50")));
        assert!(!order.runs_for(&slot(None), at("11:00")));
        let tomorrow = Slot {
            date: date("2026-11-23"),
            ..slot(Some("08:00"))
        };
        assert_eq!(order.ended_before(&tomorrow, at("10:50")), end);
    }

    #[test]
    fn of_two_ends_on_one_day_a_time_is_earlier_than_the_whole_day() {
        let whole = End {
            date: date("2026-11-22"),
            at: None,
        };
        let at_eleven = stopped().end().unwrap();
        assert!(at_eleven < whole);
        assert_eq!(at_eleven.to_string(), "2026-11-22 11:00");
        assert_eq!(whole.to_string(), "2026-11-22");
    }
}
