//! Debug bundles only: a test asks the engine over a `BroadcastChannel`, past the page. It can
//! read what the person signed in can read, and change nothing.

use crate::with_shell;
use interface::Query;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "lamplight-query-interface";

/// Listens for `{"ask": <query>, "id": n}` and says `{"id": n, "result": …}`.
pub(crate) fn listen() {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
        return;
    };
    let answers = channel.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(text) = event.data().as_string() else {
            return;
        };
        let Ok(asked) = serde_json::from_str::<Asked>(&text) else {
            return;
        };
        with_shell(|shell| {
            let result = shell.ask(&asked.query);
            let answer = serde_json::json!({ "id": asked.id, "result": result });
            let _ = answers.post_message(&JsValue::from_str(&answer.to_string()));
        });
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

#[derive(serde::Deserialize)]
struct Asked {
    id: u32,
    query: Query,
}
