//! More about an order, and its last day. There is no way back but a further version: a later last
//! day makes it run again. The command has no words of its own, so the reason goes into the notes
//! with it, in one act.

use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::entry_text::EntryText;
use crate::components::provenance::ProvenanceLine;
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::focus;
use crate::format::{fact, time, zone};
use crate::screens::chart::over::OverDraft;
use crate::screens::chart::use_chart;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use domain::chart::Order;
use domain::runs::End;
use interface::{Command, Provenance};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What was typed and chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    last: Option<Last>,
    day: String,
    reason: String,
}

/// Which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Last {
    /// From now on nothing more is due.
    Now,
    /// So many days from today.
    In(i32),
    /// As typed.
    Typed,
}

/// The sheet.
#[component]
pub(crate) fn OrderSheet(
    /// The version that stands.
    order: Order,
    /// Its entry.
    by: Provenance,
    /// What was typed before a lock.
    draft: OverDraft,
    /// Called when it is ended or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let deed = Deed::new();
    let Typed {
        last,
        day: typed,
        reason,
    } = untrack(|| draft.typed());
    let last = RwSignal::new(last);
    let typed = RwSignal::new(typed);
    let reason = RwSignal::new(reason);
    Effect::new(move |_| {
        draft.keep(&Typed {
            last: last.get(),
            day: typed.get(),
            reason: reason.get(),
        });
    });
    let wrong = RwSignal::new(None::<&'static str>);
    let day_wrong = RwSignal::new(None::<&'static str>);
    let missing = RwSignal::new(None::<&'static str>);
    let starts = order.starts;
    let words = fact::order_words(&order.medicine, &order.dose, &order.route);
    let shown = StoredValue::new(words.clone());
    // What goes into the note is as the order says it, with nothing that is for showing alone.
    let said = (w().order_words)(&order.medicine, &order.dose, &order.route);
    let said = StoredValue::new(said);
    let entry = StoredValue::new(by.entry.clone());
    let end = move || -> Option<End> {
        let whole = |date| End { date, at: None };
        match last.get()? {
            Last::Now => {
                let (date, at) = time::wall(zone::in_zone(state.now.get(), &state.zone()));
                Some(End { date, at: Some(at) })
            }
            Last::In(days) => state.today().plus_days(days).map(whole),
            Last::Typed => typed.get().trim().parse().ok().map(whole),
        }
    };
    let save = move |()| {
        for signal in [wrong, day_wrong, missing] {
            signal.set(None);
        }
        if last.get_untracked().is_none() {
            return wrong.set(Some(w().ending.choose));
        }
        let Some(ends) = untrack(end) else {
            day_wrong.set(Some(w().ending.day_wrong));
            return focus::now("#last-day");
        };
        if ends.date < starts.first_day() {
            return wrong.set(Some(w().ending.before_start));
        }
        let why = reason.get_untracked().trim().to_owned();
        if why.is_empty() {
            missing.set(Some(w().reason_missing));
            return focus::now("#end-reason");
        }
        let said_end = time::day_at(ends.date, ends.at);
        let shown = shown.get_value();
        let now = untrack(|| zone::in_zone(state.now.get(), &state.zone()));
        let note = Command::WriteNote {
            resident: chart.resident,
            text: (w().ending.note)(&said.get_value(), &said_end, &why),
            replaces: None,
            at: None,
            sign: untrack(|| state.may_sign()),
        };
        let end = Command::EndOrder {
            order: entry.get_value(),
            last: ends.date,
            last_at: ends.at,
        };
        let command = Command::Bulk {
            commands: vec![(now, end), (now, note)],
        };
        let ended = async move {
            let done = draft.save(command).await?;
            state.saved(&(w().ending.saved)(&shown, &said_end));
            Ok(done)
        };
        deed.run(ended, move |_| on_close.run(()));
    };
    let on_end = Callback::new(save);
    let days = [
        (-1, w().ending.yesterday),
        (0, w().ending.today),
        (1, w().ending.tomorrow),
    ];
    let options = days.map(|(days, words)| (Last::In(days), words));
    let options = std::iter::once((Last::Now, w().ending.now))
        .chain(options)
        .chain([(Last::Typed, w().ending.another_day)])
        .collect::<Vec<_>>();
    view! {
        <Sheet title=words on_close=on_close>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            <div class="note-box">
                <EntryText fact=Fact::Order(order)/>
                <small><ProvenanceLine by=by/></small>
            </div>
            <Show when=move || state.rights.get().order>
                <h3>{w().ending.title}</h3>
                <Choice
                    label=w().ending.last_day
                    name="last-day-choice"
                    show_label=false
                    options=options.clone()
                    value=last
                    on_choose=Callback::new(move |choice| last.set(Some(choice)))
                />
                <Show when=move || last.get() == Some(Last::Typed)>
                    <TextField
                        label=w().ending.last_day
                        id="last-day"
                        value=typed
                        hint=w().ending.day_hint
                        error=day_wrong
                    />
                </Show>
                <TextField label=w().reason id="end-reason" value=reason hint=w().ending.reason_hint error=missing/>
                <p class="muted">{w().ending.undo}</p>
                <p role="alert" class="wrong">{move || wrong.get()}</p>
                <Refused deed=deed/>
                <div class="actions">
                    <DeedButton
                        deed=deed
                        label=w().ending.confirm
                        style="primary big"
                        on_press=on_end
                    />
                    <button type="button" class="btn quiet big" on:click=move |_| on_close.run(())>
                        {w().cancel}
                    </button>
                </div>
            </Show>
        </Sheet>
    }
}
