//! What a person must decide: every contradiction with its sides of equal weight, its effect in
//! plain words, and the choices. Deciding hides nothing.

mod case;
mod decide_sheet;
mod effect;
mod not_accepted;
mod sides;

use crate::components::keyed::keyed;
use crate::engine::watch;
use crate::state::use_state;
use crate::words::w;
use case::Case;
use decide_sheet::DecideSheet;
use domain::meta::Decision;
use interface::{ContradictionView, Query, View};
use leptos::prelude::*;
use not_accepted::NotAccepted;

/// The screen.
#[component]
pub(crate) fn Reconcile() -> impl IntoView {
    let state = use_state();
    let decided = RwSignal::new(false);
    // Beside the list and not in it: what is being decided outlives whatever arrives meanwhile.
    let deciding = RwSignal::new(None::<(ContradictionView, Decision)>);
    let choose = Callback::new(move |chosen| deciding.set(Some(chosen)));
    let contradictions = watch(
        state.engine,
        move || {
            Some(Query::Contradictions {
                decided: decided.get(),
                resident: None,
            })
        },
        |view| match view {
            View::Contradictions { contradictions } => Some(contradictions),
            _ => None,
        },
    );
    let pick = move |waiting: bool| {
        contradictions.value.with(|all| {
            all.as_ref().map(|all| {
                all.iter()
                    .filter(|c| c.waiting == waiting)
                    .cloned()
                    .collect::<Vec<_>>()
            })
        })
    };
    let waiting = move || pick(true);
    let done = move || pick(false).filter(|_| decided.get()).unwrap_or_default();
    view! {
        <div class="page">
            <div class="head">
                <h1 tabindex="-1">{w().deciding.reconcile_title}</h1>
                <p class="muted">{w().deciding.reconcile_words}</p>
                <button
                    type="button"
                    class="btn quiet"
                    aria-pressed=move || decided.get().to_string()
                    on:click=move |_| decided.update(|decided| *decided = !*decided)
                >
                    {move || if decided.get() { w().deciding.hide_decided } else { w().deciding.show_decided }}
                </button>
            </div>
            <NotAccepted/>
            {move || {
                waiting()
                    .is_some_and(|all| all.is_empty())
                    .then(|| view! { <p class="empty">{w().deciding.reconcile_empty}</p> })
            }}
            {cases(move || waiting().unwrap_or_default(), choose)}
            <Show when=move || !done().is_empty()>
                <h2>{w().deciding.decided_title}</h2>
            </Show>
            {cases(done, choose)}
            {move || {
                deciding
                    .get()
                    .map(|(case, decision)| {
                        view! {
                            <DecideSheet
                                case=case
                                decision=decision
                                on_close=Callback::new(move |()| deciding.set(None))
                            />
                        }
                    })
            }}
        </div>
    }
}

fn cases(
    each: impl Fn() -> Vec<ContradictionView> + Send + Sync + 'static,
    on_choose: Callback<(ContradictionView, Decision)>,
) -> impl IntoView {
    keyed(
        each,
        |case| case.id.clone(),
        move |case| view! { <Case case=case on_choose=on_choose/> },
    )
}
