//! Envelopes: what parses, what is refused, what a signature covers.

use crate::home::{FOUNDER, RELAY, TABLET, public};
use crate::samples::{envelope, envelope_of, header};
use bytes::Bytes;
use ids::{PersonId, Signature, SigningPublic};
use wire::envelope::{AckBody, NONCE_LEN, SKELETON_LEN, SnapshotBody, SnapshotPart};
use wire::{BadSignature, Envelope, EnvelopeError, Header, Kind, Skeleton, verify_batch};

#[test]
fn a_header_is_212_bytes_and_survives_them() {
    for kind in Kind::ALL {
        let header = header(kind);
        assert_eq!(Header::from_bytes(&header.to_bytes()), header);
        assert_eq!(header.kind(), Some(kind));
    }
    assert_eq!(header(Kind::Changes).to_bytes().len(), 212);
}

#[test]
fn an_envelope_gives_back_what_it_was_made_of() {
    let made = envelope(Kind::Changes);
    let read = Envelope::parse(made.bytes().clone()).unwrap();
    assert_eq!(read, made);
    assert_eq!(read.body(), [0xb1; 40]);
    assert_eq!(read.nonce()[0], 0xe0);
    assert_eq!(read.header_bytes(), read.header().to_bytes());
    assert_eq!(
        read.person_signature()
            .map(|s| s == read.device_signature()),
        Some(false)
    );
    assert_eq!(read.natural_key().run_seq, read.header().run_seq);
    assert_eq!(Envelope::length_of(read.bytes()), Some(read.bytes().len()));
    assert_eq!(Envelope::length_of(&read.bytes()[..211]), None);
}

#[test]
fn parsing_copies_no_bytes() {
    let bytes = envelope(Kind::Changes).bytes().clone();
    let read = Envelope::parse(bytes.clone()).unwrap();
    assert_eq!(read.bytes().as_ptr(), bytes.as_ptr());
}

#[test]
fn a_skeleton_proves_the_id_without_the_body() {
    let envelope = envelope(Kind::Changes);
    let bytes = envelope.skeleton().to_bytes();
    let skeleton = Skeleton::from_slice(&bytes).unwrap();
    assert_eq!(skeleton.id(), envelope.id());
    assert_eq!(&skeleton.header, envelope.header());
    assert_eq!(Skeleton::from_slice(&bytes[..SKELETON_LEN - 1]), None);
    assert_eq!(Skeleton::from_slice(&[0; SKELETON_LEN + 1]), None);
}

#[test]
fn both_signatures_cover_header_nonce_and_body_under_contexts_of_their_own() {
    let envelope = envelope(Kind::Changes);
    assert_eq!(envelope.verify_device(&public(TABLET)), Ok(()));
    assert_eq!(envelope.verify_person(&public(FOUNDER)), Ok(()));
    assert_eq!(envelope.verify_device(&public(FOUNDER)), Err(BadSignature));
    assert_eq!(envelope.verify_person(&public(TABLET)), Err(BadSignature));
    let signed = envelope.bytes().len() - 2 * Signature::LEN;
    // Every byte but those of the lengths, which parsing holds, and of the kind's own rules.
    for at in [4, 60, 100, 150, 207, 212, 235, 236, signed - 1] {
        let mut bytes = envelope.bytes().to_vec();
        bytes[at] ^= 1;
        let changed = Envelope::parse(bytes.into()).unwrap();
        assert_eq!(
            changed.verify_device(&public(TABLET)),
            Err(BadSignature),
            "byte {at}"
        );
        assert_eq!(
            changed.verify_person(&public(FOUNDER)),
            Err(BadSignature),
            "byte {at}"
        );
        assert_ne!(changed.id(), envelope.id());
    }
}

#[test]
fn the_devices_signature_covers_the_persons() {
    for kind in [Kind::Changes, Kind::Snapshot, Kind::Ack, Kind::Slot] {
        let envelope = envelope(kind);
        let end = envelope.bytes().len();
        for at in end - Signature::LEN..end {
            let mut bytes = envelope.bytes().to_vec();
            bytes[at] ^= 1;
            let changed = Envelope::parse(bytes.into()).unwrap();
            assert_eq!(changed.signed_hash(), envelope.signed_hash());
            assert_eq!(
                changed.verify_device(&public(TABLET)),
                Err(BadSignature),
                "{kind:?} byte {at}"
            );
        }
    }
}

#[test]
fn the_id_covers_the_signatures_too() {
    let envelope = envelope(Kind::Changes);
    let mut bytes = envelope.bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    assert_ne!(Envelope::parse(bytes.into()).unwrap().id(), envelope.id());
}

#[test]
fn an_envelope_without_a_person_has_one_signature() {
    let carried = envelope(Kind::Carried);
    assert_eq!(carried.person_signature(), None);
    assert_eq!(carried.verify_person(&public(FOUNDER)), Err(BadSignature));
    assert_eq!(carried.verify_device(&public(TABLET)), Ok(()));
}

#[test]
fn a_batch_of_device_signatures_is_good_only_if_each_is() {
    let envelopes = [
        envelope(Kind::Changes),
        envelope(Kind::Ack),
        envelope(Kind::Carried),
    ];
    let messages: Vec<_> = envelopes.iter().map(Envelope::device_message).collect();
    let mut items: Vec<(&[u8], Signature, SigningPublic)> = envelopes
        .iter()
        .zip(&messages)
        .map(|(e, message)| (message.as_slice(), e.device_signature(), public(TABLET)))
        .collect();
    assert!(verify_batch(&items));
    assert!(verify_batch(&[]));
    items[1].2 = public(RELAY);
    assert!(!verify_batch(&items));
    items[1].2 = SigningPublic::from_bytes([2; 32]);
    assert!(!verify_batch(&items));
}

#[test]
fn a_key_of_small_order_verifies_nothing() {
    // With the identity as key, R = identity and s = 0 satisfy the plain equation for any text.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut signature = [0; 64];
    signature[0] = 1;
    let (key, signature) = (
        SigningPublic::from_bytes(identity),
        Signature::from_bytes(signature),
    );
    assert_eq!(
        wire::verify_strict(&key, b"anything", &signature),
        Err(BadSignature)
    );
    assert!(!wire::sign::is_usable(&key));
    assert!(wire::sign::is_usable(&public(RELAY)));
}

/// 32 bytes from how they are written.
fn bytes_of(hex: &str) -> [u8; 32] {
    let pairs = hex.as_bytes().chunks_exact(2);
    let bytes = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16));
    let bytes: Vec<u8> = bytes.map(Result::unwrap).collect();
    bytes.try_into().unwrap()
}

#[test]
fn a_batch_refuses_every_nonce_that_strict_verification_refuses() {
    // By the key made of 32 bytes 9, with s = H(R ‖ A ‖ text) · a: each is good by the plain equation. R is
    // the identity, then the same written with y = p + 1, then with a sign that zero has not.
    let key = bytes_of("fd1724385aa0c75b64fb78cd602fa1d991fdebf76b13c58ed702eac835e9f618");
    for (nonce, s) in [
        (
            "0100000000000000000000000000000000000000000000000000000000000000",
            "b287e26cf2d943e4b91f8f947a43613f9a45c66870359e4a6f7ebc70fd1d6b06",
        ),
        (
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "c582221b0b8d8d0a45b3eb9d1a887fbba56890234062fd2169eb64fa1cbd720f",
        ),
        (
            "0100000000000000000000000000000000000000000000000000000000000080",
            "c4732b5895e4cc8d15adbd96ab574be9f4f5ad6093690d2c5f0feb547479af09",
        ),
    ] {
        let signature = [bytes_of(nonce), bytes_of(s)].concat();
        let signature = Signature::from_bytes(signature.try_into().unwrap());
        let key = SigningPublic::from_bytes(key);
        assert_eq!(
            wire::verify_strict(&key, b"anything", &signature),
            Err(BadSignature)
        );
        let items: [(&[u8], _, _); 1] = [(b"anything", signature, key)];
        assert!(!verify_batch(&items), "{nonce}");
    }
}

#[test]
fn lengths_that_do_not_fit_are_refused() {
    let bytes = envelope(Kind::Changes).bytes().to_vec();
    for cut in [0, 1, 211, 212, 300, bytes.len() - 1] {
        let refused = Envelope::parse(Bytes::copy_from_slice(&bytes[..cut]));
        assert_eq!(refused, Err(EnvelopeError::Short), "{cut}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(Envelope::parse(longer.into()), Err(EnvelopeError::Trailing));
}

#[test]
fn a_person_signature_is_there_exactly_when_a_person_is_named() {
    let header = header(Kind::Changes);
    let signature = Signature::ZERO;
    let without = Envelope::assemble(&header, &[1; NONCE_LEN], &[], &signature, None);
    assert_eq!(without, Err(EnvelopeError::Short));
    let nobody = Header {
        person: PersonId::ZERO,
        kind: Kind::Record.code(),
        ..header
    };
    let with = Envelope::assemble(&nobody, &[0; NONCE_LEN], &[], &signature, Some(&signature));
    assert_eq!(with, Err(EnvelopeError::Trailing));
}

#[test]
fn each_kind_holds_to_its_signers_and_its_nonce() {
    let assemble = |kind: Kind, person: bool, nonce: u8, body: &[u8]| {
        let person = if person {
            PersonId::from_bytes([5; 16])
        } else {
            PersonId::ZERO
        };
        let header = Header {
            person,
            body_len: body.len() as u32,
            ..header(kind)
        };
        let signature = (!person.is_zero()).then_some(Signature::ZERO);
        let nonce = [nonce; NONCE_LEN];
        Envelope::assemble(&header, &nonce, body, &Signature::ZERO, signature.as_ref()).map(drop)
    };
    let ack = [0; AckBody::LEN];
    for (kind, body) in [
        (Kind::Changes, &[][..]),
        (Kind::Slot, &[]),
        (Kind::Snapshot, &[0, 1, 0, 0]),
        (Kind::Ack, &ack),
    ] {
        assert_eq!(
            assemble(kind, false, 0, body),
            Err(EnvelopeError::PersonMissing),
            "{kind:?}"
        );
        assert_eq!(assemble(kind, true, 0, body), Ok(()), "{kind:?}");
    }
    assert_eq!(
        assemble(Kind::Carried, true, 0, &[]),
        Err(EnvelopeError::PersonUnexpected)
    );
    for person in [true, false] {
        assert_eq!(assemble(Kind::Record, person, 0, &[]), Ok(()));
    }
    for (kind, body) in [(Kind::Record, &[][..]), (Kind::Ack, &ack)] {
        assert_eq!(
            assemble(kind, true, 1, body),
            Err(EnvelopeError::NonceUnexpected)
        );
    }
    assert_eq!(
        assemble(Kind::Carried, false, 1, &[]),
        Err(EnvelopeError::NonceUnexpected)
    );
    assert_eq!(
        assemble(Kind::Ack, true, 0, &ack[1..]),
        Err(EnvelopeError::ClearPart)
    );
    assert_eq!(
        assemble(Kind::Snapshot, true, 1, &[0, 1, 0]),
        Err(EnvelopeError::ClearPart)
    );
}

#[test]
fn versions_kinds_and_flags_from_the_future_parse_and_wait() {
    for change in [
        |header: &mut Header| header.version = 2,
        |header: &mut Header| header.kind = 7,
        |header: &mut Header| header.kind = 0,
        |header: &mut Header| header.flags = 1,
    ] {
        let mut header = header(Kind::Carried);
        change(&mut header);
        let envelope = envelope_of(header, [7; NONCE_LEN], &[1, 2, 3]);
        assert!(!envelope.header().is_understood());
        assert_eq!(envelope.verify_device(&public(TABLET)), Ok(()));
    }
}

#[test]
fn a_snapshot_says_in_clear_what_it_covers() {
    let envelope = envelope(Kind::Snapshot);
    let body = SnapshotBody::parse(envelope.body()).unwrap();
    assert_eq!(body.part(), SnapshotPart { index: 1, of: 2 });
    assert_eq!(body.covered().count(), 2);
    assert_eq!(body.sealed(), [0x5e; 20]);
}

#[test]
fn an_ack_names_its_snapshot_and_the_heads() {
    let ack = AckBody::parse(envelope(Kind::Ack).body()).unwrap();
    assert_eq!(AckBody::parse(&ack.to_bytes()), Ok(ack));
}

#[test]
fn debug_output_shows_no_body() {
    assert!(!format!("{:?}", envelope(Kind::Changes)).contains("177, 177"));
}
