//! A badge: scanned, pasted or typed. The control for typing hands every character on and is
//! emptied at once.

use super::keys::{self, Key};
use super::progress::SigningIn;
use crate::components::deed_button::Refused;
use crate::components::icon::Icon;
use crate::focus;
use crate::format::isolated::isolated;
use crate::words::w;
use leptos::prelude::*;

/// The step.
#[component]
pub(super) fn Badge(
    /// The sign-in.
    signing_in: SigningIn,
) -> impl IntoView {
    let title = match signing_in.touched.get_untracked() {
        Some(person) => (w().badge_title_for)(&isolated(&person.name)),
        None => w().badge_title.to_owned(),
    };
    let typed = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        if let Some(input) = keys::target_input(&event) {
            input.set_value("");
        }
        for c in text.chars().filter(char::is_ascii_alphanumeric) {
            signing_in.press(Key::Character(c));
        }
    };
    // Not the control below: it would raise the keyboard of a tablet before a scanner.
    focus::after_paint("#step-title");
    view! {
        <div class="step">
            <h2 id="step-title" tabindex="-1">{title}</h2>
            <p>{w().badge_words}</p>
            <p class="badge-held" role="status">
                <Icon icon=icondata_lu::LuScanLine/>
                {move || (w().badge_held)(signing_in.badge.get())}
            </p>
            <label class="typed">
                {w().badge_type}
                <input
                    id="badge"
                    type="text"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    on:input=typed
                />
            </label>
            <p role="alert" class="wrong">
                {move || signing_in.badge_wrong.get().then_some(w().badge_bad)}
            </p>
            <Refused deed=signing_in.deed/>
            <div class="actions">
                <button type="button" class="btn quiet" on:click=move |_| signing_in.press(Key::Again)>
                    {w().badge_clear}
                </button>
                <button type="button" class="btn quiet" on:click=move |_| signing_in.leave()>
                    {w().cancel}
                </button>
            </div>
        </div>
    }
}
