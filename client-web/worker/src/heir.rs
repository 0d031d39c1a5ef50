//! What the worker before this one hands over when the tablet is locked. It may come before the
//! engine is open, which waits for that worker's files.

use crate::with_shell;
use js_sys::Uint8Array;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};
use zeroize::Zeroizing;

thread_local! {
    static EARLY: RefCell<Option<Zeroizing<Vec<u8>>>> = const { RefCell::new(None) };
}

/// The port that came with a message.
pub(crate) fn port_of(event: &MessageEvent) -> Option<MessagePort> {
    event.ports().get(0).dyn_into().ok()
}

/// Listens on the port that came with the message, for one message.
pub(crate) fn listen(event: &MessageEvent) {
    let Some(port) = port_of(event) else {
        return;
    };
    let ours = port.clone();
    let heard = Closure::once(move |event: MessageEvent| {
        ours.close();
        let Ok(array) = event.data().dyn_into::<Uint8Array>() else {
            return;
        };
        let bytes = Zeroizing::new(array.to_vec());
        array.fill(0, 0, array.length());
        EARLY.with_borrow_mut(|early| *early = Some(bytes));
        with_shell(|shell| {
            if let Some(bytes) = inherited() {
                shell.inherit(&bytes);
            }
        });
    });
    port.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

/// What came and was not taken yet.
pub(crate) fn inherited() -> Option<Zeroizing<Vec<u8>>> {
    EARLY.with_borrow_mut(Option::take)
}
