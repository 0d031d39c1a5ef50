//! The end of a list of which only the first part is shown: how much, and more of it.

use crate::words::w;
use leptos::prelude::*;

/// How much is shown, and the button; nothing while all is shown.
#[component]
pub(crate) fn ShowMore(
    /// How many are asked for.
    limit: RwSignal<u32>,
    /// How many a press adds.
    portion: u32,
    /// How many are shown.
    #[prop(into)]
    shown: Signal<usize>,
    /// How many there are.
    #[prop(into)]
    total: Signal<u32>,
) -> impl IntoView {
    view! {
        <Show when=move || total.get().gt(&limit.get())>
            <div class="more">
                <span class="muted">{move || (w().shown_of)(shown.get(), total.get())}</span>
                <button
                    type="button"
                    class="btn"
                    on:click=move |_| limit.update(|n| *n = n.saturating_add(portion))
                >
                    {w().show_more}
                </button>
            </div>
        </Show>
    }
}
