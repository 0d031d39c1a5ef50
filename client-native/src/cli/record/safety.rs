//! `record RESIDENT allergy` and `code-status`: what a banner shows.

use crate::cli::CliError;
use crate::cli::typed::word;
use crate::cli::words::{Usage, wanted};
use clap::Args;
use domain::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Severity};
use domain::entry::ResidentId;
use interface::{Command, ContradictionKind, Query, View};
use lamplight_client_native::Process;

#[derive(Args)]
pub(super) struct AllergyArguments {
    /// The substance.
    #[arg(
        long,
        conflicts_with = "none_known",
        required_unless_present = "none_known"
    )]
    substance: Option<String>,
    /// What happens.
    #[arg(long)]
    reaction: Option<String>,
    /// mild, moderate or severe.
    #[arg(long)]
    severity: Option<String>,
    /// Asked, and none is known.
    #[arg(long)]
    none_known: bool,
}

#[derive(Args)]
pub(super) struct CodeStatusArguments {
    /// The choice.
    choice: String,
    /// Who stated it.
    #[arg(long)]
    stated_by: Option<String>,
    /// Words.
    #[arg(long)]
    comment: Option<String>,
}

pub(super) fn allergy(
    resident: ResidentId,
    arguments: AllergyArguments,
) -> Result<Command, CliError> {
    let severity = arguments
        .severity
        .map(|text| word::<Severity>(wanted::SEVERITY, &text))
        .transpose()?;
    let allergy = match arguments.substance {
        Some(substance) => Allergy::To(AllergyTo {
            substance,
            reaction: arguments.reaction,
            severity,
            source: None,
        }),
        None => Allergy::NoneKnown,
    };
    Ok(Command::RecordAllergy {
        resident,
        allergy,
        at: None,
    })
}

/// Replaces the status that stands; while two wait for a decision it replaces none.
pub(super) fn code_status(
    process: &mut Process,
    resident: ResidentId,
    arguments: CodeStatusArguments,
) -> Result<Command, CliError> {
    let choice = word::<CodeStatusChoice>(wanted::CODE_STATUS, &arguments.choice)?;
    let View::Chart(chart) = process.query(&Query::Chart { resident })? else {
        return Err(Usage::NoView.into());
    };
    let waits = chart
        .contradictions
        .iter()
        .any(|case| case.kind == ContradictionKind::CodeStatus);
    let replaces = chart
        .code_status
        .into_iter()
        .filter(|_| !waits)
        .map(|statement| statement.by.entry)
        .collect();
    Ok(Command::RecordCodeStatus {
        resident,
        status: CodeStatus {
            choice,
            comment: arguments.comment,
            stated_by: arguments.stated_by,
        },
        replaces,
        at: None,
    })
}
