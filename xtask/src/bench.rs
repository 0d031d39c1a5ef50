//! `bench`: builds everything as it is given to others, then starts `bench/`, which measures.

use crate::bundle::{self, Bundle};
use crate::shell::{self, Problem, Step, cargo};
use crate::{place, setup};
use std::path::PathBuf;
use std::process::Command;

/// Cargo's profile of what is measured.
const PROFILE: &str = "release";

/// Flags of `bench`.
#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Only the relay and the native client.
    #[arg(long, conflicts_with = "browser")]
    native: bool,
    /// Only the web client in Chromium.
    #[arg(long)]
    browser: bool,
    /// Only these scenes: throughput, latency, first-sync, crowd, browser. Repeatable.
    #[arg(long, value_name = "SCENE")]
    only: Vec<String>,
    /// Small sizes: some minutes instead of half an hour. Goals are stated for the full ones.
    #[arg(long)]
    quick: bool,
    /// Write the figures as JSON, too.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// Builds, then measures.
pub(crate) fn run(flags: &Flags) -> Result<(), Problem> {
    setup::run()?;
    // The relay has the web client inside, whether it is measured or not.
    bundle::make(Bundle::Release)?;
    let step = Step::begin("relay and bench, as released (minutes, the first time)");
    for package in ["lamplight-server", "lamplight-bench"] {
        let mut build = cargo(&[
            "build",
            "--locked",
            "--profile",
            PROFILE,
            "--package",
            package,
        ]);
        shell::run(build.env("LAMPLIGHT_WEB_DIST", Bundle::Release.folder()))?;
    }
    step.end();
    let programs = place::target().join(PROFILE);
    let mut bench = Command::new(programs.join("lamplight-bench"));
    bench
        .args(["--profile", PROFILE])
        .env("LAMPLIGHT_PROGRAMS", &programs)
        .arg("--bundle")
        .arg(Bundle::Release.folder());
    for scene in &flags.only {
        bench.args(["--only", scene]);
    }
    for (flag, given) in [
        ("--native", flags.native),
        ("--browser", flags.browser),
        ("--quick", flags.quick),
    ] {
        if given {
            bench.arg(flag);
        }
    }
    if let Some(json) = &flags.json {
        bench.arg("--json").arg(json);
    }
    shell::run(&mut bench)
}
