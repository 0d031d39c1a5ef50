//! Commands that write to the record. They work offline: what they print as saved is durable
//! here; `sync` carries it to the relay.

mod dose;
mod observations;
mod order;
mod safety;
mod sign;

use super::house::bed_named;
use super::print::aside;
use super::read::{self, find};
use super::typed::{home_time, partial_date, word};
use super::words::{self, wanted};
use super::{Cli, CliError};
use clap::{Args, Subcommand};
use domain::chart::Problem;
use domain::directory::MoveKind;
use domain::entry::ResidentId;
use interface::{Command, Done, ResidentRow};
use lamplight_client_native::Process;

#[derive(Args)]
pub(crate) struct RecordArguments {
    /// Resident: id, record number, or a search that finds exactly one.
    resident: String,
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
        /// Entry keys, as `chart` prints them.
        #[arg(required = true)]
        entries: Vec<String>,
    },
    /// An allergy, or that none is known.
    Allergy(safety::AllergyArguments),
    /// Code status: full-treatment, limited, do-not-resuscitate or comfort-only.
    CodeStatus(safety::CodeStatusArguments),
    /// A problem.
    Problem {
        /// What it is.
        #[arg(long)]
        text: String,
        /// When it began: YYYY-MM-DD, YYYY-MM or YYYY.
        #[arg(long)]
        onset: Option<String>,
        /// When it ended, likewise.
        #[arg(long)]
        ended: Option<String>,
    },
    /// Order a medicine, at times of day or as needed.
    Order(order::OrderArguments),
    /// End an order. Its last day is part of it.
    EndOrder(order::EndArguments),
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

pub(super) async fn record(cli: &mut Cli, arguments: RecordArguments) -> Result<(), CliError> {
    let mut process = cli.signed_in().await?;
    let row = find(&mut process, &arguments.resident)?;
    if cli.out.is_json() {
        // A search of one letter may have found another resident than was meant.
        aside(words::in_chart(&words::whose(&row)));
    }
    let command = command(&mut process, row.id, arguments.what)?;
    save(cli, &mut process, command, Some(&row)).await
}

fn command(process: &mut Process, resident: ResidentId, what: What) -> Result<Command, CliError> {
    Ok(match what {
        What::Observations(arguments) => observations::command(process, resident, *arguments)?,
        What::Note { text, sign } => Command::WriteNote {
            resident,
            text,
            replaces: None,
            at: None,
            sign,
        },
        What::Sign { entries } => sign::command(process, resident, &entries)?,
        What::Allergy(arguments) => safety::allergy(resident, arguments)?,
        What::CodeStatus(arguments) => safety::code_status(process, resident, arguments)?,
        What::Problem { text, onset, ended } => Command::RecordProblem {
            resident,
            problem: Problem {
                text,
                coding: None,
                onset: onset.as_deref().map(partial_date).transpose()?,
                ended: ended.as_deref().map(partial_date).transpose()?,
            },
        },
        What::Order(arguments) => order::command(process, resident, arguments)?,
        What::EndOrder(arguments) => order::end(process, resident, arguments)?,
        What::Move {
            what,
            bed,
            at,
            comment,
        } => Command::RecordMove {
            resident,
            what: word::<MoveKind>(wanted::MOVE, &what)?,
            bed: bed.map(|name| bed_named(process, &name)).transpose()?,
            comment,
            at: home_time(process, at.as_deref())?,
        },
        What::Dose(arguments) => dose::command(process, resident, arguments)?,
    })
}

/// Carries out a command on the record and shows what was saved, and in whose chart.
pub(super) async fn save(
    cli: &mut Cli,
    process: &mut Process,
    command: Command,
    whose: Option<&ResidentRow>,
) -> Result<(), CliError> {
    let done = process.command(command).await?;
    if cli.out.is_json() {
        return cli.out.json(&done);
    }
    let Done::Saved {
        entries, resident, ..
    } = done
    else {
        return Ok(());
    };
    for entry in &entries {
        cli.out.line(words::saved(entry))?;
    }
    if let Some(resident) = resident {
        cli.out.line(words::admitted(resident))?;
    }
    process.engine().project_all();
    let named = resident.or(whose.map(|row| row.id));
    // It is saved, whatever becomes of saying in whose chart.
    let row = named.and_then(|resident| read::row(process, resident).ok());
    match row.as_ref().or(whose) {
        Some(row) => cli.out.line(words::in_chart(&words::whose(row))),
        None => Ok(()),
    }
}
