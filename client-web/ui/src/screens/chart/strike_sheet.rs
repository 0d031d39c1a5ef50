//! Mark an entry as entered in error, with the reason.

use super::over::OverDraft;
use super::use_chart;
use crate::components::banner::ResidentEcho;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::entry_text::EntryText;
use crate::components::provenance::ProvenanceLine;
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::focus;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use interface::{Command, HistoryRow};
use leptos::prelude::*;

/// Of these the engine enters again what they replaced.
const fn brings_back(fact: Option<&Fact>) -> bool {
    matches!(
        fact,
        Some(
            Fact::Order(_)
                | Fact::Problem(_)
                | Fact::CodeStatus(_)
                | Fact::SaturationScale(_)
                | Fact::Identity(_)
        )
    )
}

/// The sheet.
#[component]
pub(crate) fn StrikeSheet(
    /// Which entry.
    row: HistoryRow,
    /// What was typed before a lock.
    draft: OverDraft,
    /// Called when it is done or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let HistoryRow {
        by, fact, before, ..
    } = row;
    let entry = by.entry.clone();
    let before = before.into_iter().filter(|_| brings_back(fact.as_ref()));
    let before = before.collect::<Vec<_>>();
    let state = use_state();
    let chart = use_chart();
    let deed = Deed::new();
    let reason = RwSignal::new(untrack(|| draft.typed::<String>()));
    Effect::new(move |_| draft.keep(&reason.get()));
    let missing = RwSignal::new(None::<&'static str>);
    let strike = move |()| {
        let words = reason.get_untracked().trim().to_owned();
        if words.is_empty() {
            missing.set(Some(w().reason_missing));
            return focus::now("#strike-reason");
        }
        missing.set(None);
        let command = Command::Strike {
            entry: entry.clone(),
            reason: words,
        };
        let struck = async move {
            let done = draft.save(command).await?;
            state.saved(w().saved);
            Ok(done)
        };
        deed.run(struck, move |_| on_close.run(()));
    };
    view! {
        <Sheet title=w().strike_title on_close=on_close>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            <div class="note-box">
                {fact.map(|fact| view! { <EntryText fact=fact/> })}
                <small><ProvenanceLine by=by/></small>
            </div>
            <p>{w().strike_words}</p>
            {(!before.is_empty())
                .then(|| {
                    view! {
                        <p>{w().strike_brings_back}</p>
                        <div class="before">
                            {before
                                .into_iter()
                                .map(|fact| view! { <EntryText fact=fact/> })
                                .collect_view()}
                        </div>
                    }
                })}
            <TextField label=w().reason id="strike-reason" value=reason error=missing/>
            <Refused deed=deed/>
            <div class="actions">
                <DeedButton deed=deed label=w().strike_confirm on_press=Callback::new(strike)/>
                <button type="button" class="btn quiet" on:click=move |_| on_close.run(())>
                    {w().cancel}
                </button>
            </div>
        </Sheet>
    }
}
