//! Registers: code status and allergies (safety), identity and the rest (plain).

use super::{Effect, Finding, Kind, Standing, keys};
use crate::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Identity, Severity};
use crate::directory::{Settings, Staff};
use crate::entry::{Fact, SpaceId, Subject};
use crate::journal::SaturationScale;
use crate::{record_number, search};
use std::collections::{BTreeMap, BTreeSet};

/// Residents with two code statuses that differ. The most cautious is the most treatment.
pub(super) fn code_statuses<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let mut residents: BTreeMap<Subject, Vec<(&Standing<'a>, &CodeStatus)>> = BTreeMap::new();
    for entry in entries {
        if let Fact::CodeStatus(says) = entry.fact {
            residents
                .entry(entry.subject)
                .or_default()
                .push((entry, says));
        }
    }
    let found = residents.into_iter().filter_map(|(subject, all)| {
        let meanings: BTreeSet<_> = all.iter().map(|(_, says)| meaning(says)).collect();
        let choice = all.iter().map(|(_, says)| says.choice).min()?;
        (meanings.len() > 1).then(|| Finding {
            kind: Kind::CodeStatus,
            subject,
            sides: keys(all.iter().map(|(entry, _)| *entry)),
            effect: Effect::ActsAs { choice },
        })
    });
    found.collect()
}

/// Two statuses are the same when the choice is, and where words may change what is done, the words.
fn meaning(says: &CodeStatus) -> (CodeStatusChoice, String) {
    let words = match says.choice {
        CodeStatusChoice::Limited | CodeStatusChoice::DoNotResuscitate => {
            says.comment.as_deref().unwrap_or_default()
        }
        CodeStatusChoice::FullTreatment | CodeStatusChoice::ComfortOnly => "",
    };
    (says.choice, search::meaning(words))
}

/// Residents with two decisions on the saturation scale that differ. Until one is made scale 1
/// counts, as without any.
pub(super) fn scales<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let mut residents: BTreeMap<Subject, Vec<(&Standing<'a>, SaturationScale)>> = BTreeMap::new();
    for entry in entries {
        if let Fact::SaturationScale(says) = entry.fact {
            let of = residents.entry(entry.subject).or_default();
            of.push((entry, says.scale));
        }
    }
    let found = residents.into_iter().filter_map(|(subject, all)| {
        let (_, first) = all.first()?;
        all.iter()
            .any(|(_, scale)| scale != first)
            .then(|| Finding {
                kind: Kind::SaturationScale,
                subject,
                sides: keys(all.iter().map(|(entry, _)| *entry)),
                effect: Effect::ScaleCounts {
                    scale: SaturationScale::One,
                },
            })
    });
    found.collect()
}

/// Residents with an allergy beside "none known".
pub(super) fn allergies<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let mut residents: BTreeMap<Subject, Vec<(&Standing<'a>, &Allergy)>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Allergy(says) = entry.fact {
            residents
                .entry(entry.subject)
                .or_default()
                .push((entry, says));
        }
    }
    let found = residents.into_iter().filter_map(|(subject, all)| {
        let none_known = all
            .iter()
            .any(|(_, says)| matches!(says, Allergy::NoneKnown));
        let mut substances = BTreeMap::new();
        for (_, says) in &all {
            if let Allergy::To(to) = says {
                substances
                    .entry(search::name_of(&to.substance))
                    .or_insert_with(|| to.substance.clone());
            }
        }
        (none_known && !substances.is_empty()).then(|| Finding {
            kind: Kind::AllergyNoneKnown,
            subject,
            sides: keys(all.iter().map(|(entry, _)| *entry)),
            effect: Effect::AllergyCounts {
                substances: substances.into_values().collect(),
            },
        })
    });
    found.collect()
}

/// Allergies to one substance that are said to be of two severities. The worst counts.
pub(super) fn severities<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    type Said<'a> = (&'a Standing<'a>, &'a AllergyTo, Severity);
    let mut substances: BTreeMap<(Subject, String), Vec<Said<'a>>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Allergy(Allergy::To(to)) = entry.fact
            && let Some(severity) = to.severity
        {
            substances
                .entry((entry.subject, search::name_of(&to.substance)))
                .or_default()
                .push((entry, to, severity));
        }
    }
    let found = substances.into_iter().filter_map(|((subject, _), all)| {
        let worst = all.iter().map(|(_, _, severity)| *severity).max()?;
        let (_, to, _) = all.first()?;
        all.iter()
            .any(|(_, _, severity)| *severity != worst)
            .then(|| Finding {
                kind: Kind::AllergySeverity,
                subject,
                sides: keys(all.iter().map(|(entry, ..)| *entry)),
                effect: Effect::SeverityCounts {
                    substance: to.substance.clone(),
                    severity: worst,
                },
            })
    });
    found.collect()
}

/// Residents who were given one record number: a claim that cannot be unique offline.
pub(super) fn record_numbers<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let mut numbers: BTreeMap<String, Vec<&Standing<'a>>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Identity(says) = entry.fact {
            numbers.entry(number(says)).or_default().push(entry);
        }
    }
    let found = numbers.into_iter().filter_map(|(number, all)| {
        let residents: BTreeSet<Subject> = all.iter().map(|entry| entry.subject).collect();
        let first = residents.first().filter(|_| residents.len() > 1)?;
        let residents = residents.iter().filter_map(|subject| match subject {
            Subject::Resident(resident) => Some(*resident),
            Subject::Facility | Subject::Person(_) | Subject::Space(_) | Subject::Device(_) => None,
        });
        Some(Finding {
            kind: Kind::RecordNumber,
            subject: *first,
            sides: keys(all.iter().copied()),
            effect: Effect::NumberShared {
                number,
                residents: residents.collect(),
            },
        })
    });
    found.collect()
}

fn number(says: &Identity) -> String {
    record_number::parse(&says.record_number).unwrap_or_else(|| says.record_number.clone())
}

/// Residents with two identities that differ in more than case, marks and blanks.
pub(super) fn identities<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let of = |fact: &Fact| match fact {
        Fact::Identity(says) => Some(identity(says)),
        _ => None,
    };
    let grouped = group(entries, |entry| {
        of(entry.fact).map(|says| (entry.subject, says))
    });
    differing(Kind::Identity, grouped)
}

fn identity(says: &Identity) -> Vec<String> {
    vec![
        search::name_meaning(&says.given),
        search::name_meaning(&says.family),
        search::name_meaning(says.preferred.as_deref().unwrap_or_default()),
        says.born.map(|born| born.to_string()).unwrap_or_default(),
        format!("{:?}", says.sex),
        number(says),
    ]
}

/// The other plain registers, each by what it is about. A resident's display name is not among
/// them: it repeats the identity, which is compared itself.
pub(super) fn plain<'a>(entries: &'a [Standing<'a>]) -> Vec<Finding> {
    let grouped = group(entries, |entry| {
        let space = |id: &SpaceId| Subject::Space(*id);
        Some(match entry.fact {
            Fact::Settings(says) => (Subject::Facility, settings(says)),
            Fact::Staff(says) => (entry.subject, staff(says)),
            Fact::Device(says) => (entry.subject, vec![search::meaning(&says.name)]),
            Fact::Unit(says) => (space(&says.id), vec![search::meaning(&says.name)]),
            Fact::Room(says) => (
                space(&says.id),
                vec![says.unit.to_string(), search::meaning(&says.name)],
            ),
            Fact::Bed(says) => (
                space(&says.id),
                vec![says.room.to_string(), search::meaning(&says.name)],
            ),
            _ => return None,
        })
    });
    differing(Kind::Register, grouped)
}

fn settings(says: &Settings) -> Vec<String> {
    let mut words = vec![
        search::meaning(&says.name),
        says.time_zone.clone(),
        format!("{:?}", says.measures),
        says.dose_window_minutes.to_string(),
        says.record_prefix.clone(),
    ];
    let times: BTreeSet<_> = says.dose_times.iter().collect();
    words.extend(times.iter().map(|time| time.to_string()));
    words.extend(
        says.shifts
            .iter()
            .map(|s| format!("{} {}", search::meaning(&s.name), s.begins)),
    );
    words
}

fn staff(says: &Staff) -> Vec<String> {
    vec![
        search::name_meaning(&says.given),
        search::name_meaning(&says.family),
        format!("{:?}", says.role),
        search::meaning(says.credential.as_deref().unwrap_or_default()),
    ]
}

type Grouped<'a> = BTreeMap<Subject, Vec<(&'a Standing<'a>, Vec<String>)>>;

/// Entries by what they are about, each with its meaning.
fn group<'a>(
    entries: &'a [Standing<'a>],
    of: impl Fn(&Standing<'a>) -> Option<(Subject, Vec<String>)>,
) -> Grouped<'a> {
    let mut grouped: Grouped<'a> = BTreeMap::new();
    for entry in entries {
        if let Some((subject, meaning)) = of(entry) {
            grouped.entry(subject).or_default().push((entry, meaning));
        }
    }
    grouped
}

/// Those whose meanings differ. The newest is the one recorded last.
fn differing(kind: Kind, grouped: Grouped<'_>) -> Vec<Finding> {
    let found = grouped.into_iter().filter_map(|(subject, all)| {
        let (newest, meaning) = all.iter().max_by_key(|(entry, _)| entry.key)?;
        all.iter()
            .any(|(_, other)| other != meaning)
            .then(|| Finding {
                kind,
                subject,
                sides: keys(all.iter().map(|(entry, _)| *entry)),
                effect: Effect::NewestShown {
                    newest: newest.key.clone(),
                },
            })
    });
    found.collect()
}

#[cfg(test)]
mod fields;

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::super::samples::{
        Bench, allergic, bed, code, identity, none_known, reacts, resident,
    };
    use super::*;
    use crate::directory::Bed;
    use CodeStatusChoice::{ComfortOnly, DoNotResuscitate, FullTreatment, Limited};

    fn effect(bench: &Bench) -> Option<Effect> {
        let mut findings = find(&bench.standing(), &[]);
        assert!(findings.len() <= 1, "{findings:?}");
        findings.pop().map(|finding| finding.effect)
    }

    #[test]
    fn until_decided_everyone_acts_on_the_most_treatment() {
        for (a, b, acts) in [
            (DoNotResuscitate, FullTreatment, FullTreatment),
            (ComfortOnly, DoNotResuscitate, DoNotResuscitate),
            (Limited, ComfortOnly, Limited),
        ] {
            let mut bench = Bench::default();
            bench.add(1, code(a, None));
            bench.add(2, code(b, None));
            assert_eq!(effect(&bench), Some(Effect::ActsAs { choice: acts }));
        }
    }

    #[test]
    fn the_same_code_status_twice_is_no_contradiction_but_other_limits_are() {
        let mut bench = Bench::default();
        bench.add(1, code(FullTreatment, Some("form in the office")));
        bench.add(2, code(FullTreatment, None));
        assert_eq!(effect(&bench), None);
        let mut bench = Bench::default();
        bench.add(1, code(Limited, Some("No intubation")));
        bench.add(2, code(Limited, Some("no  intubation")));
        assert_eq!(effect(&bench), None);
        bench.add(3, code(Limited, Some("no compressions")));
        assert_eq!(effect(&bench), Some(Effect::ActsAs { choice: Limited }));
    }

    #[test]
    fn of_two_residents_nothing_contradicts() {
        let mut bench = Bench::default();
        bench.add(1, code(FullTreatment, None));
        bench.add_about(Subject::Resident(resident(2)), 2, code(ComfortOnly, None));
        bench.add(3, none_known());
        bench.add_about(Subject::Resident(resident(2)), 4, allergic("penicillin"));
        assert_eq!(effect(&bench), None);
    }

    #[test]
    fn an_allergy_beside_none_known_counts() {
        let mut bench = Bench::default();
        let none = bench.add(1, none_known());
        bench.add(2, allergic("penicillin"));
        bench.add(3, allergic("latex"));
        bench.add(4, allergic("Penicillin "));
        let substances = vec!["latex".to_owned(), "penicillin".to_owned()];
        assert_eq!(effect(&bench), Some(Effect::AllergyCounts { substances }));
        bench.take(&none);
        assert_eq!(effect(&bench), None);
    }

    #[test]
    fn identities_contradict_when_they_really_differ() {
        let mut bench = Bench::default();
        bench.add(1, identity("Zoë", "O'Brien", "1940-06-15"));
        bench.add(2, identity("ZOE ", "O’Brien", "1940-06-15"));
        assert_eq!(effect(&bench), None);
        bench.add(3, identity("Zoë", "O'Brien", "1940-06-16"));
        assert!(matches!(effect(&bench), Some(Effect::NewestShown { .. })));
    }

    #[test]
    fn two_names_of_one_bed_are_a_register_s_contradiction() {
        let named = |name: &str| {
            Fact::Bed(Bed {
                id: bed(1),
                room: bed(2),
                name: name.into(),
            })
        };
        let mut bench = Bench::default();
        bench.add_about(Subject::Space(bed(1)), 1, named("12A"));
        bench.add_about(Subject::Space(bed(1)), 2, named("12a"));
        assert_eq!(effect(&bench), None);
        let newest = bench.add_about(Subject::Space(bed(1)), 3, named("12B"));
        assert_eq!(effect(&bench), Some(Effect::NewestShown { newest }));
    }

    #[test]
    fn one_substance_of_two_severities_counts_as_the_worst() {
        let mut bench = Bench::default();
        bench.add(1, reacts("Penicillin", Some(Severity::Mild)));
        bench.add(2, reacts("penicillin ", None));
        bench.add(3, reacts("Latex", Some(Severity::Severe)));
        bench.add(5, reacts("?", Some(Severity::Mild)));
        bench.add(6, reacts("!", Some(Severity::Severe)));
        assert_eq!(effect(&bench), None);
        bench.add(4, reacts("PENICILLIN", Some(Severity::Severe)));
        let substance = "Penicillin".to_owned();
        let severity = Severity::Severe;
        let counts = Effect::SeverityCounts {
            substance,
            severity,
        };
        assert_eq!(effect(&bench), Some(counts));
        let found = find(&bench.standing(), &[]).pop().unwrap();
        assert_eq!(found.sides.len(), 2, "who named no severity is no side");
    }

    #[test]
    fn two_residents_with_one_record_number_are_found_until_one_has_another() {
        let mut bench = Bench::default();
        let a = bench.add(1, identity("Rosa", "Doyle", "1940-06-15"));
        let two = Subject::Resident(resident(2));
        let b = bench.add_about(two, 2, identity("Ann", "Alvarez", "1934-04-09"));
        let number = "MH-002417-5".to_owned();
        let residents = vec![resident(1), resident(2)];
        let shared = Effect::NumberShared { number, residents };
        assert_eq!(effect(&bench), Some(shared));
        let found = find(&bench.standing(), &[]).pop().unwrap();
        assert_eq!(found.sides, [a, b.clone()]);
        bench.take(&b);
        assert_eq!(effect(&bench), None);
    }
}
