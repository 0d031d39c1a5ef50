//! The scale on which oxygen saturation scores. Each set says the one it was taken on, and the newest
//! set's is in force: so a change is an entry with its reason, and the way back is another.

use super::form::Form;
use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::focus;
use crate::screens::chart::use_chart;
use crate::words::w;
use domain::journal::SaturationScale;
use leptos::prelude::*;

/// The sheet.
#[component]
pub(super) fn ScaleSheet(
    /// The form whose set is taken on it.
    form: Form,
    /// Called when it is chosen or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let chart = use_chart();
    let chosen = RwSignal::new(Some(form.scale.get_untracked()));
    let reason = RwSignal::new(untrack(|| form.scale_reason()));
    let missing = RwSignal::new(None::<&'static str>);
    let take = move |_| {
        let Some(scale) = chosen.get_untracked() else {
            return;
        };
        let why = reason.get_untracked().trim().to_owned();
        if untrack(|| form.changes_scale(scale)) && why.is_empty() {
            missing.set(Some(w().reason_missing));
            return focus::now("#scale-reason");
        }
        form.set_scale(scale, why);
        on_close.run(());
    };
    view! {
        <Sheet title=w().observing.scale_title on_close=on_close>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            <p>{w().observing.scale_words}</p>
            <Choice
                label=w().observing.scale_title
                name="saturation-scale"
                style="rows"
                show_label=false
                options=vec![
                    (SaturationScale::One, w().observing.scale_one),
                    (SaturationScale::Two, w().observing.scale_two),
                ]
                value=chosen
                on_choose=Callback::new(move |scale| chosen.set(Some(scale)))
            />
            <TextField
                label=w().reason
                id="scale-reason"
                value=reason
                hint=w().observing.scale_reason_hint
                error=missing
            />
            <p class="muted">{w().observing.scale_undo}</p>
            <div class="actions">
                <button type="button" class="btn primary big" on:click=take>
                    {w().observing.scale_confirm}
                </button>
                <button type="button" class="btn quiet big" on:click=move |_| on_close.run(())>
                    {w().cancel}
                </button>
            </div>
        </Sheet>
    }
}
