//! The plaintext of an envelope of changes.

use crate::house::{author, reads};
use document::{Body, BodyError, Seal};
use ids::{ChangeHash, Signature, limits};
use proptest::prelude::*;

pub(crate) fn sample() -> Body {
    Body {
        kind: "journal".into(),
        subject: vec![1, 0x5b, 2],
        period: "2026-11".into(),
        chunks: vec![vec![1, 2, 3], vec![4; 300]],
        seals: vec![seal()],
    }
}

fn seal() -> Seal {
    Seal {
        actor: author(1),
        seq: 7,
        hash: ChangeHash::from_bytes([0x11; 32]),
        signature: Signature::from_bytes([0x22; 64]),
    }
}

#[test]
fn a_body_survives_its_bytes() {
    let body = sample();
    assert_eq!(Body::decode(&body.encode().unwrap()), Ok(body.clone()));
    assert_eq!(
        body.canonical(),
        ("journal", [1, 0x5b, 2].as_slice(), "2026-11")
    );
    let empty = Body {
        chunks: vec![],
        seals: vec![],
        ..sample()
    };
    assert_eq!(Body::decode(&empty.encode().unwrap()), Ok(empty));
}

#[test]
fn every_cut_and_anything_appended_is_malformed() {
    let bytes = sample().encode().unwrap();
    for len in 0..bytes.len() {
        assert_eq!(
            Body::decode(&bytes[..len]),
            Err(BodyError::Malformed),
            "{len}"
        );
    }
    assert_eq!(
        Body::decode(&[bytes, vec![0]].concat()),
        Err(BodyError::Malformed)
    );
}

#[test]
fn other_encodings_of_the_same_body_are_malformed() {
    let bytes = Body {
        chunks: vec![],
        seals: vec![],
        ..sample()
    }
    .encode()
    .unwrap();
    assert_eq!(bytes[0], 0xa5);
    let long_head = [&[0xb8, 5], &bytes[1..]].concat();
    let long_key = [&[0xa5, 0x18, 0], &bytes[2..]].concat();
    let indefinite = [&[0xbf], &bytes[1..], &[0xff]].concat();
    let (front, _) = bytes.split_at(bytes.len() - 3);
    let long_array = [front, &[0x98, 0], &bytes[bytes.len() - 2..]].concat();
    for other in [long_head, long_key, indefinite, long_array] {
        assert_eq!(Body::decode(&other), Err(BodyError::Malformed));
    }
}

#[test]
fn a_body_is_bounded() {
    let most = limits::CHANGES_PER_ENVELOPE;
    let with = |chunks: usize, seals: usize| Body {
        chunks: vec![vec![9]; chunks],
        seals: vec![seal(); seals],
        ..sample()
    };
    assert_eq!(
        Body::decode(&with(most, most).encode().unwrap()),
        Ok(with(most, most))
    );
    assert_eq!(with(most + 1, 0).encode(), Err(BodyError::Bound));
    assert_eq!(with(0, most + 1).encode(), Err(BodyError::Bound));
    let named = |len| Body {
        kind: "x".repeat(len),
        ..sample()
    };
    assert!(named(64).encode().is_ok());
    assert_eq!(named(65).encode(), Err(BodyError::Bound));
    // A promise of more chunks than allowed is refused before it is believed.
    let front = Body {
        chunks: vec![],
        seals: vec![],
        ..sample()
    }
    .encode()
    .unwrap();
    let promise = [&front[..front.len() - 3], &[0x9b], &u64::MAX.to_be_bytes()].concat();
    assert_eq!(Body::decode(&promise), Err(BodyError::Bound));
    assert_eq!(
        Body::decode(&vec![0; limits::INFLATED_BYTES + 1]),
        Err(BodyError::Bound)
    );
}

#[test]
fn whatever_decodes_encodes_to_the_same_bytes() {
    let flips = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..3);
    reads((20, 256), &flips, |flips| {
        let whole = sample().encode().unwrap();
        let mut bytes = whole.clone();
        for (at, byte) in flips {
            *at.get_mut(&mut bytes) = byte;
        }
        let Ok(body) = Body::decode(&bytes) else {
            return Ok(false);
        };
        prop_assert_eq!(body.encode().unwrap(), &*bytes);
        Ok(bytes != whole)
    });
}
