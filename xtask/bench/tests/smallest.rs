//! The bench itself, at its smallest: every native scene runs, with real processes, and counts what
//! it says. How long anything takes is nobody's business here.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use lamplight_tests::programs::program;
use serde_json::Value;
use std::process::Command;

fn figures() -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let ran = Command::new(env!("CARGO_BIN_EXE_lamplight-bench"))
        .args(["--native", "--smallest", "--json"])
        .arg(&json)
        .env("LAMPLIGHT_PROGRAMS", program("lamplight").parent().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    let results: Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    assert_eq!(results["sizes"], "smallest");
    results["figures"].as_array().unwrap().clone()
}

#[test]
fn every_native_scene_runs_and_every_figure_says_what_it_is() {
    let figures = figures();
    for (begin, count) in [
        // Two shapes of writing, each a rate and the relay's CPU, by what was stored and delivered.
        ("live writing: ", 3),
        ("full outboxes: ", 3),
        ("one write to the others, ", 2),
        ("… ", 6),
        ("first sync, written in bulk", 2),
        ("first sync, written one by one", 2),
        ("bytes per entry, written ", 8),
        ("storm: ", 3),
        ("relay memory per idle connection", 1),
    ] {
        let named: Vec<&Value> = figures
            .iter()
            .filter(|figure| figure["name"].as_str().unwrap().starts_with(begin))
            .collect();
        assert_eq!(named.len(), count, "{begin}");
        for figure in named {
            assert!(figure["value"].is_number(), "{figure}");
            assert!(!figure["what"].as_str().unwrap().is_empty(), "{figure}");
        }
    }
    // Two writers with five notes each; two documents of five entries, in bulk and singly, beside the
    // names that the two tablets give themselves.
    let what = |begin: &str| {
        let figure = figures
            .iter()
            .find(|figure| figure["name"].as_str().unwrap().starts_with(begin));
        figure.unwrap()["what"].as_str().unwrap().to_owned()
    };
    assert!(what("live writing").contains("10 notes of 2 writing clients"));
    assert!(what("live writing").contains("(20 deliveries)"));
    assert!(what("first sync, written in bulk").contains(": 4 envelopes"));
    assert!(what("first sync, written one by one").contains(": 12 envelopes"));
    for figure in figures.iter().filter(|figure| !figure["peers"].is_null()) {
        let peers = figure["peers"].as_str().unwrap();
        assert!(peers.contains("measured elsewhere"), "{peers}");
    }
}
