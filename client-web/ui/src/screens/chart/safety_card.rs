//! Allergies and code status as they stand, every statement with who made it, and where to record another.

use super::safety_forms::SafetyForm;
use super::use_chart;
use crate::components::entry_text::EntryText;
use crate::components::provenance::ProvenanceLine;
use crate::engine::watch;
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use interface::{ChartView, Provenance, Query, View};
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
    let code = chart
        .code_status
        .into_iter()
        .map(|(says, by)| (Fact::CodeStatus(says), by));
    let allergies = chart
        .allergies
        .into_iter()
        .map(|(says, by)| (Fact::Allergy(says), by));
    view! {
        <h3>{w().code_status}</h3>
        {statements(code.collect(), w().registers.chip_no_code_status)}
        <h3>{w().allergies}</h3>
        {statements(allergies.collect(), w().registers.chip_allergies_unknown)}
    }
}

fn statements(all: Vec<(Fact, Provenance)>, none: &'static str) -> impl IntoView {
    if all.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    view! {
        <ul class="plain-list">
            {all
                .into_iter()
                .map(|(fact, by)| {
                    view! {
                        <li>
                            <EntryText fact=fact/>
                            <small><ProvenanceLine by=by/></small>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
