//! The command line: arguments here, each group of commands in a file of its own. Links, badges
//! and PINs come line by line from standard input in that order, never as arguments, because
//! arguments are seen by every process of the machine and kept in shell histories.

mod facility;
mod input;
mod print;
mod read;
mod record;
pub(crate) mod words;

use clap::{Parser, Subcommand};
use input::Input;
use lamplight_client_native::{Home, HomeError, Process, ProcessError};
use std::path::PathBuf;

/// What is said when something failed.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The home.
    Home(HomeError),
    /// The engine or the relay.
    Process(ProcessError),
    /// It is done and was shown, and what follows from it waits for the relay.
    NotSynced(ProcessError),
    /// The engine.
    Refused(interface::Refusal),
    /// Something on the command line or standard input.
    Usage(words::Usage),
    /// The terminal.
    Io(std::io::Error),
    /// The output could not be put into JSON.
    Json(serde_json::Error),
}

macro_rules! from {
    ($($error:ty => $variant:ident),*) => {
        $(impl From<$error> for CliError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}

from! {
    HomeError => Home,
    ProcessError => Process,
    interface::Refusal => Refused,
    words::Usage => Usage,
    std::io::Error => Io,
    serde_json::Error => Json
}

/// Lamplight's engine as a command line.
#[derive(Parser)]
#[command(name = "lamplight-client", version, about)]
pub(crate) struct Arguments {
    /// Folder that holds this device's key and records.
    #[arg(long)]
    home: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Found a facility. Standard input: the founding link.
    Found(facility::FoundArguments),
    /// Make invitation links. Standard input: badge, PIN.
    Invite(facility::InviteArguments),
    /// Enrol this device. Standard input: the link; then `same` once the six words were compared.
    Enrol(facility::EnrolArguments),
    /// Staff.
    Person {
        /// What to do.
        #[command(subcommand)]
        command: facility::PersonCommand,
    },
    /// Residents.
    Resident {
        /// What to do.
        #[command(subcommand)]
        command: record::ResidentCommand,
    },
    /// List residents. Standard input: badge, PIN.
    Residents(read::ResidentsArguments),
    /// Show a chart. Standard input: badge, PIN.
    Chart(read::ChartArguments),
    /// Record something. Standard input: badge, PIN.
    Record(record::RecordArguments),
    /// List contradictions. Standard input: badge, PIN.
    Contradictions(read::ContradictionsArguments),
    /// Decide a contradiction. Standard input: badge, PIN.
    Resolve(record::ResolveArguments),
    /// Exchange records with the relay. Needs nobody signed in.
    Sync(facility::SyncArguments),
    /// What this device is and has.
    Status(read::StatusArguments),
}

/// Runs one command.
pub(crate) async fn run(arguments: Arguments) -> Result<(), CliError> {
    let home = Home::open(&arguments.home)?;
    let mut input = Input::new();
    match arguments.command {
        Command::Found(found) => facility::found(&home, &mut input, found).await,
        Command::Invite(invite) => facility::invite(&home, &mut input, invite).await,
        Command::Enrol(enrol) => facility::enrol(&home, &mut input, enrol).await,
        Command::Person { command } => facility::person(&home, &mut input, command).await,
        Command::Resident { command } => record::resident(&home, &mut input, command).await,
        Command::Residents(arguments) => read::residents(&home, &mut input, &arguments).await,
        Command::Chart(arguments) => read::chart(&home, &mut input, &arguments).await,
        Command::Record(arguments) => record::record(&home, &mut input, arguments).await,
        Command::Contradictions(arguments) => {
            read::contradictions(&home, &mut input, &arguments).await
        }
        Command::Resolve(arguments) => record::resolve(&home, &mut input, arguments).await,
        Command::Sync(arguments) => facility::sync(&home, &arguments).await,
        Command::Status(arguments) => read::status(&home, &arguments),
    }
}

/// A process over the home; connects only when [`Process::start`] is called.
fn process(home: &Home) -> Result<Process, CliError> {
    Ok(Process::new(home.engine()?, home.relay()))
}

/// Signs in with the next two lines of standard input and brings the views up to date.
async fn signed_in(home: &Home, input: &mut Input) -> Result<Process, CliError> {
    let mut process = process(home)?;
    let badge = input.line("badge")?;
    let pin = input.line("PIN")?;
    let command = interface::Command::SignIn {
        badge: badge.into(),
        pin: pin.into(),
    };
    process.command(command).await?;
    process.engine().project_all();
    Ok(process)
}
