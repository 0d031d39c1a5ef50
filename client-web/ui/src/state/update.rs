//! A newer version of the app, as the boot script hears of it from the service worker. It is
//! offered, never forced: nothing reloads under a person's hands.

use super::State;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Sent by the boot script when a new version waits.
const WAITS: &str = "lamplight-update";
/// Sent to the boot script when the person takes it.
const TAKE: &str = "lamplight-update-take";

/// Whether a newer version waits.
pub(super) fn watch() -> RwSignal<bool> {
    let waits = RwSignal::new(false);
    let heard = Closure::<dyn FnMut()>::new(move || waits.set(true));
    let _ = window().add_event_listener_with_callback(WAITS, heard.as_ref().unchecked_ref());
    heard.forget();
    waits
}

/// Takes it: what is typed is kept, then the page reloads with the new version.
pub(crate) fn take(state: State) {
    leptos::task::spawn_local(async move {
        state.drafts.flush().await;
        if let Ok(event) = web_sys::CustomEvent::new(TAKE) {
            let _ = window().dispatch_event(&event);
        }
    });
}
