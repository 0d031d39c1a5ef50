//! Chart a dose: what, for whom (name and birth date once more), when, and why if it was not
//! given. There is no undo: a wrong entry is struck in the history.

use crate::components::alert_chip::Chip;
use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::components::time_field::{StatedTime, TimeField};
use crate::format::fact;
use crate::screens::chart::use_chart;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::journal::NotGiven;
use interface::{Command, Gravity, Refusal, SlotState, SlotView};
use leptos::prelude::*;

const REASONS: [NotGiven; 7] = [
    NotGiven::Refused,
    NotGiven::Held,
    NotGiven::Away,
    NotGiven::NothingByMouth,
    NotGiven::Vomited,
    NotGiven::Unavailable,
    NotGiven::Other,
];

/// The sheet.
#[component]
pub(crate) fn DoseSheet(
    /// Which slot.
    #[prop(name = "of")]
    slot: SlotView,
    /// Given, or not.
    given: bool,
    /// Called when it is charted or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let deed = Deed::new();
    let at = StatedTime::now();
    let reason = RwSignal::new(None::<NotGiven>);
    let comment = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<&'static str>);
    let words = (w().order_words)(&slot.medicine, &slot.dose, &slot.route);
    let which = fact::slot(&slot.slot, untrack(|| state.today()));
    let time = slot.slot.time.map(|time| time.to_string());
    let off_time = time.as_deref().and_then(|time| match slot.state {
        SlotState::Upcoming if given => Some((w().sheet_early)(time)),
        SlotState::Late if given => Some((w().sheet_late)(time)),
        _ => None,
    });
    // What spoke against it when it was tried: pressing again confirms just that.
    let concerns = move || match deed.refused.get() {
        Some(Refusal::Doubtful { concerns }) => concerns,
        _ => Vec::new(),
    };
    let doubtful = move || !concerns().is_empty();
    let medicine = slot.medicine.clone();
    let save = move |()| {
        wrong.set(None);
        let said = comment.get_untracked().trim().to_owned();
        let not_given = if given { None } else { reason.get_untracked() };
        if !given && not_given.is_none() {
            return wrong.set(Some(w().choose_reason));
        }
        if not_given == Some(NotGiven::Other) && said.is_empty() {
            return wrong.set(Some(w().comment_needed));
        }
        let stated = match untrack(|| at.stated(state)) {
            Ok(stated) => stated,
            Err(words) => return wrong.set(Some(words)),
        };
        let command = Command::RecordDose {
            resident: chart.resident,
            slot: slot.slot,
            not_given,
            comment: (!said.is_empty()).then_some(said),
            at: stated,
            despite: untrack(concerns),
        };
        let medicine = medicine.clone();
        deed.run(state.engine.command(command), move |_| {
            state.saved(&(w().dose_saved)(&medicine));
            on_close.run(());
        });
    };
    view! {
        <Sheet title=if given { w().sheet_given } else { w().sheet_not_given } on_close=on_close>
            <p class="dose-words">{words}</p>
            <p class="muted">{which}</p>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            {slot.high_alert.then(|| view! { <Chip gravity=Gravity::Warning words=w().high_alert/> })}
            {off_time.map(|words| view! { <Chip gravity=Gravity::Warning words=words/> })}
            <TimeField value=at name="dose"/>
            {(!given)
                .then(|| {
                    view! {
                        <Choice
                            label=w().why_not_given
                            name="reason"
                            style="rows"
                            options=REASONS
                                .map(|why| (why, (w().not_given_reason)(why)))
                                .to_vec()
                            value=reason
                            on_choose=Callback::new(move |why| reason.set(Some(why)))
                        />
                    }
                })}
            <TextField label=w().comment_optional id="dose-comment" value=comment/>
            <p role="alert" class="wrong">{move || wrong.get()}</p>
            <Refused deed=deed/>
            <div class="actions">
                <DeedButton
                    deed=deed
                    label=Signal::derive(move || {
                        let label = match (doubtful(), given) {
                            (true, _) => w().chart_all_the_same,
                            (false, true) => w().confirm_given,
                            (false, false) => w().confirm_not_given,
                        };
                        label.to_owned()
                    })
                    style="primary big"
                    on_press=Callback::new(save)
                />
                <button type="button" class="btn quiet big" on:click=move |_| on_close.run(())>
                    {w().cancel}
                </button>
            </div>
        </Sheet>
    }
}
