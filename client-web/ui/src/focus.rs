//! Focus after a change of place: the heading of the new screen, so that a keyboard and a screen
//! reader begin there.

use leptos::prelude::*;
use std::time::Duration;
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

/// How often, and how long apart, it is looked whether the focus was lost to a list made anew.
const LOOKS: u32 = 25;
const BETWEEN: Duration = Duration::from_millis(120);

/// Where the focus was: an element and what it lies in, innermost first.
#[derive(Clone)]
pub(crate) struct Before(Vec<HtmlElement>);

/// What has the focus now, to come back to.
pub(crate) fn before() -> Before {
    let mut chain = Vec::new();
    let mut next = present();
    while let Some(element) = next.filter(|element| element.tag_name() != "BODY") {
        next = element.parent_element().and_then(|e| e.dyn_into().ok());
        chain.push(element);
    }
    Before(chain)
}

/// Gives the focus back, unless something else has it by then. What was charted takes its buttons
/// away when the answer arrives: the focus then goes to the heading of what they stood in, and not
/// to the top of the page.
pub(crate) fn return_to(before: Before) {
    request_animation_frame(move || look(before, LOOKS));
}

fn look(before: Before, left: u32) {
    let now = elsewhere_than_the_page();
    let first = before.0.first();
    match now {
        Some(now) if first != Some(&now) => return,
        Some(_) => {}
        None => before.focus_nearest(),
    }
    if left > 0 {
        set_timeout(move || look(before, left - 1), BETWEEN);
    }
}

impl Before {
    /// The element itself while it is there; else the heading of the nearest that is.
    fn focus_nearest(&self) {
        let Some(near) = self.0.iter().find(|element| element.is_connected()) else {
            return;
        };
        if self.0.first() == Some(near) {
            let _ = near.focus();
            return;
        }
        let heading = near.query_selector("h1,h2,h3").ok().flatten();
        let heading = heading.and_then(|h| h.dyn_into::<HtmlElement>().ok());
        let target = heading.as_ref().unwrap_or(near);
        target.set_tab_index(-1);
        let _ = target.focus();
    }
}

fn is_there(selector: &str) -> bool {
    let found = document().query_selector(selector);
    found.is_ok_and(|found| found.is_some())
}

/// Focuses the first of these that is there, after the present changes are in the page.
pub(crate) fn first_after_paint(selectors: &'static [&'static str]) {
    request_animation_frame(move || {
        if let Some(selector) = selectors.iter().find(|selector| is_there(selector)) {
            now(selector);
        }
    });
}

/// Focuses what will match soon, once the answer to a question is shown; else the other. Whoever went
/// elsewhere meanwhile is left there: what they type must not end in the middle.
pub(crate) fn when_there(selector: String, else_to: &'static str) {
    let from = elsewhere_than_the_page();
    request_animation_frame(move || wait_for(selector, else_to, from, LOOKS));
}

/// What has the focus, if it is anything but the page as a whole.
fn elsewhere_than_the_page() -> Option<HtmlElement> {
    present().filter(|element| element.tag_name() != "BODY")
}

fn wait_for(selector: String, else_to: &'static str, from: Option<HtmlElement>, left: u32) {
    let present = elsewhere_than_the_page();
    if present.is_some() && present != from {
        return;
    }
    if is_there(&selector) {
        now(&selector);
    } else if left > 0 {
        set_timeout(move || wait_for(selector, else_to, from, left - 1), BETWEEN);
    } else {
        now(else_to);
    }
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

/// Opens what matches, if it is the only one.
pub(crate) fn open_only(selector: &str) {
    let Ok(found) = document().query_selector_all(selector) else {
        return;
    };
    if found.length() == 1
        && let Some(element) = found.get(0).and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        element.click();
    }
}

/// Focuses the first element that matches.
pub(crate) fn now(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
