//! Notes: what is being written is kept as a draft with every pause; saved, it is an entry that
//! all see as unsigned; signed, only words can be added.

mod added_words;
mod correction;
pub(super) mod note_item;

use super::{note_draft, use_chart};
use crate::components::banner::ResidentEcho;
use crate::components::deed_button::Refused;
use crate::components::keyed::keyed;
use crate::components::save_and_sign::SaveAndSign;
use crate::components::show_more::ShowMore;
use crate::components::time_field::{StatedTime, TimeField};
use crate::engine::watch;
use crate::focus;
use crate::state::deed::Deed;
use crate::state::drafts::TypedSince;
use crate::state::use_state;
use crate::words::w;
use interface::{Command, Query, View};
use leptos::prelude::*;
use note_item::NoteItem;

const PORTION: u32 = 20;

/// The tab.
#[component]
pub(crate) fn Notes() -> impl IntoView {
    let state = use_state();
    let resident = use_chart().resident;
    let search = RwSignal::new(String::new());
    let limit = RwSignal::new(PORTION);
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
    let shown = Signal::derive(move || rows().len());
    let all = Signal::derive(move || total().unwrap_or(0));
    view! {
        <div class="page">
            <Show when=move || state.rights.get().chart>
                <Write/>
            </Show>
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
                    {keyed(
                        rows,
                        |note| note.by.entry.clone(),
                        |note| view! { <li class="card"><NoteItem note=note plain=false/></li> },
                    )}
                </ul>
                <ShowMore limit=limit portion=PORTION shown=shown total=all/>
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
    let at = StatedTime::drafted(state, &key.get_value());
    let wrong = RwSignal::new(None::<&'static str>);
    let forget = move || state.drafts.discard(&key.get_value());
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
            replaces: None,
            at: stated,
            sign,
        };
        let key = key.get_value();
        let saved = async move {
            let saving = state
                .drafts
                .save_text(key.clone(), command, TypedSince::Added);
            let done = saving.await?;
            state.saved_text(if sign { w().saved_signed } else { w().saved }, &key);
            Ok(done)
        };
        deed.run(saved, move |_| at.reset());
    };
    view! {
        <section class="card">
            <div class="head">
                <h2>{w().write_note}</h2>
                <TimeField value=at name="note" which="note-which"/>
            </div>
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
                <SaveAndSign deed=deed on_save=Callback::new(save)/>
                <Show when=move || !text().is_empty()>
                    <button
                        type="button"
                        class="btn quiet"
                        on:click=move |_| forget()
                    >
                        {w().discard_draft}
                    </button>
                </Show>
            </div>
        </section>
    }
}
