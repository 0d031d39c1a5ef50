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
use domain::chart::{Allergy, Severity};
use interface::{Alert, ChartView, Gravity, Provenance, Query, View};
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
    let code = chart
        .code_status
        .into_iter()
        .map(|(says, by)| (Fact::CodeStatus(says), by));
    let allergies = chart
        .allergies
        .into_iter()
        .map(|(says, by)| (Fact::Allergy(says), by));
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
        {statements(weighed(code, &alerts), code_waits, none(w().registers.chip_no_code_status))}
        <h3>{w().allergies}</h3>
        {statements(
            weighed(allergies, &alerts),
            allergies_wait,
            none(w().registers.chip_allergies_unknown),
        )}
    }
}

/// A statement, who made it, and whether it counts.
type Weighed = (Fact, Provenance, bool);

/// What counts first, else as they came.
fn weighed(all: impl Iterator<Item = (Fact, Provenance)>, alerts: &[Alert]) -> Vec<Weighed> {
    let mut weighed: Vec<Weighed> = all
        .map(|(fact, by)| {
            let counts = counts(&fact, alerts);
            (fact, by, counts)
        })
        .collect();
    weighed.sort_by_key(|(_, _, counts)| !counts);
    weighed
}

/// Whether everybody acts on a statement, as the banner's alerts say.
fn counts(fact: &Fact, alerts: &[Alert]) -> bool {
    alerts.iter().any(|alert| match (fact, alert) {
        (Fact::CodeStatus(says), Alert::CodeStatus { choice, .. }) => says.choice == *choice,
        (Fact::Allergy(Allergy::NoneKnown), Alert::NoKnownAllergies { .. }) => true,
        (
            Fact::Allergy(Allergy::To(to)),
            Alert::Allergy {
                text,
                reaction,
                gravity,
            },
        ) => {
            let bad = match to.severity {
                Some(Severity::Severe) => Gravity::Critical,
                Some(Severity::Moderate) | None => Gravity::Warning,
                Some(Severity::Mild) => Gravity::Info,
            };
            to.substance == *text && to.reaction == *reaction && bad == *gravity
        }
        _ => false,
    })
}

fn statements(all: Vec<Weighed>, waits: bool, none: &'static str) -> impl IntoView {
    if all.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    // Where all count there is nothing to tell apart.
    let differ = all.iter().any(|(_, _, counts)| !counts);
    view! {
        <ul class="plain-list">
            {all
                .into_iter()
                .map(|(fact, by, counts)| {
                    let (gravity, words) = match (counts, waits) {
                        (true, true) => (Gravity::Critical, w().registers.counts_until_decided),
                        (true, false) => (Gravity::Info, w().registers.counts),
                        (false, _) => (Gravity::Plain, w().registers.does_not_count),
                    };
                    view! {
                        <li class:outweighed=!counts>
                            <EntryText fact=fact/>
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::chart::{AllergyTo, CodeStatus, CodeStatusChoice};

    fn status(choice: CodeStatusChoice) -> Fact {
        Fact::CodeStatus(CodeStatus {
            choice,
            comment: None,
            stated_by: None,
        })
    }

    fn penicillin(severity: Severity) -> Fact {
        Fact::Allergy(Allergy::To(AllergyTo {
            substance: "Penicillin".into(),
            reaction: None,
            severity: Some(severity),
            source: None,
        }))
    }

    #[test]
    fn of_two_code_statuses_the_one_acted_on_counts() {
        let alerts = [Alert::CodeStatus {
            choice: CodeStatusChoice::FullTreatment,
            contradicted: true,
        }];
        assert!(counts(&status(CodeStatusChoice::FullTreatment), &alerts));
        assert!(!counts(
            &status(CodeStatusChoice::DoNotResuscitate),
            &alerts
        ));
    }

    #[test]
    fn none_known_does_not_count_beside_an_allergy_nor_a_severity_decided_against() {
        let alerts = [
            Alert::Allergy {
                text: "Penicillin".into(),
                reaction: None,
                gravity: Gravity::Critical,
            },
            Alert::AllergyContradiction,
        ];
        assert!(counts(&penicillin(Severity::Severe), &alerts));
        assert!(!counts(&penicillin(Severity::Mild), &alerts));
        assert!(!counts(&Fact::Allergy(Allergy::NoneKnown), &alerts));
    }
}
