//! The roster at the relay: one order, all or nothing, and what it says holds at once.

use ids::RosterSeq;
use lamplight_server::{CloseCode, ConnId};
use wire::message::{ErrorCode, PushResult, RosterOutcome, RosterTail, Wraps};
use wire::roster::Right;
use wire::{Header, Message};

use crate::harness::driver::Driver;
use crate::harness::home::{Home, START, Someone, envelope, wrap};

fn at_home() -> (Driver, Home, ConnId) {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    (driver, home, conn)
}

fn appended(head: u64) -> RosterOutcome {
    RosterOutcome::Appended {
        head: RosterSeq(head),
    }
}

#[test]
fn entries_are_countersigned_and_reach_everyone_who_reads_the_roster() {
    let (mut driver, home, conn) = at_home();
    let other = driver.reader(home.facility, &home.tablet);
    driver.now = driver.now.plus(5_000);
    let outcome = driver.append(
        conn,
        &home,
        vec![home.add_person(&Someone::new(30))],
        vec![],
    );
    assert_eq!(outcome, appended(2));
    for conn in [conn, other] {
        // Applying verifies the countersignature.
        assert_eq!(driver.peers[&conn].roster.head().0, RosterSeq(2));
        assert_eq!(driver.peers[&conn].roster.time(), Some(START.plus(5_000)));
    }
}

#[test]
fn the_relays_time_in_the_roster_never_goes_backwards() {
    let (mut driver, home, conn) = at_home();
    driver.now = START.plus(-3_600_000);
    let outcome = driver.append(
        conn,
        &home,
        vec![home.add_person(&Someone::new(30))],
        vec![],
    );
    assert_eq!(outcome, appended(2));
    assert_eq!(driver.peers[&conn].roster.time(), Some(START));
}

#[test]
fn of_two_who_append_after_the_same_entry_one_is_told_where_the_roster_stands() {
    let (mut driver, home, conn) = at_home();
    let head = driver.peers[&conn].roster_head();
    let entry = |n| {
        home.entry(
            head,
            &home.founder,
            home.founder.person(),
            home.add_person(&Someone::new(n)),
        )
    };
    let (first, second) = (entry(30), entry(31));
    assert_eq!(
        driver.append_entries(conn, head, vec![first], vec![]),
        appended(2)
    );
    let late = driver.append_entries(conn, head, vec![second], vec![]);
    assert_eq!(late, RosterOutcome::Conflict { head: RosterSeq(2) });
    assert_eq!(driver.peers[&conn].roster.head().0, RosterSeq(2));
}

#[test]
fn one_bad_entry_keeps_the_whole_append_out() {
    let (mut driver, home, conn) = at_home();
    let nurse = Someone::new(30);
    let bodies = vec![home.add_person(&nurse), home.add_person(&nurse)];
    let outcome = driver.append(conn, &home, bodies, vec![]);
    assert!(
        matches!(outcome, RosterOutcome::Refused { code: 16 | 17 }),
        "{outcome:?}"
    );
    assert_eq!(driver.peers[&conn].roster.head().0, RosterSeq(1));
    assert_eq!(
        driver.append(conn, &home, vec![home.add_person(&nurse)], vec![]),
        appended(2)
    );
}

#[test]
fn who_is_no_administrator_changes_nothing() {
    let (mut driver, home, conn) = at_home();
    let nurse = Someone::new(30);
    driver.append(conn, &home, vec![home.add_person(&nurse)], vec![]);
    let head = driver.peers[&conn].roster_head();
    let entry = home.entry(
        head,
        &nurse,
        nurse.person(),
        home.add_person(&Someone::new(31)),
    );
    let outcome = driver.append_entries(conn, head, vec![entry], vec![]);
    assert_eq!(outcome, RosterOutcome::Refused { code: 8 });
}

#[test]
fn a_grant_comes_with_exactly_its_wraps() {
    let (mut driver, home, conn) = at_home();
    let nurse = Someone::new(30);
    let bodies = || {
        vec![
            home.add_person(&nurse),
            home.grant(&nurse, "care", Right::Write, &[1]),
        ]
    };
    for wrong in [vec![], vec![wrap(2)], vec![wrap(1), wrap(1)]] {
        let outcome = driver.append(conn, &home, bodies(), wrong);
        assert_eq!(outcome, RosterOutcome::Refused { code: 24 });
    }
    assert_eq!(
        driver.append(conn, &home, bodies(), vec![wrap(1)]),
        appended(3)
    );
    driver.say(
        conn,
        Wraps {
            stream: home.stream("care"),
            after: RosterSeq(1),
        },
    );
    let Some(Message::WrapItems(items)) = driver.peers[&conn].messages.last() else {
        panic!()
    };
    assert_eq!(items.upto, RosterSeq(3));
    let items: Vec<_> = items
        .items
        .iter()
        .map(|i| (i.roster_seq.0, i.wrap.clone()))
        .collect();
    assert_eq!(items, [(3, wrap(1))]);
}

#[test]
fn wraps_go_only_to_who_carries_the_stream() {
    let (mut driver, home, conn) = at_home();
    driver.say(
        conn,
        Wraps {
            stream: home.stream("care"),
            after: RosterSeq(0),
        },
    );
    let Some(Message::WrapItems(items)) = driver.peers[&conn].messages.last() else {
        panic!()
    };
    assert_eq!(items.items.len(), 2);
    let narrow = Someone::new(41);
    driver.append(
        conn,
        &home,
        vec![home.add_device(&narrow, &["directory"])],
        vec![],
    );
    let conn = driver.device(home.facility, &narrow);
    driver.say(
        conn,
        Wraps {
            stream: home.stream("care"),
            after: RosterSeq(0),
        },
    );
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::NotCarried]);
}

#[test]
fn the_roster_is_read_from_any_position() {
    let (mut driver, home, conn) = at_home();
    let people = (30..40)
        .map(|n| home.add_person(&Someone::new(n)))
        .collect();
    assert_eq!(driver.append(conn, &home, people, vec![]), appended(11));
    let late = driver.device(home.facility, &home.tablet);
    driver.peers.get_mut(&late).unwrap().roster = driver.peers[&conn].roster.clone();
    driver.say(
        late,
        RosterTail {
            from: RosterSeq(12),
        },
    );
    assert_eq!(driver.peers[&late].count("RosterItems"), 0);
    driver.append(
        late,
        &home,
        vec![home.add_person(&Someone::new(45))],
        vec![],
    );
    assert_eq!(driver.peers[&late].roster.head().0, RosterSeq(12));
    let fresh = driver.reader(home.facility, &home.tablet);
    assert_eq!(
        driver.peers[&fresh].roster.head(),
        driver.peers[&late].roster.head()
    );
}

#[test]
fn a_removed_device_is_cut_off_and_may_only_push_what_it_did_before() {
    let (mut driver, home, conn) = at_home();
    let lost = Someone::new(40);
    driver.append(
        conn,
        &home,
        vec![home.add_device(&lost, &["care", "devices"])],
        vec![],
    );
    let connected = driver.reader(home.facility, &lost);
    driver.append(conn, &home, vec![home.remove_device(&lost)], vec![]);
    assert_eq!(driver.peers[&connected].errors(), [ErrorCode::Removed]);
    assert_eq!(driver.closed(connected), Some(CloseCode::Policy));

    let back = driver.device(home.facility, &lost);
    assert!(
        driver.peers[&back]
            .welcome
            .as_ref()
            .unwrap()
            .logs
            .is_empty()
    );
    driver.tail(back, home.stream("care"), 1);
    driver.say(back, RosterTail { from: RosterSeq(1) });
    driver.say(
        back,
        Wraps {
            stream: home.stream("care"),
            after: RosterSeq(0),
        },
    );
    assert_eq!(driver.peers[&back].errors(), [ErrorCode::Removed; 4]);
    driver.push(conn, &home.run("care", 1, 1));
    assert!(driver.peers[&back].rows.is_empty());
    let header = Header {
        device: lost.device(),
        ..home.header("care", 2)
    };
    let work = envelope(header, b"x", &lost, Some(&home.founder));
    assert!(matches!(
        driver.push(back, &[work])[0],
        PushResult::Stored { .. }
    ));
}

#[test]
fn a_device_that_no_longer_carries_a_stream_gets_nothing_more_of_it() {
    let (mut driver, home, conn) = at_home();
    let other = Someone::new(40);
    driver.append(
        conn,
        &home,
        vec![home.add_device(&other, &["directory", "care"])],
        vec![],
    );
    let reading = driver.reader(home.facility, &other);
    driver.append(
        conn,
        &home,
        vec![home.add_device(&other, &["directory"])],
        vec![],
    );
    assert_eq!(driver.peers[&reading].errors(), [ErrorCode::NotCarried]);
    driver.push(conn, &home.run("care", 1, 1));
    driver.push(conn, &home.run("directory", 1, 1));
    let streams: Vec<_> = driver.peers[&reading].rows.keys().copied().collect();
    assert_eq!(streams, [home.stream("directory")]);
}

#[test]
fn rows_are_bound_to_the_roster_that_stood_when_they_were_stored() {
    let (mut driver, home, conn) = at_home();
    let late = driver.put_push(conn, &home.run("care", 1, 1));
    // The append commits what was pushed before it.
    driver.append(
        conn,
        &home,
        vec![home.add_person(&Someone::new(30))],
        vec![],
    );
    assert_eq!(
        driver.peers[&conn].results_of(late)[0].place().unwrap().1,
        RosterSeq(1)
    );
    let after = driver.push(conn, &home.run("care", 2, 1));
    assert_eq!(after[0].place().unwrap().1, RosterSeq(2));
    let reader = driver.reader(home.facility, &home.tablet);
    assert_eq!(
        driver.peers[&reader]
            .verified(home.stream("care"), &[])
            .len(),
        2
    );
}
