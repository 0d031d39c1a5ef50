//! Correcting a note that nobody has signed: written in the note itself, under a draft of its own
//! that knows which note it replaces, so that neither a lock nor a new note can make a second note
//! of it.

use crate::components::deed_button::Refused;
use crate::components::save_and_sign::SaveAndSign;
use crate::focus;
use crate::screens::chart::use_chart;
use crate::state::deed::Deed;
use crate::state::drafts::TypedSince;
use crate::state::use_state;
use crate::words::w;
use interface::{Command, NoteRow};
use leptos::prelude::*;

/// The form.
#[component]
pub(super) fn Correction(
    /// Of which note.
    note: RwSignal<NoteRow>,
    /// The key of its draft.
    key: StoredValue<String>,
    /// Whether it is open.
    correcting: RwSignal<bool>,
) -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let deed = Deed::new();
    let wrong = RwSignal::new(None::<&'static str>);
    let text = move || state.drafts.text(&key.get_value());
    let save = move |sign: bool| {
        wrong.set(None);
        let words = untrack(text).trim().to_owned();
        if words.is_empty() {
            wrong.set(Some(w().note_empty));
            return focus::now(&format!("[id='{}']", key.get_value()));
        }
        let (entry, stated) = note.with_untracked(|note| (note.by.entry.clone(), note.by.stated));
        let command = Command::WriteNote {
            resident: chart.resident,
            text: words,
            replaces: Some(entry),
            // It is still about the time the note was about.
            at: Some(stated),
            sign,
        };
        let draft = key.get_value();
        let saved = async move {
            let saving = state
                .drafts
                .save_text(draft.clone(), command, TypedSince::Whole);
            let done = saving.await?;
            state.saved_text(if sign { w().saved_signed } else { w().saved }, &draft);
            Ok(done)
        };
        deed.run(saved, move |_| {
            correcting.set(state.drafts.waits(&key.get_value()))
        });
    };
    view! {
        <div class="text-field">
            <label for=key.get_value()>{w().correcting}</label>
            <textarea
                id=key.get_value()
                rows="5"
                prop:value=text
                on:input=move |event| state.drafts.keep(&key.get_value(), event_target_value(&event))
            ></textarea>
        </div>
        <p role="alert" class="wrong">{move || wrong.get()}</p>
        <Refused deed=deed/>
        <div class="actions">
            <SaveAndSign deed=deed on_save=Callback::new(save)/>
            <button
                type="button"
                class="btn quiet"
                on:click=move |_| {
                    state.drafts.keep(&key.get_value(), String::new());
                    correcting.set(false);
                }
            >
                {w().cancel}
            </button>
        </div>
    }
}
