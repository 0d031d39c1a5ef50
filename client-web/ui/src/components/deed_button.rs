//! A button that does something: it says that it is under way, and beside it stands why it was
//! not done. It stays focusable while under way, so that nobody is thrown out of place.

use crate::components::icon::Icon;
use crate::state::deed::Deed;
use crate::words::w;
use leptos::prelude::*;

/// The button.
#[component]
pub(crate) fn DeedButton(
    /// What it does.
    deed: Deed,
    /// Its words.
    #[prop(into)]
    label: Signal<String>,
    /// Its words while under way; "Saving…" unless told.
    #[prop(optional)]
    busy: Option<&'static str>,
    /// What it is called by who hears it alone, where its words do not say of what it is.
    #[prop(optional, into)]
    named: Option<String>,
    /// Style: `primary`, `quiet`, `big` …
    #[prop(default = "primary")]
    style: &'static str,
    /// Pressed.
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=format!("btn {style}")
            aria-label=named
            aria-disabled=move || deed.pending.get().then_some("true")
            data-once=""
            on:click=move |_| {
                if !deed.pending.get_untracked() {
                    on_press.run(());
                }
            }
        >
            {move || if deed.pending.get() { busy.unwrap_or(w().saving).to_owned() } else { label.get() }}
        </button>
    }
}

/// Why it was not done, spoken at once.
#[component]
pub(crate) fn Refused(
    /// What was tried.
    deed: Deed,
) -> impl IntoView {
    view! {
        <div role="alert">
            {move || {
                deed.refused
                    .get()
                    .map(|refusal| {
                        view! {
                            <p class="refused">
                                <Icon icon=icondata_lu::LuOctagonAlert/>
                                <span>{(w().refusal)(&refusal)}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
