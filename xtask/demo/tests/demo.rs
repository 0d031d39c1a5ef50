//! The demo as a person meets it: links, people, six words, cutting a line, starting again.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test's harness fails by panicking"
)]

use interface::{Command, TabletState};
use lamplight_client_native::{Home, Process};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(120);

/// A demo that is killed when the test ends, however it ends.
struct Demo {
    child: Child,
    input: ChildStdin,
    said: Receiver<String>,
    ready: Value,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Demo {
    fn start(folder: &Path, port: u16) -> Self {
        let ready = folder.join("ready.json");
        // Of an earlier start.
        let _ = fs::remove_file(&ready);
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_lamplight-demo"))
            .arg("--data")
            .arg(folder.join("data"))
            .args(["--residents", "3", "--history", "none"])
            .args(["--port", &port.to_string(), "--ready"])
            .arg(&ready)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (say, said) = channel();
        std::thread::spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| say.send(line))
        });
        let began = Instant::now();
        while !ready.exists() {
            assert!(began.elapsed() < PATIENCE, "not ready in time");
            assert!(child.try_wait().unwrap().is_none(), "the demo ended");
            std::thread::sleep(Duration::from_millis(20));
        }
        let ready = serde_json::from_slice(&fs::read(ready).unwrap()).unwrap();
        Self {
            child,
            input,
            said,
            ready,
        }
    }

    fn type_line(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// The first line from now on that contains this.
    fn says(&self, what: &str) -> String {
        loop {
            let line = self
                .said
                .recv_timeout(PATIENCE)
                .expect("the demo says something");
            if line.contains(what) {
                return line;
            }
        }
    }

    fn link(&self, n: usize) -> &str {
        self.ready["tablets"][n - 1]["link"].as_str().unwrap()
    }

    fn address(&self, n: usize) -> &str {
        self.link(n)
            .trim_start_matches("http://")
            .split('/')
            .next()
            .unwrap()
    }

    /// Whether the relay answers a tablet.
    fn answers(&self, n: usize) -> bool {
        let Ok(mut socket) = TcpStream::connect(self.address(n)) else {
            return false;
        };
        let mut answer = String::new();
        let request = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        socket.write_all(request.as_bytes()).is_ok()
            && socket.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }
}

/// A port that is free, as are the two after it; tests beside each other get different ones.
fn port() -> u16 {
    let free = |port| TcpListener::bind(("127.0.0.1", port)).ok();
    loop {
        let port = free(0).unwrap().local_addr().unwrap().port();
        if port < 65_000 && (1..=2).all(|n| free(port + n).is_some()) {
            return port;
        }
    }
}

#[test]
fn a_demo_names_its_people_and_keeps_their_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path(), port());
    let people = demo.ready["people"].as_array().unwrap();
    let roles: Vec<&str> = people
        .iter()
        .map(|person| person["role"].as_str().unwrap())
        .collect();
    let nurse = "registered_nurse";
    assert_eq!(
        roles,
        [nurse, nurse, "records_coordinator", "administrator"]
    );
    for person in people {
        assert!(person["badge"].as_str().unwrap().starts_with("LL1"));
        assert_eq!(person["pin"].as_str().unwrap().len(), 6);
    }
    for secret in ["ready.json", "data/demo.json"] {
        let mode = fs::metadata(folder.path().join(secret))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
    let badge = people[0]["badge"].as_str().unwrap().as_bytes();
    for file in fs::read_dir(folder.path().join("data/relay"))
        .unwrap()
        .flatten()
    {
        let bytes = fs::read(file.path()).unwrap();
        for secret in [badge, "Okafor".as_bytes(), "Bergström".as_bytes()] {
            let found = bytes.windows(secret.len()).any(|part| part == secret);
            assert!(
                !found,
                "{} is in {:?}",
                String::from_utf8_lossy(secret),
                file.path()
            );
        }
    }
}

#[test]
fn cutting_one_tablet_off_leaves_the_other_and_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(folder.path(), port());
    assert!(demo.answers(1) && demo.answers(2));
    demo.type_line("cut 1");
    demo.says("Tablet 1 is cut off");
    assert!(!demo.answers(1) && demo.answers(2));
    demo.type_line("restore 1");
    demo.says("Tablet 1 is connected again");
    assert!(demo.answers(1));
}

#[test]
fn a_killed_demo_carries_on_with_the_same_people_on_the_same_ports_with_new_links() {
    let folder = tempfile::tempdir().unwrap();
    let port = port();
    let first = Demo::start(folder.path(), port).ready.clone();
    let again = Demo::start(folder.path(), port);
    assert_eq!(again.ready["people"], first["people"]);
    assert_eq!(again.ready["relay"], first["relay"]);
    for n in [0, 1] {
        let halves = |ready: &Value| {
            let link = ready["tablets"][n]["link"].as_str().unwrap().to_owned();
            link.split_once('#')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .unwrap()
        };
        let (before, after) = (halves(&first), halves(&again.ready));
        assert_eq!(before.0, after.0);
        assert_ne!(before.1, after.1);
    }
}

#[tokio::test]
async fn the_terminal_shows_the_six_words_that_the_enrolling_tablet_shows() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path(), port());
    let (origin, fragment) = demo.link(2).split_once("/enrol#").unwrap();
    let home = Home::open(&folder.path().join("tablet")).unwrap();
    home.keep_relay(origin).unwrap();
    let mut tablet = Process::new(home.engine().unwrap(), home.relay());
    let command = Command::Enrol {
        fragment: fragment.into(),
        device_name: "West-1".to_owned(),
    };
    tablet.command(command).await.unwrap();
    let seen = tablet
        .until(PATIENCE, |tablet| tablet.state == TabletState::Words)
        .await
        .unwrap();
    let words = seen.words.unwrap().join(" ");
    let said = tokio::task::spawn_blocking(move || (demo.says("It must show these words"), demo));
    assert!(said.await.unwrap().0.ends_with(&words));
}
