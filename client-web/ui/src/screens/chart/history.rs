//! Everything ever entered on a resident, newest first: who, when, on which tablet, what before,
//! and the proof of who wrote it. A wrong entry is struck here, and stays to be read.

use super::over::Over;
use super::proof_sheet::ProofSheet;
use super::use_chart;
use crate::components::alert_chip::Chip;
use crate::components::entry_text::EntryText;
use crate::components::icon::Icon;
use crate::components::keyed::keyed;
use crate::components::show_more::ShowMore;
use crate::engine::watch;
use crate::format::isolated::isolated;
use crate::format::{name, time, zone};
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use domain::directory::Date;
use interface::{Gravity, HistoryRow, Query, View};
use leptos::prelude::*;

const PORTION: u32 = 40;

/// The tab.
#[component]
pub(crate) fn History() -> impl IntoView {
    let state = use_state();
    let resident = use_chart().resident;
    let limit = RwSignal::new(PORTION);
    let history = watch(
        state.engine,
        move || {
            Some(Query::History {
                resident,
                limit: limit.get(),
                before: None,
            })
        },
        |view| match view {
            View::History(history) => Some(history),
            _ => None,
        },
    );
    let rows = move || {
        history
            .value
            .with(|v| v.as_ref().map(|v| v.rows.clone()).unwrap_or_default())
    };
    let total = move || history.value.with(|v| v.as_ref().map(|v| v.total));
    let shown = Signal::derive(move || {
        history
            .value
            .with(|v| v.as_ref().map_or(0, |v| v.rows.len()))
    });
    let all = Signal::derive(move || total().unwrap_or(0));
    let all_rows = Signal::derive(rows);
    view! {
        <div class="page">
            <h2>{w().history}</h2>
            {move || (total() == Some(0)).then(|| view! { <p class="muted">{w().no_history}</p> })}
            <ol class="history">
                {keyed(rows, |row| row.by.entry.clone(), move |row| view! { <Row row=row all=all_rows/> })}
            </ol>
            <ShowMore limit=limit portion=PORTION shown=shown total=all/>
        </div>
    }
}

/// An entry. It stays in the page while it changes: a sheet open over it outlives what arrives.
#[component]
fn Row(row: RwSignal<HistoryRow>, all: Signal<Vec<HistoryRow>>) -> impl IntoView {
    let state = use_state();
    let proving = RwSignal::new(false);
    let over = use_chart().over;
    let entry = StoredValue::new(row.with_untracked(|row| row.by.entry.clone()));
    let may_strike = Memo::new(move |_| state.rights.get().strike && row.with(can_be_struck));
    // Which entry a button is of, for who hears the buttons alone.
    let of = StoredValue::new(untrack(|| row.with(|row| entry_name(row, state.today()))));
    let named = move |words: &str| (w().of_entry)(words, &of.get_value());
    let old = move || row.with(|row| row.superseded || row.struck.is_some());
    view! {
        <li class="entry" class:old=old>
            {move || {
                let (today, zone) = (state.told_from(), state.zone());
                row.with(|row| reads(row, signed(row, all, today), today, &zone)).into_any()
            }}
            <div class="entry-acts">
                <button
                    type="button"
                    class="btn quiet"
                    aria-label=named(w().show_proof)
                    on:click=move |_| proving.set(true)
                >
                    {w().show_proof}
                </button>
                <Show when=move || may_strike.get()>
                    <button
                        type="button"
                        class="btn quiet"
                        aria-label=named(w().strike)
                        on:click=move |_| {
                            over.set(Some(Over::Strike { entry: entry.get_value() }));
                        }
                    >
                        {w().strike}
                    </button>
                </Show>
            </div>
            <Show when=move || proving.get()>
                <ProofSheet
                    entry=entry.get_value()
                    on_close=Callback::new(move |()| proving.set(false))
                />
            </Show>
        </li>
    }
}

/// What is about other entries is answered by other entries, not struck.
fn can_be_struck(row: &HistoryRow) -> bool {
    row.struck.is_none()
        && !row.withheld
        && !matches!(
            row.fact,
            None | Some(Fact::Strike(_) | Fact::Signature(_) | Fact::Resolution(_))
        )
}

/// `Note of today 07:56`.
fn entry_name(row: &HistoryRow, today: Date) -> String {
    (w().entry_of)(
        (w().kind)(&row.kind),
        &time::when_full(row.by.stated, today),
    )
}

/// What a signature signs, of what is shown.
fn signed(row: &HistoryRow, all: Signal<Vec<HistoryRow>>, today: Date) -> Vec<String> {
    let Some(Fact::Signature(signature)) = &row.fact else {
        return Vec::new();
    };
    all.with(|all| {
        let named = all
            .iter()
            .filter(|row| signature.entries.contains(&row.by.entry));
        named.map(|row| entry_name(row, today)).collect()
    })
}

/// Everything but what one can do.
fn reads(row: &HistoryRow, signed: Vec<String>, today: Date, zone: &str) -> impl IntoView + use<> {
    let stated = time::when_full(row.by.stated, today);
    let recorded = time::when_full(zone::in_zone(row.by.recorded, zone), today);
    // Said only of what was stated for another time.
    let recorded = (recorded != stated).then(|| (w().recorded_at)(&recorded));
    let (mark, icon, proved) = if row.proved {
        ("sig", icondata_lu::LuShieldCheck, w().history_proved)
    } else {
        (
            "sig none",
            icondata_lu::LuShieldAlert,
            w().history_not_proved,
        )
    };
    let says = match row.fact.clone() {
        Some(fact) => view! { <EntryText fact=fact beside_kind=true/> }.into_any(),
        None => {
            view! { <strong class="says">{(w().history_unknown)(&row.kind)}</strong> }.into_any()
        }
    };
    view! {
        <div class="entry-when">
            <time>{stated}</time>
            {recorded.map(|words| view! { <small>{words}</small> })}
        </div>
        <div class="entry-what">
            <span class="chips">
                <Chip gravity=Gravity::Plain words=(w().kind)(&row.kind)/>
                {row
                    .superseded
                    .then(|| view! { <Chip gravity=Gravity::Info words=w().history_superseded/> })}
                {row
                    .withheld
                    .then(|| view! { <Chip gravity=Gravity::Warning words=w().history_withheld/> })}
            </span>
            <div class="entry-says" class:struck=row.struck.is_some()>{says}</div>
            {signed.into_iter().map(|name| view! { <p class="says-line">{name}</p> }).collect_view()}
            {row.struck.as_deref().map(|why| view! { <p class="wrong">{(w().struck)(why)}</p> })}
            {(!row.before.is_empty())
                .then(|| {
                    view! {
                        <div class="before">
                            <small>{w().history_before}</small>
                            {row
                                .before
                                .iter()
                                .cloned()
                                .map(|fact| view! { <EntryText fact=fact/> })
                                .collect_view()}
                        </div>
                    }
                })}
            <p class="muted">
                {name::author(&row.by)} " · " {(w().on_tablet)(&isolated(&row.by.device_name))}
                {(!row.by.stored).then(|| view! { " · " {w().not_stored_yet} })}
                " · "
                <span class=mark><Icon icon=icon/>{proved}</span>
            </p>
        </div>
    }
}
