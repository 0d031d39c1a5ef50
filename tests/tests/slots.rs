//! A dose belongs to a slot its order has: what the author's tablet refuses, and what it takes all
//! the same because others did it.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // The strict lints guard the product; a test may unwrap and index.

use domain::chart::OrderId;
use domain::entry::ResidentId;
use domain::journal::{NotGiven, Slot};
use domain::slots::NoSlot;
use ids::{CommandId, StatedInstant};
use interface::{Command, MedicinesView, NewOrder, Query, Refusal, View};
use lamplight_tests::harness::{Outcome, Reach, Template, World, order_of};

/// A tablet in step with its home, in the hands of the administrator.
fn tablets(count: usize) -> World {
    let mut world = Template::home().world(count, 5);
    for device in 0..=count {
        assert!(world.until(10_000, 50, |world| world.is_in_step(device)));
        assert!(world.sign_in(device, 0));
    }
    world
}

fn slot(order: OrderId, date: &str, time: Option<&str>) -> Slot {
    Slot {
        order,
        version: 1,
        date: date.parse().unwrap(),
        time: time.map(|time| time.parse().unwrap()),
    }
}

fn dose(resident: ResidentId, slot: Slot, not_given: Option<NotGiven>) -> Command {
    Command::RecordDose {
        resident,
        slot,
        not_given,
        comment: None,
        at: None,
    }
}

fn as_needed(id: OrderId) -> NewOrder {
    NewOrder {
        id: Some(id),
        medicine: "Paracetamol".into(),
        dose: "500 mg".into(),
        route: "by mouth".into(),
        times: Vec::new(),
        as_needed: Some("pain".into()),
        starts: "2026-11-21".parse().unwrap(),
        prescriber: None,
        high_alert: false,
    }
}

fn medicines(world: &mut World, device: usize, resident: ResidentId, date: &str) -> MedicinesView {
    let now = world.clock(device);
    let engine = world.devices[device].engine.as_mut().unwrap();
    let date = date.parse().ok();
    match engine.query(&Query::Medicines { resident, date }, now) {
        Ok(View::Medicines(view)) => view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_dose_for_a_slot_that_its_order_does_not_have_is_refused_and_charts_nothing() {
    let mut world = tablets(1);
    let (one, other) = (world.residents[0], world.residents[1]);
    let order = order_of(one);
    let unknown = OrderId(CommandId::from_bytes([9; 16]));
    let starts = "2026-11-01".parse().unwrap();
    let version = Slot {
        version: 2,
        ..slot(order, "2026-11-21", Some("08:00"))
    };
    for (resident, slot, why) in [
        (
            one,
            slot(unknown, "2026-11-21", Some("08:00")),
            NoSlot::NoSuchOrder,
        ),
        (
            other,
            slot(order, "2026-11-21", Some("08:00")),
            NoSlot::NoSuchOrder,
        ),
        (
            one,
            slot(order, "2026-11-21", Some("12:00")),
            NoSlot::NoSuchTime,
        ),
        (one, slot(order, "2026-11-21", None), NoSlot::NotAsNeeded),
        (
            one,
            slot(order, "2026-10-31", Some("08:00")),
            NoSlot::Before { starts },
        ),
        (one, version, NoSlot::NoSuchVersion),
    ] {
        match world.command(1, dose(resident, slot, None)) {
            Outcome::Refused(Refusal::NoSlot(said)) => assert_eq!(said, why),
            other => panic!("{why:?}: {other:?}"),
        }
    }
    for resident in [one, other] {
        let shown = medicines(&mut world, 1, resident, "2026-11-21");
        assert!(shown.orders.iter().all(|order| order.as_needed.is_empty()
            && order.slots.iter().all(|slot| slot.doses.is_empty())));
    }
}

#[test]
fn what_is_charted_late_or_said_ahead_is_taken() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let order = order_of(resident);
    world.saved(
        1,
        dose(resident, slot(order, "2026-11-19", Some("20:00")), None),
    );
    // The next morning's dose, given the evening before.
    world.saved(
        1,
        dose(resident, slot(order, "2026-11-22", Some("08:00")), None),
    );
    let away = Some(NotGiven::Away);
    world.saved(
        1,
        dose(resident, slot(order, "2026-11-25", Some("08:00")), away),
    );
    let needed = OrderId(CommandId::from_bytes([8; 16]));
    let ordered = Command::RecordOrder {
        resident,
        order: as_needed(needed),
    };
    world.saved(1, ordered);
    world.pass(1_000);
    world.saved(1, dose(resident, slot(needed, "2026-11-21", None), None));
}

#[test]
fn an_order_and_its_doses_can_come_in_one_bulk() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let order = OrderId(CommandId::from_bytes([8; 16]));
    let stated = StatedInstant {
        at: world.now,
        offset_minutes: -360,
    };
    let ordered = Command::RecordOrder {
        resident,
        order: as_needed(order),
    };
    let given = dose(resident, slot(order, "2026-11-21", None), None);
    let at_eight = dose(resident, slot(order, "2026-11-21", Some("08:00")), None);
    let commands = vec![(stated, ordered.clone()), (stated, at_eight)];
    assert!(matches!(
        world.command(1, Command::Bulk { commands }),
        Outcome::Refused(Refusal::NoSlot(NoSlot::NoSuchTime))
    ));
    let commands = vec![(stated, ordered), (stated, given)];
    world.saved(1, Command::Bulk { commands });
}

#[test]
fn a_dose_given_before_its_order_was_struck_elsewhere_is_taken_and_the_next_is_not() {
    let mut world = tablets(2);
    let resident = world.residents[0];
    let eight = slot(order_of(resident), "2026-11-21", Some("08:00"));
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    let ordered = match engine.query(&Query::Chart { resident }, now) {
        Ok(View::Chart(chart)) => chart.orders[0].1.entry.clone(),
        other => panic!("{other:?}"),
    };
    world.set_reach(2, Reach::Nothing);
    world.pass(1_000);
    let reason = "wrong resident".to_owned();
    world.saved(
        1,
        Command::Strike {
            entry: ordered,
            reason,
        },
    );
    world.saved(2, dose(resident, eight, None));
    world.set_reach(2, Reach::Relay);
    assert!(world.until(60_000, 50, |world| {
        (0..3).all(|device| world.is_in_step(device))
    }));
    for device in [1, 2] {
        let shown = medicines(&mut world, device, resident, "2026-11-21");
        let doses: usize = shown.orders[0].slots.iter().map(|s| s.doses.len()).sum();
        assert_eq!((doses, shown.orders[0].may_give), (1, false));
        let evening = slot(order_of(resident), "2026-11-21", Some("20:00"));
        assert!(matches!(
            world.command(device, dose(resident, evening, None)),
            Outcome::Refused(Refusal::NoSlot(NoSlot::NotStanding))
        ));
    }
}
