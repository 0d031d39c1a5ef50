//! `setup`: brings a fresh Debian machine with Rust up to what this repository needs. Looks first
//! and does only what is missing; with nothing to do it takes a fraction of a second.

mod apt;
mod npm;
mod wasm;

pub(crate) use wasm::Toolchain;

use crate::shell::{Problem, which};
use std::process::Command;

/// Installs what is missing.
pub(crate) fn run() -> Result<(), Problem> {
    apt::install_missing()?;
    wasm::ensure()?;
    npm::ensure()
}

/// A command with the rights of root: as it is for root, through `sudo` for everybody else.
///
/// # Errors
/// When sudo is needed and not installed.
fn as_root(program: &str) -> Result<Command, Problem> {
    if crate::shell::output(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Ok(Command::new(program));
    }
    if which("sudo").is_none() {
        return Err(format!(
            "`{program}` needs root and there is no sudo here; run `cargo xtask setup` as root once"
        ));
    }
    let mut command = Command::new("sudo");
    command.args(["--preserve-env=DEBIAN_FRONTEND", program]);
    Ok(command)
}
