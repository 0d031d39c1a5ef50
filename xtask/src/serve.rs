//! `run`: an empty relay, started as one would start it in earnest.

use crate::bundle::{self, Bundle};
use crate::shell::Problem;
use crate::{demo, place, setup};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// Flags of `run`.
#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Where the relay keeps its files.
    #[arg(long, default_value = "relay-data")]
    data: PathBuf,
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:8460")]
    listen: String,
}

/// Builds, then never returns unless something failed.
pub(crate) fn run(flags: &Flags) -> Result<(), Problem> {
    setup::run()?;
    bundle::make(Bundle::Release)?;
    demo::build_relay(Bundle::Release)?;
    let mut relay = Command::new(place::program("lamplight"));
    relay
        .arg("serve")
        .arg("--data")
        .arg(&flags.data)
        .args(["--listen", &flags.listen]);
    Err(format!("the relay could not be started: {}", relay.exec()))
}
