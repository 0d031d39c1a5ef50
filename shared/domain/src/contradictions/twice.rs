//! One medicine ordered twice for one resident, on two tablets: two people entered one prescription,
//! and neither had the other's. No order can know of such a twin by its id, and each is due.
//!
//! Who entered what, and where, the first version of an order says. Later ones are of somebody who had
//! it: they neither make a twin of an order that was none, nor ask again what was decided.

use super::{Effect, Finding, Kind, Standing};
use crate::chart::{Order, OrderId};
use crate::clock::{self, Local};
use crate::directory::{Date, TimeOfDay};
use crate::entry::{Fact, Subject};
use crate::meta::Decision;
use crate::search;
use ids::{EntryKey, StatedInstant, UnixMillis};
use std::collections::{BTreeMap, BTreeSet};

const MIDNIGHT: TimeOfDay = TimeOfDay { hour: 0, minute: 0 };
const MINUTES_IN_A_DAY: i64 = 24 * 60;

/// A dose of an order's twin is of the slot nearest to its own, if it is nearer than this: of an order
/// for once a day no time of day is farther from its slot. Minutes.
pub const TWIN_APART_MINUTES: i64 = 12 * 60;

type Ordered<'a> = (&'a Standing<'a>, &'a Order);

/// Orders of one medicine that run side by side. Two strengths of it, or one more as needed, are often
/// meant: who says so once is not asked again, whatever versions come later.
pub(super) fn ordered<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let found = by_medicine(entries)
        .into_iter()
        .filter_map(|((subject, _), orders)| {
            let twice: Vec<&Ordered<'a>> = orders
                .iter()
                .filter(|one| {
                    orders
                        .iter()
                        .any(|other| are_twins(one, other, |entry| entry.stated))
                })
                .collect();
            let (_, newest) = twice.iter().max_by_key(|(entry, _)| entry.key)?;
            let sides: BTreeSet<&EntryKey> =
                twice.iter().map(|(entry, _)| entry.first.key).collect();
            Some(Finding {
                kind: Kind::OrderedTwice,
                subject,
                sides: sides.into_iter().cloned().collect(),
                effect: Effect::OrderedTwice {
                    medicine: newest.medicine.clone(),
                    high_alert: twice.iter().any(|(_, order)| order.high_alert),
                },
            })
        });
    found.collect()
}

/// An order, and another of the same medicine that ran beside it when both had been entered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Twin {
    /// The order.
    pub order: OrderId,
    /// The other.
    pub other: OrderId,
    /// Since when it is decided that both are to be given, and a dose of the one is none of the other.
    pub both_since: Option<UnixMillis>,
    /// The last day of the order, if what stands of it ends.
    pub ended: Option<Date>,
}

/// Orders that have a twin, each with each, those too of which one has ended since: what was given under
/// the one is not to be given again under the other.
pub fn twins(entries: &[Standing<'_>]) -> BTreeSet<Twin> {
    let mut twins = BTreeSet::new();
    for orders in by_medicine(entries).values() {
        for one in orders {
            let others = orders
                .iter()
                .filter(|other| are_twins(one, other, |entry| entry.first.stated));
            twins.extend(others.map(|other| Twin {
                order: one.1.order,
                other: other.1.order,
                both_since: both_since(entries, [one.0.first.key, other.0.first.key]),
                ended: one.1.ended,
            }));
        }
    }
    twins
}

/// When it was first decided that all of some orders are to be given, these two among them. While a
/// decision says otherwise it is not.
fn both_since(entries: &[Standing<'_>], firsts: [&EntryKey; 2]) -> Option<UnixMillis> {
    let mut since = None;
    for entry in entries {
        if let Fact::Resolution(says) = entry.fact
            && firsts.iter().all(|first| says.of.contains(first))
        {
            if says.decision != Decision::Both {
                return None;
            }
            let first = since.unwrap_or(entry.stated.at);
            since = Some(entry.stated.at.min(first));
        }
    }
    since
}

/// The slot of an order with these times of day that is meant by a slot of its twin: the nearest by the
/// clock on the wall, of two as near the earlier; `None` where all are too far.
pub fn slot_meant(times: &[TimeOfDay], date: Date, time: TimeOfDay) -> Option<(Date, TimeOfDay)> {
    let around = (-1..=1).filter_map(|days| Some((days, date.plus_days(days)?)));
    let slots = around.flat_map(|(days, date)| {
        times.iter().map(move |at| {
            let apart = i64::from(days) * MINUTES_IN_A_DAY + i64::from(at.minutes());
            ((apart - i64::from(time.minutes())).abs(), (date, *at))
        })
    });
    let (apart, slot) = slots.min()?;
    (apart < TWIN_APART_MINUTES).then_some(slot)
}

fn by_medicine<'a>(entries: &'a [Standing<'a>]) -> BTreeMap<(Subject, String), Vec<Ordered<'a>>> {
    let mut medicines: BTreeMap<(Subject, String), Vec<Ordered<'a>>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Order(order) = entry.fact {
            let of = (entry.subject, search::medicine_name(&order.medicine));
            medicines.entry(of).or_default().push((entry, order));
        }
    }
    medicines
}

/// Whether two orders were entered on two tablets, and run at once at the later of what is asked of
/// both: when they were entered first, or when what stands of them was. What had ended by then, or ends
/// then, was seen to.
fn are_twins(
    (a, one): &Ordered<'_>,
    (b, other): &Ordered<'_>,
    asked: impl Fn(&Standing<'_>) -> StatedInstant,
) -> bool {
    if one.order == other.order || a.first.device == b.first.device {
        return false;
    }
    let later = [asked(a), asked(b)]
        .into_iter()
        .max_by_key(|stated| stated.at);
    let Some(Local { date, time, .. }) = later.map(clock::local) else {
        return false;
    };
    let begins = |order: &Order| (order.starts.first_day(), order.begins_at());
    let (date, time) = [begins(one), begins(other)]
        .into_iter()
        .map(|(date, time)| (date, time.unwrap_or(MIDNIGHT)))
        .fold((date, time), Ord::max);
    one.runs_at(date, time) && other.runs_at(date, time)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, decided, order};
    use super::super::{Gravity, State, find, state};
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
    fn a_change_of_an_order_makes_it_no_twin_and_its_contradiction_no_other() {
        // One person's two strengths, of which one is changed on another tablet.
        let mut bench = Bench::default();
        bench.add_on(1, DAY, Fact::Order(order(1, 1, "3 mg", false)));
        let first = bench.add_on(1, DAY, Fact::Order(order(2, 1, "1 mg", false)));
        bench.take(&first);
        bench.add_on(2, DAY + HOUR, Fact::Order(order(2, 2, "2 mg", false)));
        assert_eq!(found(&bench), []);
        // Two that are twins, and what was decided about them.
        let mut bench = Bench::default();
        let a = bench.add_on(1, DAY, Fact::Order(order(1, 1, "3 mg", false)));
        let b = bench.add_on(2, DAY, Fact::Order(order(2, 1, "1 mg", false)));
        let before = found(&bench);
        bench.add(DAY, decided(&[a.clone(), b.clone()], Decision::Both));
        for (order, key) in [
            (order(1, 2, "2 mg", false), &a),
            (order(2, 2, "2 mg", false), &b),
        ] {
            bench.take(key);
            bench.add_on(2, DAY + HOUR, Fact::Order(order));
            let now = found(&bench);
            assert_eq!(now[0].identity(), before[0].identity());
            assert_eq!(now[0].sides, [a.clone(), b.clone()]);
            assert!(matches!(
                state(&now[0], &bench.standing()),
                State::Decided { .. }
            ));
        }
        // A third is another question.
        bench.add_on(3, DAY + HOUR, Fact::Order(order(3, 1, "1 mg", false)));
        assert_eq!(state(&found(&bench)[0], &bench.standing()), State::Waiting);
    }

    #[test]
    fn an_order_that_was_ended_is_found_no_more_and_remains_the_twin_of_the_other() {
        let ended = Order {
            ended: "2026-11-21".parse().ok(),
            ended_at: "10:00".parse().ok(),
            ..order(1, 2, "3 mg", false)
        };
        let mut bench = Bench::default();
        let first = bench.add_on(1, DAY + 8 * HOUR, Fact::Order(order(1, 1, "3 mg", false)));
        bench.add_on(2, DAY + 9 * HOUR, Fact::Order(order(2, 1, "3 mg", false)));
        bench.take(&first);
        bench.add_on(2, DAY + 10 * HOUR, Fact::Order(ended));
        assert_eq!(found(&bench), []);
        let standing = bench.standing();
        let [one, other] = [1, 2].map(|n| order(n, 1, "", false).order);
        let pairs: Vec<_> = twins(&standing)
            .iter()
            .map(|t| (t.order, t.other))
            .collect();
        assert_eq!(pairs, [(one, other), (other, one)]);
        // What was ended before the other was ordered is none.
        bench.add_on(3, DAY + 10 * HOUR, Fact::Order(order(3, 1, "3 mg", false)));
        let standing = bench.standing();
        let third = order(3, 1, "", false).order;
        assert!(
            twins(&standing)
                .iter()
                .all(|t| (t.order, t.other) != (one, third))
        );
    }

    #[test]
    fn both_are_meant_from_the_decision_on_until_another_says_otherwise() {
        let mut bench = Bench::default();
        let a = bench.add_on(1, DAY, Fact::Order(order(1, 1, "3 mg", false)));
        let b = bench.add_on(2, DAY, Fact::Order(order(2, 1, "1 mg", false)));
        let sides = [a.clone(), b];
        let since = |bench: &Bench| {
            let said = twins(&bench.standing()).into_iter().map(|t| t.both_since);
            said.collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        };
        assert_eq!(since(&bench), [None]);
        bench.add(DAY + 2 * HOUR, decided(&sides, Decision::Both));
        bench.add(DAY + HOUR, decided(&sides, Decision::Both));
        assert_eq!(since(&bench), [Some(UnixMillis(DAY + HOUR))]);
        bench.add(DAY + 3 * HOUR, decided(&sides, Decision::Only(a)));
        assert_eq!(since(&bench), [None]);
    }

    #[test]
    fn a_dose_of_the_twin_is_of_the_slot_nearest_to_its_own() {
        let meant = |times: &[&str], time: &str| {
            let times: Vec<TimeOfDay> = times.iter().map(|t| t.parse().unwrap()).collect();
            let day = "2026-11-21".parse().unwrap();
            slot_meant(&times, day, time.parse().unwrap())
                .map(|(date, time)| format!("{date} {time}"))
        };
        let on = |slot: &str| Some(slot.to_owned());
        assert_eq!(meant(&["08:00"], "08:00"), on("2026-11-21 08:00"));
        assert_eq!(meant(&["18:00"], "08:00"), on("2026-11-21 18:00"));
        assert_eq!(meant(&["08:00", "20:00"], "09:00"), on("2026-11-21 08:00"));
        assert_eq!(meant(&["01:00", "13:00"], "23:00"), on("2026-11-22 01:00"));
        assert_eq!(meant(&["23:00"], "01:00"), on("2026-11-20 23:00"));
        // As far from today's as from tomorrow's.
        assert_eq!(meant(&["08:00"], "20:00"), None);
        assert_eq!(meant(&[], "08:00"), None);
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
