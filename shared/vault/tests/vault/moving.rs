//! Envelopes that were altered, moved or relabelled, by somebody on the way or by an insider.

use crate::scene::Scene;
use crate::sealing::{NOTE, SEALED, opened, sealed};
use ids::{DocumentId, EnvelopeId, Epoch, PersonId, StreamId};
use vault::{Identity, OpenError};
use wire::envelope::{device_message, person_message, signed_hash};
use wire::{Envelope, HEADER_LEN, Header, Kind};

/// The body in a new envelope, properly signed: what an insider with keys of his own could do.
fn moved(
    envelope: &Envelope,
    header: Header,
    device: &Identity,
    person: Option<&Identity>,
) -> Envelope {
    let (nonce, body) = (envelope.nonce(), envelope.body());
    let hash = signed_hash(&header, &nonce, body);
    let by_person = person.map(|person| person.sign_message(&person_message(&hash)));
    let by_device = device.sign_message(&device_message(&hash, by_person.as_ref()));
    Envelope::assemble(&header, &nonce, body, &by_device, by_person.as_ref()).unwrap()
}

#[test]
fn an_envelope_with_any_header_byte_changed_does_not_open() {
    let mut scene = Scene::new();
    for kind in SEALED {
        let envelope = sealed(&mut scene, kind);
        let mut parsed = 0;
        for at in 0..HEADER_LEN {
            for bit in [0x01, 0x80] {
                let mut bytes = envelope.bytes().to_vec();
                bytes[at] ^= bit;
                // The person's id or the body's length no longer fit the bytes: not even parsed.
                let Ok(altered) = Envelope::parse(bytes.into()) else {
                    continue;
                };
                parsed += 1;
                assert!(
                    opened(&scene, &altered).is_err(),
                    "{kind:?} header byte {at}"
                );
                let signed = altered.verify_device(&scene.device.signing_public());
                assert!(signed.is_err(), "{kind:?} header byte {at}");
            }
        }
        assert!(parsed > HEADER_LEN, "{kind:?}: {parsed}");
    }
}

#[test]
fn every_field_of_the_header_is_bound_even_under_new_signatures() {
    let mut scene = Scene::new();
    for kind in SEALED {
        let envelope = sealed(&mut scene, kind);
        let was = *envelope.header();
        let changed = [
            Header {
                facility: ids::FacilityId::from_bytes([91; 16]),
                ..was
            },
            Header {
                stream: StreamId::from_bytes([92; 16]),
                ..was
            },
            Header {
                device: ids::DeviceId::from_bytes([93; 16]),
                ..was
            },
            Header {
                run: ids::RunId::from_bytes([94; 16]),
                ..was
            },
            Header {
                run_seq: was.run_seq + 1,
                ..was
            },
            Header {
                prev: EnvelopeId::ZERO,
                ..was
            },
            Header {
                epoch: Epoch(was.epoch.0 + 1),
                ..was
            },
            Header {
                roster_seq: ids::RosterSeq(was.roster_seq.0 + 1),
                ..was
            },
            Header {
                seen_log: ids::LogId::from_bytes([95; 16]),
                ..was
            },
            Header {
                seen_seq: ids::Seq(was.seen_seq.0 + 1),
                ..was
            },
            Header {
                seen_chain: ids::ChainHash::ZERO,
                ..was
            },
        ];
        for header in changed {
            let moved = moved(&envelope, header, &scene.device, scene.person(kind));
            moved.verify_device(&scene.device.signing_public()).unwrap();
            assert_eq!(
                opened(&scene, &moved),
                Err(OpenError::Sealed),
                "{kind:?} {header:?}"
            );
        }
        // And unchanged it does open, so the loop above is no accident.
        let same = moved(&envelope, was, &scene.device, scene.person(kind));
        assert_eq!(opened(&scene, &same).unwrap(), NOTE);
        if kind != Kind::Carried {
            let header = Header {
                person: PersonId::from_bytes([96; 16]),
                ..was
            };
            let claimed = moved(&envelope, header, &scene.device, Some(&scene.device));
            assert_eq!(opened(&scene, &claimed), Err(OpenError::Sealed), "{kind:?}");
        }
    }
}

#[test]
fn a_ciphertext_in_another_document_or_epoch_does_not_open_under_either_key() {
    let mut scene = Scene::new();
    let envelope = sealed(&mut scene, Kind::Changes);
    let other = DocumentId::from_bytes([77; 16]);
    let header = Header {
        document: other,
        ..*envelope.header()
    };
    let elsewhere = moved(&envelope, header, &scene.device, Some(&scene.nurse));
    for document in [scene.document, other] {
        let key = scene.epoch.document_key(&document);
        assert_eq!(vault::open(&key, &elsewhere).err(), Some(OpenError::Sealed));
    }
    let next = vault::make_epoch(&mut scene.rng).unwrap();
    let header = Header {
        epoch: Epoch(4),
        ..*envelope.header()
    };
    let later = moved(&envelope, header, &scene.device, Some(&scene.nurse));
    for epoch in [&scene.epoch, &next] {
        let key = epoch.document_key(&scene.document);
        assert_eq!(vault::open(&key, &later).err(), Some(OpenError::Sealed));
    }
    assert_eq!(
        vault::open(&next.document_key(&scene.document), &envelope).err(),
        Some(OpenError::Sealed)
    );
}

#[test]
fn one_kind_does_not_pass_for_another() {
    let mut scene = Scene::new();
    let mut relabelled_as = 0;
    for kind in SEALED {
        let envelope = sealed(&mut scene, kind);
        for other in SEALED {
            if other == kind {
                continue;
            }
            let person = if other == Kind::Carried {
                PersonId::ZERO
            } else {
                PersonId::from_bytes([5; 16])
            };
            let header = Header {
                kind: other.code(),
                person,
                ..*envelope.header()
            };
            let (nonce, body) = (envelope.nonce(), envelope.body());
            let hash = signed_hash(&header, &nonce, body);
            let by_person = scene.nurse.sign_message(&person_message(&hash));
            let by_person = (other != Kind::Carried).then_some(&by_person);
            let by_device = scene.device.sign_message(&device_message(&hash, by_person));
            // Where `wire` sees already that the parts do not fit, there is nothing to open.
            if let Ok(relabelled) = Envelope::assemble(&header, &nonce, body, &by_device, by_person)
            {
                relabelled_as += 1;
                assert!(
                    opened(&scene, &relabelled).is_err(),
                    "{kind:?} as {other:?}"
                );
            }
        }
    }
    assert!(relabelled_as > SEALED.len(), "{relabelled_as}");
}

#[test]
fn an_envelope_with_any_sealed_byte_changed_does_not_open() {
    let mut scene = Scene::new();
    for kind in [Kind::Changes, Kind::Record] {
        let envelope = sealed(&mut scene, kind);
        let signatures = envelope.bytes().len() - 128;
        let mut parsed = 0;
        for at in HEADER_LEN..signatures {
            let mut bytes = envelope.bytes().to_vec();
            bytes[at] ^= 1;
            let Ok(altered) = Envelope::parse(bytes.into()) else {
                continue;
            };
            parsed += 1;
            assert_eq!(
                opened(&scene, &altered),
                Err(OpenError::Sealed),
                "{kind:?} byte {at}"
            );
        }
        assert!(parsed > 0, "{kind:?}");
        for at in signatures..envelope.bytes().len() {
            let mut bytes = envelope.bytes().to_vec();
            bytes[at] ^= 1;
            let altered = Envelope::parse(bytes.into()).unwrap();
            let by_device = altered.verify_device(&scene.device.signing_public());
            assert!(by_device.is_err(), "{kind:?} signature byte {at}");
        }
    }
}

#[test]
fn an_envelope_of_a_later_version_waits_and_is_not_called_broken() {
    let mut scene = Scene::new();
    let envelope = sealed(&mut scene, Kind::Changes);
    for header in [
        Header {
            version: 2,
            ..*envelope.header()
        },
        Header {
            flags: 1,
            ..*envelope.header()
        },
        Header {
            kind: 200,
            ..*envelope.header()
        },
    ] {
        let later = moved(&envelope, header, &scene.device, Some(&scene.nurse));
        assert_eq!(opened(&scene, &later), Err(OpenError::Kind));
    }
}
