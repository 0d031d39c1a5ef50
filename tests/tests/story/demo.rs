//! The demo home as a stranger starts it: a program with a terminal.

use crate::places;
use lamplight_tests::tablet::waiting::until;
use serde::Deserialize;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// Somebody who can sign in.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) badge: String,
    pub(crate) pin: String,
}

#[derive(Deserialize)]
struct Invited {
    link: String,
}

/// What `--ready` writes.
#[derive(Deserialize)]
struct Ready {
    tablets: Vec<Invited>,
    people: Vec<Person>,
}

/// The running demo; dropped, it ends.
pub(crate) struct Demo {
    child: Child,
    typed: ChildStdin,
    printed: Arc<Mutex<Vec<String>>>,
    ready: Ready,
    _folder: TempDir,
}

impl Demo {
    /// Starts one of its programs and waits until everything serves.
    pub(crate) async fn start(program: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ready = folder.path().join("ready.json");
        let mut child = Command::new(places::program(program))
            .args([
                "--residents",
                "6",
                "--history",
                "none",
                "--tablets",
                "2",
                "--port",
                "0",
            ])
            .arg("--data")
            .arg(folder.path().join("data"))
            .arg("--ready")
            .arg(&ready)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the demo starts");
        let typed = child.stdin.take().expect("its terminal");
        let stdout = child.stdout.take().expect("its terminal");
        let printed = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&printed);
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                heard.lock().expect("lines").push(line);
            }
        });
        let read = until(async || serde_json::from_slice(&std::fs::read(&ready).ok()?).ok()).await;
        let Some(ready) = read else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the demo is not ready: {:?}", printed.lock());
        };
        Self {
            child,
            typed,
            printed,
            ready,
            _folder: folder,
        }
    }

    /// The enrolment link of a tablet, counted from 1.
    pub(crate) fn link(&self, tablet: usize) -> &str {
        &self.ready.tablets[tablet - 1].link
    }

    /// Everybody with this role, in order.
    pub(crate) fn people(&self, role: &str) -> Vec<Person> {
        let people = self
            .ready
            .people
            .iter()
            .filter(|person| person.role == role);
        people.cloned().collect()
    }

    /// Whether it printed this.
    pub(crate) fn printed(&self, words: &str) -> bool {
        self.count(words) > 0
    }

    /// Cuts a tablet off.
    pub(crate) async fn cut(&mut self, tablet: usize) {
        self.order(
            &format!("cut {tablet}"),
            &format!("Tablet {tablet} is cut off."),
        )
        .await;
    }

    /// Puts a sign-in page of somebody else's Wi-Fi before a tablet.
    pub(crate) async fn portal(&mut self, tablet: usize) {
        let said = format!("Tablet {tablet} is before a sign-in page.");
        self.order(&format!("portal {tablet}"), &said).await;
    }

    /// Connects a tablet again.
    pub(crate) async fn restore(&mut self, tablet: usize) {
        let said = format!("Tablet {tablet} is connected again.");
        self.order(&format!("restore {tablet}"), &said).await;
    }

    /// Ends it as Ctrl-C does, while its terminal is open and nobody types.
    pub(crate) async fn interrupted(mut self) {
        let asked = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status();
        assert!(asked.is_ok_and(|asked| asked.success()));
        let ended = until(async || self.child.try_wait().ok().flatten()).await;
        assert!(ended.is_some_and(|ended| ended.success()), "{ended:?}");
    }

    async fn order(&mut self, line: &str, answer: &str) {
        let before = self.count(answer);
        writeln!(self.typed, "{line}").expect("the demo reads");
        let obeyed = until(async || (self.count(answer) > before).then_some(())).await;
        assert!(obeyed.is_some(), "the demo did not obey “{line}”");
    }

    fn count(&self, words: &str) -> usize {
        let printed = self.printed.lock().expect("lines");
        printed.iter().filter(|line| line.contains(words)).count()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
