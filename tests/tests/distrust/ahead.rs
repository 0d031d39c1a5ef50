//! A relay that sends more ahead of its turn than it was given leave to.

use crate::{care, faults, in_step, note, save};
use bytes::Bytes;
use ids::{ChainHash, LogId, RosterSeq, Seq, Signature, StreamId, limits};
use interface::{Link, RelayFault};
use lamplight_tests::harness::World;
use wire::message::{Item, Items};
use wire::{Envelope, Header, Kind, Message, Receipt};

/// A row as large as a row may be, at a place.
fn largest_row(stream: StreamId, log_id: LogId, seq: u64) -> Message {
    let header = Header {
        version: wire::envelope::VERSION,
        kind: Kind::Changes.code(),
        stream,
        person: ids::PersonId::from_bytes([3; 16]),
        body_len: limits::ENVELOPE_BODY_BYTES as u32,
        ..Header::ZERO
    };
    let signature = Signature::ZERO;
    let body = vec![0; limits::ENVELOPE_BODY_BYTES];
    let envelope =
        Envelope::assemble(&header, &[8; 24], &body, &signature, Some(&signature)).unwrap();
    let row = Item {
        seq: Seq(seq),
        roster_seq: RosterSeq(1),
        envelope: envelope.bytes().clone(),
    };
    Items {
        stream,
        log_id,
        first: Seq(seq),
        rows: vec![row],
    }
    .into()
}

fn receipt(world: &World, stream: StreamId, log_id: LogId, seq: u64) -> Message {
    let unsigned = Receipt {
        log_id,
        stream,
        seq: Seq(seq),
        chain: ChainHash::ZERO,
        roster_seq: RosterSeq(1),
        signature: Signature::ZERO,
    };
    world.sign_receipt(unsigned).into()
}

/// What is beyond is said and ends the connection; whoever is honest again is believed again.
fn ends_and_goes_on(world: &mut World) {
    world.pass(100);
    let tablet = world.tablet(1).unwrap();
    assert_eq!(tablet.relay_faults, [RelayFault::TooMuch]);
    assert_eq!(tablet.link, Link::Offline);
    // It would send the same at once.
    world.pass(limits::RECONNECT_MAX_MS / 2 - 1_000);
    assert!(!world.is_connected(1));
    let said = note(world, "written meanwhile");
    world.saved(1, said);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    assert_eq!(faults(world, 1), [RelayFault::TooMuch]);
}

#[test]
fn rows_ahead_of_their_turn_beyond_the_bound_are_said_and_end_the_connection() {
    let mut world = in_step(1, 61);
    let (stream, log_id, at) = care(&world, 1);
    let fit = limits::AHEAD_BYTES / limits::ENVELOPE_BYTES as u64;
    for n in 0..fit {
        world.say_as_relay(1, &largest_row(stream, log_id, at.0 + 2 + n));
        world.pass(100);
    }
    assert_eq!(faults(&mut world, 1), []);
    world.say_as_relay(1, &largest_row(stream, log_id, at.0 + 2 + fit));
    ends_and_goes_on(&mut world);
}

#[test]
fn receipts_ahead_of_their_turn_beyond_the_bound_are_said_and_end_the_connection() {
    let mut world = in_step(1, 62);
    let (stream, log_id, at) = care(&world, 1);
    for n in 1..=limits::RECEIPTS_AHEAD as u64 {
        let said = receipt(&world, stream, log_id, at.0 + n);
        world.say_as_relay(1, &said);
        world.pass(1);
    }
    world.pass(1_000);
    assert_eq!(faults(&mut world, 1), []);
    assert!(world.is_connected(1));
    let said = receipt(
        &world,
        stream,
        log_id,
        at.0 + 1 + limits::RECEIPTS_AHEAD as u64,
    );
    world.say_as_relay(1, &said);
    ends_and_goes_on(&mut world);
}

#[test]
fn an_envelope_that_is_none_ends_the_connection_and_nothing_else() {
    let mut world = in_step(1, 63);
    let (stream, log_id, at) = care(&world, 1);
    let row = Item {
        seq: Seq(at.0 + 1),
        roster_seq: RosterSeq(1),
        envelope: Bytes::from_static(b"no envelope"),
    };
    let rows = vec![row];
    let said = Items {
        stream,
        log_id,
        first: Seq(at.0 + 1),
        rows,
    };
    world.say_as_relay(1, &said.into());
    world.pass(50);
    assert_eq!(world.tablet(1).unwrap().link, Link::Offline);
    save(&mut world, 1, "goes on");
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    assert_eq!(faults(&mut world, 1), []);
}
