//! The engine could not start, or stopped again and again.

use crate::components::brand::Brand;
use crate::state::use_state;
use crate::words::w;
use leptos::prelude::*;

/// The screen.
#[component]
pub(crate) fn Stopped(
    /// What the browser said; may be empty.
    reason: String,
) -> impl IntoView {
    let state = use_state();
    view! {
        <main class="alone">
            <div class="card" role="alert">
                <Brand/>
                <h1>{w().stopped_title}</h1>
                <p>{w().stopped_words}</p>
                {(!reason.is_empty())
                    .then(|| view! { <p class="muted">{w().stopped_storage} " " {reason}</p> })}
                <button type="button" class="btn primary big" on:click=move |_| state.engine.retry()>
                    {w().try_again}
                </button>
            </div>
        </main>
    }
}
