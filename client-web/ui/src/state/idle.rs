//! The idle lock: two minutes without a touch, a key or a scroll at the bedside.

use super::State;
use crate::format::zone;
use ids::UnixMillis;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::Event;

/// How long nobody may have touched the tablet.
const IDLE_MS: i64 = 120_000;
/// How often that is looked at.
const LOOK: Duration = Duration::from_secs(5);
const SIGNS_OF_LIFE: [&str; 5] = [
    "pointerdown",
    "pointermove",
    "keydown",
    "wheel",
    "touchstart",
];

/// Locks when nobody is there. Time counts while the tablet sleeps, too: no timer runs then, so a
/// touch is judged before it counts, and the one that finds a tablet left alone only locks it.
pub(super) fn lock_when_idle(state: State, is_open: Memo<bool>) {
    let seen = StoredValue::new(zone::now());
    let lock_if_left = move || {
        let left = is_open.get_untracked() && was_left(seen.get_value(), zone::now());
        if left {
            state.lock();
        }
        left
    };
    let touched = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if lock_if_left() {
            event.prevent_default();
            event.stop_propagation();
        } else {
            seen.set_value(zone::now());
        }
    });
    for sign in SIGNS_OF_LIFE {
        // Before anything on the page hears of it.
        let _ = document().add_event_listener_with_callback_and_bool(
            sign,
            touched.as_ref().unchecked_ref(),
            true,
        );
    }
    touched.forget();
    let shown = Closure::<dyn FnMut()>::new(move || {
        lock_if_left();
    });
    let _ = document()
        .add_event_listener_with_callback("visibilitychange", shown.as_ref().unchecked_ref());
    shown.forget();
    Effect::new(move |_| {
        if is_open.get() {
            seen.set_value(zone::now());
        }
    });
    set_interval(
        move || {
            lock_if_left();
        },
        LOOK,
    );
}

/// Whether nobody was there for too long. A clock that was set back proves nothing about it.
fn was_left(seen: UnixMillis, now: UnixMillis) -> bool {
    !(0..IDLE_MS).contains(&now.since(seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tablet_is_left_after_two_minutes_and_when_its_clock_was_set_back() {
        let seen = UnixMillis(1_000_000);
        for (now, left) in [
            (1_000_000, false),
            (1_000_000 + IDLE_MS - 1, false),
            (1_000_000 + IDLE_MS, true),
            (999_999, true),
        ] {
            assert_eq!(was_left(seen, UnixMillis(now)), left, "{now}");
        }
    }
}
