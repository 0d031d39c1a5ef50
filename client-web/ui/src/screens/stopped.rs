//! The engine could not start, or stopped again and again.

use crate::components::brand::Brand;
use crate::state::use_state;
use crate::words::w;
use interface::CannotStart;
use leptos::prelude::*;

/// The screen.
#[component]
pub(crate) fn Stopped(
    /// Why, if it is known.
    why: Option<CannotStart>,
) -> impl IntoView {
    let state = use_state();
    view! {
        <main class="alone">
            <div class="card" role="alert">
                <Brand/>
                <h1>{w().stopped_title}</h1>
                <p>{w().stopped_words}</p>
                {why.map(|why| view! { <p class="muted">{(w().cannot_start)(&why)}</p> })}
                <button type="button" class="btn primary big" on:click=move |_| state.engine.retry()>
                    {w().try_again}
                </button>
            </div>
        </main>
    }
}
