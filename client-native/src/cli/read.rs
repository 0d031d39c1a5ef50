//! Reading commands.

use super::input::Input;
use super::words::{self, Usage};
use super::{CliError, print, process, signed_in};
use clap::Args;
use domain::entry::ResidentId;
use interface::{Query, ResidentOrder, ResidentRow, View};
use lamplight_client_native::{Home, Process};
use serde::Serialize;

#[derive(Args)]
pub(crate) struct ResidentsArguments {
    /// Name, room, birth date or record number.
    #[arg(long, default_value = "")]
    search: String,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct ChartArguments {
    /// Resident: id, record number, or a search that finds exactly one.
    resident: String,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct ContradictionsArguments {
    /// Decided ones too.
    #[arg(long)]
    decided: bool,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct StatusArguments {
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// Rows asked for at once.
const ROWS: u32 = 100_000;

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
pub(crate) fn find(process: &mut Process, text: &str) -> Result<ResidentId, CliError> {
    if let Ok(id) = text.parse::<ResidentId>() {
        return Ok(id);
    }
    let rows = list(process, text)?;
    match rows.as_slice() {
        [only] => Ok(only.id),
        [] => Err(Usage::NoResident(text.to_owned()).into()),
        several => match several
            .iter()
            .find(|row| row.record_number.eq_ignore_ascii_case(text))
        {
            Some(row) => Ok(row.id),
            None => Err(Usage::ManyResidents {
                text: text.to_owned(),
                count: several.len(),
            }
            .into()),
        },
    }
}

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

pub(crate) async fn residents(
    home: &Home,
    input: &mut Input,
    arguments: &ResidentsArguments,
) -> Result<(), CliError> {
    let mut process = signed_in(home, input).await?;
    let rows = list(&mut process, &arguments.search)?;
    if arguments.json {
        return print::json(&rows);
    }
    if rows.is_empty() {
        println!("{}", words::NO_RESIDENTS);
    }
    for row in rows {
        let born = row.born.map(String::from).unwrap_or_default();
        println!(
            "{:<6} {:<14} {}, {}  born {born}",
            row.room,
            row.record_number,
            row.family.to_uppercase(),
            row.given
        );
    }
    Ok(())
}

pub(crate) async fn chart(
    home: &Home,
    input: &mut Input,
    arguments: &ChartArguments,
) -> Result<(), CliError> {
    let mut process = signed_in(home, input).await?;
    let resident = find(&mut process, &arguments.resident)?;
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
    if arguments.json {
        return print::json(&whole);
    }
    println!("{}", serde_json::to_string_pretty(&whole)?);
    Ok(())
}

pub(crate) async fn contradictions(
    home: &Home,
    input: &mut Input,
    arguments: &ContradictionsArguments,
) -> Result<(), CliError> {
    let mut process = signed_in(home, input).await?;
    let query = Query::Contradictions {
        decided: arguments.decided,
        resident: None,
    };
    let View::Contradictions { contradictions } = process.query(&query)? else {
        return Ok(());
    };
    if arguments.json {
        return print::json(&contradictions);
    }
    if contradictions.is_empty() {
        println!("{}", words::NOTHING_TO_RECONCILE);
    }
    for found in contradictions {
        let who = found
            .resident
            .map(|row| format!("{}, {}", row.family.to_uppercase(), row.given))
            .unwrap_or_default();
        println!("{}  {}  {who}", found.id, words::contradiction(found.kind));
        for side in found.sides {
            println!(
                "    {}  {} on {}: {}",
                side.by.entry,
                side.by.name,
                side.by.device_name,
                words::fact(&side.fact)
            );
        }
    }
    Ok(())
}

pub(crate) fn status(home: &Home, arguments: &StatusArguments) -> Result<(), CliError> {
    let mut process = process(home)?;
    let tablet = process.tablet()?;
    if arguments.json {
        return print::json(&tablet);
    }
    println!("{}", words::device(&tablet));
    print::tablet(&tablet);
    Ok(())
}
