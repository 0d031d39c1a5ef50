//! The search of the top bar. Typing shows the residents it finds, wherever one is.

use crate::components::icon::Icon;
use crate::focus;
use crate::state::use_state;
use crate::words::w;
use leptos::html::Input;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

/// The box.
#[component]
pub(crate) fn SearchBox() -> impl IntoView {
    let state = use_state();
    let navigate = use_navigate();
    let location = use_location();
    let input = NodeRef::<Input>::new();
    let typed = move |event| {
        state.search.set(event_target_value(&event));
        if location.pathname.get_untracked() != "/" {
            navigate(
                "/",
                NavigateOptions {
                    scroll: false,
                    ..Default::default()
                },
            );
        }
    };
    let clear = move |_| {
        state.search.set(String::new());
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    };
    view! {
        <form
            class="search"
            role="search"
            on:submit=|event| {
                event.prevent_default();
                focus::open_only("a.row");
            }
        >
            <Icon icon=icondata_lu::LuSearch/>
            <input
                node_ref=input
                id="search"
                type="text"
                inputmode="search"
                enterkeyhint="search"
                autocomplete="off"
                spellcheck="false"
                aria-label=w().search
                placeholder=w().search_hint
                prop:value=state.search
                on:input=typed
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        state.search.set(String::new());
                    }
                }
            />
            {move || {
                (!state.search.get().is_empty())
                    .then(|| {
                        view! {
                            <button type="button" class="clear" aria-label=w().clear_search on:click=clear>
                                <Icon icon=icondata_lu::LuX/>
                            </button>
                        }
                    })
            }}
        </form>
    }
}
