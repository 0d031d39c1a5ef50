//! Focus after a change of place: the heading of the new screen, so that a keyboard and a screen
//! reader begin there.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Focuses the first element that matches, after the present changes are in the page.
pub(crate) fn after_paint(selector: &'static str) {
    request_animation_frame(move || now(selector));
}

/// What has the focus.
pub(crate) fn present() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Gives the focus back to an element, unless it is gone or something else has it by then.
pub(crate) fn element_after_paint(element: HtmlElement) {
    request_animation_frame(move || {
        let free = present().is_none_or(|now| now.tag_name() == "BODY");
        if free && element.is_connected() {
            let _ = element.focus();
        }
    });
}

/// Focuses the element of this id, after the present changes are in the page.
pub(crate) fn element_of(id: String) {
    request_animation_frame(move || {
        let found = document().get_element_by_id(&id);
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Scrolls what matches into view, no further than needed, after the present changes are in the
/// page.
pub(crate) fn reveal_after_paint(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Focuses the first element that matches.
pub(crate) fn now(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
