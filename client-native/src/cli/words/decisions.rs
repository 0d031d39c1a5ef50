//! English: contradictions, what follows from them, and decisions.

use super::facts::{self, choice, fact, not_given, severity};
use super::{when, whose};
use domain::meta::Decision;
use interface::{ContradictionKind, ContradictionView, DecisionRow, Effect, Gravity, Provenance};
use interface::{ResidentStatus, SideView};

/// A contradiction with its sides, its effect and what was decided.
pub(crate) fn contradiction(found: &ContradictionView) -> Vec<String> {
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
    lines.push(format!("    {}", effect(&found.effect)));
    if let Some(about) = &found.about {
        lines.push(format!("    about: {} ({})", kind(about.kind), about.id));
    }
    lines.extend(found.sides.iter().map(side));
    if found.more_sides > 0 {
        lines.push(format!("    and at least {} more", found.more_sides));
    }
    lines.extend(found.decisions.iter().map(decision));
    lines
}

fn side(side: &SideView) -> String {
    let of = side
        .resident
        .as_ref()
        .map(|row| format!(" [{}]", whose(row)));
    format!(
        "    {}  {}: {}{}",
        side.by.entry,
        by(&side.by),
        fact(&side.fact),
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
        ContradictionKind::CodeStatus => "two code statuses",
        ContradictionKind::AllergyNoneKnown => "allergy beside none known",
        ContradictionKind::AllergySeverity => "one allergy, two severities",
        ContradictionKind::DoseAfterLeaving => "dose after the resident left",
        ContradictionKind::DoseAfterEnd => "dose after the order ended",
        ContradictionKind::Order => "versions of one order that differ",
        ContradictionKind::DoseOutOfTime => "dose hours away from its time",
        ContradictionKind::SaturationScale => "two decisions on the saturation scale",
        ContradictionKind::Identity => "two identities",
        ContradictionKind::RecordNumber => "one record number, two residents",
        ContradictionKind::Bed => "one bed, two residents",
        ContradictionKind::Whereabouts => "one resident, two places",
        ContradictionKind::Register => "two answers",
        ContradictionKind::Resolutions => "two decisions",
    }
}

fn effect(effect: &Effect) -> String {
    match effect {
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
        Effect::ActsAs { choice: status } => {
            format!("Until decided, “{}” is shown everywhere.", choice(*status))
        }
        Effect::AllergyCounts { substances } => format!(
            "Until decided, the allergy to {} counts.",
            substances.join(", ")
        ),
        Effect::SeverityCounts {
            substance,
            severity: worst,
        } => format!(
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
        Effect::VersionsDiffer { medicine, ends, .. } => {
            let ends = ends.map(|day| format!(", one of which ends on {day}"));
            format!(
                "Versions of the order for {medicine} differ{}. Until decided, all are shown, and a dose is asked back.",
                ends.unwrap_or_default()
            )
        }
        Effect::GivenOutOfTime {
            medicine,
            given,
            date,
            time,
            ..
        } => format!(
            "{medicine} was charted as given {}, for the slot of {date} {time}.",
            when(*given)
        ),
        Effect::ScaleCounts { scale } => {
            format!(
                "Until decided, saturation scale {} counts.",
                facts::scale(*scale)
            )
        }
        Effect::NumberShared { number } => {
            format!("The record number {number} finds both residents. Check name and birth date.")
        }
        Effect::NewestShown => "Until decided, the newest is shown.".to_owned(),
        Effect::BedShared => "Until decided, both are shown in this bed.".to_owned(),
        Effect::StillOpen => {
            "The decisions differ, so what they were about is still open.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::chart::CodeStatusChoice;
    use interface::Gravity;

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
            contradiction(&found),
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
        let said = contradiction(&found).join(" ");
        assert!(
            said.contains("6 mg of Warfarin were given. Another says"),
            "{said}"
        );
        found.waiting = false;
        found.effect = Effect::ActsAs {
            choice: CodeStatusChoice::DoNotResuscitate,
        };
        let said = contradiction(&found).join(" ");
        assert!(said.starts_with("1f  decided"), "{said}");
        assert!(said.contains("“do not resuscitate”"), "{said}");
    }
}
