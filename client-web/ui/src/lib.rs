//! The page: paints at once, keeps no key, and knows nothing it was not told. Everything it
//! shows is the answer to an `interface::Query`; everything a person does is an
//! `interface::Command`. The engine behind both lives in a dedicated worker.
//!
//! | folder | owns |
//! |---|---|
//! | `engine` | the worker: its life, requests and replies, notices, the one lock of the origin |
//! | `state` | what several screens share: tablet, session, drafts, search, messages, clock |
//! | `screens` | one place of the product a file; the file tree is the screen tree |
//! | `components` | one thing a component, one component a file |
//! | `words` | every word a person reads, one table per language |
//! | `format` | instants, dates, names and readings as text |

#![allow(
    unreachable_pub,
    reason = "the component macro makes `pub` items of private functions"
)]

mod app;
mod components;
mod engine;
mod focus;
mod format;
mod press;
mod screens;
mod state;
mod words;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Paints the page in place of what `index.html` showed until now.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
    }));
    press::listen();
    let invitation = state::invitation::take_from_address();
    if let Some(splash) = leptos::prelude::document().get_element_by_id("splash") {
        splash.remove();
    }
    leptos::mount::mount_to_body(move || app::app(invitation.clone()));
}
