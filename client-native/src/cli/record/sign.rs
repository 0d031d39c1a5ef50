//! `record RESIDENT sign`: entries of the resident that was named, each once. A key copied from another
//! chart is refused, however much its author may sign it there.

use crate::cli::CliError;
use crate::cli::typed::key;
use crate::cli::words::Usage;
use domain::Fact;
use domain::entry::ResidentId;
use ids::EntryKey;
use interface::{Command, HistoryRow, Query, View};
use lamplight_client_native::Process;

/// Rows of a history asked for at once.
const PAGE: u32 = 1_000;

pub(super) fn command(
    process: &mut Process,
    resident: ResidentId,
    entries: &[String],
) -> Result<Command, CliError> {
    let entries: Vec<EntryKey> = entries
        .iter()
        .map(|text| key(text))
        .collect::<Result<_, _>>()?;
    check(&history(process, resident)?, &entries)?;
    Ok(Command::Sign { entries })
}

fn history(process: &mut Process, resident: ResidentId) -> Result<Vec<HistoryRow>, CliError> {
    let mut rows: Vec<HistoryRow> = Vec::new();
    loop {
        let before = rows.last().map(|row| row.by.entry.clone());
        let query = Query::History {
            resident,
            limit: PAGE,
            before,
        };
        let View::History(page) = process.query(&query)? else {
            return Err(Usage::NoView.into());
        };
        if page.rows.is_empty() {
            return Ok(rows);
        }
        rows.extend(page.rows);
    }
}

fn check(history: &[HistoryRow], entries: &[EntryKey]) -> Result<(), Usage> {
    for key in entries {
        if !history.iter().any(|row| row.by.entry == *key) {
            return Err(Usage::NotInChart(key.clone()));
        }
        let signs = |row: &HistoryRow| match &row.fact {
            Some(Fact::Signature(says)) => row.struck.is_none() && says.entries.contains(key),
            _ => false,
        };
        if history.iter().any(signs) {
            return Err(Usage::SignedAlready(key.clone()));
        }
    }
    Ok(())
}
