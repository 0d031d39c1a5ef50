//! Places that nothing signed covers: how long they are waited for, and what is judged by them.

use crate::{care, faults, in_step, note, save};
use ids::{RosterSeq, Signature, limits};
use interface::{Command, Link, Query, RelayFault, View};
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::journal::{journal_of, note_in};
use lamplight_tests::harness::{Forgery, Hostile, Lie, Template, World, everything_shown, log_of};
use wire::message::{Item, Items};
use wire::{Message, Receipt, chain_next};

pub fn notes(world: &mut World, device: usize) -> Vec<String> {
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
fn a_row_under_an_earlier_roster_than_the_row_before_is_none_and_is_said_for_good() {
    let mut world = in_step(2, 83);
    world.lie_to(1, Lie::RowsUnder(RosterSeq(1)));
    let words = "stated under another roster".to_owned();
    save(&mut world, 2, &words);
    world.pass(1_000);
    let tablet = world.tablet(1).unwrap();
    assert_eq!(tablet.relay_faults, [RelayFault::OlderRoster]);
    assert_eq!(tablet.link, Link::Offline);
    assert!(!notes(&mut world, 1).contains(&words));
    // It is no row: with its true place it is one, and nothing was refused for the false one.
    everybody_shows_the_same(&mut world);
    assert!(notes(&mut world, 1).contains(&words));
    let tablet = world.tablet(1).unwrap();
    assert_eq!((tablet.refused, tablet.for_update), (0, 0));
    world.stop(1);
    world.start(1);
    assert_eq!(faults(&mut world, 1), [RelayFault::OlderRoster]);
}

/// The member's note as the next row of the charts' log at a device, under the roster that the
/// member last looked at, and the relay's signature over the chain with it.
fn backdated(world: &World, member: &mut Hostile, text: &str) -> [Message; 2] {
    let (resident, now) = (world.residents[0], world.now);
    let (what, run) = (journal_of(resident, now), member.run());
    let value = note_in(resident, now, text);
    let actor = member.actor(&run);
    let forged = Forged::honest(&member.document_id(&what), &actor, now, &[value]);
    let forgery = Forgery {
        header: Box::new(|_| {}),
        chunks: vec![forged.chunk()],
        sealed: Some((actor, forged.seq, forged.hash())),
    };
    let envelope = member.seal(&what, run, 0, &forgery);
    let (stream, log_id, at) = care(world, 1);
    let positions = log_of(&world.devices[1]).positions().unwrap();
    let here = positions.into_iter().find(|here| here.stream == stream);
    let (seq, roster_seq) = (at.next().unwrap(), member.roster_seq);
    let hash = member.roster_hash_at(roster_seq);
    let chain = chain_next(&here.unwrap().chain, seq, roster_seq, &hash, &envelope.id());
    let receipt = world.sign_receipt(Receipt {
        log_id,
        stream,
        seq,
        chain,
        roster_seq,
        signature: Signature::ZERO,
    });
    let row = Item {
        seq,
        roster_seq,
        envelope: envelope.bytes().clone(),
    };
    let items = Items {
        stream,
        log_id,
        first: seq,
        rows: vec![row],
    };
    [receipt.into(), items.into()]
}

#[test]
fn a_relay_cannot_put_what_a_replaced_key_writes_before_its_replacement() {
    let home = Template::home();
    let mut world = in_step(2, 86);
    let mut member = Hostile::new(home, 3, 2, 86);
    // While the key is good, such a row is taken: what follows fails for the roster alone.
    let before = backdated(&world, &mut member, "while the key was good");
    for message in &before {
        world.say_as_relay(1, message);
    }
    world.pass(1_000);
    assert!(notes(&mut world, 1).contains(&"while the key was good".to_owned()));

    let mut world = in_step(2, 86);
    let mut member = Hostile::new(home, 3, 2, 86);
    member.is_rekeyed(&mut world, home);
    world.pass(2_000);
    save(&mut world, 2, "after the keys were replaced");
    world.pass(5_000);
    let now = backdated(&world, &mut member, "with a replaced key");
    for message in &now {
        world.say_as_relay(1, message);
    }
    world.pass(1_000);
    assert_eq!(faults(&mut world, 1), [RelayFault::OlderRoster]);
    assert!(!world.is_connected(1));
    assert!(!notes(&mut world, 1).contains(&"with a replaced key".to_owned()));
    // Also after a while in which it is closed: what counts is on the disk.
    world.stop(1);
    world.start(1);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    for message in &now {
        world.say_as_relay(1, message);
    }
    world.pass(1_000);
    assert!(!world.is_connected(1));
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
