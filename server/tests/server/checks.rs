//! The checks on a pushed envelope, one by one and in their order.

use ids::{DeviceId, DocumentId, EnvelopeId, Epoch, PersonId, RosterSeq, StreamId};
use lamplight_server::{ConnId, Settings};
use wire::message::{PushResult, RosterOutcome};
use wire::roster::Right;
use wire::{Envelope, Header, Kind};

use crate::harness::driver::Driver;
use crate::harness::home::{Home, Someone, envelope, wrap};

fn at_home() -> (Driver, Home, ConnId) {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    (driver, home, conn)
}

fn one(driver: &mut Driver, conn: ConnId, envelope: &Envelope) -> PushResult {
    driver.push(conn, std::slice::from_ref(envelope))[0]
}

fn is_stored(result: PushResult) -> bool {
    matches!(result, PushResult::Stored { .. })
}

#[test]
fn a_run_is_stored_gaplessly_from_one() {
    let (mut driver, home, conn) = at_home();
    let results = driver.push(conn, &home.run("care", 1, 3));
    let seqs: Vec<_> = results
        .iter()
        .map(|result| result.place().unwrap().0.0)
        .collect();
    assert_eq!(seqs, [1, 2, 3]);
    assert!(results.into_iter().all(is_stored));
}

#[test]
fn a_second_push_of_the_same_is_a_duplicate_at_its_place() {
    let (mut driver, home, conn) = at_home();
    let run = home.run("care", 1, 2);
    let stored = driver.push(conn, &run);
    let again = driver.push(conn, &run);
    for (stored, again) in stored.iter().zip(&again) {
        assert!(matches!(again, PushResult::Duplicate { .. }));
        assert_eq!(stored.place(), again.place());
    }
    // Within one group, too.
    let run = home.run("care", 2, 1);
    let twice = driver.push(conn, &[run[0].clone(), run[0].clone()]);
    assert!(is_stored(twice[0]));
    assert!(matches!(twice[1], PushResult::Duplicate { .. }));
    assert_eq!(twice[0].place(), twice[1].place());
}

#[test]
fn another_envelope_under_the_same_natural_key_is_a_fork() {
    let (mut driver, home, conn) = at_home();
    let first = home.nth("care", 1, 0, None);
    let other = home.envelope(home.header("care", 1), b"something else");
    assert_eq!(
        driver.push(conn, &[first.clone(), other.clone()])[1],
        PushResult::Fork
    );
    assert_eq!(one(&mut driver, conn, &other), PushResult::Fork);
    let later = home.nth("care", 1, 1, Some(&other));
    assert_eq!(one(&mut driver, conn, &later), PushResult::Fork);
}

#[test]
fn nobody_takes_a_place_in_another_devices_run() {
    let (mut driver, home, conn) = at_home();
    let thief = Someone::new(40);
    driver.append(
        conn,
        &home,
        vec![home.add_device(&thief, &["care"])],
        vec![],
    );
    let honest = home.run("care", 1, 3);
    assert!(is_stored(one(&mut driver, conn, &honest[0])));
    // Everybody reads in the first one's header what the second would be, and can make a run of
    // the same name, from the start or in a document that its device has not come to yet.
    let by_thief = |header| {
        let device = thief.device();
        envelope(
            Header { device, ..header },
            b"x",
            &thief,
            Some(&home.founder),
        )
    };
    let second = by_thief(*honest[1].header());
    assert_eq!(one(&mut driver, conn, &second), PushResult::Gap);
    let first = by_thief(home.header("care", 1));
    let second = by_thief(Header {
        prev: first.id(),
        ..*honest[1].header()
    });
    assert!(
        driver
            .push(conn, &[first, second])
            .into_iter()
            .all(is_stored)
    );
    let elsewhere = Header {
        document: DocumentId::from_bytes([1; 16]),
        ..home.header("care", 1)
    };
    assert!(is_stored(one(&mut driver, conn, &by_thief(elsewhere))));
    let rest = [
        honest[1].clone(),
        honest[2].clone(),
        home.envelope(elsewhere, b"honest"),
    ];
    assert!(driver.push(conn, &rest).into_iter().all(is_stored));
    // In the honest device's name it lacks that device's signature.
    let in_its_name = Header {
        run_seq: 3,
        prev: honest[2].id(),
        ..home.header("care", 1)
    };
    let forged = envelope(in_its_name, b"x", &thief, Some(&home.founder));
    assert_eq!(one(&mut driver, conn, &forged), PushResult::NotAllowed);
    assert!(is_stored(one(
        &mut driver,
        conn,
        &home.envelope(in_its_name, b"x")
    )));
}

#[test]
fn an_envelope_whose_predecessor_is_missing_waits_for_it() {
    let (mut driver, home, conn) = at_home();
    let run = home.run("care", 1, 3);
    assert_eq!(one(&mut driver, conn, &run[1]), PushResult::Gap);
    assert!(is_stored(one(&mut driver, conn, &run[0])));
    assert_eq!(one(&mut driver, conn, &run[2]), PushResult::Gap);
    assert!(is_stored(one(&mut driver, conn, &run[1])));
    assert!(is_stored(one(&mut driver, conn, &run[2])));
}

#[test]
fn a_runs_first_may_follow_anything_the_device_stored_before() {
    let (mut driver, home, conn) = at_home();
    let prev = EnvelopeId::from_bytes([4; 32]);
    let first = home.envelope(
        Header {
            prev,
            ..home.header("care", 1)
        },
        b"x",
    );
    assert!(is_stored(one(&mut driver, conn, &first)));
}

#[test]
fn runs_of_different_documents_and_streams_are_counted_apart() {
    let (mut driver, home, conn) = at_home();
    let document = DocumentId::from_bytes([1; 16]);
    let elsewhere = home.envelope(
        Header {
            document,
            ..home.header("care", 1)
        },
        b"x",
    );
    let directory = home.nth("directory", 1, 0, None);
    let results = driver.push(conn, &[home.nth("care", 1, 0, None), elsewhere, directory]);
    assert_eq!(
        results
            .iter()
            .map(|r| r.place().unwrap().0.0)
            .collect::<Vec<_>>(),
        [1, 2, 1]
    );
}

#[test]
fn strangers_and_foreign_places_look_alike() {
    let (mut driver, home, conn) = at_home();
    let header = home.header("care", 1);
    let bad = [
        Header {
            facility: ids::FacilityId::from_bytes([1; 16]),
            ..header
        },
        Header {
            stream: StreamId::from_bytes([1; 16]),
            ..header
        },
        Header {
            device: DeviceId::from_bytes([1; 16]),
            ..header
        },
        Header {
            person: PersonId::from_bytes([1; 16]),
            ..header
        },
    ];
    for header in bad {
        let envelope = home.envelope(header, b"x");
        assert_eq!(one(&mut driver, conn, &envelope), PushResult::NotAllowed);
    }
    assert!(is_stored(one(
        &mut driver,
        conn,
        &home.nth("care", 1, 0, None)
    )));
}

#[test]
fn a_kind_is_stored_only_in_its_stream() {
    let (mut driver, home, conn) = at_home();
    let opened = driver.append(
        conn,
        &home,
        vec![home.grant(&home.founder, "audit", Right::Write, &[])],
        vec![],
    );
    assert!(
        matches!(opened, RosterOutcome::Appended { .. }),
        "{opened:?}"
    );
    let head = driver.peers[&conn].roster_head();
    let rotate = home.rotate("audit", 0, &[1, 2]);
    let entry = home.entry(head, &home.founder, home.founder.person(), rotate);
    let opened = driver.append_entries(conn, head, vec![entry], vec![wrap(1), wrap(2)]);
    assert!(
        matches!(opened, RosterOutcome::Appended { .. }),
        "{opened:?}"
    );

    let ack = [8u8; 64];
    let snapshot = [0u8, 1, 0, 0, 1, 2, 3];
    let table: [(Kind, &[u8], [bool; 3]); 6] = [
        (Kind::Changes, b"x", [true, false, false]),
        (Kind::Snapshot, &snapshot, [true, false, false]),
        (Kind::Ack, &ack, [true, false, false]),
        (Kind::Record, b"x", [false, true, false]),
        (Kind::Slot, b"x", [false, false, true]),
        (Kind::Carried, b"x", [true, false, true]),
    ];
    for (run, (kind, body, fits)) in (1..).zip(table) {
        for (stream, fits) in ["care", "audit", "devices"].into_iter().zip(fits) {
            let person = match kind {
                Kind::Record | Kind::Carried => PersonId::ZERO,
                _ => home.founder.person(),
            };
            let header = Header {
                kind: kind.code(),
                person,
                ..home.header(stream, run)
            };
            let result = one(&mut driver, conn, &home.envelope(header, body));
            assert_eq!(is_stored(result), fits, "{kind:?} in {stream}: {result:?}");
        }
    }
}

#[test]
fn only_who_may_write_or_could_at_the_place_named_is_stored() {
    let (mut driver, home, conn) = at_home();
    let nurse = Someone::new(30);
    let by_nurse = |run: u8, at: u64| {
        let person = nurse.person();
        let header = Header {
            person,
            roster_seq: RosterSeq(at),
            ..home.header("care", run)
        };
        envelope(header, b"x", &home.tablet, Some(&nurse))
    };
    driver.append(conn, &home, vec![home.add_person(&nurse)], vec![]);
    assert_eq!(
        one(&mut driver, conn, &by_nurse(1, 2)),
        PushResult::NotAllowed
    );
    driver.append(
        conn,
        &home,
        vec![home.grant(&nurse, "care", Right::Read, &[1])],
        vec![wrap(1)],
    );
    assert_eq!(
        one(&mut driver, conn, &by_nurse(1, 3)),
        PushResult::NotAllowed
    );
    driver.append(
        conn,
        &home,
        vec![home.grant(&nurse, "care", Right::Write, &[])],
        vec![],
    );
    assert!(is_stored(one(&mut driver, conn, &by_nurse(1, 1))));
    // Removed at entry 5: late work that names an earlier place is taken, later work is not.
    driver.append(conn, &home, vec![home.remove_person(&nurse)], vec![]);
    assert!(is_stored(one(&mut driver, conn, &by_nurse(2, 4))));
    assert_eq!(
        one(&mut driver, conn, &by_nurse(3, 5)),
        PushResult::NotAllowed
    );
    assert_eq!(one(&mut driver, conn, &by_nurse(4, 99)), PushResult::Busy);
}

#[test]
fn only_the_current_epoch_is_stored() {
    let (mut driver, home, conn) = at_home();
    let at_epoch = |run: u8, epoch: u32| {
        home.envelope(
            Header {
                epoch: Epoch(epoch),
                ..home.header("care", run)
            },
            b"x",
        )
    };
    assert_eq!(
        one(&mut driver, conn, &at_epoch(1, 1)),
        PushResult::StaleEpoch
    );
    assert!(is_stored(one(&mut driver, conn, &at_epoch(1, 0))));
    let rotate = home.rotate("care", 1, &[1, 2]);
    let rotated = driver.append(conn, &home, vec![rotate], vec![wrap(1), wrap(2)]);
    assert!(
        matches!(rotated, RosterOutcome::Appended { .. }),
        "{rotated:?}"
    );
    assert_eq!(
        one(&mut driver, conn, &at_epoch(2, 0)),
        PushResult::StaleEpoch
    );
    assert!(is_stored(one(&mut driver, conn, &at_epoch(2, 1))));
}

#[test]
fn a_record_of_any_epoch_there_was_is_stored() {
    let (mut driver, home, conn) = at_home();
    let grant = home.grant(&home.founder, "audit", Right::Write, &[]);
    driver.append(conn, &home, vec![grant], vec![]);
    for epoch in [0, 1] {
        let rotate = home.rotate("audit", epoch, &[1, 2]);
        let rotated = driver.append(conn, &home, vec![rotate], vec![wrap(1), wrap(2)]);
        assert!(
            matches!(rotated, RosterOutcome::Appended { .. }),
            "{rotated:?}"
        );
    }
    let of_epoch = |epoch: u32| {
        let header = Header {
            kind: Kind::Record.code(),
            person: PersonId::ZERO,
            epoch: Epoch(epoch),
            ..home.header("audit", 1 + epoch as u8)
        };
        home.envelope(header, b"x")
    };
    assert!(is_stored(one(&mut driver, conn, &of_epoch(0))));
    assert!(is_stored(one(&mut driver, conn, &of_epoch(1))));
    assert_eq!(one(&mut driver, conn, &of_epoch(2)), PushResult::StaleEpoch);
}

#[test]
fn an_envelope_from_a_longer_roster_waits_until_that_is_here() {
    let (mut driver, home, conn) = at_home();
    let nurse = Someone::new(30);
    let header = Header {
        person: nurse.person(),
        roster_seq: RosterSeq(3),
        ..home.header("care", 1)
    };
    let by_nurse = envelope(header, b"x", &home.tablet, Some(&nurse));
    assert_eq!(one(&mut driver, conn, &by_nurse), PushResult::Busy);
    driver.append(conn, &home, vec![home.add_person(&nurse)], vec![]);
    assert_eq!(one(&mut driver, conn, &by_nurse), PushResult::Busy);
    let grant = home.grant(&nurse, "care", Right::Write, &[1]);
    driver.append(conn, &home, vec![grant], vec![wrap(1)]);
    assert!(is_stored(one(&mut driver, conn, &by_nurse)));
}

#[test]
fn the_order_of_the_checks_decides_which_answer_is_given() {
    let (mut driver, home, conn) = at_home();
    let first = home.nth("care", 1, 0, None);
    assert!(is_stored(one(&mut driver, conn, &first)));
    let stranger = Someone::new(99);
    let bad_signature = |header| envelope(header, b"x", &stranger, Some(&stranger));
    let care = home.header("care", 1);
    let run_2 = home.header("care", 2);
    // A fork is a fork, whoever wrote it, and a gap a gap.
    assert_eq!(
        one(&mut driver, conn, &bad_signature(care)),
        PushResult::Fork
    );
    let gap = Header {
        run_seq: 7,
        device: stranger.device(),
        ..run_2
    };
    assert_eq!(one(&mut driver, conn, &bad_signature(gap)), PushResult::Gap);
    // The roster before the kind, the kind before the epoch, the epoch before the signature.
    let slot = Header {
        kind: Kind::Slot.code(),
        epoch: Epoch(9),
        ..run_2
    };
    assert_eq!(
        one(&mut driver, conn, &bad_signature(slot)),
        PushResult::NotAllowed
    );
    let stale = Header {
        epoch: Epoch(9),
        ..run_2
    };
    assert_eq!(
        one(&mut driver, conn, &bad_signature(stale)),
        PushResult::StaleEpoch
    );
    assert_eq!(
        one(&mut driver, conn, &bad_signature(run_2)),
        PushResult::NotAllowed
    );
}

#[test]
fn an_envelope_damaged_in_its_persons_signature_does_not_take_the_honest_ones_place() {
    let (mut driver, home, conn) = at_home();
    let honest = home.run("care", 1, 3);
    let damaged: Vec<Envelope> = honest
        .iter()
        .map(|envelope| {
            let mut bytes = envelope.bytes().to_vec();
            *bytes.last_mut().unwrap() ^= 1;
            Envelope::parse(bytes.into()).unwrap()
        })
        .collect();
    // Alone, where each signature is verified singly, and in a batch.
    assert_eq!(one(&mut driver, conn, &damaged[0]), PushResult::NotAllowed);
    let batch = driver.push(
        conn,
        &[
            damaged[0].clone(),
            honest[0].clone(),
            honest[1].clone(),
            damaged[2].clone(),
        ],
    );
    assert_eq!(batch[0], PushResult::NotAllowed);
    assert_eq!(batch[3], PushResult::NotAllowed);
    assert!(is_stored(batch[1]) && is_stored(batch[2]), "{batch:?}");
    assert!(is_stored(one(&mut driver, conn, &honest[2])));
}

#[test]
fn what_comes_from_the_future_is_neither_stored_nor_refused() {
    let (mut driver, home, conn) = at_home();
    let header = home.header("care", 1);
    for future in [
        Header {
            version: 2,
            ..header
        },
        Header { kind: 99, ..header },
        Header { flags: 1, ..header },
    ] {
        let result = one(&mut driver, conn, &home.envelope(future, b"x"));
        assert_eq!(result, PushResult::Busy);
    }
}

#[test]
fn bytes_that_are_no_envelope_are_refused_for_good() {
    let (mut driver, _, conn) = at_home();
    let request = driver.peers.get_mut(&conn).unwrap().next_request();
    let envelopes = vec![bytes::Bytes::from_static(b"no envelope")];
    driver.say(conn, wire::message::Push { request, envelopes });
    assert_eq!(
        driver.peers[&conn].results_of(request),
        [PushResult::NotAllowed]
    );
}

#[test]
fn a_facility_that_is_full_stores_nothing_more_and_can_go_on_with_room() {
    let (len, founding) = {
        let (_, home) = Driver::with_home();
        let (entry, wraps) = home.founding();
        let wraps: usize = wraps.iter().map(bytes::Bytes::len).sum();
        let envelope = home.nth("care", 1, 0, None);
        (envelope.bytes().len() as u64, (entry.len() + wraps) as u64)
    };
    let settings = Settings {
        facility_bytes: founding + 2 * len,
        ..Settings::default()
    };
    let (mut driver, home) = Driver::with_settings(settings);
    let conn = driver.reader(home.facility, &home.tablet);
    let run = home.run("care", 1, 3);
    let results = driver.push(conn, &run);
    assert!(is_stored(results[0]) && is_stored(results[1]));
    assert_eq!(results[2], PushResult::Quota);
    assert_eq!(one(&mut driver, conn, &run[2]), PushResult::Quota);
}

#[test]
fn a_tablet_pushes_what_another_wrote() {
    let (mut driver, home, conn) = at_home();
    let other = Someone::new(40);
    driver.append(
        conn,
        &home,
        vec![home.add_device(&other, &["care"])],
        vec![],
    );
    let header = Header {
        device: other.device(),
        ..home.header("care", 1)
    };
    let written_there = envelope(header, b"x", &other, Some(&home.founder));
    assert!(is_stored(one(&mut driver, conn, &written_there)));
}
