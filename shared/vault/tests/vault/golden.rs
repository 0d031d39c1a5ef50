//! The bytes of version 1, committed once: what was sealed then must open for ever, and what is
//! sealed now must look the same. Nothing here writes a vector; `examples/write_vectors.rs` adds
//! missing ones and refuses to change any.

pub(crate) mod cases;

use crate::scene::Scene;
use cases::{Fixed, LONG_NOTE, NOTE};
use ids::{Epoch, StreamId};
use std::collections::BTreeMap;
use vault::{
    Badge, BlobKey, FoundingLink, Identity, InviteLink, NoRandom, PasskeyOutput, Passphrase, Pin,
    Random, RecoverySeed, RecoveryShare, Sitting,
};
use wire::Envelope;
use wire::envelope::split_carried;

/// What [`cases::PASSPHRASE`] is stretched as.
const PASSPHRASE_IN_NORMAL_FORM: &str = "five winter apples, \u{c5}ngstr\u{f6}m";

/// A source that throws these bytes.
struct Thrown(Vec<u8>);

impl Random for Thrown {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        bytes.copy_from_slice(&self.0);
        Ok(())
    }
}

/// Every committed vector by name.
fn committed() -> BTreeMap<String, Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let hex = std::fs::read_to_string(&path).unwrap();
            let bytes = data_encoding::HEXLOWER
                .decode(hex.trim().as_bytes())
                .unwrap();
            (
                path.file_stem().unwrap().to_str().unwrap().to_owned(),
                bytes,
            )
        })
        .collect()
}

#[test]
fn what_is_made_now_is_what_was_committed() {
    let mut committed = committed();
    for (name, bytes) in cases::all() {
        let then = committed
            .remove(name)
            .unwrap_or_else(|| panic!("{name} is not committed"));
        // Compressors may improve: this one only has to open.
        if name != "envelope-changes-deflated" {
            assert_eq!(bytes, then, "{name}");
        }
    }
    assert!(
        committed.is_empty(),
        "vectors that nothing checks: {:?}",
        committed.keys()
    );
}

#[test]
fn what_was_committed_opens() {
    let committed = committed();
    let bytes = |name: &str| committed[name].clone();
    let text = |name: &str| String::from_utf8(bytes(name)).unwrap();
    let fixed = Fixed::new();
    let Scene {
        device,
        nurse,
        epoch,
        id_key,
        stream,
        document,
        ..
    } = &fixed.scene;
    let key = epoch.document_key(document);
    let envelope = |name: &str| {
        let envelope = Envelope::parse(bytes(name).into()).unwrap();
        envelope.verify_device(&device.signing_public()).unwrap();
        envelope
    };
    assert_eq!(
        *vault::open(&key, &envelope("envelope-changes")).unwrap(),
        NOTE
    );
    assert_eq!(
        *vault::open(&key, &envelope("envelope-slot")).unwrap(),
        NOTE
    );
    let long = vault::open(&key, &envelope("envelope-changes-deflated")).unwrap();
    assert_eq!(*long, LONG_NOTE.repeat(20));
    assert_eq!(
        *vault::open_snapshot(&key, &envelope("envelope-snapshot")).unwrap(),
        cases::snapshot_part()
    );
    let record = vault::open_from_epoch(epoch, &envelope("envelope-record")).unwrap();
    assert_eq!(*record, cases::record());
    let outer = envelope("envelope-carried");
    let carried = vault::open_from_epoch(epoch, &outer).unwrap().to_vec();
    let carried = split_carried(&carried.into(), outer.header()).unwrap();
    assert_eq!(carried.len(), 2);
    for (run_seq, envelope) in (0..).zip(&carried) {
        assert_eq!(envelope.header().run_seq, run_seq);
        envelope.verify_device(&device.signing_public()).unwrap();
        envelope.verify_person(&nurse.signing_public()).unwrap();
    }
    let commitment = epoch.commitment(id_key);
    assert_eq!(commitment.to_vec(), bytes("epoch-commitment"));
    let wrap = bytes("wrap");
    assert!(vault::open_wrap(nurse, stream, Epoch(3), &commitment, &wrap).is_ok());
    let mut thrown = Thrown(bytes("input-second-epoch-key"));
    let next = vault::make_epoch(&mut thrown).unwrap();
    assert!(
        next.open_rung(&bytes("rung"), stream, Epoch(4), id_key, &commitment)
            .is_ok()
    );

    let (badge, pin) = (
        Badge::parse(&text("badge")).unwrap(),
        Pin::parse(&text("input-pin")).unwrap(),
    );
    let unlocked = vault::unlock_slot(&bytes("keyslot"), &badge, &pin, &cases::ROSA).unwrap();
    assert_eq!(unlocked.signing_public(), nurse.signing_public());
    let words = Passphrase::parse(PASSPHRASE_IN_NORMAL_FORM).unwrap();
    let slot = bytes("keyslot-passphrase");
    let unlocked = vault::unlock_passphrase_slot(&slot, &words).unwrap();
    assert_eq!(unlocked.signing_public(), nurse.signing_public());
    let typed = Passphrase::parse(&text("input-passphrase")).unwrap();
    let unlocked = vault::unlock_passphrase_slot(&slot, &typed).unwrap();
    assert_eq!(unlocked.signing_public(), nurse.signing_public());
    let output = bytes("input-passkey").try_into().unwrap();
    let passkey = PasskeyOutput::from_bytes(&output);
    let unlocked = vault::unlock_passkey_slot(&bytes("keyslot-passkey"), &passkey).unwrap();
    assert_eq!(unlocked.signing_public(), nurse.signing_public());
    let (_, to) = cases::in_charge();
    for ((person, _), input) in to
        .iter()
        .zip(["input-night-recipient-1", "input-night-recipient-2"])
    {
        let keys = Identity::from_seed(&bytes(input).try_into().unwrap());
        let slot = bytes("keyslot-night");
        let unlocked = vault::unlock_night_slot(&slot, &cases::ROSA, (person, &keys)).unwrap();
        assert_eq!(unlocked.signing_public(), nurse.signing_public());
    }
    let resumed = Sitting::from_bytes(&bytes("sitting"))
        .unwrap()
        .resume(&pin)
        .unwrap();
    assert_eq!(resumed.signing_public(), nurse.signing_public());

    let invite = InviteLink::parse(&text("invite-link")).unwrap();
    let blob = invite.open_blob(&bytes("invite-blob")).unwrap();
    assert_eq!(blob.facility_name, "Haus Lindenhof");
    assert_eq!(blob.devices, StreamId::from_bytes([7; 16]));
    let founding = FoundingLink::parse(&text("founding-link")).unwrap();
    assert_eq!(founding.relay_key(), device.signing_public());
    let recovery = RecoverySeed::from_words(&text("recovery-words"))
        .unwrap()
        .identity();
    assert_eq!(
        recovery.signing_public().as_bytes()[..],
        bytes("recovery-signing-public")
    );
    let [one, three] = ["recovery-share-1", "recovery-share-3"]
        .map(|name| RecoveryShare::from_words(&text(name)).unwrap());
    let shared = RecoverySeed::from_shares(&three, &one).unwrap();
    assert_eq!(*shared.words(), text("recovery-words"));
    let pieces = BlobKey::from_bytes(&[0x6b; 32]).pieces(&cases::BLOB);
    let last = pieces.open(1, true, &bytes("blob-last-piece")).unwrap();
    assert_eq!(last[..2], cases::photo()[262_128..]);
    assert!(last[2..].iter().all(|byte| *byte == 0));
    let pieces = epoch.carry_file(&cases::carry_head());
    let first = pieces.open(0, false, &bytes("carry-first-piece")).unwrap();
    assert_eq!(*first, NOTE);
    let drafts = nurse.draft_key(&ids::DeviceId::from_bytes([4; 16]));
    let draft = vault::open_local(&drafts, b"draft", &bytes("local-draft")).unwrap();
    assert_eq!(*draft, NOTE);
}
