//! Long content in pieces, and the recovery sheet in shares.

use crate::scene::{Failing, Scene, Seeded};
use ids::{BlobId, Epoch, FacilityId, limits};
use proptest::prelude::*;
use vault::{BlobKey, BlobShape, RecoverySeed, RecoveryShare, RecoveryWordsError, SharesError};
use wire::carry::CarryHead;

fn blob_key() -> BlobKey {
    vault::make_blob_key(&mut Seeded::new(1)).unwrap()
}

#[test]
fn a_piece_opens_in_its_place_and_nowhere_else() {
    let (blob, other) = (BlobId::from_bytes([1; 16]), BlobId::from_bytes([2; 16]));
    let key = blob_key().pieces(&blob);
    let sealed = key.seal(7, false, b"a piece").unwrap();
    assert_eq!(*key.open(7, false, &sealed).unwrap(), b"a piece");
    assert!(key.open(8, false, &sealed).is_none());
    assert!(key.open(7, true, &sealed).is_none());
    assert!(blob_key().pieces(&other).open(7, false, &sealed).is_none());
    let kept = BlobKey::from_bytes(blob_key().bytes()).pieces(&blob);
    assert!(kept.open(7, false, &sealed).is_some());
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(key.open(7, false, &altered).is_none(), "{at}");
    }
}

#[test]
fn a_carry_file_opens_under_its_own_head_and_epoch_only() {
    let scene = Scene::new();
    let head = CarryHead {
        facility: FacilityId::from_bytes([1; 16]),
        epoch: Epoch(3),
        salt: [9; 32],
    };
    let sealed = scene.epoch.carry_file(&head).seal(0, true, b"all").unwrap();
    let opens = |head: &CarryHead| {
        scene
            .epoch
            .carry_file(head)
            .open(0, true, &sealed)
            .is_some()
    };
    assert!(opens(&head));
    for other in [
        CarryHead {
            salt: [8; 32],
            ..head
        },
        CarryHead {
            epoch: Epoch(4),
            ..head
        },
        CarryHead {
            facility: FacilityId::from_bytes([2; 16]),
            ..head
        },
    ] {
        assert!(!opens(&other));
    }
    let next = vault::make_epoch(&mut Seeded::new(5)).unwrap();
    assert!(next.carry_file(&head).open(0, true, &sealed).is_none());
}

fn sheet() -> (RecoverySeed, [RecoveryShare; 3]) {
    let seed = vault::make_recovery(&mut Seeded::new(11)).unwrap();
    let shares = seed.shares(&mut Seeded::new(12)).unwrap();
    (seed, shares)
}

#[test]
fn any_two_shares_give_the_sheet_back_in_either_order() {
    let (seed, shares) = sheet();
    for a in &shares {
        for b in &shares {
            let given = RecoverySeed::from_shares(a, b);
            if a.number() == b.number() {
                assert_eq!(given.err(), Some(SharesError::Same));
            } else {
                assert_eq!(given.unwrap().words(), seed.words());
            }
        }
    }
}

#[test]
fn a_share_is_typed_as_its_words_and_says_nothing_of_the_seed_alone() {
    let (seed, shares) = sheet();
    for share in &shares {
        let words = share.words();
        assert_eq!(words.split(' ').count(), 25);
        let typed = words.to_uppercase().replace(' ', " \n");
        let read = RecoveryShare::from_words(&typed).unwrap();
        assert_eq!((read.number(), read.words()), (share.number(), words));
        assert_ne!(*share.words(), *seed.words());
    }
    // Another line through the same seed: other shares.
    let others = seed.shares(&mut Seeded::new(13)).unwrap();
    assert_ne!(others[0].words(), shares[0].words());
}

#[test]
fn shares_of_two_sheets_or_two_printings_give_nothing() {
    let (seed, shares) = sheet();
    let other = vault::make_recovery(&mut Seeded::new(21)).unwrap();
    let others = other.shares(&mut Seeded::new(22)).unwrap();
    let again = seed.shares(&mut Seeded::new(23)).unwrap();
    for foreign in [&others[1], &again[1]] {
        let given = RecoverySeed::from_shares(&shares[0], foreign);
        assert_eq!(given.err(), Some(SharesError::OtherSheet));
    }
}

#[test]
fn a_mistake_on_a_share_is_named() {
    let (seed, shares) = sheet();
    let words = shares[1].words();
    let list: Vec<&str> = words.split(' ').collect();
    let read = |list: &[&str]| RecoveryShare::from_words(&list.join(" ")).err();
    assert_eq!(read(&list[..24]), Some(RecoveryWordsError::Count));
    let mut wrong = list.clone();
    wrong[0] = "lamplight";
    assert_eq!(read(&wrong), Some(RecoveryWordsError::Word(1)));
    wrong = list.clone();
    wrong[24] = "lamplight";
    assert_eq!(read(&wrong), Some(RecoveryWordsError::Word(25)));
    wrong = list.clone();
    wrong.swap(2, 3);
    assert_eq!(read(&wrong), Some(RecoveryWordsError::Check));
    // A sheet is no share, and a share no sheet; there is no share 0.
    assert!(RecoveryShare::from_words(&seed.words()).is_err());
    assert!(RecoverySeed::from_words(&words).is_err());
    wrong = list.clone();
    wrong[0] = "abandon";
    assert_eq!(read(&wrong), Some(RecoveryWordsError::Check));
    assert_eq!(read(&["abandon"]), Some(RecoveryWordsError::Count));
    assert_eq!(read(&[]), Some(RecoveryWordsError::Count));
}

#[test]
fn no_share_is_made_without_randomness() {
    let (seed, _) = sheet();
    let mut dead = Failing(Seeded::new(1), 0);
    assert!(seed.shares(&mut dead).is_err());
    assert!(vault::make_blob_key(&mut dead).is_err());
}

#[test]
fn an_imports_ids_differ_by_home_source_id_and_sort() {
    let facility = FacilityId::from_bytes([1; 16]);
    let ids = [
        vault::import_id(&facility, "a", "bc", vault::Imported::Resident),
        vault::import_id(&facility, "ab", "c", vault::Imported::Resident),
        vault::import_id(&facility, "a", "bc", vault::Imported::Space),
        vault::import_id(&facility, "a", "bc", vault::Imported::Order),
        vault::import_id(&facility, "a", "bc", vault::Imported::Command),
        vault::import_id(&FacilityId::ZERO, "a", "bc", vault::Imported::Resident),
    ];
    for (i, a) in ids.iter().enumerate() {
        assert!(ids[i + 1..].iter().all(|b| a != b), "{i}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_attachment_within_the_bound_has_pieces_that_fit(length in 0u64..70_000_000) {
        let Some(shape) = BlobShape::of(length) else {
            prop_assert!(length > 66_060_288);
            return Ok(());
        };
        let piece = limits::ATTACHMENT_CHUNK_BYTES as u64;
        prop_assert!(shape.padded >= length.max(256));
        prop_assert_eq!(shape.sealed, shape.padded + 16 * u64::from(shape.pieces));
        prop_assert!(shape.sealed <= limits::ATTACHMENT_BYTES);
        prop_assert!(shape.sealed <= u64::from(shape.pieces) * piece);
        prop_assert!(shape.sealed > (u64::from(shape.pieces) - 1) * piece);
    }

    #[test]
    fn any_bytes_and_words_are_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        text in ".{0,80}",
    ) {
        let key = blob_key().pieces(&BlobId::ZERO);
        prop_assert!(key.open(0, true, &bytes).is_none());
        prop_assert!(RecoveryShare::from_words(&text).is_err());
    }
}
