//! What was let in until a time is out at that time, whether anybody changes the roster or not.

use ids::{RosterSeq, UnixMillis, limits};
use lamplight_server::ConnId;
use wire::message::{PushResult, RosterOutcome};
use wire::roster::Right;
use wire::{RosterBody, RosterState};

use crate::harness::driver::Driver;
use crate::harness::home::{Home, START, Someone};

const HOUR_MS: i64 = 3_600_000;

/// A nurse who may write until then.
fn nurse_until(driver: &mut Driver, home: &Home, conn: ConnId, until: UnixMillis) -> Someone {
    let nurse = Someone::new(40);
    let mut grant = home.grant(&nurse, "care", Right::Write, &[]);
    if let RosterBody::Grant(grant) = &mut grant {
        grant.until = Some(until);
    }
    let bodies = vec![home.add_person(&nurse), grant];
    let outcome = driver.append(conn, home, bodies, vec![]);
    assert!(matches!(outcome, RosterOutcome::Appended { .. }));
    nurse
}

/// Stores one more row; the roster entry at its place.
fn row(driver: &mut Driver, home: &Home, conn: ConnId, run: u8) -> RosterSeq {
    match driver.push(conn, &home.run("care", run, 1))[..] {
        [PushResult::Stored { roster_seq, .. }] => roster_seq,
        ref other => panic!("{other:?}"),
    }
}

fn roster(driver: &Driver, conn: ConnId) -> &RosterState {
    &driver.peers[&conn].roster
}

#[test]
fn a_grant_has_ended_at_the_first_row_after_its_end() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    let until = START.plus(HOUR_MS);
    let nurse = nurse_until(&mut driver, &home, conn, until);
    let care = home.stream("care");
    driver.now = until.plus(-1);
    let before = row(&mut driver, &home, conn, 1);
    assert_eq!(before, RosterSeq(3));
    driver.now = until;
    let after = row(&mut driver, &home, conn, 2);
    assert_eq!(after, RosterSeq(4));
    let seen = roster(&driver, conn);
    assert!(seen.may_write(&nurse.person(), &care, before));
    assert!(!seen.may_write(&nurse.person(), &care, after));
    assert_eq!(seen.time_at(after), Some(until));
    // Said once, and not by every row.
    driver.now = until.plus(HOUR_MS);
    assert_eq!(row(&mut driver, &home, conn, 3), after);
    assert_eq!(roster(&driver, conn).head().0, after);
}

#[test]
fn an_invitation_that_ended_unused_leaves_the_keyslots_key_to_be_changed_at_the_next_row() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    let expires = START.plus(HOUR_MS);
    let invite = home.invite(&Someone::new(41), expires);
    driver.append(conn, &home, vec![invite], vec![]);
    let devices = home.stream("devices");
    let stale = |driver: &Driver| roster(driver, conn).stream(&devices).unwrap().stale;
    row(&mut driver, &home, conn, 1);
    assert!(!stale(&driver));
    driver.now = expires;
    row(&mut driver, &home, conn, 2);
    assert!(stale(&driver));
}

#[test]
fn no_time_is_stated_by_a_clock_that_leapt_ahead() {
    let (mut driver, home) = Driver::with_home();
    driver.relay.clock_was_right_at(START);
    let conn = driver.reader(home.facility, &home.tablet);
    let until = START.plus(HOUR_MS);
    nurse_until(&mut driver, &home, conn, until);
    driver.now = START.plus(limits::CLOCK_LEAP_MS + 1);
    assert_eq!(row(&mut driver, &home, conn, 1), RosterSeq(3));
    driver.now = until;
    assert_eq!(row(&mut driver, &home, conn, 2), RosterSeq(4));
}
