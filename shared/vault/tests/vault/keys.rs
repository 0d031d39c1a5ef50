//! Epochs, wraps, rungs and document ids.

use crate::scene::{Scene, Seeded};
use ids::{AgreementPublic, DeviceId, Epoch, PersonId, StreamId, limits};
use std::collections::HashSet;
use vault::{RungError, WrapError, WrapMakeError};

#[test]
fn a_wrap_opens_for_its_recipient_and_brings_both_keys() {
    let mut s = Scene::new();
    let to = s.nurse.agreement_public();
    let wrap = vault::wrap_epoch(&mut s.rng, &to, &s.stream, Epoch(3), &s.epoch, &s.id_key);
    let wrap = wrap.unwrap();
    assert!(wrap.len() <= limits::WRAP_BYTES);
    assert_eq!(wrap.len(), 120);
    assert!(vault::wrap_is_for(&to, &s.stream, Epoch(3), &wrap));
    let commitment = s.epoch.commitment(&s.id_key);
    let (key, id_key) =
        vault::open_wrap(&s.nurse, &s.stream, Epoch(3), &commitment, &wrap).unwrap();
    assert!(key.matches(&id_key, &commitment));
    assert!(id_key.is_same(&s.id_key));
}

#[test]
fn a_wrap_opens_for_nobody_else_and_nowhere_else() {
    let mut s = Scene::new();
    let to = s.nurse.agreement_public();
    let wrap = vault::wrap_epoch(&mut s.rng, &to, &s.stream, Epoch(3), &s.epoch, &s.id_key);
    let wrap = wrap.unwrap();
    let commitment = s.epoch.commitment(&s.id_key);
    let open = |who, stream: &StreamId, epoch, wrap: &[u8]| {
        vault::open_wrap(who, stream, epoch, &commitment, wrap).err()
    };
    assert_eq!(
        open(&s.device, &s.stream, Epoch(3), &wrap),
        Some(WrapError::NotForThis)
    );
    assert_eq!(
        open(&s.nurse, &s.stream, Epoch(4), &wrap),
        Some(WrapError::NotForThis)
    );
    let other = StreamId::from_bytes([99; 16]);
    assert_eq!(
        open(&s.nurse, &other, Epoch(3), &wrap),
        Some(WrapError::NotForThis)
    );
    // With the right hint in front it does not open elsewhere either.
    for (stream, epoch) in [(other, Epoch(3)), (s.stream, Epoch(4))] {
        let hint = wire::wrap_hint(&to, &stream, epoch);
        let forged = [hint.as_slice(), &wrap[8..]].concat();
        assert_eq!(
            open(&s.nurse, &stream, epoch, &forged),
            Some(WrapError::Sealed)
        );
    }
    for at in 0..wrap.len() {
        let mut altered = wrap.clone();
        altered[at] ^= 1;
        assert!(
            open(&s.nurse, &s.stream, Epoch(3), &altered).is_some(),
            "byte {at}"
        );
        assert!(
            open(&s.nurse, &s.stream, Epoch(3), &wrap[..at]).is_some(),
            "{at} bytes"
        );
    }
    let longer = [wrap.as_slice(), &[0]].concat();
    assert_eq!(
        open(&s.nurse, &s.stream, Epoch(3), &longer),
        Some(WrapError::Sealed)
    );
}

#[test]
fn a_wrapped_key_that_is_not_the_rosters_is_refused() {
    let mut s = Scene::new();
    let to = s.nurse.agreement_public();
    let other = vault::make_epoch(&mut s.rng).unwrap();
    let wrap = vault::wrap_epoch(&mut s.rng, &to, &s.stream, Epoch(3), &other, &s.id_key);
    let opened = vault::open_wrap(
        &s.nurse,
        &s.stream,
        Epoch(3),
        &s.epoch.commitment(&s.id_key),
        &wrap.unwrap(),
    );
    assert_eq!(opened.err(), Some(WrapError::Commitment));
}

#[test]
fn a_wrapped_id_key_that_is_not_the_rosters_is_refused() {
    let mut s = Scene::new();
    let to = s.nurse.agreement_public();
    let other = vault::make_id_key(&mut s.rng).unwrap();
    let wrap = vault::wrap_epoch(&mut s.rng, &to, &s.stream, Epoch(3), &s.epoch, &other);
    let commitment = s.epoch.commitment(&s.id_key);
    let wrap = wrap.unwrap();
    let opened = vault::open_wrap(&s.nurse, &s.stream, Epoch(3), &commitment, &wrap);
    assert_eq!(opened.err(), Some(WrapError::Commitment));
}

#[test]
fn a_recipient_of_small_order_gets_no_wrap() {
    let mut s = Scene::new();
    let zero = AgreementPublic::ZERO;
    let wrap = vault::wrap_epoch(&mut s.rng, &zero, &s.stream, Epoch(0), &s.epoch, &s.id_key);
    assert_eq!(wrap.err(), Some(WrapMakeError::BadRecipient));
}

#[test]
fn rungs_lead_from_the_newest_epoch_to_the_first() {
    let mut s = Scene::new();
    let keys: Vec<_> = (0..5)
        .map(|_| vault::make_epoch(&mut s.rng).unwrap())
        .collect();
    let epochs = [Epoch(1), Epoch(2), Epoch(3), Epoch(4)];
    let rungs: Vec<_> = (keys.windows(2).zip(epochs))
        .map(|(pair, epoch)| {
            pair[1]
                .wrap_previous(&mut s.rng, &pair[0], &s.stream, epoch)
                .unwrap()
        })
        .collect();
    // Whoever is given the newest key climbs down to the oldest.
    let mut reached = None;
    for n in (0..4).rev() {
        let from = reached.as_ref().unwrap_or(&keys[4]);
        let commitment = keys[n].commitment(&s.id_key);
        let key = from.open_rung(&rungs[n], &s.stream, epochs[n], &s.id_key, &commitment);
        reached = Some(key.unwrap());
    }
    assert!(
        reached
            .unwrap()
            .matches(&s.id_key, &keys[0].commitment(&s.id_key))
    );
}

#[test]
fn a_rung_opens_only_at_its_place_and_to_the_rosters_key_only() {
    let mut s = Scene::new();
    let (new, old) = (
        vault::make_epoch(&mut s.rng).unwrap(),
        vault::make_epoch(&mut s.rng).unwrap(),
    );
    let rung = new
        .wrap_previous(&mut s.rng, &old, &s.stream, Epoch(1))
        .unwrap();
    let right = old.commitment(&s.id_key);
    assert!(
        new.open_rung(&rung, &s.stream, Epoch(1), &s.id_key, &right)
            .is_ok()
    );
    let sealed = |result: Result<_, _>| assert_eq!(result.err(), Some(RungError::Sealed));
    sealed(new.open_rung(&rung, &s.stream, Epoch(2), &s.id_key, &right));
    sealed(new.open_rung(
        &rung,
        &StreamId::from_bytes([99; 16]),
        Epoch(1),
        &s.id_key,
        &right,
    ));
    sealed(old.open_rung(&rung, &s.stream, Epoch(1), &s.id_key, &right));
    sealed(new.open_rung(&rung[1..], &s.stream, Epoch(1), &s.id_key, &right));
    sealed(new.open_rung(&[], &s.stream, Epoch(1), &s.id_key, &right));
    let wrong = new.open_rung(
        &rung,
        &s.stream,
        Epoch(1),
        &s.id_key,
        &new.commitment(&s.id_key),
    );
    assert_eq!(wrong.err(), Some(RungError::Commitment));
    let other = vault::make_id_key(&mut s.rng).unwrap();
    let wrong = new.open_rung(&rung, &s.stream, Epoch(1), &other, &right);
    assert_eq!(wrong.err(), Some(RungError::Commitment));
    // Tried again over another predecessor, the same key does not repeat a nonce.
    let again = new
        .wrap_previous(&mut s.rng, &old, &s.stream, Epoch(1))
        .unwrap();
    assert_ne!(rung[..24], again[..24]);
}

#[test]
fn document_ids_depend_on_every_part_and_on_where_each_part_ends() {
    let s = Scene::new();
    let other = vault::make_id_key(&mut Seeded::new(8)).unwrap();
    let person = PersonId::from_bytes([5; 16]);
    let device = DeviceId::from_bytes([4; 16]);
    let ids = [
        vault::document_id(&s.id_key, "journal", b"ab", "2026-03"),
        vault::document_id(&other, "journal", b"ab", "2026-03"),
        vault::document_id(&s.id_key, "chart", b"ab", "2026-03"),
        vault::document_id(&s.id_key, "journal", b"ac", "2026-03"),
        vault::document_id(&s.id_key, "journal", b"ab", "2026-04"),
        vault::document_id(&s.id_key, "journala", b"b", "2026-03"),
        vault::document_id(&s.id_key, "journal", b"ab2", "026-03"),
        vault::document_id(&s.id_key, "journal", b"", "ab2026-03"),
        vault::keyslot_document_id(&s.id_key, &person),
        vault::audit_document_id(&s.stream, &device, 2026),
        vault::audit_document_id(&s.stream, &device, 2027),
    ];
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    assert_eq!(
        ids[0],
        vault::document_id(&s.id_key, "journal", b"ab", "2026-03")
    );
    let by_hand = vault::document_id(&s.id_key, "keyslot", person.as_bytes(), "");
    assert_eq!(vault::keyslot_document_id(&s.id_key, &person), by_hand);
}

#[test]
fn everything_derived_from_one_key_differs() {
    let s = Scene::new();
    let publics = [
        *s.epoch.public().as_bytes(),
        s.epoch.commitment(&s.id_key),
        *s.nurse.signing_public().as_bytes(),
        *s.nurse.agreement_public().as_bytes(),
        *s.device.signing_public().as_bytes(),
        *s.device.agreement_public().as_bytes(),
    ];
    assert_eq!(publics.iter().collect::<HashSet<_>>().len(), publics.len());
}
