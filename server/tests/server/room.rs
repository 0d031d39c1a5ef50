//! The room of a facility: everything counts that it stores.

use bytes::Bytes;
use ids::{RosterSeq, limits};
use lamplight_server::{LogStore, Settings};
use wire::message::{ErrorCode, InviteBlobFor, PushResult, RosterAppend};

use crate::harness::driver::Driver;
use crate::harness::home::{Home, START, Someone};

/// Bytes of the founding entry and its wraps.
fn founding_bytes(home: &Home) -> u64 {
    let (entry, wraps) = home.founding();
    let wraps: usize = wraps.iter().map(Bytes::len).sum();
    (entry.len() + wraps) as u64
}

#[test]
fn a_full_record_leaves_room_to_remove_a_tablet_and_no_more() {
    let (_, home) = Driver::with_home();
    let len = home.nth("care", 1, 0, None).bytes().len() as u64;
    let room = limits::ROSTER_PART * 2_000;
    let settings = Settings {
        facility_bytes: room,
        ..Settings::default()
    };
    let (mut driver, home) = Driver::with_settings(settings);
    let conn = driver.reader(home.facility, &home.tablet);
    let fit = (room - founding_bytes(&home)) / len;
    let run = home.run("care", 1, fit + 1);
    let results: Vec<PushResult> = run
        .chunks(limits::PUSH_ENVELOPES)
        .flat_map(|envelopes| driver.push(conn, envelopes))
        .collect();
    let (last, stored) = results.split_last().unwrap();
    assert!(stored.iter().all(|result| result.place().is_some()));
    assert_eq!(*last, PushResult::Quota);

    let lost = Someone::new(40);
    for body in [home.add_device(&lost, &["care"]), home.remove_device(&lost)] {
        driver.append(conn, &home, vec![body], vec![]);
    }
    assert_eq!(driver.peers[&conn].roster_head().0, RosterSeq(3));
    // Beyond that part of the room the roster does not grow either.
    let head = driver.peers[&conn].roster_head();
    let link = Someone::new(70);
    let body = home.invite(&link, START.plus(limits::INVITE_MS));
    let entry = home.entry(head, &home.founder, home.founder.person(), body);
    let blob = InviteBlobFor {
        invite: link.invite(),
        sealed: vec![1; 4_000].into(),
    };
    driver.say(
        conn,
        RosterAppend {
            request: 99,
            expect: head.0,
            entries: vec![entry],
            wraps: vec![],
            blob: Some(blob),
            former: None,
        },
    );
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::Busy]);
    assert_eq!(driver.peers[&conn].roster_head().0, RosterSeq(3));
}

#[test]
fn the_blob_of_an_invitation_that_is_over_is_erased() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    let head = driver.peers[&conn].roster_head();
    let link = Someone::new(70);
    let body = home.invite(&link, START.plus(limits::INVITE_MS));
    let entry = home.entry(head, &home.founder, home.founder.person(), body);
    let append = RosterAppend {
        request: 1,
        expect: head.0,
        entries: vec![entry.clone()],
        wraps: vec![],
        blob: Some(InviteBlobFor {
            invite: link.invite(),
            sealed: Bytes::from_static(b"sealed"),
        }),
        former: None,
    };
    driver.say(conn, append);
    driver.tick(limits::INVITE_MS);
    let body = home.add_person(&Someone::new(30));
    driver.append(conn, &home, vec![body], vec![]);
    assert_eq!(driver.peers[&conn].roster_head().0, RosterSeq(3));
    let mut store = driver.relay.into_store();
    let kept = store.invite_blob(home.facility, link.invite()).unwrap();
    assert_eq!(kept, None);
    let entries = store
        .roster(home.facility, RosterSeq(1), usize::MAX)
        .unwrap();
    let entries: usize = entries.iter().map(|item| item.entry.len()).sum();
    assert_eq!(
        store.usage(home.facility).unwrap(),
        founding_bytes(&home) + entries as u64
    );
}
