//! The double dose: two entries for one slot of a resident's order, over all its versions.

use super::{Effect, Finding, Kind, Standing, as_needed, keys};
use crate::chart::{Order, OrderId};
use crate::directory::{Date, TimeOfDay};
use crate::doses;
use crate::entry::{Fact, Subject};
use crate::journal::{Dose, Slot};
use crate::slots::Version;
use std::collections::BTreeMap;

pub(super) type Charted<'a> = (&'a Standing<'a>, &'a Dose);

/// Slots with two entries of which at least one says "given". Entries that all say "not given" do
/// not contradict each other: nobody was given anything.
pub(super) fn double_doses<'a>(
    entries: &'a [Standing<'a>],
    versions: &[Version<'_>],
) -> Vec<Finding> {
    let orders: Vec<&Order> = versions.iter().map(|version| version.order).collect();
    let mut slots: BTreeMap<(Subject, OrderId, Date, TimeOfDay), Vec<Charted<'a>>> =
        BTreeMap::new();
    for (entry, dose) in doses(entries) {
        if let Some(time) = dose.slot.time {
            slots
                .entry((entry.subject, dose.slot.order, dose.slot.date, time))
                .or_default()
                .push((entry, dose));
        }
    }
    let mut groups: Vec<Vec<Charted<'a>>> = slots.into_values().collect();
    groups.iter_mut().for_each(ascend);
    groups.extend(as_needed::groups(entries, versions));
    groups
        .iter()
        .filter_map(|group| finding(group, &orders))
        .collect()
}

pub(super) fn doses<'a>(entries: &'a [Standing<'a>]) -> impl Iterator<Item = Charted<'a>> {
    entries.iter().filter_map(|entry| match entry.fact {
        Fact::Dose(dose) => Some((entry, dose)),
        _ => None,
    })
}

pub(super) fn ascend(charted: &mut Vec<Charted<'_>>) {
    charted.sort_by_key(|(entry, _)| (entry.stated.at, entry.key));
}

/// What doses of one slot, ascending by stated instant, come to.
fn finding(charted: &[Charted<'_>], orders: &[&Order]) -> Option<Finding> {
    let given: Vec<&Dose> = charted
        .iter()
        .map(|(_, dose)| *dose)
        .filter(|dose| dose.not_given.is_none())
        .collect();
    let (entry, first) = charted
        .first()
        .filter(|_| charted.len() > 1 && !given.is_empty())?;
    let slot = first.slot;
    let mut versions = orders.iter().filter(|order| order.order == slot.order);
    let newest = charted.iter().map(|(_, dose)| dose.slot.version).max()?;
    let (medicine, dose) = words_of(
        orders,
        &Slot {
            version: newest,
            ..slot
        },
    );
    let words: Option<Vec<&str>> = given
        .iter()
        .map(|dose| dose_words(orders, slot.order, dose.slot.version))
        .collect();
    Some(Finding {
        kind: Kind::DoubleDose,
        subject: entry.subject,
        sides: keys(charted.iter().map(|(entry, _)| *entry)),
        effect: Effect::DosesGiven {
            order: slot.order,
            medicine,
            dose,
            count: u32::try_from(given.len()).unwrap_or(u32::MAX),
            total: words.and_then(doses::sum),
            disagree: charted.iter().find_map(|(_, dose)| dose.not_given),
            high_alert: versions.any(|order| order.high_alert),
            date: slot.date,
            time: slot.time,
        },
    })
}

/// Medicine and dose in words of a slot's version, else of the newest known; empty while none has
/// arrived.
pub(super) fn words_of(orders: &[&Order], slot: &Slot) -> (String, String) {
    let newest = || {
        let versions = orders.iter().filter(|order| order.order == slot.order);
        let newest = versions.map(|order| order.version).max()?;
        version(orders, slot.order, newest)
    };
    version(orders, slot.order, slot.version)
        .or_else(newest)
        .map(|order| (order.medicine.clone(), order.dose.clone()))
        .unwrap_or_default()
}

/// One version of an order. Two tablets apart may both have made a version with this number; then
/// the first in order of medicine and dose, so that every tablet shows the same.
fn version<'o>(orders: &[&'o Order], order: OrderId, version: u32) -> Option<&'o Order> {
    let of = orders
        .iter()
        .filter(|o| (o.order, o.version) == (order, version));
    of.copied()
        .min_by(|a, b| (&a.medicine, &a.dose).cmp(&(&b.medicine, &b.dose)))
}

/// The dose of a version in words; `None` when it has not arrived, or two differ under one number.
fn dose_words<'o>(orders: &[&'o Order], order: OrderId, number: u32) -> Option<&'o str> {
    let words = version(orders, order, number)?.dose.as_str();
    let mut same = orders
        .iter()
        .filter(|o| (o.order, o.version) == (order, number));
    same.all(|o| o.dose == words).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, dose, given, order, stands};
    use super::super::{Gravity, find};
    use super::*;
    use crate::journal::NotGiven;

    const DAY: &str = "2026-11-21";
    const EIGHT: Option<&str> = Some("08:00");

    fn only(bench: &Bench, orders: &[&Order]) -> Option<Finding> {
        let versions: Vec<Version<'_>> = orders.iter().map(|order| stands(order)).collect();
        let mut findings = find(&bench.standing(), &versions);
        assert!(findings.len() <= 1, "{findings:?}");
        findings.pop()
    }

    #[test]
    fn two_doses_for_one_slot_are_a_double_dose_with_its_total() {
        let mut bench = Bench::default();
        let a = bench.add(100, given(1, DAY, EIGHT));
        assert_eq!(only(&bench, &[]), None);
        let b = bench.add(160, given(1, DAY, EIGHT));
        let found = only(&bench, &[&order(1, 1, "3 mg", true)]).unwrap();
        assert_eq!(found.kind, Kind::DoubleDose);
        assert_eq!(found.sides, {
            let mut s = vec![a, b];
            s.sort();
            s
        });
        assert_eq!(found.gravity(), Gravity::Critical);
        let Effect::DosesGiven {
            medicine,
            dose,
            count,
            total,
            disagree,
            high_alert,
            ..
        } = found.effect
        else {
            panic!()
        };
        assert_eq!(
            (medicine.as_str(), dose.as_str(), count),
            ("Warfarin", "3 mg", 2)
        );
        assert_eq!(
            (total.as_deref(), disagree, high_alert),
            (Some("6 mg"), None, true)
        );
    }

    #[test]
    fn versions_of_one_order_share_their_slots() {
        let mut bench = Bench::default();
        bench.add(100, dose(1, 1, DAY, EIGHT, None));
        bench.add(160, dose(1, 2, DAY, EIGHT, None));
        let orders = [order(1, 1, "3 mg", false), order(1, 2, "2.5 mg", false)];
        let found = only(&bench, &orders.iter().collect::<Vec<_>>()).unwrap();
        let Effect::DosesGiven { dose, total, .. } = found.effect else {
            panic!()
        };
        assert_eq!(
            (dose.as_str(), total.as_deref()),
            ("2.5 mg", Some("5.5 mg"))
        );
    }

    #[test]
    fn two_versions_with_one_number_give_no_total() {
        let mut bench = Bench::default();
        bench.add(100, dose(1, 2, DAY, EIGHT, None));
        bench.add(160, dose(1, 2, DAY, EIGHT, None));
        let orders = [order(1, 2, "3 mg", false), order(1, 2, "5 mg", false)];
        let found = only(&bench, &orders.iter().collect::<Vec<_>>()).unwrap();
        let Effect::DosesGiven { dose, total, .. } = found.effect else {
            panic!()
        };
        assert_eq!((dose.as_str(), total), ("3 mg", None));
    }

    #[test]
    fn other_slots_and_other_orders_do_not_contradict() {
        let mut bench = Bench::default();
        bench.add(100, given(1, DAY, EIGHT));
        bench.add(101, given(1, DAY, Some("20:00")));
        bench.add(102, given(1, "2026-11-22", EIGHT));
        bench.add(103, given(2, DAY, EIGHT));
        assert_eq!(only(&bench, &[]), None);
    }

    #[test]
    fn doses_as_needed_on_both_sides_of_midnight_may_be_one() {
        let mut bench = Bench::default();
        bench.add(0, given(1, DAY, None));
        bench.add(8 * 60_000, given(1, "2026-11-22", None));
        bench.add(8 * 60_000, given(2, "2026-11-22", None));
        let found = only(&bench, &[]).unwrap();
        assert_eq!(found.sides.len(), 2);
        let Effect::DosesGiven { date, .. } = found.effect else {
            panic!()
        };
        assert_eq!(date.to_string(), DAY, "the day of the first");
        bench.add(24 * 60_000, given(2, "2026-11-22", None));
        only(&bench, &[]).unwrap();
    }

    #[test]
    fn given_beside_not_given_disagrees() {
        let mut bench = Bench::default();
        bench.add(100, given(1, DAY, EIGHT));
        bench.add(160, dose(1, 1, DAY, EIGHT, Some(NotGiven::Refused)));
        let found = only(&bench, &[&order(1, 1, "3 mg", false)]).unwrap();
        assert_eq!(found.gravity(), Gravity::Warning);
        let Effect::DosesGiven {
            count,
            total,
            disagree,
            ..
        } = found.effect
        else {
            panic!()
        };
        assert_eq!(
            (count, total.as_deref(), disagree),
            (1, Some("3 mg"), Some(NotGiven::Refused))
        );
    }

    #[test]
    fn two_given_or_one_of_a_high_alert_medicine_are_critical() {
        for (second, high_alert, gravity) in [
            (None, false, Gravity::Critical),
            (Some(NotGiven::Refused), true, Gravity::Critical),
            (Some(NotGiven::Refused), false, Gravity::Warning),
        ] {
            let mut bench = Bench::default();
            bench.add(100, given(1, DAY, EIGHT));
            bench.add(160, dose(1, 1, DAY, EIGHT, second));
            // One version that is suffices.
            let orders = [order(1, 1, "3 mg", false), order(1, 2, "3 mg", high_alert)];
            let found = only(&bench, &orders.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(found.gravity(), gravity, "{second:?} {high_alert}");
        }
    }

    #[test]
    fn of_a_version_that_has_not_arrived_the_newest_known_gives_the_words() {
        let mut bench = Bench::default();
        bench.add(100, dose(1, 3, DAY, EIGHT, None));
        bench.add(160, dose(1, 3, DAY, EIGHT, None));
        let orders = [order(1, 2, "2 mg", false), order(1, 1, "3 mg", false)];
        let found = only(&bench, &orders.iter().collect::<Vec<_>>()).unwrap();
        let Effect::DosesGiven { dose, total, .. } = found.effect else {
            panic!()
        };
        assert_eq!((dose.as_str(), total), ("2 mg", None));
    }

    #[test]
    fn words_of_a_version_that_has_not_arrived_do_not_depend_on_what_came_first() {
        let mut bench = Bench::default();
        bench.add(100, dose(1, 3, DAY, EIGHT, None));
        bench.add(160, dose(1, 3, DAY, EIGHT, None));
        let [a, b] = ["3 mg", "5 mg"].map(|words| order(1, 2, words, false));
        let words = |orders: &[&Order]| only(&bench, orders).unwrap().effect;
        assert_eq!(words(&[&a, &b]), words(&[&b, &a]));
    }

    #[test]
    fn two_that_were_not_given_do_not_contradict() {
        let mut bench = Bench::default();
        bench.add(100, dose(1, 1, DAY, EIGHT, Some(NotGiven::Away)));
        bench.add(160, dose(1, 1, DAY, EIGHT, Some(NotGiven::Refused)));
        assert_eq!(only(&bench, &[]), None);
    }

    #[test]
    fn an_order_that_has_not_arrived_leaves_its_words_empty() {
        let mut bench = Bench::default();
        bench.add(100, given(1, DAY, EIGHT));
        bench.add(160, given(1, DAY, EIGHT));
        let Effect::DosesGiven {
            medicine,
            dose,
            total,
            count,
            ..
        } = only(&bench, &[]).unwrap().effect
        else {
            panic!()
        };
        assert_eq!(
            (medicine.as_str(), dose.as_str(), total, count),
            ("", "", None, 2)
        );
    }

    #[test]
    fn a_struck_dose_contradicts_nothing() {
        let mut bench = Bench::default();
        bench.add(100, given(1, DAY, EIGHT));
        let wrong = bench.add(160, given(1, DAY, EIGHT));
        bench.take(&wrong);
        assert_eq!(only(&bench, &[]), None);
    }

    #[test]
    fn the_first_reason_stated_is_the_one_that_is_told() {
        let mut bench = Bench::default();
        bench.add(200, dose(1, 1, DAY, EIGHT, Some(NotGiven::Refused)));
        bench.add(100, dose(1, 1, DAY, EIGHT, Some(NotGiven::Held)));
        bench.add(150, given(1, DAY, EIGHT));
        assert!(matches!(
            only(&bench, &[]).unwrap().effect,
            Effect::DosesGiven {
                disagree: Some(NotGiven::Held),
                ..
            }
        ));
    }
}
