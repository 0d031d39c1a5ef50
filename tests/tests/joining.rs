//! Enrolling and founding when processes die, disks fail and answers are lost: a newcomer either
//! belongs with its keys, or the link is as good as before.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)] // The strict lints guard the product; a test may unwrap, index and cast.

use domain::directory::Role;
use ids::{LogId, UnixMillis};
use interface::{Command, Link, Notice, Query, Refusal, SecretText, Settled, TabletState, View};
use lamplight_tests::harness::{Dice, Outcome, Reach, RelayHost, Template, World, settings};
use replica::disk::Fault;
use vault::FoundingLink;

const FAULTS: [Fault; 5] = [
    Fault::Full,
    Fault::FailBefore,
    Fault::FailAfter,
    Fault::CrashBefore,
    Fault::CrashAfter,
];
/// Tablets in the roster of the template.
const TABLETS: u32 = 4;
const TOKEN: [u8; 16] = [66; 16];

/// The office, its administrator signed in, a blank tablet and a link for it.
fn invited(seed: u64) -> (World, usize, String) {
    let mut world = Template::home().world(0, seed);
    assert!(world.until(10_000, 50, |world| world.is_in_step(0)));
    assert!(world.sign_in(0, 0));
    let link = world.invite(0, 1).expect("a link").remove(0);
    let tablet = world.add_blank();
    (world, tablet, link)
}

/// Tablets that came into the roster since [`invited`], as the office has it.
fn newcomers(world: &mut World) -> u32 {
    assert!(world.until(60_000, 50, |world| world.is_in_step(0)));
    let office = world.tablet(0).unwrap();
    office.tablets + office.unconfirmed - TABLETS
}

/// Plays until a fault after so many commits no longer fires; how many commits there were.
fn at_every_commit(mut play: impl FnMut(u32, Fault) -> bool) -> u32 {
    let mut after = 0;
    loop {
        let fired = FAULTS.map(|fault| play(after, fault));
        if !fired.contains(&true) {
            return after;
        }
        after += 1;
    }
}

#[test]
fn a_fault_at_any_commit_of_an_enrolment_leaves_no_ghost_and_no_spent_link() {
    let commits = at_every_commit(|after, fault| {
        let (mut world, tablet, link) = invited(u64::from(after));
        let plan = world.devices[tablet].disk.plan();
        plan.borrow_mut().next = Some((after, fault));
        assert!(world.enrol(tablet, &link), "{fault:?} after {after}");
        assert_eq!(newcomers(&mut world), 1, "{fault:?} after {after}");
        assert!(
            world.until(60_000, 500, |world| world.sign_in(tablet, 0)),
            "{fault:?} after {after}"
        );
        !plan.borrow().fired.is_empty()
    });
    assert!(commits >= 5, "{commits}");
}

#[test]
fn an_enrolment_whose_answer_was_lost_is_carried_on() {
    // The connection breaks at another moment each time.
    for wait in 0..60 {
        let (mut world, tablet, link) = invited(100 + wait);
        world.devices[tablet].link = Some(link.clone());
        world.enrol_again(tablet);
        world.pass(5 * wait as i64);
        world.reset(tablet);
        assert!(world.enrol(tablet, &link), "broken after {} ms", 5 * wait);
        assert_eq!(newcomers(&mut world), 1, "broken after {} ms", 5 * wait);
    }
}

/// Lets the enrolment come as far as its keys are kept.
fn kept(world: &mut World, tablet: usize, link: &str) {
    world.devices[tablet].link = Some(link.to_owned());
    world.enrol_again(tablet);
    let is_kept = |world: &mut World| world.tablet(tablet).is_some_and(|view| view.carried_on);
    assert!(world.until(10_000, 1, is_kept));
    // From here on nobody helps it.
    world.devices[tablet].link = None;
}

#[test]
fn a_tablet_that_was_closed_while_it_enrolled_says_so_and_goes_on_by_itself() {
    let (mut world, tablet, link) = invited(7);
    kept(&mut world, tablet, &link);
    world.set_reach(tablet, Reach::Nothing);
    world.stop(tablet);
    world.pass(60_000);
    world.start(tablet);
    world.pass(5_000);
    let view = world.tablet(tablet).unwrap();
    assert_eq!(view.state, TabletState::Enrolling);
    assert!(view.carried_on);
    assert_eq!(view.words, None);
    assert_ne!(view.link, Link::Live);
    world.set_reach(tablet, Reach::Relay);
    // No command: the engine asks again by itself.
    let is_asked = |world: &mut World| world.tablet(tablet).unwrap().state == TabletState::Words;
    assert!(world.until(60_000, 100, is_asked));
    let view = world.tablet(tablet).unwrap();
    assert!(!view.carried_on);
    assert_eq!(view.words.unwrap().len(), 6);
}

#[test]
fn the_words_of_an_enrolment_that_was_carried_on_are_those_the_office_shows() {
    for wait in [0, 20, 40, 60, 80, 100] {
        let (mut world, tablet, link) = invited(200 + wait as u64);
        world.take_notices(0);
        kept(&mut world, tablet, &link);
        world.pass(wait);
        world.stop(tablet);
        world.pass(1_000);
        world.start(tablet);
        let is_asked = |world: &mut World| {
            world
                .tablet(tablet)
                .unwrap()
                .words
                .is_some_and(|w| w.len() == 6)
        };
        assert!(world.until(60_000, 100, is_asked));
        let here = world.tablet(tablet).unwrap().words.unwrap();
        let there = world
            .take_notices(0)
            .into_iter()
            .find_map(|notice| match notice {
                Notice::DeviceAccepted { words, .. } => Some(words),
                _ => None,
            });
        assert_eq!(there, Some(here));
    }
}

#[test]
fn an_enrolment_nobody_wants_to_wait_for_is_given_up() {
    let (mut world, tablet, link) = invited(8);
    kept(&mut world, tablet, &link);
    world.set_reach(tablet, Reach::Nothing);
    let given_up = world.command(tablet, Command::RejectWords);
    assert!(matches!(given_up, Outcome::Done(_)), "{given_up:?}");
    assert_eq!(world.tablet(tablet).unwrap().state, TabletState::Blank);
    world.stop(tablet);
    world.start(tablet);
    assert_eq!(world.tablet(tablet).unwrap().state, TabletState::Blank);
    // Another link enrols it.
    world.set_reach(tablet, Reach::Relay);
    let another = world.invite(0, 1).expect("a link").remove(0);
    assert!(world.enrol(tablet, &another));
}

#[test]
fn a_tablet_whose_words_were_different_is_waited_for_by_nobody() {
    let (mut world, tablet, link) = invited(10);
    let waits_for = |world: &mut World| {
        let office = world.tablet(0).unwrap();
        (office.tablets, office.unconfirmed)
    };
    let (counted, silent) = waits_for(&mut world);
    kept(&mut world, tablet, &link);
    let is_asked = |world: &mut World| world.tablet(tablet).unwrap().state == TabletState::Words;
    assert!(world.until(60_000, 100, is_asked));
    // However long it stands there with its words: it says nothing of what it has.
    world.pass(60_000);
    assert_eq!(waits_for(&mut world), (counted, silent + 1));
    world.command(tablet, Command::RejectWords);
    world.pass(60_000);
    assert_eq!(waits_for(&mut world), (counted, silent + 1));
    // One whose words are the same counts.
    let another = world.invite(0, 1).expect("a link").remove(0);
    assert!(world.enrol(tablet, &another));
    let counts = |world: &mut World| waits_for(world) == (counted + 1, silent + 1);
    assert!(world.until(60_000, 100, counts));
}

#[test]
fn a_link_that_another_tablet_used_meanwhile_is_refused_in_the_end() {
    let (mut world, tablet, link) = invited(9);
    kept(&mut world, tablet, &link);
    // What it asked for never arrives.
    world.reset(tablet);
    world.set_reach(tablet, Reach::Nothing);
    world.pass(1_000);
    let other = world.add_blank();
    let enrol = Command::Enrol {
        fragment: link.into(),
        device_name: "Another".into(),
    };
    world.command(other, enrol);
    let knows = |world: &mut World, device| {
        let state = world.tablet(device).unwrap().state;
        state == TabletState::Blank || state == TabletState::Words
    };
    assert!(world.until(120_000, 100, |world| knows(world, other)));
    world.set_reach(tablet, Reach::Relay);
    assert!(world.until(120_000, 100, |world| knows(world, tablet)));
    // Exactly one of the two has it, and both know.
    let has = |world: &mut World, device| world.tablet(device).unwrap().state == TabletState::Words;
    assert_ne!(has(&mut world, tablet), has(&mut world, other));
    assert_eq!(newcomers(&mut world), 1);
}

/// A relay with a founding token, and a blank device.
fn unfounded(seed: u64) -> (World, usize, Command) {
    let mut dice = Dice::new(seed);
    let mut relay = RelayHost::new([77; 32], LogId::from_bytes([88; 16]), None, dice.fork());
    relay.offer_founding(TOKEN);
    let link = FoundingLink::from_parts(relay.key(), &TOKEN);
    let mut world = World::new(UnixMillis(1_795_258_800_000), relay, dice);
    let office = world.add_blank();
    let found = Command::Found {
        fragment: link.text().into(),
        settings: settings(),
        given: "Ada".into(),
        family: "Admin".into(),
        device_name: "Office".into(),
    };
    (world, office, found)
}

/// Takes what was told of founding, if anything.
fn told(world: &mut World, office: usize) -> Option<(SecretText, SecretText)> {
    world
        .take_notices(office)
        .into_iter()
        .find_map(|notice| match notice {
            Notice::Settled {
                settled: Settled::Founded { badge, pin, .. },
                ..
            } => Some((badge, pin)),
            _ => None,
        })
}

/// Founds, again where it failed, until badge and PIN are told.
fn founded(world: &mut World, office: usize, found: &Command) -> (SecretText, SecretText) {
    for _ in 0..600 {
        if let Some(told) = told(world, office) {
            return told;
        }
        let blank = |view: interface::TabletView| view.state == TabletState::Blank;
        if world.tablet(office).is_some_and(blank) {
            let outcome = world.command(office, found.clone());
            assert!(
                !matches!(outcome, Outcome::Refused(Refusal::AlreadyEnrolled)),
                "it is blank and says that it is not"
            );
        }
        world.pass(200);
    }
    panic!("not founded: {:?}", world.tablet(office));
}

#[test]
fn a_fault_at_any_commit_of_a_founding_loses_no_key_and_says_nothing_twice() {
    let commits = at_every_commit(|after, fault| {
        let (mut world, office, found) = unfounded(u64::from(after) + 1);
        let plan = world.devices[office].disk.plan();
        plan.borrow_mut().next = Some((after, fault));
        let (badge, pin) = founded(&mut world, office, &found);
        let fired = !plan.borrow().fired.is_empty();
        plan.borrow_mut().next = None;
        let signed_in = world.command(office, Command::SignIn { badge, pin });
        assert!(
            matches!(signed_in, Outcome::Done(_)),
            "{fault:?} after {after}: {signed_in:?}"
        );
        assert!(world.until(30_000, 100, |world| world.is_in_step(office)));
        let now = world.clock(office);
        let engine = world.devices[office].engine.as_mut().unwrap();
        engine.project_all();
        let View::Staff { staff } = engine.query(&Query::Staff, now).unwrap() else {
            panic!("another view");
        };
        assert_eq!(staff.len(), 1, "{fault:?} after {after}");
        let View::Contradictions { contradictions } = engine
            .query(
                &Query::Contradictions {
                    resident: None,
                    decided: true,
                },
                now,
            )
            .unwrap()
        else {
            panic!("another view");
        };
        assert!(contradictions.is_empty(), "{fault:?} after {after}");
        fired
    });
    assert!(commits >= 6, "{commits}");
}

#[test]
fn badge_and_recovery_sheet_are_shown_until_the_badge_signs_in() {
    let (mut world, office, found) = unfounded(90);
    let (badge, pin) = founded(&mut world, office, &found);
    for _ in 0..2 {
        world.stop(office);
        world.start(office);
        assert_eq!(told(&mut world, office), Some((badge.clone(), pin.clone())));
    }
    // The same command shows them again, too.
    world.command(office, found);
    assert_eq!(told(&mut world, office), Some((badge.clone(), pin.clone())));
    let signed_in = world.command(office, Command::SignIn { badge, pin });
    assert!(matches!(signed_in, Outcome::Done(_)), "{signed_in:?}");
    world.stop(office);
    world.start(office);
    world.pass(1_000);
    assert_eq!(told(&mut world, office), None);
}

#[test]
fn a_founding_whose_answer_was_lost_is_carried_on() {
    for wait in 0..30 {
        let (mut world, office, found) = unfounded(300 + wait);
        world.command(office, found.clone());
        world.pass(4 * wait as i64);
        world.reset(office);
        let (badge, pin) = founded(&mut world, office, &found);
        let signed_in = world.command(office, Command::SignIn { badge, pin });
        assert!(matches!(signed_in, Outcome::Done(_)), "{signed_in:?}");
    }
}

#[test]
fn a_founding_without_a_relay_fails_at_once_and_leaves_nothing() {
    let (mut world, office, found) = unfounded(91);
    world.set_reach(office, Reach::Nothing);
    let outcome = world.command(office, found.clone());
    let settled = world.settled(office, &outcome);
    assert_eq!(
        settled,
        Some(Settled::Failed {
            refusal: Refusal::NeedsRelay
        })
    );
    world.set_reach(office, Reach::Relay);
    founded(&mut world, office, &found);
}

#[test]
fn a_fault_at_any_commit_of_adding_somebody_leaves_no_one_whose_keys_nobody_has() {
    let commits = at_every_commit(|after, fault| {
        let (mut world, _, _) = invited(700 + u64::from(after));
        world.take_notices(0);
        let plan = world.devices[0].disk.plan();
        plan.borrow_mut().next = Some((after, fault));
        let add = Command::AddPerson {
            given: "Ines".into(),
            family: "Duarte".into(),
            role: Role::RegisteredNurse,
            credential: None,
        };
        // Asked again until it is done, as somebody would who was told that it failed.
        let mut told = None;
        for _ in 0..20 {
            world.sign_in(0, 0);
            world.command(0, add.clone());
            world.pass(10_000);
            let added = |notice| match notice {
                Notice::Settled {
                    settled: Settled::PersonAdded { person, badge, pin },
                    ..
                } => Some((person, badge, pin)),
                _ => None,
            };
            told = world.take_notices(0).into_iter().find_map(added);
            if told.is_some() {
                break;
            }
        }
        let (person, badge, pin) = told.unwrap_or_else(|| panic!("{fault:?} after {after}"));
        let tiles = |world: &mut World| {
            let tiles = world.tablet(0).unwrap().people;
            let they = tiles.into_iter().filter(|tile| tile.name == "I. Duarte");
            they.map(|tile| tile.person).collect::<Vec<_>>()
        };
        let fired = !plan.borrow().fired.is_empty();
        plan.borrow_mut().next = None;
        // One person, who can sign in, may write and is named.
        assert_eq!(tiles(&mut world), [person], "{fault:?} after {after}");
        let signed_in = world.command(0, Command::SignIn { badge, pin });
        assert_eq!(signed_in, Outcome::Done(interface::Done::Ok));
        world.pass(1_000);
        let view = world.devices[0].engine.as_mut().unwrap();
        let Ok(View::Staff { staff }) = view.query(&Query::Staff, world.now) else {
            panic!()
        };
        let named = staff.iter().filter(|row| row.name == "I. Duarte").count();
        assert_eq!(named, 1, "{fault:?} after {after}");
        fired
    });
    assert!(commits >= 3, "{commits}");
}
