//! Envelopes: what opens, and everything that must not.

use crate::scene::Scene;
use ids::{AgreementPublic, DocumentId, EnvelopeId, PersonId, limits};
use vault::{OpenError, SealError};
use wire::envelope::{AckBody, SnapshotBody, SnapshotPart};
use wire::{Envelope, Header, Kind};

pub(crate) const NOTE: &[u8] = b"08:00 warfarin 3 mg given";

pub(crate) fn sealed(scene: &mut Scene, kind: Kind) -> Envelope {
    let header = scene.header(kind);
    let key = scene.epoch.document_key(&scene.document);
    let public = scene.epoch.public();
    let (rng, device) = (&mut scene.rng, &scene.device);
    let person = (kind != Kind::Carried).then_some(&scene.nurse);
    match kind {
        Kind::Changes | Kind::Slot => vault::seal(rng, &key, header, NOTE, device, person),
        Kind::Snapshot => {
            let covered = [
                EnvelopeId::from_bytes([1; 32]),
                EnvelopeId::from_bytes([2; 32]),
            ];
            let clear = (SnapshotPart::ONLY, &covered[..]);
            vault::seal_snapshot(rng, &key, header, clear, NOTE, device, &scene.nurse)
        }
        Kind::Record | Kind::Carried => {
            vault::seal_to_epoch(rng, &public, header, NOTE, device, person)
        }
        Kind::Ack => {
            let body = AckBody {
                snapshot: EnvelopeId::from_bytes([3; 32]),
                heads: [4; 32],
            };
            vault::sign_ack(header, body, device, &scene.nurse)
        }
    }
    .unwrap()
}

pub(crate) fn opened(scene: &Scene, envelope: &Envelope) -> Result<Vec<u8>, OpenError> {
    let key = scene.epoch.document_key(&envelope.header().document);
    let opened = match envelope.header().kind() {
        Some(Kind::Record | Kind::Carried) => vault::open_from_epoch(&scene.epoch, envelope),
        Some(Kind::Snapshot) => vault::open_snapshot(&key, envelope),
        _ => vault::open(&key, envelope),
    };
    opened.map(|plaintext| plaintext.to_vec())
}

pub(crate) const SEALED: [Kind; 5] = [
    Kind::Changes,
    Kind::Snapshot,
    Kind::Record,
    Kind::Slot,
    Kind::Carried,
];

#[test]
fn what_was_sealed_opens_and_is_signed_by_both() {
    let mut scene = Scene::new();
    for kind in SEALED {
        let envelope = sealed(&mut scene, kind);
        assert_eq!(opened(&scene, &envelope).unwrap(), NOTE, "{kind:?}");
        envelope
            .verify_device(&scene.device.signing_public())
            .unwrap();
        assert!(
            envelope
                .verify_device(&scene.nurse.signing_public())
                .is_err()
        );
        if kind != Kind::Carried {
            envelope
                .verify_person(&scene.nurse.signing_public())
                .unwrap();
            assert!(
                envelope
                    .verify_person(&scene.device.signing_public())
                    .is_err()
            );
        }
        assert_eq!(Envelope::parse(envelope.bytes().clone()).unwrap(), envelope);
    }
}

#[test]
fn a_signature_of_the_device_does_not_pass_for_the_persons() {
    // One key for both roles, as on a one-person demo: the contexts keep the two apart.
    let mut scene = Scene::new();
    let key = scene.epoch.document_key(&scene.document);
    let header = scene.header(Kind::Changes);
    let (rng, one) = (&mut scene.rng, &scene.nurse);
    let envelope = vault::seal(rng, &key, header, NOTE, one, Some(one)).unwrap();
    assert_ne!(
        Some(envelope.device_signature()),
        envelope.person_signature()
    );
}

#[test]
fn a_snapshot_says_in_clear_what_it_covers_and_an_ack_what_it_vouches_for() {
    let mut scene = Scene::new();
    let snapshot = sealed(&mut scene, Kind::Snapshot);
    let body = SnapshotBody::parse(snapshot.body()).unwrap();
    assert_eq!(body.part(), SnapshotPart::ONLY);
    let covered: Vec<EnvelopeId> = body.covered().collect();
    assert_eq!(
        covered,
        [
            EnvelopeId::from_bytes([1; 32]),
            EnvelopeId::from_bytes([2; 32])
        ]
    );
    let ack = sealed(&mut scene, Kind::Ack);
    assert_eq!(AckBody::parse(ack.body()).unwrap().heads, [4; 32]);
    ack.verify_device(&scene.device.signing_public()).unwrap();
    ack.verify_person(&scene.nurse.signing_public()).unwrap();
    assert_eq!(opened(&scene, &ack), Err(OpenError::Kind));
}

#[test]
fn a_header_that_does_not_fit_is_a_bug_and_seals_nothing() {
    let mut scene = Scene::new();
    let key = scene.epoch.document_key(&scene.document);
    let good = scene.header(Kind::Changes);
    let bad = [
        (
            Header {
                document: DocumentId::ZERO,
                ..good
            },
            true,
        ),
        (
            Header {
                kind: Kind::Record.code(),
                ..good
            },
            true,
        ),
        (Header { kind: 77, ..good }, true),
        (Header { version: 2, ..good }, true),
        (Header { flags: 1, ..good }, true),
        (
            Header {
                person: PersonId::ZERO,
                ..good
            },
            true,
        ),
        (good, false),
    ];
    for (header, signed) in bad {
        let person = signed.then_some(&scene.nurse);
        let made = vault::seal(&mut scene.rng, &key, header, NOTE, &scene.device, person);
        assert_eq!(made.err(), Some(SealError::Header), "{header:?}");
    }
}

#[test]
fn an_epoch_key_of_small_order_is_not_sealed_to() {
    let mut scene = Scene::new();
    let header = scene.header(Kind::Record);
    let zero = AgreementPublic::ZERO;
    let (rng, device, nurse) = (&mut scene.rng, &scene.device, &scene.nurse);
    let made = vault::seal_to_epoch(rng, &zero, header, NOTE, device, Some(nurse));
    assert_eq!(made.err(), Some(SealError::BadRecipient));
}

#[test]
fn bodies_of_short_notes_all_have_one_length_and_none_exceeds_the_bound() {
    let mut scene = Scene::new();
    let key = scene.epoch.document_key(&scene.document);
    let header = scene.header(Kind::Changes);
    let mut body_len = |plaintext: &[u8]| {
        let (rng, device, nurse) = (&mut scene.rng, &scene.device, &scene.nurse);
        vault::seal(rng, &key, header, plaintext, device, Some(nurse))
            .map(|envelope| envelope.body().len())
    };
    for len in [0, 1, 100, 247] {
        assert_eq!(body_len(&vec![b'x'; len]), Ok(256 + 16), "{len}");
    }
    assert_eq!(
        body_len(&vec![b'x'; limits::INFLATED_BYTES + 1]),
        Err(SealError::TooLong)
    );
    // 4 MiB of one letter is inside every bound.
    assert!(body_len(&vec![b'x'; limits::INFLATED_BYTES]).is_ok());
    let mut noise = vec![0; 1_100_000];
    vault::Random::fill(&mut crate::scene::Seeded::new(3), &mut noise).unwrap();
    assert_eq!(body_len(&noise), Err(SealError::TooLong));
    let longest = body_len(&noise[..1_015_799]).unwrap();
    assert_eq!(longest, limits::CARRIABLE_BODY_BYTES);
    assert_eq!(body_len(&noise[..1_015_800]), Err(SealError::TooLong));
}

#[test]
fn the_longest_changes_and_the_longest_snapshot_fit_into_a_carried_envelope() {
    let mut scene = Scene::new();
    let key = scene.epoch.document_key(&scene.document);
    let mut noise = vec![0; 1_015_799];
    vault::Random::fill(&mut crate::scene::Seeded::new(3), &mut noise).unwrap();
    let covered = [ids::EnvelopeId::from_bytes([1; 32]); limits::COVERED_PER_SNAPSHOT];
    let headers = [Kind::Changes, Kind::Snapshot, Kind::Carried].map(|kind| scene.header(kind));
    let (device, nurse) = (&scene.device, &scene.nurse);
    let rng = &mut scene.rng;
    let [header, for_snapshot, for_carried] = headers;
    let changes = vault::seal(rng, &key, header, &noise, device, Some(nurse)).unwrap();
    // A snapshot's clear part counts: what is left beside it is 868,352 when padded.
    let mut snapshot = |len: usize| {
        vault::seal_snapshot(
            rng,
            &key,
            for_snapshot,
            (SnapshotPart::ONLY, &covered),
            &noise[..len],
            device,
            nurse,
        )
    };
    assert_eq!(snapshot(868_344).err(), Some(SealError::TooLong));
    let snapshot = snapshot(868_343).unwrap();
    for envelope in [changes, snapshot] {
        let public = scene.epoch.public();
        let carried = vault::seal_to_epoch(
            &mut crate::scene::Seeded::new(4),
            &public,
            for_carried,
            envelope.bytes(),
            device,
            None,
        );
        let carried = carried.unwrap();
        let opened = vault::open_from_epoch(&scene.epoch, &carried).unwrap();
        assert_eq!(opened[..], envelope.bytes()[..]);
    }
}
