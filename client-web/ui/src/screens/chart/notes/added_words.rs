//! Words added to a signed note, kept as a draft while they are written.

use crate::components::deed_button::{DeedButton, Refused};
use crate::state::deed::Deed;
use crate::state::drafts::TypedSince;
use crate::state::use_state;
use crate::words::w;
use interface::{Command, NoteRow};
use leptos::prelude::*;

/// The form.
#[component]
pub(super) fn AddedWords(
    /// To which note.
    note: RwSignal<NoteRow>,
    /// The key of its draft.
    key: StoredValue<String>,
    /// Whether it is open.
    adding: RwSignal<bool>,
) -> impl IntoView {
    let state = use_state();
    let deed = Deed::new();
    let empty = RwSignal::new(false);
    let add = move |()| {
        let words = untrack(|| state.drafts.text(&key.get_value()));
        let words = words.trim().to_owned();
        if words.is_empty() {
            return empty.set(true);
        }
        let command = Command::AddAddendum {
            to: note.with_untracked(|note| note.by.entry.clone()),
            text: words,
        };
        let draft = key.get_value();
        let saved = async move {
            let saving = state
                .drafts
                .save_text(draft.clone(), command, TypedSince::Added);
            let done = saving.await?;
            state.saved_text(w().saved, &draft);
            Ok(done)
        };
        deed.run(saved, move |_| {
            adding.set(state.drafts.waits(&key.get_value()))
        });
    };
    view! {
        <div class="text-field">
            <label for=key.get_value()>{w().addendum}</label>
            <textarea
                id=key.get_value()
                rows="3"
                prop:value=move || state.drafts.text(&key.get_value())
                on:input=move |event| {
                    empty.set(false);
                    state.drafts.keep(&key.get_value(), event_target_value(&event));
                }
            ></textarea>
            <small role="alert" class="wrong">{move || empty.get().then_some(w().note_empty)}</small>
        </div>
        <DeedButton deed=deed label=w().addendum_save on_press=Callback::new(add)/>
        <Refused deed=deed/>
    }
}
