//! Properties of every decoder: it never panics, and what it reads it writes back.

use crate::home::{Home, key};
use crate::sample_messages::all_messages;
use crate::samples::{carried, carry_head, envelope, envelope_of, header, roster_bodies};
use bytes::{Bytes, BytesMut};
use ids::{DeviceId, PersonId, RunId, limits};
use proptest::prelude::*;
use proptest::sample::Index;
use std::sync::OnceLock;
use wire::carry::{CarryHead, take_message};
use wire::chunk::{Reassembler, frames};
use wire::envelope::{AckBody, SnapshotBody, join_carried, split_carried};
use wire::{Countersigned, Envelope, Header, Kind, Message, RosterBody, RosterEntry, Skeleton};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Everything this crate decodes is handed these bytes.
fn decode_all(bytes: &Bytes) {
    let message = Message::decode(bytes.clone());
    if let Ok(message) = message {
        let again = Message::decode(message.encode()).unwrap();
        assert_eq!(again, message);
    }
    if let Ok(envelope) = Envelope::parse(bytes.clone()) {
        assert_eq!(envelope.bytes(), bytes);
        assert_eq!(Envelope::length_of(bytes), Some(bytes.len()));
        assert_eq!(envelope.skeleton().id(), envelope.id());
        let _ = envelope.body();
        let _ = envelope.verify_device(&crate::home::public(1));
        let _ = envelope.verify_person(&crate::home::public(1));
    }
    if let Ok(entry) = RosterEntry::parse(bytes.clone()) {
        assert_eq!(entry.bytes(), bytes);
        // An entry of another version keeps its body as it is, also of a kind known here.
        if !matches!(entry.body(), RosterBody::Unknown { .. }) {
            let body = RosterBody::from_cbor(entry.body().kind(), &entry.body().to_cbor()).unwrap();
            assert_eq!(&body, entry.body());
        }
        let _ = entry.listed_wraps();
    }
    if let Ok(item) = minicbor::decode::<Countersigned>(bytes) {
        let _ = Home::new().state.apply(&item);
    }
    for (kind, _) in RosterBody::KINDS {
        if let Ok(body) = RosterBody::from_cbor(*kind, bytes) {
            assert_eq!(RosterBody::from_cbor(*kind, &body.to_cbor()), Ok(body));
        }
    }
    let _ = SnapshotBody::parse(bytes).map(|body| body.covered().count());
    let outer = header(Kind::Carried);
    if let Ok(envelopes) = split_carried(bytes, &outer) {
        assert_eq!(join_carried(&envelopes, &outer).unwrap()[..], bytes[..]);
    }
    let _ = CarryHead::split(bytes);
    let mut content = bytes.clone();
    while let Some(message) = take_message(&mut content) {
        assert!(message.is_ok() || content.is_empty());
    }
    let _ = AckBody::parse(bytes);
    let _ = Skeleton::from_slice(bytes);
    let _ = Reassembler::new().push(bytes.clone());
}

/// Well-formed bytes of every sort, to be damaged.
fn corpus() -> &'static [Bytes] {
    static CORPUS: OnceLock<Vec<Bytes>> = OnceLock::new();
    CORPUS.get_or_init(|| {
        let home = Home::new();
        let mut corpus: Vec<Bytes> = all_messages().iter().map(Message::encode).collect();
        corpus.extend(Kind::ALL.map(|kind| envelope(kind).bytes().clone()));
        corpus.push(
            join_carried(&carried(), &header(Kind::Carried))
                .unwrap()
                .into(),
        );
        corpus.push(carry_head().to_bytes().to_vec().into());
        let mut content = BytesMut::new();
        for message in all_messages() {
            wire::carry::put_message(&mut content, &message);
        }
        corpus.push(content.freeze());
        corpus.push(home.log[0].entry.clone());
        corpus.push(minicbor::to_vec(&home.log[0]).unwrap().into());
        for (signer, n, body) in roster_bodies(&home) {
            corpus.push(body.to_cbor().into());
            corpus.push(home.entry(signer, &key(n), &body).bytes().clone());
        }
        corpus
    })
}

#[derive(Clone, Debug)]
enum Damage {
    Set(Index, u8),
    Remove(Index),
    Insert(Index, u8),
    Cut(Index),
    Repeat(Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        any::<Index>().prop_map(Damage::Remove),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<u8>()).prop_map(|(at, n)| Damage::Repeat(at, n)),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    let len = bytes.len();
    match damage {
        Damage::Set(at, byte) => bytes[at.index(len)] = *byte,
        Damage::Remove(at) => drop(bytes.remove(at.index(len))),
        Damage::Insert(at, byte) => bytes.insert(at.index(len), *byte),
        Damage::Cut(at) => bytes.truncate(at.index(len)),
        Damage::Repeat(at, n) => {
            let from = at.index(len);
            let piece = bytes[from..(from + usize::from(*n)).min(len)].to_vec();
            bytes.splice(from..from, piece);
        }
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn no_decoder_panics_on_arbitrary_bytes(
        first in any::<u8>(),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let mut bytes = vec![first];
        bytes.extend(rest);
        decode_all(&bytes.into());
    }

    #[test]
    fn no_decoder_panics_on_damaged_bytes(
        which in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..6),
    ) {
        let mut bytes = which.get(corpus()).to_vec();
        for damage in &damages {
            apply(&mut bytes, damage);
        }
        decode_all(&bytes.into());
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn a_header_survives_its_bytes(bytes in prop::collection::vec(any::<u8>(), 212)) {
        let bytes: [u8; 212] = bytes.try_into().unwrap();
        prop_assert_eq!(Header::from_bytes(&bytes).to_bytes(), bytes);
    }

    #[test]
    fn an_envelope_of_any_content_survives_its_bytes(
        body in prop::collection::vec(any::<u8>(), 0..600),
        device in any::<[u8; 16]>(),
        person in any::<[u8; 16]>(),
        run in any::<[u8; 16]>(),
        run_seq in any::<u64>(),
        nonce in any::<[u8; 24]>(),
    ) {
        prop_assume!(person != [0; 16]);
        let header = Header {
            device: DeviceId::from_bytes(device),
            person: PersonId::from_bytes(person),
            run: RunId::from_bytes(run),
            run_seq,
            ..header(Kind::Changes)
        };
        let made = envelope_of(header, nonce, &body);
        let read = Envelope::parse(made.bytes().clone()).unwrap();
        prop_assert_eq!(read.body(), body);
        prop_assert_eq!(read.nonce(), nonce);
        prop_assert_eq!(read.header().run_seq, run_seq);
        prop_assert_eq!(read.id(), made.id());
        prop_assert!(read.verify_device(&crate::home::public(crate::home::TABLET)).is_ok());
    }

    #[test]
    fn a_message_of_any_length_arrives_whole(len in 0..limits::MESSAGE_BYTES, seed in any::<u8>()) {
        let message: Bytes = (0..len).map(|i| (i as u8).wrapping_mul(31) ^ seed | 1).map(|b| b & 0x7e).collect();
        let mut reassembler = Reassembler::new();
        let mut arrived = Vec::new();
        for frame in frames(&message).unwrap() {
            arrived.extend(reassembler.push(frame).unwrap());
        }
        prop_assert_eq!(arrived, [message]);
    }
}
