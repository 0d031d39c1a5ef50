//! Running other programs and saying so.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Why a task ended; a sentence for the person at the terminal, empty when all is said.
pub(crate) type Problem = String;

/// A step with a name and, when it is over, the time it took.
pub(crate) struct Step {
    name: String,
    began: Instant,
}

impl Step {
    /// Says that the step begins.
    pub(crate) fn begin(name: impl Into<String>) -> Self {
        let name = name.into();
        eprintln!("==> {name}");
        Self {
            name,
            began: Instant::now(),
        }
    }

    /// Says that it is over.
    pub(crate) fn end(self) {
        eprintln!(
            "    {}: {:.1} s",
            self.name,
            self.began.elapsed().as_secs_f64()
        );
    }
}

/// A cargo command at the root of the repository. The variables that `cargo run` leaves behind are
/// taken away where they would make the inner cargo build things anew.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(crate::place::root());
    for (name, _) in std::env::vars_os() {
        let keep = [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_BUILD_JOBS",
            "CARGO_TERM_COLOR",
        ];
        if name.to_str().is_some_and(|n| {
            (n.starts_with("CARGO_")
                && !keep.contains(&n)
                && !n.starts_with("CARGO_NET")
                && !n.starts_with("CARGO_REGISTR")
                && !n.starts_with("CARGO_HTTP")
                && !n.starts_with("CARGO_PROFILE"))
                || n == "CARGO"
        }) {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs to the end with the terminal's own output. An exit code other than zero is a problem.
pub(crate) fn run(command: &mut Command) -> Result<(), Problem> {
    let shown = show(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("`{shown}` could not be started: {error}")),
    }
}

/// Whether it runs to the end with exit code zero; says nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What it prints on standard output, without the last line's end; `None` when it fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let out = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    out.status
        .success()
        .then(|| String::from_utf8_lossy(&out.stdout).trim_end().to_owned())
}

/// The program's path, searched as a shell would.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// The command as one would type it.
pub(crate) fn show(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
