//! Bounds that an engine keeps by itself, met from outside.

use crate::{admit, in_step, note, resident_of};
use ids::limits;
use interface::{Command, Refusal};
use lamplight_tests::harness::{Lie, Outcome, Reach};

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
