//! Chart a dose: what, for whom (name and birth date once more), when, and why if it was not
//! given. There is no undo: a wrong entry is struck in the history.

use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::components::time_field::TimeField;
use crate::focus;
use crate::format::fact;
use crate::format::isolated::isolated;
use crate::screens::chart::medicines::dose_now::{self, Beware, Now, Opened};
use crate::screens::chart::over::OverDraft;
use crate::screens::chart::use_chart;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::journal::NotGiven;
use interface::{Command, DoseConcern, Refusal};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const REASONS: [NotGiven; 7] = [
    NotGiven::Refused,
    NotGiven::Held,
    NotGiven::Away,
    NotGiven::NothingByMouth,
    NotGiven::Vomited,
    NotGiven::Unavailable,
    NotGiven::Other,
];

/// What was typed and chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    reason: Option<NotGiven>,
    comment: String,
}

/// The sheet.
#[component]
pub(crate) fn DoseSheet(
    /// Which.
    opened: Opened,
    /// Given, or not.
    given: bool,
    /// What was typed before a lock.
    draft: OverDraft,
    /// Called when it is charted or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let deed = Deed::new();
    let at = draft.stated_time();
    let Typed { reason, comment } = untrack(|| draft.typed());
    let reason = RwSignal::new(reason);
    let comment = RwSignal::new(comment);
    Effect::new(move |_| {
        draft.keep(&Typed {
            reason: reason.get(),
            comment: comment.get(),
        });
    });
    let wrong = RwSignal::new(None::<&'static str>);
    let now = dose_now::follow(&opened);
    let words = opened.words();
    let which = fact::slot(&opened.slot, untrack(|| state.today()));
    // What was wrong is mended: nothing red stays.
    Effect::new(move |_| {
        reason.track();
        comment.track();
        wrong.set(None);
    });
    // What spoke against it when it was tried: pressing again confirms just that, until another time
    // is stated, or another dose is charted. What is charted by this very sheet is none.
    let confirmed = RwSignal::new(Vec::<DoseConcern>::new());
    Effect::new(move |_| match deed.refused.get() {
        Some(Refusal::Doubtful { concerns }) => confirmed.set(concerns),
        Some(Refusal::Field { field, .. }) if field == "comment" => focus::now("#dose-comment"),
        _ => {}
    });
    let charted = Memo::new(move |_| now.with(|now| now.as_ref().map(Now::doses)));
    Effect::new(move |_| {
        at.track();
        charted.track();
        if deed.pending.get_untracked() {
            return;
        }
        confirmed.set(Vec::new());
        deed.refused.set(None);
    });
    let medicine = opened.medicine.clone();
    let slot = opened.slot;
    let save = move |()| {
        wrong.set(None);
        let said = comment.get_untracked().trim().to_owned();
        let not_given = if given { None } else { reason.get_untracked() };
        if !given && not_given.is_none() {
            return wrong.set(Some(w().choose_reason));
        }
        if not_given == Some(NotGiven::Other) && said.is_empty() {
            wrong.set(Some(w().comment_needed));
            return focus::now("#dose-comment");
        }
        let stated = match untrack(|| at.stated(state)) {
            Ok(stated) => stated,
            Err(words) => return wrong.set(Some(words)),
        };
        let command = Command::RecordDose {
            resident: chart.resident,
            slot,
            not_given,
            comment: (!said.is_empty()).then_some(said),
            at: stated,
            despite: confirmed.get_untracked(),
        };
        let medicine = medicine.clone();
        let charted = async move {
            let done = draft.save(command).await?;
            state.saved(&(w().dose_saved)(&isolated(&medicine)));
            Ok(done)
        };
        deed.run(charted, move |_| on_close.run(()));
    };
    view! {
        <Sheet title=if given { w().sheet_given } else { w().sheet_not_given } on_close=on_close>
            <p class="dose-words">{words}</p>
            <p class="muted">{which}</p>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            <Beware opened=opened now=now/>
            <TimeField value=at name="dose" which="dose-which"/>
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
                        let words = match given {
                            _ if confirmed.with(|concerns| !concerns.is_empty()) => w().chart_all_the_same,
                            true => w().confirm_given,
                            false => w().confirm_not_given,
                        };
                        words.to_owned()
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
