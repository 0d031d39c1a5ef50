//! `cargo xtask bench`: the figures. Native scenes with relay and clients as processes of their own.

mod crew;
mod figure;
mod machine;
mod native;
mod sizes;
mod stage;
mod tally;
mod task;
mod worker;
mod writing;

use clap::{Parser, Subcommand};
use figure::Results;
use machine::Machine;
use native::{SCENES, Scene};
use sizes::{FULL, QUICK, SMALLEST};
use std::path::PathBuf;
use std::process::ExitCode;

/// Why there are no figures; a sentence for the person at the terminal.
type Problem = String;

/// Given by `cargo xtask bench`, which says what each is for.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,
    #[arg(long)]
    only: Vec<Scene>,
    #[arg(long, conflicts_with = "smallest")]
    quick: bool,
    /// Sizes that only show that everything runs.
    #[arg(long, hide = true)]
    smallest: bool,
    #[arg(long)]
    json: Option<PathBuf>,
    /// What the native programs were built with.
    #[arg(long, default_value = "dev")]
    profile: String,
}

#[derive(Subcommand)]
enum Role {
    /// A client of a scene; reads its task from standard input.
    #[command(hide = true)]
    Worker,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.role {
        Some(Role::Worker) => worker::run(),
        None => measure(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nbench: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<(), Problem> {
    let sizes = match (arguments.quick, arguments.smallest) {
        (_, true) => SMALLEST,
        (true, false) => QUICK,
        (false, false) => FULL,
    };
    let mut results = Results {
        machine: Machine::look(stage::folder(None)?.path())?,
        profile: arguments.profile.clone(),
        sizes: sizes.name.to_owned(),
        figures: Vec::new(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let mut outcome = Ok(());
    for scene in SCENES {
        if !arguments.only.is_empty() && !arguments.only.contains(&scene) {
            continue;
        }
        match runtime.block_on(native::play(scene, &sizes)) {
            Ok(figures) => results.figures.extend(figures),
            Err(problem) => outcome = Err(problem),
        }
    }
    // What was measured before something failed is worth telling too.
    print!("{}", results.table());
    if let Some(file) = &arguments.json {
        let text = serde_json::to_string_pretty(&results).map_err(|error| error.to_string())?;
        std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    outcome
}

/// Says what goes on.
fn say(words: impl AsRef<str>) {
    eprintln!("    {}", words.as_ref());
}
