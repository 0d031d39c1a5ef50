//! The PIN alone within a sitting: handed from engine to engine by a lock, ended by time and wrong tries.

use crate::in_step;
use domain::directory::Role;
use interface::{Command, Refusal, Settled};
use lamplight_tests::harness::{Outcome, World};

/// A tablet in step with its home, and the badge and PIN of a nurse who has just been added.
fn with_a_nurse(seed: u64) -> (World, ids::PersonId, String, String) {
    let mut world = in_step(1, seed);
    let outcome = world.command(
        0,
        Command::AddPerson {
            given: "Ines".into(),
            family: "Duarte".into(),
            role: Role::RegisteredNurse,
            credential: None,
        },
    );
    world.pass(5_000);
    let Some(Settled::PersonAdded { person, badge, pin }) = world.settled(0, &outcome) else {
        panic!("{outcome:?}");
    };
    let known = |world: &mut World| {
        let tablet = world.tablet(1).unwrap();
        tablet.people.iter().any(|tile| tile.person == person)
    };
    assert!(world.until(60_000, 100, known));
    let text = |secret: &interface::SecretText| secret.expose().to_owned();
    (world, person, text(&badge), text(&pin))
}

/// Signs in with the badge and begins the sitting, as a browser's worker does.
fn with_badge(world: &mut World, badge: &str, pin: &str) {
    let signed_in = world.command(
        1,
        Command::SignIn {
            badge: badge.into(),
            pin: pin.into(),
        },
    );
    assert!(matches!(signed_in, Outcome::Done(_)), "{signed_in:?}");
    let engine = world.devices[1].engine.as_mut().unwrap();
    engine.begin_sitting(pin);
}

/// Ends the engine as a lock does, and hands over to the next.
fn lock_and_hand_over(world: &mut World) {
    let engine = world.devices[1].engine.as_mut().unwrap();
    let handed = engine.hand_over();
    world.command(1, Command::Lock);
    world.stop(1);
    world.start(1);
    world.pass(1_000);
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    engine.take_over(&handed, now);
}

fn again(world: &mut World, person: ids::PersonId, pin: &str) -> Outcome {
    let pin = pin.to_owned();
    world.command(
        1,
        Command::SignInAgain {
            person,
            pin: pin.into(),
        },
    )
}

fn may_come_back(world: &mut World, person: ids::PersonId) -> bool {
    let tablet = world.tablet(1).unwrap();
    tablet
        .people
        .iter()
        .any(|tile| tile.person == person && tile.pin_alone)
}

#[track_caller]
fn wants_the_badge(world: &mut World, person: ids::PersonId, pin: &str) {
    let outcome = again(world, person, pin);
    assert_eq!(outcome, Outcome::Refused(Refusal::BadgeNeeded));
}

fn wrong(pin: &str) -> &'static str {
    if pin == "000000" { "111111" } else { "000000" }
}

#[test]
fn the_pin_alone_is_enough_after_a_lock_and_not_after_twelve_hours() {
    let (mut world, person, badge, pin) = with_a_nurse(11);
    assert!(!may_come_back(&mut world, person));
    wants_the_badge(&mut world, person, &pin);
    with_badge(&mut world, &badge, &pin);
    lock_and_hand_over(&mut world);
    assert!(may_come_back(&mut world, person));
    assert!(matches!(again(&mut world, person, &pin), Outcome::Done(_)));

    lock_and_hand_over(&mut world);
    world.sleep(ids::limits::SITTING_MS);
    assert!(!may_come_back(&mut world, person));
    wants_the_badge(&mut world, person, &pin);
}

#[test]
fn a_tablet_that_was_not_locked_on_purpose_asks_for_the_badge() {
    let (mut world, person, badge, pin) = with_a_nurse(12);
    with_badge(&mut world, &badge, &pin);
    world.stop(1);
    world.start(1);
    world.pass(60_000);
    assert!(!may_come_back(&mut world, person));
    wants_the_badge(&mut world, person, &pin);
}

#[test]
fn five_wrong_pins_end_a_sitting_however_often_the_tablet_is_locked() {
    let (mut world, person, badge, pin) = with_a_nurse(13);
    with_badge(&mut world, &badge, &pin);
    for tries_left in (1..ids::limits::PIN_TRIES).rev() {
        lock_and_hand_over(&mut world);
        let outcome = again(&mut world, person, wrong(&pin));
        assert_eq!(outcome, Outcome::Refused(Refusal::WrongPin { tries_left }));
    }
    // The right one does not give the wrong ones back.
    assert!(matches!(again(&mut world, person, &pin), Outcome::Done(_)));
    lock_and_hand_over(&mut world);
    for (pin, what) in [(wrong(&pin), "the fifth"), (pin.as_str(), "the right one")] {
        let outcome = again(&mut world, person, pin);
        assert_eq!(outcome, Outcome::Refused(Refusal::BadgeNeeded), "{what}");
    }
    assert!(!may_come_back(&mut world, person));
}
