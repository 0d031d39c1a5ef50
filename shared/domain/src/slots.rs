//! Whether a dose belongs to its order: what the author's tablet demands before it charts one.
//!
//! It binds the command, not the record: a dose that others charted is taken as it is, and one that
//! does not fit what stands here is a contradiction with a name (`contradictions::orders`).

use crate::chart::Order;
use crate::directory::{Date, TimeOfDay};
use crate::journal::Slot;
use crate::runs::End;
use ids::StatedInstant;
use serde::{Deserialize, Serialize};

/// Why there is no such slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NoSlot {
    /// This resident has no such order.
    NoSuchOrder,
    /// No version of the order stands: it was entered in error.
    NotStanding,
    /// The order has no version with this number.
    NoSuchVersion,
    /// The order begins later.
    Before {
        /// Its first local day, or the first that it may be.
        starts: Date,
        /// From when on that day, if not from its beginning.
        at: Option<TimeOfDay>,
    },
    /// The order ended.
    After {
        /// When.
        ended: End,
    },
    /// It is not due at this time of day.
    NoSuchTime,
    /// It is given at its times only, never as needed.
    NotAsNeeded,
}

/// Whether a version of an order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// It stands.
    Stands,
    /// It stood until another replaced it.
    Stood,
    /// It was entered in error.
    Struck,
}

/// A version of an order.
#[derive(Clone, Copy, Debug)]
pub struct Version<'o> {
    /// What it says.
    pub order: &'o Order,
    /// Whether that counts.
    pub counts: Counts,
}

impl Order {
    /// Whether it may be given as needed.
    pub fn is_as_needed(&self) -> bool {
        self.as_needed.is_some() || self.times.is_empty()
    }

    /// Whether it has the slot's time of day, or none for a dose as needed.
    fn has_time(&self, slot: &Slot) -> bool {
        match slot.time {
            Some(time) => self.times.contains(&time),
            None => self.is_as_needed(),
        }
    }
}

/// Whether a slot, given or not given then, is one of an order of which these are all versions: of one
/// that stands, or of the one its author saw. That may have been replaced since: what it asked for may
/// have been given before, and be charted after.
///
/// # Errors
/// Why there is no such slot.
pub fn check(slot: &Slot, stated: StatedInstant, versions: &[Version<'_>]) -> Result<(), NoSlot> {
    if versions.is_empty() {
        return Err(NoSlot::NoSuchOrder);
    }
    let stands = |version: &Version<'_>| version.counts == Counts::Stands;
    let seen = |version: &Version<'_>| {
        version.counts != Counts::Struck && version.order.version == slot.version
    };
    if !versions.iter().any(stands) {
        return Err(NoSlot::NotStanding);
    }
    if !versions.iter().any(seen) {
        return Err(NoSlot::NoSuchVersion);
    }
    let counted = || {
        versions
            .iter()
            .filter(|version| stands(version) || seen(version))
            .map(|version| version.order)
    };
    let mut running = counted()
        .filter(|order| order.runs_for(slot, stated))
        .peekable();
    if running.peek().is_some() {
        return if running.any(|order| order.has_time(slot)) {
            Ok(())
        } else if slot.time.is_some() {
            Err(NoSlot::NoSuchTime)
        } else {
            Err(NoSlot::NotAsNeeded)
        };
    }
    // One that had ended by then says more than one that had not begun.
    let ended = counted()
        .filter_map(|order| order.end())
        .filter(|end| end.date <= slot.date)
        .max();
    let begins = |order: &Order| (order.starts.first_day(), order.begins_at());
    Err(match (ended, counted().map(begins).min()) {
        (Some(ended), _) => NoSlot::After { ended },
        (None, Some((starts, at))) => NoSlot::Before { starts, at },
        (None, None) => NoSlot::NoSuchOrder,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Zone;
    use crate::contradictions::samples::order;

    fn slot(version: u32, date: &str, time: Option<&str>) -> Slot {
        Slot {
            order: order(1, 1, "", false).order,
            version,
            date: date.parse().unwrap(),
            time: time.map(|time| time.parse().unwrap()),
        }
    }

    fn running(number: u32, starts: &str, ended: Option<&str>, times: &[&str]) -> Order {
        Order {
            starts: starts.parse().unwrap(),
            ended: ended.map(|ended| ended.parse().unwrap()),
            times: times.iter().map(|time| time.parse().unwrap()).collect(),
            ..order(1, number, "3 mg", false)
        }
    }

    fn checked(orders: &[(&Order, Counts)], slot: Slot) -> Result<(), NoSlot> {
        let versions: Vec<Version<'_>> = orders
            .iter()
            .map(|(order, counts)| Version {
                order,
                counts: *counts,
            })
            .collect();
        let noon = Zone::UTC.instant(slot.date, "12:00".parse().unwrap());
        check(&slot, Zone::UTC.stated(noon.unwrap()), &versions)
    }

    #[test]
    fn a_slot_is_one_of_its_order_s_times_on_a_day_on_which_it_runs() {
        let twice = running(1, "2026-11-10", Some("2026-11-20"), &["08:00", "20:00"]);
        let on = |date, time| checked(&[(&twice, Counts::Stands)], slot(1, date, time));
        for (date, time, expect) in [
            ("2026-11-10", Some("08:00"), Ok(())),
            ("2026-11-20", Some("20:00"), Ok(())),
            ("2026-11-20", Some("12:00"), Err(NoSlot::NoSuchTime)),
            ("2026-11-20", None, Err(NoSlot::NotAsNeeded)),
            (
                "2026-11-09",
                Some("08:00"),
                Err(NoSlot::Before {
                    starts: twice.starts.first_day(),
                    at: None,
                }),
            ),
            (
                "2026-11-21",
                Some("08:00"),
                Err(NoSlot::After {
                    ended: twice.end().unwrap(),
                }),
            ),
        ] {
            assert_eq!(on(date, time), expect, "{date} {time:?}");
        }
    }

    #[test]
    fn an_order_of_which_the_first_day_is_not_known_runs_from_the_first_it_may_be() {
        for (starts, first) in [("2026-11", "2026-11-01"), ("2026", "2026-01-01")] {
            let since = running(1, starts, None, &["08:00"]);
            let on = |date| checked(&[(&since, Counts::Stands)], slot(1, date, Some("08:00")));
            let first: Date = first.parse().unwrap();
            let days = [first, first.plus_days(-1).unwrap()].map(|day| day.to_string());
            assert_eq!(on(&days[0]), Ok(()));
            assert_eq!(
                on(&days[1]),
                Err(NoSlot::Before {
                    starts: first,
                    at: None
                })
            );
        }
    }

    #[test]
    fn a_medicine_stopped_at_eleven_has_its_slot_of_the_morning_and_not_of_the_evening() {
        let stopped = Order {
            ended_at: Some("11:00".parse().unwrap()),
            ..running(2, "2026-11-10", Some("2026-11-20"), &["08:00", "20:00"])
        };
        let on = |date, time| checked(&[(&stopped, Counts::Stands)], slot(2, date, Some(time)));
        assert_eq!(on("2026-11-20", "08:00"), Ok(()));
        let ended = stopped.end().unwrap();
        assert_eq!(on("2026-11-20", "20:00"), Err(NoSlot::After { ended }));
        let begun = Order {
            starts_at: Some("14:00".parse().unwrap()),
            ..running(1, "2026-11-20", None, &["08:00", "20:00"])
        };
        let on = |time| {
            checked(
                &[(&begun, Counts::Stands)],
                slot(1, "2026-11-20", Some(time)),
            )
        };
        assert_eq!(on("20:00"), Ok(()));
        let (starts, at) = (begun.starts.first_day(), begun.starts_at);
        assert_eq!(on("08:00"), Err(NoSlot::Before { starts, at }));
    }

    #[test]
    fn only_what_may_be_given_as_needed_has_doses_without_a_time() {
        let on =
            |order: &Order, time| checked(&[(order, Counts::Stands)], slot(1, "2026-11-21", time));
        let needed = running(1, "2026-11-01", None, &[]);
        assert_eq!(on(&needed, None), Ok(()));
        assert_eq!(on(&needed, Some("08:00")), Err(NoSlot::NoSuchTime));
        let both = Order {
            as_needed: Some("pain".into()),
            ..running(1, "2026-11-01", None, &["08:00"])
        };
        assert_eq!(on(&both, None), Ok(()));
        assert_eq!(on(&both, Some("08:00")), Ok(()));
    }

    #[test]
    fn what_a_replaced_version_asked_for_can_be_charted_late_by_who_saw_it() {
        let first = running(1, "2026-11-01", None, &["08:00"]);
        let stopped = running(2, "2026-11-01", Some("2026-11-20"), &["09:00"]);
        let versions = [(&first, Counts::Stood), (&stopped, Counts::Stands)];
        let ended = stopped.end().unwrap();
        let at_eight = Some("08:00");
        assert_eq!(checked(&versions, slot(1, "2026-11-21", at_eight)), Ok(()));
        let of_the_new = checked(&versions, slot(2, "2026-11-21", at_eight));
        assert_eq!(of_the_new, Err(NoSlot::After { ended }));
        let of_the_new = checked(&versions, slot(2, "2026-11-20", at_eight));
        assert_eq!(of_the_new, Err(NoSlot::NoSuchTime));
        assert_eq!(
            checked(&versions, slot(2, "2026-11-20", Some("09:00"))),
            Ok(())
        );
    }

    #[test]
    fn an_order_that_is_not_there_has_no_slots() {
        let first = running(1, "2026-11-01", None, &["08:00"]);
        let eight = |version| slot(version, "2026-11-21", Some("08:00"));
        assert_eq!(checked(&[], eight(1)), Err(NoSlot::NoSuchOrder));
        for gone in [Counts::Stood, Counts::Struck] {
            let checked = checked(&[(&first, gone)], eight(1));
            assert_eq!(checked, Err(NoSlot::NotStanding));
        }
        let second = running(2, "2026-11-01", None, &["08:00"]);
        let struck = [(&first, Counts::Struck), (&second, Counts::Stands)];
        assert_eq!(checked(&struck, eight(1)), Err(NoSlot::NoSuchVersion));
        assert_eq!(
            checked(&[(&first, Counts::Stands)], eight(2)),
            Err(NoSlot::NoSuchVersion)
        );
    }

    #[test]
    fn a_version_that_stands_counts_beside_the_one_its_author_saw() {
        let seen = running(1, "2026-11-10", None, &["08:00"]);
        let stands = running(2, "2026-11-10", None, &["12:00"]);
        let versions = [(&seen, Counts::Stood), (&stands, Counts::Stands)];
        for time in ["08:00", "12:00"] {
            let at = slot(1, "2026-11-21", Some(time));
            assert_eq!(checked(&versions, at), Ok(()), "{time}");
        }
    }

    #[test]
    fn of_several_versions_the_first_day_and_the_last_are_told() {
        let early = running(1, "2026-11-05", Some("2026-11-10"), &["08:00"]);
        let late = running(2, "2026-11-08", Some("2026-11-20"), &["08:00"]);
        for versions in [[&early, &late], [&late, &early]] {
            let both = versions.map(|order| (order, Counts::Stands));
            let on = |date| checked(&both, slot(1, date, Some("08:00")));
            let starts = early.starts.first_day();
            assert_eq!(on("2026-11-01"), Err(NoSlot::Before { starts, at: None }));
            let ended = late.end().unwrap();
            assert_eq!(on("2026-11-25"), Err(NoSlot::After { ended }));
        }
    }
}
