//! A relay that says of what it stores that it will never store it. Everybody else has it then, with
//! the relay's signature: so has its author's tablet, in the end, and says what it was told.

use crate::placing::notes;
use crate::{faults, in_step, save};
use ids::limits;
use interface::{Command, NotAcceptedRow, NotAcceptedWhy, Query, RelayFault, View};
use lamplight_tests::harness::{Lie, Outcome, Reach, World, everything_shown};

fn not_accepted(world: &mut World) -> Vec<NotAcceptedRow> {
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    match engine.query(&Query::NotAccepted, now) {
        Ok(View::NotAccepted(view)) => view.rows,
        other => panic!("{other:?}"),
    }
}

/// Tablet 1 was told that these were refused; they are stored, and their rows are not sent to it on
/// this connection.
fn refused_and_stored(seed: u64, texts: &[&str]) -> World {
    let mut world = in_step(2, seed);
    assert!(world.until(30_000, 50, |world| world.is_in_step(1)));
    world.lie_to(1, Lie::FalseRefusals);
    for text in texts {
        save(&mut world, 1, text);
    }
    let all = texts.len();
    assert!(world.until(60_000, 50, |world| {
        notes(world, 2).len() >= all && world.tablet(1).unwrap().not_accepted as usize == all
    }));
    for text in texts {
        assert!(notes(&mut world, 2).contains(&(*text).to_owned()));
        assert!(!notes(&mut world, 1).contains(&(*text).to_owned()));
    }
    world
}

/// What was refused is stored, shown to its author as to everybody, and on no list; what the relay
/// said is.
fn is_stored_shown_and_said(world: &mut World, texts: &[&str]) {
    world.pass(2_000);
    let tablet = world.tablet(1).unwrap();
    assert_eq!(
        (tablet.to_send, tablet.not_accepted, tablet.refused),
        (0, 0, 0)
    );
    assert!(not_accepted(world).is_empty());
    for text in texts {
        assert!(notes(world, 1).contains(&(*text).to_owned()), "{text}");
    }
    assert!(world.until(60_000, 100, |world| (0..3).all(|d| world.is_in_step(d))));
    world.pass(2_000);
    let now = world.now;
    let mut of =
        |device: usize| everything_shown(world.devices[device].engine.as_mut().unwrap(), now);
    assert!(of(1) == of(2));
    for _ in 0..2 {
        assert_eq!(faults(world, 1), [RelayFault::FalseRefusal]);
        assert_eq!(faults(world, 2), []);
        assert_eq!(world.tablet(1).unwrap().not_accepted, 0);
        world.stop(1);
        world.start(1);
        world.pass(2_000);
    }
}

#[test]
fn what_the_relay_refused_and_stored_is_fetched_without_waiting_for_the_connection_to_end() {
    let texts = ["stored, and said to be refused"];
    let mut world = refused_and_stored(91, &texts);
    let told = world.now;
    // It goes on lying: what counts is signed.
    assert!(world.until(2 * limits::CLAIM_MS, 100, |world| {
        world.tablet(1).unwrap().not_accepted == 0
    }));
    assert!(world.now.since(told) <= limits::CLAIM_MS + 10_000);
    is_stored_shown_and_said(&mut world, &texts);
}

#[test]
fn so_is_what_was_written_behind_it() {
    let texts = ["the first of two", "the second of two"];
    let mut world = refused_and_stored(92, &texts);
    let why: Vec<_> = not_accepted(&mut world).iter().map(|row| row.why).collect();
    assert_eq!(why, [NotAcceptedWhy::NotAllowed, NotAcceptedWhy::BuiltOn]);
    world.reset(1);
    assert!(
        world.until(60_000, 100, |world| world.tablet(1).unwrap().not_accepted
            == 0)
    );
    is_stored_shown_and_said(&mut world, &texts);
}

#[test]
fn a_refusal_that_comes_with_the_row_or_after_it_is_said_as_well() {
    let texts = ["saved while cut off", "and another"];
    let mut world = in_step(2, 96);
    world.set_reach(1, Reach::Nothing);
    for text in texts {
        save(&mut world, 1, text);
    }
    world.lie_to(1, Lie::FalseRefusals);
    world.set_reach(1, Reach::Relay);
    assert!(world.until(60_000, 50, |world| notes(world, 2).len() >= texts.len()));
    // The tail that begins anew brings the rows, too.
    assert!(world.until(10_000, 100, |world| {
        faults(world, 1) == [RelayFault::FalseRefusal]
    }));
    is_stored_shown_and_said(&mut world, &texts);
}

#[test]
fn a_tablet_that_was_started_anew_and_stands_locked_knows_what_it_was_told() {
    let texts = ["refused before the restart"];
    let mut world = refused_and_stored(93, &texts);
    world.stop(1);
    let person = world.devices[1].person.take();
    world.start(1);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    let tablet = world.tablet(1).unwrap();
    assert_eq!(tablet.not_accepted, 0);
    assert_eq!(tablet.relay_faults, [RelayFault::FalseRefusal]);
    assert!(world.sign_in(1, person.unwrap()));
    is_stored_shown_and_said(&mut world, &texts);
}

#[test]
fn what_was_dealt_with_meanwhile_is_shown_and_the_refusal_said_all_the_same() {
    let texts = ["refused, and taken off the list"];
    let mut world = refused_and_stored(94, &texts);
    let envelope = not_accepted(&mut world)[0].envelope;
    let outcome = world.command(1, Command::DealWith { envelope });
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    world.stop(1);
    world.start(1);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    is_stored_shown_and_said(&mut world, &texts);
}

#[test]
fn a_relay_that_refuses_and_does_not_store_is_taken_at_its_word() {
    let mut world = in_step(2, 95);
    assert!(world.until(30_000, 50, |world| world.is_in_step(1)));
    let since = world.tablet(1).unwrap().link_since;
    world.lie_to(1, Lie::Refusals);
    save(&mut world, 1, "refused, and not stored");
    world.pass(1_000);
    world.stop_lying();
    // Others go on, and its row is missed by nobody.
    save(&mut world, 2, "of another");
    world.pass(2 * limits::CLAIM_MS);
    let tablet = world.tablet(1).unwrap();
    assert_eq!((tablet.not_accepted, tablet.arriving), (1, 0));
    assert_eq!(
        (tablet.link_since, tablet.relay_faults),
        (since, Vec::new())
    );
    world.reset(1);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    let tablet = world.tablet(1).unwrap();
    assert_eq!((tablet.not_accepted, tablet.relay_faults), (1, Vec::new()));
}
