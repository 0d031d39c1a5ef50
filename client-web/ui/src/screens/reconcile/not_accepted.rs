//! What the relay refused for good: in nobody's chart, so it stands here with whose, what and why,
//! for its author to enter again.

use crate::components::deed_button::{DeedButton, Refused};
use crate::components::entry_text::EntryText;
use crate::components::provenance::ProvenanceLine;
use crate::engine::watch;
use crate::format::name;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use interface::{Command, NotAcceptedEntry, NotAcceptedRow, Query, View};
use leptos::prelude::*;

/// The list, when there is anything on it.
#[component]
pub(super) fn NotAccepted() -> impl IntoView {
    let state = use_state();
    let count = Memo::new(move |_| {
        let tablet = state.tablet.value;
        tablet.with(|tablet| tablet.as_ref().map_or(0, |tablet| tablet.not_accepted))
    });
    let listed = watch(
        state.engine,
        move || (count.get() > 0).then_some(Query::NotAccepted),
        |view| match view {
            View::NotAccepted(view) => Some(view),
            _ => None,
        },
    );
    let rows = move || {
        let rows = listed.value.get().map(|view| view.rows);
        rows.unwrap_or_default()
            .into_iter()
            .map(|row| view! { <Row row=row/> })
            .collect_view()
    };
    let not_listed = move || {
        let more = listed.value.get().map_or(0, |view| view.not_listed);
        (more > 0).then(|| view! { <p class="muted">{(w().deciding.not_accepted_more)(more)}</p> })
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="card conflict warn">
                <h2>{move || (w().deciding.not_accepted_title)(count.get())}</h2>
                <p>{w().deciding.not_accepted_words}</p>
                <ul class="refused-list">{rows}</ul>
                {not_listed}
            </section>
        </Show>
    }
}

#[component]
fn Row(row: NotAcceptedRow) -> impl IntoView {
    let state = use_state();
    let deed = Deed::new();
    let envelope = row.envelope;
    let take_off = move |()| {
        let command = Command::DealWith { envelope };
        deed.run(state.engine.command(command), move |_| {
            state.saved(w().deciding.not_accepted_dealt_with);
        });
    };
    let entries = row
        .entries
        .into_iter()
        .map(|entry| view! { <Says entry=entry/> })
        .collect_view();
    view! {
        <li>
            {entries}
            <p class="muted"><ProvenanceLine by=row.by/></p>
            <p>{(w().deciding.not_accepted_why)(row.why)}</p>
            {row.may_deal_with
                .then(|| {
                    view! {
                        <Refused deed=deed/>
                        <DeedButton
                            deed=deed
                            label=w().deciding.not_accepted_deal_with
                            style="quiet"
                            on_press=Callback::new(take_off)
                        />
                    }
                })}
        </li>
    }
}

/// Whose chart, and what.
#[component]
fn Says(entry: NotAcceptedEntry) -> impl IntoView {
    let says = match entry.fact {
        Some(fact) => view! { <EntryText fact=fact/> }.into_any(),
        None => {
            view! { <strong class="says">{(w().history_unknown)(&entry.kind)}</strong> }.into_any()
        }
    };
    view! {
        {entry.resident.map(|resident| view! { <p><strong>{name::listed(&resident)}</strong></p> })}
        {says}
    }
}
