//! The engine in a dedicated worker: OPFS for its databases, IndexedDB for the one key, a
//! WebSocket to the relay, and messages with the page. The page never sees a key; this worker
//! never sees a screen.
//!
//! Messages are JSON texts: `interface::FromPage` in, `interface::FromWorker` out. A start is
//! answered by `{"ready":true}` or by why not; a page of another bundle is told so, and what of it
//! cannot be read is refused by its id.
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

use interface::{CannotStart, FromPage, FromWorker, Heir, Refusal, Reply, Start};
use js_sys::Reflect;
use shell::Shell;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

thread_local! {
    static SHELL: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

/// Where this worker's script puts the hash of the bundle it belongs to.
const BUNDLE: &str = "lamplightBundle";

/// Listens to the page from now on.
#[wasm_bindgen(start)]
pub fn listen() {
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let text = event.data().as_string();
        match text.as_deref().map(serde_json::from_str::<FromPage>) {
            Some(Ok(FromPage::Start { start })) => spawn_local(begin(start)),
            Some(Ok(FromPage::Heir(Heir::Heir))) => heir::listen(&event),
            Some(Ok(FromPage::Request(request))) => {
                if SHELL.with_borrow(Option::is_none) {
                    return refuse(request.id, "worker-not-started");
                }
                with_shell(|shell| {
                    if let Some(port) = heir::port_of(&event) {
                        shell.hand_over(&port);
                    }
                    shell.request(request);
                });
            }
            Some(Ok(FromPage::Unread { id })) => refuse(id, "worker-decode"),
            Some(Ok(FromPage::Strange(_)) | Err(_)) | None => fail(CannotStart::OtherVersion),
        }
    });
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

async fn begin(start: Start) {
    if SHELL.with_borrow(Option::is_some) {
        return;
    }
    if bundle() != Some(start.bundle) {
        return fail(CannotStart::OtherVersion);
    }
    match Shell::open(start.origin, start.anew).await {
        Ok(shell) => {
            SHELL.with_borrow_mut(|slot| *slot = Some(shell));
            say(&FromWorker::Ready { ready: true });
            with_shell(|shell| {
                if let Some(bytes) = heir::inherited() {
                    shell.inherit(&bytes);
                }
                shell.start();
            });
            #[cfg(feature = "query-interface")]
            query_interface::listen();
        }
        Err(why) => fail(why),
    }
}

/// The bundle that this worker belongs to.
fn bundle() -> Option<String> {
    Reflect::get(&scope(), &BUNDLE.into()).ok()?.as_string()
}

fn fail(failed: CannotStart) {
    say(&FromWorker::Failed { failed });
}

/// A request that cannot be answered is refused, so that nobody waits for it.
fn refuse(id: u32, code: &str) {
    say(&FromWorker::Reply(Reply::To {
        id,
        result: Err(Refusal::Bug {
            code: code.to_owned(),
        }),
    }));
}

/// Runs `act` on the shell, if it is open. Callbacks of the browser never run inside each other,
/// so the borrow cannot fail.
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

/// Says something to the page. A reply that cannot be said is a refusal.
fn say(what: &FromWorker) {
    match (serde_json::to_string(what), what) {
        // Posting fails only for values that cannot be cloned, and a text can.
        (Ok(text), _) => drop(scope().post_message(&JsValue::from_str(&text))),
        (Err(_), FromWorker::Reply(Reply::To { id, result: Ok(_) })) => {
            refuse(*id, "worker-encode")
        }
        (Err(_), _) => {}
    }
}

/// What an exception says, for the page to show and for support to search.
fn words_of(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_default()
}
