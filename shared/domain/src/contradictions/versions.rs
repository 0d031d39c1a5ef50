//! Versions of one order that stand beside each other and differ: made apart, by who did not know
//! of the other. A medicine that one nurse stopped is not to go on without a word.

use super::{Effect, Finding, Kind, Standing, keys};
use crate::chart::{Order, OrderId};
use crate::entry::{Fact, Subject};
use crate::search;
use std::collections::BTreeMap;

/// Orders of which versions stand that differ in what is to be done.
pub(super) fn differing<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let mut orders: BTreeMap<(Subject, OrderId), Vec<(&Standing<'a>, &Order)>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Order(order) = entry.fact {
            let versions = orders.entry((entry.subject, order.order)).or_default();
            versions.push((entry, order));
        }
    }
    let found = orders.into_iter().filter_map(|((subject, id), versions)| {
        let (_, first) = versions.first()?;
        let differ = versions
            .iter()
            .any(|(_, order)| meaning(order) != meaning(first));
        let (_, newest) = versions
            .iter()
            .max_by_key(|(entry, order)| (order.version, entry.key))?;
        differ.then(|| Finding {
            kind: Kind::Order,
            subject,
            sides: keys(versions.iter().map(|(entry, _)| *entry)),
            effect: Effect::VersionsDiffer {
                order: id,
                medicine: newest.medicine.clone(),
                ends: versions.iter().filter_map(|(_, order)| order.end()).min(),
                high_alert: versions.iter().any(|(_, order)| order.high_alert),
            },
        })
    });
    found.collect()
}

/// What a version asks for, whatever its number and whoever prescribed it. Words differ when
/// anything but blanks and case does: `0.5 mg` is not `5 mg`.
fn meaning(order: &Order) -> Order {
    Order {
        version: 0,
        prescriber: None,
        medicine: search::meaning(&order.medicine),
        dose: search::meaning(&order.dose),
        route: search::meaning(&order.route),
        as_needed: order.as_needed.as_deref().map(search::meaning),
        hold: order.hold.as_deref().map(search::meaning),
        ..order.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, order};
    use super::super::{Gravity, find};
    use super::*;

    fn found(versions: &[Order]) -> Option<Finding> {
        let mut bench = Bench::default();
        for version in versions {
            bench.add(10, Fact::Order(version.clone()));
        }
        let mut found = find(&bench.standing(), &[]);
        found.retain(|finding| finding.kind == Kind::Order);
        found.pop()
    }

    fn ends(day: &str, high_alert: bool) -> Order {
        Order {
            ended: day.parse().ok(),
            ..order(1, 2, "3 mg", high_alert)
        }
    }

    #[test]
    fn two_ends_of_one_order_that_differ_are_named_with_the_first() {
        for (high_alert, gravity) in [(true, Gravity::Critical), (false, Gravity::Warning)] {
            let versions = [
                ends("2026-12-31", high_alert),
                ends("2026-11-21", high_alert),
            ];
            let found = found(&versions).unwrap();
            assert_eq!((found.sides.len(), found.gravity()), (2, gravity));
            let Effect::VersionsDiffer { medicine, ends, .. } = found.effect else {
                panic!()
            };
            let ends = ends.map(|day| day.to_string());
            assert_eq!(
                (medicine.as_str(), ends.as_deref()),
                ("Warfarin", Some("2026-11-21"))
            );
        }
    }

    #[test]
    fn the_newest_version_names_the_medicine() {
        let newest = Order {
            medicine: "Coumadin".into(),
            ..order(1, 3, "3 mg", false)
        };
        let older = order(1, 2, "3 mg", false);
        for versions in [[older.clone(), newest.clone()], [newest, older]] {
            assert!(matches!(
                found(&versions).unwrap().effect,
                Effect::VersionsDiffer { medicine, .. } if medicine == "Coumadin"
            ));
        }
    }

    #[test]
    fn whatever_is_to_be_done_differently_is_named_and_nothing_else() {
        let one = order(1, 2, "5 mg", false);
        let differs = |other: Order| found(&[one.clone(), other]).is_some();
        assert!(!differs(one.clone()));
        let again = Order {
            version: 3,
            dose: " 5  MG".into(),
            prescriber: Some("Dr Ito".into()),
            ..one.clone()
        };
        assert!(!differs(again));
        let told = Order {
            as_needed: Some("pain".into()),
            hold: Some("pulse below 55".into()),
            ..one.clone()
        };
        let again = Order {
            medicine: "WARFARIN ".into(),
            route: "By  mouth".into(),
            as_needed: Some("Pain".into()),
            hold: Some("Pulse below 55".into()),
            ..told.clone()
        };
        assert!(found(&[told, again]).is_none());
        assert!(!differs(order(2, 1, "7 mg", false)), "another order");
        let mut others = vec![one.clone(); 9];
        others[0].dose = "0.5 mg".into();
        others[1].times.clear();
        others[2].route = "under the skin".into();
        others[3].ended = "2026-12-01".parse().ok();
        others[4].as_needed = Some("pain".into());
        others[5].high_alert = true;
        others[6].hold = Some("pulse below 55".into());
        others[7].most_in_a_day = Some(2);
        others[8].starts_at = "12:00".parse().ok();
        for other in others {
            assert!(differs(other.clone()), "{other:?}");
        }
    }
}
