//! An invitation lets one device in, once, in time.

use bytes::Bytes;
use ids::{RosterSeq, limits};
use lamplight_server::{CloseCode, ConnId, LogStore, Settings, StoreError};
use wire::message::{
    ErrorCode, InviteBlob, InviteBlobFor, RosterAppend, RosterOutcome, RosterTail,
};
use wire::roster::{RosterBody, WithdrawInvite};
use wire::{Message, RosterError};

use crate::harness::driver::Driver;
use crate::harness::home::{Home, START, Someone};
use crate::harness::stores::Watched;

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

/// An invitation with its blob, as an administrator makes it.
fn invite<S: LogStore>(
    driver: &mut Driver<S>,
    home: &Home,
    conn: ConnId,
    link: &Someone,
) -> RosterOutcome {
    let head = driver.peers[&conn].roster_head();
    let expires = START.plus(limits::INVITE_MS);
    let body = home.invite(link, expires);
    let entry = home.entry(head, &home.founder, home.founder.person(), body);
    let blob = InviteBlobFor {
        invite: link.invite(),
        sealed: Bytes::from_static(b"sealed"),
    };
    let request = driver.peers.get_mut(&conn).unwrap().next_request();
    let (expect, entries, wraps) = (head.0, vec![entry], vec![]);
    driver.say(
        conn,
        RosterAppend {
            request,
            expect,
            entries,
            wraps,
            blob: Some(blob),
            former: None,
        },
    );
    driver.peers[&conn].roster_result(request)
}

#[test]
fn an_invitation_lets_one_device_in_and_is_used_up() {
    let (mut driver, home, conn) = at_home();
    let (link, device) = (Someone::new(70), Someone::new(71));
    assert_eq!(invite(&mut driver, &home, conn, &link), appended(2));

    let invited = driver.invited(home.facility, &link);
    driver.say(invited, InviteBlob {});
    let Some(Message::InviteBlobIs(blob)) = driver.peers[&invited].messages.last() else {
        panic!("{:?}", driver.peers[&invited]);
    };
    assert_eq!(blob.sealed, Bytes::from_static(b"sealed"));
    driver.say(invited, RosterTail { from: RosterSeq(1) });
    let head = driver.peers[&invited].roster_head();
    let accept = home.entry(head, &link, link.invite(), home.accept(&link, &device));
    assert_eq!(
        driver.append_entries(invited, head, vec![accept], vec![]),
        appended(3)
    );

    driver.say(invited, InviteBlob {});
    assert_eq!(driver.peers[&invited].errors(), [ErrorCode::NotFound]);
    let again = driver.invited(home.facility, &link);
    assert_eq!(driver.peers[&again].errors(), [ErrorCode::InviteSpent]);
    let enrolled = driver.reader(home.facility, &device);
    assert_eq!(
        driver.peers[&enrolled].welcome.as_ref().unwrap().logs.len(),
        3
    );
}

#[test]
fn a_withdrawn_invitation_lets_nobody_in_who_has_the_link_already() {
    let (mut driver, home, conn) = at_home();
    let (link, device) = (Someone::new(70), Someone::new(71));
    invite(&mut driver, &home, conn, &link);
    let invited = driver.invited(home.facility, &link);
    let withdraw = WithdrawInvite {
        invite: link.invite(),
    };
    let withdrawn = RosterBody::WithdrawInvite(withdraw);
    assert_eq!(
        driver.append(conn, &home, vec![withdrawn], vec![]),
        appended(3)
    );
    driver.say(invited, InviteBlob {});
    assert_eq!(driver.peers[&invited].errors(), [ErrorCode::NotFound]);
    driver.say(invited, RosterTail { from: RosterSeq(1) });
    let head = driver.peers[&invited].roster_head();
    let accept = home.entry(head, &link, link.invite(), home.accept(&link, &device));
    assert_eq!(
        driver.append_entries(invited, head, vec![accept], vec![]),
        RosterOutcome::Refused {
            code: RosterError::UnknownInvite.code()
        }
    );
}

#[test]
fn a_link_that_names_only_the_invitation_finds_its_home() {
    let (mut driver, home, conn) = at_home();
    let link = Someone::new(70);
    invite(&mut driver, &home, conn, &link);
    let invited = driver.invited(ids::FacilityId::ZERO, &link);
    assert!(driver.peers[&invited].welcome.is_some());
    driver.say(invited, InviteBlob {});
    assert_eq!(driver.peers[&invited].count("InviteBlobIs"), 1);
    let unknown = driver.invited(ids::FacilityId::ZERO, &Someone::new(71));
    assert_eq!(driver.peers[&unknown].errors(), [ErrorCode::InviteSpent]);
}

#[test]
fn an_invitation_copied_into_another_homes_roster_leads_nobody_astray() {
    let (mut driver, home, conn) = at_home();
    let link = Someone::new(70);
    assert_eq!(invite(&mut driver, &home, conn, &link), appended(2));
    driver.relay.offer_founding(&[5; 16]);
    let other = Home::new(20, driver.relay_key());
    driver.founder(&other, [5; 16]);
    let thief = driver.reader(other.facility, &other.tablet);
    let unknown = RosterOutcome::Refused {
        code: RosterError::UnknownInvite.code(),
    };
    assert_eq!(invite(&mut driver, &other, thief, &link), unknown);

    let invited = driver.invited(ids::FacilityId::ZERO, &link);
    let welcome = driver.peers[&invited].welcome.as_ref().unwrap();
    assert_eq!(welcome.roster_head, RosterSeq(2));
    driver.say(invited, InviteBlob {});
    assert_eq!(driver.peers[&invited].count("InviteBlobIs"), 1);
    // The other home goes on, with an invitation of its own.
    let own = Someone::new(71);
    assert_eq!(invite(&mut driver, &other, thief, &own), appended(2));
}

#[test]
fn a_newcomer_whose_home_cannot_be_read_now_is_asked_to_come_back() {
    let store = Watched::default();
    let script = store.script();
    let mut driver = Driver::over(store, Settings::default());
    let home = driver.found(10);
    let conn = driver.reader(home.facility, &home.tablet);
    let link = Someone::new(70);
    invite(&mut driver, &home, conn, &link);
    // A relay that has just started has no home in memory.
    let mut driver = Driver::over(driver.relay.into_store(), Settings::default());
    for facility in [ids::FacilityId::ZERO, home.facility] {
        let full = StoreError::DiskFull;
        script.lock().unwrap().lookups.push_back(full);
        let invited = driver.invited(facility, &link);
        assert_eq!(driver.peers[&invited].errors(), [ErrorCode::Busy]);
        assert_eq!(driver.closed(invited), Some(CloseCode::Policy));
    }
    let invited = driver.invited(ids::FacilityId::ZERO, &link);
    assert!(driver.peers[&invited].welcome.is_some());
}

#[test]
fn an_invitation_may_do_nothing_but_accept() {
    let (mut driver, home, conn) = at_home();
    let link = Someone::new(70);
    invite(&mut driver, &home, conn, &link);
    let invited = driver.invited(home.facility, &link);
    driver.say(invited, RosterTail { from: RosterSeq(1) });
    let head = driver.peers[&invited].roster_head();
    let entry = home.entry(
        head,
        &home.founder,
        home.founder.person(),
        home.add_person(&Someone::new(30)),
    );
    let outcome = driver.append_entries(invited, head, vec![entry], vec![]);
    assert!(matches!(outcome, RosterOutcome::Refused { .. }));
    driver.tail(invited, home.stream("care"), 1);
    assert_eq!(driver.closed(invited), Some(CloseCode::Policy));
    let invited = driver.invited(home.facility, &link);
    driver.put_push(invited, &home.run("care", 1, 1));
    assert_eq!(driver.closed(invited), Some(CloseCode::Policy));
}

#[test]
fn an_invitation_ends_by_the_relays_clock() {
    let (mut driver, home, conn) = at_home();
    let link = Someone::new(70);
    invite(&mut driver, &home, conn, &link);
    driver.now = START.plus(limits::INVITE_MS - 1);
    let in_time = driver.invited(home.facility, &link);
    assert!(driver.peers[&in_time].welcome.is_some());
    driver.now = START.plus(limits::INVITE_MS);
    let late = driver.invited(home.facility, &link);
    assert_eq!(driver.peers[&late].errors(), [ErrorCode::InviteSpent]);
}

#[test]
fn a_blob_without_its_invitation_is_refused() {
    let (mut driver, home, conn) = at_home();
    let head = driver.peers[&conn].roster_head();
    let entry = home.entry(
        head,
        &home.founder,
        home.founder.person(),
        home.add_person(&Someone::new(30)),
    );
    let invite = Someone::new(70).invite();
    let blob = Some(InviteBlobFor {
        invite,
        sealed: Bytes::from_static(b"x"),
    });
    driver.say(
        conn,
        RosterAppend {
            request: 7,
            expect: head.0,
            entries: vec![entry],
            wraps: vec![],
            blob,
            former: None,
        },
    );
    assert_eq!(
        driver.peers[&conn].roster_result(7),
        RosterOutcome::Refused { code: 14 }
    );
}

#[test]
fn a_link_opens_as_many_sessions_as_a_device_may() {
    let (mut driver, home, conn) = at_home();
    let link = Someone::new(70);
    invite(&mut driver, &home, conn, &link);
    let invited: Vec<_> = (0..=limits::SESSIONS_PER_DEVICE)
        .map(|_| driver.invited(home.facility, &link))
        .collect();
    let (oldest, others) = invited.split_first().unwrap();
    assert_eq!(driver.peers[oldest].errors(), [ErrorCode::Superseded]);
    assert!(others.iter().all(|conn| driver.closed(*conn).is_none()));
    assert_eq!(driver.closed(conn), None);
}

#[test]
fn an_invitation_that_is_used_up_or_over_reads_no_further() {
    let (mut driver, home, conn) = at_home();
    let (used, over) = (Someone::new(70), Someone::new(72));
    for link in [&used, &over] {
        invite(&mut driver, &home, conn, link);
    }
    let waiting = driver.invited(home.facility, &over);
    let other = driver.invited(home.facility, &used);
    let accepting = driver.invited(home.facility, &used);
    driver.say(accepting, RosterTail { from: RosterSeq(1) });
    let head = driver.peers[&accepting].roster_head();
    let body = home.accept(&used, &Someone::new(71));
    let accept = home.entry(head, &used, used.invite(), body);
    let outcome = driver.append_entries(accepting, head, vec![accept], vec![]);
    assert_eq!(outcome, appended(4));
    driver.tick(1);
    for spent in [accepting, other] {
        assert_eq!(driver.peers[&spent].errors(), [ErrorCode::InviteSpent]);
        assert_eq!(driver.closed(spent), Some(CloseCode::Policy));
    }
    assert_eq!(driver.closed(waiting), None);
    driver.tick(limits::INVITE_MS);
    assert_eq!(driver.peers[&waiting].errors(), [ErrorCode::InviteSpent]);
    assert_eq!(driver.closed(conn), None);
}
