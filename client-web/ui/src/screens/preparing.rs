//! Enrolled; what a first sign-in needs is arriving.

use crate::components::brand::Brand;
use crate::state::use_state;
use crate::words::w;
use interface::Link;
use leptos::prelude::*;

/// The screen.
#[component]
pub(crate) fn Preparing() -> impl IntoView {
    let state = use_state();
    let progress = move || {
        state
            .tablet
            .value
            .with(|t| t.as_ref().and_then(|t| t.progress))
    };
    let away = move || {
        state
            .tablet
            .value
            .with(|t| t.as_ref().is_some_and(|t| t.link == Link::Offline))
    };
    view! {
        <main class="alone">
            <div class="card">
                <Brand/>
                <h1 tabindex="-1">{w().preparing_title}</h1>
                <p>{w().preparing_words}</p>
                {move || away().then(|| view! { <p class="note-box" role="status">{w().preparing_offline}</p> })}
                {move || {
                    progress()
                        .map(|(done, all)| {
                            view! {
                                <progress max=all.to_string() value=done.to_string() aria-label=w().preparing_title></progress>
                                <p class="muted">{(w().progress)(done, all)}</p>
                            }
                        })
                }}
            </div>
        </main>
    }
}
