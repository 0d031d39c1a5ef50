//! Doses given as needed that may be one, or are nearer to each other or more in 24 hours than their
//! order allows. One rule for what is asked back before a dose is saved and for what is a contradiction
//! once it stands, so that nobody is told afterwards what they could have been asked before.

use super::Standing;
use super::doses::{Charted, ascend, doses};
use crate::chart::OrderId;
use crate::entry::Subject;
use crate::slots::{Counts, Version};
use ids::UnixMillis;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Doses as needed have no slot: two given at most this long after each other may be one, charted
/// on two tablets. Milliseconds.
pub const AS_NEEDED_APART_MS: i64 = 15 * 60_000;

/// Within which an order's most doses are counted. Milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

/// What doses of one order, given as needed one after another, come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Together {
    /// They may be one, charted twice.
    MaybeOne,
    /// They are nearer to each other than the order allows.
    TooNear,
    /// They are more within 24 hours than it allows.
    TooMany,
}

/// A dose that was given as needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// When, as stated.
    pub at: UnixMillis,
    /// The version of the order its author saw.
    pub version: u32,
}

/// What one dose more comes to with those that were given of its order. `versions`: all that are
/// known of it.
pub fn with_those_given(
    mut given: Vec<Given>,
    more: Given,
    versions: &[Version<'_>],
) -> BTreeSet<Together> {
    let place = given.iter().filter(|dose| dose.at <= more.at).count();
    given.push(more);
    given.sort_by_key(|dose| dose.at);
    runs(&given, versions)
        .into_iter()
        .filter(|(what, run)| {
            run.contains(&place) && (run.len() > 1 || *what != Together::MaybeOne)
        })
        .map(|(what, _)| what)
        .collect()
}

/// Doses given as needed, in groups of those that may be one or too many: of one order, with no
/// longer pause than 15 minutes; two nearer to each other than their order allows; as many within
/// 24 hours as are one more than it allows. Whatever day it is on either side. Each group ascends by
/// stated instant.
pub fn as_needed_groups<'a>(
    entries: &'a [Standing<'a>],
    versions: &[Version<'_>],
) -> Vec<Vec<&'a Standing<'a>>> {
    groups(entries, versions)
        .into_iter()
        .map(|group| group.into_iter().map(|(entry, _)| entry).collect())
        .collect()
}

pub(super) fn groups<'a>(
    entries: &'a [Standing<'a>],
    versions: &[Version<'_>],
) -> Vec<Vec<Charted<'a>>> {
    let mut of: BTreeMap<(Subject, OrderId), Vec<Charted<'a>>> = BTreeMap::new();
    for (entry, dose) in doses(entries) {
        if dose.slot.time.is_none() && dose.not_given.is_none() {
            of.entry((entry.subject, dose.slot.order))
                .or_default()
                .push((entry, dose));
        }
    }
    let mut groups = Vec::new();
    for ((_, order), mut charted) in of {
        ascend(&mut charted);
        let given: Vec<Given> = charted
            .iter()
            .map(|(entry, dose)| Given {
                at: entry.stated.at,
                version: dose.slot.version,
            })
            .collect();
        let mut versions = versions.to_vec();
        versions.retain(|version| version.order.order == order);
        let mut told: Vec<Range<usize>> = Vec::new();
        for (_, run) in runs(&given, &versions) {
            // What is part of a group is told with it.
            let is_told = |known: &Range<usize>| known.start <= run.start && run.end <= known.end;
            if !told.iter().any(is_told) {
                groups.extend(charted.get(run.clone()).map(<[Charted<'a>]>::to_vec));
                told.push(run);
            }
        }
    }
    groups
}

/// Runs of doses that come to something, each as places in what was given, which ascends: first those
/// without a pause (a single dose is one too), then those too near to each other, then those too many.
///
/// How near and how many may be, the strictest says of the versions that stand and of the one under
/// which the last of a run was given: it is the one dose too many, and a version that is replaced or
/// struck binds nobody who did not go by it.
fn runs(given: &[Given], versions: &[Version<'_>]) -> Vec<(Together, Range<usize>)> {
    let mut near = Vec::new();
    let mut many = Vec::new();
    for (place, last) in given.iter().enumerate() {
        let allowing = || {
            let counts = versions.iter().filter(|version| {
                version.counts == Counts::Stands || version.order.version == last.version
            });
            counts.map(|version| version.order)
        };
        // From the dose so many before this one to this one, if they lie within a span.
        let back = |before: u16, span_ms: i64| {
            let from = place.checked_sub(usize::from(before))?;
            let first = given.get(from)?;
            (last.at.since(first.at) < span_ms).then_some(from..place.saturating_add(1))
        };
        let apart = allowing().filter_map(|order| order.apart_minutes).max();
        near.extend(apart.and_then(|minutes| back(1, i64::from(minutes) * 60_000)));
        let most = allowing().filter_map(|order| order.most_in_a_day).min();
        many.extend(most.and_then(|most| back(most, DAY_MS)));
    }
    let as_told = |what| move |run| (what, run);
    let one = without_pauses(given).into_iter();
    one.map(as_told(Together::MaybeOne))
        .chain(near.into_iter().map(as_told(Together::TooNear)))
        .chain(many.into_iter().map(as_told(Together::TooMany)))
        .collect()
}

fn without_pauses(given: &[Given]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut before: Option<UnixMillis> = None;
    for (place, dose) in given.iter().enumerate() {
        let follows = before.is_some_and(|before| dose.at.since(before) <= AS_NEEDED_APART_MS);
        before = Some(dose.at);
        let end = place.saturating_add(1);
        match runs.last_mut().filter(|_| follows) {
            Some(run) => run.end = end,
            None => runs.push(place..end),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, dose, given, order, stands};
    use super::super::{Finding, find};
    use super::*;
    use crate::chart::Order;
    use crate::journal::NotGiven;

    const DAY: &str = "2026-11-21";
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;

    fn found(bench: &Bench, orders: &[&Order]) -> Vec<Finding> {
        let versions: Vec<Version<'_>> = orders.iter().map(|order| stands(order)).collect();
        find(&bench.standing(), &versions)
    }

    fn only(bench: &Bench, orders: &[&Order]) -> Option<Finding> {
        let mut findings = found(bench, orders);
        assert!(findings.len() <= 1, "{findings:?}");
        findings.pop()
    }

    fn limited(apart_minutes: Option<u16>, most_in_a_day: Option<u16>) -> Order {
        Order {
            apart_minutes,
            most_in_a_day,
            ..order(1, 1, "5 mg", false)
        }
    }

    /// The order's number so many allows so many in a day.
    fn allows(version: u32, most: u16) -> Order {
        Order {
            version,
            ..limited(None, Some(most))
        }
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

    #[test]
    fn two_doses_as_needed_nearer_than_their_order_allows_contradict() {
        let four_hours = limited(Some(240), None);
        let mut bench = Bench::default();
        bench.add(0, given(1, DAY, None));
        bench.add(20 * MINUTE, given(1, DAY, None));
        assert_eq!(only(&bench, &[]), None);
        assert_eq!(only(&bench, &[&four_hours]).unwrap().sides.len(), 2);
        // One more is too near to the second, and makes a contradiction of its own.
        bench.add(200 * MINUTE, given(1, DAY, None));
        assert_eq!(found(&bench, &[&four_hours]).len(), 2);
        let mut apart = Bench::default();
        apart.add(0, given(1, DAY, None));
        apart.add(240 * MINUTE, given(1, DAY, None));
        assert_eq!(only(&apart, &[&four_hours]), None);
    }

    #[test]
    fn more_doses_as_needed_in_a_day_than_their_order_allows_contradict() {
        let two = limited(None, Some(2));
        let mut bench = Bench::default();
        for at in [0, 8 * HOUR, 24 * HOUR] {
            bench.add(at, given(1, DAY, None));
        }
        assert_eq!(only(&bench, &[&two]), None);
        bench.add(20 * HOUR, given(1, DAY, None));
        let found = found(&bench, &[&two]);
        assert_eq!(found.len(), 2, "0, 8, 20 and 8, 20, 24");
        assert!(found.iter().all(|finding| finding.sides.len() == 3));
    }

    #[test]
    fn of_several_versions_that_stand_the_strictest_says_what_is_too_near_and_too_many() {
        for (strict, lax) in [
            (limited(Some(240), None), limited(Some(60), None)),
            (limited(None, Some(1)), limited(None, Some(4))),
        ] {
            let mut bench = Bench::default();
            bench.add(0, given(1, DAY, None));
            bench.add(3 * HOUR, given(1, DAY, None));
            assert_eq!(only(&bench, &[&lax]), None);
            assert!(only(&bench, &[&lax, &strict]).is_some());
            assert!(only(&bench, &[&strict, &lax]).is_some());
        }
    }

    #[test]
    fn a_version_that_is_replaced_or_struck_binds_only_whoever_went_by_it() {
        let (two, four) = (allows(1, 2), allows(2, 4));
        for counts in [Counts::Stood, Counts::Struck] {
            let versions = [
                Version {
                    order: &two,
                    counts,
                },
                stands(&four),
            ];
            let mut bench = Bench::default();
            // Two under the first, and two more after it was corrected.
            for (at, version) in [(0, 1), (6, 1), (12, 2), (18, 2)] {
                bench.add(at * HOUR, dose(1, version, DAY, None, None));
            }
            assert_eq!(find(&bench.standing(), &versions), [], "{counts:?}");
            // A third by who went by the first: too many by what its author saw.
            bench.add(13 * HOUR, dose(1, 1, DAY, None, None));
            let sides: Vec<usize> = find(&bench.standing(), &versions)
                .iter()
                .map(|finding| finding.sides.len())
                .collect();
            assert_eq!(sides, [5, 3], "{counts:?}: of four a fifth, of two a third");
        }
    }

    #[test]
    fn doses_of_an_order_that_was_struck_are_judged_by_the_version_they_name() {
        let (one, other) = (allows(1, 1), allows(2, 1));
        let mut bench = Bench::default();
        bench.add(0, dose(1, 1, DAY, None, None));
        bench.add(6 * HOUR, dose(1, 1, DAY, None, None));
        let struck = |order| Version {
            order,
            counts: Counts::Struck,
        };
        assert_eq!(find(&bench.standing(), &[struck(&other)]), []);
        assert_eq!(find(&bench.standing(), &[struck(&one)]).len(), 1);
    }

    /// What is asked of the last of these doses, in hours, and what is found once it stands.
    fn asked_and_found(hours: &[(i64, u32)], versions: &[Version<'_>]) -> (Vec<Together>, usize) {
        let dose_of = |(hour, version): &(i64, u32)| Given {
            at: UnixMillis(hour * HOUR),
            version: *version,
        };
        let (more, before) = hours.split_last().unwrap();
        let before: Vec<Given> = before.iter().map(dose_of).collect();
        let asked = with_those_given(before, dose_of(more), versions);
        let mut bench = Bench::default();
        for (hour, version) in hours {
            bench.add(hour * HOUR, dose(1, *version, DAY, None, None));
        }
        let found = find(&bench.standing(), versions).len();
        (asked.into_iter().collect(), found)
    }

    /// Hours and versions of doses, the last of them asked about; the order's versions; what is asked,
    /// and how many contradictions are found.
    type Case<'a> = (&'a [(i64, u32)], &'a [Version<'a>], (Vec<Together>, usize));

    #[test]
    fn what_is_asked_before_a_dose_is_saved_is_what_contradicts_once_it_stands() {
        let (two, four) = (allows(1, 2), allows(2, 4));
        let corrected = [
            Version {
                order: &two,
                counts: Counts::Stood,
            },
            stands(&four),
        ];
        let many = vec![Together::TooMany];
        let near = vec![Together::TooNear];
        let none = Vec::new;
        let hours = limited(Some(240), None);
        let cases: [Case<'_>; 11] = [
            // A third; but 24 hours after the first it is a second.
            (
                &[(0, 1), (8, 1), (20, 1)],
                &[stands(&two)],
                (many.clone(), 1),
            ),
            (&[(0, 1), (8, 1), (24, 1)], &[stands(&two)], (none(), 0)),
            // Charted late, between two: no 24 hours hold three, and then they do.
            (&[(0, 1), (40, 1), (20, 1)], &[stands(&two)], (none(), 0)),
            (
                &[(0, 1), (23, 1), (20, 1)],
                &[stands(&two)],
                (many.clone(), 1),
            ),
            // Corrected from two to four.
            (&[(0, 1), (6, 1), (12, 2)], &corrected, (none(), 0)),
            (&[(0, 2), (6, 2), (12, 2)], &corrected, (none(), 0)),
            (&[(0, 2), (6, 2), (12, 1)], &corrected, (many.clone(), 1)),
            (
                &[(0, 2), (5, 2), (10, 2), (15, 2), (20, 2)],
                &corrected,
                (many, 1),
            ),
            // A pause of four hours.
            (&[(0, 1), (4, 1)], &[stands(&hours)], (none(), 0)),
            (&[(0, 1), (3, 1)], &[stands(&hours)], (near.clone(), 1)),
            (&[(3, 1), (0, 1)], &[stands(&hours)], (near, 1)),
        ];
        for (given, versions, expect) in cases {
            assert_eq!(asked_and_found(given, versions), expect, "{given:?}");
        }
    }

    #[test]
    fn a_dose_that_may_be_one_with_another_is_told_from_one_too_soon() {
        let at = |minutes: i64| Given {
            at: UnixMillis(minutes * MINUTE),
            version: 1,
        };
        let asked = |minutes| with_those_given(vec![at(60)], at(minutes), &[]);
        for near in [45, 60, 75] {
            assert_eq!(asked(near), BTreeSet::from([Together::MaybeOne]), "{near}");
        }
        for far in [44, 76] {
            assert_eq!(asked(far), BTreeSet::new(), "{far}");
        }
    }

    #[test]
    fn what_is_part_of_a_group_is_told_with_it_and_what_was_not_given_is_in_none() {
        let four_hours = limited(Some(240), None);
        let mut bench = Bench::default();
        for at in [0, 5 * MINUTE, 10 * MINUTE] {
            bench.add(at, given(1, DAY, None));
        }
        bench.add(12 * MINUTE, dose(1, 1, DAY, None, Some(NotGiven::Refused)));
        assert_eq!(only(&bench, &[&four_hours]).unwrap().sides.len(), 3);
    }
}
