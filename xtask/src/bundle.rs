//! `bundle`: the two wasm programs, and out of them one folder that a relay can serve. The folder
//! is made by `bundler/`; cargo and the bundler both notice when nothing changed.

use crate::place;
use crate::setup::Toolchain;
use crate::shell::{Problem, Step, cargo, run};
use std::path::PathBuf;
use std::process::Command;

/// Which bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bundle {
    /// As it is released.
    Release,
    /// As tests use it: the worker answers queries from outside.
    DebugQuery,
}

impl From<bool> for Bundle {
    fn from(debug_query: bool) -> Self {
        if debug_query {
            Bundle::DebugQuery
        } else {
            Bundle::Release
        }
    }
}

impl Bundle {
    /// Cargo's profile, also the folder under `target/`.
    fn profile(self) -> &'static str {
        match self {
            Bundle::Release => "web",
            Bundle::DebugQuery => "web-debug",
        }
    }

    /// Where the finished bundle lies.
    pub(crate) fn folder(self) -> PathBuf {
        place::target().join(self.profile()).join("dist")
    }
}

/// Builds the bundle unless it is there already, and returns when it is complete.
pub(crate) fn make(bundle: Bundle) -> Result<(), Problem> {
    let step = Step::begin(format!("web bundle ({})", bundle.profile()));
    let toolchain = Toolchain::present().ok_or("no wasm32 target: run `cargo xtask setup`")?;
    // One after the other: built together, the page would get what only the worker asked for.
    build(toolchain, bundle, "lamplight-ui", &[])?;
    let features: &[&str] = match bundle {
        Bundle::Release => &[],
        Bundle::DebugQuery => &["--features", "lamplight-worker/query-interface"],
    };
    build(toolchain, bundle, "lamplight-worker", features)?;
    assemble(bundle)?;
    step.end();
    Ok(())
}

fn build(
    toolchain: Toolchain,
    bundle: Bundle,
    package: &str,
    more: &[&str],
) -> Result<(), Problem> {
    let mut arguments = vec!["build", "--locked", "--package", package, "--lib"];
    arguments.extend([
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        bundle.profile(),
    ]);
    arguments.extend(more);
    run(&mut toolchain.cargo(&arguments))
}

fn assemble(bundle: Bundle) -> Result<(), Problem> {
    run(&mut cargo(&[
        "build",
        "--locked",
        "--package",
        "lamplight-bundler",
    ]))?;
    let wasm = place::target()
        .join("wasm32-unknown-unknown")
        .join(bundle.profile());
    let mut bundler = Command::new(place::program("lamplight-bundler"));
    bundler.arg("--ui").arg(wasm.join("lamplight_ui.wasm"));
    bundler
        .arg("--worker")
        .arg(wasm.join("lamplight_worker.wasm"));
    bundler
        .arg("--static")
        .arg(place::root().join("client-web/static"));
    bundler
        .arg("--packages")
        .arg(place::web_packages().join("node_modules"));
    bundler.arg("--out").arg(bundle.folder());
    if bundle == Bundle::Release {
        bundler.arg("--optimise");
    }
    run(&mut bundler)
}
