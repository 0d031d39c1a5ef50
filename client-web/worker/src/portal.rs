//! Who answers where the relay should: it, nobody, or the sign-in page of somebody else's network.

use crate::scope;
use replica::Ended;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCache, RequestInit, RequestRedirect, Response, ResponseType};

/// What only a relay answers.
const WELL_KNOWN: &str = "/.well-known/lamplight";
/// What a relay's own front says while the relay is away: bad gateway, not available, timeout.
const FRONT_ALONE: [u16; 3] = [502, 503, 504];

/// How a connection ended that never stood.
pub(crate) async fn who_answers(origin: &str) -> Ended {
    let Some(response) = ask(origin).await else {
        return Ended::Network;
    };
    if response.type_() != ResponseType::Opaqueredirect {
        if FRONT_ALONE.contains(&response.status()) {
            return Ended::Network;
        }
        if is_relay(&response).await {
            return Ended::ByRelay;
        }
    }
    Ended::CaptivePortal
}

/// The answer, redirects not followed: a relay makes none. `None` when nobody answers.
async fn ask(origin: &str) -> Option<Response> {
    let how = RequestInit::new();
    how.set_cache(RequestCache::NoStore);
    how.set_redirect(RequestRedirect::Manual);
    let address = format!("{origin}{WELL_KNOWN}");
    let asked = scope().fetch_with_str_and_init(&address, &how);
    JsFuture::from(asked).await.ok()?.dyn_into().ok()
}

async fn is_relay(response: &Response) -> bool {
    #[derive(serde::Deserialize)]
    struct Relay {
        lamplight: u32,
    }
    let Ok(text) = response.text() else {
        return false;
    };
    let text = JsFuture::from(text).await.ok().and_then(|t| t.as_string());
    text.and_then(|text| serde_json::from_str::<Relay>(&text).ok())
        .is_some_and(|relay| relay.lamplight >= 1)
}
