//! Versions of one order that differ, and decisions taken back.

use crate::{ask, chart, contradictions, decide, meet, morning, only, row, side};
use domain::ResidentId;
use domain::chart::Order;
use domain::entry::Fact;
use domain::journal::Slot;
use domain::meta::Decision;
use ids::EntryKey;
use interface::{
    Command, ContradictionKind, DoseConcern, DueView, Gravity, NewOrder, Query, Refusal, SlotState,
    View,
};
use lamplight_tests::harness::{Outcome, Reach, World};

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

fn ends(world: &mut World, device: usize, entry: &EntryKey, last: &str) {
    let command = Command::EndOrder {
        order: entry.clone(),
        last: last.parse().unwrap(),
        last_at: None,
    };
    world.saved(device, command);
}

fn ordered_on_both(world: &mut World) {
    let resident = world.residents[0];
    world.saved(1, digoxin(resident, "2026-11-01"));
    world.saved(2, digoxin(resident, "2026-11-01"));
}

#[test]
fn who_means_both_orders_of_a_medicine_is_not_asked_again_when_one_is_changed() {
    meet(ordered_on_both, |world| {
        let case = only(world);
        decide(world, case.id.clone(), Decision::Both);
        for (device, side) in [(2, &case.sides[0]), (1, &case.sides[1])] {
            ends(world, device, &side.by.entry, "2026-12-31");
            world.pass(2_000);
            assert_eq!(contradictions(world, false), []);
            assert_eq!(contradictions(world, true)[0].id, case.id);
        }
    });
}

#[test]
fn an_order_decided_against_ends_with_every_version_of_it_that_stands() {
    meet(ordered_on_both, |world| {
        let resident = world.residents[0];
        let case = only(world);
        let [right, twin] = [0, 1].map(|n| case.sides[n].by.entry.clone());
        // Two tablets apart change the twin: one of its versions is of the tablet of the right order.
        for tablet in [1, 2] {
            world.set_reach(tablet, Reach::Nothing);
        }
        ends(world, 1, &twin, "2026-12-31");
        ends(world, 2, &twin, "2026-12-30");
        for tablet in [1, 2] {
            world.set_reach(tablet, Reach::Relay);
        }
        let all = |world: &mut World| (0..3).all(|device| world.is_in_step(device));
        assert!(world.until(60_000, 50, all));
        world.pass(2_000);
        let waits = contradictions(world, false);
        assert_eq!(waits.len(), 2, "and the versions of the twin");
        assert!(waits.iter().any(|one| one.id == case.id));
        decide(world, case.id.clone(), Decision::Only(right));
        world.pass(1_000);
        assert_eq!(contradictions(world, false), []);
        let mut now = standing(world, resident);
        now.retain(|(_, ended)| *ended);
        assert_eq!(now.len(), 1, "{now:?}");
        assert_eq!(now[0].0.ended, "2026-11-21".parse().ok());
    });
}

fn give(world: &mut World, device: usize, order: &Order) -> Outcome {
    let resident = world.residents[0];
    let dose = Command::RecordDose {
        resident,
        slot: Slot {
            order: order.order,
            version: order.version,
            date: "2026-11-21".parse().unwrap(),
            time: "08:00".parse().ok(),
        },
        not_given: None,
        comment: None,
        at: None,
        despite: Vec::new(),
    };
    world.command(device, dose)
}

/// What stands among what is due under an order, on the resident's own screen.
fn due_under(world: &mut World, order: &Order) -> Vec<SlotState> {
    let resident = world.residents[0];
    let View::Today(today) = ask(world, 1, &Query::Today { resident }) else {
        panic!()
    };
    let due = today.due.into_iter();
    let due = due.filter(|slot| slot.slot.order == order.order);
    due.map(|slot| slot.state).collect()
}

#[test]
fn a_dose_given_under_the_twin_is_not_due_again_and_is_asked_back() {
    let work = |world: &mut World| {
        ordered_on_both(world);
        let resident = world.residents[0];
        let orders = chart(world, 2, resident).orders;
        let of = orders.iter().find(|(order, _)| order.medicine == "Digoxin");
        let order = of.unwrap().0.clone();
        assert!(matches!(give(world, 2, &order), Outcome::Done(_)));
        // An order that ended in the minute in which it began never ran.
        world.pass(120_000);
    };
    for decide_only in [true, false] {
        meet(work, |world| {
            let resident = world.residents[0];
            let case = only(world);
            let orders: Vec<Order> = standing(world, resident).into_iter().map(|o| o.0).collect();
            let states = |world: &mut World| {
                let states = orders.iter().map(|order| due_under(world, order));
                states.collect::<Vec<_>>()
            };
            let before = states(world);
            let twin = before.iter().position(|states| !states.is_empty()).unwrap();
            assert_eq!(before[twin], [SlotState::GivenUnderOther]);
            assert_eq!(before[1 - twin], [], "charted");
            let due = row(world, resident).due;
            assert!(
                !matches!(due, Some(DueView::Medicines { count: 2.., .. })),
                "{due:?}"
            );
            let right = side(
                &case,
                |fact| matches!(fact, Fact::Order(says) if says.order == orders[twin].order),
            );
            let decision = match decide_only {
                true => Decision::Only(right),
                false => Decision::Both,
            };
            decide(world, case.id, decision);
            world.pass(1_000);
            assert_eq!(states(world)[twin], [SlotState::GivenUnderOther]);
            let concerns = vec![DoseConcern::Charted];
            let asked_back = Outcome::Refused(Refusal::Doubtful { concerns });
            assert_eq!(give(world, 1, &orders[twin]), asked_back);
        });
    }
}
