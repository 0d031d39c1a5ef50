//! The one encoding of what the roster says: any other way to write the same is no entry.

use crate::home::*;
use crate::samples::roster_bodies;
use wire::roster::EntryError;
use wire::{RosterBody, RosterError};

/// Bodies of every kind, with its code.
fn bodies() -> Vec<(u8, Vec<u8>)> {
    let founding = RosterBody::Found(Box::new(found()));
    let others = roster_bodies(&Home::new()).into_iter();
    let all = others.map(|(_, _, body)| body).chain([founding]);
    let all: Vec<(u8, Vec<u8>)> = all.map(|body| (body.kind(), body.to_cbor())).collect();
    let has = |kind: u8| all.iter().any(|(code, _)| *code == kind);
    assert!(RosterBody::KINDS.iter().all(|(code, _)| has(*code)));
    all
}

/// Where the pairs of a short map begin, each with its key, and its end.
fn pairs(map: &[u8]) -> Vec<usize> {
    let mut d = minicbor::Decoder::new(map);
    let count = d.map().unwrap().unwrap();
    let mut starts = Vec::new();
    for _ in 0..count {
        starts.push(d.position());
        d.skip().unwrap();
        d.skip().unwrap();
    }
    starts.push(d.position());
    starts
}

/// Other ways to write the same map.
fn otherwise(map: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (at, count) = (pairs(map), map[0] & 0x1f);
    let mut ways = vec![
        ("a long length", [&[0xb8, count], &map[1..]].concat()),
        ("no length", [&[0xbf], &map[1..], &[0xff]].concat()),
        ("bytes behind", [map, &[0xf6]].concat()),
    ];
    if count > 0 {
        let first = &map[at[0]..at[1]];
        let twice = [&[0xa0 | (count + 1)], first, &map[1..]].concat();
        ways.push(("a key twice", twice));
        let long = [&map[..1], &[0x18, map[1]], &map[2..]].concat();
        ways.push(("a long key", long));
    }
    if count > 1 {
        let (first, second) = (&map[at[0]..at[1]], &map[at[1]..at[2]]);
        let swapped = [&map[..1], second, first, &map[at[2]..]].concat();
        ways.push(("keys that descend", swapped));
    }
    ways
}

#[test]
fn a_body_of_a_known_kind_has_one_encoding() {
    for (kind, body) in bodies() {
        assert!(RosterBody::from_cbor(kind, &body).is_ok(), "{kind}");
        for (way, bytes) in otherwise(&body) {
            let read = RosterBody::from_cbor(kind, &bytes);
            assert_eq!(read, Err(EntryError::Body), "{kind}: {way}");
        }
    }
}

#[test]
fn so_has_the_charter_within_its_byte_string() {
    let body = RosterBody::Found(Box::new(found())).to_cbor();
    let charter = minicbor::to_vec(found().charter()).unwrap();
    // `{0: charter, …}`, the charter under a length of two bytes.
    let begin = body.windows(charter.len()).position(|w| w == charter);
    let begin = begin.unwrap();
    assert_eq!(&body[..3], [0xa4, 0x00, 0x59]);
    for (way, other) in otherwise(&charter) {
        let length = u16::try_from(other.len()).unwrap().to_be_bytes();
        let rest = &body[begin + charter.len()..];
        let bytes = [&body[..3], &length, &other, rest].concat();
        assert_eq!(
            RosterBody::from_cbor(1, &bytes),
            Err(EntryError::Body),
            "{way}"
        );
    }
}

#[test]
fn a_later_version_is_kept_however_it_is_written() {
    let bytes = [0xbf, 0xff];
    let kept = RosterBody::from_cbor(99, &bytes).unwrap();
    assert_eq!(kept.to_cbor(), bytes);
}

#[test]
fn a_kind_of_device_that_is_not_known_is_no_device_that_is_absent() {
    let home = Home::new();
    let used = roster_bodies(&home).into_iter();
    let (signer, n, used) = used
        .into_iter()
        .find(|(.., body)| matches!(body, RosterBody::RecoveryUsed(_)))
        .unwrap();
    let body = used.to_cbor();
    // The scope within field 2: a map of three that begins with its kind, a tablet.
    let scope = [0xa3, 0x00, 0x01, 0x01, 0x83];
    let at = body.windows(scope.len()).position(|w| w == scope).unwrap();
    let mut later = body.clone();
    later[at + 2] = 3;
    assert_eq!(
        RosterBody::from_cbor(used.kind(), &later),
        Err(EntryError::Body)
    );
    // What a decoder reads that skips one item from where it stopped: behind the kind stands, as a
    // value it skips, the key of the streams; then, as keys of the entry, grants and wraps.
    let grants = [0x03, 0x80];
    let mut hidden = body[..at + 2].to_vec();
    hidden.extend([0x03, 0x07]);
    hidden.extend(grants);
    assert_eq!(
        RosterBody::from_cbor(used.kind(), &hidden),
        Err(EntryError::Body)
    );
    assert!(
        home.state
            .check(&home.entry(signer, &key(n), &used), home.now)
            .is_ok()
    );
}

#[test]
fn an_entry_that_is_written_otherwise_is_refused_by_relay_and_replicas() {
    let mut home = Home::new();
    let entry = home.entry(
        home.founder(),
        &key(FOUNDER),
        &Body::from(wire::roster::Clock {}).0,
    );
    let mut bytes = entry.bytes().to_vec();
    // `{}` without its length, one byte more.
    bytes.truncate(bytes.len() - 64 - 1);
    bytes.extend([0xbf, 0xff]);
    bytes[77] += 1;
    let hash = wire::hash::hash(ids::contexts::SIGN_ROSTER, &[&bytes]);
    let message = wire::signing_message(ids::contexts::SIGN_ROSTER, &hash);
    bytes.extend_from_slice(sign(&key(FOUNDER), &message).as_bytes());
    assert_eq!(
        wire::RosterEntry::parse(bytes.clone().into()),
        Err(EntryError::Body)
    );
    let mut item = countersign(RELAY, &entry, home.now);
    item.entry = bytes.into();
    assert_eq!(
        home.state.apply(&item),
        Err(RosterError::Entry(EntryError::Body))
    );
}
