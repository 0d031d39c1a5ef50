//! Homes drawn from seeds, with everything that can befall them: see `lamplight_tests::simulation`.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)] // The strict lints guard the product; a test may unwrap, index and cast.

use domain::Fact;
use domain::contradictions::Kind;
use lamplight_tests::harness::Tally;
use lamplight_tests::simulation::{
    Plan, Verb, canonical, commits_of_canonical, draw, run, save_failure, saved_plans, shrink,
};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Seeds played by default; `LAMPLIGHT_SEEDS` says another number.
const SEEDS: u64 = 200;
/// Played at once.
const THREADS: usize = 2;

/// What must have happened at least once in so many homes.
const FAULTS: &[&str] = &[
    "packet lost",
    "connection given up after losses",
    "frame delayed",
    "frame truncated",
    "bits flipped",
    "connection reset",
    "connection gone silent",
    "connection refused",
    "captive portal",
    "cut",
    "hours asleep",
    "clock wrong",
    "envelope pushed again",
    "engine closed and opened",
    "disk full",
    "disk failed before writing",
    "disk failed after writing",
    "died before writing",
    "died after writing",
    "process died in a commit",
    "relay restarted",
    "relay disk full",
    "tablet began to enrol",
    "false place",
    "receipt swapped",
];

/// Doses that only some orders have.
const DOSES: &[&str] = &["dose as needed", "dose of a later version"];

/// Kinds of contradiction that no honest tablet brings about, and why.
const NEVER: &[(Kind, &str)] = &[
    (
        Kind::DoseOutOfTime,
        "a tablet asks for a word why before it saves such a dose",
    ),
    (
        Kind::RecordNumber,
        "each device draws numbers from its own lane",
    ),
];

/// Kinds of entry that no resident's history shows, because they are about the house.
const OF_THE_HOUSE: &[&str] = &["settings", "unit", "room", "bed", "staff", "device"];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Plays many plans on a few threads; the first failure of each comes back with its plan.
fn play_all(plans: Vec<Plan>) -> (Tally, Vec<(Plan, String)>) {
    let next = AtomicU64::new(0);
    let outcome = Mutex::new((Tally::default(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(plan) = plans.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let report = run(plan);
                    let mut outcome = outcome.lock().unwrap();
                    outcome.0.merge(&report.tally);
                    if let Some(failure) = report.failure {
                        outcome.1.push((plan.clone(), failure));
                    }
                }
            });
        }
    });
    outcome.into_inner().unwrap()
}

fn print(tally: &Tally) {
    for (what, n) in tally.iter() {
        println!("{n:>9}  {what}");
    }
}

/// Whoever adds a kind is reminded here to give the simulator a verb that makes one.
#[track_caller]
fn everything_was_entered_and_contradicted(tally: &Tally) {
    for kind in Kind::ALL {
        let seen = tally.of(&format!("contradiction: {}", kind.name()));
        match NEVER.iter().find(|(never, _)| *never == kind) {
            None => assert!(seen > 0, "no home had a contradiction of kind {kind:?}"),
            Some((_, why)) => assert_eq!(seen, 0, "{kind:?}, although {why}"),
        }
    }
    for (kind, _) in Fact::KINDS {
        let seen = OF_THE_HOUSE.contains(kind) || tally.of(&format!("entry: {kind}")) > 0;
        assert!(seen, "nobody entered anything of kind {kind}");
    }
    for dose in DOSES {
        assert!(tally.of(dose) > 0, "nobody gave a {dose}");
    }
    for decision in ["both", "only one", "neither"] {
        let made = tally.of(&format!("decided: {decision}"));
        assert!(made > 0, "nobody ever decided: {decision}");
    }
}

#[track_caller]
fn none_failed(failed: Vec<(Plan, String)>) {
    let Some((plan, failure)) = failed.first() else {
        return;
    };
    let short = shrink(plan);
    let path = save_failure(&short, failure);
    let seeds: Vec<u64> = failed.iter().map(|(plan, _)| plan.seed).collect();
    panic!(
        "{} homes failed, of seeds {seeds:?}. The first:\n{failure}\n\
         Play it again: LAMPLIGHT_SEED={} cargo test -p lamplight-tests --test simulation one_seed\n\
         Shortened and kept in {}:\n{short}",
        failed.len(),
        plan.seed,
        path.display(),
    );
}

#[test]
fn plans_that_failed_once_do_not_fail_again() {
    for (name, plan) in saved_plans() {
        let failure = run(&plan).failure;
        assert_eq!(failure, None, "{name}");
    }
}

#[test]
fn two_hundred_homes_lose_nothing_and_come_together() {
    let first = number("LAMPLIGHT_SEED_FROM").unwrap_or(1);
    let seeds = number("LAMPLIGHT_SEEDS").unwrap_or(SEEDS);
    let (tally, failed) = play_all((first..first + seeds).map(draw).collect());
    print(&tally);
    none_failed(failed);
    if seeds >= SEEDS {
        for fault in FAULTS {
            assert!(tally.of(fault) > 0, "never happened: {fault}");
        }
        everything_was_entered_and_contradicted(&tally);
        let soon = tally.of("together within a minute");
        assert!(
            soon * 100 >= seeds * 95,
            "only {soon} of {seeds} came together within a minute"
        );
    }
}

#[test]
fn one_seed() {
    let plan = draw(number("LAMPLIGHT_SEED").unwrap_or(1));
    let report = run(&plan);
    print(&report.tally);
    assert_eq!(report.failure, None, "\n{plan}");
}

#[test]
fn a_seed_happens_again_exactly() {
    let tally = |seed| run(&draw(seed)).tally;
    assert_eq!(tally(11), tally(11));
    assert_ne!(tally(11), tally(12));
}

#[test]
fn a_process_may_die_and_a_disk_fail_at_every_commit() {
    let commits = commits_of_canonical();
    assert!(commits >= 20, "{commits}");
    let faults = [
        Verb::CrashBefore,
        Verb::CrashAfter,
        Verb::FailBefore,
        Verb::FailAfter,
        Verb::Full,
    ];
    let plans = (0..commits).flat_map(|after| faults.map(|verb| canonical(Some((verb, after)))));
    let (tally, failed) = play_all(plans.collect());
    print(&tally);
    if let Some((plan, failure)) = failed.first() {
        panic!(
            "{} of {} failed. The first:\n{failure}\n{plan}",
            failed.len(),
            commits * faults.len() as u64
        );
    }
    for what in ["died before writing", "died after writing", "disk full"] {
        assert_eq!(tally.of(what), commits, "{what}");
    }
}

#[test]
fn an_entry_that_a_disk_forgot_is_found_missing() {
    let plan: Plan = "seed 5\ntablets 2\n1 cut 0 0\n1 note 0 0\n1 lose 0 0\n"
        .parse()
        .unwrap();
    let failure = run(&plan).failure.expect("the planted loss is found");
    assert!(
        failure.contains("was called saved and is missing"),
        "{failure}"
    );
}

#[test]
fn an_entry_that_nobody_wrote_is_found() {
    let plan: Plan = "seed 6\ntablets 2\n1 note 0 0\n1 disown 0 0\n"
        .parse()
        .unwrap();
    let failure = run(&plan).failure.expect("the planted entry is found");
    assert!(failure.contains("nobody wrote"), "{failure}");
}

#[test]
fn a_relay_that_lost_rows_is_said_to_have_by_everybody_and_empties_no_outbox() {
    for (verb, counted) in [
        ("roll-back", "relay rolled back"),
        ("replace-logs", "relay log replaced"),
    ] {
        let lines = format!(
            "seed 7\ntablets 2\n1 note 0 0\n2 note 1 0\n0 note 1 0\n0 wait 5000 0\n\
             0 {verb} 0 0\n0 wait 9000 0\n1 note 0 0\n2 bulk 0 9\n0 wait 90000 0\n"
        );
        let report = run(&lines.parse().unwrap());
        assert_eq!(report.failure, None, "{verb}");
        assert_eq!(report.tally.of(counted), 1);
    }
}

#[test]
fn an_entry_that_a_device_only_believes_to_be_stored_is_found() {
    let lines = "seed 8\ntablets 2\n1 false-places 1 0\n1 note 0 0\n1 believe 0 0\n";
    let report = run(&lines.parse().unwrap());
    let failure = report.failure.expect("the planted belief is found");
    assert!(failure.contains("the relay does not have it"), "{failure}");
}
