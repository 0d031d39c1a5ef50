//! Residents: by room, by need, by name; one unit or all; found by the search of the top bar.
//! Rows come in portions, so that a home of five thousand opens as fast as one of forty.

use crate::components::choice::Choice;
use crate::components::resident_row::ResidentListRow;
use crate::engine::watch;
use crate::format::time;
use crate::state::use_state;
use crate::words::w;
use interface::{Query, ResidentOrder, View};
use leptos::prelude::*;

/// Rows shown at first, and added by "show more".
const PORTION: u32 = 60;

/// The screen.
#[component]
pub(crate) fn Residents() -> impl IntoView {
    let state = use_state();
    let list = state.list;
    let limit = RwSignal::new(PORTION);
    Effect::new(move |_| {
        state.search.track();
        list.unit.track();
        list.order.track();
        limit.set(PORTION);
    });
    let residents = watch(
        state.engine,
        move || {
            Some(Query::Residents {
                order: list.order.get(),
                unit: list.unit.get(),
                search: time::searched(&state.search.get()),
                limit: limit.get(),
            })
        },
        |view| match view {
            View::Residents(residents) => Some(residents),
            _ => None,
        },
    );
    let rows = Memo::new(move |_| {
        residents
            .value
            .with(|v| v.as_ref().map(|v| v.residents.clone()).unwrap_or_default())
    });
    let total = Memo::new(move |_| residents.value.with(|v| v.as_ref().map(|v| v.total)));
    let searching = move || !state.search.get().trim().is_empty();
    let found = move || searching().then(|| total.get().map(w().found)).flatten();
    view! {
        <div class="page">
            <div class="head">
                <h1 tabindex="-1">{w().residents}</h1>
                <p class="muted" role="status">{found}</p>
                <DraftsLine/>
                <Choice
                    label=w().order
                    name="order"
                    show_label=false
                    options=vec![
                        (ResidentOrder::Room, w().by_room),
                        (ResidentOrder::Need, w().by_need),
                        (ResidentOrder::Name, w().by_name),
                    ]
                    value=Signal::derive(move || Some(list.order.get()))
                    on_choose=Callback::new(move |order| list.order.set(order))
                />
            </div>
            <Units/>
            <ul class="list">
                <For
                    each=move || rows.get()
                    key=|row| format!("{row:?}")
                    children=|row| view! { <ResidentListRow row=row/> }
                />
            </ul>
            {move || match total.get() {
                Some(0) if searching() => {
                    view! {
                        <div class="empty">
                            <p>{(w().nobody_found)(state.search.get().trim())}</p>
                            <p class="muted">{w().nobody_found_words}</p>
                        </div>
                    }
                        .into_any()
                }
                Some(0) => {
                    view! {
                        <div class="empty">
                            <p>{w().no_residents}</p>
                            <p class="muted">{w().no_residents_words}</p>
                        </div>
                    }
                        .into_any()
                }
                Some(total) if total > limit.get() => {
                    view! {
                        <div class="more">
                            <span class="muted">{(w().shown_of)(rows.with(Vec::len), total)}</span>
                            <button
                                type="button"
                                class="btn"
                                on:click=move |_| limit.update(|n| *n += PORTION)
                            >
                                {w().show_more}
                            </button>
                        </div>
                    }
                        .into_any()
                }
                Some(_) | None => ().into_any(),
            }}
        </div>
    }
}

/// One unit, or all of them.
#[component]
fn Units() -> impl IntoView {
    let state = use_state();
    let units = Memo::new(move |_| {
        state
            .house
            .value
            .with(|h| h.as_ref().map(|h| h.units.clone()).unwrap_or_default())
    });
    let chosen = state.list.unit;
    view! {
        <Show when=move || units.with(|units| units.len() > 1)>
            <div class="sub" role="group" aria-label=w().unit_filter>
                <button
                    type="button"
                    class="tag"
                    class:on=move || chosen.get().is_none()
                    aria-pressed=move || chosen.get().is_none().to_string()
                    on:click=move |_| chosen.set(None)
                >
                    {w().all_units}
                </button>
                {move || {
                    units
                        .get()
                        .into_iter()
                        .map(|unit| {
                            let id = unit.id;
                            view! {
                                <button
                                    type="button"
                                    class="tag"
                                    class:on=move || chosen.get() == Some(id)
                                    aria-pressed=move || (chosen.get() == Some(id)).to_string()
                                    on:click=move |_| chosen.set(Some(id))
                                >
                                    {format!("{} {}", unit.name, unit.residents)}
                                </button>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </Show>
    }
}

/// The person's own drafts, so that none is forgotten.
#[component]
fn DraftsLine() -> impl IntoView {
    let state = use_state();
    let first = Memo::new(move |_| {
        let keys = state.drafts.keys();
        let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        keys.iter()
            .find_map(|key| crate::screens::chart::draft_place(key))
            .map(|to| (count, to))
    });
    view! {
        {move || {
            first
                .get()
                .map(|(count, to)| {
                    view! {
                        <leptos_router::components::A href=to attr:class="draft-link">
                            {(w().draft_waits)(count)}
                        </leptos_router::components::A>
                    }
                })
        }}
        {move || {
            let count = state.drafts.unopened();
            (count > 0)
                .then(|| {
                    view! {
                        <span class="draft-link">
                            {(w().draft_unopened)(count)} " "
                            <button
                                type="button"
                                class="btn quiet"
                                on:click=move |_| state.drafts.discard_unopened()
                            >
                                {w().discard_draft}
                            </button>
                        </span>
                    }
                })
        }}
    }
}
