//! The scale on which oxygen saturation scores: a prescriber's decision, entered as one, with who
//! made it. It holds from then on, until another decision says otherwise.

use super::form::Form;
use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::focus;
use crate::screens::chart::use_chart;
use crate::state::deed::Deed;
use crate::words::w;
use domain::chart::ScaleDecision;
use domain::journal::SaturationScale;
use interface::Command;
use leptos::prelude::*;

/// The sheet.
#[component]
pub(super) fn ScaleSheet(
    /// The form of whose resident it is.
    form: Form,
    /// Called when it is decided or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let chart = use_chart();
    let deed = Deed::new();
    let chosen = RwSignal::new(Some(form.scale.get_untracked()));
    // Kept over a lock: whoever opens the sheet again finds it as it was.
    let drafts = form.state.drafts;
    let key = StoredValue::new(format!("scale/{}", form.resident));
    let kept = untrack(|| drafts.text(&key.get_value()));
    let (who, reason): (String, String) = serde_json::from_str(&kept).unwrap_or_default();
    let who = RwSignal::new(who);
    let reason = RwSignal::new(reason);
    Effect::new(move |_| {
        let typed = (who.get(), reason.get());
        let text = match typed.0.is_empty() && typed.1.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&typed).unwrap_or_default(),
        };
        drafts.keep(&key.get_value(), text);
    });
    let leave = Callback::new(move |()| {
        drafts.keep(&key.get_value(), String::new());
        on_close.run(());
    });
    let missing = RwSignal::new(None::<&'static str>);
    let save = move |()| {
        let Some(scale) = chosen.get_untracked() else {
            return;
        };
        let decided_by = who.get_untracked().trim().to_owned();
        if decided_by.is_empty() {
            missing.set(Some(w().observing.scale_who_missing));
            return focus::now("#scale-who");
        }
        let why = reason.get_untracked().trim().to_owned();
        let command = Command::RecordSaturationScale {
            resident: form.resident,
            decision: ScaleDecision {
                scale,
                decided_by,
                decided_on: untrack(|| form.state.today()),
                reason: (!why.is_empty()).then_some(why),
            },
            replaces: form.decided.get_untracked(),
            at: None,
        };
        let key = key.get_value();
        let decided = async move {
            let done = drafts.save(key, command).await?;
            form.state.saved(w().observing.scale_saved);
            Ok(done)
        };
        deed.run(decided, move |_| on_close.run(()));
    };
    view! {
        <Sheet title=w().observing.scale_title on_close=leave>
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
                label=w().observing.scale_who
                id="scale-who"
                value=who
                hint=w().observing.scale_who_hint
                error=missing
            />
            <TextField label=w().reason id="scale-reason" value=reason/>
            <p class="muted">{w().observing.scale_undo}</p>
            <Refused deed=deed/>
            <div class="actions">
                <DeedButton
                    deed=deed
                    label=w().observing.scale_confirm
                    style="primary big"
                    on_press=Callback::new(save)
                />
                <button type="button" class="btn quiet big" on:click=move |_| leave.run(())>
                    {w().cancel}
                </button>
            </div>
        </Sheet>
    }
}
