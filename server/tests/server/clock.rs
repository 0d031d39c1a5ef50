//! Deadlines go by a clock that nobody sets; what is signed goes by one that may be wrong.

use ids::{RosterSeq, limits};
use lamplight_server::{CloseCode, ConnId};
use wire::message::{ErrorCode, RosterAppend};

use crate::harness::driver::Driver;
use crate::harness::home::{Home, START, Someone};

const HOUR_MS: i64 = 3_600_000;

/// Appends a person; what the relay says of it beside a result.
fn add_person(driver: &mut Driver, home: &Home, conn: ConnId, number: u8) -> Vec<ErrorCode> {
    let head = driver.peers[&conn].roster_head();
    let body = home.add_person(&Someone::new(number));
    let entry = home.entry(head, &home.founder, home.founder.person(), body);
    let append = RosterAppend {
        request: u32::from(number),
        expect: head.0,
        entries: vec![entry],
        wraps: vec![],
        blob: None,
        former: None,
    };
    driver.say(conn, append);
    std::mem::take(&mut driver.peers.get_mut(&conn).unwrap().errors)
        .into_iter()
        .map(|error| error.code)
        .collect()
}

#[test]
fn setting_the_clock_neither_ends_a_handshake_nor_lets_it_last() {
    let (mut driver, _) = Driver::with_home();
    let early = driver.connect();
    driver.now = driver.now.plus(HOUR_MS);
    driver.tick(limits::HANDSHAKE_MS - 1);
    assert_eq!(driver.closed(early), None);
    driver.now = driver.now.plus(-2 * HOUR_MS);
    driver.tick(1);
    assert_eq!(driver.closed(early), Some(CloseCode::Policy));
}

#[test]
fn nothing_is_signed_with_a_clock_that_leapt_ahead() {
    let (mut driver, home) = Driver::with_home();
    driver.relay.clock_was_right_at(START);
    let conn = driver.reader(home.facility, &home.tablet);
    driver.tick(limits::CLOCK_LEAP_MS);
    assert_eq!(add_person(&mut driver, &home, conn, 30), []);
    assert_eq!(driver.peers[&conn].roster_head().0, RosterSeq(2));
    let right = driver.now;
    assert_eq!(driver.relay.clock_right_at(), Some(right));

    driver.tick(limits::CLOCK_LEAP_MS + 1);
    driver.tick(1);
    assert!(driver.relay.doubts_clock(driver.now));
    let said = add_person(&mut driver, &home, conn, 31);
    assert_eq!(said, [ErrorCode::Busy]);
    assert_eq!(driver.peers[&conn].roster_head().0, RosterSeq(2));
    assert_eq!(driver.relay.clock_right_at(), Some(right));

    // Set right again, or said to be right, it goes on.
    driver.now = right.plus(HOUR_MS);
    assert_eq!(add_person(&mut driver, &home, conn, 32), []);
    driver.now = right.plus(12 * limits::CLOCK_LEAP_MS);
    driver.relay.clock_was_right_at(driver.now);
    assert_eq!(add_person(&mut driver, &home, conn, 33), []);
    assert_eq!(driver.peers[&conn].roster_head().0, RosterSeq(4));
}
