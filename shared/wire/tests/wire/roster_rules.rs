//! What the roster allows, and what follows from it.

use crate::home::*;
use bytes::Bytes;
use ids::{AgreementPublic, ChainHash, DeviceId, DocumentId, Epoch, LogId, RosterSeq};
use ids::{Seq, StreamId, UnixMillis, WrapHash};
use wire::roster::*;
use wire::{RosterError, RosterState, SignerId, UnsignedEntry, wrap_hash};

pub(crate) fn rotate(home: &Home, name: &str, epoch: u32, count: u8) -> Rotate {
    Rotate {
        stream: home.stream(name),
        epoch: Epoch(epoch),
        commitment: [epoch as u8 + 0x60; 32],
        public: AgreementPublic::from_bytes([epoch as u8 + 0x70; 32]),
        rung: if epoch == 0 {
            Bytes::new()
        } else {
            Bytes::from_static(&[7; 72])
        },
        wraps: wraps(count),
        name: None,
    }
}

/// How many devices carry a stream.
fn carrying(state: &RosterState, stream: &StreamId) -> usize {
    let devices = state.devices();
    devices.filter(|device| device.carries(stream)).count()
}

#[test]
fn a_founded_home_has_its_three_streams_and_an_administrator() {
    let home = Home::new();
    let state = &home.state;
    assert_eq!(state.head().0, RosterSeq(1));
    assert_eq!(state.facility(), Some(charter().facility_id()));
    assert_eq!(state.streams().count(), 3);
    let care = state.stream(&home.stream("care"));
    assert_eq!(care.map(|stream| stream.name.as_str()), Some("care"));
    assert_eq!(state.current_epoch(&home.stream("care")), Some(Epoch(0)));
    assert!(state.is_administrator(&home.founder(), home.now));
    assert!(state.may_write(&home.founder(), &home.stream("care"), RosterSeq(1)));
    assert!(!state.may_write(&home.founder(), &home.stream("care"), RosterSeq(0)));
    assert_eq!(carrying(state, &home.stream("care")), 1);
    assert_eq!(state.relay_key(), Some(public(RELAY)));
    assert!(
        state
            .grant(&home.founder(), &home.stream("care"))
            .unwrap()
            .wrapped
    );
    assert!(!state.needs_update());
}

#[test]
fn a_replica_that_applies_the_stored_entries_stands_where_the_relay_stands() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    home.admin(home.grant(nurse, Right::Write, acts::SIGN))
        .unwrap();
    let mut replica = RosterState::new();
    for item in &home.log {
        replica.apply(item).unwrap();
    }
    assert_eq!(replica.head(), home.state.head());
    assert_eq!(
        replica.hash_at(RosterSeq(2)),
        home.state.hash_at(RosterSeq(2))
    );
    assert_eq!(replica.hash_at(RosterSeq(4)), None);
    assert!(replica.may_write(&nurse, &home.stream("care"), RosterSeq(3)));
    assert!(!replica.may_write(&nurse, &home.stream("care"), RosterSeq(2)));
}

#[test]
fn several_entries_are_checked_as_if_appended_one_by_one() {
    let home = Home::new();
    let person = person_keys(10);
    let first = home.entry(
        home.founder(),
        &key(FOUNDER),
        &Body::from(AddPerson { person }).0,
    );
    let grant = Body::from(home.grant(person.id, Right::Write, 0)).0;
    let (seq, prev) = (RosterSeq(3), first.roster_hash());
    let second = UnsignedEntry::new(home.facility(), seq, prev, home.founder(), &grant);
    let second = second
        .signed(&sign(&key(FOUNDER), &second.message()))
        .unwrap();

    assert_eq!(
        home.state
            .check_all(&[first.clone(), second.clone()], home.now)
            .unwrap()
            .len(),
        2
    );
    let refused = home
        .state
        .check_all(&[second, first], home.now)
        .unwrap_err();
    assert_eq!(refused.0, 0);
}

#[test]
fn an_invited_device_is_enrolled_once() {
    let mut home = Home::new();
    let invite = home.invite(20);
    home.admin(invite.clone()).unwrap();
    assert!(home.state.invite(&invite.id).is_some());
    home.by(
        invite.id,
        20,
        Accept {
            invite: invite.id,
            device: device_keys(21),
        },
    )
    .unwrap();
    let device = home.state.device(&DeviceId::from_bytes([21; 16])).unwrap();
    assert_eq!(device.scope, invite.scope);
    assert_eq!(device.invite, Some(invite.id));
    assert_eq!(carrying(&home.state, &home.stream("care")), 2);
    assert_eq!(home.state.invites().count(), 0);
    let again = home.by(
        invite.id,
        20,
        Accept {
            invite: invite.id,
            device: device_keys(22),
        },
    );
    assert_eq!(again, Err(RosterError::UnknownInvite));
}

#[test]
fn an_enrolled_device_may_be_given_another_scope() {
    let mut home = Home::new();
    let mut scope = scope_of(&home.facility());
    scope.streams.truncate(1);
    home.admin(AddDevice {
        device: device_keys(TABLET),
        scope,
        wraps: Vec::new(),
    })
    .unwrap();
    assert_eq!(carrying(&home.state, &home.stream("care")), 0);
    let device = home
        .state
        .device(&DeviceId::from_bytes([TABLET; 16]))
        .unwrap();
    assert_eq!(device.added, RosterSeq(1));
}

#[test]
fn a_later_grant_replaces_the_earlier_and_history_stays() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    let care = home.stream("care");
    home.admin(home.grant(nurse, Right::Write, acts::SIGN))
        .unwrap();
    let written = home.at();
    home.admin(home.grant(nurse, Right::Read, acts::SIGN))
        .unwrap();
    assert!(home.state.may_write(&nurse, &care, written));
    assert!(!home.state.may_write(&nurse, &care, home.at()));
    assert_eq!(home.state.right_at(&nurse, &care, home.at()), Right::Read);
    assert_eq!(home.state.acts(&nurse, &care, written), acts::SIGN);
    assert!(
        home.state.stream(&care).unwrap().stale,
        "write was taken away"
    );
}

#[test]
fn widening_a_grant_makes_nothing_stale() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    home.admin(home.grant(nurse, Right::Read, acts::SIGN))
        .unwrap();
    home.admin(home.grant(nurse, Right::Write, acts::SIGN | acts::STRIKE))
        .unwrap();
    assert!(!home.state.stream(&home.stream("care")).unwrap().stale);
    home.admin(home.grant(nurse, Right::Write, acts::STRIKE))
        .unwrap();
    assert!(home.state.stream(&home.stream("care")).unwrap().stale);
}

#[test]
fn a_removed_person_keeps_their_past_and_has_no_future() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    home.admin(home.grant(nurse, Right::Write, 0)).unwrap();
    let before = home.at();
    home.admin(RemovePerson { person: nurse }).unwrap();
    let care = home.stream("care");
    assert!(home.state.may_write(&nurse, &care, before));
    assert!(!home.state.may_write(&nurse, &care, home.at()));
    assert_eq!(
        home.state.person_key_at(&nurse, home.at()),
        Some(public(10))
    );
    assert_eq!(home.state.person(&nurse).unwrap().removed, Some(home.at()));
    assert!(home.state.stream(&care).unwrap().stale);
    assert!(!home.state.stream(&home.stream("directory")).unwrap().stale);
    assert_eq!(
        home.state.current_epoch(&care),
        Some(Epoch(0)),
        "until somebody rotates"
    );
}

#[test]
fn a_rekeyed_person_signs_with_the_new_key_from_there_on() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    home.admin(home.grant(nurse, Right::Write, 0)).unwrap();
    let before = home.at();
    let person = PersonKeys {
        id: nurse,
        ..person_keys(11)
    };
    let wraps = vec![StreamWraps {
        stream: home.stream("care"),
        wraps: wraps(1),
    }];
    home.admin(RekeyPerson { person, wraps }).unwrap();
    assert_eq!(home.state.person_key_at(&nurse, before), Some(public(10)));
    assert_eq!(
        home.state.person_key_at(&nurse, home.at()),
        Some(public(11))
    );
    assert!(home.state.stream(&home.stream("care")).unwrap().stale);
    assert!(
        home.state
            .grant(&nurse, &home.stream("care"))
            .unwrap()
            .wrapped
    );
}

#[test]
fn a_holder_rotates_a_stale_stream_for_who_is_left() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    let care = home.stream("care");
    home.admin(home.grant(nurse, Right::Read, 0)).unwrap();
    assert!(
        !home.state.grant(&nurse, &care).unwrap().wrapped,
        "waits for a key"
    );
    let holders: Vec<_> = home
        .state
        .recipients(&care, home.now)
        .iter()
        .map(|r| r.holder)
        .collect();
    let founder = Holder::Person(home.founder());
    assert_eq!(holders, [founder, Holder::Person(nurse), Holder::Recovery]);
    home.by(nurse, 10, rotate(&home, "care", 1, 3)).unwrap();
    assert_eq!(home.state.current_epoch(&care), Some(Epoch(1)));
    assert!(home.state.grant(&nurse, &care).unwrap().wrapped);
    home.admin(RemovePerson { person: nurse }).unwrap();
    home.admin(rotate(&home, "care", 2, 2)).unwrap();
    assert!(!home.state.stream(&care).unwrap().stale);
    assert_eq!(
        home.state.epoch(&care, Epoch(1)).unwrap().opened,
        RosterSeq(4)
    );
}

#[test]
fn a_device_rotates_the_stream_of_keyslots_for_the_devices_that_carry_it() {
    let mut home = Home::new();
    let scope = scope_of(&home.facility());
    home.admin(AddDevice {
        device: device_keys(21),
        scope,
        wraps: wraps(1),
    })
    .unwrap();
    home.admin(RemoveDevice {
        device: DeviceId::from_bytes([TABLET; 16]),
    })
    .unwrap();
    let devices = home.devices();
    assert!(home.state.stream(&devices).unwrap().stale);
    let holders: Vec<_> = home
        .state
        .recipients(&devices, home.now)
        .iter()
        .map(|r| r.holder)
        .collect();
    assert_eq!(
        holders,
        [
            Holder::Device(DeviceId::from_bytes([21; 16])),
            Holder::Recovery
        ]
    );
    let signer = DeviceId::from_bytes([21; 16]);
    home.by(signer, 21, rotate(&home, "devices", 1, 2)).unwrap();
    assert!(!home.state.stream(&devices).unwrap().stale);
    assert_eq!(
        home.state
            .device_key_at(&DeviceId::from_bytes([TABLET; 16]), home.at()),
        Some(public(TABLET))
    );
}

#[test]
fn another_stream_is_opened_by_its_first_holder() {
    let mut home = Home::new();
    let stream = home.stream("office");
    home.admin(Grant {
        stream,
        ..home.grant(home.founder(), Right::Write, 0)
    })
    .unwrap();
    let opening = Rotate {
        name: Some("office".to_owned()),
        ..rotate(&home, "office", 0, 2)
    };
    home.admin(opening).unwrap();
    assert_eq!(home.state.current_epoch(&stream), Some(Epoch(0)));
    assert_eq!(home.state.stream(&stream).unwrap().name, "office");
}

#[test]
fn a_grant_ends_by_the_relays_time_and_makes_the_stream_stale() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    let care = home.stream("care");
    let until = Some(home.now.plus(1_000));
    home.admin(Grant {
        until,
        ..home.grant(nurse, Right::Write, 0)
    })
    .unwrap();
    let granted = home.at();
    home.now = home.now.plus(999);
    home.admin(Policy {
        name: "idle".to_owned(),
        value: Bytes::from_static(&[1]),
    })
    .unwrap();
    assert!(home.state.may_write(&nurse, &care, home.at()));
    assert!(!home.state.stream(&care).unwrap().stale);
    home.now = home.now.plus(1);
    home.admin(Policy {
        name: "idle".to_owned(),
        value: Bytes::from_static(&[2]),
    })
    .unwrap();
    assert!(!home.state.may_write(&nurse, &care, home.at()));
    assert!(home.state.may_write(&nurse, &care, granted));
    assert!(home.state.stream(&care).unwrap().stale);
    assert_eq!(home.state.recipients(&care, home.now).len(), 2);
    assert_eq!(home.state.policy("idle"), Some(&Bytes::from_static(&[2])));
}

#[test]
fn an_emergency_grant_holds_a_key_and_neither_reads_nor_writes() {
    let mut home = Home::new();
    let clerk = home.add_person(10);
    let care = home.stream("care");
    home.admin(home.grant(clerk, Right::Emergency, 0)).unwrap();
    assert_eq!(
        home.state.right_at(&clerk, &care, home.at()),
        Right::Emergency
    );
    assert_eq!(home.state.recipients(&care, home.now).len(), 3);
    assert_eq!(
        home.by(clerk, 10, rotate(&home, "care", 1, 3)),
        Err(RosterError::NotHolder)
    );
}

#[test]
fn the_relay_gets_another_key_from_an_administrator_and_countersigns_with_it() {
    let mut home = Home::new();
    let body = RelayKey { key: public(30) };
    let entry = home.entry(home.founder(), &key(FOUNDER), &Body::from(body).0);
    home.append_countersigned_by(30, &entry).unwrap();
    assert_eq!(home.state.relay_key(), Some(public(30)));
    assert_eq!(home.state.relay_keys().len(), 2);
    // What it signed before is verified with the key that it had.
    let at = home.state.head().0;
    assert_eq!(home.state.relay_key_at(at), Some(public(30)));
    let before = RosterSeq(at.0 - 1);
    assert_eq!(home.state.relay_key_at(before), Some(public(RELAY)));
    assert_eq!(home.state.relay_key_at(RosterSeq(0)), None);
    let next = home.entry(
        home.founder(),
        &key(FOUNDER),
        &Body::from(AddPerson {
            person: person_keys(10),
        })
        .0,
    );
    assert_eq!(
        home.state.apply(&countersign(RELAY, &next, home.now)),
        Err(RosterError::BadCountersignature)
    );
    home.append_countersigned_by(30, &next).unwrap();
}

#[test]
fn the_relay_begins_a_log_anew() {
    let mut home = Home::new();
    let body = |old: u8, new: u8| NewLog {
        stream: stream_of_care(),
        old: LogId::from_bytes([old; 16]),
        old_seq: Seq(5),
        old_chain: ChainHash::from_bytes([9; 32]),
        new: LogId::from_bytes([new; 16]),
    };
    home.by(SignerId::NONE, RELAY, body(40, 41)).unwrap();
    home.by(SignerId::NONE, RELAY, body(41, 42)).unwrap();
    assert_eq!(home.state.stream(&stream_of_care()).unwrap().logs.len(), 2);
    assert_eq!(
        home.by(SignerId::NONE, RELAY, body(41, 43)),
        Err(RosterError::WrongLog)
    );
    assert_eq!(
        home.by(SignerId::NONE, RELAY, body(42, 41)),
        Err(RosterError::IdReused)
    );
}

fn stream_of_care() -> ids::StreamId {
    wire::stream_id(&charter().facility_id(), "care")
}

#[test]
fn the_recovery_sheet_brings_a_home_back_that_has_no_administrator_at_hand() {
    let mut home = Home::new();
    let person = person_keys(50);
    let scope = scope_of(&home.facility());
    let body = RecoveryUsed {
        recovery: recovery_keys(51),
        person: Some(person),
        device: Some(RecoveryDevice {
            keys: device_keys(52),
            scope,
        }),
        grants: vec![home.grant(person.id, Right::Write, acts::ROSTER)],
        wraps: None,
    };
    home.by(SignerId::NONE, RECOVERY, body).unwrap();
    assert!(home.state.is_administrator(&person.id, home.now));
    assert_eq!(home.state.recovery(), Some(&recovery_keys(51)));
    assert_eq!(home.state.recovery_used(), [RosterSeq(2)]);
    assert!(home.state.streams().all(|stream| stream.stale));
    home.by(
        person.id,
        50,
        AddPerson {
            person: person_keys(53),
        },
    )
    .unwrap();
}

#[test]
fn destroyed_documents_are_known() {
    let mut home = Home::new();
    let document = DocumentId::from_bytes([8; 16]);
    let stream = home.stream("care");
    home.admin(Destroy {
        stream,
        documents: vec![document],
        evidence: Vec::new(),
        blobs: None,
    })
    .unwrap();
    assert_eq!(home.state.destroyed(&stream, &document), Some(RosterSeq(2)));
    assert_eq!(
        home.state.destroyed(&home.stream("directory"), &document),
        None
    );
}

#[test]
fn the_relays_clock_may_go_back_and_its_word_does_not() {
    let mut home = Home::new();
    let entry = home.entry(
        home.founder(),
        &key(FOUNDER),
        &Body::from(AddPerson {
            person: person_keys(10),
        })
        .0,
    );
    let accepted = home.state.check(&entry, UnixMillis(5)).unwrap();
    assert_eq!(accepted.time, START);
    home.state
        .apply(&countersign(RELAY, &entry, accepted.time))
        .unwrap();
}

#[test]
fn wraps_must_be_exactly_those_listed_in_order() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    let bytes: Vec<Bytes> = (1..=3u8).map(|n| Bytes::from(vec![n; 120])).collect();
    let listed: Vec<WrapHash> = bytes.iter().map(|wrap| wrap_hash(wrap)).collect();
    home.admin(home.grant(nurse, Right::Read, 0)).unwrap();
    let body = Rotate {
        wraps: listed,
        ..rotate(&home, "care", 1, 3)
    };
    let entry = home.entry(home.founder(), &key(FOUNDER), &Body::from(body).0);
    let paired = match_wraps([&entry], &bytes).unwrap();
    assert!(
        paired
            .iter()
            .all(|(listed, _)| listed.stream == home.stream("care"))
    );
    assert_eq!(
        match_wraps([&entry], &bytes[..2]),
        Err(WrapsError::Count {
            listed: 3,
            found: 2
        })
    );
    let swapped = [bytes[1].clone(), bytes[0].clone(), bytes[2].clone()];
    assert_eq!(match_wraps([&entry], &swapped), Err(WrapsError::Hash));
}
