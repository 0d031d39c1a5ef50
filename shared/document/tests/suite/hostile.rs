//! Change chunks that no honest author writes, each with a correct checksum: their frame, their
//! author, their numbers. Automerge panics on some of them, inflates or allocates without a cap on
//! others; `admit` refuses all of them in work bounded by their length (the tests would not end
//! otherwise).

use crate::bytes::{
    ACTION, Forged, INSERT, KEY, PREDECESSORS, VALUE, VALUE_METADATA, chunk_around,
};
use crate::house::{DOCUMENT, NOW, author, empty, value};
use document::{Refused, admit, readmit};
use ids::limits;

pub(crate) fn honest() -> Forged {
    crate::bytes::honest(&author(1), &[value(1), value(2)])
}

#[track_caller]
pub(crate) fn assert_refused(forged: &Forged, why: Refused) {
    assert_eq!(
        admit(&forged.chunk(), &DOCUMENT, &author(1)).err(),
        Some(why)
    );
}

#[test]
fn what_the_forgeries_below_are_made_from_is_admitted() {
    let admitted = admit(&honest().chunk(), &DOCUMENT, &author(1)).unwrap();
    assert_eq!(admitted.entries().len(), 2);
    let mut doc = empty();
    let written = doc
        .write(&author(1), NOW, vec![value(1), value(2)])
        .unwrap();
    assert_eq!(written.chunk, honest().chunk());
    assert_eq!(written.hash, honest().hash());
}

#[test]
fn other_chunks_are_refused() {
    let mut forged = honest();
    for (chunk_type, why) in [
        (0, Refused::NotAChange),
        (2, Refused::Deflated),
        (3, Refused::NotAChange),
        (9, Refused::NotAChange),
    ] {
        forged.chunk_type = chunk_type;
        assert_refused(&forged, why);
    }
    let mut chunk = honest().chunk();
    chunk[0] ^= 1;
    assert_eq!(
        admit(&chunk, &DOCUMENT, &author(1)),
        Err(Refused::NotAChange)
    );
    assert_eq!(admit(&[], &DOCUMENT, &author(1)), Err(Refused::Length));
}

#[test]
fn a_wrong_checksum_is_refused() {
    let mut chunk = honest().chunk();
    chunk[4] ^= 1;
    assert_eq!(admit(&chunk, &DOCUMENT, &author(1)), Err(Refused::Checksum));
}

#[test]
fn cut_and_padded_chunks_are_refused() {
    let chunk = honest().chunk();
    for len in 0..chunk.len() {
        assert!(
            admit(&chunk[..len], &DOCUMENT, &author(1)).is_err(),
            "{len}"
        );
    }
    let padded = [chunk.as_slice(), &[0]].concat();
    assert_eq!(admit(&padded, &DOCUMENT, &author(1)), Err(Refused::Length));
    let two = [chunk.as_slice(), &chunk].concat();
    assert_eq!(admit(&two, &DOCUMENT, &author(1)), Err(Refused::Length));
}

#[test]
fn an_inflate_bomb_is_refused() {
    // Ten bytes that claim to be a deflated change, and a real column with the deflate bit.
    assert_eq!(
        admit(&chunk_around(2, &[0x4b; 10]), &DOCUMENT, &author(1)),
        Err(Refused::Deflated)
    );
    for spec in [KEY, INSERT, ACTION, VALUE_METADATA, VALUE, PREDECESSORS] {
        let mut forged = honest();
        for column in forged
            .columns
            .iter_mut()
            .filter(|(found, _)| *found == spec)
        {
            column.0 |= 8;
        }
        assert_refused(&forged, Refused::Operation);
    }
}

#[test]
fn other_authors_and_documents_are_refused() {
    let chunk = honest().chunk();
    assert_eq!(
        admit(&chunk, &DOCUMENT, &author(2)),
        Err(Refused::OtherActor)
    );
    let elsewhere = ids::DocumentId::from_bytes([0xd1; 16]);
    assert_eq!(admit(&chunk, &elsewhere, &author(1)), Err(Refused::Key));
    assert_eq!(readmit(&chunk, &elsewhere), Err(Refused::Key));
    assert!(readmit(&chunk, &DOCUMENT).is_ok());
    for len in [0, 15, 17, 100] {
        let mut forged = honest();
        forged.actor = vec![7; len];
        assert_refused(&forged, Refused::OtherActor);
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let forge = |seq, start_op| Forged {
        seq,
        start_op,
        ..honest()
    };
    assert_refused(&forge(0, 1), Refused::NotChained);
    assert_refused(&forge(1, 0), Refused::NotChained);
    assert_refused(&forge(u64::MAX, 1), Refused::Bound);
    assert_refused(&forge(1, u64::MAX), Refused::Bound);
    assert_refused(&forge(1, u64::from(u32::MAX)), Refused::Bound);
    assert_refused(&forge(1, (1 << 31) - 1), Refused::Bound);
    assert!(admit(&forge(1, (1 << 31) - 2).chunk(), &DOCUMENT, &author(1)).is_ok());
}

#[test]
fn deps_are_bounded_and_ascending() {
    let deps = |count: u64| -> Vec<[u8; 32]> {
        (1..=count)
            .map(|n| {
                let mut dep = [0; 32];
                dep[..8].copy_from_slice(&n.to_be_bytes());
                dep
            })
            .collect()
    };
    let forge = |deps| Forged { deps, ..honest() };
    let most = limits::DEPS_PER_CHANGE as u64;
    assert!(admit(&forge(deps(most)).chunk(), &DOCUMENT, &author(1)).is_ok());
    assert_refused(&forge(deps(most + 1)), Refused::Bound);
    assert_refused(&forge(deps(100_000)), Refused::Bound);
    assert_refused(
        &forge(deps(3).into_iter().rev().collect()),
        Refused::NotCanonical,
    );
    assert_refused(&forge(vec![[5; 32], [5; 32]]), Refused::NotCanonical);
}

#[test]
fn time_message_further_actors_and_extra_bytes_are_refused() {
    assert_refused(
        &Forged {
            time: vec![1],
            ..honest()
        },
        Refused::Metadata,
    );
    assert_refused(
        &Forged {
            time: vec![0x7f],
            ..honest()
        },
        Refused::Metadata,
    );
    assert_refused(
        &Forged {
            message: b"hello".to_vec(),
            ..honest()
        },
        Refused::Metadata,
    );
    assert_refused(
        &Forged {
            message: vec![0xff, 0xfe],
            ..honest()
        },
        Refused::Metadata,
    );
    assert_refused(
        &Forged {
            message: vec![b'x'; 4_000_000],
            ..honest()
        },
        Refused::Metadata,
    );
    assert_refused(
        &Forged {
            other_actors: vec![vec![9; 16]],
            ..honest()
        },
        Refused::Metadata,
    );
    assert_refused(
        &Forged {
            extra: vec![0],
            ..honest()
        },
        Refused::Metadata,
    );
}
