//! Saves: what is written loads with the same heads; what is damaged is an error, never a panic.

use crate::bytes::{chunk_around, data_of};
use crate::house::{DOCUMENT, NOW, author, empty, reads, value, write, write_values};
use document::{Admitted, Doc, LoadError, Refused, read_save};
use proptest::prelude::*;

/// Three authors, partly concurrent, several entries a change.
fn busy() -> (Doc, Vec<Admitted>) {
    let (mut left, mut right) = (empty(), empty());
    let mut changes = vec![write(&mut left, 1, 1)];
    right.apply(changes.clone());
    changes.push(write(&mut left, 1, 2));
    changes.push(write(&mut right, 2, 3));
    let many = write_values(&mut right, 2, (10..15).map(value).collect());
    changes.push(document::readmit(&many.chunk, &DOCUMENT).unwrap());
    left.apply(changes.clone());
    changes.push(write(&mut left, 3, 4));
    (left, changes)
}

#[test]
fn a_save_holds_every_change_as_it_was_written() {
    let (mut doc, changes) = busy();
    let save = doc.save().unwrap();
    let saved = read_save(&save, &DOCUMENT).unwrap();
    assert_eq!(saved.len(), changes.len());
    assert!(changes.iter().all(|change| saved.contains(change)));
    let loaded = Doc::load(DOCUMENT, &save).unwrap();
    assert_eq!(loaded.heads(), doc.heads());
    assert!(loaded.entries().eq(doc.entries()));
    assert_eq!(loaded.seq_of(&author(2)), 2);
}

#[test]
fn a_loaded_document_goes_on_where_it_was() {
    let (mut doc, _) = busy();
    let mut loaded = Doc::load(DOCUMENT, &doc.save().unwrap()).unwrap();
    let next = write_values(&mut doc, 1, vec![value(20)]);
    assert_eq!(write_values(&mut loaded, 1, vec![value(20)]), next);
    assert_eq!(loaded.heads(), [next.hash]);
    assert_eq!(
        Doc::load(DOCUMENT, &loaded.save().unwrap())
            .unwrap()
            .heads(),
        [next.hash]
    );
}

#[test]
fn an_empty_document_has_a_save() {
    let save = empty().save().unwrap();
    let loaded = Doc::load(DOCUMENT, &save).unwrap();
    assert!(loaded.is_empty() && loaded.heads().is_empty());
    assert!(Doc::load(DOCUMENT, &[]).is_err());
}

#[test]
fn what_waits_is_not_saved() {
    let mut doc = empty();
    let (_, changes) = busy();
    doc.apply(vec![changes[0].clone(), changes[4].clone()]);
    assert_eq!(doc.waiting(), 1);
    let loaded = Doc::load(DOCUMENT, &doc.save().unwrap()).unwrap();
    assert_eq!(loaded.heads(), [changes[0].hash()]);
    assert_eq!(loaded.waiting(), 0);
}

#[test]
fn a_save_of_another_document_is_refused() {
    let save = busy().0.save().unwrap();
    let elsewhere = ids::DocumentId::from_bytes([0xaa; 16]);
    assert_eq!(
        read_save(&save, &elsewhere),
        Err(LoadError::Corrupt(Refused::Key))
    );
}

#[test]
fn a_compressed_save_is_refused() {
    let (_, changes) = busy();
    let mut automerge = automerge::Automerge::new();
    for n in 0..40 {
        let mut doc = empty();
        let long = doc.write(&author(n), NOW, vec![vec![n; 300]]).unwrap();
        let chunk = automerge::Change::try_from(long.chunk.as_slice()).unwrap();
        automerge.apply_changes([chunk]).unwrap();
    }
    assert!(read_save(&automerge.save_nocompress(), &DOCUMENT).is_ok());
    assert!(read_save(&automerge.save(), &DOCUMENT).is_err());
    assert!(read_save(changes[0].chunk(), &DOCUMENT).is_err());
}

#[test]
fn heads_that_are_not_its_own_are_an_error() {
    let save = busy().0.save().unwrap();
    let mut data = data_of(&save).unwrap().to_vec();
    // Three actors of 17 bytes, their count, the count of heads, the head.
    assert_eq!((data[0], data[52]), (3, 1));
    data[53] ^= 1;
    assert_eq!(
        read_save(&chunk_around(0, &data), &DOCUMENT),
        Err(LoadError::Heads)
    );
}

#[test]
fn every_cut_and_every_flipped_byte_is_an_error() {
    let save = busy().0.save().unwrap();
    for len in 0..save.len() {
        assert!(read_save(&save[..len], &DOCUMENT).is_err());
    }
    for at in 0..save.len() {
        let mut damaged = save.clone();
        damaged[at] ^= 0x10;
        assert!(read_save(&damaged, &DOCUMENT).is_err(), "{at}");
    }
}

/// With its checksum made right again, a damaged save still brings nothing that was not written,
/// because its heads and the keys of its entries are hashes. A fifth of them is not damaged at all: of
/// the others hardly any is read.
#[test]
fn a_forged_save_is_an_error_or_the_same_document() {
    let flips = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5);
    let cut = prop::option::weighted(0.1, any::<prop::sample::Index>());
    let (mut doc, changes) = busy();
    let save = doc.save().unwrap();
    reads((400, 4_096), &(flips, cut), |(flips, cut)| {
        let mut data = data_of(&save).unwrap().to_vec();
        for (at, byte) in flips {
            *at.get_mut(&mut data) = byte;
        }
        if let Some(cut) = cut {
            data.truncate(cut.index(data.len()));
        }
        let Ok(read) = read_save(&chunk_around(0, &data), &DOCUMENT) else {
            return Ok(false);
        };
        prop_assert!(read.iter().all(|change| changes.contains(change)));
        Ok(true)
    });
}
