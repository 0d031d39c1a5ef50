//! The words of a contradiction's sides, and of the choices between them. No two sides read alike:
//! where what they say is the same, who said it, on which tablet or which entry it was tells them
//! apart.

use crate::format::isolated::isolated;
use crate::format::{fact, name, time};
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use domain::chart::Allergy;
use domain::directory::Date;
use domain::entry::SpaceId;
use domain::meta::Decision;
use interface::{ContradictionKind, ContradictionView, Effect as Follows, SideView};
use leptos::prelude::WithUntracked;

/// What it is called. Two decisions are called after what they are about.
pub(super) fn title(case: &ContradictionView) -> String {
    match root(case) {
        Some(about) => (w().deciding.two_decisions)(about.kind),
        None => match (case.kind, sides(case)) {
            (ContradictionKind::CodeStatus, all @ 3..) => (w().deciding.code_statuses)(all),
            (kind, _) => (w().deciding.contradiction)(kind).to_owned(),
        },
    }
}

/// How many there are, those too that are not listed.
fn sides(case: &ContradictionView) -> usize {
    let more = usize::try_from(case.more_sides).unwrap_or(usize::MAX);
    case.sides.len().saturating_add(more)
}

/// What two decisions are about in the end; there may be decisions between.
pub(super) fn root(case: &ContradictionView) -> Option<&ContradictionView> {
    let mut about = case.about.as_deref()?;
    while let Some(next) = about.about.as_deref() {
        about = next;
    }
    Some(about)
}

/// What it is about, beside the resident's name: medicine and slot of a double dose.
pub(super) fn about(sides: &[SideView], effect: &Follows, today: Date) -> Vec<String> {
    let slot = sides.iter().find_map(|side| match &side.fact {
        Fact::Dose(dose) => Some(fact::slot(&dose.slot, today)),
        _ => None,
    });
    let medicine = match effect {
        Follows::DosesGiven { medicine, dose, .. } => Some(fact::medicine_words(medicine, dose)),
        Follows::GivenAfterLeaving { medicine, dose, .. }
        | Follows::GivenAfterEnd { medicine, dose, .. }
        | Follows::GivenOutOfTime { medicine, dose, .. } => {
            Some(fact::medicine_words(medicine, dose))
        }
        Follows::VersionsDiffer { medicine, .. } | Follows::OrderedTwice { medicine, .. } => {
            Some(isolated(medicine))
        }
        Follows::NumberShared { number } => Some(isolated(number)),
        Follows::ScaleCounts { .. }
        | Follows::ActsAs { .. }
        | Follows::AllergyCounts { .. }
        | Follows::SeverityCounts { .. }
        | Follows::NewestShown
        | Follows::DeathApart
        | Follows::BedShared
        | Follows::StillOpen => None,
    };
    medicine.into_iter().chain(slot).collect()
}

/// Short words of a side: for its heading and its button. Of several residents each is named.
pub(super) fn side_words(case: &ContradictionView, side: &SideView, today: Date) -> String {
    let says = says(side, case.about.as_deref(), today);
    let says = match (&side.fact, &side.resident) {
        // An identity is a name.
        (Fact::Identity(_), _) | (_, None) => says,
        (_, Some(row)) => format!("{}: {says}", name::listed(row)),
    };
    match apart(case, side, today) {
        Some(words) => format!("{says} · {words}"),
        None => says,
    }
}

fn says(side: &SideView, about: Option<&ContradictionView>, today: Date) -> String {
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
        Fact::Resolution(decided) => {
            let chosen = match &decided.decision {
                Decision::Both => Some(w().deciding.decide_both.to_owned()),
                Decision::Neither(_) => Some(w().deciding.neither.to_owned()),
                Decision::Only(right) => about.and_then(|about| {
                    let chosen = about.sides.iter().find(|side| side.by.entry == *right)?;
                    Some(side_words(about, chosen, today))
                }),
            };
            match chosen {
                Some(chosen) => (w().deciding.chosen_because)(&chosen, &isolated(&decided.reason)),
                None => fact::title(&side.fact, today),
            }
        }
        other => fact::title(other, today),
    }
}

/// What tells a side from the others that say the same.
fn apart(case: &ContradictionView, side: &SideView, today: Date) -> Option<String> {
    let words = |one: &SideView| says(one, case.about.as_deref(), today);
    let own = words(side);
    let same = |one: &&SideView| {
        words(one) == own
            && one.resident.as_ref().map(|r| r.id) == side.resident.as_ref().map(|r| r.id)
    };
    let alike: Vec<&SideView> = case.sides.iter().filter(same).collect();
    if alike.len() < 2 {
        return None;
    }
    let distinct = |key: &dyn Fn(&SideView) -> String| {
        let mut keys: Vec<String> = alike.iter().map(|one| key(one)).collect();
        keys.sort_unstable();
        keys.dedup();
        (keys.len() == alike.len()).then(|| key(side))
    };
    distinct(&|one| name::author(&one.by))
        .or_else(|| distinct(&|one| (w().on_tablet)(&isolated(&one.by.device_name))))
        .or_else(|| distinct(&|one| time::when_full(one.by.stated, today)))
        .or_else(|| {
            let nth = alike.iter().position(|one| one.by.entry == side.by.entry);
            nth.map(|nth| (w().deciding.nth)(nth.saturating_add(1)))
        })
}

fn bed_name(bed: SpaceId) -> Option<String> {
    use_state().house.value.with_untracked(|house| {
        let beds = &house.as_ref()?.beds;
        Some(isolated(&beds.iter().find(|row| row.id == bed)?.name))
    })
}

/// What may be decided, each with the words of its button.
pub(super) fn choices(case: &ContradictionView, today: Date) -> Vec<(Decision, String)> {
    case.choices
        .iter()
        .filter_map(|decision| Some((decision.clone(), choice_words(case, decision, today)?)))
        .collect()
}

/// What is asked for confirmation: the words of the button that was pressed, which opens nothing more.
pub(super) fn chosen(case: &ContradictionView, decision: &Decision, today: Date) -> String {
    choice_words(case, decision, today)
        .map(|words| words.trim_end_matches('…').to_owned())
        .unwrap_or_default()
}

fn choice_words(case: &ContradictionView, decision: &Decision, today: Date) -> Option<String> {
    match decision {
        Decision::Both => Some(both_words(case)),
        Decision::Only(right) => {
            let side = case.sides.iter().find(|side| side.by.entry == *right)?;
            Some(only_words(case, side, today))
        }
        Decision::Neither(_) => None,
    }
}

fn both_words(case: &ContradictionView) -> String {
    let words = match case.kind {
        ContradictionKind::DoubleDose => w().deciding.both_given,
        ContradictionKind::DoseOutOfTime => return w().deciding.at_that_time.to_owned(),
        ContradictionKind::OrderedTwice => w().deciding.both_given_on,
        _ => w().deciding.both_true,
    };
    words(sides(case))
}

fn only_words(case: &ContradictionView, side: &SideView, today: Date) -> String {
    match (&side.fact, case.kind) {
        (Fact::Allergy(Allergy::To(_)), ContradictionKind::AllergyNoneKnown) => {
            w().deciding.allergies_count.to_owned()
        }
        (Fact::Dose(dose), ContradictionKind::DoubleDose) if dose.not_given.is_none() => {
            let at = time::when(side.by.stated, today);
            let told_apart = apart(case, side, today);
            let words: Vec<String> = [Some(at), told_apart].into_iter().flatten().collect();
            (w().deciding.only_time)(&words.join(" · "))
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
            (w().deciding.keeps_number)(&side_words(case, side, today))
        }
        (Fact::Allergy(Allergy::To(to)), ContradictionKind::AllergySeverity) => {
            let severity = to.severity.map(w().registers.severity);
            (w().deciding.only_this)(severity.unwrap_or(w().registers.severity_unknown))
        }
        _ => (w().deciding.only_this)(&side_words(case, side, today)),
    }
}
