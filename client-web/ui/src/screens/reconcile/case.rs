//! One contradiction: what it is, its sides, what follows from it, and the choices.

use super::decide_sheet::DecideSheet;
use crate::components::alert_chip::Chip;
use crate::components::icon::Icon;
use crate::format::{fact, name, time};
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use domain::chart::Allergy;
use domain::directory::Date;
use domain::entry::SpaceId;
use domain::meta::Decision;
use interface::{ContradictionKind, ContradictionView, DecisionRow, Effect as Follows, SideView};
use leptos::prelude::*;
use leptos_router::components::A;

/// The contradiction.
#[component]
pub(crate) fn Case(
    /// Which.
    case: ContradictionView,
) -> impl IntoView {
    let state = use_state();
    let today = untrack(|| state.today());
    let deciding = RwSignal::new(None::<Decision>);
    let title_id = format!("case-{}", case.id);
    let labelled = title_id.clone();
    let warns = case.gravity != interface::Gravity::Critical;
    let who = case.resident.as_ref().map(|row| {
        let place = [row.room.clone()]
            .into_iter()
            .chain(about(&case.sides, &case.effect, today))
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
    let sides = case.sides.clone();
    let count = sides.len();
    let choices = choices(&case, today);
    let case = StoredValue::new(case);
    view! {
        <article class="card conflict" class:warn=warns aria-labelledby=labelled>
            <header>
                <h2 id=title_id>
                    <Chip
                        gravity=case.with_value(|c| c.gravity)
                        words=(w().deciding.contradiction)(case.with_value(|c| c.kind))
                    />
                </h2>
                {who}
            </header>
            <ul class="sides">
                {sides
                    .into_iter()
                    .enumerate()
                    .map(|(index, side)| view! { <Side side=side index=index count=count/> })
                    .collect_view()}
            </ul>
            {case.with_value(|c| effect(&c.effect, c.waiting, today))}
            {case
                .with_value(|c| c.decisions.clone())
                .into_iter()
                .map(|decision| view! { <Decided decision=decision case=case/> })
                .collect_view()}
            {case
                .with_value(|c| c.waiting)
                .then(|| {
                    if case.with_value(|c| c.may_resolve) {
                        view! {
                            <div class="actions">
                                {choices
                                    .into_iter()
                                    .map(|(decision, words)| {
                                        view! {
                                            <button
                                                type="button"
                                                class="btn"
                                                on:click=move |_| deciding.set(Some(decision.clone()))
                                            >
                                                {words}
                                            </button>
                                        }
                                    })
                                    .collect_view()}
                            </div>
                        }
                            .into_any()
                    } else {
                        view! { <p class="muted">{w().deciding.may_not_resolve}</p> }.into_any()
                    }
                })}
            {move || {
                deciding
                    .get()
                    .map(|decision| {
                        view! {
                            <DecideSheet
                                case=case.get_value()
                                decision=decision
                                on_close=Callback::new(move |()| deciding.set(None))
                            />
                        }
                    })
            }}
        </article>
    }
}

/// What it is about, beside the resident's name: medicine and slot of a double dose.
fn about(sides: &[SideView], effect: &Follows, today: Date) -> Vec<String> {
    let slot = sides.iter().find_map(|side| match &side.fact {
        Fact::Dose(dose) => Some(fact::slot(&dose.slot, today)),
        _ => None,
    });
    let medicine = match effect {
        Follows::DosesGiven { medicine, dose, .. } => Some(format!("{medicine} {dose}")),
        Follows::GivenAfterLeaving { medicine, dose, .. }
        | Follows::GivenAfterEnd { medicine, dose, .. } => Some(format!("{medicine} {dose}")),
        Follows::GivenOutOfTime { medicine, dose, .. } => Some(format!("{medicine} {dose}")),
        Follows::VersionsDiffer { medicine, .. } => Some(medicine.clone()),
        Follows::NumberShared { number } => Some(number.clone()),
        Follows::ScaleCounts { .. }
        | Follows::ActsAs { .. }
        | Follows::AllergyCounts { .. }
        | Follows::SeverityCounts { .. }
        | Follows::NewestShown
        | Follows::BedShared
        | Follows::StillOpen => None,
    };
    medicine.into_iter().chain(slot).collect()
}

/// Short words of a side: for its heading and its button. Of several residents each is named.
pub(super) fn side_words(side: &SideView, today: Date) -> String {
    let says = says(side, today);
    match (&side.fact, &side.resident) {
        // An identity is a name.
        (Fact::Identity(_), _) | (_, None) => says,
        (_, Some(row)) => format!("{}: {says}", name::listed(row)),
    }
}

fn says(side: &SideView, today: Date) -> String {
    match &side.fact {
        Fact::Dose(dose) => {
            let at = time::when(side.by.stated, today);
            match dose.not_given {
                None => format!("{} {at}", w().given),
                Some(why) => format!("{} {at}: {}", w().not_given, (w().not_given_reason)(why)),
            }
        }
        Fact::Move(event) => match event.bed.and_then(bed_name) {
            Some(bed) => (w().deciding.to_bed)((w().move_kind)(event.what), &bed),
            None => fact::title(&side.fact, today),
        },
        other => fact::title(other, today),
    }
}

fn bed_name(bed: SpaceId) -> Option<String> {
    use_state().house.value.with_untracked(|house| {
        let beds = &house.as_ref()?.beds;
        Some(beds.iter().find(|row| row.id == bed)?.name.clone())
    })
}

/// The decisions that can be made, each with its words.
fn choices(case: &ContradictionView, today: Date) -> Vec<(Decision, String)> {
    let words = |decision: &Decision| match decision {
        Decision::Both => Some(both_words(case.kind).to_owned()),
        Decision::Only(right) => {
            let side = case.sides.iter().find(|side| side.by.entry == *right)?;
            Some(only_words(case.kind, side, today))
        }
        Decision::Neither(_) => None,
    };
    let choices = case.choices.iter();
    choices
        .filter_map(|decision| Some((decision.clone(), words(decision)?)))
        .collect()
}

fn both_words(kind: ContradictionKind) -> &'static str {
    match kind {
        ContradictionKind::DoubleDose => w().deciding.both_given,
        ContradictionKind::DoseOutOfTime => w().deciding.at_that_time,
        _ => w().deciding.both_true,
    }
}

fn only_words(kind: ContradictionKind, side: &SideView, today: Date) -> String {
    match (&side.fact, kind) {
        (Fact::Allergy(Allergy::To(_)), ContradictionKind::AllergyNoneKnown) => {
            w().deciding.allergies_count.to_owned()
        }
        (Fact::Dose(dose), ContradictionKind::DoubleDose) if dose.not_given.is_none() => {
            (w().deciding.only_time)(&time::when(side.by.stated, today))
        }
        (Fact::Move(_), ContradictionKind::DoseAfterLeaving)
        | (Fact::Order(_), ContradictionKind::DoseAfterEnd | ContradictionKind::DoseOutOfTime) => {
            w().deciding.not_given_after_all.to_owned()
        }
        (Fact::Dose(_), ContradictionKind::DoseAfterLeaving) => {
            w().deciding.has_not_left.to_owned()
        }
        (Fact::Dose(_), ContradictionKind::DoseAfterEnd) => w().deciding.had_not_ended.to_owned(),
        (Fact::Identity(_), ContradictionKind::RecordNumber) => {
            (w().deciding.keeps_number)(&side_words(side, today))
        }
        (Fact::Allergy(Allergy::To(to)), ContradictionKind::AllergySeverity) => {
            let severity = to.severity.map(w().registers.severity);
            (w().deciding.only_this)(severity.unwrap_or(w().registers.severity_unknown))
        }
        _ => (w().deciding.only_this)(&side_words(side, today)),
    }
}

#[component]
fn Side(side: SideView, index: usize, count: usize) -> impl IntoView {
    let today = use_state().today();
    let unseen = match (side.had_not_seen.is_empty(), index, count) {
        (true, ..) => None,
        (false, 0, 2) => Some(w().deciding.had_not_seen_other),
        (false, _, 2) => Some(w().deciding.had_not_seen_first),
        (false, ..) => Some(w().deciding.had_not_seen_others),
    };
    let lines = fact::details(&side.fact);
    // A dose's heading has its time already.
    let when = match side.fact {
        Fact::Dose(_) => None,
        _ => Some(format!(" · {}", time::when_full(side.by.stated, today))),
    };
    view! {
        <li>
            <strong class="says">{side_words(&side, today)}</strong>
            {lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            <p>{name::author(&side.by)} {when}</p>
            <small>
                {(w().on_tablet)(&side.by.device_name)}
                {unseen.map(|words| format!(" · {words}"))}
                {(!side.by.stored).then(|| format!(" · {}", w().not_stored_yet))}
            </small>
        </li>
    }
}

fn effect(effect: &Follows, waiting: bool, today: Date) -> impl IntoView + use<> {
    let mut lines = Vec::new();
    match effect {
        Follows::DosesGiven {
            medicine,
            dose,
            count,
            total,
            disagree,
            high_alert,
            ..
        } => {
            match (disagree, total) {
                (Some(why), _) => {
                    lines.push((w().deciding.effect_disagree)(
                        medicine,
                        (w().not_given_reason)(*why),
                    ));
                }
                (None, Some(total)) => {
                    lines.push((w().deciding.effect_doses)(medicine, total, *count))
                }
                (None, None) => {
                    lines.push((w().deciding.effect_doses_count)(medicine, dose, *count))
                }
            }
            if *high_alert {
                lines.push((w().deciding.effect_high_alert)(medicine));
            }
        }
        Follows::ActsAs { choice } if waiting => {
            lines.push((w().deciding.until_decided)((w()
                .registers
                .code_choice_name)(
                *choice
            )));
        }
        Follows::AllergyCounts { substances } if waiting => {
            lines.push((w().deciding.effect_allergy)(&substances.join(", ")));
        }
        Follows::SeverityCounts {
            substance,
            severity,
        } if waiting => lines.push((w().deciding.effect_severity)(
            substance,
            (w().registers.severity)(*severity),
        )),
        Follows::GivenAfterLeaving {
            medicine,
            status,
            since,
            ..
        } => {
            let since = time::when_full(*since, today);
            lines.push((w().deciding.effect_after_leaving)(
                medicine, *status, &since,
            ));
            if waiting {
                lines.push((w().deciding.effect_left_waiting)(*status).to_owned());
            }
        }
        Follows::GivenAfterEnd {
            medicine,
            ended,
            date,
            ..
        } => {
            let (ended, day) = (time::day(*ended), time::near_day(*date, today));
            lines.push((w().deciding.effect_after_end)(medicine, &ended, &day));
            if waiting {
                lines.push(w().deciding.effect_end_waiting.to_owned());
            }
        }
        Follows::VersionsDiffer { medicine, ends, .. } if waiting => {
            let ends = ends.map(time::day);
            lines.push((w().deciding.effect_versions)(medicine, ends.as_deref()));
        }
        Follows::GivenOutOfTime {
            medicine,
            given,
            date,
            time: slot,
            ..
        } => {
            let slot = (w().deciding.slot_on)(&slot.to_string(), &time::near_day(*date, today));
            let given = time::when_full(*given, today);
            lines.push((w().deciding.effect_out_of_time)(medicine, &given, &slot));
        }
        Follows::ScaleCounts { scale } if waiting => {
            lines.push((w().deciding.effect_scale)(*scale));
        }
        Follows::NumberShared { number } if waiting => {
            lines.push((w().deciding.effect_number)(number));
        }
        Follows::NewestShown if waiting => lines.push(w().deciding.effect_newest.to_owned()),
        Follows::BedShared if waiting => lines.push(w().deciding.effect_bed_shared.to_owned()),
        Follows::StillOpen if waiting => lines.push(w().deciding.effect_still_open.to_owned()),
        Follows::VersionsDiffer { .. }
        | Follows::ScaleCounts { .. }
        | Follows::ActsAs { .. }
        | Follows::AllergyCounts { .. }
        | Follows::SeverityCounts { .. }
        | Follows::NumberShared { .. }
        | Follows::NewestShown
        | Follows::BedShared
        | Follows::StillOpen => {}
    }
    (!lines.is_empty()).then(|| view! { <p class="effect">{lines.join(" ")}</p> })
}

#[component]
fn Decided(decision: DecisionRow, case: StoredValue<ContradictionView>) -> impl IntoView {
    let today = use_state().today();
    let words = match &decision.decision {
        Decision::Both => w().deciding.decision_both.to_owned(),
        Decision::Neither(_) => w().deciding.decision_neither.to_owned(),
        Decision::Only(entry) => case.with_value(|case| {
            let side = case.sides.iter().find(|side| side.by.entry == *entry);
            let words = side.map(|side| side_words(side, today)).unwrap_or_default();
            (w().deciding.decision_only)(&words)
        }),
    };
    let who = (w().deciding.decided_by)(
        &name::author(&decision.by),
        &time::when_full(decision.by.stated, today),
        &decision.by.device_name,
    );
    view! {
        <div class="decision">
            <Icon icon=icondata_lu::LuCircleCheck/>
            <div>
                <strong>{words}</strong>
                <p>"“" {decision.reason} "”"</p>
                <small>{who}</small>
            </div>
        </div>
    }
}
