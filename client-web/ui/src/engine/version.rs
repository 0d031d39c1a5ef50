//! Whether page and engine are of one bundle. They are not when a page is older than the engine it
//! was given; a reload brings the page that fits. Once: a bundle that never fits is said to be so.

use leptos::prelude::{document, window};

/// Which bundle this page belongs to.
const BUNDLE: &str = "meta[name=lamplight-bundle]";
/// Kept over a reload, in this tab only: the bundle of the page that was reloaded.
const RELOADED: &str = "lamplight-reloaded";

/// The hash of this page's bundle.
pub(crate) fn bundle() -> String {
    let named = document().query_selector(BUNDLE).ok().flatten();
    named
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default()
}

/// Reloads the page unless that was tried for this bundle. Whether it does.
pub(super) fn reload_once() -> bool {
    let Some(kept) = window().session_storage().ok().flatten() else {
        return false;
    };
    let bundle = bundle();
    let tried = kept.get_item(RELOADED).ok().flatten();
    if tried.as_deref() == Some(&bundle) || kept.set_item(RELOADED, &bundle).is_err() {
        return false;
    }
    window().location().reload().is_ok()
}

/// The two fit.
pub(super) fn fits() {
    if let Ok(Some(kept)) = window().session_storage() {
        let _ = kept.remove_item(RELOADED);
    }
}

/// Reloads the page because a person wants it.
pub(super) fn reload() {
    fits();
    let _ = window().location().reload();
}
