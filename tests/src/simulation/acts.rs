//! From a line of a plan to a command, and to what its entry must say.

mod census;
mod decisions;
mod medicines;
mod registers;
mod seen;

use seen::pick;

pub(super) use census::STEPS_OF_A_STAY;
pub(super) use decisions::count_contradictions;

use super::plan::{Op, Verb};
use crate::harness::World;
use domain::Fact;
use domain::chart::Problem;
use domain::journal::{Consciousness, Dose, Measure, Note, Observations, Reading, SaturationScale};
use domain::quantity::{Decimal, Quantity, Unit};
use ids::{EntryKey, PersonId, StatedInstant};
use interface::{Command, DoseConcern, NewResident};

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
    let said_of = |(fact, command): (Fact, Command)| said(fact, command);
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
            let dose = medicines::dose(world, op, resident, number);
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
        Verb::Allergy => said_of(registers::allergy(op, resident, number)),
        Verb::CodeStatus => said_of(registers::code_status(world, op, resident, number)),
        Verb::Scale => registers::scale(world, op, resident).and_then(said_of),
        Verb::Rename => registers::rename(world, op, resident, number).and_then(said_of),
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
        Verb::Order => only(medicines::order(op, resident, number)),
        Verb::End => medicines::end(world, op, resident).and_then(only),
        Verb::Move => census::step(world, op, resident).and_then(only),
        Verb::Unit => only(census::unit(number)),
        Verb::Room => census::room(world, op, number).and_then(only),
        Verb::Admit => only(Command::AddResident(NewResident {
            given: "Resident".into(),
            family: format!("Number {number}"),
            preferred: None,
            born: "1940-02-29".parse().ok(),
            sex: domain::chart::Sex::Unknown,
            bed: None,
            id: None,
        })),
        Verb::Addendum => {
            let to = kept(world, op, |_, fact| matches!(fact, Fact::Note(_)))?;
            only(Command::AddAddendum {
                to,
                text: format!("addendum {number}"),
            })
        }
        Verb::Strike => {
            // Half of the time whatever it is, also what cannot be struck.
            let entry = match odd {
                true => pick(&world.ledger.order, op.a)?.clone(),
                false => kept(world, op, |_, _| true)?,
            };
            only(Command::Strike {
                entry,
                reason: format!("entered in error {number}"),
            })
        }
        Verb::Sign => {
            let person = world.hand(op.device)?.person;
            let entry = kept(world, op, |by, _| by == person)?;
            only(Command::Sign {
                entries: vec![entry],
            })
        }
        Verb::Resolve => decisions::decide(world, op, number).and_then(only),
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

/// One of the events kept so far; it may not have reached this device.
fn kept(world: &World, op: Op, is_meant: impl Fn(PersonId, &Fact) -> bool) -> Option<EntryKey> {
    let meant = |key: &&EntryKey| {
        let kept = world.ledger.kept.get(key)?;
        let fact = kept.fact.as_ref()?;
        let event = matches!(fact, Fact::Note(_) | Fact::Observations(_) | Fact::Dose(_));
        Some(event && is_meant(kept.hand.person, fact))
    };
    let events: Vec<&EntryKey> = world
        .ledger
        .order
        .iter()
        .filter(|key| meant(key).unwrap_or(false))
        .collect();
    pick(&events, op.a).map(|key| (*key).clone())
}
