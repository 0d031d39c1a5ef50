//! Versions of one order that differ, and decisions taken back.

use crate::{chart, contradictions, decide, meet, morning, only, side};
use domain::ResidentId;
use domain::chart::Order;
use domain::entry::Fact;
use domain::journal::Slot;
use domain::meta::Decision;
use interface::{Command, ContradictionKind, DoseConcern, Gravity, NewOrder, Refusal};
use lamplight_tests::harness::{Outcome, World};

#[test]
fn of_two_ends_of_one_order_one_is_decided_for_and_takes_the_place_of_both() {
    let ends = |world: &mut World, device: usize, last: &str| {
        let resident = world.residents[0];
        let order = chart(world, device, resident).orders[0].1.entry.clone();
        let last = last.parse().unwrap();
        world.saved(
            device,
            Command::EndOrder {
                order,
                last,
                last_at: None,
            },
        );
    };
    let work = |world: &mut World| {
        ends(world, 1, "2026-11-20");
        ends(world, 2, "2026-12-31");
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let case = only(world);
        assert_eq!(
            (case.kind, case.choices.len()),
            (ContradictionKind::Order, 2)
        );
        let concerns = vec![DoseConcern::OrderContradicted];
        let asked_back = Outcome::Refused(Refusal::Doubtful { concerns });
        assert_eq!(world.command(1, morning(resident)), asked_back);
        let stopped = side(
            &case,
            |fact| matches!(fact, Fact::Order(says) if says.ended == "2026-11-20".parse().ok()),
        );
        decide(world, case.id, Decision::Only(stopped));
        world.pass(1_000);
        assert_eq!(contradictions(world, false), []);
        let orders = chart(world, 1, resident).orders;
        assert_eq!((orders.len(), orders[0].0.version), (1, 3));
        assert_eq!(orders[0].0.ended, "2026-11-20".parse().ok());
    });
}

#[test]
fn who_decides_again_takes_back_what_they_decided_before() {
    let work = |world: &mut World| {
        let dose = morning(world.residents[0]);
        world.saved(1, dose.clone());
        world.saved(2, dose);
    };
    meet(work, |world| {
        let case = only(world);
        decide(world, case.id.clone(), Decision::Both);
        world.pass(1_000);
        let first = Decision::Only(case.sides[0].by.entry.clone());
        decide(world, case.id, first.clone());
        world.pass(1_000);
        let said = contradictions(world, true).remove(0).decisions;
        assert!(said.len() == 1 && said[0].decision == first);
    });
}

fn digoxin(resident: ResidentId, starts: &str) -> Command {
    let order = NewOrder {
        id: None,
        medicine: "Digoxin".into(),
        dose: "125 mcg".into(),
        route: "by mouth".into(),
        times: vec!["08:00".parse().unwrap()],
        as_needed: None,
        starts: starts.parse().unwrap(),
        starts_at: None,
        prescriber: None,
        apart_minutes: None,
        most_in_a_day: None,
        hold: None,
        high_alert: false,
    };
    Command::RecordOrder { resident, order }
}

/// The orders for digoxin that stand, with whether each has an end.
fn standing(world: &mut World, resident: ResidentId) -> Vec<(Order, bool)> {
    let orders = chart(world, 1, resident).orders.into_iter();
    let digoxin = orders.filter(|(order, _)| order.medicine == "Digoxin");
    digoxin
        .map(|(order, _)| (order.clone(), order.ended.is_some()))
        .collect()
}

#[test]
fn a_medicine_that_two_tablets_ordered_is_asked_back_until_one_order_is_decided_for() {
    for (starts, left) in [("2026-11-01", 2), ("2026-12-01", 1)] {
        let work = |world: &mut World| {
            let resident = world.residents[0];
            world.saved(1, digoxin(resident, "2026-11-01"));
            world.saved(2, digoxin(resident, starts));
        };
        meet(work, |world| {
            let resident = world.residents[0];
            let case = only(world);
            assert_eq!(
                (case.kind, case.choices.len(), case.gravity),
                (ContradictionKind::OrderedTwice, 3, Gravity::Warning)
            );
            let (order, _) = standing(world, resident).remove(0);
            let slot = Slot {
                order: order.order,
                version: 1,
                date: "2026-11-21".parse().unwrap(),
                time: "08:00".parse().ok(),
            };
            let dose = Command::RecordDose {
                resident,
                slot,
                not_given: None,
                comment: None,
                at: None,
                despite: Vec::new(),
            };
            let concerns = vec![DoseConcern::OrderedTwice];
            let asked_back = Outcome::Refused(Refusal::Doubtful { concerns });
            if order.starts.first_day() < slot.date {
                assert_eq!(world.command(1, dose), asked_back);
            }
            let from = case.sides.iter().find(|side| match &side.fact {
                Fact::Order(says) => says.starts.first_day() < slot.date,
                _ => false,
            });
            let right = from.unwrap().by.entry.clone();
            decide(world, case.id, Decision::Only(right));
            world.pass(1_000);
            assert_eq!(contradictions(world, false), []);
            let now = standing(world, resident);
            assert_eq!(now.len(), left, "{now:?}");
            assert_eq!(now.iter().filter(|(_, ended)| !ended).count(), 1);
        });
    }
}

#[test]
fn who_means_both_orders_of_a_medicine_is_not_asked_again() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        world.saved(1, digoxin(resident, "2026-11-01"));
        world.saved(2, digoxin(resident, "2026-11-01"));
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let case = only(world);
        decide(world, case.id, Decision::Both);
        assert_eq!(contradictions(world, false), []);
        let open = standing(world, resident);
        assert_eq!(open.iter().filter(|(_, ended)| !ended).count(), 2);
    });
}
