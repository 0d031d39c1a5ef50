//! A dose given after its order had ended: the end and the dose were entered apart.

use super::{Effect, Finding, Kind, Standing, doses, keys};
use crate::chart::{Order, OrderId};
use crate::entry::{Fact, Subject};
use std::collections::BTreeMap;

/// Doses given for a time after the end of an order, each with the version that ended it. A version
/// that stands and runs then (an edit that did not know of the end) makes the dose right.
pub(super) fn doses_after_end(entries: &[Standing<'_>], orders: &[&Order]) -> Vec<Finding> {
    let mut versions: BTreeMap<(Subject, OrderId), Vec<(&Standing<'_>, &Order)>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Order(order) = entry.fact {
            versions
                .entry((entry.subject, order.order))
                .or_default()
                .push((entry, order));
        }
    }
    let found = entries.iter().filter_map(|entry| {
        let Fact::Dose(dose) = entry.fact else {
            return None;
        };
        let versions = versions
            .get(&(entry.subject, dose.slot.order))
            .filter(|_| dose.not_given.is_none())?;
        let given = entry.stated;
        let runs = |order: &Order| order.runs_for(&dose.slot, given);
        if versions.iter().any(|(_, order)| runs(order)) {
            return None;
        }
        // Of several ends the last: it is the one that would have to be wrong.
        let (ended, by) = versions
            .iter()
            .filter_map(|(by, order)| Some((order.ended_before(&dose.slot, given)?, *by)))
            .max_by_key(|(ended, by)| (*ended, by.key))?;
        let (medicine, words) = doses::words_of(orders, &dose.slot);
        Some(Finding {
            kind: Kind::DoseAfterEnd,
            subject: entry.subject,
            sides: keys([entry, by]),
            effect: Effect::GivenAfterEnd {
                order: dose.slot.order,
                medicine,
                dose: words,
                high_alert: versions.iter().any(|(_, order)| order.high_alert),
                ended,
                date: dose.slot.date,
                time: dose.slot.time,
            },
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, dose, given, order, stands};
    use super::super::{Gravity, find};
    use super::*;
    use crate::journal::NotGiven;

    fn ends(version: u32, ended: &str, high_alert: bool) -> Order {
        Order {
            ended: ended.parse().ok(),
            ..order(1, version, "3 mg", high_alert)
        }
    }

    fn found(bench: &Bench) -> Vec<Finding> {
        let mut found = find(&bench.standing(), &[stands(&order(1, 1, "3 mg", false))]);
        found.retain(|finding| finding.kind == Kind::DoseAfterEnd);
        found
    }

    #[test]
    fn a_dose_after_the_last_day_is_named_with_the_entry_that_ended_the_order() {
        for (high_alert, gravity) in [(false, Gravity::Warning), (true, Gravity::Critical)] {
            let mut bench = Bench::default();
            let end = bench.add(10, Fact::Order(ends(2, "2026-11-20", high_alert)));
            bench.add(20, given(1, "2026-11-20", Some("08:00")));
            assert_eq!(found(&bench), []);
            let late = bench.add(30, given(1, "2026-11-21", Some("08:00")));
            let found = found(&bench).pop().unwrap();
            assert_eq!(
                (found.kind, &found.sides),
                (Kind::DoseAfterEnd, &vec![end, late])
            );
            assert_eq!(found.gravity(), gravity);
            assert!(matches!(
                found.effect,
                Effect::GivenAfterEnd { ended, date, .. }
                    if ended.to_string() == "2026-11-20" && date.to_string() == "2026-11-21"
            ));
        }
    }

    #[test]
    fn a_medicine_stopped_in_the_morning_contradicts_the_dose_of_the_evening_alone() {
        /// 2026-11-21T00:00:00Z; the bench's clock shows UTC.
        const MIDNIGHT: i64 = 1_795_219_200_000;
        let hour = |hour: i64| MIDNIGHT + hour * 3_600_000;
        let mut bench = Bench::default();
        let stopped = Order {
            ended_at: "11:00".parse().ok(),
            ..ends(2, "2026-11-21", true)
        };
        let end = bench.add(hour(11), Fact::Order(stopped));
        bench.add(hour(8), given(1, "2026-11-21", Some("08:00")));
        bench.add(hour(10), given(1, "2026-11-21", None));
        // Charted for a slot a little later, and given before anybody stopped it.
        bench.add(hour(10), given(1, "2026-11-21", Some("11:00")));
        assert_eq!(found(&bench), []);
        let late = bench.add(hour(20), given(1, "2026-11-21", Some("20:00")));
        let found = found(&bench);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].sides, [end, late]);
        assert!(matches!(
            found[0].effect,
            Effect::GivenAfterEnd { ended, .. } if ended.to_string() == "2026-11-21 11:00"
        ));
    }

    #[test]
    fn not_given_or_right_by_another_version_is_no_contradiction() {
        let mut bench = Bench::default();
        bench.add(10, Fact::Order(ends(2, "2026-11-20", false)));
        let held = Some(NotGiven::Held);
        bench.add(20, dose(1, 1, "2026-11-21", Some("08:00"), held));
        bench.add(21, given(2, "2026-11-21", Some("08:00")));
        assert_eq!(found(&bench), []);
        bench.add(30, given(1, "2026-11-21", Some("08:00")));
        assert_eq!(found(&bench).len(), 1);
        let edited = bench.add(40, Fact::Order(order(1, 2, "2 mg", false)));
        assert_eq!(found(&bench), []);
        bench.take(&edited);
        let later = bench.add(50, Fact::Order(ends(2, "2026-11-21", false)));
        assert_eq!(found(&bench), []);
        bench.take(&later);
        assert_eq!(found(&bench).len(), 1);
    }

    #[test]
    fn the_last_of_several_ends_is_named_and_an_order_that_has_not_begun_did_not_end() {
        let mut bench = Bench::default();
        bench.add(10, Fact::Order(ends(2, "2026-11-15", false)));
        bench.add(11, Fact::Order(ends(3, "2026-11-10", false)));
        bench.add(20, given(1, "2026-11-20", Some("08:00")));
        assert!(matches!(
            found(&bench).pop().unwrap().effect,
            Effect::GivenAfterEnd { ended, .. } if ended.to_string() == "2026-11-15"
        ));
        for ended in ["2026-11-30", "2026-11-20"] {
            let mut bench = Bench::default();
            let later = Order {
                starts: "2026-11-25".parse().unwrap(),
                ..ends(2, ended, false)
            };
            bench.add(10, Fact::Order(later));
            bench.add(20, given(1, "2026-11-20", Some("08:00")));
            assert_eq!(found(&bench), [], "{ended}");
        }
    }
}
