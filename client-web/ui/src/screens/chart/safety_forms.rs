//! The two forms that can be opened from anywhere in a chart. Each begins with what stands when it
//! is opened, and keeps to that: a code status names the ones its author saw.

use super::allergy_form::AllergyForm;
use super::code_status_form::CodeStatusForm;
use super::use_chart;
use crate::engine::watch;
use crate::state::use_state;
use interface::{Query, View};
use leptos::prelude::*;

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SafetyForm {
    /// An allergy, or that none is known.
    Allergy,
    /// A code status.
    CodeStatus,
}

/// The form that is open, if one is.
#[component]
pub(crate) fn SafetyForms() -> impl IntoView {
    let state = use_state();
    let open = use_chart();
    let form = open.form;
    let chart = watch(
        state.engine,
        move || {
            form.get().map(|_| Query::Chart {
                resident: open.resident,
            })
        },
        |view| match view {
            View::Chart(chart) => Some(chart),
            _ => None,
        },
    );
    // What arrives while somebody types must not begin the form anew.
    let shown = Memo::new(move |_| form.get().filter(|_| chart.value.with(Option::is_some)));
    let close = Callback::new(move |()| form.set(None));
    view! {
        {move || match (shown.get(), chart.value.get_untracked()) {
            (Some(SafetyForm::Allergy), Some(chart)) => {
                view! { <AllergyForm chart=chart on_close=close/> }.into_any()
            }
            (Some(SafetyForm::CodeStatus), Some(chart)) => {
                view! { <CodeStatusForm chart=chart on_close=close/> }.into_any()
            }
            (None, _) | (_, None) => ().into_any(),
        }}
    }
}
