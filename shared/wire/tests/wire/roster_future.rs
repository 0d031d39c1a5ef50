//! Entries from the future: kept, signed by who they say, and nothing is judged from there on.

use crate::home::*;
use bytes::Bytes;
use ids::{PersonId, RosterSeq};
use wire::roster::{AddPerson, RekeyPerson, RosterBody};
use wire::{RosterEntry, RosterError, SignerId};

fn unknown() -> RosterBody {
    RosterBody::Unknown {
        kind: 99,
        body: Bytes::from_static(b"whatever"),
    }
}

fn add(n: u8) -> RosterBody {
    RosterBody::AddPerson(AddPerson {
        person: person_keys(n),
    })
}

/// What a replica says to the next entry, signed by the key of `n` as `signer`.
fn apply(
    home: &mut Home,
    signer: impl Into<SignerId>,
    n: u8,
    body: &RosterBody,
) -> Option<RosterError> {
    let entry = home.entry(signer, &key(n), body);
    home.state
        .apply(&countersign(RELAY, &entry, home.now))
        .err()
}

#[test]
fn a_kind_from_the_future_is_kept_and_the_chain_goes_on() {
    let mut home = Home::new();
    let entry = home.entry(home.founder(), &key(FOUNDER), &unknown());
    assert_eq!(
        home.state.check(&entry, home.now),
        Err(RosterError::UnknownKind)
    );
    home.append(&entry).unwrap();
    assert!(home.state.needs_update());
    assert_eq!(home.state.waiting(), [RosterSeq(2)]);
    // What follows may rest on it: somebody unknown here signs, and it is kept too.
    let stranger = PersonId::from_bytes([77; 16]);
    assert_eq!(apply(&mut home, stranger, 77, &add(10)), None);
    assert_eq!(home.state.waiting(), [RosterSeq(2), RosterSeq(3)]);
    // What can be judged is applied.
    home.add_person(11);
    assert!(home.state.person(&PersonId::from_bytes([11; 16])).is_some());
    assert_eq!(home.state.waiting(), [RosterSeq(2), RosterSeq(3)]);
}

#[test]
fn a_version_from_the_future_is_kept_too() {
    let mut home = Home::new();
    let entry = home.entry(home.founder(), &key(FOUNDER), &add(10));
    let mut bytes = entry.bytes().to_vec();
    bytes[0] = 2;
    let signed = bytes.len() - 64;
    let hash = wire::hash::hash(ids::contexts::SIGN_ROSTER, &[&bytes[..signed]]);
    let message = [ids::contexts::SIGN_ROSTER.as_bytes(), &[0], &hash].concat();
    bytes[signed..].copy_from_slice(sign(&key(FOUNDER), &message).as_bytes());
    let entry = RosterEntry::parse(bytes.into()).unwrap();
    assert_eq!(
        home.state.check(&entry, home.now),
        Err(RosterError::UnknownKind)
    );
    home.append(&entry).unwrap();
    assert!(home.state.needs_update());
}

#[test]
fn nothing_is_judged_from_an_entry_on_that_is_not_understood() {
    let mut home = Home::new();
    home.add_person(10);
    assert!(home.state.is_understood_at(RosterSeq(99)));
    let founder = home.founder();
    assert_eq!(apply(&mut home, founder, FOUNDER, &unknown()), None);
    home.add_person(11);
    let understood: Vec<_> = (1..=4)
        .filter(|at| home.state.is_understood_at(RosterSeq(*at)))
        .collect();
    assert_eq!(understood, [1, 2]);
}

#[test]
fn an_unknown_kind_is_signed_by_who_it_says() {
    let mut home = Home::new();
    let founder = home.founder();
    for (signer, n) in [
        (SignerId::from(founder), 77),
        (SignerId::from_bytes([TABLET; 16]), FOUNDER),
        (SignerId::NONE, FOUNDER),
    ] {
        let refused = apply(&mut home, signer, n, &unknown());
        assert_eq!(refused, Some(RosterError::BadSignature));
    }
    // Nobody can have brought this one in.
    let stranger = PersonId::from_bytes([77; 16]);
    let refused = apply(&mut home, stranger, 77, &unknown());
    assert_eq!(refused, Some(RosterError::UnknownPerson));
    assert!(!home.state.needs_update());
    for (signer, n) in [
        (SignerId::from(founder), FOUNDER),
        (SignerId::from_bytes([TABLET; 16]), TABLET),
        (SignerId::NONE, RELAY),
        (SignerId::NONE, RECOVERY),
    ] {
        assert_eq!(apply(&mut home, signer, n, &unknown()), None);
    }
}

#[test]
fn a_bad_signature_is_refused_although_something_waits() {
    let mut home = Home::new();
    let founder = home.founder();
    assert_eq!(apply(&mut home, founder, FOUNDER, &unknown()), None);
    let refused = apply(&mut home, founder, 77, &add(10));
    assert_eq!(refused, Some(RosterError::BadSignature));
    // Somebody who is known, and may or may not have been made an administrator meanwhile.
    let person = home.add_person(12);
    assert_eq!(
        apply(&mut home, person, 77, &add(13)),
        Some(RosterError::BadSignature)
    );
    assert_eq!(apply(&mut home, person, 12, &add(13)), None);
    assert_eq!(home.state.waiting().len(), 2);
}

#[test]
fn who_was_rekeyed_by_an_entry_that_waits_is_not_refused_for_the_new_key() {
    let mut home = Home::new();
    let (founder, person) = (home.founder(), home.add_person(12));
    assert_eq!(apply(&mut home, founder, FOUNDER, &unknown()), None);
    let rekey = RosterBody::RekeyPerson(RekeyPerson {
        person: wire::roster::PersonKeys {
            id: person,
            ..person_keys(14)
        },
        wraps: Vec::new(),
    });
    let stranger = PersonId::from_bytes([77; 16]);
    assert_eq!(apply(&mut home, stranger, 77, &rekey), None);
    assert_eq!(apply(&mut home, person, 14, &add(15)), None);
}
