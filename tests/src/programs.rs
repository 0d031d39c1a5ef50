//! Programs of this workspace that tests start, and saying by name what did not run.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A program that was built on its own (`LAMPLIGHT_PROGRAMS`), else the one beside the tests.
///
/// # Panics
/// When there is none: it is to be built first.
pub fn program(name: &str) -> PathBuf {
    let path = match std::env::var_os("LAMPLIGHT_PROGRAMS") {
        Some(folder) => Path::new(&folder).join(name),
        None => {
            // target/debug/deps/TEST
            let test = std::env::current_exe().expect("a test knows where it lies");
            let built = test.ancestors().nth(2).expect("the folder of programs");
            built.join(name)
        }
    };
    assert!(
        path.exists(),
        "{} is not there: run `cargo build` first",
        path.display()
    );
    path
}

/// Says by name what cannot run without a tool or a program that is built first.
///
/// # Panics
/// Under `cargo xtask test`, which has installed and built all of it: there it is a failure.
pub fn lacking(what: &str, why: &str) {
    assert!(
        std::env::var_os("LAMPLIGHT_SET_UP").is_none(),
        "{what}: {why}"
    );
    eprintln!("skipped: {what} ({why})");
}

/// A relay's process. Dropping it kills it without a word (SIGKILL).
pub struct RelayProcess {
    child: Child,
    /// Where it answers, e.g. `http://127.0.0.1:7878`.
    pub origin: String,
    /// The founding link's fragment, while it holds no facility.
    pub founding: Option<String>,
}

impl RelayProcess {
    /// Starts one on a data folder and a port (0: any), without a web client and with everything it
    /// has to say in a file; `before` is put in front of the command line.
    pub fn start(data: &Path, port: u16, log: &Path, before: &[String]) -> Self {
        let mut command = match before.split_first() {
            None => Command::new(program("lamplight")),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program("lamplight"));
                command
            }
        };
        command.args(["serve", "--no-web"]).args(["--log", "trace"]);
        Self::start_as(command, data, port, log)
    }

    /// As [`Self::start`], with a command that begins with `serve` and the options one likes.
    pub fn start_as(mut command: Command, data: &Path, port: u16, log: &Path) -> Self {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .expect("a log");
        let mut child = command
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the relay starts");
        let is_new = !data.join("relay.key").exists() || data.join("founding.token").exists();
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut line = || {
            lines
                .next()
                .expect("the relay says where it listens")
                .expect("in UTF-8")
        };
        let origin = line().trim_start_matches("listening on ").to_owned();
        let founding = is_new.then(|| line().split_once('#').expect("a link").1.to_owned());
        Self {
            child,
            origin,
            founding,
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        let port = self
            .origin
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        port.expect("an origin with a port")
    }

    /// Ends it between two instructions.
    pub fn kill(mut self) {
        assert!(
            self.child.try_wait().expect("its state").is_none(),
            "it runs"
        );
        self.end();
    }

    /// Whoever starts a relay for us (a tracer) would leave it running behind: it ends first.
    fn end(&mut self) {
        let pid = self.child.id();
        let started = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        for started in started.unwrap_or_default().split_whitespace() {
            let _ = Command::new("kill").args(["-9", started]).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        self.end();
    }
}
