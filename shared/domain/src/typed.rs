//! What an author typed, as it is saved: lines without the blanks around them. `12A ` and `12A` are one
//! bed to whoever reads them, and ` Müller` would stand apart in a list. What arrives from others is
//! shown as it came, and words of several lines keep their form.

use crate::chart::{
    Allergy, AllergyTo, CodeStatus, Coding, Identity, Order, Problem, ScaleDecision,
};
use crate::directory::{Bed, Device, ResidentName, Room, Settings, Staff, Unit};
use crate::entry::Fact;

impl Fact {
    /// With no blanks around any of its lines: names, doses, routes and the like.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        match &mut self {
            Fact::Settings(says) => settings(says),
            Fact::Unit(Unit { id: _, name })
            | Fact::Device(Device { name })
            | Fact::Bed(Bed {
                id: _,
                room: _,
                name,
            })
            | Fact::Room(Room {
                id: _,
                unit: _,
                name,
            }) => trim(name),
            Fact::Staff(Staff {
                given,
                family,
                role: _,
                credential,
            }) => all([given, family].into_iter().chain(credential)),
            Fact::ResidentName(ResidentName { given, family }) => all([given, family]),
            Fact::Identity(says) => identity(says),
            Fact::Problem(says) => problem(says),
            Fact::Allergy(Allergy::To(AllergyTo {
                substance,
                reaction,
                severity: _,
                source,
            })) => all([substance].into_iter().chain(reaction).chain(source)),
            Fact::CodeStatus(CodeStatus {
                choice: _,
                comment: _,
                stated_by,
            }) => all(stated_by),
            Fact::SaturationScale(ScaleDecision {
                scale: _,
                decided_by,
                decided_on: _,
                reason: _,
            }) => trim(decided_by),
            Fact::Order(says) => order(says),
            // They have no lines: references, numbers, and words of several lines.
            Fact::Allergy(Allergy::NoneKnown)
            | Fact::Move(_)
            | Fact::Dose(_)
            | Fact::Observations(_)
            | Fact::Note(_)
            | Fact::Addendum(_)
            | Fact::Signature(_)
            | Fact::Strike(_)
            | Fact::Resolution(_) => {}
        }
        self
    }
}

fn settings(says: &mut Settings) {
    let Settings {
        name,
        time_zone,
        measures: _,
        dose_times: _,
        shifts,
        dose_window_minutes: _,
        record_prefix,
    } = says;
    all([name, time_zone, record_prefix]);
    all(shifts.iter_mut().map(|shift| &mut shift.name));
}

fn identity(says: &mut Identity) {
    let Identity {
        given,
        family,
        preferred,
        born: _,
        sex: _,
        record_number,
    } = says;
    all([given, family, record_number].into_iter().chain(preferred));
}

fn problem(says: &mut Problem) {
    let Problem {
        text,
        coding,
        onset: _,
        ended: _,
    } = says;
    trim(text);
    if let Some(Coding {
        system,
        code,
        display,
    }) = coding
    {
        all([system, code, display]);
    }
}

fn order(says: &mut Order) {
    let Order {
        order: _,
        version: _,
        starts_at: _,
        ended_at: _,
        medicine,
        dose,
        route,
        times: _,
        as_needed,
        starts: _,
        ended: _,
        prescriber,
        high_alert: _,
        apart_minutes: _,
        most_in_a_day: _,
        hold,
    } = says;
    let lines = [medicine, dose, route].into_iter();
    all(lines.chain(as_needed).chain(prescriber).chain(hold));
}

fn all<'t>(lines: impl IntoIterator<Item = &'t mut String>) {
    lines.into_iter().for_each(trim);
}

fn trim(line: &mut String) {
    let trimmed = line.trim();
    if trimmed.len() < line.len() {
        *line = trimmed.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate;
    use crate::journal::Note;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// What a fact of any kind has as a line, by its name in JSON.
    const LINES: [&str; 23] = [
        "as_needed",
        "code",
        "credential",
        "decided_by",
        "display",
        "dose",
        "family",
        "given",
        "hold",
        "medicine",
        "name",
        "preferred",
        "prescriber",
        "reaction",
        "record_number",
        "record_prefix",
        "route",
        "source",
        "stated_by",
        "substance",
        "system",
        "text",
        "time_zone",
    ];

    /// Puts blanks around every line, and notes which there were.
    fn spread(value: &mut Value, seen: &mut BTreeSet<String>) {
        match value {
            Value::Array(all) => all.iter_mut().for_each(|one| spread(one, seen)),
            Value::Object(all) => {
                for (name, value) in all {
                    match value {
                        Value::String(text) if LINES.contains(&name.as_str()) => {
                            *text = format!(" \u{a0}{text}\t ");
                            seen.insert(name.clone());
                        }
                        other => spread(other, seen),
                    }
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_line_is_saved_without_the_blanks_around_it() {
        let mut draw = generate::counting(11);
        let mut seen = BTreeSet::new();
        for (kind, _) in Fact::KINDS {
            for _ in 0..60 {
                let today = "2026-11-22".parse().unwrap();
                let fact = generate::fact(kind, today, &mut draw).unwrap();
                if matches!(fact, Fact::Note(_) | Fact::Addendum(_)) {
                    continue;
                }
                let mut value = serde_json::to_value(&fact).unwrap();
                spread(&mut value, &mut seen);
                let typed: Fact = serde_json::from_value(value).unwrap();
                assert_eq!(typed.trimmed(), fact);
            }
        }
        assert_eq!(seen.len(), LINES.len(), "{seen:?}");
    }

    #[test]
    fn words_of_several_lines_keep_their_form() {
        let text = "  Ate well.\n    Slept.\n".to_owned();
        let note = Fact::Note(Note { text });
        assert_eq!(note.clone().trimmed(), note);
    }
}
