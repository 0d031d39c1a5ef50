//! Commands that write to the record. They work offline: what they print as saved is durable
//! here; `sync` carries it to the relay.

use super::input::Input;
use super::read::find;
use super::{CliError, print, signed_in};
use clap::{Args, Subcommand};
use domain::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Severity, Sex};
use domain::directory::{Date, TimeOfDay};
use domain::journal::{
    Consciousness, Measure, NotGiven, Observations, Reading, SaturationScale, Slot,
};
use domain::meta::Decision;
use domain::quantity::{Decimal, Quantity, Unit};
use ids::EntryKey;
use interface::{Command, NewOrder, NewResident, Query, View};
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
        /// Birth date, YYYY-MM-DD.
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
    Observations {
        /// Breaths per minute.
        #[arg(long)]
        respiratory_rate: Option<String>,
        /// Oxygen saturation in per cent.
        #[arg(long)]
        oxygen_saturation: Option<String>,
        /// Systolic blood pressure in mmHg.
        #[arg(long)]
        systolic: Option<String>,
        /// Diastolic blood pressure in mmHg.
        #[arg(long)]
        diastolic: Option<String>,
        /// Beats per minute.
        #[arg(long)]
        pulse: Option<String>,
        /// Degrees Celsius.
        #[arg(long, conflicts_with = "temperature_f")]
        temperature_c: Option<String>,
        /// Degrees Fahrenheit.
        #[arg(long)]
        temperature_f: Option<String>,
        /// Whether oxygen was given.
        #[arg(long)]
        on_oxygen: Option<bool>,
        /// alert, confusion, voice, pain or unresponsive.
        #[arg(long)]
        consciousness: Option<String>,
        /// Sign too.
        #[arg(long)]
        sign: bool,
    },
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
    /// A dose given, or not given with its reason.
    Dose {
        /// Medicine, as ordered.
        #[arg(long)]
        medicine: String,
        /// Slot time, e.g. 08:00; as needed when absent.
        #[arg(long)]
        time: Option<String>,
        /// Slot day, YYYY-MM-DD; today when absent.
        #[arg(long)]
        date: Option<String>,
        /// refused, held, away, nothing-by-mouth, vomited, unavailable or other.
        #[arg(long)]
        not_given: Option<String>,
        /// Words.
        #[arg(long)]
        comment: Option<String>,
    },
}

#[derive(Args)]
pub(crate) struct ResolveArguments {
    /// The contradiction's id.
    contradiction: String,
    /// Both happened, or both are true.
    #[arg(long, conflicts_with = "only", required_unless_present = "only")]
    both: bool,
    /// Only this entry is right.
    #[arg(long)]
    only: Option<String>,
    /// Why.
    #[arg(long)]
    reason: String,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
}

fn wrong(what: &str, text: &str) -> CliError {
    CliError::Usage(format!("`{text}` is not a {what}"))
}

/// Reads a word such as `do-not-resuscitate` as the interface's JSON spells it.
fn word<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Result<T, CliError> {
    serde_json::from_value(serde_json::Value::String(text.replace('-', "_")))
        .map_err(|_| wrong(what, text))
}

fn date(text: &str) -> Result<Date, CliError> {
    Date::try_from(text.to_owned()).map_err(|_| wrong("date (YYYY-MM-DD)", text))
}

fn time(text: &str) -> Result<TimeOfDay, CliError> {
    TimeOfDay::try_from(text.to_owned()).map_err(|_| wrong("time of day (HH:MM)", text))
}

fn key(text: &str) -> Result<EntryKey, CliError> {
    EntryKey::parse(text).ok_or_else(|| wrong("key of an entry", text))
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
        born: born.as_deref().map(date).transpose()?,
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
    let decision = match &arguments.only {
        Some(text) => Decision::Only(key(text)?),
        None => Decision::Both,
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
        What::Observations {
            respiratory_rate,
            oxygen_saturation,
            systolic,
            diastolic,
            pulse,
            temperature_c,
            temperature_f,
            on_oxygen,
            consciousness,
            sign,
        } => {
            let values = [
                (Measure::RespiratoryRate, respiratory_rate, Unit::PerMinute),
                (Measure::OxygenSaturation, oxygen_saturation, Unit::Percent),
                (Measure::Systolic, systolic, Unit::MillimetreOfMercury),
                (Measure::Diastolic, diastolic, Unit::MillimetreOfMercury),
                (Measure::Pulse, pulse, Unit::PerMinute),
                (Measure::Temperature, temperature_c, Unit::Celsius),
                (Measure::Temperature, temperature_f, Unit::Fahrenheit),
            ];
            let mut readings = Vec::new();
            for (measure, text, unit) in values {
                let Some(text) = text else { continue };
                let value = Decimal::try_from(text.clone()).map_err(|_| wrong("number", &text))?;
                readings.push((measure, Reading::Value(Quantity { value, unit })));
            }
            let consciousness = consciousness
                .map(|text| word::<Consciousness>("state of consciousness", &text))
                .transpose()?;
            let observations = Observations {
                readings,
                on_oxygen,
                consciousness,
                scale: SaturationScale::One,
                comment: None,
            };
            Command::RecordObservations {
                resident,
                observations,
                at: None,
                sign,
            }
        }
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
                return Err(CliError::Usage("no chart".to_owned()));
            };
            let replaces = chart
                .code_status
                .into_iter()
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
                high_alert,
            };
            Command::RecordOrder { resident, order }
        }
        What::Dose {
            medicine,
            time: at,
            date: day,
            not_given,
            comment,
        } => {
            let day = match day {
                Some(text) => date(&text)?,
                None => today(&mut process)?,
            };
            let View::Medicines(medicines) = process.query(&Query::Medicines {
                resident,
                date: Some(day),
            })?
            else {
                return Err(CliError::Usage("no medicines".to_owned()));
            };
            let order = medicines
                .orders
                .into_iter()
                .find(|order| order.order.medicine.eq_ignore_ascii_case(&medicine))
                .ok_or_else(|| {
                    CliError::Usage(format!("no order for `{medicine}` runs on that day"))
                })?;
            let slot = Slot {
                order: order.order.order,
                version: order.order.version,
                date: day,
                time: at.as_deref().map(time).transpose()?,
            };
            let not_given = not_given
                .map(|text| word::<NotGiven>("reason", &text))
                .transpose()?;
            Command::RecordDose {
                resident,
                slot,
                not_given,
                comment,
                at: None,
            }
        }
    };
    save(&mut process, command, arguments.json).await
}

fn today(process: &mut Process) -> Result<Date, CliError> {
    match process.query(&Query::Session)? {
        View::Session(session) => Ok(session.today),
        _ => Err(CliError::Usage("nobody is signed in".to_owned())),
    }
}
