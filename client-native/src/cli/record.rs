//! Commands that write to the record. They work offline: what they print as saved is durable
//! here; `sync` carries it to the relay.

mod dose;
mod observations;

use super::input::Input;
use super::read::find;
use super::words::{Usage, wanted};
use super::{CliError, print, signed_in};
use clap::{Args, Subcommand};
use domain::PartialDate;
use domain::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Severity, Sex};
use domain::clock::Zone;
use domain::directory::{Date, MoveKind, TimeOfDay};
use domain::entry::{ResidentId, SpaceId};
use domain::meta::Decision;
use ids::{EntryKey, StatedInstant};
use interface::{Command, ContradictionKind, NewOrder, NewResident, Query, View};
use lamplight_client_native::{Home, Process};

#[derive(Subcommand)]
pub(crate) enum ResidentCommand {
    /// Admit a resident. Standard input: badge, PIN.
    Add {
        /// Given names.
        #[arg(long)]
        given: String,
        /// Family name.
        #[arg(long)]
        family: String,
        /// Name the resident wants to be called.
        #[arg(long)]
        preferred: Option<String>,
        /// Birth date, as far as it is known: YYYY-MM-DD, YYYY-MM or YYYY.
        #[arg(long)]
        born: Option<String>,
        /// female, male, other or unknown.
        #[arg(long, default_value = "unknown")]
        sex: String,
        /// JSON instead of text.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(crate) struct RecordArguments {
    /// Resident: id, record number, or a search that finds exactly one.
    resident: String,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Observations taken together.
    Observations(Box<observations::ObservationsArguments>),
    /// A note.
    Note {
        /// The words.
        #[arg(long)]
        text: String,
        /// Sign too.
        #[arg(long)]
        sign: bool,
    },
    /// Sign entries of one's own.
    Sign {
        /// Entry keys.
        entries: Vec<String>,
    },
    /// An allergy, or that none is known.
    Allergy {
        /// The substance.
        #[arg(
            long,
            conflicts_with = "none_known",
            required_unless_present = "none_known"
        )]
        substance: Option<String>,
        /// What happens.
        #[arg(long)]
        reaction: Option<String>,
        /// mild, moderate or severe.
        #[arg(long)]
        severity: Option<String>,
        /// Asked, and none is known.
        #[arg(long)]
        none_known: bool,
    },
    /// Code status: full-treatment, limited, do-not-resuscitate or comfort-only.
    CodeStatus {
        /// The choice.
        choice: String,
        /// Who stated it.
        #[arg(long)]
        stated_by: Option<String>,
        /// Words.
        #[arg(long)]
        comment: Option<String>,
    },
    /// Order a medicine.
    Order {
        /// The medicine.
        #[arg(long)]
        medicine: String,
        /// The dose in words, e.g. "3 mg".
        #[arg(long)]
        dose: String,
        /// The route.
        #[arg(long, default_value = "by mouth")]
        route: String,
        /// Times of day, e.g. 08:00,20:00.
        #[arg(long, value_delimiter = ',')]
        times: Vec<String>,
        /// First day, YYYY-MM-DD; today when absent.
        #[arg(long)]
        starts: Option<String>,
        /// High-alert medicine.
        #[arg(long)]
        high_alert: bool,
    },
    /// End an order. Its last day is part of it.
    EndOrder {
        /// Id of the order, as `chart` prints it.
        #[arg(long)]
        order: String,
        /// Last day, YYYY-MM-DD; today when absent.
        #[arg(long)]
        last: Option<String>,
    },
    /// A census event: bed-change, leave-begins, leave-ends, discharge, death or admission.
    Move {
        /// What happened.
        what: String,
        /// Name of the bed, for a bed change or an admission.
        #[arg(long)]
        bed: Option<String>,
        /// When, home time: YYYY-MM-DDTHH:MM, or HH:MM of today; now when absent.
        #[arg(long)]
        at: Option<String>,
        /// Words.
        #[arg(long)]
        comment: Option<String>,
    },
    /// A dose given, or not given with its reason.
    Dose(dose::DoseArguments),
}

#[derive(Args)]
pub(crate) struct ResolveArguments {
    /// The contradiction's id.
    contradiction: String,
    /// Both happened, or both are true.
    #[arg(long, conflicts_with_all = ["only", "neither"], required_unless_present_any = ["only", "neither"])]
    both: bool,
    /// Only this entry is right.
    #[arg(long, conflicts_with = "neither")]
    only: Option<String>,
    /// None of them is right, but this entry, which was made since.
    #[arg(long)]
    neither: Option<String>,
    /// Why.
    #[arg(long)]
    reason: String,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
}

fn wrong(what: &'static str, text: &str) -> CliError {
    let text = text.to_owned();
    Usage::Not { text, what }.into()
}

/// Reads a word such as `do-not-resuscitate` as the interface's JSON spells it.
fn word<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T, CliError> {
    serde_json::from_value(serde_json::Value::String(text.replace('-', "_")))
        .map_err(|_| wrong(what, text))
}

fn date(text: &str) -> Result<Date, CliError> {
    Date::try_from(text.to_owned()).map_err(|_| wrong(wanted::DATE, text))
}

fn birth_date(text: &str) -> Result<PartialDate, CliError> {
    let wrong = |_| wrong("birth date (YYYY-MM-DD, YYYY-MM or YYYY)", text);
    PartialDate::try_from(text.to_owned()).map_err(wrong)
}

fn time(text: &str) -> Result<TimeOfDay, CliError> {
    TimeOfDay::try_from(text.to_owned()).map_err(|_| wrong(wanted::TIME, text))
}

fn key(text: &str) -> Result<EntryKey, CliError> {
    EntryKey::parse(text).ok_or_else(|| wrong(wanted::ENTRY, text))
}

async fn save(process: &mut Process, command: Command, json: bool) -> Result<(), CliError> {
    let done = process.command(command).await?;
    if json {
        return print::json(&done);
    }
    if let interface::Done::Saved {
        entries, resident, ..
    } = done
    {
        if let Some(resident) = resident {
            println!("resident {resident}");
        }
        for entry in entries {
            println!("saved here {entry}");
        }
    }
    Ok(())
}

pub(crate) async fn resident(
    home: &Home,
    input: &mut Input,
    command: ResidentCommand,
) -> Result<(), CliError> {
    let ResidentCommand::Add {
        given,
        family,
        preferred,
        born,
        sex,
        json,
    } = command;
    let new = NewResident {
        given,
        family,
        preferred,
        born: born.as_deref().map(birth_date).transpose()?,
        sex: word::<Sex>("sex", &sex)?,
        bed: None,
        id: None,
    };
    let mut process = signed_in(home, input).await?;
    save(&mut process, Command::AddResident(new), json).await
}

pub(crate) async fn resolve(
    home: &Home,
    input: &mut Input,
    arguments: ResolveArguments,
) -> Result<(), CliError> {
    let decision = match (&arguments.only, &arguments.neither) {
        (Some(text), _) => Decision::Only(key(text)?),
        (None, Some(text)) => Decision::Neither(key(text)?),
        (None, None) => Decision::Both,
    };
    let mut process = signed_in(home, input).await?;
    let command = Command::Resolve {
        contradiction: arguments.contradiction,
        decision,
        reason: arguments.reason,
    };
    save(&mut process, command, arguments.json).await
}

pub(crate) async fn record(
    home: &Home,
    input: &mut Input,
    arguments: RecordArguments,
) -> Result<(), CliError> {
    let mut process = signed_in(home, input).await?;
    let resident = find(&mut process, &arguments.resident)?;
    let command = match arguments.what {
        What::Observations(arguments) => observations::command(&mut process, resident, *arguments)?,
        What::Note { text, sign } => Command::WriteNote {
            resident,
            text,
            replaces: None,
            at: None,
            sign,
        },
        What::Sign { entries } => Command::Sign {
            entries: entries
                .iter()
                .map(|text| key(text))
                .collect::<Result<_, _>>()?,
        },
        What::Allergy {
            substance,
            reaction,
            severity,
            ..
        } => {
            let severity = severity
                .map(|text| word::<Severity>("severity", &text))
                .transpose()?;
            let allergy = match substance {
                Some(substance) => Allergy::To(AllergyTo {
                    substance,
                    reaction,
                    severity,
                    source: None,
                }),
                None => Allergy::NoneKnown,
            };
            Command::RecordAllergy {
                resident,
                allergy,
                at: None,
            }
        }
        What::CodeStatus {
            choice,
            stated_by,
            comment,
        } => {
            let choice = word::<CodeStatusChoice>("code status", &choice)?;
            let View::Chart(chart) = process.query(&Query::Chart { resident })? else {
                return Err(Usage::NoView.into());
            };
            let waits = chart
                .contradictions
                .iter()
                .any(|case| case.kind == ContradictionKind::CodeStatus);
            let replaces = chart
                .code_status
                .into_iter()
                .filter(|_| !waits)
                .map(|(_, by)| by.entry)
                .collect();
            Command::RecordCodeStatus {
                resident,
                status: CodeStatus {
                    choice,
                    comment,
                    stated_by,
                },
                replaces,
                at: None,
            }
        }
        What::Order {
            medicine,
            dose,
            route,
            times,
            starts,
            high_alert,
        } => {
            let starts = match starts {
                Some(text) => date(&text)?,
                None => today(&mut process)?,
            };
            let order = NewOrder {
                id: None,
                medicine,
                dose,
                route,
                times: times
                    .iter()
                    .map(|text| time(text))
                    .collect::<Result<_, _>>()?,
                as_needed: None,
                starts,
                prescriber: None,
                apart_minutes: None,
                most_in_a_day: None,
                hold: None,
                high_alert,
            };
            Command::RecordOrder { resident, order }
        }
        What::EndOrder { order, last } => {
            let last = match last {
                Some(text) => date(&text)?,
                None => today(&mut process)?,
            };
            let order = standing(&mut process, resident, &order)?;
            Command::EndOrder { order, last }
        }
        What::Move {
            what,
            bed,
            at,
            comment,
        } => Command::RecordMove {
            resident,
            what: word::<MoveKind>("census event", &what)?,
            bed: bed.map(|name| bed_named(&mut process, &name)).transpose()?,
            comment,
            at: home_time(&mut process, at.as_deref())?,
        },
        What::Dose(arguments) => dose::command(&mut process, resident, arguments)?,
    };
    save(&mut process, command, arguments.json).await
}

fn today(process: &mut Process) -> Result<Date, CliError> {
    match process.query(&Query::Session)? {
        View::Session(session) => Ok(session.today),
        _ => Err(Usage::NobodySignedIn.into()),
    }
}

/// An instant given as home time: `2026-11-21T08:05`, or `08:05` of today.
fn home_time(process: &mut Process, text: Option<&str>) -> Result<Option<StatedInstant>, CliError> {
    let Some(text) = text else { return Ok(None) };
    let View::Session(session) = process.query(&Query::Session)? else {
        return Err(Usage::NobodySignedIn.into());
    };
    let zone = Zone::named(&session.time_zone).map_err(|_| Usage::NoZone)?;
    let (day, at) = match text.split_once('T') {
        Some((day, at)) => (date(day)?, time(at)?),
        None => (session.today, time(text)?),
    };
    let at = zone
        .instant(day, at)
        .ok_or_else(|| wrong(wanted::INSTANT, text))?;
    Ok(Some(zone.stated(at)))
}

/// The entry of an order's version that stands.
fn standing(process: &mut Process, resident: ResidentId, id: &str) -> Result<EntryKey, CliError> {
    let View::Chart(chart) = process.query(&Query::Chart { resident })? else {
        return Err(Usage::NoView.into());
    };
    let found = chart
        .orders
        .into_iter()
        .find(|(order, _)| order.order.0.to_string() == id);
    let (_, by) = found.ok_or_else(|| wrong(wanted::ORDER, id))?;
    Ok(by.entry)
}

fn bed_named(process: &mut Process, name: &str) -> Result<SpaceId, CliError> {
    let View::House(house) = process.query(&Query::House)? else {
        return Err(Usage::NoView.into());
    };
    let found = house.beds.into_iter().find(|bed| bed.name == name);
    found
        .map(|bed| bed.id)
        .ok_or_else(|| wrong(wanted::BED, name))
}
