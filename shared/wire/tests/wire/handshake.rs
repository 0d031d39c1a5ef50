//! The handshake: every field of the transcript counts, and nobody can be taken for another.

use crate::home::{RELAY, START, TABLET, key, public, sign};
use ids::{DeviceId, FacilityId, InviteId, RosterHash, RosterSeq, Signature, SigningPublic};
use std::collections::BTreeSet;
use wire::message::{MessageError, SessionLimits, Welcome, WelcomeFields};
use wire::{BadSignature, Role, Transcript};

fn facility() -> FacilityId {
    FacilityId::from_bytes([1; 16])
}

fn device() -> Role {
    Role::Device {
        facility: facility(),
        device: DeviceId::from_bytes([4; 16]),
    }
}

fn transcript() -> Transcript {
    Transcript::new(&device(), &public(RELAY), &[1; 32], &[2; 32], 1, &[1])
}

#[test]
fn every_field_changes_the_transcript() {
    let relay = public(RELAY);
    let invite = Role::Invite {
        facility: facility(),
        invite: InviteId::from_bytes([4; 16]),
    };
    let other = Role::Device {
        facility: facility(),
        device: DeviceId::from_bytes([5; 16]),
    };
    let elsewhere = Role::Device {
        facility: FacilityId::from_bytes([2; 16]),
        device: DeviceId::from_bytes([4; 16]),
    };
    let all = [
        transcript(),
        Transcript::new(&invite, &relay, &[1; 32], &[2; 32], 1, &[1]),
        Transcript::new(&other, &relay, &[1; 32], &[2; 32], 1, &[1]),
        Transcript::new(&elsewhere, &relay, &[1; 32], &[2; 32], 1, &[1]),
        Transcript::new(
            &Role::Recovery {
                facility: facility(),
                key: relay,
            },
            &relay,
            &[1; 32],
            &[2; 32],
            1,
            &[1],
        ),
        Transcript::new(
            &Role::Recovery {
                facility: facility(),
                key: SigningPublic::from_bytes([9; 32]),
            },
            &relay,
            &[1; 32],
            &[2; 32],
            1,
            &[1],
        ),
        Transcript::new(
            &Role::Restorer {
                relay_key: relay,
                facility: facility(),
            },
            &relay,
            &[1; 32],
            &[2; 32],
            1,
            &[1],
        ),
        Transcript::new(
            &Role::Founder { relay_key: relay },
            &relay,
            &[1; 32],
            &[2; 32],
            1,
            &[1],
        ),
        Transcript::new(&device(), &public(9), &[1; 32], &[2; 32], 1, &[1]),
        Transcript::new(&device(), &relay, &[3; 32], &[2; 32], 1, &[1]),
        Transcript::new(&device(), &relay, &[1; 32], &[3; 32], 1, &[1]),
        Transcript::new(&device(), &relay, &[1; 32], &[2; 32], 2, &[1]),
        Transcript::new(&device(), &relay, &[1; 32], &[2; 32], 1, &[2]),
        Transcript::new(&device(), &relay, &[1; 32], &[2; 32], 1, &[2, 1]),
    ];
    let distinct: BTreeSet<_> = all.iter().map(Transcript::as_bytes).collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn only_the_roles_key_answers_for_it() {
    let signature = sign(&key(TABLET), &transcript().client_message());
    assert_eq!(
        transcript().verify_client(&public(TABLET), &signature),
        Ok(())
    );
    assert_eq!(
        transcript().verify_client(&public(RELAY), &signature),
        Err(BadSignature)
    );
}

#[test]
fn a_welcome_is_read_only_by_verifying_it() {
    let fields = WelcomeFields {
        now: START,
        logs: Vec::new(),
        roster_head: RosterSeq(1),
        roster_hash: RosterHash::ZERO,
        limits: SessionLimits {
            credit: 1,
            frame: 65_536,
        },
    };
    let bytes = Welcome::encode_fields(&fields);
    let signature = sign(&key(RELAY), &transcript().welcome_message(&bytes));
    let welcome = Welcome::new(bytes.clone(), signature);
    assert_eq!(welcome.verify(&transcript(), &public(RELAY)), Ok(fields));
    assert_eq!(
        welcome.verify(&transcript(), &public(9)),
        Err(MessageError::Signature)
    );
    let replayed = Transcript::new(&device(), &public(RELAY), &[7; 32], &[2; 32], 1, &[1]);
    assert_eq!(
        welcome.verify(&replayed, &public(RELAY)),
        Err(MessageError::Signature)
    );
    let unsigned = Welcome::new(bytes, Signature::ZERO);
    assert_eq!(
        unsigned.verify(&transcript(), &public(RELAY)),
        Err(MessageError::Signature)
    );
    let nothing = sign(&key(RELAY), &transcript().welcome_message(b"x"));
    let nothing = Welcome::new(b"x".as_slice().into(), nothing);
    assert!(matches!(
        nothing.verify(&transcript(), &public(RELAY)),
        Err(MessageError::Malformed(_))
    ));
}

#[test]
fn a_founding_proof_holds_for_one_token_one_session_and_one_entry() {
    let proof = transcript().founding_proof(&[7; 16], b"entry");
    assert!(transcript().is_founding_proof(&[7; 16], b"entry", &proof));
    assert!(!transcript().is_founding_proof(&[8; 16], b"entry", &proof));
    assert!(!transcript().is_founding_proof(&[7; 16], b"Entry", &proof));
    let other = Transcript::new(&device(), &public(RELAY), &[9; 32], &[2; 32], 1, &[1]);
    assert!(!other.is_founding_proof(&[7; 16], b"entry", &proof));
}
