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
use interface::{Command, DoseConcern, MedicinesView, NewOrder, Query, Refusal, View};
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

const HOUR: i64 = 3_600_000;

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
        despite: Vec::new(),
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
        starts_at: None,
        prescriber: None,
        apart_minutes: None,
        most_in_a_day: None,
        hold: None,
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
            NoSlot::Before { starts, at: None },
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
    // Given on time, and charted when somebody found the time.
    world.saved(
        1,
        given_at(
            &world,
            resident,
            slot(order, "2026-11-20", Some("20:00")),
            -12 * HOUR,
        ),
    );
    let away = Some(NotGiven::Away);
    let ahead = dose(resident, slot(order, "2026-11-25", Some("08:00")), away);
    world.saved(1, confirmed(ahead, &[DoseConcern::OutOfTime], None));
    let needed = OrderId(CommandId::from_bytes([8; 16]));
    let ordered = Command::RecordOrder {
        resident,
        order: as_needed(needed),
    };
    world.saved(1, ordered);
    world.pass(1_000);
    world.saved(1, dose(resident, slot(needed, "2026-11-21", None), None));
}

/// A dose stated to be given so long after now.
fn given_at(world: &World, resident: ResidentId, slot: Slot, after_ms: i64) -> Command {
    Command::RecordDose {
        resident,
        slot,
        not_given: None,
        comment: None,
        at: Some(StatedInstant {
            at: world.clock(1).plus(after_ms),
            offset_minutes: -360,
        }),
        despite: Vec::new(),
    }
}

fn confirmed(command: Command, concerns: &[DoseConcern], why: Option<&str>) -> Command {
    let Command::RecordDose {
        resident,
        slot,
        not_given,
        at,
        ..
    } = command
    else {
        panic!()
    };
    Command::RecordDose {
        resident,
        slot,
        not_given,
        comment: why.map(str::to_owned),
        at,
        despite: concerns.to_vec(),
    }
}

#[track_caller]
fn doubted(world: &mut World, command: Command) -> Vec<DoseConcern> {
    match world.command(1, command) {
        Outcome::Refused(Refusal::Doubtful { concerns }) => concerns,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_dose_out_of_its_time_is_asked_back_and_hours_away_told_why() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    // It is about eight in the morning: tonight's dose, and yesterday morning's.
    for day_and_time in [("2026-11-21", "20:00"), ("2026-11-20", "08:00")] {
        let (day, time) = day_and_time;
        let out = dose(resident, slot(order_of(resident), day, Some(time)), None);
        assert_eq!(doubted(&mut world, out.clone()), [DoseConcern::OutOfTime]);
        let elsewhere = confirmed(out.clone(), &[DoseConcern::NotHere], Some("x"));
        assert_eq!(doubted(&mut world, elsewhere), [DoseConcern::OutOfTime]);
        let silent = confirmed(out.clone(), &[DoseConcern::OutOfTime], None);
        assert!(matches!(
            world.command(1, silent),
            Outcome::Refused(Refusal::Field { field, .. }) if field == "comment"
        ));
        let told = confirmed(
            out,
            &[DoseConcern::OutOfTime],
            Some("taken along on a trip"),
        );
        world.saved(1, told);
    }
}

#[test]
fn what_is_said_of_a_slot_of_a_day_to_come_is_asked_back() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let needed = OrderId(CommandId::from_bytes([8; 16]));
    let order = as_needed(needed);
    world.saved(1, Command::RecordOrder { resident, order });
    world.pass(1_000);
    let eight = slot(order_of(resident), "2026-11-22", Some("08:00"));
    let pain = slot(needed, "2026-11-22", None);
    let refused = Some(NotGiven::Refused);
    for (slot, not_given) in [
        (eight, refused),
        (eight, None),
        (pain, refused),
        (pain, None),
    ] {
        let ahead = dose(resident, slot, not_given);
        assert_eq!(doubted(&mut world, ahead), [DoseConcern::OutOfTime]);
    }
    // Who means it can say so, and of tonight nothing is asked.
    let meant = dose(resident, eight, refused);
    world.saved(1, confirmed(meant, &[DoseConcern::OutOfTime], None));
    let tonight = slot(order_of(resident), "2026-11-21", Some("20:00"));
    world.saved(1, dose(resident, tonight, refused));
}

#[test]
fn a_slot_of_tomorrow_that_is_open_is_not_asked_back() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let midnight = OrderId(CommandId::from_bytes([8; 16]));
    let order = NewOrder {
        times: vec!["00:00".parse().unwrap()],
        as_needed: None,
        ..as_needed(midnight)
    };
    world.saved(1, Command::RecordOrder { resident, order });
    // It is about eight in the morning.
    world.pass(15 * HOUR + HOUR / 2);
    assert!(world.sign_in(1, 0));
    let ahead = slot(midnight, "2026-11-22", Some("00:00"));
    world.saved(1, dose(resident, ahead, Some(NotGiven::Refused)));
}

#[test]
fn a_dose_for_somebody_who_left_is_asked_back() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let left = Command::RecordMove {
        resident,
        what: domain::directory::MoveKind::Discharge,
        bed: None,
        comment: None,
        at: None,
    };
    world.saved(1, left);
    world.pass(1_000);
    let eight = dose(
        resident,
        slot(order_of(resident), "2026-11-21", Some("08:00")),
        None,
    );
    assert_eq!(doubted(&mut world, eight.clone()), [DoseConcern::NotHere]);
    world.saved(1, confirmed(eight, &[DoseConcern::NotHere], None));
}

#[test]
fn a_dose_as_needed_too_soon_or_one_too_many_is_asked_back() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let needed = OrderId(CommandId::from_bytes([8; 16]));
    let order = NewOrder {
        apart_minutes: Some(240),
        most_in_a_day: Some(2),
        ..as_needed(needed)
    };
    world.saved(1, Command::RecordOrder { resident, order });
    world.pass(1_000);
    let at = |world: &World, hours: i64| {
        given_at(
            world,
            resident,
            slot(needed, "2026-11-21", None),
            hours * HOUR,
        )
    };
    let first = at(&world, -6);
    world.saved(1, first);
    world.pass(1_000);
    let soon = at(&world, -3);
    assert_eq!(doubted(&mut world, soon), [DoseConcern::TooSoon]);
    let second = at(&world, -2);
    world.saved(1, second);
    world.pass(1_000);
    let third = at(&world, 0);
    let concerns = doubted(&mut world, third);
    assert_eq!(concerns, [DoseConcern::TooSoon, DoseConcern::TooMany]);
}

/// How many contradictions wait.
fn waiting(world: &mut World, resident: ResidentId) -> usize {
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    let asked = Query::Contradictions {
        decided: false,
        resident: Some(resident),
    };
    match engine.query(&asked, now) {
        Ok(View::Contradictions { contradictions }) => contradictions.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_dose_charted_late_is_asked_back_just_where_24_hours_then_hold_one_too_many() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let needed = OrderId(CommandId::from_bytes([8; 16]));
    let order = NewOrder {
        starts: "2026-11-19".parse().unwrap(),
        most_in_a_day: Some(2),
        ..as_needed(needed)
    };
    world.saved(1, Command::RecordOrder { resident, order });
    world.pass(1_000);
    // It is about eight in the morning. No 24 hours hold these three.
    for (day, hours) in [("2026-11-20", -26), ("2026-11-21", 0), ("2026-11-20", -13)] {
        let dose = given_at(&world, resident, slot(needed, day, None), hours * HOUR);
        world.saved(1, dose);
        world.pass(1_000);
    }
    assert_eq!(waiting(&mut world, resident), 0);
    let night = slot(needed, "2026-11-21", None);
    let fourth = given_at(&world, resident, night, -6 * HOUR);
    let asked = doubted(&mut world, fourth.clone());
    assert_eq!(asked, [DoseConcern::TooMany]);
    world.saved(1, confirmed(fourth, &asked, None));
    world.pass(1_000);
    assert_eq!(
        waiting(&mut world, resident),
        2,
        "with those on either side"
    );
}

#[test]
fn a_dose_as_needed_just_given_is_asked_back_whatever_its_order_allows() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let needed = OrderId(CommandId::from_bytes([8; 16]));
    let order = as_needed(needed);
    world.saved(1, Command::RecordOrder { resident, order });
    world.pass(1_000);
    let now = dose(resident, slot(needed, "2026-11-21", None), None);
    world.saved(1, now.clone());
    world.pass(15 * 60_000);
    assert_eq!(doubted(&mut world, now.clone()), [DoseConcern::Charted]);
    // That it was not given contradicts nobody, and later it is another dose.
    let refused = slot(needed, "2026-11-21", None);
    world.saved(1, dose(resident, refused, Some(NotGiven::Refused)));
    world.pass(60_000);
    world.saved(1, now);
}

#[test]
fn a_slot_that_is_charted_is_asked_back_before_a_second_entry() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let eight = slot(order_of(resident), "2026-11-21", Some("08:00"));
    world.saved(1, dose(resident, eight, Some(NotGiven::Refused)));
    world.pass(1_000);
    for not_given in [None, Some(NotGiven::Held)] {
        let again = dose(resident, eight, not_given);
        let concerns = doubted(&mut world, again.clone());
        assert_eq!(concerns, [DoseConcern::Charted]);
    }
    let again = dose(resident, eight, None);
    world.saved(1, confirmed(again, &[DoseConcern::Charted], None));
    world.pass(1_000);
    let shown = medicines(&mut world, 1, resident, "2026-11-21");
    let charted = shown.orders[0].slots[0].doses.len();
    assert_eq!(charted, 2, "who means it can say so");
}

#[test]
fn a_medicine_stopped_now_keeps_its_morning_and_has_no_evening() {
    let mut world = tablets(1);
    let resident = world.residents[0];
    let at = |time: &str| slot(order_of(resident), "2026-11-21", Some(time));
    let morning = given_at(&world, resident, at("08:00"), -HOUR);
    world.saved(1, morning);
    world.pass(1_000);
    let due = |world: &mut World| {
        let shown = medicines(world, 1, resident, "2026-11-21");
        let slots = shown.orders.iter().flat_map(|order| &order.slots);
        slots
            .map(|slot| slot.slot.time.unwrap().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(due(&mut world), ["08:00", "20:00"]);
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    let order = match engine.query(&Query::Chart { resident }, now) {
        Ok(View::Chart(chart)) => chart.orders[0].1.entry.clone(),
        other => panic!("{other:?}"),
    };
    let stopped = Command::EndOrder {
        order,
        last: "2026-11-21".parse().unwrap(),
        last_at: "09:30".parse().ok(),
    };
    world.saved(1, stopped);
    world.pass(1_000);
    assert_eq!(due(&mut world), ["08:00"]);
    let evening = dose(
        resident,
        Slot {
            version: 2,
            ..at("20:00")
        },
        None,
    );
    match world.command(1, evening) {
        Outcome::Refused(Refusal::NoSlot(NoSlot::After { ended })) => {
            assert_eq!(ended.to_string(), "2026-11-21 09:30");
        }
        other => panic!("{other:?}"),
    }
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    let asked = Query::Contradictions {
        decided: false,
        resident: Some(resident),
    };
    match engine.query(&asked, now) {
        Ok(View::Contradictions { contradictions }) => {
            assert_eq!(contradictions, [], "the morning was right");
        }
        other => panic!("{other:?}"),
    }
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
