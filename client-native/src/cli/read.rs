//! Reading commands.

use super::words::{self, Usage};
use super::{Cli, CliError};
use clap::Args;
use domain::entry::ResidentId;
use interface::{Query, ResidentOrder, ResidentRow, View};
use lamplight_client_native::Process;
use serde::Serialize;

#[derive(Args)]
pub(crate) struct ResidentsArguments {
    /// Name, room, birth date or record number.
    #[arg(long, default_value = "")]
    search: String,
}

#[derive(Args)]
pub(crate) struct ChartArguments {
    /// Resident: id, record number, or a search that finds exactly one.
    resident: String,
}

/// Rows asked for at once.
pub(super) const ROWS: u32 = 100_000;

/// A chart as one JSON object.
#[derive(Serialize)]
struct WholeChart {
    chart: View,
    medicines: View,
    observations: View,
    notes: View,
    history: View,
}

/// The resident that a text names: an id, a record number, or a search with one result.
pub(super) fn find(process: &mut Process, text: &str) -> Result<ResidentRow, CliError> {
    if let Ok(resident) = text.parse::<ResidentId>() {
        return row(process, resident);
    }
    // Nothing typed finds nobody, though a list without a search shows everybody.
    let mut rows = match text.trim() {
        "" => Vec::new(),
        text => list(process, text)?,
    };
    let numbered = rows
        .iter()
        .position(|row| row.record_number.eq_ignore_ascii_case(text));
    match (rows.len(), numbered) {
        (0, _) => Err(Usage::NoResident(text.to_owned()).into()),
        (1, _) => Ok(rows.remove(0)),
        (_, Some(at)) => Ok(rows.remove(at)),
        (count, None) => Err(Usage::ManyResidents {
            text: text.to_owned(),
            count,
        }
        .into()),
    }
}

/// Who a resident is, as a list shows it.
pub(super) fn row(process: &mut Process, resident: ResidentId) -> Result<ResidentRow, CliError> {
    match process.query(&Query::Banner { resident })? {
        View::Banner(banner) => Ok(banner.row),
        _ => Err(Usage::NoView.into()),
    }
}

/// Residents that a search finds; all of them without one.
fn list(process: &mut Process, search: &str) -> Result<Vec<ResidentRow>, CliError> {
    let query = Query::Residents {
        order: ResidentOrder::Room,
        unit: None,
        search: search.to_owned(),
        limit: ROWS,
    };
    match process.query(&query)? {
        View::Residents(view) => Ok(view.residents),
        _ => Ok(Vec::new()),
    }
}

pub(super) async fn residents(
    cli: &mut Cli,
    arguments: &ResidentsArguments,
) -> Result<(), CliError> {
    let mut process = cli.signed_in().await?;
    let rows = list(&mut process, &arguments.search)?;
    if cli.out.is_json() {
        return cli.out.json(&rows);
    }
    if rows.is_empty() {
        return cli.out.line(words::NO_RESIDENTS);
    }
    rows.iter()
        .try_for_each(|row| cli.out.line(words::listed(row)))
}

pub(super) async fn chart(cli: &mut Cli, arguments: &ChartArguments) -> Result<(), CliError> {
    let mut process = cli.signed_in().await?;
    let resident = find(&mut process, &arguments.resident)?.id;
    let whole = WholeChart {
        chart: process.query(&Query::Chart { resident })?,
        medicines: process.query(&Query::Medicines {
            resident,
            date: None,
        })?,
        observations: process.query(&Query::Observations {
            resident,
            limit: ROWS,
            before: None,
        })?,
        notes: process.query(&Query::Notes {
            resident,
            limit: ROWS,
            before: None,
            search: String::new(),
        })?,
        history: process.query(&Query::History {
            resident,
            limit: ROWS,
            before: None,
        })?,
    };
    if cli.out.is_json() {
        return cli.out.json(&whole);
    }
    match (&whole.chart, &whole.observations, &whole.notes) {
        (View::Chart(chart), View::Observations(observations), View::Notes(notes)) => {
            cli.out.lines(&words::chart(chart, observations, notes))
        }
        _ => Err(Usage::NoView.into()),
    }
}

pub(super) fn status(cli: &mut Cli) -> Result<(), CliError> {
    let tablet = cli.process()?.tablet()?;
    match cli.out.is_json() {
        true => cli.out.json(&tablet),
        false => cli.out.lines(&words::device(&tablet)),
    }
}
