//! Values outside the soft limits, shown once more before they are saved.

use super::form::Form;
use crate::components::banner::ResidentEcho;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::sheet::Sheet;
use crate::format::reading;
use crate::screens::chart::use_chart;
use crate::state::deed::Deed;
use crate::words::w;
use leptos::prelude::*;

/// The sheet.
#[component]
pub(super) fn UnusualSheet(
    /// The form.
    form: Form,
    /// Saving.
    deed: Deed,
    /// They are right: save.
    on_confirm: Callback<()>,
    /// Called when the person goes back.
    on_close: Callback<()>,
) -> impl IntoView {
    let chart = use_chart();
    let values = form.unusual();
    view! {
        <Sheet title=w().observing.unusual_title on_close=on_close>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            <ul class="unusual">
                {values
                    .into_iter()
                    .map(|(measure, value)| {
                        view! {
                            <li>
                                <span>{(w().observing.measure)(measure)}</span>
                                <strong>{reading::quantity(value)}</strong>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <Refused deed=deed/>
            <div class="actions">
                <DeedButton deed=deed label=w().observing.unusual_confirm on_press=on_confirm/>
                <button type="button" class="btn quiet" on:click=move |_| on_close.run(())>
                    {w().observing.unusual_back}
                </button>
            </div>
        </Sheet>
    }
}
