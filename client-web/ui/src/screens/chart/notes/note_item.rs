//! One note with its signatures and added words. It stays in the page while it changes: words that
//! are being typed in it outlive what arrives.

use super::added_words::AddedWords;
use super::correction::Correction;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::icon::Icon;
use crate::components::provenance::ProvenanceLine;
use crate::focus;
use crate::format::{name, time};
use crate::screens::chart::{addendum_draft, correction_draft, use_chart};
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::directory::Date;
use interface::{Command, NoteRow};
use leptos::prelude::*;

/// The note.
#[component]
pub(crate) fn NoteItem(
    /// Which.
    note: RwSignal<NoteRow>,
    /// To read only, without its actions.
    plain: bool,
) -> impl IntoView {
    let state = use_state();
    let struck = Memo::new(move |_| note.with(|note| note.struck.is_some()));
    view! {
        <article class="note" class:struck=move || struck.get()>
            {move || {
                let today = state.told_from();
                note.with(|note| reads(note, today)).into_any()
            }}
            <Show when=move || !plain && !struck.get() && state.rights.get().chart>
                <Acts note=note/>
            </Show>
        </article>
    }
}

/// Everything but what one can do.
fn reads(note: &NoteRow, today: Date) -> impl IntoView + use<> {
    let signers = note
        .signatures
        .iter()
        .map(name::author)
        .collect::<Vec<_>>()
        .join(", ");
    let added = note.addenda.iter().map(|addendum| {
        let head = (w().added_by)(
            &name::author(&addendum.by),
            &time::when_full(addendum.by.stated, today),
        );
        view! {
            <div class="addendum">
                <small>{head}</small>
                <p class="note-text">{addendum.text.clone()}</p>
            </div>
        }
    });
    view! {
        <p class="note-head">
            <ProvenanceLine by=note.by.clone()/>
            {if signers.is_empty() {
                view! { <span class="sig none">{w().observing.unsigned}</span> }.into_any()
            } else {
                view! {
                    <span class="sig">
                        <Icon icon=icondata_lu::LuSignature/>
                        {(w().observing.signed_by)(&signers)}
                    </span>
                }
                    .into_any()
            }}
        </p>
        <p class="note-text">{note.text.clone()}</p>
        {note.struck.as_deref().map(|why| view! { <p class="wrong">{(w().struck)(why)}</p> })}
        {added.collect_view()}
    }
}

#[component]
fn Acts(note: RwSignal<NoteRow>) -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let deed = Deed::new();
    let adding = RwSignal::new(false);
    let (entry, at) = note.with_untracked(|note| (note.by.entry.clone(), note.by.stated));
    let added = StoredValue::new(addendum_draft(chart.resident, &entry));
    let corrected = StoredValue::new(correction_draft(chart.resident, &entry));
    let entry = StoredValue::new(entry);
    // Which note a button is of, for who hears the buttons alone.
    let of = StoredValue::new(time::when_full(at, untrack(|| state.today())));
    let named = move |words: &str| (w().of_note)(words, &of.get_value());
    let signed = Memo::new(move |_| note.with(|note| !note.signatures.is_empty()));
    let own_unsigned = Memo::new(move |_| note.with(|note| note.own && note.signatures.is_empty()));
    // Drafts open by themselves. Words all deleted to be written anew close nothing.
    let correcting = RwSignal::new(false);
    Effect::new(move |_| {
        if !state.drafts.text(&corrected.get_value()).is_empty() {
            correcting.set(true);
        }
    });
    Effect::new(move |_| {
        if !state.drafts.text(&added.get_value()).is_empty() {
            adding.set(true);
        }
    });
    let sign = move |()| {
        let command = Command::Sign {
            entries: vec![entry.get_value()],
        };
        let signed = async move {
            let done = state.engine.command(command).await?;
            state.saved(w().signed);
            Ok(done)
        };
        deed.run(signed, |_| ());
    };
    let correct = move |_| {
        let text = note.with_untracked(|note| note.text.clone());
        state.drafts.keep(&corrected.get_value(), text);
        focus::element_of(corrected.get_value());
    };
    let add = move |_| {
        adding.update(|adding| *adding = !*adding);
        if adding.get_untracked() {
            focus::element_of(added.get_value());
        }
    };
    view! {
        <Show when=move || correcting.get()>
            <Correction note=note key=corrected correcting=correcting/>
        </Show>
        <Show when=move || !correcting.get()>
            <div class="actions">
                <Show when=move || own_unsigned.get() && state.may_sign()>
                    <DeedButton
                        deed=deed
                        label=w().sign_note
                        named=named(w().sign_note)
                        style=""
                        on_press=Callback::new(sign)
                    />
                </Show>
                <Show when=move || own_unsigned.get()>
                    <button
                        type="button"
                        class="btn quiet"
                        aria-label=named(w().edit_note)
                        on:click=correct
                    >
                        {w().edit_note}
                    </button>
                </Show>
                <Show when=move || signed.get()>
                    <button
                        type="button"
                        class="btn quiet"
                        aria-label=named(w().add_addendum)
                        aria-expanded=move || adding.get().to_string()
                        on:click=add
                    >
                        {w().add_addendum}
                    </button>
                </Show>
            </div>
        </Show>
        <Show when=move || adding.get()>
            <AddedWords note=note key=added adding=adding/>
        </Show>
        <Refused deed=deed/>
    }
}
