//! The forms that can be opened from anywhere in a chart. Each begins with what stands when it is
//! opened, and keeps to that: a code status names the ones its author saw. One that was left by a
//! lock is open again when its author comes back.

use super::allergy_form::AllergyForm;
use super::code_status_form::CodeStatusForm;
use super::move_form::MoveForm;
use super::sheet_draft::SheetDraft;
use super::use_chart;
use crate::engine::watch;
use crate::state::rights::Rights;
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
    /// Another bed, a leave, back again, gone.
    Move,
}

impl SafetyForm {
    const ALL: [Self; 3] = [Self::Allergy, Self::CodeStatus, Self::Move];

    /// Its name in the keys of drafts.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Allergy => "allergy",
            Self::CodeStatus => "code-status",
            Self::Move => "move",
        }
    }

    /// Whether who has these rights may save it.
    pub(super) const fn may(self, rights: Rights) -> bool {
        match self {
            Self::Allergy => rights.chart,
            Self::CodeStatus => rights.order,
            Self::Move => rights.register,
        }
    }

    /// The form of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
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
    let draft = move |form| SheetDraft::of(state, form, open.resident);
    // Once for each chart that is opened: who leaves a form leaves it.
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) || !state.drafts.loaded.get() {
            return done == Some(true);
        }
        let left = SafetyForm::ALL
            .into_iter()
            .find(|form| untrack(|| draft(*form).waits()));
        if left.is_some() && form.get_untracked().is_none() {
            form.set(left);
        }
        true
    });
    let close = Callback::new(move |()| {
        if let Some(form) = form.get_untracked() {
            draft(form).discard();
        }
        form.set(None);
    });
    view! {
        {move || match (shown.get(), chart.value.get_untracked()) {
            (Some(SafetyForm::Allergy), Some(chart)) => {
                view! { <AllergyForm chart=chart on_close=close/> }.into_any()
            }
            (Some(SafetyForm::CodeStatus), Some(chart)) => {
                view! { <CodeStatusForm chart=chart on_close=close/> }.into_any()
            }
            (Some(SafetyForm::Move), Some(chart)) => {
                view! { <MoveForm banner=chart.banner on_close=close/> }.into_any()
            }
            (None, _) | (_, None) => ().into_any(),
        }}
    }
}
