//! Chart a dose: what, for whom (name and birth date once more), when, and why if it was not
//! given. There is no undo: a wrong entry is struck in the history.

use crate::components::alert_chip::Chip;
use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::components::time_field::TimeField;
use crate::focus;
use crate::format::isolated::isolated;
use crate::format::{fact, name, time, zone};
use crate::screens::chart::over::OverDraft;
use crate::screens::chart::use_chart;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::directory::Date;
use domain::journal::NotGiven;
use ids::UnixMillis;
use interface::{Command, DoseConcern, DoseRow, Gravity, Refusal, SlotState, SlotView};
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

/// What was given as needed before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lately {
    /// The newest dose that counts.
    pub(crate) last: Option<DoseRow>,
    /// How many today.
    pub(crate) today: usize,
}

/// What the sheet begins with, so that nobody gives again what was just given.
fn lately_words(lately: &Lately, now: UnixMillis, today: Date) -> String {
    let Some(last) = &lately.last else {
        return w().not_given_lately.to_owned();
    };
    let last = (w().last_given)(
        &time::when(last.by.stated, today),
        &time::ago(last.by.stated.at, now),
        &name::author(&last.by),
    );
    match lately.today {
        0 => last,
        count => format!("{last} {}", (w().given_that_day)(count)),
    }
}

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
    /// Which slot.
    #[prop(name = "of")]
    slot: SlotView,
    /// Given, or not.
    given: bool,
    /// Of a dose as needed: when it was last given, and how often today.
    lately: Option<Lately>,
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
    let words = fact::order_words(&slot.medicine, &slot.dose, &slot.route);
    let today = untrack(|| state.today());
    let which = fact::slot(&slot.slot, today);
    let due = slot.slot.time.map(|time| {
        let due = zone::instant(slot.slot.date, time, &untrack(|| state.zone()));
        (time::when_full(due, today), due.at)
    });
    // Early and late are said of a dose that is not given too: it may be given yet.
    let off_time = due.as_ref().and_then(|(when, at)| {
        let span = time::span(at.since(state.now.get_untracked()));
        match slot.state {
            SlotState::Upcoming => Some((w().sheet_early)(when, &span)),
            SlotState::Late => Some((w().sheet_late)(when, &span)),
            _ => None,
        }
    });
    // What was wrong is mended: nothing red stays.
    Effect::new(move |_| {
        reason.track();
        comment.track();
        wrong.set(None);
    });
    // What spoke against it when it was tried: pressing again confirms just that, until another time
    // is stated.
    let confirmed = RwSignal::new(Vec::<DoseConcern>::new());
    Effect::new(move |_| match deed.refused.get() {
        Some(Refusal::Doubtful { concerns }) => confirmed.set(concerns),
        Some(Refusal::Field { field, .. }) if field == "comment" => focus::now("#dose-comment"),
        _ => {}
    });
    Effect::new(move |_| {
        at.track();
        confirmed.set(Vec::new());
        deed.refused.set(None);
    });
    let medicine = slot.medicine.clone();
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
            slot: slot.slot,
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
            {slot.high_alert.then(|| view! { <Chip gravity=Gravity::Warning words=w().high_alert/> })}
            {lately
                .map(|lately| {
                    let gravity = lately.last.as_ref().map_or(Gravity::Plain, |_| Gravity::Warning);
                    let words = lately_words(&lately, state.now.get_untracked(), today);
                    view! { <Chip gravity=gravity words=words/> }
                })}
            {off_time.map(|words| view! { <Chip gravity=Gravity::Warning words=words/> })}
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
