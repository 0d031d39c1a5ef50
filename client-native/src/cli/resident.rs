//! `resident`: admitting somebody, and correcting who somebody is.

use super::house::bed_named;
use super::read::find;
use super::typed::{partial_date, word};
use super::words::{Usage, wanted};
use super::{Cli, CliError, record};
use clap::{Args, Subcommand};
use domain::chart::{Identity, Sex};
use interface::{Command, NewResident, Query, View};

#[derive(Subcommand)]
pub(crate) enum ResidentCommand {
    /// Admit a resident.
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
        /// Birth date, as far as it is known: YYYY-MM-DD, YYYY-MM or YYYY.
        #[arg(long)]
        born: Option<String>,
        /// female, male, other or unknown.
        #[arg(long, default_value = "unknown")]
        sex: String,
        /// Name of the bed.
        #[arg(long)]
        bed: Option<String>,
    },
    /// Correct a resident's identity. What is not named stays; the record number always does.
    Correct(CorrectArguments),
}

#[derive(Args)]
pub(crate) struct CorrectArguments {
    /// Resident: id, record number, or a search that finds exactly one.
    resident: String,
    /// Given names.
    #[arg(long)]
    given: Option<String>,
    /// Family name.
    #[arg(long)]
    family: Option<String>,
    /// Name the resident wants to be called; empty for none.
    #[arg(long)]
    preferred: Option<String>,
    /// Birth date, as far as it is known: YYYY-MM-DD, YYYY-MM or YYYY.
    #[arg(long)]
    born: Option<String>,
    /// female, male, other or unknown.
    #[arg(long)]
    sex: Option<String>,
}

pub(super) async fn resident(cli: &mut Cli, command: ResidentCommand) -> Result<(), CliError> {
    match command {
        ResidentCommand::Add {
            given,
            family,
            preferred,
            born,
            sex,
            bed,
        } => {
            let born = born.as_deref().map(partial_date).transpose()?;
            let sex = word::<Sex>(wanted::SEX, &sex)?;
            let mut process = cli.signed_in().await?;
            let bed = bed.map(|name| bed_named(&mut process, &name)).transpose()?;
            let new = NewResident {
                given,
                family,
                preferred,
                born,
                sex,
                bed,
                id: None,
            };
            record::save(cli, &mut process, Command::AddResident(new), None).await
        }
        ResidentCommand::Correct(arguments) => correct(cli, arguments).await,
    }
}

async fn correct(cli: &mut Cli, arguments: CorrectArguments) -> Result<(), CliError> {
    let mut process = cli.signed_in().await?;
    let row = find(&mut process, &arguments.resident)?;
    let View::Chart(chart) = process.query(&Query::Chart { resident: row.id })? else {
        return Err(Usage::NoView.into());
    };
    let [(before, by)] = chart.identity.as_slice() else {
        return Err(Usage::NoIdentity.into());
    };
    let identity = corrected(before, arguments)?;
    let command = Command::CorrectIdentity {
        resident: row.id,
        identity,
        replaces: by.entry.clone(),
    };
    record::save(cli, &mut process, command, Some(&row)).await
}

fn corrected(before: &Identity, says: CorrectArguments) -> Result<Identity, CliError> {
    let mut after = before.clone();
    if let Some(given) = says.given {
        after.given = given;
    }
    if let Some(family) = says.family {
        after.family = family;
    }
    if let Some(preferred) = says.preferred {
        after.preferred = Some(preferred).filter(|text| !text.is_empty());
    }
    if let Some(text) = says.born {
        after.born = Some(partial_date(&text)?);
    }
    if let Some(text) = says.sex {
        after.sex = word::<Sex>(wanted::SEX, &text)?;
    }
    if after == *before {
        return Err(Usage::NothingToChange.into());
    }
    Ok(after)
}
