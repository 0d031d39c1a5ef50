//! Whether the page is being put on paper: what is told of days differs there.

use leptos::prelude::*;

/// True from just before the browser lays the pages out until it has.
pub(super) fn watch() -> RwSignal<bool> {
    let printing = RwSignal::new(false);
    for (event, begins) in [("beforeprint", true), ("afterprint", false)] {
        let _ = window_event_listener_untyped(event, move |_| printing.set(begins));
    }
    printing
}
