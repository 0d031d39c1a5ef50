//! Bounds that an engine keeps by itself, met from outside.

use crate::{admit, in_step, note, notes, resident_of};
use ids::{StatedInstant, limits};
use interface::{Command, Refusal};
use lamplight_tests::harness::{Lie, Outcome, Reach, World};

#[test]
fn as_many_pushes_are_on_the_way_as_there_may_be_and_each_holds_no_more_than_it_may() {
    let mut world = in_step(1, 91);
    world.set_reach(1, Reach::Nothing);
    world.pass(1_000);
    let resident = resident_of(1);
    world.saved(1, admit(resident));
    let written = limits::PUSHES_IN_FLIGHT * limits::PUSH_ENVELOPES_SENT + 1;
    for n in 0..written {
        world.saved(1, note(resident, &format!("{n}")));
    }
    world.lie_to(1, Lie::NoAnswers);
    world.set_reach(1, Reach::Relay);
    assert!(world.until(60_000, 100, |world| !world.unanswered.is_empty()));
    world.pass(5_000);
    let pushes = std::mem::take(&mut world.unanswered);
    assert_eq!(pushes.len(), limits::PUSHES_IN_FLIGHT);
    let bytes = |push: &[bytes::Bytes]| push.iter().map(bytes::Bytes::len).sum::<usize>();
    for pair in pushes.windows(2) {
        let (push, next) = (&pair[0], &pair[1]);
        assert!(push.len() <= limits::PUSH_ENVELOPES_SENT);
        assert!(bytes(push) <= limits::PUSH_BYTES);
        let one_more = bytes(push) + next[0].len();
        let is_full = push.len() == limits::PUSH_ENVELOPES_SENT || one_more > limits::PUSH_BYTES;
        assert!(is_full, "{} envelopes, {} bytes", push.len(), bytes(push));
    }
    world.stop_lying();
    world.reset(1);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
}

#[test]
fn a_name_of_a_tablet_is_bounded() {
    let mut world = in_step(0, 92);
    let links = world.invite(0, 1).unwrap();
    let tablet = world.add_blank();
    let mut enrol = |bytes: usize| {
        let command = Command::Enrol {
            fragment: links[0].clone().into(),
            device_name: "x".repeat(bytes),
        };
        world.command(tablet, command)
    };
    let refused = enrol(limits::DEVICE_NAME_BYTES + 1);
    assert!(
        matches!(refused, Outcome::Refused(Refusal::Field { .. })),
        "{refused:?}"
    );
    let taken = enrol(limits::DEVICE_NAME_BYTES);
    assert!(matches!(taken, Outcome::Done(_)), "{taken:?}");
}

#[test]
fn a_clock_that_is_wrong_by_more_than_two_minutes_is_said() {
    let mut world = in_step(1, 93);
    for (skew_ms, said) in [
        (limits::CLOCK_TOLERANCE_MS - 2_000, false),
        (limits::CLOCK_TOLERANCE_MS + 2_000, true),
        (-limits::CLOCK_TOLERANCE_MS - 2_000, true),
        (2_000 - limits::CLOCK_TOLERANCE_MS, false),
    ] {
        world.devices[1].skew_ms = skew_ms;
        world.reset(1);
        world.pass(10_000);
        assert!(world.until(30_000, 100, |world| world.is_in_step(1)));
        let shown = world.tablet(1).unwrap().clock_wrong_ms;
        assert_eq!(shown.is_some(), said, "{skew_ms}: {shown:?}");
    }
}

fn bulk(world: &World, commands: impl Iterator<Item = Command>) -> Command {
    let stated = StatedInstant {
        at: world.clock(1),
        offset_minutes: -360,
    };
    Command::Bulk {
        commands: commands.map(|command| (stated, command)).collect(),
    }
}

#[test]
fn a_bulk_becomes_one_envelope_as_long_as_its_entries_fit_into_one_change() {
    let mut world = in_step(1, 94);
    world.set_reach(1, Reach::Nothing);
    world.pass(1_000);
    let resident = world.residents[0];
    // So long that no other number of them comes as near to the bound.
    let text = "x".repeat(limits::STRING_BYTES - 300);
    let fit = limits::BULK_CHANGE_BYTES / limits::STRING_BYTES;
    for (notes, envelopes) in [(fit, 1), (fit + 1, 2)] {
        let before = world.tablet(1).unwrap().to_send;
        let all = bulk(&world, (0..notes).map(|_| note(resident, &text)));
        world.saved(1, all);
        let after = world.tablet(1).unwrap().to_send;
        assert_eq!(after - before, envelopes, "{notes} notes");
    }
}

#[test]
fn documents_beyond_those_that_may_be_open_are_written_to_and_opened_again() {
    let mut world = in_step(2, 95);
    let many = limits::OPEN_DOCUMENTS as u64 + 1;
    let all = bulk(&world, (0..many).map(|n| admit(resident_of(n))));
    world.saved(1, all);
    for round in ["first", "second"] {
        for n in 0..many {
            world.saved(1, note(resident_of(n), round));
        }
    }
    assert!(world.until(120_000, 500, |world| {
        world.is_in_step(1) && world.is_in_step(2)
    }));
    world.pass(5_000);
    for n in [0, 1, many - 1] {
        let mut here = notes(&mut world, 2, resident_of(n));
        here.sort();
        assert_eq!(here, ["first", "second"], "resident {n}");
    }
}
