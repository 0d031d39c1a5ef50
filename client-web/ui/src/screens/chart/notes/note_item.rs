//! One note with its signatures and added words.

use super::Correcting;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::icon::Icon;
use crate::components::provenance::ProvenanceLine;
use crate::focus;
use crate::format::{name, time};
use crate::screens::chart::{note_draft, use_chart};
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use interface::{Command, NoteRow};
use leptos::prelude::*;

/// The note.
#[component]
pub(crate) fn NoteItem(
    /// Which.
    note: NoteRow,
    /// To read only, without its actions.
    plain: bool,
) -> impl IntoView {
    let today = use_state().today();
    let signed = !note.signatures.is_empty();
    let signers = note
        .signatures
        .iter()
        .map(name::author)
        .collect::<Vec<_>>()
        .join(", ");
    let struck = note.struck.clone();
    let added = note.addenda.clone();
    view! {
        <article class="note" class:struck=struck.is_some()>
            <p class="note-head">
                <ProvenanceLine by=note.by.clone()/>
                {if signed {
                    view! {
                        <span class="sig">
                            <Icon icon=icondata_lu::LuSignature/>
                            {(w().observing.signed_by)(&signers)}
                        </span>
                    }
                        .into_any()
                } else {
                    view! { <span class="sig none">{w().observing.unsigned}</span> }.into_any()
                }}
            </p>
            <p class="note-text">{note.text.clone()}</p>
            {struck.as_deref().map(|why| view! { <p class="wrong">{(w().struck)(why)}</p> })}
            {added
                .into_iter()
                .map(|addendum| {
                    let head = (w().added_by)(
                        &name::author(&addendum.by),
                        &time::when_full(addendum.by.stated, today),
                    );
                    view! {
                        <div class="addendum">
                            <small>{head}</small>
                            <p class="note-text">{addendum.text}</p>
                        </div>
                    }
                })
                .collect_view()}
            {(!plain && struck.is_none()).then(|| view! { <Acts note=note signed=signed/> })}
        </article>
    }
}

#[component]
fn Acts(note: NoteRow, signed: bool) -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let deed = Deed::new();
    let adding = RwSignal::new(false);
    let correcting = expect_context::<Correcting>().0;
    let entry = StoredValue::new(note.by.entry.clone());
    let key = StoredValue::new(format!("addendum/{}", note.by.entry));
    let text = StoredValue::new(note.text);
    let may_sign = move || {
        state
            .session
            .value
            .with(|s| s.as_ref().is_some_and(|s| s.may_sign))
    };
    let own_unsigned = note.own && !signed;
    let sign = move |()| {
        let command = Command::Sign {
            entries: vec![entry.get_value()],
        };
        deed.run(state.engine.command(command), move |_| {
            state.saved(w().signed)
        });
    };
    let correct = move |_| {
        state
            .drafts
            .keep(&note_draft(chart.resident), text.get_value());
        correcting.set(Some(entry.get_value()));
        focus::now("#note");
    };
    let add = move |()| {
        let words = untrack(|| state.drafts.text(&key.get_value()))
            .trim()
            .to_owned();
        if words.is_empty() {
            return;
        }
        let command = Command::AddAddendum {
            to: entry.get_value(),
            text: words,
        };
        deed.run(state.engine.command(command), move |_| {
            state.drafts.keep(&key.get_value(), String::new());
            adding.set(false);
            state.saved(w().saved);
        });
    };
    // A draft of added words opens by itself.
    Effect::new(move |_| {
        if !state.drafts.text(&key.get_value()).is_empty() {
            adding.set(true);
        }
    });
    view! {
        <div class="actions">
            {own_unsigned
                .then(|| {
                    view! {
                        <Show when=may_sign>
                            <DeedButton
                                deed=deed
                                label=w().sign_note
                                style=""
                                on_press=Callback::new(sign)
                            />
                        </Show>
                        <button type="button" class="btn quiet" on:click=correct>
                            {w().edit_note}
                        </button>
                    }
                })}
            {signed
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="btn quiet"
                            aria-expanded=move || adding.get().to_string()
                            on:click=move |_| adding.update(|adding| *adding = !*adding)
                        >
                            {w().add_addendum}
                        </button>
                    }
                })}
        </div>
        <Show when=move || adding.get()>
            <div class="text-field">
                <label for=move || key.get_value()>{w().addendum}</label>
                <textarea
                    id=move || key.get_value()
                    rows="3"
                    prop:value=move || state.drafts.text(&key.get_value())
                    on:input=move |event| state.drafts.keep(&key.get_value(), event_target_value(&event))
                ></textarea>
            </div>
            <DeedButton deed=deed label=w().addendum_save on_press=Callback::new(add)/>
        </Show>
        <Refused deed=deed/>
    }
}
