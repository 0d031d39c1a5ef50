//! What a tablet says of itself: when it last exchanged everything, of when what it shows is, why its
//! own work is not taken, and what was never accepted.

use crate::{in_step, note};
use domain::directory::Role;
use ids::limits;
use interface::{
    Act, Command, HeldUp, NotAcceptedView, NotAcceptedWhy, Query, Refusal, Settled, View,
};
use lamplight_tests::harness::{Lie, Outcome, Reach, World};
use vault::Identity;

fn not_accepted(world: &mut World, device: usize) -> NotAcceptedView {
    let now = world.clock(device);
    let engine = world.devices[device].engine.as_mut().unwrap();
    match engine.query(&Query::NotAccepted, now) {
        Ok(View::NotAccepted(view)) => view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_tablet_that_was_killed_still_knows_when_it_last_exchanged_everything() {
    let mut world = in_step(1, 61);
    world.pass(2 * limits::LATELY_KEPT_MS);
    let cut = world.clock(1);
    world.set_reach(1, Reach::Nothing);
    world.stop(1);
    world.pass(3_600_000);
    world.start(1);
    world.pass(1_000);
    let tablet = world.tablet(1).unwrap();
    let said = tablet.last_live.expect("it has exchanged everything once");
    assert!(cut.since(said) >= 0 && cut.since(said) <= limits::LATELY_KEPT_MS);
    // And that nothing was exchanged since then, though the engine is a second old.
    assert_eq!(tablet.link_since, said);
}

#[test]
fn what_is_not_shown_yet_is_of_when_nothing_was_missing() {
    let mut world = in_step(2, 62);
    let resident = world.residents[0];
    world.pass(60_000);
    world.command(1, Command::Lock);
    let (locked, person) = (world.clock(1), world.devices[1].person.take().unwrap());
    world.pass(3_600_000);
    world.saved(2, note(resident, "of the night"));
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    // Nothing is brought up to date before the first answer.
    let identity = Identity::from_seed(&world.people[person].seed);
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    engine.sign_in_with(identity).unwrap();
    let Ok(View::Session(session)) = engine.query(&Query::Session, now) else {
        panic!("nobody is signed in");
    };
    assert!(session.arriving > 0);
    let as_of = session.as_of.expect("it was whole once");
    assert!(
        locked.since(as_of) >= 0 && locked.since(as_of) <= 60_000,
        "{as_of:?}"
    );
}

#[test]
fn a_relay_without_room_is_told_of_until_it_has_some() {
    let mut world = in_step(1, 63);
    let resident = world.residents[0];
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.lie_to(1, Lie::NoRoom);
    world.saved(1, note(resident, "waits for room"));
    world.pass(10_000);
    let tablet = world.tablet(1).unwrap();
    assert_eq!(
        (tablet.held_up_by, tablet.to_send),
        (Some(HeldUp::RelayFull), 1)
    );
    world.stop_lying();
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    assert_eq!(world.tablet(1).unwrap().held_up_by, None);
}

#[test]
fn what_was_not_accepted_is_listed_with_whose_and_why_until_its_author_has_dealt_with_it() {
    let mut world = in_step(2, 64);
    let resident = world.residents[0];
    world.saved(1, note(resident, "the first"));
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    world.set_reach(1, Reach::Nothing);
    crate::take_the_next_place(&mut world, 1);
    world.saved(1, note(resident, "refused"));
    world.saved(1, note(resident, "built on it"));
    world.set_reach(1, Reach::Relay);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    let view = not_accepted(&mut world, 1);
    let told: Vec<_> = view
        .rows
        .iter()
        .map(|row| {
            let entry = &row.entries[0];
            let whose = entry.resident.as_ref().map(|row| row.id);
            (whose, entry.kind.as_str(), row.why)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some(resident), "note", NotAcceptedWhy::Fork),
            (Some(resident), "note", NotAcceptedWhy::BuiltOn),
        ]
    );
    assert_eq!(view.not_listed, 0);
    let envelope = view.rows[0].envelope;
    let deal_with = Command::DealWith { envelope };
    assert!(world.sign_in(1, 1));
    let outcome = world.command(1, deal_with.clone());
    let anothers = Refusal::NotAllowed { act: Act::DealWith };
    assert_eq!(outcome, Outcome::Refused(anothers));
    assert!(world.sign_in(1, 0));
    let outcome = world.command(1, deal_with.clone());
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    assert_eq!(world.tablet(1).unwrap().not_accepted, 1);
    assert_eq!(not_accepted(&mut world, 1).rows.len(), 1);
    // Twice is once.
    let outcome = world.command(1, deal_with);
    assert!(
        matches!(outcome, Outcome::Refused(Refusal::NotFound { .. })),
        "{outcome:?}"
    );
}

#[test]
fn an_outcome_of_a_newer_relay_is_neither_success_nor_final() {
    let mut world = in_step(1, 65);
    world.lie_to(0, Lie::NewerOutcomes);
    let outcome = world.command(
        0,
        Command::AddPerson {
            given: "Ines".into(),
            family: "Duarte".into(),
            role: Role::RegisteredNurse,
            credential: None,
        },
    );
    // What was appended comes back with the roster, whatever was answered.
    world.pass(60_000);
    let settled = world.settled(0, &outcome);
    assert!(
        matches!(settled, Some(Settled::PersonAdded { .. })),
        "{settled:?}"
    );
    // Once, however often it was answered.
    let people = world.tablet(1).unwrap().people;
    let added = people.iter().filter(|tile| tile.name.contains("Duarte"));
    assert_eq!(added.count(), 1);
}
