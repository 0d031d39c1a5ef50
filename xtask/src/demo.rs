//! `demo`: builds what is missing, then hands over to `demo/`, which becomes this process.

use crate::bundle::{self, Bundle};
use crate::shell::{self, Problem, Step, cargo};
use crate::{place, setup};
use std::os::unix::process::CommandExt;
use std::process::Command;

#[path = "../demo/src/flags.rs"]
mod flags;

/// Flags of `demo`: one of ours, the others the demo's own.
#[derive(clap::Args)]
// Groups are named after their types, and these two have one name.
#[group(skip)]
pub(crate) struct Flags {
    /// Serve the bundle that tests use, which answers queries from outside.
    #[arg(long)]
    debug_query: bool,
    /// Read here to be checked; the demo gets them as they were typed.
    #[command(flatten)]
    own: flags::Flags,
}

/// Builds, then never returns unless something failed.
pub(crate) fn run(flags: &Flags) -> Result<(), Problem> {
    setup::run()?;
    let bundle = Bundle::from(flags.debug_query);
    bundle::make(bundle)?;
    let step = Step::begin("demo, with relay and client inside");
    build_demo(bundle)?;
    step.end();
    let mut demo = Command::new(place::program("lamplight-demo"));
    let typed = std::env::args_os()
        .skip_while(|word| word != "demo")
        .skip(1);
    demo.args(typed.filter(|word| word != "--debug-query"));
    Err(format!("the demo could not be started: {}", demo.exec()))
}

/// The relay with a web client inside. On its own: built together with the client, it would get the
/// client's encrypted SQLite.
pub(crate) fn build_relay(bundle: Bundle) -> Result<(), Problem> {
    with_bundle(
        &["build", "--locked", "--package", "lamplight-server"],
        bundle,
    )
}

/// The native client.
pub(crate) fn build_client() -> Result<(), Problem> {
    shell::run(&mut cargo(&[
        "build",
        "--locked",
        "--package",
        "lamplight-client-native",
    ]))
}

/// The demo, which has a relay and a client inside.
pub(crate) fn build_demo(bundle: Bundle) -> Result<(), Problem> {
    with_bundle(
        &["build", "--locked", "--package", "lamplight-demo"],
        bundle,
    )
}

fn with_bundle(arguments: &[&str], bundle: Bundle) -> Result<(), Problem> {
    shell::run(cargo(arguments).env("LAMPLIGHT_WEB_DIST", bundle.folder()))
}
