//! One medicine ordered twice for one resident, on two tablets: two people entered one prescription,
//! and neither had the other's. No order can know of such a twin by its id, and each is due.

use super::{Effect, Finding, Kind, Standing, keys};
use crate::chart::Order;
use crate::clock::{self, Local};
use crate::directory::TimeOfDay;
use crate::entry::{Fact, Subject};
use crate::search;
use std::collections::BTreeMap;

const MIDNIGHT: TimeOfDay = TimeOfDay { hour: 0, minute: 0 };

/// Orders of one medicine that run side by side. Two strengths of it, or one more as needed, are often
/// meant: who says so once is not asked again.
pub(super) fn ordered<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let mut medicines: BTreeMap<(Subject, String), Vec<(&Standing<'a>, &Order)>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Order(order) = entry.fact {
            let of = (entry.subject, search::name_of(&order.medicine));
            medicines.entry(of).or_default().push((entry, order));
        }
    }
    let found = medicines.into_iter().filter_map(|((subject, _), orders)| {
        let twice: Vec<&(&Standing<'a>, &Order)> = orders
            .iter()
            .filter(|one| orders.iter().any(|other| are_twins(one, other)))
            .collect();
        let (_, newest) = twice.iter().max_by_key(|(entry, _)| entry.key)?;
        Some(Finding {
            kind: Kind::OrderedTwice,
            subject,
            sides: keys(twice.iter().map(|(entry, _)| *entry)),
            effect: Effect::OrderedTwice {
                medicine: newest.medicine.clone(),
                high_alert: twice.iter().any(|(_, order)| order.high_alert),
            },
        })
    });
    found.collect()
}

/// Whether both run at once after the later of them was entered, and were entered on two tablets. What
/// had ended by then, or ends then, was seen to.
fn are_twins((a, one): &(&Standing<'_>, &Order), (b, other): &(&Standing<'_>, &Order)) -> bool {
    if one.order == other.order || a.device == b.device {
        return false;
    }
    let later = if a.stated.at < b.stated.at { b } else { a };
    let Local { date, time, .. } = clock::local(later.stated);
    let begins = |order: &Order| (order.starts.first_day(), order.begins_at());
    let (date, time) = [begins(one), begins(other)]
        .into_iter()
        .map(|(date, time)| (date, time.unwrap_or(MIDNIGHT)))
        .fold((date, time), Ord::max);
    one.runs_at(date, time) && other.runs_at(date, time)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, order};
    use super::super::{Gravity, find};
    use super::*;

    /// 2026-11-21T00:00:00Z; the bench's clock shows UTC.
    const DAY: i64 = 1_795_219_200_000;
    const HOUR: i64 = 3_600_000;

    fn found(bench: &Bench) -> Vec<Finding> {
        let mut found = find(&bench.standing(), &[]);
        found.retain(|finding| finding.kind == Kind::OrderedTwice);
        found
    }

    /// What is found when one is ordered at eight on one tablet and another at nine on another.
    fn with(one: Order, other: Order) -> Vec<Finding> {
        let mut bench = Bench::default();
        bench.add_on(1, DAY + 8 * HOUR, Fact::Order(one));
        bench.add_on(2, DAY + 9 * HOUR, Fact::Order(other));
        found(&bench)
    }

    #[test]
    fn one_medicine_that_two_tablets_ordered_is_named_with_both_orders() {
        for (high_alert, gravity) in [(true, Gravity::Critical), (false, Gravity::Warning)] {
            let mut other = order(2, 1, "5 mg", high_alert);
            other.medicine = " WARFARIN".into();
            let found = with(order(1, 1, "3 mg", false), other);
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].sides.len(), found[0].gravity()), (2, gravity));
            assert!(matches!(
                &found[0].effect,
                Effect::OrderedTwice { medicine, .. } if medicine == " WARFARIN"
            ));
        }
    }

    #[test]
    fn what_one_tablet_ordered_twice_what_is_another_medicine_or_another_version_is_not() {
        let (one, other) = (order(1, 1, "3 mg", false), order(2, 1, "1 mg", false));
        let mut bench = Bench::default();
        bench.add_on(1, DAY, Fact::Order(one.clone()));
        bench.add_on(1, DAY, Fact::Order(other.clone()));
        assert_eq!(found(&bench), [], "who ordered the second had the first");
        let digoxin = Order {
            medicine: "Digoxin".into(),
            ..other
        };
        assert_eq!(with(one.clone(), digoxin), []);
        assert_eq!(with(one.clone(), order(1, 2, "1 mg", false)), []);
    }

    #[test]
    fn orders_that_do_not_run_at_once_after_both_were_entered_are_not() {
        let one = order(1, 1, "3 mg", false);
        let ends = |day: &str, time: Option<&str>| Order {
            ended: day.parse().ok(),
            ended_at: time.and_then(|time| time.parse().ok()),
            ..order(2, 1, "5 mg", false)
        };
        assert_eq!(with(one.clone(), ends("2026-11-20", None)), []);
        // Ended at nine, when that was entered: seen to. Until the evening: due twice until then.
        assert_eq!(with(one.clone(), ends("2026-11-21", Some("09:00"))), []);
        assert_eq!(with(one.clone(), ends("2026-11-21", None)).len(), 1);
        let later = Order {
            starts: "2026-12-01".parse().unwrap(),
            ..one
        };
        assert_eq!(with(later.clone(), ends("2026-11-30", None)), []);
        assert_eq!(with(later, ends("2026-12-01", None)).len(), 1);
    }
}
