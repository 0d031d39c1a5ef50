//! The command line: arguments here, each group of commands in a file of its own. Links, badges
//! and PINs come line by line from standard input in that order, never as arguments, because
//! arguments are seen by every process of the machine and kept in shell histories.

mod decide;
mod facility;
mod house;
mod input;
mod not_accepted;
mod print;
mod read;
mod record;
mod resident;
mod typed;
pub(crate) mod words;

use clap::{Parser, Subcommand};
use input::Input;
use interface::TabletState;
use lamplight_client_native::{Home, HomeError, Process, ProcessError};
use print::Out;
pub(crate) use print::aside;
use std::path::PathBuf;
use words::{Usage, wanted};

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
    /// Standard input.
    Input(std::io::Error),
    /// Standard output.
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
    serde_json::Error => Json
}

/// Lamplight's engine as a command line.
#[derive(Parser)]
#[command(name = "lamplight-client", version, about)]
pub(crate) struct Arguments {
    /// Folder that holds this device's key and records. `found` and `enrol` make it.
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// One JSON value on one line instead of text, where there is something to show.
    #[arg(long, global = true)]
    json: bool,
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
    /// Units, rooms, beds and settings. Standard input: badge, PIN.
    House {
        /// What to do.
        #[command(subcommand)]
        command: house::HouseCommand,
    },
    /// Residents. Standard input: badge, PIN.
    Resident {
        /// What to do.
        #[command(subcommand)]
        command: resident::ResidentCommand,
    },
    /// List residents. Standard input: badge, PIN.
    Residents(read::ResidentsArguments),
    /// Show a chart. Standard input: badge, PIN.
    Chart(read::ChartArguments),
    /// Record something. Standard input: badge, PIN.
    Record(record::RecordArguments),
    /// List contradictions. Standard input: badge, PIN.
    Contradictions(decide::ContradictionsArguments),
    /// Decide a contradiction. Standard input: badge, PIN.
    Resolve(decide::ResolveArguments),
    /// List what the relay refused for good. Standard input: badge, PIN.
    NotAccepted(not_accepted::NotAcceptedArguments),
    /// Exchange records with the relay. Needs nobody signed in.
    Sync(facility::SyncArguments),
    /// What this device is and has.
    Status,
}

/// What every command works with.
struct Cli {
    home: Home,
    input: Input,
    out: Out,
}

/// Runs one command.
pub(crate) async fn run(arguments: Arguments) -> Result<(), CliError> {
    let folder = arguments.home.ok_or(Usage::NoHome)?;
    // A mistyped folder is no device: only these two make one.
    let home = match arguments.command {
        Command::Found(_) | Command::Enrol(_) => Home::open(&folder)?,
        _ => Home::open_existing(&folder)?,
    };
    let mut cli = Cli {
        home,
        input: Input::new(),
        out: Out::new(arguments.json),
    };
    let cli = &mut cli;
    match arguments.command {
        Command::Found(found) => facility::found(cli, found).await,
        Command::Invite(invite) => facility::invite(cli, invite).await,
        Command::Enrol(enrol) => facility::enrol(cli, enrol).await,
        Command::Person { command } => facility::person(cli, command).await,
        Command::House { command } => house::house(cli, command).await,
        Command::Resident { command } => resident::resident(cli, command).await,
        Command::Residents(arguments) => read::residents(cli, &arguments).await,
        Command::Chart(arguments) => read::chart(cli, &arguments).await,
        Command::Record(arguments) => record::record(cli, arguments).await,
        Command::Contradictions(arguments) => decide::contradictions(cli, &arguments).await,
        Command::Resolve(arguments) => decide::resolve(cli, arguments).await,
        Command::NotAccepted(arguments) => not_accepted::not_accepted(cli, &arguments).await,
        Command::Sync(arguments) => facility::sync(cli, &arguments).await,
        Command::Status => read::status(cli),
    }
}

impl Cli {
    /// A process over the home; connects only when [`Process::start`] is called.
    fn process(&self) -> Result<Process, CliError> {
        Ok(Process::new(self.home.engine()?, self.home.relay()))
    }

    /// Signs in with the next two lines of standard input and brings the views up to date.
    async fn signed_in(&mut self) -> Result<Process, CliError> {
        let mut process = self.process()?;
        if process.tablet()?.state == TabletState::Blank {
            return Err(interface::Refusal::NotEnrolled.into());
        }
        let badge = self.input.line(wanted::BADGE)?;
        let pin = self.input.line(wanted::PIN)?;
        let command = interface::Command::SignIn {
            badge: badge.into(),
            pin: pin.into(),
        };
        process.command(command).await?;
        process.engine().project_all();
        Ok(process)
    }
}

#[cfg(test)]
mod tests;
