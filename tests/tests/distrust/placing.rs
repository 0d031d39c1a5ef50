//! Places that nothing signed covers: how long they are waited for, and what is judged by them.

use crate::{faults, in_step, note, save};
use ids::{RosterSeq, limits};
use interface::{Command, Query, View};
use lamplight_tests::harness::{Hostile, Lie, Template, World, everything_shown};

fn notes(world: &mut World, device: usize) -> Vec<String> {
    let (now, resident) = (world.clock(device), world.residents[0]);
    let engine = world.devices[device].engine.as_mut().unwrap();
    let asked = Query::Notes {
        resident,
        limit: 1_000,
        before: None,
        search: String::new(),
    };
    match engine.query(&asked, now) {
        Ok(View::Notes(view)) => view.notes.into_iter().map(|note| note.text).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_answered_and_never_signed_for_is_asked_for_again_without_waiting_for_the_connection_to_end()
 {
    let mut world = in_step(1, 81);
    world.lie_to(1, Lie::NoReceipts);
    save(&mut world, 1, "answered, and not signed for");
    let since = world.tablet(1).unwrap().link_since;
    world.pass(limits::CLAIM_MS - 1_000);
    let tablet = world.tablet(1).unwrap();
    assert_eq!((tablet.to_send, tablet.link_since), (1, since));
    // The relay's next greeting states its head, signed: that is as good as a receipt.
    assert!(world.until(5_000, 500, |world| world.tablet(1).unwrap().to_send == 0));
    assert_eq!(faults(&mut world, 1), []);
}

#[test]
fn a_relay_that_signs_in_time_is_not_hung_up_on() {
    let mut world = in_step(1, 82);
    let since = world.tablet(1).unwrap().link_since;
    for n in 0..60 {
        save(&mut world, 1, &format!("one of many {n}"));
        world.pass(5_000);
    }
    let tablet = world.tablet(1).unwrap();
    assert_eq!((tablet.to_send, tablet.link_since), (0, since));
}

/// Tablet 1 has own work that nothing signs for, and behind it comes what `device` writes, stated
/// under another place of the roster than its own.
fn behind_own_work(world: &mut World, under: RosterSeq, device: usize) {
    world.lie_to(1, Lie::RowsUnder(under));
    save(world, 1, "answered, and not signed for");
    world.pass(1_000);
    save(world, device, "stated under another roster");
    world.pass(1_000);
}

fn everybody_shows_the_same(world: &mut World) {
    world.stop_lying();
    world.reset(1);
    assert!(world.until(60_000, 100, |world| {
        (0..3).all(|device| world.is_in_step(device))
    }));
    world.pass(2_000);
    let now = world.now;
    let mut of = |device: usize| {
        let engine = world.devices[device].engine.as_mut().unwrap();
        everything_shown(engine, now)
    };
    let (here, there) = (of(1), of(2));
    assert!(here == there, "{here:#?}\n{there:#?}");
}

#[test]
fn what_was_refused_under_a_false_roster_is_shown_when_its_place_is_known() {
    let mut world = in_step(2, 83);
    // Earlier than its author's: nobody could have written it then.
    behind_own_work(&mut world, RosterSeq(1), 2);
    assert!(!notes(&mut world, 1).contains(&"stated under another roster".to_owned()));
    everybody_shows_the_same(&mut world);
    assert!(notes(&mut world, 1).contains(&"stated under another roster".to_owned()));
    let tablet = world.tablet(1).unwrap();
    assert_eq!((tablet.refused, tablet.for_update), (0, 0));
    // Nor is anything lost when the tablet is closed and opened.
    world.stop(1);
    world.start(1);
    assert!(world.until(20_000, 100, |world| world.is_in_step(1)));
    everybody_shows_the_same(&mut world);
}

#[test]
fn what_was_withheld_under_a_false_roster_is_shown_when_its_place_is_known() {
    let home = Template::home();
    let mut world = in_step(2, 84);
    assert!(world.sign_in(2, 2));
    let mut office = Hostile::new(home, 3, 2, 84);
    let after_rekey = RosterSeq(office.roster_head().0 + 1);
    behind_own_work(&mut world, after_rekey, 2);
    // By then its author had other keys.
    office.is_rekeyed(&mut world, home);
    world.pass(2_000);
    assert!(!notes(&mut world, 1).contains(&"stated under another roster".to_owned()));
    assert!(world.sign_in(2, 0));
    everybody_shows_the_same(&mut world);
    assert!(notes(&mut world, 1).contains(&"stated under another roster".to_owned()));
}

#[test]
fn whose_keys_are_replaced_is_locked_out_where_they_are_signed_in() {
    let home = Template::home();
    let mut world = in_step(2, 85);
    assert!(world.sign_in(1, 2));
    let mut office = Hostile::new(home, 3, 2, 85);
    office.is_rekeyed(&mut world, home);
    world.pass(2_000);
    let tablet = world.tablet(1).unwrap();
    assert_eq!(tablet.state, interface::TabletState::Locked);
    let written = note(&world, "with keys that were replaced");
    assert!(matches!(
        world.command(1, written),
        lamplight_tests::harness::Outcome::Refused(interface::Refusal::Locked)
    ));
    // Nobody else is.
    assert_eq!(world.tablet(2).unwrap().state, interface::TabletState::Open);
    assert!(!world.sign_in(1, 2), "the old keys are nobody's");
    assert!(world.sign_in(1, 0));
    let _ = world.command(1, Command::Lock);
}
