//! What lies on this tablet cannot be opened any more: the browser threw the key away, or damaged
//! what it opens. The way out empties the tablet, so it is taken in two steps.

use crate::components::brand::Brand;
use crate::components::icon::Icon;
use crate::focus;
use crate::state::use_state;
use crate::words::w;
use leptos::prelude::*;

/// The screen.
#[component]
pub(crate) fn Unopened() -> impl IntoView {
    let state = use_state();
    let asked = RwSignal::new(false);
    let ask = move |sure: bool| {
        asked.set(sure);
        focus::after_paint("h1");
    };
    view! {
        <main class="alone">
            <div class="card" role="alert">
                <Brand/>
                {move || {
                    if asked.get() {
                        view! {
                            <h1 tabindex="-1">{w().anew_title}</h1>
                            <p class="note-box warn">
                                <Icon icon=icondata_lu::LuTriangleAlert/>
                                <span>{w().anew_words}</span>
                            </p>
                            <button
                                type="button"
                                class="btn danger big"
                                on:click=move |_| state.engine.empty()
                            >
                                {w().anew_confirm}
                            </button>
                            <button
                                type="button"
                                class="btn quiet big"
                                on:click=move |_| ask(false)
                            >
                                {w().cancel}
                            </button>
                        }
                            .into_any()
                    } else {
                        view! {
                            <h1 tabindex="-1">{w().unopened_title}</h1>
                            <p>{w().unopened_words}</p>
                            <p>{w().unopened_lost}</p>
                            <button
                                type="button"
                                class="btn primary big"
                                on:click=move |_| state.engine.retry()
                            >
                                {w().try_again}
                            </button>
                            <button type="button" class="btn quiet big" on:click=move |_| ask(true)>
                                {w().anew_ask}
                            </button>
                        }
                            .into_any()
                    }
                }}
            </div>
        </main>
    }
}
