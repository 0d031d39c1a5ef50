//! From a line of a plan to a command, and to what its entry must say.

use super::plan::{Op, Verb};
use crate::harness::{World, order_of};
use domain::Fact;
use domain::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Problem, Severity};
use domain::directory::TimeOfDay;
use domain::journal::{
    Consciousness, Dose, Measure, NotGiven, Note, Observations, Reading, SaturationScale, Slot,
};
use domain::meta::Decision;
use domain::quantity::{Decimal, Quantity, Unit};
use ids::{EntryKey, StatedInstant};
use interface::{Command, DoseConcern, NewOrder, NewResident, Query, View};

/// People here give doses whenever they like, and say so when they are asked.
const WHATEVER_SPEAKS_AGAINST_IT: [DoseConcern; 7] = [
    DoseConcern::Charted,
    DoseConcern::NotHere,
    DoseConcern::OrderContradicted,
    DoseConcern::OrderedTwice,
    DoseConcern::TooSoon,
    DoseConcern::TooMany,
    DoseConcern::OutOfTime,
];

/// A command and what its first entry says, where that can be said beforehand.
pub(super) type Act = (Command, Option<Fact>);

/// What a line makes somebody do; `None` when there is nothing to do it to.
pub(super) fn act(world: &mut World, op: Op, number: usize) -> Option<Act> {
    let resident = *world
        .residents
        .get(usize::try_from(op.a).unwrap_or(0) % world.residents.len().max(1))?;
    let odd = op.b % 2 == 1;
    let at = None;
    let said = |fact: Fact, command: Command| Some((command, Some(fact)));
    let only = |command: Command| Some((command, None));
    match op.verb {
        Verb::Note => {
            let text = format!("note {number}: slept well, ate half of lunch");
            let note = Note { text: text.clone() };
            said(
                Fact::Note(note),
                Command::WriteNote {
                    resident,
                    text,
                    replaces: None,
                    at,
                    sign: odd,
                },
            )
        }
        Verb::Observations => {
            let observations = observations(op, number);
            let fact = Fact::Observations(observations.clone());
            said(
                fact,
                Command::RecordObservations {
                    resident,
                    observations,
                    at,
                    sign: odd,
                    confirmed: Measure::ALL.to_vec(),
                },
            )
        }
        Verb::Dose => {
            let dose = dose(world, op, resident, number);
            let Dose {
                slot,
                not_given,
                comment,
            } = dose.clone();
            said(
                Fact::Dose(dose),
                Command::RecordDose {
                    resident,
                    slot,
                    not_given,
                    comment,
                    at,
                    despite: WHATEVER_SPEAKS_AGAINST_IT.to_vec(),
                },
            )
        }
        Verb::Allergy => {
            let allergy = match op.b % 4 {
                0 => Allergy::NoneKnown,
                n => Allergy::To(AllergyTo {
                    substance: ["Penicillin", "Latex", "Eggs"][n as usize - 1].to_owned(),
                    reaction: Some(format!("rash {number}")),
                    severity: Some(Severity::Moderate),
                    source: None,
                }),
            };
            said(
                Fact::Allergy(allergy.clone()),
                Command::RecordAllergy {
                    resident,
                    allergy,
                    at,
                },
            )
        }
        Verb::CodeStatus => {
            use CodeStatusChoice::{ComfortOnly, DoNotResuscitate, FullTreatment, Limited};
            let choice =
                [FullTreatment, Limited, DoNotResuscitate, ComfortOnly][op.b as usize / 2 % 4];
            let status = CodeStatus {
                choice,
                comment: Some(format!("decided {number}")),
                stated_by: None,
            };
            let replaces = if odd {
                standing_code_status(world, op.device, resident)
            } else {
                Vec::new()
            };
            let fact = Fact::CodeStatus(status.clone());
            said(
                fact,
                Command::RecordCodeStatus {
                    resident,
                    status,
                    replaces,
                    at,
                },
            )
        }
        Verb::Problem => {
            let problem = Problem {
                text: format!("problem {number}"),
                coding: None,
                onset: None,
                ended: None,
            };
            said(
                Fact::Problem(problem.clone()),
                Command::RecordProblem { resident, problem },
            )
        }
        Verb::Order => {
            let order = NewOrder {
                id: None,
                medicine: format!("Medicine {number}"),
                dose: "5 mg".into(),
                route: "by mouth".into(),
                times: vec![TimeOfDay {
                    hour: 12,
                    minute: 0,
                }],
                as_needed: None,
                starts: "2026-11-20".parse().ok()?,
                starts_at: None,
                prescriber: None,
                apart_minutes: None,
                most_in_a_day: None,
                hold: None,
                high_alert: odd,
            };
            only(Command::RecordOrder { resident, order })
        }
        Verb::Admit => only(Command::AddResident(NewResident {
            given: "Resident".into(),
            family: format!("Number {number}"),
            preferred: None,
            born: "1940-02-29".parse().ok(),
            sex: domain::chart::Sex::Unknown,
            bed: None,
            id: None,
        })),
        Verb::Rename => rename(world, op, resident, number),
        Verb::Addendum => {
            let to = kept(world, op, |_| true)?;
            only(Command::AddAddendum {
                to,
                text: format!("addendum {number}"),
            })
        }
        Verb::Strike => {
            let entry = kept(world, op, |_| true)?;
            only(Command::Strike {
                entry,
                reason: format!("entered in error {number}"),
            })
        }
        Verb::Sign => {
            let person = world.hand(op.device)?.person;
            let entry = kept(world, op, |by| by == person)?;
            only(Command::Sign {
                entries: vec![entry],
            })
        }
        Verb::Resolve => resolve(world, op, number),
        Verb::Bulk => {
            let stated = StatedInstant {
                at: world.clock(op.device),
                offset_minutes: -360,
            };
            let note = |n: u64| Command::WriteNote {
                resident,
                text: format!("bulk {number}.{n} {}", "and so on ".repeat(40)),
                replaces: None,
                at: None,
                sign: false,
            };
            only(Command::Bulk {
                commands: (0..op.b).map(|n| (stated, note(n))).collect(),
            })
        }
        Verb::Settings => {
            let mut settings = crate::harness::settings();
            settings.name = format!("Maple House {number}");
            said(
                Fact::Settings(settings.clone()),
                Command::ChangeSettings { settings },
            )
        }
        Verb::Draft => only(Command::KeepDraft {
            key: format!("note/{resident}"),
            text: format!("draft {number}"),
        }),
        // What befalls a device or the relay is `run`'s to do.
        Verb::SignIn
        | Verb::Lock
        | Verb::Enrol
        | Verb::Cut
        | Verb::Portal
        | Verb::Restore
        | Verb::Reset
        | Verb::Silence
        | Verb::Restart
        | Verb::CrashBefore
        | Verb::CrashAfter
        | Verb::FailBefore
        | Verb::FailAfter
        | Verb::Full
        | Verb::RelayRestart
        | Verb::RelayFull
        | Verb::FalsePlaces
        | Verb::SwapReceipts
        | Verb::Truth
        | Verb::RollBack
        | Verb::ReplaceLogs
        | Verb::Wait
        | Verb::Night
        | Verb::Lose
        | Verb::Believe
        | Verb::Disown => None,
    }
}

fn observations(op: Op, number: usize) -> Observations {
    let whole = |value: u64, unit: Unit| {
        Reading::Value(Quantity {
            value: Decimal::whole(i64::try_from(value).unwrap_or(0)),
            unit,
        })
    };
    Observations {
        readings: vec![
            (
                Measure::RespiratoryRate,
                whole(12 + op.b % 14, Unit::PerMinute),
            ),
            (
                Measure::OxygenSaturation,
                whole(90 + op.b % 10, Unit::Percent),
            ),
            (
                Measure::Systolic,
                whole(95 + op.b * 3, Unit::MillimetreOfMercury),
            ),
            (Measure::Pulse, whole(55 + op.b * 2, Unit::PerMinute)),
        ],
        unread: Vec::new(),
        oxygen_unstated: None,
        consciousness_unstated: None,
        on_oxygen: Some(op.b.is_multiple_of(5)),
        consciousness: Some(Consciousness::Alert),
        scale: SaturationScale::One,
        comment: Some(format!("observed {number}")),
    }
}

fn dose(world: &World, op: Op, resident: domain::ResidentId, number: usize) -> Dose {
    let zone = domain::clock::Zone::named("America/Chicago").unwrap();
    let hour = if op.b.is_multiple_of(2) { 8 } else { 20 };
    let slot = Slot {
        order: order_of(resident),
        version: 1,
        date: zone.date(world.clock(op.device)),
        time: Some(TimeOfDay { hour, minute: 0 }),
    };
    let not_given = [
        None,
        None,
        None,
        Some(NotGiven::Refused),
        Some(NotGiven::Away),
    ][op.b as usize / 2 % 5];
    Dose {
        slot,
        not_given,
        comment: Some(format!("dose {number}")),
    }
}

fn chart(
    world: &mut World,
    device: usize,
    resident: domain::ResidentId,
) -> Option<interface::ChartView> {
    let now = world.clock(device);
    match world.devices[device]
        .engine
        .as_mut()?
        .query(&Query::Chart { resident }, now)
    {
        Ok(View::Chart(chart)) => Some(chart),
        _ => None,
    }
}

fn standing_code_status(
    world: &mut World,
    device: usize,
    resident: domain::ResidentId,
) -> Vec<EntryKey> {
    let chart = chart(world, device, resident);
    chart
        .map(|chart| {
            chart
                .code_status
                .into_iter()
                .map(|statement| statement.by.entry)
                .collect()
        })
        .unwrap_or_default()
}

fn rename(world: &mut World, op: Op, resident: domain::ResidentId, number: usize) -> Option<Act> {
    let chart = chart(world, op.device, resident)?;
    let (old, by) = chart.identity.into_iter().next()?;
    let identity = domain::chart::Identity {
        preferred: Some(format!("Name {number}")),
        ..old
    };
    let fact = Fact::Identity(identity.clone());
    Some((
        Command::CorrectIdentity {
            resident,
            identity,
            replaces: by.entry,
        },
        Some(fact),
    ))
}

fn resolve(world: &mut World, op: Op, number: usize) -> Option<Act> {
    let now = world.clock(op.device);
    let asked = Query::Contradictions {
        decided: false,
        resident: None,
    };
    let found = match world.devices[op.device].engine.as_mut()?.query(&asked, now) {
        Ok(View::Contradictions { contradictions }) => contradictions,
        _ => return None,
    };
    let one = found.get(usize::try_from(op.a).ok()?.checked_rem(found.len())?)?;
    let decision = match one.sides.first() {
        Some(side) if op.b % 2 == 1 => Decision::Only(side.by.entry.clone()),
        _ => Decision::Both,
    };
    let reason = format!("decided {number}");
    Some((
        Command::Resolve {
            contradiction: one.id.clone(),
            decision,
            reason,
        },
        None,
    ))
}

/// One of the entries kept so far; it may not have reached this device.
fn kept(world: &World, op: Op, by: impl Fn(ids::PersonId) -> bool) -> Option<EntryKey> {
    let notes: Vec<&EntryKey> = world
        .ledger
        .order
        .iter()
        .filter(|key| {
            world
                .ledger
                .kept
                .get(key)
                .is_some_and(|kept| by(kept.hand.person))
        })
        .filter(|key| {
            let fact = world
                .ledger
                .kept
                .get(key)
                .and_then(|kept| kept.fact.as_ref());
            matches!(
                fact,
                Some(Fact::Note(_) | Fact::Observations(_) | Fact::Dose(_))
            )
        })
        .collect();
    notes
        .get(usize::try_from(op.a).ok()?.checked_rem(notes.len())?)
        .map(|key| (*key).clone())
}
