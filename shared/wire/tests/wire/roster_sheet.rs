//! A recovery sheet that is replaced because it was lost, or seen by somebody else.

use crate::home::*;
use bytes::Bytes;
use ids::{PersonId, RosterSeq};
use wire::roster::{NewSheet, RecoveryUsed, RosterBody, StreamWraps};
use wire::{RosterError, SignerId};

fn new_sheet(n: u8) -> NewSheet {
    NewSheet {
        recovery: recovery_keys(n),
        wraps: None,
    }
}

fn used(n: u8) -> RecoveryUsed {
    RecoveryUsed {
        recovery: recovery_keys(n),
        person: None,
        device: None,
        grants: Vec::new(),
        wraps: None,
    }
}

#[test]
fn an_administrator_replaces_the_sheet_and_the_old_one_is_good_for_nothing_more() {
    let mut home = Home::new();
    home.admin(new_sheet(51)).unwrap();
    assert_eq!(home.state.recovery(), Some(&recovery_keys(51)));
    assert_eq!(home.state.new_sheets(), [RosterSeq(2)]);
    assert_eq!(home.state.recovery_used(), []);
    // Whoever has the old one may have every key.
    assert!(home.state.streams().all(|stream| stream.stale));
    let stolen = home.by(SignerId::NONE, RECOVERY, used(52));
    assert_eq!(stolen, Err(RosterError::BadSignature));
    home.by(SignerId::NONE, 51, used(53)).unwrap();
    assert_eq!(home.state.recovery(), Some(&recovery_keys(53)));
}

#[test]
fn a_rotation_after_it_wraps_for_the_new_sheet() {
    let mut home = Home::new();
    home.admin(new_sheet(51)).unwrap();
    let care = home.stream("care");
    let recipients = home.state.recipients(&care, home.now);
    let keys: Vec<_> = recipients.iter().map(|to| to.agreement).collect();
    assert!(keys.contains(&recovery_keys(51).agreement));
    assert!(!keys.contains(&recovery_keys(RECOVERY).agreement));
    home.admin(crate::roster_rules::rotate(&home, "care", 1, 2))
        .unwrap();
    assert!(!home.state.stream(&care).unwrap().stale);
}

#[test]
fn nobody_but_an_administrator_replaces_the_sheet() {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    let refused = home.by(nurse, 10, new_sheet(51));
    assert_eq!(refused, Err(RosterError::NotAdministrator));
    for n in [RELAY, RECOVERY] {
        let refused = home.by(SignerId::NONE, n, new_sheet(51));
        assert_eq!(refused, Err(RosterError::UnknownPerson));
    }
}

#[test]
fn the_new_sheet_has_keys_of_its_own() {
    let mut home = Home::new();
    for taken in [RECOVERY, FOUNDER, RELAY] {
        let refused = home.admin(new_sheet(taken));
        assert_eq!(refused, Err(RosterError::KeyReused), "{taken}");
    }
    let mut one_key = new_sheet(51);
    one_key.recovery.agreement = ids::AgreementPublic::from_bytes(*public(51).as_bytes());
    assert_eq!(home.admin(one_key), Err(RosterError::KeyReused));
    let mut unusable = new_sheet(51);
    unusable.recovery.agreement = ids::AgreementPublic::from_bytes([0; 32]);
    assert_eq!(home.admin(unusable), Err(RosterError::UnusableKey));
}

#[test]
fn it_is_given_one_wrap_of_each_stream_that_is_named() {
    let mut home = Home::new();
    let (care, devices) = (home.stream("care"), home.devices());
    let with = |wrapped: &[(ids::StreamId, u8)]| {
        let listed = wrapped.iter().map(|(stream, count)| StreamWraps {
            stream: *stream,
            wraps: wraps(*count),
        });
        NewSheet {
            wraps: Some(listed.collect()),
            ..new_sheet(51)
        }
    };
    let wrong =
        |result: Result<_, RosterError>| matches!(result, Err(RosterError::WrongWraps { .. }));
    assert!(wrong(home.admin(with(&[(care, 0)]))));
    assert!(wrong(home.admin(with(&[(care, 2)]))));
    assert!(wrong(home.admin(with(&[(care, 1), (care, 1)]))));
    assert!(wrong(home.admin(with(&[(devices, 2)]))));
    let nowhere = with(&[(home.stream("office"), 1)]);
    assert_eq!(home.admin(nowhere), Err(RosterError::UnknownStream));
    let entry = home.entry(
        home.founder(),
        &key(FOUNDER),
        &Body::from(with(&[(care, 1), (devices, 1)])).0,
    );
    let listed: Vec<_> = entry
        .listed_wraps()
        .iter()
        .map(|wrap| wrap.stream)
        .collect();
    assert_eq!(listed, [care, devices]);
    home.append(&entry).unwrap();
}

#[test]
fn what_a_sheet_signs_that_an_entry_brought_which_waits_is_not_refused() {
    let mut home = Home::new();
    let unknown = RosterBody::Unknown {
        kind: 99,
        body: Bytes::from_static(b"whatever"),
    };
    let mut apply = |signer: SignerId, n: u8, body: &RosterBody| {
        let entry = home.entry(signer, &key(n), body);
        home.state
            .apply(&countersign(RELAY, &entry, home.now))
            .err()
    };
    let founder = SignerId::from(PersonId::from_bytes([FOUNDER; 16]));
    assert_eq!(apply(founder, FOUNDER, &unknown), None);
    let used = Body::from(used(52)).0;
    let refused = Some(RosterError::BadSignature);
    assert_eq!(apply(SignerId::NONE, 51, &used), refused);
    // An administrator whom only the entry that waits can have made replaces the sheet.
    let stranger = SignerId::from(PersonId::from_bytes([77; 16]));
    let sheet = Body::from(new_sheet(51)).0;
    assert_eq!(apply(stranger, 77, &sheet), None);
    assert_eq!(apply(SignerId::NONE, 51, &used), None);
    assert_eq!(home.state.waiting().len(), 3);
}
