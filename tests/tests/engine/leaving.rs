//! What leaves a device before its own screens follow.

use crate::{in_step, note};
use ids::UnixMillis;
use interface::Done;
use lamplight_tests::harness::everything_shown;
use replica::{Effect, Engine};
use wire::Message;
use wire::chunk::Reassembler;

/// Envelopes that effects push.
fn pushed(effects: &[Effect]) -> usize {
    let mut messages = Reassembler::new();
    let mut count = 0;
    for effect in effects {
        let Effect::Send(frame) = effect else {
            continue;
        };
        let message = messages.push(frame.clone()).unwrap();
        if let Some(Ok(Message::Push(push))) = message.map(Message::decode) {
            count += push.envelopes.len();
        }
    }
    count
}

fn shows(engine: &mut Engine, now: UnixMillis, text: &str) -> bool {
    let mut shown = everything_shown(engine, now).into_values();
    shown.any(|view| view.to_string().contains(text))
}

#[test]
fn what_was_saved_leaves_before_the_views_follow_it() {
    let mut world = in_step(1, 611);
    let resident = world.admit(1, 77, "Ada", "Moss");
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    let (outcome, first) = engine.command_first(note(resident, "ate well"), now);
    assert!(matches!(outcome, Ok(Done::Saved { .. })));
    assert_eq!(pushed(&first), 1);
    assert!(!shows(engine, now, "ate well"), "shown already");
    let rest = engine.follow_up(now);
    assert_eq!(pushed(&rest), 0);
    assert!(shows(engine, now, "ate well"), "not shown");
}
