//! `house`: units, rooms with their beds, and settings.

use super::facility::Measures;
use super::typed::{time, times, wrong};
use super::words::{self, Usage, wanted};
use super::{Cli, CliError, record};
use clap::{Args, Subcommand};
use domain::directory::{Settings, Shift};
use domain::entry::SpaceId;
use interface::{Command, HouseView, Query, View};
use lamplight_client_native::Process;

#[derive(Subcommand)]
pub(crate) enum HouseCommand {
    /// Settings, units and beds.
    Show,
    /// Add a unit, such as a wing.
    AddUnit {
        /// Its name.
        #[arg(long)]
        name: String,
    },
    /// Add a room with its beds.
    AddRoom {
        /// Name of the unit it is in.
        #[arg(long)]
        unit: String,
        /// Its name.
        #[arg(long)]
        name: String,
        /// Names of its beds, e.g. 12A,12B; one bed of the room's name when absent.
        #[arg(long, value_delimiter = ',')]
        beds: Vec<String>,
    },
    /// Change the settings. What is not named stays as it is.
    Settings(SettingsArguments),
}

#[derive(Args)]
pub(crate) struct SettingsArguments {
    /// Name of the home.
    #[arg(long)]
    name: Option<String>,
    /// Its IANA time zone, e.g. America/Chicago.
    #[arg(long)]
    time_zone: Option<String>,
    /// Units of measure.
    #[arg(long, value_enum)]
    measures: Option<Measures>,
    /// Usual dose times, e.g. 08:00,12:00,20:00.
    #[arg(long, value_delimiter = ',')]
    dose_times: Vec<String>,
    /// Shifts with their beginnings, e.g. Day=07:00,Evening=15:00,Night=23:00.
    #[arg(long, value_delimiter = ',')]
    shifts: Vec<String>,
    /// Minutes before and after its time in which a dose is neither early nor late.
    #[arg(long)]
    dose_window: Option<u16>,
    /// Prefix of record numbers given from now on, one to six capital letters.
    #[arg(long)]
    record_prefix: Option<String>,
}

pub(super) async fn house(cli: &mut Cli, command: HouseCommand) -> Result<(), CliError> {
    let mut process = cli.signed_in().await?;
    let house = shown(&mut process)?;
    let command = match command {
        HouseCommand::Show if cli.out.is_json() => return cli.out.json(&house),
        HouseCommand::Show => return cli.out.lines(&words::house(&house)),
        HouseCommand::AddUnit { name } => Command::AddUnit { name },
        HouseCommand::AddRoom { unit, name, beds } => {
            let found = house.units.iter().find(|row| row.name == unit);
            let found = found.ok_or(Usage::NoUnit(unit))?;
            let beds = match beds.is_empty() {
                true => vec![name.clone()],
                false => beds.iter().map(|bed| bed.trim().to_owned()).collect(),
            };
            Command::AddRoom {
                unit: found.id,
                name,
                beds,
            }
        }
        HouseCommand::Settings(arguments) => Command::ChangeSettings {
            settings: changed(house.settings, arguments)?,
        },
    };
    record::save(cli, &mut process, command, None).await
}

fn changed(before: Settings, arguments: SettingsArguments) -> Result<Settings, CliError> {
    let mut after = before.clone();
    if let Some(name) = arguments.name {
        after.name = name;
    }
    if let Some(time_zone) = arguments.time_zone {
        after.time_zone = time_zone;
    }
    if let Some(measures) = arguments.measures {
        after.measures = measures.system();
    }
    if !arguments.dose_times.is_empty() {
        after.dose_times = times(&arguments.dose_times)?;
    }
    if !arguments.shifts.is_empty() {
        let shifts = arguments.shifts.iter().map(|text| shift(text));
        after.shifts = shifts.collect::<Result<_, _>>()?;
        after.shifts.sort_by_key(|shift| shift.begins);
    }
    if let Some(minutes) = arguments.dose_window {
        after.dose_window_minutes = minutes;
    }
    if let Some(prefix) = arguments.record_prefix {
        after.record_prefix = prefix;
    }
    if after == before {
        return Err(Usage::NothingToChange.into());
    }
    Ok(after)
}

/// `Day=07:00`.
fn shift(text: &str) -> Result<Shift, CliError> {
    let (name, begins) = text
        .split_once('=')
        .ok_or_else(|| wrong(wanted::SHIFT, text))?;
    Ok(Shift {
        name: name.trim().to_owned(),
        begins: time(begins)?,
    })
}

fn shown(process: &mut Process) -> Result<HouseView, CliError> {
    match process.query(&Query::House)? {
        View::House(house) => Ok(house),
        _ => Err(Usage::NoView.into()),
    }
}

/// The bed of a name.
pub(super) fn bed_named(process: &mut Process, name: &str) -> Result<SpaceId, CliError> {
    let beds = shown(process)?.beds;
    let found = beds.into_iter().find(|bed| bed.name == name);
    found
        .map(|bed| bed.id)
        .ok_or_else(|| wrong(wanted::BED, name))
}
