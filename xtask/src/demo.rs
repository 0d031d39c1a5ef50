//! `demo`: builds what is missing, then hands over to `demo/`, which becomes this process.

use crate::bundle::{self, Bundle};
use crate::shell::{self, Problem, Step, cargo};
use crate::{place, setup};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// Whether six months of history are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum History {
    /// All of it.
    Full,
    /// Residents, problems and orders only.
    None,
}

/// Flags of `demo`, handed on as they are.
#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Port of the relay on loopback; tablets get the ports after it. Without it the ports of the
    /// last start with the same data, or free ones.
    #[arg(long)]
    port: Option<u16>,
    /// Where relay, office and secrets lie.
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Residents of the home.
    #[arg(long, default_value_t = 40)]
    residents: u32,
    /// How much history they have.
    #[arg(long, value_enum, default_value = "full")]
    history: History,
    /// Tablets: one enrolment link and one proxy each.
    #[arg(long, default_value_t = 2)]
    tablets: u32,
    /// Drives what is generated; never keys.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The generator's present, RFC 3339; moves nothing else.
    #[arg(long)]
    now: Option<String>,
    /// Written when everything serves: links, people, badges and PINs as JSON.
    #[arg(long)]
    ready: Option<PathBuf>,
    /// Serve the bundle that tests use, which answers queries from outside.
    #[arg(long)]
    debug_query: bool,
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
    demo.arg("--data").arg(&flags.data);
    demo.args(["--residents", &flags.residents.to_string()]);
    demo.args([
        "--history",
        if flags.history == History::Full {
            "full"
        } else {
            "none"
        },
    ]);
    demo.args([
        "--tablets",
        &flags.tablets.to_string(),
        "--seed",
        &flags.seed.to_string(),
    ]);
    if let Some(port) = flags.port {
        demo.args(["--port", &port.to_string()]);
    }
    if let Some(now) = &flags.now {
        demo.args(["--now", now]);
    }
    if let Some(ready) = &flags.ready {
        demo.arg("--ready").arg(ready);
    }
    Err(format!("the demo could not be started: {}", demo.exec()))
}

/// The relay with a web client inside. On its own: built together with the client, it would get the
/// client's encrypted SQLite.
pub(crate) fn build_relay(bundle: Bundle) -> Result<(), Problem> {
    with_bundle(&["build", "--package", "lamplight-server"], bundle)
}

/// The native client.
pub(crate) fn build_client() -> Result<(), Problem> {
    shell::run(&mut cargo(&[
        "build",
        "--package",
        "lamplight-client-native",
    ]))
}

/// The demo, which has a relay and a client inside.
pub(crate) fn build_demo(bundle: Bundle) -> Result<(), Problem> {
    with_bundle(&["build", "--package", "lamplight-demo"], bundle)
}

fn with_bundle(arguments: &[&str], bundle: Bundle) -> Result<(), Problem> {
    shell::run(cargo(arguments).env("LAMPLIGHT_WEB_DIST", bundle.folder()))
}
