//! What matters today: due medicines, the last observations, allergies and code status, problems,
//! the notes of the last day.

use super::medicines::slot_item::SlotItem;
use super::notes::note_item::NoteItem;
use super::safety_card::SafetyCard;
use super::use_chart;
use crate::components::news_score::NewsScore;
use crate::components::provenance::ProvenanceLine;
use crate::engine::watch;
use crate::format::{reading, time};
use crate::state::use_state;
use crate::words::w;
use interface::{ObservationRow, ProblemRow, Query, View};
use leptos::prelude::*;
use leptos_router::components::A;

/// The tab.
#[component]
pub(crate) fn Today() -> impl IntoView {
    let state = use_state();
    let resident = use_chart().resident;
    let today = watch(
        state.engine,
        move || Some(Query::Today { resident }),
        |view| match view {
            View::Today(today) => Some(today),
            _ => None,
        },
    );
    let shown = move || today.value.get();
    let may_chart = move || state.rights.get().chart;
    view! {
        <div class="page two">
            <div class="stack">
                <section class="card">
                    <h2>{w().due_now}</h2>
                    {move || {
                        shown()
                            .map(|today| {
                                if today.due.is_empty() {
                                    view! { <p class="muted">{w().nothing_due}</p> }.into_any()
                                } else {
                                    let slots = today.due.into_iter();
                                    view! {
                                        <ul class="slots">
                                            {slots.map(|slot| view! { <SlotItem of=slot timed=true/> }).collect_view()}
                                        </ul>
                                    }
                                        .into_any()
                                }
                            })
                    }}
                </section>
                <section class="card">
                    <div class="head">
                        <h2>{w().last_observations}</h2>
                        <Show when=may_chart>
                            <A href=format!("/residents/{resident}/observations") attr:class="btn">
                                {w().record_observations}
                            </A>
                        </Show>
                    </div>
                    {move || {
                        shown()
                            .map(|today| match today.observations {
                                Some(set) => view! { <LastSet set=set/> }.into_any(),
                                None => {
                                    view! { <p class="muted">{w().no_observations}</p> }.into_any()
                                }
                            })
                    }}
                </section>
                <section class="card">
                    <div class="head">
                        <h2>{w().notes_of_day}</h2>
                        <Show when=may_chart>
                            <A href=format!("/residents/{resident}/notes") attr:class="btn quiet">
                                {w().write_note}
                            </A>
                        </Show>
                    </div>
                    {move || {
                        shown()
                            .map(|today| {
                                if today.notes.is_empty() {
                                    view! { <p class="muted">{w().no_notes_of_day}</p> }.into_any()
                                } else {
                                    let notes = today.notes.into_iter();
                                    view! {
                                        <ul class="notes">
                                            {notes.map(|note| view! { <li><NoteItem note=RwSignal::new(note) plain=true/></li> }).collect_view()}
                                        </ul>
                                    }
                                        .into_any()
                                }
                            })
                    }}
                </section>
            </div>
            <div class="stack">
                <SafetyCard/>
                <section class="card">
                    <h2>{w().problems}</h2>
                    {move || shown().map(|today| problems(today.problems))}
                </section>
            </div>
        </div>
    }
}

/// The newest values, beside the score of the resident's row: a weight taken after a score of 6 does
/// not take the 6 away.
#[component]
fn LastSet(set: ObservationRow) -> impl IntoView {
    let open = use_chart();
    let score = Memo::new(move |_| open.row().and_then(|row| row.news2));
    view! {
        <div class="last-set">
            {move || view! { <NewsScore news2=score.get()/> }}
            <dl class="readings">
                {reading::lines(&set.observations)
                    .into_iter()
                    .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
                    .collect_view()}
            </dl>
        </div>
        <p class="muted"><ProvenanceLine by=set.by/></p>
    }
}

fn problems(problems: Vec<ProblemRow>) -> impl IntoView {
    if problems.is_empty() {
        return view! { <p class="muted">{w().no_problems}</p> }.into_any();
    }
    let rows = problems.into_iter().map(|row| {
        let since = row
            .problem
            .onset
            .map(|date| (w().since)(&time::partial_day(date)));
        let code = row.problem.coding.map(|coding| coding.code);
        let more = [code, since]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ");
        view! {
            <li>
                <span>{row.problem.text}</span>
                <small>{more}</small>
            </li>
        }
    });
    view! { <ul class="plain-list">{rows.collect_view()}</ul> }.into_any()
}
