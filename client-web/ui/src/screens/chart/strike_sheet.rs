//! Mark an entry as entered in error, with the reason.

use super::use_chart;
use crate::components::banner::ResidentEcho;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::focus;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use ids::EntryKey;
use interface::Command;
use leptos::prelude::*;

/// The sheet.
#[component]
pub(crate) fn StrikeSheet(
    /// Which entry.
    entry: EntryKey,
    /// Called when it is done or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let deed = Deed::new();
    let reason = RwSignal::new(String::new());
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
        deed.run(state.engine.command(command), move |_| {
            state.saved(w().saved);
            on_close.run(());
        });
    };
    view! {
        <Sheet title=w().strike_title on_close=on_close>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            <p>{w().strike_words}</p>
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
