//! Founding, inviting, enrolling, staff, and exchanging records with the relay.

use super::input::{same, split_link};
use super::print::aside;
use super::words::{self, Usage, wanted};
use super::{Cli, CliError};
use clap::{Args, Subcommand, ValueEnum};
use domain::directory::{MeasureSystem, Role, Settings, Shift, TimeOfDay};
use interface::{Command, Link, Notice, TabletState, TabletView};
use lamplight_client_native::{Home, Process, ProcessError};
use std::time::Duration;

/// How long the relay may take.
const RELAY: Duration = Duration::from_secs(60);

#[derive(Args)]
pub(crate) struct FoundArguments {
    /// Name of the home.
    #[arg(long)]
    name: String,
    /// Its IANA time zone, e.g. America/Chicago.
    #[arg(long)]
    time_zone: String,
    /// Units of measure.
    #[arg(long, value_enum, default_value = "metric")]
    measures: Measures,
    /// Prefix of record numbers, one to six capital letters.
    #[arg(long)]
    record_prefix: String,
    /// Given name of the first administrator.
    #[arg(long)]
    given: String,
    /// Family name of the first administrator.
    #[arg(long)]
    family: String,
    /// Name of this device.
    #[arg(long, default_value = "Office")]
    device_name: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Measures {
    /// °C, kg
    Metric,
    /// °F, lb
    Us,
}

impl Measures {
    pub(super) fn system(self) -> MeasureSystem {
        match self {
            Self::Metric => MeasureSystem::Metric,
            Self::Us => MeasureSystem::UsCustomary,
        }
    }
}

#[derive(Args)]
pub(crate) struct InviteArguments {
    /// What is invited.
    #[arg(long, value_enum, default_value = "tablet")]
    kind: Kind,
    /// How many links.
    #[arg(long, default_value_t = 1)]
    count: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A shared tablet.
    Tablet,
    /// A program such as this one.
    Process,
}

#[derive(Args)]
pub(crate) struct EnrolArguments {
    /// Name of this device.
    #[arg(long)]
    device_name: String,
}

#[derive(Subcommand)]
pub(crate) enum PersonCommand {
    /// Add a member of staff: prints badge and PIN once. Standard input: badge, PIN.
    Add {
        /// Given names.
        #[arg(long)]
        given: String,
        /// Family name.
        #[arg(long)]
        family: String,
        /// Role.
        #[arg(long, value_enum)]
        role: RoleName,
        /// Letters after the name.
        #[arg(long)]
        credential: Option<String>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    /// Registered nurse.
    RegisteredNurse,
    /// Records coordinator.
    RecordsCoordinator,
    /// Administrator.
    Administrator,
}

impl RoleName {
    fn role(self) -> Role {
        match self {
            Self::RegisteredNurse => Role::RegisteredNurse,
            Self::RecordsCoordinator => Role::RecordsCoordinator,
            Self::Administrator => Role::Administrator,
        }
    }
}

#[derive(Args)]
pub(crate) struct SyncArguments {
    /// Stay connected and say what changes, until Ctrl-C.
    #[arg(long)]
    follow: bool,
}

pub(super) async fn found(cli: &mut Cli, arguments: FoundArguments) -> Result<(), CliError> {
    let (named, fragment) = split_link(&cli.input.line(wanted::FOUNDING_LINK)?)?;
    let time = |hour| TimeOfDay { hour, minute: 0 };
    let shift = |name: &str, hour| Shift {
        name: name.to_owned(),
        begins: time(hour),
    };
    let settings = Settings {
        name: arguments.name,
        time_zone: arguments.time_zone,
        measures: arguments.measures.system(),
        dose_times: vec![time(8), time(12), time(17), time(20)],
        shifts: vec![shift("Day", 7), shift("Evening", 15), shift("Night", 23)],
        dose_window_minutes: 60,
        record_prefix: arguments.record_prefix,
    };
    let (mut process, origin) = newcomer(&cli.home, named)?;
    let command = Command::Found {
        fragment: fragment.into(),
        settings,
        given: arguments.given,
        family: arguments.family,
        device_name: arguments.device_name,
    };
    if process.tablet()?.carried_on {
        aside(words::FOUNDING_CARRIED_ON);
    }
    process.start().await;
    let settled = process.settle(command, RELAY).await?;
    let shown = cli.out.settled(&settled, &origin);
    then_synced(shown, process).await
}

pub(super) async fn invite(cli: &mut Cli, arguments: InviteArguments) -> Result<(), CliError> {
    let mut process = cli.signed_in().await?;
    live(&mut process).await?;
    let command = Command::Invite {
        process: arguments.kind == Kind::Process,
        count: arguments.count,
    };
    let settled = process.settle(command, RELAY).await?;
    process.stop().await;
    let relay = cli.home.relay().unwrap_or_default();
    cli.out.settled(&settled, &relay)
}

pub(super) async fn enrol(cli: &mut Cli, arguments: EnrolArguments) -> Result<(), CliError> {
    let (named, fragment) = split_link(&cli.input.line(wanted::LINK)?)?;
    let (mut process, _) = newcomer(&cli.home, named)?;
    let begun = process.tablet()?;
    if begun.carried_on || begun.state == TabletState::Words {
        aside(words::ENROLMENT_CARRIED_ON);
    }
    process.start().await;
    if begun.state != TabletState::Words {
        let command = Command::Enrol {
            fragment: fragment.into(),
            device_name: arguments.device_name,
        };
        begin_enrolment(&mut process, command).await?;
    }
    let six = process.tablet()?.words.unwrap_or_default();
    cli.out.as_it_is(words::compare(&six))?;
    if !are_the_same(cli)? {
        process.command(Command::RejectWords).await?;
        return Err(Usage::GivenUp.into());
    }
    process.command(Command::ConfirmWords).await?;
    process
        .until(RELAY, |tablet| tablet.state == TabletState::Locked)
        .await?;
    process.stop().await;
    cli.out.line(words::ENROLLED_HERE)
}

/// Asks until one of the two words was said. When standard input ends before, nothing was decided,
/// and the same command asks again.
fn are_the_same(cli: &mut Cli) -> Result<bool, CliError> {
    loop {
        cli.out.line(words::SAME_OR_DIFFERENT)?;
        match same(&cli.input.line(wanted::ANSWER)?) {
            Some(answer) => return Ok(answer),
            None => aside(words::NEITHER_WORD),
        }
    }
}

/// Waits until there are six words to compare, or it has failed.
async fn begin_enrolment(process: &mut Process, command: Command) -> Result<(), CliError> {
    let interface::Done::Pending { command } = process.command(command).await? else {
        return Err(Usage::NothingToDo.into());
    };
    loop {
        match process.tablet()?.state {
            TabletState::Words => return Ok(()),
            TabletState::Blank => {
                process.settled(command, RELAY).await?;
            }
            TabletState::Enrolling
            | TabletState::Preparing
            | TabletState::Locked
            | TabletState::Open => {}
        }
        process.follow_quietly(RELAY).await?;
    }
}

pub(super) async fn person(cli: &mut Cli, command: PersonCommand) -> Result<(), CliError> {
    let PersonCommand::Add {
        given,
        family,
        role,
        credential,
    } = command;
    let mut process = cli.signed_in().await?;
    live(&mut process).await?;
    let command = Command::AddPerson {
        given,
        family,
        role: role.role(),
        credential,
    };
    let settled = process.settle(command, RELAY).await?;
    let relay = cli.home.relay().unwrap_or_default();
    let shown = cli.out.settled(&settled, &relay);
    then_synced(shown, process).await
}

/// Connects; a relay that cannot be reached is told at once.
async fn connect(process: &mut Process) -> Result<(), CliError> {
    process.start().await;
    match process.unreached() {
        Some(why) => Err(ProcessError::Unreached(why.clone()).into()),
        None => Ok(()),
    }
}

/// Connects and waits until both sides know each other.
async fn live(process: &mut Process) -> Result<(), CliError> {
    connect(process).await?;
    process
        .until(RELAY, |tablet| tablet.link == Link::Live)
        .await?;
    Ok(())
}

/// After what only this process knows was shown, or could not be: sends the rest.
async fn then_synced(shown: Result<(), CliError>, mut process: Process) -> Result<(), CliError> {
    let synced = process.until_synced(RELAY).await;
    process.stop().await;
    shown?;
    synced.map(drop).map_err(CliError::NotSynced)
}

/// A process that is to belong to the facility a link names, and the origin of its relay. The
/// link's is kept only where nothing belongs anywhere yet: a wrong one leads no home astray.
fn newcomer(home: &Home, named: String) -> Result<(Process, String), CliError> {
    let mut process = Process::new(home.engine()?, None);
    let tablet = process.tablet()?;
    let begun = tablet.carried_on || tablet.state != TabletState::Blank;
    let origin = match home.relay() {
        Some(kept) if begun => kept,
        _ => {
            home.keep_relay(&named)?;
            named
        }
    };
    process.connect_to(origin.clone());
    Ok((process, origin))
}

pub(super) async fn sync(cli: &mut Cli, arguments: &SyncArguments) -> Result<(), CliError> {
    let mut process = cli.process()?;
    if process.tablet()?.state == TabletState::Blank {
        return Err(interface::Refusal::NotEnrolled.into());
    }
    connect(&mut process).await?;
    let tablet = process.until_told(RELAY).await?;
    exchanged(cli, &tablet)?;
    if arguments.follow {
        follow(cli, &mut process).await?;
    }
    process.stop().await;
    Ok(())
}

fn exchanged(cli: &mut Cli, tablet: &TabletView) -> Result<(), CliError> {
    match cli.out.is_json() {
        true => cli.out.json(tablet),
        false => cli.out.line(words::exchange(tablet)),
    }
}

/// Says what changes until Ctrl-C.
async fn follow(cli: &mut Cli, process: &mut Process) -> Result<(), CliError> {
    loop {
        let notices = tokio::select! {
            notices = process.follow(Duration::from_secs(3_600)) => notices,
            _ = tokio::signal::ctrl_c() => return Ok(()),
        };
        if notices
            .iter()
            .any(|notice| matches!(notice, Notice::Tablet))
        {
            exchanged(cli, &process.tablet()?)?;
        }
        for notice in notices {
            match notice {
                Notice::DeviceAccepted { .. } if cli.out.is_json() => cli.out.json(&notice)?,
                Notice::DeviceAccepted { device, words: six } => {
                    cli.out.line(words::enrols(device, &six))?;
                }
                _ => {}
            }
        }
    }
}
