//! `cargo xtask bench`: the figures. Native scenes with relay and clients as processes of their own,
//! then the web client in Chromium.

mod browser;
mod crew;
mod figure;
mod machine;
mod native;
mod scene;
mod sizes;
mod stage;
mod tally;
mod task;
mod worker;
mod writing;

use clap::{Parser, Subcommand};
use figure::Results;
use machine::Machine;
use scene::{SCENES, Scene};
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
    #[arg(long, conflicts_with = "browser")]
    native: bool,
    #[arg(long)]
    browser: bool,
    #[arg(long)]
    only: Vec<Scene>,
    #[arg(long, conflicts_with = "smallest")]
    quick: bool,
    /// Sizes that only show that everything runs.
    #[arg(long, hide = true)]
    smallest: bool,
    #[arg(long)]
    json: Option<PathBuf>,
    /// The web bundle, to be weighed.
    #[arg(long)]
    bundle: Option<PathBuf>,
    /// What the native programs were built with.
    #[arg(long, default_value = "dev")]
    profile: String,
}

impl Arguments {
    fn wants(&self, scene: Scene) -> bool {
        let kind = match (self.native, self.browser) {
            (true, _) => scene.is_native(),
            (_, true) => !scene.is_native(),
            (false, false) => true,
        };
        kind && (self.only.is_empty() || self.only.contains(&scene))
    }
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
    print!("{}", results.head());
    for scene in SCENES {
        if !arguments.wants(scene) {
            continue;
        }
        // Told and kept scene by scene: what was measured is not lost when a later one fails.
        let playing = scene::play(scene, &sizes, arguments.bundle.as_deref());
        let figures = runtime.block_on(playing)?;
        figures
            .iter()
            .for_each(|figure| print!("{}", figure.told()));
        results.figures.extend(figures);
        if let Some(file) = &arguments.json {
            results.write(file)?;
        }
    }
    Ok(())
}

/// Says what goes on.
fn say(words: impl AsRef<str>) {
    eprintln!("    {}", words.as_ref());
}
