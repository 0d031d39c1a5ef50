//! The double dose: two entries for one slot of a resident's order, over all its versions.

use super::{Effect, Finding, Kind, Standing, keys};
use crate::chart::{Order, OrderId};
use crate::directory::{Date, TimeOfDay};
use crate::doses;
use crate::entry::{Fact, Subject};
use crate::journal::{Dose, Slot};
use ids::EntryKey;
use std::collections::{BTreeMap, BTreeSet};

/// Doses as needed have no slot: two given at most this long after each other may be one, charted
/// on two tablets. Milliseconds.
pub const AS_NEEDED_APART_MS: i64 = 15 * 60_000;

/// Within which an order's most doses are counted. Milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

type Charted<'a> = (&'a Standing<'a>, &'a Dose);

/// Slots with two entries of which at least one says "given". Entries that all say "not given" do
/// not contradict each other: nobody was given anything.
pub(super) fn double_doses<'a>(entries: &'a [Standing<'a>], orders: &[&Order]) -> Vec<Finding> {
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
    groups.extend(near_each_other(entries, orders));
    groups
        .iter()
        .filter_map(|group| finding(group, orders))
        .collect()
}

/// Doses given as needed, in groups of those that may be one or too many: of one order, with no
/// longer pause than [`AS_NEEDED_APART_MS`]; two nearer to each other than their order allows; as
/// many within 24 hours as are one more than it allows. Whatever day it is on either side. Each
/// group ascends by stated instant.
pub fn as_needed_groups<'a>(
    entries: &'a [Standing<'a>],
    orders: &[&Order],
) -> Vec<Vec<&'a Standing<'a>>> {
    let groups = near_each_other(entries, orders).into_iter();
    groups
        .map(|group| group.into_iter().map(|(entry, _)| entry).collect())
        .collect()
}

fn near_each_other<'a>(entries: &'a [Standing<'a>], orders: &[&Order]) -> Vec<Vec<Charted<'a>>> {
    let mut of: BTreeMap<(Subject, OrderId), Vec<Charted<'a>>> = BTreeMap::new();
    for (entry, dose) in doses(entries) {
        if dose.slot.time.is_none() && dose.not_given.is_none() {
            of.entry((entry.subject, dose.slot.order))
                .or_default()
                .push((entry, dose));
        }
    }
    let mut groups = Vec::new();
    for ((_, order), mut given) in of {
        ascend(&mut given);
        // Of several versions the strictest: which one its author had does not tell what is safe.
        let versions = || orders.iter().filter(|version| version.order == order);
        let apart = versions().filter_map(|version| version.apart_minutes).max();
        let most = versions().filter_map(|version| version.most_in_a_day).min();
        let mut found = without_pauses(given.clone());
        if let Some(minutes) = apart {
            found.extend(within(&given, 2, i64::from(minutes) * 60_000));
        }
        if let Some(most) = most {
            found.extend(within(&given, usize::from(most) + 1, DAY_MS));
        }
        let mut told: Vec<BTreeSet<&EntryKey>> = Vec::new();
        for group in found {
            let keys: BTreeSet<&EntryKey> = group.iter().map(|(entry, _)| entry.key).collect();
            // What is part of a group is told with it.
            if !told.iter().any(|known| known.is_superset(&keys)) {
                told.push(keys);
                groups.push(group);
            }
        }
    }
    groups
}

/// Runs of so many doses, each ending less than a span after it began.
fn within<'a>(given: &[Charted<'a>], count: usize, span_ms: i64) -> Vec<Vec<Charted<'a>>> {
    let runs = given.windows(count).filter(|run| {
        run.first()
            .zip(run.last())
            .is_some_and(|((first, _), (last, _))| last.stated.at.since(first.stated.at) < span_ms)
    });
    runs.map(<[Charted<'a>]>::to_vec).collect()
}

fn without_pauses(given: Vec<Charted<'_>>) -> Vec<Vec<Charted<'_>>> {
    let mut groups: Vec<Vec<Charted<'_>>> = Vec::new();
    for dose in given {
        let last = groups.last_mut().filter(|group| {
            let before = group.last().map(|(entry, _)| entry.stated.at);
            before.is_some_and(|before| dose.0.stated.at.since(before) <= AS_NEEDED_APART_MS)
        });
        match last {
            Some(group) => group.push(dose),
            None => groups.push(vec![dose]),
        }
    }
    groups
}

fn doses<'a>(entries: &'a [Standing<'a>]) -> impl Iterator<Item = Charted<'a>> {
    entries.iter().filter_map(|entry| match entry.fact {
        Fact::Dose(dose) => Some((entry, dose)),
        _ => None,
    })
}

fn ascend(charted: &mut Vec<Charted<'_>>) {
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
    use super::super::samples::{Bench, dose, given, order};
    use super::super::{Gravity, find};
    use super::*;
    use crate::journal::NotGiven;

    const DAY: &str = "2026-11-21";
    const EIGHT: Option<&str> = Some("08:00");

    fn only(bench: &Bench, orders: &[&Order]) -> Option<Finding> {
        let mut findings = find(&bench.standing(), orders);
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
    fn doses_as_needed_contradict_only_when_near_each_other() {
        let mut bench = Bench::default();
        bench.add(0, given(1, DAY, None));
        bench.add(AS_NEEDED_APART_MS + 1, given(1, DAY, None));
        assert_eq!(only(&bench, &[]), None);
        bench.add(AS_NEEDED_APART_MS, given(1, DAY, None));
        let found = only(&bench, &[]).unwrap();
        assert_eq!(found.sides.len(), 3);
    }

    fn limited(apart_minutes: Option<u16>, most_in_a_day: Option<u16>) -> Order {
        Order {
            apart_minutes,
            most_in_a_day,
            ..order(1, 1, "5 mg", false)
        }
    }

    #[test]
    fn two_doses_as_needed_nearer_than_their_order_allows_contradict() {
        let four_hours = limited(Some(240), None);
        let mut bench = Bench::default();
        bench.add(0, given(1, DAY, None));
        bench.add(20 * 60_000, given(1, DAY, None));
        assert_eq!(only(&bench, &[]), None);
        assert_eq!(only(&bench, &[&four_hours]).unwrap().sides.len(), 2);
        // One more is too near to the second, and makes a contradiction of its own.
        bench.add(200 * 60_000, given(1, DAY, None));
        assert_eq!(find(&bench.standing(), &[&four_hours]).len(), 2);
        let mut apart = Bench::default();
        apart.add(0, given(1, DAY, None));
        apart.add(240 * 60_000, given(1, DAY, None));
        assert_eq!(only(&apart, &[&four_hours]), None);
    }

    #[test]
    fn more_doses_as_needed_in_a_day_than_their_order_allows_contradict() {
        let two = limited(None, Some(2));
        let hour = 3_600_000;
        let mut bench = Bench::default();
        for at in [0, 8 * hour, 24 * hour] {
            bench.add(at, given(1, DAY, None));
        }
        assert_eq!(only(&bench, &[&two]), None);
        bench.add(20 * hour, given(1, DAY, None));
        let found = find(&bench.standing(), &[&two]);
        assert_eq!(found.len(), 2, "0, 8, 20 and 8, 20, 24");
        assert!(found.iter().all(|finding| finding.sides.len() == 3));
    }

    #[test]
    fn of_several_versions_the_strictest_says_what_is_too_near_and_too_many() {
        let hour = 3_600_000;
        for (strict, lax) in [
            (limited(Some(240), None), limited(Some(60), None)),
            (limited(None, Some(1)), limited(None, Some(4))),
        ] {
            let mut bench = Bench::default();
            bench.add(0, given(1, DAY, None));
            bench.add(3 * hour, given(1, DAY, None));
            assert_eq!(only(&bench, &[&lax]), None);
            assert!(only(&bench, &[&lax, &strict]).is_some());
            assert!(only(&bench, &[&strict, &lax]).is_some());
        }
    }

    #[test]
    fn what_is_part_of_a_group_is_told_with_it_and_what_was_not_given_is_in_none() {
        let minute = 60_000;
        let four_hours = limited(Some(240), None);
        let mut bench = Bench::default();
        for at in [0, 5 * minute, 10 * minute] {
            bench.add(at, given(1, DAY, None));
        }
        bench.add(12 * minute, dose(1, 1, DAY, None, Some(NotGiven::Refused)));
        assert_eq!(only(&bench, &[&four_hours]).unwrap().sides.len(), 3);
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
