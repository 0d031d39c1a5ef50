//! What the golden vectors hold, made from fixed randomness. Shared with the example that writes
//! vectors that are not there yet.

use crate::scene::{Scene, Seeded};
use data_encoding::HEXLOWER;
use ids::{
    AgreementPublic, BlobId, ChainHash, DeviceId, EnvelopeId, Epoch, FacilityId, LogId, PersonId,
    RosterHash, RosterSeq, Seq, StreamId,
};
use vault::{
    Badge, BlobKey, BlobShape, EpochKey, FoundingLink, Identity, Imported, InviteBlob, InviteLink,
    InviteStream, PasskeyOutput, Passphrase, Pin, PlatformKey, Random as _, SlotTile,
};
use wire::carry::CarryHead;
use wire::envelope::{AckBody, SnapshotPart, join_carried};
use wire::{Envelope, Kind};

pub(crate) const NOTE: &[u8] = b"08:00 warfarin 3 mg given";
pub(crate) const LONG_NOTE: &[u8] = b"Slept well, ate half of breakfast, walked to the garden. ";
pub(crate) const ROSA: PersonId = PersonId::from_bytes([5; 16]);
pub(crate) const BADGE_PIN: &str = "004217";
/// As typed: white space of several kinds, and letters that normal form changes.
pub(crate) const PASSPHRASE: &str =
    " \u{fb01}ve  winter\u{a0}apples, \u{212b}ngstr\u{6f}\u{308}m\t";

pub(crate) const PASSKEY: [u8; 32] = [0x9a; 32];
pub(crate) const TILE: SlotTile<'_> = SlotTile {
    name: "Rosa Nurse",
    role: 4,
    number: 2,
};

/// Two persons in charge: their keys, and what a night slot is sealed to.
pub(crate) fn in_charge() -> ([Identity; 2], [(PersonId, AgreementPublic); 2]) {
    let keys = [50, 51].map(|seed| vault::make_identity(&mut Seeded::new(seed)).unwrap());
    let to = [(0x61, &keys[0]), (0x62, &keys[1])]
        .map(|(n, keys)| (PersonId::from_bytes([n; 16]), keys.agreement_public()));
    (keys, to)
}

/// The scene, a second epoch, and a badge and an invitation.
pub(crate) struct Fixed {
    pub(crate) scene: Scene,
    pub(crate) next: EpochKey,
    pub(crate) badge: Badge,
    pub(crate) invite: InviteLink,
}

impl Fixed {
    pub(crate) fn new() -> Self {
        let scene = Scene::new();
        let mut rng = Seeded::new(100);
        Self {
            scene,
            next: vault::make_epoch(&mut rng).unwrap(),
            badge: vault::make_badge(&mut rng).unwrap(),
            invite: vault::make_invite(&mut rng).unwrap(),
        }
    }
}

/// Every vector: name and bytes. Each draws from a source of its own, so adding one changes none
/// of the others.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let fixed = Fixed::new();
    let mut all = keys(&fixed);
    all.extend(envelopes(&fixed.scene));
    all.extend(signing_in(&fixed));
    all.extend(beginnings(&fixed));
    all.extend(pieces(&fixed.scene));
    all.extend(inputs());
    all
}

/// What is typed, held or thrown to make and open the others, where no other vector holds it.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let thrown = |seed| {
        let mut bytes = vec![0; 32];
        Seeded::new(seed).fill(&mut bytes).unwrap();
        bytes
    };
    vec![
        ("input-pin", BADGE_PIN.as_bytes().to_vec()),
        ("input-passphrase", PASSPHRASE.as_bytes().to_vec()),
        ("input-passkey", PASSKEY.to_vec()),
        ("input-second-epoch-key", thrown(100)),
        ("input-night-recipient-1", thrown(50)),
        ("input-night-recipient-2", thrown(51)),
    ]
}

fn keys(fixed: &Fixed) -> Vec<(&'static str, Vec<u8>)> {
    let Fixed { scene: s, next, .. } = fixed;
    let device = DeviceId::from_bytes([4; 16]);
    let person = ROSA;
    let to = s.nurse.agreement_public();
    let wrap = vault::wrap_epoch(
        &mut Seeded::new(10),
        &to,
        &s.stream,
        Epoch(3),
        &s.epoch,
        &s.id_key,
    );
    let rung = next.wrap_previous(&mut Seeded::new(11), &s.epoch, &s.stream, Epoch(4));
    let signature = s.nurse.sign(ids::contexts::SIGN_AUTHORSHIP, &[1; 32]);
    let drafts = s.nurse.draft_key(&device);
    let draft = vault::seal_local(&mut Seeded::new(12), &drafts, b"draft", NOTE);
    let views = s.epoch.view_key_key();
    let view = vault::seal_local(&mut Seeded::new(13), &views, b"care", &[1; 32]);
    let device_vault = PlatformKey::from_bytes(&[1; 32]).device_vault();
    let kept = vault::seal_identity_local(&mut Seeded::new(14), &device_vault, b"d", &s.device);
    vec![
        (
            "identity-signing-public",
            s.nurse.signing_public().as_bytes().to_vec(),
        ),
        ("identity-agreement-public", to.as_bytes().to_vec()),
        ("identity-signature", signature.as_bytes().to_vec()),
        ("epoch-commitment", s.epoch.commitment(&s.id_key).to_vec()),
        ("epoch-public", s.epoch.public().as_bytes().to_vec()),
        ("document-id", s.document.as_bytes().to_vec()),
        (
            "document-id-keyslot",
            vault::keyslot_document_id(&s.id_key, &person)
                .as_bytes()
                .to_vec(),
        ),
        (
            "document-id-audit",
            vault::audit_document_id(&s.stream, &device, 2026)
                .as_bytes()
                .to_vec(),
        ),
        ("wrap", wrap.unwrap()),
        ("rung", rung.unwrap()),
        ("local-draft", draft.unwrap()),
        ("local-view-key", view.unwrap()),
        ("local-device-identity", kept.unwrap()),
    ]
}

/// What another crate's vector holds: the plaintexts of envelopes.
fn vector(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    HEXLOWER.decode(digits.as_bytes()).unwrap()
}

/// A snapshot of a real save, in one part.
pub(crate) fn snapshot_part() -> Vec<u8> {
    vector(include_str!("../../../../document/vectors/snapshot.hex"))
}

/// A record of the audit.
pub(crate) fn record() -> Vec<u8> {
    vector(include_str!("../../../../domain/vectors/record.hex"))
}

/// Two envelopes of the epoch before.
pub(crate) fn carried(s: &Scene) -> Vec<u8> {
    let older = vault::make_epoch(&mut Seeded::new(26)).unwrap();
    let key = older.document_key(&s.document);
    let envelopes = [0, 1].map(|run_seq| {
        let mut header = s.header(Kind::Changes);
        header.epoch = Epoch(2);
        header.run_seq = run_seq;
        let rng = &mut Seeded::new(27 + run_seq);
        vault::seal(rng, &key, header, NOTE, &s.device, Some(&s.nurse)).unwrap()
    });
    join_carried(&envelopes, &s.header(Kind::Carried)).unwrap()
}

fn envelopes(s: &Scene) -> Vec<(&'static str, Vec<u8>)> {
    let key = s.epoch.document_key(&s.document);
    let public = s.epoch.public();
    let seal = |seed, kind, note: &[u8]| {
        let rng = &mut Seeded::new(seed);
        vault::seal(rng, &key, s.header(kind), note, &s.device, Some(&s.nurse)).unwrap()
    };
    let to_epoch = |seed, kind, plain: &[u8]| {
        let rng = &mut Seeded::new(seed);
        let header = s.header(kind);
        vault::seal_to_epoch(rng, &public, header, plain, &s.device, s.person(kind)).unwrap()
    };
    let covered = [
        EnvelopeId::from_bytes([1; 32]),
        EnvelopeId::from_bytes([2; 32]),
    ];
    let snapshot = vault::seal_snapshot(
        &mut Seeded::new(22),
        &key,
        s.header(Kind::Snapshot),
        (SnapshotPart::ONLY, &covered),
        &snapshot_part(),
        &s.device,
        &s.nurse,
    );
    let body = AckBody {
        snapshot: EnvelopeId::from_bytes([3; 32]),
        heads: [4; 32],
    };
    let ack = vault::sign_ack(s.header(Kind::Ack), body, &s.device, &s.nurse);
    let bytes = |envelope: Envelope| envelope.bytes().to_vec();
    vec![
        ("envelope-changes", bytes(seal(20, Kind::Changes, NOTE))),
        (
            "envelope-changes-deflated",
            bytes(seal(21, Kind::Changes, &LONG_NOTE.repeat(20))),
        ),
        ("envelope-snapshot", bytes(snapshot.unwrap())),
        ("envelope-ack", bytes(ack.unwrap())),
        (
            "envelope-record",
            bytes(to_epoch(23, Kind::Record, &record())),
        ),
        ("envelope-slot", bytes(seal(24, Kind::Slot, NOTE))),
        (
            "envelope-carried",
            bytes(to_epoch(25, Kind::Carried, &carried(s))),
        ),
    ]
}

/// The photo of the attachment's vectors: as long as one piece and some of a second, when padded.
pub(crate) fn photo() -> Vec<u8> {
    (0..=250).cycle().take(262_130).collect()
}

pub(crate) const BLOB: BlobId = BlobId::from_bytes([0xb1; 16]);

pub(crate) fn carry_head() -> CarryHead {
    CarryHead {
        facility: FacilityId::from_bytes([1; 16]),
        epoch: Epoch(3),
        salt: [0x5a; 32],
    }
}

fn pieces(s: &Scene) -> Vec<(&'static str, Vec<u8>)> {
    let key = BlobKey::from_bytes(&[0x6b; 32]).pieces(&BLOB);
    let (mut photo, shape) = (photo(), BlobShape::of(262_130).unwrap());
    photo.resize(usize::try_from(shape.padded).unwrap(), 0);
    let (first, last) = photo.split_at(262_128);
    let first = key.seal(0, false, first).unwrap();
    let last = key.seal(1, true, last).unwrap();
    let carry = s.epoch.carry_file(&carry_head());
    vec![
        ("blob-hash", vault::blob_hash(&[&first, &last]).to_vec()),
        (
            "blob-first-piece-begins",
            first.iter().take(32).copied().collect(),
        ),
        ("blob-last-piece", last),
        ("carry-first-piece", carry.seal(0, false, NOTE).unwrap()),
        ("carry-last-piece", carry.seal(1, true, NOTE).unwrap()),
    ]
}

fn signing_in(fixed: &Fixed) -> Vec<(&'static str, Vec<u8>)> {
    let Fixed {
        scene: s, badge, ..
    } = fixed;
    let pin = Pin::parse(BADGE_PIN).unwrap();
    let rng = &mut Seeded::new(30);
    let slot = vault::make_badge_slot(rng, badge, &pin, &ROSA, &s.nurse, "Rosa Nurse", 4);
    let words = Passphrase::parse(PASSPHRASE).unwrap();
    let rng = &mut Seeded::new(32);
    let by_words = vault::make_passphrase_slot(rng, &words, &s.nurse, "Rosa Nurse", 1, 2);
    let passkey = PasskeyOutput::from_bytes(&PASSKEY);
    let rng = &mut Seeded::new(33);
    let of = (&b"credential"[..], &[4; 16]);
    let by_passkey = vault::make_passkey_slot(rng, &passkey, of, &s.nurse, &TILE);
    let rng = &mut Seeded::new(34);
    let for_night = vault::make_night_slot(rng, &ROSA, &in_charge().1, &s.nurse, &TILE);
    let sitting = vault::make_sitting(&mut Seeded::new(31), &pin, &s.nurse);
    vec![
        ("badge", badge.text().as_bytes().to_vec()),
        ("badge-lookup", badge.lookup(&ROSA).to_vec()),
        ("keyslot", slot.unwrap()),
        ("keyslot-passphrase", by_words.unwrap()),
        ("keyslot-passkey", by_passkey.unwrap()),
        ("keyslot-night", for_night.unwrap()),
        ("sitting", sitting.unwrap().to_bytes().to_vec()),
    ]
}

fn beginnings(fixed: &Fixed) -> Vec<(&'static str, Vec<u8>)> {
    let Fixed {
        scene: s, invite, ..
    } = fixed;
    let relay = s.device.signing_public();
    let blob = InviteBlob {
        relay_key: relay,
        facility: FacilityId::from_bytes([1; 16]),
        roster_seq: RosterSeq(41),
        roster_hash: RosterHash::from_bytes([3; 32]),
        streams: vec![InviteStream {
            stream: s.stream,
            log_id: LogId::from_bytes([5; 16]),
            seq: Seq(1_000_000),
            chain: ChainHash::from_bytes([6; 32]),
        }],
        devices: StreamId::from_bytes([7; 16]),
        devices_epoch: Epoch(2),
        devices_key: vault::make_epoch(&mut Seeded::new(40)).unwrap(),
        devices_id_key: vault::make_id_key(&mut Seeded::new(41)).unwrap(),
        facility_name: "Haus Lindenhof".to_owned(),
    };
    let words = vault::six_words(
        &blob.facility,
        &relay,
        &blob.roster_hash,
        &s.nurse.signing_public(),
        &s.nurse.agreement_public(),
    );
    let recovery = vault::make_recovery(&mut Seeded::new(43)).unwrap();
    let shares = recovery.shares(&mut Seeded::new(44)).unwrap();
    let [one, two, three] = shares.map(|share| share.words().as_bytes().to_vec());
    let resident = vault::import_id(
        &blob.facility,
        "https://hospital.example/fhir",
        "Patient/17",
        Imported::Resident,
    );
    let founding = FoundingLink::from_parts(relay, &[9; 16]);
    let (signing, agreement) = (
        recovery.identity().signing_public(),
        recovery.identity().agreement_public(),
    );
    vec![
        ("invite-link", invite.text().as_bytes().to_vec()),
        (
            "invite-signing-public",
            invite.identity().signing_public().as_bytes().to_vec(),
        ),
        (
            "invite-blob",
            invite.seal_blob(&mut Seeded::new(42), &blob).unwrap(),
        ),
        ("six-words", words.join(" ").into_bytes()),
        ("founding-link", founding.text().as_bytes().to_vec()),
        ("recovery-words", recovery.words().as_bytes().to_vec()),
        ("recovery-signing-public", signing.as_bytes().to_vec()),
        ("recovery-share-1", one),
        ("recovery-share-2", two),
        ("recovery-share-3", three),
        ("import-id-resident", resident.to_vec()),
        ("recovery-agreement-public", agreement.as_bytes().to_vec()),
    ]
}
