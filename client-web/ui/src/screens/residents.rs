//! Residents: by room, by need, by name; one unit or all; found by the search of the top bar.
//! Rows come in portions, so that a home of five thousand opens as fast as one of forty.

use crate::components::choice::Choice;
use crate::components::keyed::keyed;
use crate::components::resident_row::ResidentListRow;
use crate::components::show_more::ShowMore;
use crate::engine::watch;
use crate::format::{name, time};
use crate::screens::chart::{DraftPlace, draft_place};
use crate::state::list::PORTION;
use crate::state::use_state;
use crate::words::w;
use interface::{Query, ResidentOrder, View};
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen.
#[component]
pub(crate) fn Residents() -> impl IntoView {
    let state = use_state();
    let list = state.list;
    let limit = list.limit;
    let searching = move || !state.search.get().trim().is_empty();
    Effect::new(move |shown: Option<()>| {
        state.search.track();
        list.unit.track();
        list.order.track();
        // Back from a chart, the list is as long as it was.
        if shown.is_some() {
            limit.set(PORTION);
        }
    });
    let residents = watch(
        state.engine,
        move || {
            Some(Query::Residents {
                order: list.order.get(),
                // Who is searched for may be in any unit.
                unit: list.unit.get().filter(|_| !searching()),
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
    let shown = Signal::derive(move || rows.with(Vec::len));
    let all = Signal::derive(move || total.get().unwrap_or(0));
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
            <Show when=move || !searching()>
                <Units/>
            </Show>
            <ul class="list">
                {keyed(
                    move || rows.get(),
                    |row| row.id,
                    |row| view! { <li>{move || view! { <ResidentListRow row=row.get()/> }}</li> },
                )}
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
                Some(_) | None => ().into_any(),
            }}
            <ShowMore limit=limit portion=PORTION shown=shown total=all/>
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
    let places = Memo::new(move |_| {
        let keys = state.drafts.keys();
        keys.iter()
            .filter_map(|key| draft_place(key))
            .collect::<Vec<_>>()
    });
    let count = move || u32::try_from(places.with(Vec::len)).unwrap_or(u32::MAX);
    view! {
        <Show when=move || places.with(|places| !places.is_empty())>
            <div class="drafts">
                <span>{move || (w().draft_waits)(count())}</span>
                <For each=move || places.get() key=Clone::clone children=|at| view! { <DraftLink at=at/> }/>
            </div>
        </Show>
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

/// Leads to one draft, by its form and the resident's name.
#[component]
fn DraftLink(at: DraftPlace) -> impl IntoView {
    let state = use_state();
    let resident = at.resident;
    let banner = watch(
        state.engine,
        move || Some(Query::Banner { resident }),
        |view| match view {
            View::Banner(banner) => Some(banner),
            _ => None,
        },
    );
    let name = move || {
        let banner = banner.value;
        banner.with(|b| b.as_ref().map(|b| name::listed(&b.row)))
    };
    view! {
        <A href=at.address() attr:class="draft-link">
            {(w().draft_of)(at.form)} " · " {name}
        </A>
    }
}
