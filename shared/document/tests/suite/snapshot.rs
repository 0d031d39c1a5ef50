//! The plaintext of an envelope of kind snapshot.

use crate::house::{DOCUMENT, NOW, empty, reads, value};
use document::{Snapshot, SnapshotAuthor, SnapshotError, Span, actor, read_save};
use ids::{ChangeHash, DeviceId, PersonId, RosterSeq, RunId, Seq, Signature, limits};
use proptest::prelude::*;

type Change<'a> = &'a dyn Fn(&mut Vec<SnapshotAuthor>);

fn author(run: u8) -> SnapshotAuthor {
    SnapshotAuthor {
        device: DeviceId::from_bytes([0xdd; 16]),
        run: RunId::from_bytes([run; 16]),
        person: PersonId::from_bytes([0xee; 16]),
        spans: vec![span(1, 4), span(2, 9)],
        hash: ChangeHash::from_bytes([run; 32]),
        signature: Signature::from_bytes([0x22; 64]),
    }
}

fn span(last: u64, place: u64) -> Span {
    Span {
        last,
        signed_at: RosterSeq(5),
        seq: Seq(300 + place),
        judged_at: RosterSeq(place),
    }
}

/// A snapshot of two authors, two changes each, in one part; the save is a real one.
pub(crate) fn sample() -> Snapshot {
    let mut doc = empty();
    let mut authors = [author(1), author(2)];
    for number in 0..4 {
        let author = &mut authors[number % 2];
        let values = vec![value(number as u64)];
        let written = doc.write(&author.actor(), NOW, values).unwrap();
        author.hash = written.hash;
    }
    authors.sort_by_key(SnapshotAuthor::actor);
    Snapshot {
        kind: "journal".into(),
        subject: vec![0x5b; 16],
        period: "2026-11".into(),
        save: doc.save().unwrap(),
        authors: authors.to_vec(),
    }
}

#[test]
fn a_part_survives_its_bytes_and_its_save_is_read_as_those_authors_changes() {
    let part = sample();
    assert_eq!(Snapshot::decode(&part.encode().unwrap()), Ok(part.clone()));
    let changes = read_save(&part.save, &DOCUMENT).unwrap();
    for author in &part.authors {
        let newest = changes
            .iter()
            .filter(|change| *change.actor() == author.actor())
            .max_by_key(|change| change.seq())
            .unwrap();
        let last = author.spans.last().unwrap().last;
        assert_eq!((newest.seq(), newest.hash()), (last, author.hash));
        assert_eq!(
            author.actor(),
            actor(&author.device, &author.run, &author.person)
        );
    }
}

#[test]
fn parts_that_follow_one_another_are_one_snapshot() {
    let whole = sample();
    let (first, second) = whole.save.split_at(50);
    let part = |save: &[u8], author: usize| Snapshot {
        save: save.to_vec(),
        authors: vec![whole.authors[author].clone()],
        ..whole.clone()
    };
    let parts = || vec![part(first, 0), part(second, 1)];
    assert_eq!(Snapshot::join(parts()), Ok(whole.clone()));
    let mut elsewhere = parts();
    elsewhere[1].period = "2026-10".into();
    let mut twice = parts();
    twice[1].authors = twice[0].authors.clone();
    let mut turned = parts();
    turned.reverse();
    for parts in [elsewhere, twice, turned, vec![]] {
        assert_eq!(Snapshot::join(parts), Err(SnapshotError::Malformed));
    }
}

#[test]
fn every_cut_and_anything_appended_is_malformed() {
    let bytes = sample().encode().unwrap();
    for len in 0..bytes.len() {
        assert_eq!(
            Snapshot::decode(&bytes[..len]),
            Err(SnapshotError::Malformed),
            "{len}"
        );
    }
    let longer = [bytes, vec![0]].concat();
    assert_eq!(Snapshot::decode(&longer), Err(SnapshotError::Malformed));
}

#[test]
fn what_says_more_waits_and_an_extra_is_passed_over() {
    let part = Snapshot {
        authors: vec![],
        ..sample()
    };
    let bytes = part.encode().unwrap();
    let with = |key: &[u8]| [&[0xa6][..], &bytes[1..], key, &[0x01]].concat();
    assert_eq!(Snapshot::decode(&with(&[5])), Err(SnapshotError::Newer));
    assert_eq!(
        Snapshot::decode(&with(&[0x18, 63])),
        Err(SnapshotError::Newer)
    );
    assert_eq!(Snapshot::decode(&with(&[0x18, 64])), Ok(part));
    assert_eq!(Snapshot::decode(&with(&[4])), Err(SnapshotError::Malformed));
    // A row with one field more, at its end.
    let (row, more) = ([0x81, 0x86], [0x81, 0x87]);
    let one = Snapshot {
        authors: vec![author(1)],
        ..sample()
    };
    let mut bytes = one.encode().unwrap();
    let at = bytes.windows(2).rposition(|window| window == row).unwrap();
    bytes[at..at + 2].copy_from_slice(&more);
    bytes.push(0);
    assert_eq!(Snapshot::decode(&bytes), Err(SnapshotError::Newer));
}

#[test]
fn authors_and_stretches_ascend_and_say_something() {
    let sorted = sample().authors;
    let with = |change: Change<'_>| {
        let mut part = sample();
        change(&mut part.authors);
        part.encode()
    };
    assert!(with(&|_| ()).is_ok());
    let changes: [Change<'_>; 5] = [
        &|authors| authors.reverse(),
        &|authors| authors[1] = sorted[0].clone(),
        &|authors| authors[0].spans.clear(),
        &|authors| authors[0].spans[0].last = 0,
        &|authors| authors[0].spans[0].last = 2,
    ];
    for change in changes {
        assert_eq!(with(change), Err(SnapshotError::Malformed));
    }
}

#[test]
fn bounds_hold_at_n_and_not_at_one_more() {
    let spans = |n: usize| Snapshot {
        authors: vec![SnapshotAuthor {
            spans: (1..=n as u64).map(|last| span(last, 1)).collect(),
            ..author(1)
        }],
        ..sample()
    };
    let n = limits::SPANS_PER_ACTOR;
    let most = spans(n);
    assert_eq!(Snapshot::decode(&most.encode().unwrap()), Ok(most));
    assert_eq!(spans(n + 1).encode(), Err(SnapshotError::Bound));
    let authors = |n: usize| {
        let mut authors: Vec<SnapshotAuthor> = (0..n)
            .map(|n| SnapshotAuthor {
                run: RunId::from_bytes((n as u128).to_be_bytes()),
                ..author(1)
            })
            .collect();
        authors.sort_by_key(SnapshotAuthor::actor);
        Snapshot {
            authors,
            ..sample()
        }
    };
    let n = limits::ACTORS_PER_SNAPSHOT;
    let most = authors(n);
    assert_eq!(Snapshot::decode(&most.encode().unwrap()), Ok(most));
    assert_eq!(authors(n + 1).encode(), Err(SnapshotError::Bound));
    let named = |n: usize| {
        Snapshot {
            kind: "x".repeat(n),
            ..sample()
        }
        .encode()
    };
    assert!(named(64).is_ok());
    assert_eq!(named(65), Err(SnapshotError::Bound));
    let endless = vec![0; limits::INFLATED_BYTES + 1];
    assert_eq!(Snapshot::decode(&endless), Err(SnapshotError::Bound));
}

#[test]
fn debug_output_says_nothing_of_what_was_charted() {
    assert!(!format!("{:?}", sample()).contains("value"));
}

#[test]
fn any_bytes_are_read_without_a_panic_and_what_is_read_can_be_written() {
    let noise = prop::collection::vec(any::<u8>(), 0..300);
    let byte = (any::<prop::sample::Index>(), any::<u8>());
    reads((500, 2_000), &(noise, byte), |(noise, (at, byte))| {
        let mut damaged = sample().encode().unwrap();
        *at.get_mut(&mut damaged) = byte;
        let mut read = false;
        for bytes in [noise, damaged] {
            if let Ok(part) = Snapshot::decode(&bytes) {
                prop_assert_eq!(Snapshot::decode(&part.encode().unwrap()), Ok(part));
                read = true;
            }
        }
        Ok(read)
    });
}
