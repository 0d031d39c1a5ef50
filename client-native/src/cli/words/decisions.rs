//! English: contradictions, what follows from them, and decisions.

use super::facts::{self, choice, fact, not_given, severity};
use super::{when, whose};
use domain::Fact;
use domain::chart::Allergy;
use domain::meta::Decision;
use interface::{BedRow, ContradictionKind, ContradictionView, DecisionRow, Effect, Gravity};
use interface::{Provenance, ResidentStatus, SideView};

/// A contradiction with its sides, its effect, and what was decided or can be; `beds`: those of the
/// house.
pub(crate) fn contradiction(found: &ContradictionView, beds: &[BedRow]) -> Vec<String> {
    let who = found
        .resident
        .as_ref()
        .map(|row| format!(" · {}", whose(row)));
    let mut lines = vec![format!(
        "{}  {}{} · {}{}",
        found.id,
        if found.waiting { "waiting" } else { "decided" },
        gravity(found.gravity),
        kind(found.kind),
        who.unwrap_or_default()
    )];
    let effect = effect(&found.effect, found.waiting);
    lines.extend(effect.map(|says| format!("    {says}")));
    if let Some(about) = &found.about {
        lines.push(format!("    about: {} ({})", kind(about.kind), about.id));
    }
    lines.extend(found.sides.iter().map(|of| side(of, beds)));
    if found.more_sides > 0 {
        lines.push(format!("    and at least {} more", found.more_sides));
    }
    lines.extend(found.decisions.iter().map(decision));
    if found.waiting && !found.may_resolve {
        lines.push("    you may not decide this".to_owned());
    } else if found.waiting {
        let choices = found.choices.iter();
        lines.extend(choices.map(|choice| format!("    {}", how_to_decide(found, choice))));
    }
    lines
}

/// The command that decides so, and what it says.
fn how_to_decide(found: &ContradictionView, choice: &Decision) -> String {
    let (flag, says) = match choice {
        Decision::Both => ("--both".to_owned(), both(found.kind)),
        Decision::Only(key) => {
            let side = found.sides.iter().find(|side| side.by.entry == *key);
            let says = side.map_or(JUST_THIS, |side| only(found.kind, &side.fact));
            (format!("--only {key}"), says)
        }
        Decision::Neither(key) => (format!("--neither {key}"), "none of them, but this"),
    };
    format!("resolve {} {flag} --reason …  ({says})", found.id)
}

const JUST_THIS: &str = "only this is right";

fn both(kind: ContradictionKind) -> &'static str {
    match kind {
        ContradictionKind::DoubleDose => "both were given",
        ContradictionKind::DoseOutOfTime => "it was given at that time",
        ContradictionKind::OrderedTwice => "both are to be given",
        _ => "both are true",
    }
}

fn only(kind: ContradictionKind, side: &Fact) -> &'static str {
    match (kind, side) {
        (ContradictionKind::AllergyNoneKnown, Fact::Allergy(Allergy::To(_))) => {
            "“none known” is wrong, the allergies count"
        }
        (ContradictionKind::DoseAfterLeaving, Fact::Move(_))
        | (ContradictionKind::DoseAfterEnd | ContradictionKind::DoseOutOfTime, Fact::Order(_)) => {
            "the dose was not given"
        }
        (ContradictionKind::DoseAfterLeaving, Fact::Dose(_)) => "the resident had not left",
        (ContradictionKind::DoseAfterEnd, Fact::Dose(_)) => "the order had not ended",
        (ContradictionKind::OrderedTwice, _) => "only this is to be given, the others end now",
        (ContradictionKind::RecordNumber, Fact::Identity(_)) => {
            "this one keeps the number, the other gets a new one"
        }
        _ => JUST_THIS,
    }
}

fn side(side: &SideView, beds: &[BedRow]) -> String {
    let of = side
        .resident
        .as_ref()
        .map(|row| format!(" [{}]", whose(row)));
    let bed = match &side.fact {
        Fact::Move(says) => beds.iter().find(|row| Some(row.id) == says.bed),
        _ => None,
    };
    let bed = bed.map(|row| format!(", bed {}", row.name));
    format!(
        "    {}  {}: {}{}{}",
        side.by.entry,
        by(&side.by),
        fact(&side.fact),
        bed.unwrap_or_default(),
        of.unwrap_or_default()
    )
}

fn decision(row: &DecisionRow) -> String {
    let says = match &row.decision {
        Decision::Both => "both".to_owned(),
        Decision::Only(key) => format!("only {key}"),
        Decision::Neither(key) => format!("none of them, but {key}"),
    };
    format!("    decided by {}: {says}: {}", by(&row.by), row.reason)
}

/// Who, when and where.
pub(super) fn by(by: &Provenance) -> String {
    let ahead = if by.ahead { " (in the future)" } else { "" };
    let at = when(by.stated);
    format!("{}, {at}{ahead}, on {}", by.name, by.device_name)
}

fn gravity(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Plain => "",
        Gravity::Info => " · note",
        Gravity::Warning => " · warning",
        Gravity::Critical => " · critical",
    }
}

pub(super) fn kind(kind: ContradictionKind) -> &'static str {
    match kind {
        ContradictionKind::DoubleDose => "medicine given twice",
        ContradictionKind::CodeStatus => "code statuses that differ",
        ContradictionKind::AllergyNoneKnown => "allergy beside none known",
        ContradictionKind::AllergySeverity => "one allergy, severities that differ",
        ContradictionKind::DoseAfterLeaving => "dose after the resident left",
        ContradictionKind::DoseAfterEnd => "dose after the order ended",
        ContradictionKind::Order => "versions of one order that differ",
        ContradictionKind::OrderedTwice => "one medicine ordered twice",
        ContradictionKind::DoseOutOfTime => "dose hours away from its time",
        ContradictionKind::SaturationScale => "decisions on the saturation scale that differ",
        ContradictionKind::Identity => "identities that differ",
        ContradictionKind::RecordNumber => "one record number, several residents",
        ContradictionKind::Bed => "one bed, several residents",
        ContradictionKind::Whereabouts => "one resident, several places",
        ContradictionKind::Register => "answers that differ",
        ContradictionKind::Resolutions => "decisions that differ",
    }
}

/// What follows; what holds until it is decided only while it `waits`.
fn effect(effect: &Effect, waits: bool) -> Option<String> {
    Some(match effect {
        Effect::DosesGiven {
            medicine,
            dose,
            count,
            total,
            disagree,
            high_alert,
            ..
        } => {
            // How much was given goes before that one says it was not.
            let given = (*count > 1 || disagree.is_none()).then(|| match total {
                Some(total) => format!("If all happened, {total} of {medicine} were given."),
                None => format!("If all happened, {medicine} {dose} was given {count} times."),
            });
            let says = match (given, disagree) {
                (Some(given), None) => given,
                (Some(given), Some(why)) => {
                    format!(
                        "{given} Another says that it was not ({}).",
                        not_given(*why)
                    )
                }
                (None, why) => format!(
                    "One says {medicine} was given, the other that it was not{}.",
                    why.map_or_else(String::new, |why| format!(" ({})", not_given(why)))
                ),
            };
            match high_alert {
                true => format!("{says} {medicine} is a high-alert medicine."),
                false => says,
            }
        }
        Effect::ActsAs { choice: status } if waits => {
            format!("Until decided, “{}” is shown everywhere.", choice(*status))
        }
        Effect::AllergyCounts { substances } if waits => format!(
            "Until decided, the allergy to {} counts.",
            substances.join(", ")
        ),
        Effect::SeverityCounts {
            substance,
            severity: worst,
        } if waits => format!(
            "Until decided, the allergy to {substance} counts as {}.",
            severity(*worst)
        ),
        Effect::GivenAfterLeaving {
            medicine,
            status,
            since,
            ..
        } => format!(
            "{medicine} was charted as given after {}, when the resident is said to have {}.",
            when(*since),
            match status {
                ResidentStatus::Deceased => "died",
                _ => "left",
            }
        ),
        Effect::GivenAfterEnd {
            medicine,
            ended,
            date,
            ..
        } => format!(
            "The order for {medicine} ended on {}; a dose for {} was charted as given.",
            ended,
            String::from(*date)
        ),
        Effect::VersionsDiffer { medicine, ends, .. } if waits => {
            let ends = ends.map(|day| format!(", one of which ends on {day}"));
            format!(
                "Versions of the order for {medicine} differ{}. Until decided, all are shown, and a dose is asked back.",
                ends.unwrap_or_default()
            )
        }
        Effect::OrderedTwice { medicine, .. } if waits => format!(
            "{medicine} was ordered on two tablets. Until decided, both orders are due, and a dose of either is asked back. What was given under one is not due again under the other. Only orders with the same name of the medicine are found: look for other names and strengths yourself."
        ),
        Effect::GivenOutOfTime {
            medicine,
            given,
            date,
            time,
            ..
        } => format!(
            "{medicine} was charted as given {}, for the dose due {date} {time}.",
            when(*given)
        ),
        Effect::ScaleCounts { scale } if waits => {
            format!(
                "Until decided, saturation scale {} counts.",
                facts::scale(*scale)
            )
        }
        Effect::NumberShared { number } if waits => {
            format!("The record number {number} finds both residents. Check name and birth date.")
        }
        Effect::NewestShown if waits => "Until decided, the newest is shown.".to_owned(),
        Effect::DeathApart if waits => {
            "By one of them the resident has died, by another not. Until decided, the newest is \
             shown."
                .to_owned()
        }
        Effect::BedShared if waits => "Until decided, both are shown in this bed.".to_owned(),
        Effect::StillOpen if waits => {
            "The decisions differ, so what they were about is still open.".to_owned()
        }
        Effect::ActsAs { .. }
        | Effect::AllergyCounts { .. }
        | Effect::SeverityCounts { .. }
        | Effect::VersionsDiffer { .. }
        | Effect::OrderedTwice { .. }
        | Effect::ScaleCounts { .. }
        | Effect::NumberShared { .. }
        | Effect::NewestShown
        | Effect::DeathApart
        | Effect::BedShared
        | Effect::StillOpen => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::chart::CodeStatusChoice;
    use interface::Gravity;

    #[test]
    fn a_contradiction_is_called_after_what_differs_and_not_after_a_number() {
        for of in ContradictionKind::ALL {
            assert!(!kind(of).contains("two"), "{}", kind(of));
        }
    }

    #[test]
    fn a_contradiction_is_said_in_words_with_its_effect_and_whether_it_waits() {
        let doses = Effect::DosesGiven {
            medicine: "Warfarin".to_owned(),
            dose: "3 mg".to_owned(),
            count: 2,
            total: Some("6 mg".to_owned()),
            disagree: None,
            high_alert: true,
            date: "2026-11-22".parse().unwrap(),
            time: None,
        };
        let mut found = ContradictionView {
            id: "1f".to_owned(),
            kind: ContradictionKind::DoubleDose,
            gravity: Gravity::Critical,
            resident: None,
            sides: Vec::new(),
            more_sides: 0,
            effect: doses,
            about: None,
            choices: Vec::new(),
            may_resolve: true,
            decisions: Vec::new(),
            waiting: true,
        };
        assert_eq!(
            contradiction(&found, &[]),
            [
                "1f  waiting · critical · medicine given twice",
                "    If all happened, 6 mg of Warfarin were given. Warfarin is a high-alert medicine.",
            ]
        );
        if let Effect::DosesGiven {
            disagree, total, ..
        } = &mut found.effect
        {
            *disagree = Some(domain::journal::NotGiven::Refused);
            *total = Some("6 mg".to_owned());
        }
        let said = contradiction(&found, &[]).join(" ");
        assert!(
            said.contains("6 mg of Warfarin were given. Another says"),
            "{said}"
        );
        found.effect = Effect::ActsAs {
            choice: CodeStatusChoice::DoNotResuscitate,
        };
        let said = contradiction(&found, &[]).join(" ");
        assert!(
            said.contains("Until decided, “do not resuscitate”"),
            "{said}"
        );
        found.waiting = false;
        assert_eq!(
            contradiction(&found, &[]),
            ["1f  decided · critical · medicine given twice"]
        );
    }
}
