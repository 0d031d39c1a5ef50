//! `cargo xtask <command>`: everything one does with this repository. Each command runs the ones it
//! needs first, so a fresh clone needs no other step.
//!
//! This program stays small, because it is compiled before anything else: the web bundle is made by
//! `bundler/`, the demo home by `demo/`, the figures by `bench/`, all started from here.

mod bench;
mod bundle;
mod demo;
mod place;
mod serve;
mod setup;
mod shell;
mod test;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Lamplight's own tool.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing on this machine; quick when nothing is.
    Setup,
    /// Build the web client into one folder of content-hashed files.
    Bundle {
        /// Build the bundle that tests use: it answers queries from outside and is optimised less.
        #[arg(long)]
        debug_query: bool,
    },
    /// A relay with the demo home "Maple House" and links for two tablets.
    Demo(demo::Flags),
    /// An empty relay as one would start it in earnest; prints one founding link.
    Run(serve::Flags),
    /// Figures of relay, native client and web client, with goals and what peers need elsewhere.
    Bench(bench::Flags),
    /// What CI runs; ends with "N passed, N failed".
    Test(test::Flags),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Setup => setup::run(),
        Task::Bundle { debug_query } => {
            setup::run().and_then(|()| bundle::make(debug_query.into()))
        }
        Task::Demo(flags) => demo::run(&flags),
        Task::Run(flags) => serve::run(&flags),
        Task::Bench(flags) => bench::run(&flags),
        Task::Test(flags) => test::run(&flags),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            if !problem.is_empty() {
                eprintln!("\nxtask: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}
