//! The idle lock: two minutes without a touch, a key or a scroll at the bedside.

use super::State;
use crate::format::zone;
use ids::UnixMillis;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::prelude::*;

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

/// Locks when nobody is there. Time counts while the tablet sleeps, too.
pub(super) fn lock_when_idle(state: State, is_open: Memo<bool>) {
    let seen = StoredValue::new(zone::now());
    let touched = Closure::<dyn FnMut()>::new(move || seen.set_value(zone::now()));
    for sign in SIGNS_OF_LIFE {
        let _ = document().add_event_listener_with_callback(sign, touched.as_ref().unchecked_ref());
    }
    touched.forget();
    Effect::new(move |_| {
        if is_open.get() {
            seen.set_value(zone::now());
        }
    });
    set_interval(
        move || {
            let idle = zone::now().since(seen.get_value());
            // A clock that was set back proves nothing about who is there.
            if is_open.get_untracked() && !(0..IDLE_MS).contains(&idle) {
                seen.set_value(UnixMillis(zone::now().0));
                state.lock();
            }
        },
        LOOK,
    );
}
