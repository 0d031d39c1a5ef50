//! Notes: what is being written is kept as a draft with every pause; saved, it is an entry that
//! all see as unsigned; signed, only words can be added.

pub(super) mod note_item;

use super::{note_draft, use_chart};
use crate::components::banner::ResidentEcho;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::time_field::{StatedTime, TimeField};
use crate::engine::watch;
use crate::focus;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use ids::EntryKey;
use interface::{Command, Query, View};
use leptos::prelude::*;
use note_item::NoteItem;

const PORTION: u32 = 20;

/// An unsigned note that is being corrected.
#[derive(Clone, Copy)]
pub(crate) struct Correcting(pub(crate) RwSignal<Option<EntryKey>>);

/// The tab.
#[component]
pub(crate) fn Notes() -> impl IntoView {
    let state = use_state();
    let resident = use_chart().resident;
    let search = RwSignal::new(String::new());
    let limit = RwSignal::new(PORTION);
    provide_context(Correcting(RwSignal::new(None)));
    let notes = watch(
        state.engine,
        move || {
            Some(Query::Notes {
                resident,
                limit: limit.get(),
                before: None,
                search: search.get().trim().to_owned(),
            })
        },
        |view| match view {
            View::Notes(notes) => Some(notes),
            _ => None,
        },
    );
    let rows = move || {
        notes
            .value
            .with(|v| v.as_ref().map(|v| v.notes.clone()).unwrap_or_default())
    };
    let total = move || notes.value.with(|v| v.as_ref().map(|v| v.total));
    view! {
        <div class="page">
            <Write/>
            <section class="stack">
                <div class="head">
                    <h2>{w().notes}</h2>
                    <input
                        class="small-search"
                        type="search"
                        aria-label=w().search_notes
                        placeholder=w().search_notes
                        prop:value=search
                        on:input=move |event| search.set(event_target_value(&event))
                    />
                </div>
                {move || match total() {
                    Some(0) if search.get().trim().is_empty() => {
                        Some(view! { <p class="muted">{w().no_notes.to_owned()}</p> })
                    }
                    Some(0) => {
                        Some(view! { <p class="muted">{(w().no_notes_found)(search.get().trim())}</p> })
                    }
                    Some(_) | None => None,
                }}
                <ul class="notes">
                    <For
                        each=rows
                        key=|note| format!("{note:?}")
                        children=|note| view! { <li class="card"><NoteItem note=note plain=false/></li> }
                    />
                </ul>
                {move || {
                    (total().unwrap_or(0) > limit.get())
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn"
                                    on:click=move |_| limit.update(|n| *n += PORTION)
                                >
                                    {w().show_more}
                                </button>
                            }
                        })
                }}
            </section>
        </div>
    }
}

/// The form.
#[component]
fn Write() -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let key = StoredValue::new(note_draft(chart.resident));
    let text = move || state.drafts.text(&key.get_value());
    let deed = Deed::new();
    let at = StatedTime::now();
    let wrong = RwSignal::new(None::<&'static str>);
    let correcting = expect_context::<Correcting>().0;
    let save = move |sign: bool| {
        wrong.set(None);
        let words = untrack(text).trim().to_owned();
        if words.is_empty() {
            wrong.set(Some(w().note_empty));
            return focus::now("#note");
        }
        let stated = match untrack(|| at.stated(state)) {
            Ok(stated) => stated,
            Err(words) => return wrong.set(Some(words)),
        };
        let command = Command::WriteNote {
            resident: chart.resident,
            text: words,
            replaces: correcting.get_untracked(),
            at: stated,
            sign,
        };
        deed.run(state.engine.command(command), move |_| {
            state.drafts.keep(&key.get_value(), String::new());
            correcting.set(None);
            at.reset();
            state.saved(if sign { w().saved_signed } else { w().saved });
        });
    };
    let may_sign = move || {
        state
            .session
            .value
            .with(|s| s.as_ref().is_some_and(|s| s.may_sign))
    };
    view! {
        <section class="card">
            <div class="head">
                <h2>{w().write_note}</h2>
                <TimeField value=at name="note"/>
            </div>
            {move || {
                correcting
                    .get()
                    .map(|_| {
                        view! {
                            <p class="note-box">
                                {w().correcting}
                                <button
                                    type="button"
                                    class="link"
                                    on:click=move |_| correcting.set(None)
                                >
                                    {w().cancel}
                                </button>
                            </p>
                        }
                    })
            }}
            <div class="text-field">
                <label for="note">{w().note_text}</label>
                <textarea
                    id="note"
                    rows="5"
                    prop:value=text
                    on:input=move |event| state.drafts.keep(&key.get_value(), event_target_value(&event))
                ></textarea>
                <small>
                    {move || (!text().is_empty()).then_some(w().draft_kept)}
                </small>
            </div>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            <p role="alert" class="wrong">{move || wrong.get()}</p>
            <Refused deed=deed/>
            <div class="actions">
                <Show when=may_sign>
                    <DeedButton
                        deed=deed
                        label=w().save_and_sign
                        on_press=Callback::new(move |()| save(true))
                    />
                </Show>
                <DeedButton
                    deed=deed
                    label=w().save
                    style=""
                    on_press=Callback::new(move |()| save(false))
                />
                <Show when=move || !text().is_empty()>
                    <button
                        type="button"
                        class="btn quiet"
                        on:click=move |_| state.drafts.keep(&key.get_value(), String::new())
                    >
                        {w().discard_draft}
                    </button>
                </Show>
            </div>
        </section>
    }
}
