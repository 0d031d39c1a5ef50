//! Roster entries that the plain samples leave out: of a later version, with their optional fields
//! otherwise, and a history with the rights that each of its places gives.

use crate::home::*;
use crate::samples::{Samples, roster_bodies};
use bytes::Bytes;
use ids::{RosterSeq, StreamId, WrapHash};
use wire::roster::{
    AddDevice, AddPerson, DeviceKind, PersonKeys, RekeyPerson, RemovePerson, Right,
};
use wire::roster::{MaySignIn, RecoveryDevice, RecoveryUsed, StreamWraps, acts};
use wire::{Countersigned, RosterBody, RosterEntry, RosterError, SignerId};

/// An entry with its bytes otherwise, signed anew by the founder.
fn altered(entry: &RosterEntry, alter: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = entry.bytes().to_vec();
    bytes.truncate(bytes.len() - 64);
    alter(&mut bytes);
    let hash = wire::hash::hash(ids::contexts::SIGN_ROSTER, &[&bytes]);
    let message = wire::signing_message(ids::contexts::SIGN_ROSTER, &hash);
    bytes.extend_from_slice(sign(&key(FOUNDER), &message).as_bytes());
    bytes
}

fn add_person(home: &Home) -> RosterEntry {
    let person = person_keys(10);
    let body = RosterBody::AddPerson(AddPerson { person });
    home.entry(home.founder(), &key(FOUNDER), &body)
}

pub(crate) fn samples() -> Samples {
    let home = Home::new();
    let by_founder = |body: &RosterBody| {
        let entry = home.entry(home.founder(), &key(FOUNDER), body);
        entry.bytes().to_vec()
    };
    let unknown = RosterBody::Unknown {
        kind: 99,
        body: Bytes::from_static(b"whatever"),
    };
    let version = altered(&add_person(&home), |bytes| bytes[0] = 2);
    // The body's map, `{0: person}`, gets a key 5; the head says one length more.
    let field = altered(&add_person(&home), |bytes| {
        bytes[78] = 0xa2;
        bytes.extend_from_slice(&[0x05, 0x01]);
        bytes[77] += 2;
    });
    let mut narrower = scope_of(&home.facility());
    narrower.streams.truncate(2);
    narrower.kind = DeviceKind::Process;
    narrower.may_sign_in = MaySignIn::Only(vec![home.founder()]);
    let scope = RosterBody::AddDevice(AddDevice {
        device: device_keys(TABLET),
        scope: narrower,
        wraps: Vec::new(),
    });
    let mut timed = home.grant(home.founder(), Right::Read, acts::CHARGE);
    timed.until = Some(home.now.plus(1));
    timed.wraps = Vec::<WrapHash>::new();
    let (signer, n, used) = roster_bodies(&home)
        .into_iter()
        .find(|(.., body)| matches!(body, RosterBody::RecoveryUsed(_)))
        .unwrap();
    let RosterBody::RecoveryUsed(mut used) = used else {
        panic!("found by its kind");
    };
    (used.person, used.device, used.grants) = (None, None, Vec::new());
    let least = RosterBody::RecoveryUsed(used.clone());
    let least = home.entry(signer, &key(n), &least);
    used.wraps = Some(sheet_wraps(&home));
    let wrapped = home.entry(signer, &key(n), &RosterBody::RecoveryUsed(used));
    let frames = wire::chunk::frames(&vec![0x7e; ids::limits::FRAME_BYTES + 1].into()).unwrap();
    let mut samples = vec![
        ("unknown-kind".to_owned(), by_founder(&unknown)),
        ("unknown-version".to_owned(), version),
        ("unknown-field".to_owned(), field),
        ("second-scope".to_owned(), by_founder(&scope)),
        ("grant-until".to_owned(), by_founder(&Body::from(timed).0)),
        ("recovery-used-least".to_owned(), least.bytes().to_vec()),
        ("recovery-used-wraps".to_owned(), wrapped.bytes().to_vec()),
        ("unknown-message".to_owned(), vec![0x7e, 1, 2]),
        ("unknown-message-last-chunk".to_owned(), frames[1].to_vec()),
    ];
    for (n, (item, rights)) in history().into_iter().enumerate() {
        samples.push((
            format!("history-{}", n + 1),
            minicbor::to_vec(&item).unwrap(),
        ));
        samples.push((format!("history-{}-rights", n + 1), rights));
    }
    samples
}

/// One wrap of each stream, as for a new recovery sheet.
fn sheet_wraps(home: &Home) -> Vec<StreamWraps> {
    let names = ["directory", "care", "devices"];
    let of = |(n, name): (u8, &str)| StreamWraps {
        stream: home.stream(name),
        wraps: vec![WrapHash::from_bytes([n; 32])],
    };
    (0..).zip(names).map(of).collect()
}

#[test]
fn the_new_sheet_gets_one_wrap_a_stream_and_the_device_that_of_devices() {
    let home = Home::new();
    let used = |wraps: Vec<StreamWraps>, carries_devices: bool| {
        let mut scope = scope_of(&home.facility());
        if !carries_devices {
            scope.streams.retain(|stream| *stream != home.devices());
        }
        let keys = device_keys(52);
        let mut home = Home::new();
        let body = RecoveryUsed {
            recovery: recovery_keys(51),
            person: None,
            device: Some(RecoveryDevice { keys, scope }),
            grants: Vec::new(),
            wraps: Some(wraps),
        };
        home.by(SignerId::NONE, RECOVERY, body).map(drop)
    };
    let wraps = |in_care: u8, in_devices: u8| {
        let mut all = sheet_wraps(&home);
        all[1].wraps = crate::home::wraps(in_care);
        all[2].wraps = crate::home::wraps(in_devices);
        all
    };
    let wrong =
        |result: Result<(), RosterError>| matches!(result, Err(RosterError::WrongWraps { .. }));
    assert_eq!(used(Vec::new(), true), Ok(()));
    assert_eq!(used(wraps(1, 2), true), Ok(()));
    assert_eq!(used(wraps(1, 1), false), Ok(()));
    assert!(wrong(used(wraps(1, 1), true)) && wrong(used(wraps(1, 2), false)));
    assert!(wrong(used(wraps(0, 2), true)) && wrong(used(wraps(2, 2), true)));
    let twice = [wraps(1, 2), wraps(1, 2)].concat();
    assert!(wrong(used(twice, true)));
    let mut nowhere = wraps(1, 2);
    nowhere[0].stream = StreamId::from_bytes([1; 16]);
    assert_eq!(used(nowhere, true), Err(RosterError::UnknownStream));
}

/// A person who is added, granted for an hour, rekeyed, and removed after the hour; and what
/// stands at each place: right on `care` u8 ‖ acts u64 ‖ the person's signing key, zeros for none.
fn history() -> Vec<(Countersigned, Vec<u8>)> {
    let mut home = Home::new();
    let person = home.add_person(10);
    let mut grant = home.grant(person, Right::Write, acts::SIGN | acts::RESOLVE);
    grant.until = Some(home.now.plus(3_600_000));
    home.admin(grant).unwrap();
    let keys = PersonKeys {
        id: person,
        ..person_keys(11)
    };
    let wraps = Vec::new();
    home.admin(RekeyPerson {
        person: keys,
        wraps,
    })
    .unwrap();
    home.now = home.now.plus(3_600_000);
    home.add_person(12);
    home.admin(RemovePerson { person }).unwrap();
    let care = home.stream("care");
    let at = |n: u64| {
        let at = RosterSeq(n);
        let right = home.state.right_at(&person, &care, at) as u8;
        let key = home.state.person_key_at(&person, at);
        let key = key.map_or([0; 32], |key| *key.as_bytes());
        let acts = home.state.acts(&person, &care, at).to_be_bytes();
        [&[right][..], &acts, &key].concat()
    };
    let log = home.log.iter().cloned();
    log.zip(1..).map(|(item, n)| (item, at(n))).collect()
}

#[test]
fn what_is_of_a_later_version_is_kept_and_what_is_optional_is_read() {
    let samples = samples();
    let entry = |name: &str| {
        let (_, bytes) = samples.iter().find(|(sample, _)| sample == name).unwrap();
        RosterEntry::parse(bytes.clone().into()).unwrap()
    };
    for (name, waits) in [
        ("unknown-kind", true),
        ("unknown-version", true),
        ("unknown-field", false),
        ("second-scope", false),
        ("grant-until", false),
        ("recovery-used-least", false),
        ("recovery-used-wraps", false),
    ] {
        let mut home = Home::new();
        home.append(&entry(name)).unwrap();
        assert_eq!(home.state.needs_update(), waits, "{name}");
    }
    let mut home = Home::new();
    home.append(&entry("unknown-field")).unwrap();
    assert!(home.state.person(&person_keys(10).id).is_some());
    let message = wire::Message::decode(vec![0x7e, 1, 2].into());
    assert_eq!(message, Ok(wire::Message::Unknown(0x7e)));
}

#[test]
fn rights_at_a_place_are_those_after_its_entry_by_its_time() {
    let rights: Vec<Vec<u8>> = history().into_iter().map(|(_, rights)| rights).collect();
    let acts = (acts::SIGN | acts::RESOLVE) as u8;
    let (old, new) = (public(10), public(11));
    let stood = |right: u8, acts: u8, key: &[u8; 32]| {
        [&[right, 0, 0, 0, 0, 0, 0, 0, acts][..], key].concat()
    };
    let none = [0; 32];
    assert_eq!(
        rights,
        [
            stood(0, 0, &none),
            stood(0, 0, old.as_bytes()),
            stood(3, acts, old.as_bytes()),
            stood(3, acts, new.as_bytes()),
            stood(0, 0, new.as_bytes()),
            stood(0, 0, new.as_bytes()),
        ]
    );
}
