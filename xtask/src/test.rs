//! `test`: what CI runs. Every step is run though an earlier one failed, so that one run tells all;
//! the last line says how many tests passed and how many failed.

mod summary;

use crate::bundle::{self, Bundle};
use crate::shell::{Problem, Step, cargo, succeeds};
use crate::{demo, place, setup, shell};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use summary::Summary;

/// Flags of `test`.
#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Only tests whose name contains this; leaves out formatting, lints and the release bundle.
    filter: Option<String>,
    /// Tests that want data which does not lie here count as failed.
    #[arg(long)]
    no_skips: bool,
}

/// Runs everything.
pub(crate) fn run(flags: &Flags) -> Result<(), Problem> {
    let whole = Step::begin("test");
    setup::run()?;
    let _ = std::fs::remove_file(skipped_file());
    let mut failed = Vec::new();
    let mut step = |name: &str, work: &mut dyn FnMut() -> Result<(), Problem>| {
        let step = Step::begin(name);
        if let Err(problem) = work() {
            eprintln!("    FAILED: {problem}");
            failed.push(name.to_owned());
        }
        step.end();
    };
    if flags.filter.is_none() {
        step("formatting", &mut formatting);
        step("lints", &mut lints);
        step("links in the documentation", &mut documentation);
        step("release bundle", &mut || bundle::make(Bundle::Release));
    }
    if flags.filter.is_none() {
        step("demo as it is released", &mut || {
            demo::build_demo(Bundle::Release)
                .and_then(|()| keep_apart(&[("lamplight-demo", "lamplight-demo-released")]))
        });
    }
    step("test bundle", &mut || bundle::make(Bundle::DebugQuery));
    step("relay on its own", &mut || {
        demo::build_relay(Bundle::DebugQuery)
    });
    step("client on its own", &mut demo::build_client);
    step("demo on its own", &mut || {
        demo::build_demo(Bundle::DebugQuery).and_then(|()| {
            keep_apart(
                &["lamplight", "lamplight-client", "lamplight-demo"].map(|name| (name, name)),
            )
        })
    });
    let mut summary = Summary::default();
    step("tests", &mut || {
        cargo_test(flags.filter.as_deref(), &mut summary)
    });
    whole.end();
    let skipped = skipped();
    for line in &skipped {
        println!("skipped: {line}");
    }
    for name in &failed {
        println!("failed step: {name}");
    }
    // A step that failed without a test of its own counts as one. Nothing is said after this line.
    let mut failures = summary.failed().max(usize::from(!failed.is_empty()));
    if flags.no_skips {
        failures += skipped.len();
    }
    println!("{} passed, {failures} failed", summary.passed());
    if failures == 0 {
        Ok(())
    } else {
        Err(Problem::new())
    }
}

fn formatting() -> Result<(), Problem> {
    component("rustfmt", &["fmt", "--version"])?;
    shell::run(&mut cargo(&["fmt", "--all", "--check"]))
}

/// The two wasm programs are linted as the wasm they become.
fn lints() -> Result<(), Problem> {
    component("clippy", &["clippy", "--version"])?;
    // A later compiler knows lints that nobody here has seen: it shows them and fails nobody.
    let deny: &[&str] = if compiler_is_ours() {
        &["--", "--deny", "warnings"]
    } else {
        &[]
    };
    let mut native = vec!["clippy", "--locked", "--workspace", "--all-targets"];
    native.extend(["--exclude", "lamplight-ui", "--exclude", "lamplight-worker"]);
    native.extend(deny);
    shell::run(&mut cargo(&native))?;
    let toolchain = setup::Toolchain::present().ok_or("no wasm32 target")?;
    if toolchain == setup::Toolchain::Debian {
        return skip("lints of the wasm programs: this toolchain has no clippy for wasm32");
    }
    let mut wasm = vec![
        "clippy",
        "--locked",
        "--package",
        "lamplight-ui",
        "--package",
        "lamplight-worker",
    ];
    wasm.extend([
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "web-debug",
    ]);
    wasm.extend(deny);
    shell::run(&mut toolchain.cargo(&wasm))
}

/// Every link of the front pages, private ones too, leads somewhere.
fn documentation() -> Result<(), Problem> {
    let mut arguments = vec!["doc", "--locked", "--workspace", "--no-deps"];
    arguments.extend(["--document-private-items", "--exclude", "lamplight-worker"]);
    let mut command = cargo(&arguments);
    if compiler_is_ours() {
        command.env("RUSTDOCFLAGS", "--deny warnings");
    }
    shell::run(&mut command)
}

/// Whether the compiler is the one that the workspace names as its oldest.
fn compiler_is_ours() -> bool {
    let ours = format!("rustc {}.", env!("CARGO_PKG_RUST_VERSION"));
    shell::output(Command::new("rustc").arg("--version"))
        .is_some_and(|version| version.starts_with(&ours))
}

/// Installs a component of the toolchain unless it is there.
fn component(name: &str, probe: &[&str]) -> Result<(), Problem> {
    if succeeds(&mut cargo(probe)) {
        return Ok(());
    }
    shell::run(Command::new("rustup").args(["component", "add", name]))
}

/// `cargo test` builds the whole workspace at once, which gives the relay the client's encrypted
/// SQLite and puts that relay where the one built on its own lay.
fn keep_apart(programs: &[(&str, &str)]) -> Result<(), Problem> {
    let folder = place::apart();
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, kept) in programs {
        let to = folder.join(kept);
        let _ = std::fs::remove_file(&to);
        std::fs::copy(place::program(name), &to).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

fn cargo_test(filter: Option<&str>, summary: &mut Summary) -> Result<(), Problem> {
    let mut arguments = vec!["test", "--locked", "--workspace", "--no-fail-fast"];
    // The page's own tests run natively; the worker has nothing that would.
    arguments.extend(["--exclude", "lamplight-worker"]);
    arguments.extend(filter);
    let mut command = cargo(&arguments);
    command
        .env("LAMPLIGHT_PROGRAMS", place::apart())
        .env("LAMPLIGHT_BUNDLES", place::target())
        .env("LAMPLIGHT_WEB_PACKAGES", place::web_packages())
        .env("LAMPLIGHT_SET_UP", "1")
        .env("LAMPLIGHT_SKIPPED", skipped_file())
        .env("LAMPLIGHT_WEB_DIST", Bundle::DebugQuery.folder())
        .stdout(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| format!("cargo test: {error}"))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            println!("{line}");
            summary.read(&line);
        }
    }
    let status = child
        .wait()
        .map_err(|error| format!("cargo test: {error}"))?;
    if summary.passed() + summary.failed() == 0 && filter.is_none() {
        return Err("no test ran".into());
    }
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo test ended with {status}"))
    }
}

/// Writes down what could not be done here, where the tests write it too.
fn skip(what: &str) -> Result<(), Problem> {
    let file = skipped_file();
    std::fs::File::options()
        .create(true)
        .append(true)
        .open(&file)
        .and_then(|mut open| writeln!(open, "{what}"))
        .map_err(|error| format!("{}: {error}", file.display()))
}

/// Tests that could not run here, by name and with the reason; a passing test's own output is not
/// shown, so they write it down.
fn skipped() -> Vec<String> {
    let text = std::fs::read_to_string(skipped_file()).unwrap_or_default();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn skipped_file() -> std::path::PathBuf {
    place::target().join("skipped")
}
