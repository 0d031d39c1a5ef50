//! What the relay refused for good: read, printed whole, and taken off the list.

use super::typed::wrong;
use super::words::{self, Usage, wanted};
use super::{Cli, CliError};
use clap::Args;
use interface::{Command, Query, View};

#[derive(Args)]
pub(crate) struct NotAcceptedArguments {
    /// Take this envelope off the list: it was entered again, or is not wanted.
    #[arg(long, value_name = "ENVELOPE")]
    dealt_with: Option<String>,
}

pub(super) async fn not_accepted(
    cli: &mut Cli,
    arguments: &NotAcceptedArguments,
) -> Result<(), CliError> {
    let mut process = cli.signed_in().await?;
    if let Some(text) = &arguments.dealt_with {
        let envelope = text.parse().map_err(|_| wrong(wanted::ENVELOPE, text))?;
        process.command(Command::DealWith { envelope }).await?;
    }
    let View::NotAccepted(view) = process.query(&Query::NotAccepted)? else {
        return Err(Usage::NoView.into());
    };
    match cli.out.is_json() {
        true => cli.out.json(&view),
        false => cli.out.lines(&words::not_accepted(&view)),
    }
}
