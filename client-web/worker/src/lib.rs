//! The engine in a dedicated worker: OPFS for its databases, IndexedDB for the one key, a
//! WebSocket to the relay, and messages with the page. The page never sees a key; this worker
//! never sees a screen.
//!
//! Messages are JSON texts: `interface::Request` in, `interface::Reply` out. `{"start":{"origin":…}}`
//! is answered by `{"ready":true}` or `{"failed":"…"}`.
//!
//! Locking ends this worker: only that empties its memory. The sittings (who may come back with
//! the PIN alone) go to the next worker through a `MessagePort` that the page passes to both
//! before it asks for the lock: the heir's end with `"heir"`, the other end with the lock itself.
//! Nothing is sent before both ends have left the page.
#![cfg(target_arch = "wasm32")]

mod heir;
mod key;
mod pool;
mod portal;
#[cfg(feature = "query-interface")]
mod query_interface;
mod shell;
mod socket;

use interface::Request;
use shell::Shell;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

thread_local! {
    static SHELL: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Incoming {
    Start { start: Start },
    Heir(Heir),
    Request(Request),
}

/// The message that brings this worker's end of the port from the worker before it.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Heir {
    Heir,
}

#[derive(serde::Deserialize)]
struct Start {
    origin: String,
}

/// Listens to the page from now on.
#[wasm_bindgen(start)]
pub fn listen() {
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let text = event.data().as_string();
        match text.as_deref().map(serde_json::from_str::<Incoming>) {
            Some(Ok(Incoming::Start { start })) => spawn_local(begin(start.origin)),
            Some(Ok(Incoming::Heir(Heir::Heir))) => heir::listen(&event),
            Some(Ok(Incoming::Request(request))) => with_shell(|shell| {
                if let Some(port) = heir::port_of(&event) {
                    shell.hand_over(&port);
                }
                shell.request(request);
            }),
            Some(Err(_)) | None => say(r#"{"failed":"a message that is none"}"#),
        }
    });
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

async fn begin(origin: String) {
    if SHELL.with_borrow(Option::is_some) {
        return;
    }
    match Shell::open(origin).await {
        Ok(shell) => {
            SHELL.with_borrow_mut(|slot| *slot = Some(shell));
            say(r#"{"ready":true}"#);
            with_shell(|shell| {
                if let Some(bytes) = heir::inherited() {
                    shell.inherit(&bytes);
                }
                shell.start();
            });
            #[cfg(feature = "query-interface")]
            query_interface::listen();
        }
        Err(what) => say(&serde_json::json!({ "failed": what }).to_string()),
    }
}

/// Runs `act` on the shell. Callbacks of the browser never run inside each other, so the borrow
/// cannot fail.
fn with_shell(act: impl FnOnce(&mut Shell)) {
    SHELL.with_borrow_mut(|slot| {
        if let Some(shell) = slot {
            act(shell);
        }
    });
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Says something to the page.
fn say(text: &str) {
    // Fails only for values that cannot be cloned, and a text can.
    let _ = scope().post_message(&JsValue::from_str(text));
}

/// What an exception says, for the page to show and for support to search.
fn words_of(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "unknown".to_owned())
}
