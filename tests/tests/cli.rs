//! The command line as somebody at a terminal uses it: against a relay, from founding to charting,
//! and with the slips that people make.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // The strict lints guard the product; a test may unwrap, index and cast.

use lamplight_tests::programs::{RelayProcess, program};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder for homes, a relay, and the badge and PIN of the one who founded the home `office`.
struct Desk {
    folder: tempfile::TempDir,
    relay: Option<RelayProcess>,
    signed: String,
}

/// What a command printed, and whether it went well.
struct Said {
    well: bool,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!err.contains("panicked"), "{err}");
        Self {
            well: output.status.success(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err,
        }
    }

    /// It went well and says this.
    fn says(&self, words: &str) {
        assert!(self.well && self.out.contains(words), "{words}: {self}");
    }

    /// It was refused in these words, with nothing on standard output.
    fn refuses(&self, words: &str) {
        assert!(!self.well && self.err.contains(words), "{words}: {self}");
        assert_eq!(self.out, "");
    }

    /// The entry that was saved first.
    fn key(&self) -> String {
        let line = self.out.lines().next().unwrap_or_default();
        let key = line.strip_prefix("saved here ");
        key.unwrap_or_else(|| panic!("nothing saved: {self}"))
            .into()
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "well: {}\n{}\n{}", self.well, self.out, self.err)
    }
}

fn run(home: &Path, line: &[&str], input: &[u8], stdout: Stdio) -> Output {
    let mut child = Command::new(program("lamplight-client"))
        .args(line)
        .arg("--home")
        .arg(home)
        .stdin(Stdio::piped())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end without having read: then nobody listens.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("relay.log");
        let relay = RelayProcess::start(&folder.path().join("relay"), 0, &log, &[]);
        let link = format!(
            "{}/found#{}\n",
            relay.origin,
            relay.founding.clone().unwrap()
        );
        let mut desk = Self {
            folder,
            relay: Some(relay),
            signed: String::new(),
        };
        let found = "found --json --name Maple --time-zone America/Chicago --record-prefix MH \
                     --given Ada --family Admin";
        let founded = desk.at("office", found, &link);
        let said: serde_json::Value = serde_json::from_str(&founded.out).unwrap();
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        desk.signed = format!("{}\n{}\n", text("badge"), text("pin"));
        desk
    }

    fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn at(&self, home: &str, line: &str, input: &str) -> Said {
        let words: Vec<&str> = line.split_whitespace().collect();
        Said::of(run(
            &self.home(home),
            &words,
            input.as_bytes(),
            Stdio::piped(),
        ))
    }

    /// Signed in at the office.
    fn does(&self, line: &str) -> Said {
        self.at("office", line, &self.signed)
    }

    /// As [`Self::does`], with one more argument that holds blanks.
    fn does_with(&self, line: &str, last: &str) -> Said {
        let words: Vec<&str> = line.split_whitespace().chain([last]).collect();
        let home = self.home("office");
        Said::of(run(&home, &words, self.signed.as_bytes(), Stdio::piped()))
    }

    /// The office with Ann Adams in a bed, and Ben Brown in none.
    fn with_residents() -> Self {
        let desk = Self::new();
        desk.does("house add-unit --name East").key();
        desk.does("house add-room --unit East --name 12 --beds 12A,12B")
            .key();
        desk.does("resident add --given Ann --family Adams --born 1940-02-03 --bed 12A")
            .says("in the chart of ADAMS, Ann · born 1940-02-03 · room 12A · MH-");
        desk.does("resident add --given Ben --family Brown")
            .says("in the chart of BROWN, Ben · born not known · no room · MH-");
        desk
    }
}

#[test]
fn a_home_is_furnished_and_its_settings_are_changed() {
    let desk = Desk::with_residents();
    desk.does("house add-room --unit West --name 1")
        .refuses("no unit `West`");
    let house = desk.does("house show");
    for words in [
        "unit East",
        "bed 12A  taken",
        "bed 12B  free",
        "08:00, 12:00",
    ] {
        house.says(words);
    }
    desk.does("house settings").refuses("say what is to change");
    desk.does("house settings --dose-times 20:00,06:30 --dose-window 30")
        .key();
    let house = desk.does("house show");
    for words in ["dose times 06:30, 20:00", "window 30 minutes", "Maple"] {
        house.says(words);
    }
    desk.does("house settings --time-zone Europe/Nowhere")
        .refuses("the time zone (an IANA name, such as America/Chicago): does not exist");
    desk.does("resident correct adams --family Addams --born 1940-03-02")
        .says("ADDAMS, Ann · born 1940-03-02");
    desk.does("record brown move bed-change --bed 12B")
        .says("room 12B");
    desk.does_with("record brown problem --text", "Type 2 diabetes")
        .key();
    desk.does("chart brown").says("Type 2 diabetes");
}

#[test]
fn what_is_recorded_says_in_whose_chart_and_nothing_lands_in_anothers() {
    let desk = Desk::with_residents();
    let note = desk.does("record a note --text slept");
    note.says("in the chart of ADAMS, Ann · born 1940-02-03 · room 12A");
    let key = note.key();
    desk.does(&format!("record brown sign {key}"))
        .refuses("is not an entry in this resident's chart");
    desk.does(&format!("record adams sign {key}"))
        .says("saved here");
    desk.does(&format!("record adams sign {key}"))
        .refuses("is signed already");
    assert!(!desk.does("record adams sign").well);
    let nobody = "0".repeat(32);
    desk.does(&format!("record {nobody} note --text nobody"))
        .refuses("this resident is not on this device");
    desk.does_with("residents --search", "?")
        .says("No residents here.");
    for nobody in ["", "?", "…"] {
        let said = Said::of(run(
            &desk.home("office"),
            &["record", nobody, "note", "--text", "x"],
            desk.signed.as_bytes(),
            Stdio::piped(),
        ));
        said.refuses("no resident matches");
    }
    let json = desk.does("record adams note --text json --json");
    assert!(json.out.starts_with('{') && json.err.contains("in the chart of ADAMS, Ann"));
    let chart = desk.does("chart adams");
    for words in ["Notes", "slept · signed", "json · not signed"] {
        chart.says(words);
    }
}

#[test]
fn orders_are_taken_in_any_order_of_their_times_and_as_needed() {
    let desk = Desk::with_residents();
    let order = "record adams order --medicine Warfarin --dose 3mg --times";
    desk.does_with(order, "20:00, 08:00").key();
    let needed = "record adams order --medicine Paracetamol --dose 500mg --as-needed pain";
    desk.does(needed).key();
    let chart = desk.does("chart adams");
    chart.says("Warfarin 3mg by mouth 08:00, 20:00");
    chart.says("Paracetamol 500mg by mouth as needed (pain)");
    desk.does("record adams dose --medicine Paracetamol").key();
    assert!(!desk.does("record adams order --medicine X --dose 1").well);
    desk.does("record adams observations --pulse 72 --absent pulse=declined")
        .refuses("`pulse` is said twice");
    desk.does("record adams observations --weight-kg 63.5")
        .key();
    desk.does("record adams observations --weight-kg 140")
        .refuses("(weight): check value and unit, then --confirm weight");
    desk.does("record adams observations --weight-lb 140").key();
    desk.does("record adams observations --temperature-c 41 --confirm temperature")
        .key();
    desk.does("contradictions").says("Nothing to reconcile.");
    desk.does("resolve 1f --both --reason x")
        .refuses("no contradiction here has the id `1f`");
}

#[test]
fn a_slip_at_the_six_words_uses_up_no_link() {
    let desk = Desk::new();
    let links = desk.does("invite");
    let link = links.out.trim();
    let typed = format!("{link}\nsmae\nSAME\n");
    let enrolled = desk.at("second", "enrol --device-name Second", &typed);
    enrolled.says("Enrolled.");
    assert!(enrolled.err.contains("That was neither"), "{enrolled}");
    desk.at("second", "sync", "").says("live · 0 to send");
    desk.at("second", "status", "")
        .says("Maple · Second · locked");
}

impl Desk {
    /// A second device of the home, in step with it.
    fn enrols_second(&self) {
        let links = self.does("invite");
        let typed = format!("{}\nsame\n", links.out.trim());
        self.at("second", "enrol --device-name Second", &typed)
            .says("Enrolled.");
        self.at("second", "sync", "").says("live · 0 to send");
    }
}

#[test]
fn a_sync_that_leaves_at_once_says_who_received_what() {
    let desk = Desk::with_residents();
    desk.enrols_second();
    desk.does("record adams note --text slept").key();
    desk.at("office", "sync", "").says("live · 0 to send");
    desk.at("second", "sync", "").says("live · 0 to send");
    // The relay passes marks on ten times a second; a program that comes and goes may be quicker.
    let said = || desk.at("office", "sync", "").out;
    let told = (0..200).any(|_| said().contains("received by 1 of 1 tablets"));
    assert!(told, "{}", said());
}

#[test]
fn what_can_be_decided_is_printed_with_the_command_that_does_it() {
    let desk = Desk::with_residents();
    desk.enrols_second();
    let at_both = |line: &str| desk.at("second", line, &desk.signed);
    desk.does("resident correct adams --born 1940-03-02").key();
    at_both("resident correct adams --born 1941-03-02").key();
    for home in ["office", "second", "office"] {
        desk.at(home, "sync", "").says("live · 0 to send");
    }
    let waiting = desk.does("contradictions");
    for words in [
        "waiting · warning · identities that differ",
        "ADAMS, Ann",
        "born 1940-03-02, sex not known",
        "born 1941-03-02, sex not known",
        "Until decided, the newest is shown.",
    ] {
        waiting.says(words);
    }
    let line = |side: &str| {
        let mut lines = waiting.out.lines();
        let side = lines.find(|line| line.contains(side));
        let key = side.unwrap().split_whitespace().next().unwrap();
        let mut lines = waiting.out.lines();
        let wanted = format!("--only {key} ");
        let command = lines.find(|line| line.contains(&wanted));
        command
            .unwrap_or_else(|| panic!("no {wanted}in {waiting}"))
            .trim()
    };
    let command = line("born 1941-03-02, sex")
        .split(" --reason")
        .next()
        .unwrap();
    desk.does(&format!("{command} --reason passport")).key();
    desk.does("contradictions").says("Nothing to reconcile.");
    desk.does("residents").says("born 1941-03-02");
}

#[test]
fn what_cannot_be_read_or_written_or_reached_is_said_in_words() {
    let mut desk = Desk::with_residents();
    for line in ["residents", "chart adams", "house show", "status"] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let home = desk.home("office");
        let said = Said::of(run(&home, &words, desk.signed.as_bytes(), full.into()));
        said.refuses("cannot write");
    }
    let home = desk.home("office");
    let said = Said::of(run(&home, &["residents"], &[0xff, b'\n'], Stdio::piped()));
    said.refuses("standard input is not text");

    desk.at("mistyped", "status", "")
        .refuses("there is no home in");
    assert!(!desk.home("mistyped").exists());

    let link = desk.does("invite").out;
    desk.relay.take().unwrap().kill();
    desk.at("office", "sync", "")
        .refuses("the relay was not reached: Connection refused");
    desk.does("invite").refuses("the relay was not reached");
    let enrol = desk.at("blank", "enrol --device-name Late", &link);
    enrol.refuses("the relay was not reached");
    desk.at("blank", "sync", "")
        .refuses("this device is not enrolled");
    // What is saved needs no relay.
    desk.does("record adams note --text offline").key();
    desk.at("office", "status", "").says("to send");
}
