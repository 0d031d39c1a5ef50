//! Who reads a stream gets every row once, in order, at its own pace.

use ids::{LogId, Seq, limits};
use lamplight_server::ConnId;
use wire::message::{Credit, ErrorCode, Tail};
use wire::{Header, Message};

use crate::harness::driver::Driver;
use crate::harness::home::{Home, Someone};

/// A home with two tablets, both reading everything.
fn two_tablets() -> (Driver, Home, ConnId, ConnId) {
    let (mut driver, home) = Driver::with_home();
    let first = driver.reader(home.facility, &home.tablet);
    let other = Someone::new(40);
    let body = home.add_device(&other, &["directory", "care", "devices"]);
    driver.append(first, &home, vec![body], vec![]);
    let second = driver.reader(home.facility, &other);
    (driver, home, first, second)
}

#[test]
fn a_row_goes_to_everybody_but_who_pushed_it_and_its_chain_verifies() {
    let (mut driver, home, first, second) = two_tablets();
    let care = home.stream("care");
    let run = home.run("care", 1, 3);
    driver.push(first, &run);
    assert!(driver.peers[&first].rows.is_empty());
    assert_eq!(driver.peers[&second].rows[&care].len(), 3);
    let ids: Vec<_> = run.iter().map(wire::Envelope::id).collect();
    assert_eq!(driver.peers[&second].verified(care, &[]), ids);
    let own: Vec<_> = (1..).map(Seq).zip(&run).collect();
    assert_eq!(driver.peers[&first].verified(care, &own), ids);
}

#[test]
fn in_one_group_each_gets_the_others_rows() {
    let (mut driver, home, first, second) = two_tablets();
    let care = home.stream("care");
    let (a, b) = (home.run("care", 1, 2), home.run("care", 2, 2));
    driver.put_push(first, &a);
    driver.put_push(second, &b);
    driver.settle();
    let seqs = |conn| {
        driver.peers[&conn].rows[&care]
            .keys()
            .map(|s| s.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(seqs(first), [3, 4]);
    assert_eq!(seqs(second), [1, 2]);
    let own: Vec<_> = (3..).map(Seq).zip(&b).collect();
    assert_eq!(driver.peers[&second].verified(care, &own).len(), 4);
}

#[test]
fn a_frame_for_many_is_made_once() {
    let (mut driver, home, first, second) = two_tablets();
    let third = driver.reader(home.facility, &home.tablet);
    driver.push(first, &home.run("care", 1, 1));
    let frames = |conn: ConnId| {
        let raw = &driver.peers[&conn].raw;
        (raw[raw.len() - 2].as_ptr(), raw[raw.len() - 1].as_ptr())
    };
    assert_eq!(frames(second), frames(third));
}

#[test]
fn a_late_reader_starts_where_it_asks_and_goes_on_live() {
    let (mut driver, home, first, _) = two_tablets();
    let care = home.stream("care");
    let run = home.run("care", 1, 6);
    driver.push(first, &run[..4]);
    let late = driver.device(home.facility, &home.tablet);
    driver.tail(late, care, 3);
    driver.push(first, &run[4..]);
    let seqs: Vec<_> = driver.peers[&late].rows[&care]
        .keys()
        .map(|seq| seq.0)
        .collect();
    assert_eq!(seqs, [3, 4, 5, 6]);
}

#[test]
fn a_reader_that_has_everything_gets_the_receipt_at_once() {
    let (mut driver, home, first, _) = two_tablets();
    driver.push(first, &home.run("care", 1, 2));
    let late = driver.device(home.facility, &home.tablet);
    driver.tail(late, home.stream("care"), 3);
    assert_eq!(driver.peers[&late].receipts.len(), 1);
    assert_eq!(driver.peers[&late].receipts[0].seq, Seq(2));
    assert!(driver.peers[&late].rows.is_empty());
}

#[test]
fn another_life_of_the_log_is_read_from_its_start_and_the_future_from_what_comes_next() {
    let (mut driver, home, first, _) = two_tablets();
    let care = home.stream("care");
    let run = home.run("care", 1, 4);
    driver.push(first, &run[..3]);
    let old = driver.device(home.facility, &home.tablet);
    let log_id = LogId::from_bytes([1; 16]);
    driver.say(
        old,
        Tail {
            stream: care,
            log_id,
            from: Seq(3),
        },
    );
    assert_eq!(driver.peers[&old].rows[&care].len(), 3);
    let ahead = driver.device(home.facility, &home.tablet);
    driver.tail(ahead, care, 900);
    driver.push(first, &run[3..]);
    let seqs: Vec<_> = driver.peers[&ahead].rows[&care]
        .keys()
        .map(|seq| seq.0)
        .collect();
    assert_eq!(seqs, [4]);
}

#[test]
fn a_reader_without_credit_falls_back_to_its_cursor_and_misses_nothing() {
    let (mut driver, home, first, second) = two_tablets();
    let care = home.stream("care");
    let body = vec![3u8; 60_000];
    let mut run = Vec::new();
    for n in 0..40u64 {
        let prev = run.last().map_or(ids::EnvelopeId::ZERO, wire::Envelope::id);
        run.push(home.envelope(
            Header {
                run_seq: n,
                prev,
                ..home.header("care", 1)
            },
            &body,
        ));
    }
    for envelope in &run {
        driver.push(first, std::slice::from_ref(envelope));
    }
    let had = driver.peers[&second].rows[&care].len();
    let window = usize::try_from(limits::CREDIT_BYTES).unwrap() / body.len();
    assert!(
        (window..=window + 1).contains(&had),
        "{had} rows for a window of {window}"
    );
    assert_eq!(driver.peers[&second].count("Lagged"), 1);
    assert_eq!(driver.peers[&first].count("Lagged"), 0);
    driver.say(second, Credit { bytes: 200_000 });
    let more = driver.peers[&second].rows[&care].len();
    assert!(more > had && more < run.len());
    driver.say(second, Credit { bytes: u64::MAX });
    assert_eq!(driver.peers[&second].verified(care, &[]).len(), run.len());
    driver.push(first, &home.run("care", 2, 1));
    assert_eq!(
        driver.peers[&second].verified(care, &[]).len(),
        run.len() + 1
    );
}

#[test]
fn a_paused_reader_is_sent_nothing_and_catches_up_when_resumed() {
    let (mut driver, home, first, second) = two_tablets();
    driver.relay.pause(second);
    driver.push(first, &home.run("care", 1, 2));
    let body = home.add_person(&Someone::new(60));
    driver.append(first, &home, vec![body], vec![]);
    assert!(driver.peers[&second].rows.is_empty());
    assert_eq!(driver.peers[&second].roster.head().0.0, 2);
    driver.relay.resume(second);
    driver.settle();
    assert_eq!(
        driver.peers[&second]
            .verified(home.stream("care"), &[])
            .len(),
        2
    );
    assert_eq!(driver.peers[&second].roster.head().0.0, 3);
}

#[test]
fn a_slow_reader_holds_nobody_up() {
    let (mut driver, home, first, second) = two_tablets();
    let third = driver.reader(home.facility, &home.tablet);
    driver.relay.pause(second);
    driver.push(first, &home.run("care", 1, 2));
    assert_eq!(driver.peers[&third].rows[&home.stream("care")].len(), 2);
}

#[test]
fn an_envelope_longer_than_a_frame_arrives_whole() {
    let (mut driver, home, first, second) = two_tablets();
    let body = vec![1u8; limits::ENVELOPE_BODY_BYTES];
    let big = home.envelope(home.header("care", 1), &body);
    driver.push(first, std::slice::from_ref(&big));
    let rows = &driver.peers[&second].rows[&home.stream("care")];
    assert_eq!(rows[&Seq(1)].envelope, *big.bytes());
    let late = driver.reader(home.facility, &home.tablet);
    assert_eq!(
        driver.peers[&late].verified(home.stream("care"), &[]),
        [big.id()]
    );
}

#[test]
fn a_long_log_is_read_in_portions_that_let_others_in_between() {
    let (mut driver, home, first, _) = two_tablets();
    let body = vec![3u8; 30_000];
    for run in 0..20 {
        let envelope = home.envelope(home.header("care", run), &body);
        driver.push(first, &[envelope]);
    }
    let late = driver.device(home.facility, &home.tablet);
    driver.put(
        late,
        Tail {
            stream: home.stream("care"),
            log_id: crate::harness::driver::LOG,
            from: Seq(1),
        },
    );
    driver.relay.commit(driver.now);
    let sent = driver.relay.take_output().len();
    assert!(sent < 20, "{sent} frames in one portion");
    assert!(!driver.relay.is_idle());
}

#[test]
fn absent_and_forbidden_streams_look_alike() {
    let (mut driver, home, first, _) = two_tablets();
    let narrow = Someone::new(41);
    driver.append(
        first,
        &home,
        vec![home.add_device(&narrow, &["directory"])],
        vec![],
    );
    let conn = driver.device(home.facility, &narrow);
    assert_eq!(driver.peers[&conn].welcome.as_ref().unwrap().logs.len(), 1);
    driver.tail(conn, home.stream("care"), 1);
    driver.tail(conn, home.stream("no such stream"), 1);
    let errors: Vec<_> = driver.peers[&conn].errors.clone();
    assert_eq!(errors[0], errors[1]);
    assert_eq!(errors[0].code, ErrorCode::NotCarried);
    driver.push(first, &home.run("care", 1, 1));
    assert!(driver.peers[&conn].rows.is_empty());
    driver.tail(conn, home.stream("directory"), 1);
    driver.push(first, &home.run("directory", 1, 1));
    assert_eq!(driver.peers[&conn].rows.len(), 1);
}

#[test]
fn homes_at_one_relay_see_nothing_of_each_other() {
    let (mut driver, maple) = Driver::with_home();
    driver.relay.offer_founding(&[5; 16]);
    let birch = Home::new(50, driver.relay_key());
    let founder = driver.founder(&birch, [5; 16]);
    driver.disconnect(founder);
    let a = driver.reader(maple.facility, &maple.tablet);
    let b = driver.reader(birch.facility, &birch.tablet);
    driver.push(a, &maple.run("care", 1, 2));
    driver.push(b, &birch.run("care", 1, 1));
    assert!(driver.peers[&a].rows.is_empty() && driver.peers[&b].rows.is_empty());
    let foreign = driver.push(b, &maple.run("care", 2, 1));
    assert_eq!(foreign, [wire::message::PushResult::NotAllowed]);
    driver.tail(b, maple.stream("care"), 1);
    assert_eq!(driver.peers[&b].errors(), [ErrorCode::NotCarried]);
}

#[test]
fn everyone_is_told_before_the_relay_stops() {
    let (mut driver, _, first, _) = two_tablets();
    driver.relay.drain(std::time::Duration::from_millis(300));
    driver.settle();
    let drain = driver.peers[&first].messages.last().unwrap();
    assert!(matches!(drain, Message::Drain(drain) if drain.after_ms >= 300));
    driver.relay.close_all();
    driver.settle();
    assert_eq!(
        driver.closed(first),
        Some(lamplight_server::CloseCode::GoingAway)
    );
}
