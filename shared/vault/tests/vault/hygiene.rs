//! Randomness that fails, nonces, and what secrets show of themselves.

use crate::scene::{Dead, Failing, Scene, Seeded};
use ids::{DeviceId, Epoch};
use std::collections::HashSet;
use vault::{Badge, LocalOpenError, NoRandom, Pin, PlatformKey, Random, SealError, SlotMakeError};
use wire::Kind;

/// Everything that draws randomness, with one source; whether it was refused for want of it.
fn all_refused(scene: &Scene, rng: &mut dyn Random) -> Vec<(&'static str, bool)> {
    let key = scene.epoch.document_key(&scene.document);
    let changes = scene.header(Kind::Changes);
    let record = scene.header(Kind::Record);
    let (device, nurse, public) = (&scene.device, &scene.nurse, scene.epoch.public());
    let to = nurse.agreement_public();
    let badge = vault::make_badge(&mut Seeded::new(2)).unwrap();
    let pin = Pin::parse("123456").unwrap();
    let local = PlatformKey::from_bytes(&[1; 32]).device_vault();
    let no = Some(SealError::NoRandom(NoRandom));
    vec![
        (
            "seal",
            vault::seal(rng, &key, changes, b"", device, Some(nurse)).err() == no,
        ),
        (
            "seal to epoch",
            vault::seal_to_epoch(rng, &public, record, b"", device, Some(nurse)).err() == no,
        ),
        (
            "wrap",
            vault::wrap_epoch(
                rng,
                &to,
                &scene.stream,
                Epoch(0),
                &scene.epoch,
                &scene.id_key,
            )
            .is_err(),
        ),
        (
            "rung",
            scene
                .epoch
                .wrap_previous(rng, &scene.epoch, &scene.stream, Epoch(1))
                .is_err(),
        ),
        ("local", vault::seal_local(rng, &local, b"", b"").is_err()),
        (
            "slot",
            vault::make_badge_slot(rng, &badge, &pin, &ids::PersonId::ZERO, nurse, "", 0).err()
                == Some(SlotMakeError::NoRandom(NoRandom)),
        ),
        ("sitting", vault::make_sitting(rng, &pin, nurse).is_err()),
        ("identity", vault::make_identity(rng).is_err()),
        ("epoch", vault::make_epoch(rng).is_err()),
        ("id key", vault::make_id_key(rng).is_err()),
        ("badge", vault::make_badge(rng).is_err()),
        ("invite", vault::make_invite(rng).is_err()),
        ("recovery", vault::make_recovery(rng).is_err()),
        ("platform key", vault::make_platform_key(rng).is_err()),
        ("view key", vault::make_view_key(rng).is_err()),
    ]
}

#[test]
fn without_randomness_nothing_is_sealed_or_made() {
    let scene = Scene::new();
    for (what, refused) in all_refused(&scene, &mut Failing(Seeded::new(1), 0)) {
        assert!(refused, "{what} with a source that fails");
    }
    for (what, refused) in all_refused(&scene, &mut Dead) {
        assert!(refused, "{what} with a source that is dead");
    }
    // The twin: with a source that works, nothing of this is refused.
    for (what, refused) in all_refused(&scene, &mut Seeded::new(1)) {
        assert!(!refused, "{what} with a source that works");
    }
}

#[test]
fn a_source_that_fails_halfway_makes_no_half_sealed_slot() {
    let scene = Scene::new();
    let pin = Pin::parse("123456").unwrap();
    let badge = vault::make_badge(&mut Seeded::new(2)).unwrap();
    for draws in 0..2 {
        let mut rng = Failing(Seeded::new(1), draws);
        let slot = vault::make_badge_slot(
            &mut rng,
            &badge,
            &pin,
            &ids::PersonId::ZERO,
            &scene.nurse,
            "",
            0,
        );
        assert_eq!(
            slot.err(),
            Some(SlotMakeError::NoRandom(NoRandom)),
            "after {draws} draws"
        );
    }
}

#[test]
fn no_nonce_repeats_over_ten_thousand_seals_and_ten_restarts() {
    let scene = Scene::new();
    let key = scene.epoch.document_key(&scene.document);
    let public = scene.epoch.public();
    let mut seen = HashSet::new();
    for restart in 0..10 {
        // A restart has the same keys, the same documents, and an old or a restored disk: all it
        // can rely on is a source that is not the last run's.
        let mut rng = Seeded::new(1_000 + restart);
        for n in 0..1_000 {
            let fresh = if n % 10 == 0 {
                let header = scene.header(Kind::Carried);
                let sealed =
                    vault::seal_to_epoch(&mut rng, &public, header, b"x", &scene.device, None);
                sealed.unwrap().body()[..32].to_vec()
            } else {
                let header = scene.header(Kind::Changes);
                let (device, nurse) = (&scene.device, Some(&scene.nurse));
                let sealed = vault::seal(&mut rng, &key, header, b"x", device, nurse).unwrap();
                sealed.nonce().to_vec()
            };
            assert!(seen.insert(fresh), "restart {restart}, seal {n}");
        }
    }
    assert_eq!(seen.len(), 10_000);
}

#[test]
fn local_blobs_open_for_their_purpose_and_key_only() {
    let mut scene = Scene::new();
    let platform = vault::make_platform_key(&mut scene.rng).unwrap();
    let device = DeviceId::from_bytes([4; 16]);
    let keys = [
        platform.device_vault(),
        scene.nurse.draft_key(&device),
        scene.nurse.draft_key(&DeviceId::ZERO),
        scene.device.draft_key(&device),
        scene.epoch.view_key_key(),
    ];
    for (n, key) in keys.iter().enumerate() {
        let blob = vault::seal_local(&mut scene.rng, key, b"draft 7", b"not yet").unwrap();
        for (m, other) in keys.iter().enumerate() {
            let opened = vault::open_local(other, b"draft 7", &blob);
            assert_eq!(opened.is_ok(), n == m, "sealed under {n}, opened under {m}");
        }
        let opened = vault::open_local(key, b"draft 8", &blob);
        assert_eq!(opened.err(), Some(LocalOpenError));
        for at in 0..blob.len() {
            let mut altered = blob.clone();
            altered[at] ^= 1;
            assert!(
                vault::open_local(key, b"draft 7", &altered).is_err(),
                "byte {at}"
            );
            assert!(
                vault::open_local(key, b"draft 7", &blob[..at]).is_err(),
                "{at} bytes"
            );
        }
    }
}

#[test]
fn the_device_vault_keeps_identities_and_keys_whole() {
    let mut scene = Scene::new();
    let rng = &mut scene.rng;
    let key = PlatformKey::from_bytes(&[1; 32]).device_vault();
    let blob = vault::seal_identity_local(rng, &key, b"device", &scene.device).unwrap();
    let device = vault::open_identity_local(&key, b"device", &blob).unwrap();
    assert_eq!(device.signing_public(), scene.device.signing_public());
    assert_eq!(device.agreement_public(), scene.device.agreement_public());

    let both = vault::seal_epoch_local(rng, &key, b"devices", &scene.epoch, &scene.id_key).unwrap();
    let (epoch, id_key) = vault::open_epoch_local(&key, b"devices", &both).unwrap();
    assert!(
        epoch.matches(&id_key, &scene.epoch.commitment(&scene.id_key))
            && id_key.is_same(&scene.id_key)
    );

    let view = vault::make_view_key(rng).unwrap();
    let under = scene.epoch.view_key_key();
    let sealed = vault::seal_view_key(rng, &under, b"care", &view).unwrap();
    assert_eq!(
        vault::open_view_key(&under, b"care", &sealed)
            .unwrap()
            .expose(),
        view.expose()
    );

    // What is sealed as one thing is not opened as another.
    assert!(vault::open_identity_local(&key, b"devices", &both).is_err());
    assert!(vault::open_epoch_local(&key, b"device", &blob).is_err());
}

#[test]
fn secrets_print_as_redacted() {
    let mut scene = Scene::new();
    let rng = &mut scene.rng;
    let pin = Pin::parse("271828").unwrap();
    let badge = vault::make_badge(rng).unwrap();
    let invite = vault::make_invite(rng).unwrap();
    let recovery = vault::make_recovery(rng).unwrap();
    let platform = PlatformKey::from_bytes(b"thirty-two bytes of platform key");
    let local = platform.device_vault();
    let view = vault::make_view_key(rng).unwrap();
    let sitting = vault::make_sitting(rng, &pin, &scene.nurse).unwrap();
    let founding =
        vault::FoundingLink::from_parts(scene.nurse.signing_public(), b"sixteen of token");
    let key = scene.epoch.document_key(&scene.document);
    let all: [(&dyn core::fmt::Debug, &[u8]); 13] = [
        (&scene.nurse, b""),
        (&scene.epoch, b""),
        (&scene.id_key, b""),
        (&key, b""),
        (&pin, b"271828"),
        (&badge, b""),
        (&invite, b""),
        (&recovery, b""),
        (&platform, b"thirty-two bytes of platform key"),
        (&local, b""),
        (&view, view.expose()),
        (&sitting, &sitting.to_bytes()[..32]),
        (&founding, b"sixteen of token"),
    ];
    for (secret, bytes) in all {
        for shown in [format!("{secret:?}"), format!("{secret:#?}")] {
            assert!(shown.contains("[redacted]"), "{shown}");
            let decimal: Vec<String> = bytes.iter().map(u8::to_string).collect();
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let text = String::from_utf8_lossy(bytes);
            if !bytes.is_empty() {
                assert!(!shown.contains(&decimal.join(", ")), "{shown}");
                assert!(!shown.contains(&hex) && !shown.contains(&*text), "{shown}");
            }
        }
    }
}

#[test]
fn secrets_are_not_clone() {
    // Compiles only while none of them is: were one Clone, the two `named` would be ambiguous.
    trait NotClone<Which> {
        fn named() {}
    }
    struct IfClone;
    impl<T: ?Sized> NotClone<()> for T {}
    impl<T: Clone> NotClone<IfClone> for T {}
    <vault::Identity as NotClone<_>>::named();
    <vault::EpochKey as NotClone<_>>::named();
    <vault::IdKey as NotClone<_>>::named();
    <vault::DocumentKey as NotClone<_>>::named();
    <Badge as NotClone<_>>::named();
    <Pin as NotClone<_>>::named();
    <vault::InviteLink as NotClone<_>>::named();
    <vault::InviteBlob as NotClone<_>>::named();
    <vault::RecoverySeed as NotClone<_>>::named();
    <PlatformKey as NotClone<_>>::named();
    <vault::LocalKey as NotClone<_>>::named();
    <vault::FileKey as NotClone<_>>::named();
    <vault::Sitting as NotClone<_>>::named();
    <vault::FoundingLink as NotClone<_>>::named();
}
