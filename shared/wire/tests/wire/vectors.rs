//! The golden vectors: committed once, compared here, never written by a test. What they hold is
//! what every tablet in the field reads and writes; a difference is a new format.

use crate::samples::{GROUPS, Samples, render};
use bytes::Bytes;
use wire::{Envelope, Message, RosterBody, RosterEntry};

fn committed(group: &str) -> String {
    let path = format!("{}/vectors/{group}.hex", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parse(text: &str) -> Samples {
    let line = |line: &str| {
        let (name, hex) = line.split_once(' ').unwrap();
        let pairs = hex.as_bytes().chunks_exact(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
        (
            name.to_owned(),
            pairs.map(|pair| byte(pair).unwrap()).collect(),
        )
    };
    text.lines().map(line).collect()
}

#[test]
fn every_group_is_byte_for_byte_what_was_committed() {
    for (group, samples) in GROUPS {
        let (committed, now) = (committed(group), render(&samples()));
        for (was, is) in committed.lines().zip(now.lines()) {
            assert_eq!(was, is, "{group}");
        }
        assert_eq!(committed.lines().count(), now.lines().count(), "{group}");
    }
}

#[test]
fn every_kind_of_envelope_roster_entry_and_message_has_a_vector() {
    let names = |group: &str| -> Vec<String> {
        parse(&committed(group))
            .into_iter()
            .map(|(name, _)| name.to_lowercase())
            .collect()
    };
    for kind in wire::Kind::ALL {
        assert!(
            names("envelope").contains(&format!("{kind:?}").to_lowercase()),
            "{kind:?}"
        );
    }
    for (_, kind) in RosterBody::KINDS {
        assert!(names("roster").contains(&kind.to_lowercase()), "{kind}");
    }
    for (_, kind) in Message::TYPES {
        assert!(names("message").contains(&kind.to_lowercase()), "{kind}");
    }
}

#[test]
fn committed_bytes_are_read_and_written_back_the_same() {
    for (name, bytes) in parse(&committed("message")) {
        let message = Message::decode(Bytes::from(bytes.clone())).expect(&name);
        assert_eq!(message.encode(), bytes, "{name}");
    }
    for (name, bytes) in parse(&committed("envelope")) {
        if !name.contains('-') {
            let envelope = Envelope::parse(Bytes::from(bytes)).expect(&name);
            assert!(envelope.header().is_understood(), "{name}");
        }
    }
    let kinds: Vec<_> = RosterBody::KINDS
        .iter()
        .map(|(_, name)| name.to_lowercase())
        .collect();
    for (name, bytes) in parse(&committed("roster")) {
        if kinds.contains(&name.to_lowercase()) {
            let entry = RosterEntry::parse(Bytes::from(bytes)).expect(&name);
            let again = RosterBody::from_cbor(entry.head().kind, &entry.body().to_cbor());
            assert_eq!(again.as_ref(), Ok(entry.body()), "{name}");
            let body = entry.body().to_cbor();
            let within = entry
                .bytes()
                .windows(body.len())
                .any(|window| window == body);
            assert!(within, "{name}: the body is written as it was read");
        }
    }
}
