//! What waits for a decision, and deciding it.

use super::typed::key;
use super::words::{self, Usage};
use super::{Cli, CliError, record};
use clap::Args;
use domain::meta::Decision;
use interface::{Command, ContradictionView, Query, View};
use lamplight_client_native::Process;

#[derive(Args)]
pub(crate) struct ContradictionsArguments {
    /// Decided ones too.
    #[arg(long)]
    decided: bool,
}

#[derive(Args)]
pub(crate) struct ResolveArguments {
    /// The contradiction's id.
    contradiction: String,
    /// Both happened, or both are true.
    #[arg(long, conflicts_with_all = ["only", "neither"], required_unless_present_any = ["only", "neither"])]
    both: bool,
    /// Only this entry is right.
    #[arg(long, value_name = "ENTRY", conflicts_with = "neither")]
    only: Option<String>,
    /// None of them is right, but this entry, which was made since.
    #[arg(long, value_name = "ENTRY")]
    neither: Option<String>,
    /// Why.
    #[arg(long)]
    reason: String,
}

pub(super) async fn contradictions(
    cli: &mut Cli,
    arguments: &ContradictionsArguments,
) -> Result<(), CliError> {
    let mut process = cli.signed_in().await?;
    let found = listed(&mut process, arguments.decided)?;
    if cli.out.is_json() {
        return cli.out.json(&found);
    }
    if found.is_empty() {
        return cli.out.line(words::NOTHING_TO_RECONCILE);
    }
    let beds = match process.query(&Query::House)? {
        View::House(house) => house.beds,
        _ => return Err(Usage::NoView.into()),
    };
    for found in &found {
        cli.out.lines(&words::contradiction(found, &beds))?;
    }
    Ok(())
}

fn listed(process: &mut Process, decided: bool) -> Result<Vec<ContradictionView>, CliError> {
    let query = Query::Contradictions {
        decided,
        resident: None,
    };
    match process.query(&query)? {
        View::Contradictions { contradictions } => Ok(contradictions),
        _ => Err(Usage::NoView.into()),
    }
}

pub(super) async fn resolve(cli: &mut Cli, arguments: ResolveArguments) -> Result<(), CliError> {
    let decision = match (&arguments.only, &arguments.neither) {
        (Some(text), _) => Decision::Only(key(text)?),
        (None, Some(text)) => Decision::Neither(key(text)?),
        (None, None) => Decision::Both,
    };
    let mut process = cli.signed_in().await?;
    let found = listed(&mut process, true)?
        .into_iter()
        .find(|found| found.id == arguments.contradiction)
        .ok_or_else(|| Usage::NoContradiction(arguments.contradiction.clone()))?;
    let command = Command::Resolve {
        contradiction: arguments.contradiction,
        decision,
        reason: arguments.reason,
    };
    record::save(cli, &mut process, command, found.resident.as_ref()).await
}
