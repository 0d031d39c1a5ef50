//! What the relay says is believed when it is proved, and what is found untrue is said for good.

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

mod ahead;
mod marks;
mod placing;
mod refusals;

use domain::Stream;
use ids::{ChainHash, LogId, Seq, StreamId, limits};
use interface::{Command, Link, RelayFault};
use lamplight_tests::harness::{Hostile, Lie, Template, World, digest, log_of};
use std::time::Duration;

/// The office and so many tablets, everybody in step and the administrator signed in.
fn in_step(tablets: usize, seed: u64) -> World {
    let mut world = Template::home().world(tablets, seed);
    for device in 0..=tablets {
        assert!(world.until(10_000, 50, |world| world.is_in_step(device)));
        assert!(world.sign_in(device, 0));
    }
    // Each says its name first.
    world.pass(5_000);
    world
}

fn note(world: &World, text: &str) -> Command {
    Command::WriteNote {
        resident: world.residents[0],
        text: text.into(),
        replaces: None,
        at: None,
        sign: false,
    }
}

fn save(world: &mut World, device: usize, text: &str) {
    let command = note(world, text);
    world.saved(device, command);
}

fn faults(world: &mut World, device: usize) -> Vec<RelayFault> {
    world.tablet(device).unwrap().relay_faults
}

/// Where a tablet stands in the log of the charts.
fn care(world: &World, device: usize) -> (StreamId, LogId, Seq) {
    let log = log_of(&world.devices[device]);
    let longest = log.positions().unwrap().into_iter().find(|position| {
        let facts = log.facts(position.stream, 0, 1).unwrap();
        let header = facts.first().map(|fact| *fact.envelope.envelope.header());
        header.is_some_and(|header| {
            position.stream == wire::stream_id(&header.facility, Stream::Care.name())
        })
    });
    let position = longest.unwrap();
    (position.stream, position.log_id, position.seq)
}

#[test]
fn a_place_at_which_something_else_stands_leaves_the_work_in_the_outbox_and_is_said_for_good() {
    let mut world = in_step(1, 1);
    world.lie_to(1, Lie::FalsePlaces(Seq(1)));
    save(&mut world, 1, "not stored");
    world.pass(10_000);
    let tablet = world.tablet(1).unwrap();
    assert_eq!(tablet.to_send, 1);
    assert_eq!(tablet.relay_faults, [RelayFault::FalsePlace]);
    world.stop(1);
    world.start(1);
    assert_eq!(faults(&mut world, 1), [RelayFault::FalsePlace]);
    world.stop_lying();
    world.restart_relay();
    assert!(world.until(60_000, 50, |world| world.is_in_step(1)));
    assert_eq!(faults(&mut world, 1), [RelayFault::FalsePlace]);
}

#[test]
fn whatever_place_is_named_falsely_the_work_reaches_everybody_once_the_relay_is_honest() {
    let head = care(&in_step(1, 2), 1).2.0;
    for place in 1..=head + 4 {
        let mut world = in_step(1, 2);
        world.lie_to(1, Lie::FalsePlaces(Seq(place)));
        save(&mut world, 1, "one");
        world.pass(1_000);
        assert_eq!(world.tablet(1).unwrap().to_send, 1, "place {place}");
        save(&mut world, 0, "another");
        world.pass(40_000);
        assert_eq!(world.tablet(1).unwrap().to_send, 1, "place {place}");
        assert!(!faults(&mut world, 1).is_empty(), "place {place}");
        world.stop_lying();
        world.restart_relay();
        for device in [0, 1] {
            assert!(
                world.until(60_000, 50, |world| world.is_in_step(device)),
                "place {place}"
            );
        }
        world.pass(5_000);
        assert!(faults(&mut world, 0).is_empty(), "place {place}");
        let now = world.now;
        let mut shown = |device: usize| digest(world.devices[device].engine.as_mut().unwrap(), now);
        assert_eq!(shown(0), shown(1), "place {place}");
    }
}

#[test]
fn a_receipt_for_another_chain_proves_nothing_and_is_said() {
    let mut world = in_step(1, 3);
    world.lie_to(1, Lie::SwappedReceipts);
    save(&mut world, 1, "never signed for");
    world.pass(1_000);
    let tablet = world.tablet(1).unwrap();
    assert_eq!(tablet.to_send, 1);
    assert_eq!(tablet.relay_faults, [RelayFault::TwoHistories]);
}

#[test]
fn a_mark_with_another_chain_counts_for_nothing_and_is_said_for_good() {
    let template = Template::home();
    let mut world = in_step(2, 4);
    let mut member = Hostile::new(template, 2, 0, 4);
    save(&mut world, 1, "who has this?");
    assert!(world.until(30_000, 50, |world| {
        let tablet = world.tablet(1).unwrap();
        tablet.to_send == 0 && tablet.received_by == 1
    }));
    world.stop(2);
    save(&mut world, 1, "and this?");
    world.pass(5_000);
    let (_, log_id, seq) = care(&world, 1);
    assert_eq!(world.tablet(1).unwrap().received_by, 0);
    member.say_seen(&mut world, log_id, seq, ChainHash::from_bytes([9; 32]));
    world.pass(1_000);
    let after = world.tablet(1).unwrap();
    assert_eq!(after.received_by, 0);
    assert_eq!(after.relay_faults, [RelayFault::OtherDevice]);
    world.stop(1);
    world.start(1);
    assert_eq!(faults(&mut world, 1), [RelayFault::OtherDevice]);
}

#[test]
fn a_newcomer_finds_a_log_that_is_not_the_one_of_its_invitation() {
    for same_log in [false, true] {
        let mut world = in_step(1, 5);
        for n in 0..3 {
            save(&mut world, 0, &format!("before the invitation {n}"));
        }
        world.pass(5_000);
        let links = world.invite(0, 1).unwrap();
        let (_, log_id, seq) = care(&world, 0);
        match same_log {
            true => world.empty_relay_logs(log_id),
            false => world.replace_relay_logs(),
        }
        // Another history, longer than the first, of a new run: the relay lacks what the other
        // builds on.
        world.stop(0);
        world.start(0);
        world.pass(5_000);
        for n in 0..=seq.0 {
            save(&mut world, 0, &format!("after it {n}"));
            world.pass(500);
        }
        world.pass(40_000);
        let device = world.add_blank();
        world.devices[device].link = Some(links[0].clone());
        world.enrol_again(device);
        world.pass(60_000);
        let found = faults(&mut world, device);
        let fault = match same_log {
            true => RelayFault::TwoHistories,
            false => RelayFault::NewLog,
        };
        assert!(found.contains(&fault), "{found:?}");
    }
}

#[test]
fn who_is_told_that_the_relay_stops_stays_away_as_long_as_it_says_and_comes_back_in_its_own_time() {
    let mut world = in_step(4, 6);
    world.drain_relay(Duration::from_secs(9));
    world.pass(100);
    for device in 0..=4 {
        assert_eq!(world.tablet(device).unwrap().link, Link::Offline);
    }
    world.pass(9_500);
    for device in 0..=4 {
        assert!(!world.is_connected(device), "device {device}");
    }
    let mut back = Vec::new();
    for second in 0..15 {
        world.pass(1_000);
        back.extend(
            (0..=4)
                .filter(|device| world.is_connected(*device))
                .map(|device| (device, second)),
        );
    }
    let first = |device: usize| {
        back.iter()
            .find(|(who, _)| *who == device)
            .map(|(_, at)| *at)
    };
    let mut times: Vec<i32> = (0..=4)
        .map(|device| first(device).expect("it came back"))
        .collect();
    times.sort_unstable();
    times.dedup();
    assert!(times.len() > 1, "all at once: {times:?}");
}

#[test]
fn a_relay_that_would_keep_its_tablets_away_for_an_hour_keeps_them_for_a_minute() {
    let mut world = in_step(1, 7);
    world.drain_relay(Duration::from_secs(3_600));
    world.pass(i64::from(limits::DRAIN_MS) - 1_000);
    assert!(!world.is_connected(1), "as long as it may ask for");
    // Everybody comes back within as long again.
    world.pass(i64::from(limits::DRAIN_MS) + 3_000);
    assert!(world.is_connected(1) && world.is_connected(0));
}

#[test]
fn whoever_keeps_the_last_row_of_a_commit_keeps_its_receipt_at_once() {
    let mut world = in_step(1, 9);
    let (stream, log_id, before) = care(&world, 0);
    save(&mut world, 1, "one");
    let came = world.until(10_000, 1, |world| care(world, 0).2 > before);
    assert!(came);
    let reached = care(&world, 0).2;
    let log = log_of(&world.devices[0]);
    let receipt = log.receipt_covering(stream, log_id, reached).unwrap();
    assert_eq!(receipt.map(|receipt| receipt.seq), Some(reached));
}
