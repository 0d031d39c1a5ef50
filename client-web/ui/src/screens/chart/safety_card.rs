//! Allergies and code status as they stand, every statement with who made it, and where to record
//! another. Where several stand, the one that counts is first and says so: nobody has to choose in an
//! emergency.

use super::safety_forms::SafetyForm;
use super::use_chart;
use crate::components::alert_chip::Chip;
use crate::components::entry_text::EntryText;
use crate::components::provenance::ProvenanceLine;
use crate::engine::watch;
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use interface::{Alert, ChartView, Gravity, Query, Statement, View};
use leptos::prelude::*;

/// The card.
#[component]
pub(crate) fn SafetyCard() -> impl IntoView {
    let state = use_state();
    let open = use_chart();
    let resident = open.resident;
    let chart = watch(
        state.engine,
        move || Some(Query::Chart { resident }),
        |view| match view {
            View::Chart(chart) => Some(chart),
            _ => None,
        },
    );
    let form = open.form;
    view! {
        <section class="card" id="safety">
            <h2>{w().safety_title}</h2>
            {move || chart.value.get().map(standing)}
            <div class="actions">
                <button type="button" class="btn" on:click=move |_| form.set(Some(SafetyForm::Allergy))>
                    {w().record_allergy}
                </button>
                <button type="button" class="btn" on:click=move |_| form.set(Some(SafetyForm::CodeStatus))>
                    {w().record_code_status}
                </button>
            </div>
        </section>
    }
}

fn standing(chart: ChartView) -> impl IntoView {
    let alerts = chart.banner.row.alerts;
    let code = weighed(chart.code_status, Fact::CodeStatus);
    let allergies = weighed(chart.allergies, Fact::Allergy);
    let code_waits = alerts.iter().any(|alert| {
        matches!(
            alert,
            Alert::CodeStatus {
                contradicted: true,
                ..
            }
        )
    });
    // Half of a chart says nothing of what the other half has.
    let arriving = alerts.contains(&Alert::Arriving);
    let none = |words| match arriving {
        true => w().registers.chip_arriving,
        false => words,
    };
    let allergies_wait = alerts.contains(&Alert::AllergyContradiction);
    view! {
        <h3>{w().code_status}</h3>
        {statements(code, code_waits, none(w().registers.chip_no_code_status))}
        <h3>{w().allergies}</h3>
        {statements(allergies, allergies_wait, none(w().registers.chip_allergies_unknown))}
    }
}

/// Statements as facts, what counts first, else as they came.
fn weighed<T>(mut all: Vec<Statement<T>>, fact: impl Fn(T) -> Fact) -> Vec<Statement<Fact>> {
    all.sort_by_key(|statement| !statement.counts);
    let weighed = all.into_iter().map(|statement| Statement {
        says: fact(statement.says),
        by: statement.by,
        counts: statement.counts,
    });
    weighed.collect()
}

fn statements(all: Vec<Statement<Fact>>, waits: bool, none: &'static str) -> impl IntoView {
    if all.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    // Where all count there is nothing to tell apart.
    let differ = all.iter().any(|statement| !statement.counts);
    view! {
        <ul class="plain-list">
            {all
                .into_iter()
                .map(|Statement { says, by, counts }| {
                    let (gravity, words) = match (counts, waits) {
                        (true, true) => (Gravity::Critical, w().registers.counts_until_decided),
                        (true, false) => (Gravity::Info, w().registers.counts),
                        (false, _) => (Gravity::Plain, w().registers.does_not_count),
                    };
                    view! {
                        <li class:outweighed=!counts>
                            <EntryText fact=says/>
                            {differ
                                .then(|| {
                                    view! {
                                        <span class="chips"><Chip gravity=gravity words=words/></span>
                                    }
                                })}
                            <small><ProvenanceLine by=by/></small>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
