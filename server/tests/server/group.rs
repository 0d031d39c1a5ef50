//! Group commit: durable before answered, bad ones out without the good ones, failures honest.

use ids::limits;
use lamplight_server::{CloseCode, Settings, StoreError};
use wire::message::{ErrorCode, PushResult};
use wire::{Header, Message};

use crate::harness::driver::Driver;
use crate::harness::home::{Someone, envelope};
use crate::harness::stores::Watched;

fn is_stored(result: &PushResult) -> bool {
    matches!(result, PushResult::Stored { .. })
}

#[test]
fn nothing_is_answered_before_it_is_durable_and_one_commit_serves_all() {
    let store = Watched::default();
    let script = store.script();
    let mut driver = Driver::over(store, Settings::default());
    let home = driver.found(10);
    let a = driver.reader(home.facility, &home.tablet);
    let b = driver.reader(home.facility, &home.tablet);
    driver.put_push(a, &home.run("care", 1, 3));
    driver.put_push(b, &home.run("directory", 2, 2));
    assert!(script.lock().unwrap().appends.is_empty());
    assert_eq!(driver.peers[&a].count("Results"), 0);
    driver.settle();
    assert_eq!(script.lock().unwrap().appends, [5]);
    assert_eq!(driver.peers[&a].count("Results"), 1);
    assert_eq!(driver.peers[&b].count("Results"), 1);
    // One receipt per stream and group commit.
    assert_eq!(driver.peers[&a].receipts.len(), 2);
}

#[test]
fn the_answer_comes_first_then_the_receipt_then_the_rows_it_covers() {
    let (mut driver, home) = Driver::with_home();
    let conns = [1, 2].map(|_| driver.reader(home.facility, &home.tablet));
    assert!(!driver.relay.gathers());
    for (conn, run) in conns.into_iter().zip([1, 2]) {
        driver.put_push(conn, &home.run("care", run, 2));
    }
    assert!(driver.relay.gathers(), "nothing but pushes waits");
    driver.settle();
    assert!(!driver.relay.gathers());
    for conn in conns {
        let said = driver.peers[&conn].messages.iter();
        let said = said.filter_map(|message| match message {
            Message::Results(_) => Some("results"),
            Message::Receipt(_) => Some("receipt"),
            Message::Items(_) => Some("rows"),
            _ => None,
        });
        assert_eq!(said.collect::<Vec<_>>(), ["results", "receipt", "rows"]);
    }
}

#[test]
fn whoever_sends_no_more_until_it_is_answered_waits_for_no_company() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    for run in 1..limits::PUSHES_IN_FLIGHT {
        driver.put_push(conn, &home.run("care", u8::try_from(run).unwrap(), 1));
    }
    assert!(driver.relay.gathers(), "one more may come");
    driver.put_push(conn, &home.run("care", 100, 3));
    assert!(!driver.relay.gathers(), "none comes");
    driver.settle();
    assert_eq!(driver.relay.together(), limits::PUSHES_IN_FLIGHT + 2);
    driver.put_push(conn, &home.run("directory", 101, 1));
    assert!(driver.relay.gathers(), "it was answered");
    driver.settle();
    assert_eq!(driver.relay.together(), 1);
}

#[test]
fn a_bad_signature_takes_nobody_else_with_it() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    let stranger = Someone::new(99);
    let forged = envelope(home.header("care", 2), b"x", &stranger, Some(&home.founder));
    let after_it = home.nth("care", 2, 1, Some(&forged));
    let rival = home.nth("care", 2, 0, None);
    let mut batch = home.run("care", 1, 2);
    batch.extend([forged, after_it, rival]);
    let results = driver.push(conn, &batch);
    assert!(is_stored(&results[0]) && is_stored(&results[1]));
    assert_eq!(results[2], PushResult::NotAllowed);
    // What followed the forgery has a gap before it; what it displaced is judged on its own.
    assert_eq!(results[3], PushResult::Gap);
    assert!(is_stored(&results[4]));
    let seqs: Vec<_> = results
        .iter()
        .filter_map(PushResult::place)
        .map(|p| p.0.0)
        .collect();
    assert_eq!(seqs, [1, 2, 3]);
}

#[test]
fn a_displaced_forgery_is_verified_too() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    let stranger = Someone::new(99);
    let forged = |body: &[u8]| {
        envelope(
            home.header("care", 2),
            body,
            &stranger,
            None.or(Some(&stranger)),
        )
    };
    let results = driver.push(conn, &[forged(b"one"), forged(b"two")]);
    assert_eq!(results, [PushResult::NotAllowed, PushResult::NotAllowed]);
}

#[test]
fn a_full_disk_is_said_and_passes() {
    let store = Watched::default();
    let script = store.script();
    let mut driver = Driver::over(store, Settings::default());
    let home = driver.found(10);
    let conn = driver.reader(home.facility, &home.tablet);
    let run = home.run("care", 1, 2);
    script
        .lock()
        .unwrap()
        .failures
        .push_back(StoreError::DiskFull);
    assert_eq!(
        driver.push(conn, &run),
        [PushResult::Busy, PushResult::Busy]
    );
    assert_eq!(driver.peers[&conn].count("Receipt"), 0);
    assert!(driver.push(conn, &run).iter().all(is_stored));
    assert_eq!(driver.peers[&conn].rows.len(), 0);
}

#[test]
fn a_failed_sync_stops_the_relay() {
    let store = Watched::default();
    let script = store.script();
    let mut driver = Driver::over(store, Settings::default());
    let home = driver.found(10);
    let conn = driver.reader(home.facility, &home.tablet);
    script
        .lock()
        .unwrap()
        .failures
        .push_back(StoreError::Io("fsync".to_owned()));
    driver.put_push(conn, &home.run("care", 1, 2));
    driver.settle();
    assert_eq!(driver.peers[&conn].count("Results"), 0);
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::Internal]);
    assert_eq!(driver.closed(conn), Some(CloseCode::Internal));
    assert!(matches!(
        driver.relay.take_failure(),
        Some(StoreError::Io(_))
    ));
    let late = driver.connect();
    assert_eq!(driver.closed(late), Some(CloseCode::Internal));
}

#[test]
fn a_group_that_is_full_is_committed_at_once() {
    let store = Watched::default();
    let script = store.script();
    let mut driver = Driver::over(store, Settings::default());
    let home = driver.found(10);
    let conn = driver.reader(home.facility, &home.tablet);
    let run = home.run("care", 1, limits::GROUP_COMMIT_ENVELOPES as u64);
    let (half, other) = run.split_at(limits::PUSH_ENVELOPES);
    driver.put_push(conn, half);
    assert!(script.lock().unwrap().appends.is_empty());
    driver.put_push(conn, other);
    assert_eq!(
        script.lock().unwrap().appends,
        [limits::GROUP_COMMIT_ENVELOPES]
    );
}

#[test]
fn the_seventeenth_request_in_flight_is_to_be_tried_again() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    let run = home.run("care", 1, limits::REQUESTS_IN_FLIGHT as u64 + 1);
    let requests: Vec<_> = run
        .iter()
        .map(|e| driver.put_push(conn, std::slice::from_ref(e)))
        .collect();
    driver.settle();
    let answers = requests
        .iter()
        .map(|request| driver.peers[&conn].results_of(*request)[0]);
    let answers: Vec<_> = answers.collect();
    let (last, first) = answers.split_last().unwrap();
    assert!(first.iter().all(is_stored));
    assert_eq!(*last, PushResult::Busy);
}

#[test]
fn a_restarted_relay_goes_on_where_it_stopped() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    let run = home.run("care", 1, 4);
    driver.push(conn, &run[..2]);
    let mut driver = Driver::over(driver.relay.into_store(), Settings::default());
    let conn = driver.reader(home.facility, &home.tablet);
    let results = driver.push(conn, &run[1..]);
    assert!(matches!(results[0], PushResult::Duplicate { .. }));
    assert_eq!(results[1].place().unwrap().0.0, 3);
    let own: Vec<_> = run
        .iter()
        .enumerate()
        .map(|(i, e)| (ids::Seq(i as u64 + 1), e))
        .collect();
    assert_eq!(
        driver.peers[&conn]
            .verified(home.stream("care"), &own)
            .len(),
        4
    );
    let _: Header = *run[0].header();
}
