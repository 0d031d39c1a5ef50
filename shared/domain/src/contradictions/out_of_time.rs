//! A dose said to be given hours away from its slot: mostly it is another day's that was meant, and
//! the right slot reads "given" or stays open.

use super::{Effect, Finding, Kind, Standing, keys};
use crate::chart::Order;
use crate::clock::Zone;
use crate::entry::Fact;
use crate::journal::{Dose, Slot};
use ids::StatedInstant;

/// How long before its slot a dose is out of time.
pub const FAR_BEFORE_MS: i64 = 4 * 3_600_000;
/// How long after its slot it is: nearer to the same time of another day than to its own.
pub const FAR_AFTER_MS: i64 = 12 * 3_600_000;

/// Whether a dose given then is out of the time of its slot, by what the author's clock showed. A
/// dose as needed has no time.
pub fn is_out_of_time(slot: &Slot, given: StatedInstant) -> bool {
    let wall = slot
        .time
        .and_then(|time| Zone::UTC.instant(slot.date, time));
    let shown = given.at.plus(i64::from(given.offset_minutes) * 60_000);
    wall.is_some_and(|slot| {
        let after = shown.since(slot);
        !(-FAR_BEFORE_MS..=FAR_AFTER_MS).contains(&after)
    })
}

/// Doses given out of their time of which nobody says why, each with the version its author saw.
pub(super) fn doses(entries: &[Standing<'_>]) -> Vec<Finding> {
    let found = entries.iter().filter_map(|entry| {
        let Fact::Dose(dose) = entry.fact else {
            return None;
        };
        let slot = dose.slot;
        if !wants_a_word(dose) || !is_out_of_time(&slot, entry.stated) {
            return None;
        }
        let mut versions = entries.iter().filter_map(|of| match of.fact {
            Fact::Order(order)
                if of.subject == entry.subject
                    && (order.order, order.version) == (slot.order, slot.version) =>
            {
                Some((of, order))
            }
            _ => None,
        });
        let (by, order): (&Standing<'_>, &Order) = versions.next()?;
        Some(Finding {
            kind: Kind::DoseOutOfTime,
            subject: entry.subject,
            sides: keys([entry, by]),
            effect: Effect::GivenOutOfTime {
                medicine: order.medicine.clone(),
                dose: order.dose.clone(),
                high_alert: order.high_alert,
                given: entry.stated,
                date: slot.date,
                time: slot.time?,
            },
        })
    });
    found.collect()
}

fn wants_a_word(dose: &Dose) -> bool {
    dose.not_given.is_none() && dose.comment.is_none()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, dose, given, order};
    use super::super::{Gravity, find};
    use super::*;
    use crate::journal::NotGiven;

    const DAY: &str = "2026-11-21";
    /// 2026-11-21T08:00:00Z; the bench's clock shows UTC.
    const EIGHT: i64 = 1_795_248_000_000;

    fn found(at: i64, fact: Fact) -> Option<Finding> {
        let mut bench = Bench::default();
        bench.add(EIGHT - 900 * 60_000, Fact::Order(order(1, 1, "3 mg", true)));
        bench.add(at, fact);
        let mut found = find(&bench.standing(), &[]);
        found.retain(|finding| finding.kind == Kind::DoseOutOfTime);
        found.pop()
    }

    #[test]
    fn a_dose_given_hours_away_from_its_slot_is_named() {
        let of = |at| found(at, given(1, DAY, Some("08:00")));
        assert_eq!(of(EIGHT), None);
        assert_eq!(of(EIGHT - FAR_BEFORE_MS), None);
        assert_eq!(of(EIGHT + FAR_AFTER_MS), None);
        for at in [
            EIGHT - FAR_BEFORE_MS - 60_000,
            EIGHT + FAR_AFTER_MS + 60_000,
        ] {
            let found = of(at).unwrap();
            assert_eq!((found.sides.len(), found.gravity()), (2, Gravity::Critical));
            assert!(matches!(
                found.effect,
                Effect::GivenOutOfTime { given, time, .. }
                    if given.at.0 == at && time.to_string() == "08:00"
            ));
        }
    }

    #[test]
    fn not_given_as_needed_or_told_why_it_is_not() {
        let at = EIGHT - 20 * 3_600_000;
        let held = dose(1, 1, DAY, Some("08:00"), Some(NotGiven::Held));
        assert_eq!(found(at, held), None);
        assert_eq!(found(at, given(1, DAY, None)), None);
        let Fact::Dose(says) = given(1, DAY, Some("08:00")) else {
            panic!()
        };
        let told = Dose {
            comment: Some("taken along on the trip".into()),
            ..says
        };
        assert_eq!(found(at, Fact::Dose(told)), None);
    }

    #[test]
    fn its_other_side_is_the_version_that_it_names_of_its_own_order() {
        let mut bench = Bench::default();
        bench.add(0, Fact::Order(order(2, 2, "1 mg", false)));
        bench.add(0, Fact::Order(order(1, 1, "3 mg", false)));
        let named = bench.add(0, Fact::Order(order(1, 2, "2 mg", true)));
        let late = bench.add(EIGHT + 20 * 3_600_000, dose(1, 2, DAY, Some("08:00"), None));
        let mut found = find(&bench.standing(), &[]);
        found.retain(|finding| finding.kind == Kind::DoseOutOfTime);
        assert_eq!(found.pop().unwrap().sides, [named, late]);
    }

    #[test]
    fn the_time_is_what_the_author_s_clock_showed() {
        let Fact::Dose(says) = given(1, DAY, Some("08:00")) else {
            panic!()
        };
        let at = |at, offset_minutes| StatedInstant {
            at: ids::UnixMillis(at),
            offset_minutes,
        };
        // Eight in the morning in Chicago; and in the evening of the day before.
        assert!(!is_out_of_time(&says.slot, at(EIGHT + 6 * 3_600_000, -360)));
        assert!(is_out_of_time(&says.slot, at(EIGHT - 6 * 3_600_000, -360)));
        assert!(!is_out_of_time(
            &says.slot,
            at(EIGHT + 18 * 3_600_000, -360)
        ));
    }
}
