//! One engine per origin. A Web Lock is held for as long as the engine lives; the tab that has
//! it answers, every other says "open in another tab" and may ask for it.
//!
//! Asking is polite first (a message on a `BroadcastChannel`, so that the other tab keeps its
//! drafts and locks), and after a while takes the lock away.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

const LOCK: &str = "lamplight-engine";
const CHANNEL: &str = "lamplight-tabs";
const YIELD: &str = "yield";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request_lock(
        name: &str,
        options: &JsValue,
        granted: &js_sys::Function,
    ) -> Result<js_sys::Promise, JsValue>;
}

/// What became of the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// It is ours.
    Granted,
    /// Another tab took it away.
    Stolen,
    /// This browser has no Web Locks.
    Unsupported,
}

thread_local! {
    /// Resolving it lets the lock go.
    static RELEASE: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
    /// Aborting it leaves the line.
    static LINE: RefCell<Option<AbortController>> = const { RefCell::new(None) };
    static TABS: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// Asks for the lock; waits in line unless `steal`.
pub(super) fn request(steal: bool, outcome: impl Fn(Held) + 'static) {
    leave_line();
    let outcome = Rc::new(outcome);
    let options = js_sys::Object::new();
    if steal {
        let _ = js_sys::Reflect::set(&options, &"steal".into(), &JsValue::TRUE);
    } else if let Ok(line) = AbortController::new() {
        let _ = js_sys::Reflect::set(&options, &"signal".into(), &line.signal());
        LINE.with_borrow_mut(|slot| *slot = Some(line));
    }
    let told = outcome.clone();
    let ours = Rc::new(Cell::new(false));
    let granted_here = ours.clone();
    let granted = Closure::<dyn FnMut(JsValue) -> js_sys::Promise>::new(move |_lock: JsValue| {
        let held = js_sys::Promise::new(&mut |resolve, _reject| {
            RELEASE.with_borrow_mut(|release| *release = Some(resolve));
        });
        granted_here.set(true);
        told(Held::Granted);
        held
    });
    match request_lock(LOCK, &options, granted.as_ref().unchecked_ref()) {
        Ok(promise) => {
            granted.forget();
            leptos::task::spawn_local(async move {
                // It settles when we let go; it fails when we left the line (nothing to tell) or
                // when the lock was taken away.
                let ended = wasm_bindgen_futures::JsFuture::from(promise).await;
                if ended.is_err() && ours.get() && RELEASE.with_borrow_mut(Option::take).is_some() {
                    outcome(Held::Stolen);
                }
            });
        }
        Err(_) => outcome(Held::Unsupported),
    }
}

/// Whether the lock is ours.
pub(super) fn is_held() -> bool {
    RELEASE.with_borrow(Option::is_some)
}

/// An earlier request that still waits would be granted when we let go: it must not.
fn leave_line() {
    if let Some(line) = LINE.with_borrow_mut(Option::take)
        && !is_held()
    {
        line.abort();
    }
}

/// Lets the lock go.
pub(super) fn release() {
    if let Some(release) = RELEASE.with_borrow_mut(Option::take) {
        let _ = release.call0(&JsValue::UNDEFINED);
    }
}

/// Calls `asked` when another tab asks for the engine.
pub(super) fn on_asked(asked: impl Fn() + 'static) {
    let Ok(tabs) = BroadcastChannel::new(CHANNEL) else {
        return;
    };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().as_deref() == Some(YIELD) && is_held() {
            asked();
        }
    });
    tabs.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    TABS.with_borrow_mut(|slot| *slot = Some(tabs));
}

/// Asks the tab that has the engine to let it go.
pub(super) fn ask_others() {
    TABS.with_borrow(|tabs| {
        if let Some(tabs) = tabs {
            let _ = tabs.post_message(&JsValue::from_str(YIELD));
        }
    });
}
