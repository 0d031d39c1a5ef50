//! `record RESIDENT order` and `end-order`.

use crate::cli::CliError;
use crate::cli::typed::{date, time, times, today, wrong};
use crate::cli::words::{Usage, wanted};
use clap::Args;
use domain::directory::Date;
use domain::entry::ResidentId;
use ids::EntryKey;
use interface::{Command, NewOrder, Query, View};
use lamplight_client_native::Process;

#[derive(Args)]
pub(super) struct OrderArguments {
    /// The medicine.
    #[arg(long)]
    medicine: String,
    /// The dose in words, e.g. "3 mg".
    #[arg(long)]
    dose: String,
    /// The route.
    #[arg(long, default_value = "by mouth")]
    route: String,
    /// Times of day, e.g. 08:00,20:00, in any order.
    #[arg(
        long,
        value_delimiter = ',',
        conflicts_with = "as_needed",
        required_unless_present = "as_needed"
    )]
    times: Vec<String>,
    /// Given as needed, and for what.
    #[arg(long, value_name = "REASON")]
    as_needed: Option<String>,
    /// Who prescribed it.
    #[arg(long)]
    prescriber: Option<String>,
    /// First day, YYYY-MM-DD; today when absent.
    #[arg(long)]
    starts: Option<String>,
    /// From when on that day it is due, HH:MM; from its beginning when absent.
    #[arg(long)]
    starts_at: Option<String>,
    /// High-alert medicine.
    #[arg(long)]
    high_alert: bool,
    /// Least minutes between two doses given as needed.
    #[arg(long, requires = "as_needed")]
    apart_minutes: Option<u16>,
    /// Most doses given as needed within 24 hours.
    #[arg(long, requires = "as_needed")]
    most_in_a_day: Option<u16>,
    /// When a dose is to be held back, e.g. "pulse below 55".
    #[arg(long)]
    hold: Option<String>,
}

#[derive(Args)]
pub(super) struct EndArguments {
    /// Id of the order, as `chart` prints it.
    #[arg(long)]
    order: String,
    /// Last day, YYYY-MM-DD; today when absent.
    #[arg(long)]
    last: Option<String>,
    /// From when on that day nothing is due any more, HH:MM; the whole day counts when absent.
    #[arg(long)]
    last_at: Option<String>,
}

pub(super) fn command(
    process: &mut Process,
    resident: ResidentId,
    arguments: OrderArguments,
) -> Result<Command, CliError> {
    let order = NewOrder {
        id: None,
        medicine: arguments.medicine,
        dose: arguments.dose,
        route: arguments.route,
        times: times(&arguments.times)?,
        as_needed: arguments.as_needed,
        starts: day(process, arguments.starts.as_deref())?,
        starts_at: arguments.starts_at.as_deref().map(time).transpose()?,
        prescriber: arguments.prescriber,
        high_alert: arguments.high_alert,
        apart_minutes: arguments.apart_minutes,
        most_in_a_day: arguments.most_in_a_day,
        hold: arguments.hold,
    };
    Ok(Command::RecordOrder { resident, order })
}

pub(super) fn end(
    process: &mut Process,
    resident: ResidentId,
    arguments: EndArguments,
) -> Result<Command, CliError> {
    let last = day(process, arguments.last.as_deref())?;
    let order = standing(process, resident, &arguments.order)?;
    let last_at = arguments.last_at.as_deref().map(time).transpose()?;
    Ok(Command::EndOrder {
        order,
        last,
        last_at,
    })
}

/// A day that was typed, or today in the home.
fn day(process: &mut Process, text: Option<&str>) -> Result<Date, CliError> {
    match text {
        Some(text) => date(text),
        None => today(process),
    }
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
