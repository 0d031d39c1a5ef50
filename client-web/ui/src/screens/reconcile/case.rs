//! One contradiction: what it is, its sides, what follows from it, and the choices.

use super::effect::sentences;
use super::sides::{about, choices, root, side_words, title};
use crate::components::alert_chip::Chip;
use crate::components::icon::Icon;
use crate::format::isolated::isolated;
use crate::format::{fact, name, time};
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use domain::directory::Date;
use domain::meta::Decision;
use interface::{ContradictionView, DecisionRow, SideView};
use leptos::prelude::*;
use leptos_router::components::A;

/// The contradiction. It stays in the page while anything about its resident changes.
#[component]
pub(crate) fn Case(
    /// Which.
    case: RwSignal<ContradictionView>,
    /// A choice was pressed.
    on_choose: Callback<(ContradictionView, Decision)>,
) -> impl IntoView {
    let state = use_state();
    let title_id = format!("case-{}", case.with_untracked(|case| case.id.clone()));
    let labelled = title_id.clone();
    let warns = move || case.with(|case| case.gravity != interface::Gravity::Critical);
    // The buttons are made anew only when the choices are others: the focus stays on them.
    let offered = Memo::new(move |_| {
        case.with(|case| {
            let may = case.waiting && case.may_resolve;
            may.then(|| choices(case, state.today()))
        })
    });
    let forbidden = move || case.with(|case| case.waiting && !case.may_resolve);
    view! {
        <article class="card conflict" class:warn=warns aria-labelledby=labelled>
            {move || {
                let today = state.told_from();
                let title_id = title_id.clone();
                case.with(|case| says(case, title_id, today)).into_any()
            }}
            {move || {
                offered
                    .get()
                    .map(|offered| {
                        view! {
                            <div class="actions">
                                {offered
                                    .into_iter()
                                    .map(|(decision, words)| {
                                        view! {
                                            <button
                                                type="button"
                                                class="btn"
                                                on:click=move |_| {
                                                    on_choose.run((case.get_untracked(), decision.clone()));
                                                }
                                            >
                                                {words}
                                            </button>
                                        }
                                    })
                                    .collect_view()}
                            </div>
                        }
                    })
            }}
            {move || forbidden().then(|| view! { <p class="muted">{w().deciding.may_not_resolve}</p> })}
        </article>
    }
}

/// Everything about it but what one can do.
fn says(case: &ContradictionView, title_id: String, today: Date) -> impl IntoView + use<> {
    let of = root(case).unwrap_or(case);
    let who = case.resident.as_ref().map(|row| {
        let place = [isolated(&row.room)]
            .into_iter()
            .chain(about(&of.sides, &of.effect, today))
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        let href = format!("/residents/{}/today", row.id);
        let name = name::listed(row);
        view! {
            <A href=href attr:class="case-who">{name}</A>
            <span class="muted">{place}</span>
        }
    });
    let mut follows = sentences(&case.effect, case.waiting, today);
    // Of two decisions: what they are about is open, and everybody acts as before them.
    if let Some(about) = root(case) {
        follows.extend(sentences(&about.effect, case.waiting, today));
    }
    view! {
        <header>
            <h2 id=title_id>
                <Chip gravity=case.gravity words=title(case)/>
            </h2>
            {who}
        </header>
        <ul class="sides">
            {case.sides.iter().map(|side| side_item(case, side, today)).collect_view()}
            {(case.more_sides > 0)
                .then(|| view! { <li class="muted">{(w().deciding.more_sides)(case.more_sides)}</li> })}
        </ul>
        {(!follows.is_empty()).then(|| view! { <p class="effect">{follows.join(" ")}</p> })}
        {case.decisions.iter().map(|decision| decided(case, decision, today)).collect_view()}
    }
}

/// Of two made apart, neither had seen the other. Of one made in the knowledge of the other there is
/// nothing to say: that reads as a reproach.
fn unseen(case: &ContradictionView, side: &SideView) -> Option<&'static str> {
    let apart = case.sides.iter().any(|other| {
        side.had_not_seen.contains(&other.by.entry) && other.had_not_seen.contains(&side.by.entry)
    });
    let first = case
        .sides
        .first()
        .is_some_and(|first| first.by.entry == side.by.entry);
    apart.then(|| match (case.sides.len(), first) {
        (2, true) => w().deciding.had_not_seen_other,
        (2, false) => w().deciding.had_not_seen_first,
        _ => w().deciding.had_not_seen_others,
    })
}

fn side_item(case: &ContradictionView, side: &SideView, today: Date) -> impl IntoView + use<> {
    let unseen = unseen(case, side);
    let lines = fact::details(&side.fact);
    // A dose's heading has its time already.
    let when = match side.fact {
        Fact::Dose(_) => None,
        _ => Some(format!(" · {}", time::when_full(side.by.stated, today))),
    };
    view! {
        <li>
            <strong class="says">{side_words(case, side, today)}</strong>
            {lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            <p>{name::author(&side.by)} {when}</p>
            <small>
                {(w().on_tablet)(&isolated(&side.by.device_name))}
                {unseen.map(|words| format!(" · {words}"))}
                {(!side.by.stored).then(|| format!(" · {}", w().not_stored_yet))}
            </small>
        </li>
    }
}

fn decided(case: &ContradictionView, decision: &DecisionRow, today: Date) -> impl IntoView + use<> {
    let words = match &decision.decision {
        Decision::Both => w().deciding.decision_both.to_owned(),
        Decision::Neither(_) => w().deciding.decision_neither.to_owned(),
        Decision::Only(entry) => {
            let side = case.sides.iter().find(|side| side.by.entry == *entry);
            let words = side
                .map(|side| side_words(case, side, today))
                .unwrap_or_default();
            (w().deciding.decision_only)(&words)
        }
    };
    let who = (w().deciding.decided_by)(
        &name::author(&decision.by),
        &time::when_full(decision.by.stated, today),
        &isolated(&decision.by.device_name),
    );
    let reason = isolated(&decision.reason);
    view! {
        <div class="decision">
            <Icon icon=icondata_lu::LuCircleCheck/>
            <div>
                <strong>{words}</strong>
                <p>"“" {reason} "”"</p>
                <small>{who}</small>
            </div>
        </div>
    }
}
