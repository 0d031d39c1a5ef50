//! Another tab of this browser has the engine.

use crate::components::brand::Brand;
use crate::state::use_state;
use crate::words::w;
use leptos::prelude::*;

/// The screen.
#[component]
pub(crate) fn Elsewhere() -> impl IntoView {
    let state = use_state();
    view! {
        <main class="alone">
            <div class="card">
                <Brand/>
                <h1>{w().elsewhere_title}</h1>
                <p>{w().elsewhere_words}</p>
                <button
                    type="button"
                    class="btn primary big"
                    on:click=move |_| state.engine.use_here()
                >
                    {w().use_it_here}
                </button>
            </div>
        </main>
    }
}
