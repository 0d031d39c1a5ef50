//! What the clock alone changes: nobody writes anything and nothing arrives, and the screen is told all
//! the same.

use crate::in_step;
use domain::ResidentId;
use domain::directory::MoveKind;
use interface::{Command, MedicinesView, Notice, Query, ResidentOrder, SlotState, View};
use lamplight_tests::harness::{Reach, World};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn medicines(world: &mut World, resident: ResidentId) -> MedicinesView {
    let now = world.clock(1);
    let asked = Query::Medicines {
        resident,
        date: None,
    };
    let engine = world.devices[1].engine.as_mut().unwrap();
    match engine.query(&asked, now) {
        Ok(View::Medicines(view)) => view,
        other => panic!("{other:?}"),
    }
}

fn states(world: &mut World, resident: ResidentId) -> Vec<SlotState> {
    let orders = medicines(world, resident).orders;
    let slots = orders.iter().flat_map(|order| &order.slots);
    slots.map(|slot| slot.state).collect()
}

/// The notices that make the screen ask for everybody again.
fn told(world: &mut World) -> usize {
    let notices = world.take_notices(1);
    let of_all = |notice: &&Notice| matches!(notice, Notice::Residents { residents } if residents.is_empty());
    notices.iter().filter(of_all).count()
}

/// A tablet without a network, on which somebody is signed in at this time of a day in November: the
/// resident takes warfarin at eight and at eight, an hour early or late at most.
fn alone_at(hour: i64, minute: i64) -> (World, ResidentId) {
    let mut world = in_step(1, 71);
    let resident = world.residents[0];
    world.set_reach(1, Reach::Nothing);
    let chicago = domain::clock::Zone::named("America/Chicago").unwrap();
    let begun = chicago.local(world.clock(1));
    let midnight = begun.date.plus_days(1).unwrap();
    let at = domain::directory::TimeOfDay { hour: 0, minute: 0 };
    let until = chicago.instant(midnight, at).unwrap();
    let wanted = until.plus(hour * HOUR + minute * MINUTE);
    let wait = wanted.since(world.clock(1));
    world.pass(wait);
    world.take_notices(1);
    (world, resident)
}

#[test]
fn a_slot_becomes_due_and_late_on_the_screen_though_nothing_arrives() {
    let (mut world, resident) = alone_at(6, 58);
    assert_eq!(states(&mut world, resident)[0], SlotState::Upcoming);
    world.pass(MINUTE);
    assert_eq!(told(&mut world), 0, "its window is not open yet");
    world.pass(2 * MINUTE);
    assert_eq!(told(&mut world), 1);
    assert_eq!(states(&mut world, resident)[0], SlotState::Due);
    world.pass(2 * HOUR - 2 * MINUTE);
    world.take_notices(1);
    world.pass(2 * MINUTE);
    assert_eq!(told(&mut world), 1);
    assert_eq!(states(&mut world, resident)[0], SlotState::Late);
}

#[test]
fn at_midnight_the_screen_is_told_that_the_day_is_another() {
    let (mut world, resident) = alone_at(23, 59);
    let before = medicines(&mut world, resident).date;
    world.pass(2 * MINUTE);
    assert_eq!(told(&mut world), 1);
    let after = medicines(&mut world, resident).date;
    assert_eq!(before.plus_days(1), Some(after));
}

#[test]
fn a_clock_set_back_makes_what_was_late_due_again_at_once() {
    let (mut world, resident) = alone_at(9, 30);
    assert_eq!(states(&mut world, resident)[0], SlotState::Late);
    world.devices[1].skew_ms -= HOUR;
    world.command(1, Command::Reconnect);
    assert!(told(&mut world) > 0);
    assert_eq!(states(&mut world, resident)[0], SlotState::Due);
}

#[test]
fn who_signs_in_is_woken_for_the_orders_of_the_house_and_who_locked_is_not() {
    let (mut world, _) = alone_at(6, 30);
    world.command(1, Command::Lock);
    world.devices[1].person = None;
    world.take_notices(1);
    world.pass(HOUR);
    assert_eq!(told(&mut world), 0);
    assert!(world.sign_in(1, 0));
    world.pass(1_000);
    world.take_notices(1);
    world.pass(20 * MINUTE);
    assert_eq!(told(&mut world), 0);
    // Eight o'clock is a turn too: an order may begin or end then.
    world.pass(15 * MINUTE);
    assert!(told(&mut world) > 0);
}

/// How many stand in the list of residents.
fn listed(world: &mut World) -> u32 {
    let now = world.clock(1);
    let asked = Query::Residents {
        order: ResidentOrder::Need,
        unit: None,
        search: String::new(),
        limit: 50,
    };
    let engine = world.devices[1].engine.as_mut().unwrap();
    match engine.query(&asked, now) {
        Ok(View::Residents(view)) => view.total,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_stated_ahead_counts_on_the_screen_when_its_time_comes() {
    let mut world = in_step(1, 71);
    let resident = world.residents[0];
    let before = listed(&mut world);
    world.devices[0].skew_ms += 20 * MINUTE;
    let left = Command::RecordMove {
        resident,
        what: MoveKind::Discharge,
        bed: None,
        comment: None,
        at: None,
    };
    world.saved(0, left);
    assert!(world.until(10_000, 50, |world| world.is_quiet()));
    world.set_reach(1, Reach::Nothing);
    world.pass(1_000);
    world.take_notices(1);
    assert_eq!(listed(&mut world), before, "it is not that late yet");
    world.pass(14 * MINUTE);
    assert_eq!((told(&mut world), listed(&mut world)), (0, before));
    world.pass(MINUTE);
    assert_eq!((told(&mut world), listed(&mut world)), (1, before - 1));
}
