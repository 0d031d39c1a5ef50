//! One example of everything that has bytes, by name. The golden vectors are these.

use crate::home::*;
use bytes::{Bytes, BytesMut};
use ids::{
    AgreementPublic, BlobId, ChainHash, DeviceId, DocumentId, EnvelopeId, Epoch, FacilityId,
    InviteId, LogId, PersonId, RosterHash, RosterSeq, RunId, Seq, Signature, StreamId, UnixMillis,
    WrapHash,
};
use wire::carry::CarryHead;
use wire::envelope::{AckBody, NONCE_LEN, SnapshotBody, SnapshotPart};
use wire::envelope::{VERSION, signed_hash};
use wire::envelope::{device_message, join_carried, person_message};
use wire::handshake::PROTOCOL_VERSION;
use wire::roster::*;
use wire::{Envelope, Header, Kind, Message, Receipt, Role, RosterBody, SeenMark};
use wire::{SignerId, Transcript};

/// Named bytes.
pub(crate) type Samples = Vec<(String, Vec<u8>)>;

/// The name of a group's file, and what makes its samples.
pub(crate) type Group = (&'static str, fn() -> Samples);

/// Every group of golden vectors.
pub(crate) const GROUPS: [Group; 8] = [
    ("envelope", envelopes),
    ("roster", roster),
    ("message", crate::sample_messages::messages),
    ("log", log),
    ("chunk", chunks),
    ("carry", carry),
    ("later", crate::later::samples),
    ("handshake", handshake),
];

/// A group as its file holds it: one `name hex` a line.
pub(crate) fn render(samples: &Samples) -> String {
    let mut text = String::new();
    for (name, bytes) in samples {
        text.push_str(name);
        text.push(' ');
        for byte in bytes {
            text.push_str(&format!("{byte:02x}"));
        }
        text.push('\n');
    }
    text
}

/// `N` bytes counting up from `from`.
pub(crate) fn count<const N: usize>(from: u8) -> [u8; N] {
    core::array::from_fn(|i| from.wrapping_add(i as u8))
}

pub(crate) fn header(kind: Kind) -> Header {
    let person = kind != Kind::Carried && kind != Kind::Record;
    Header {
        version: VERSION,
        kind: kind.code(),
        flags: 0,
        facility: FacilityId::from_bytes(count(0x10)),
        stream: StreamId::from_bytes(count(0x20)),
        document: DocumentId::from_bytes(count(0x30)),
        device: DeviceId::from_bytes(count(0x40)),
        person: if person {
            PersonId::from_bytes(count(0x50))
        } else {
            PersonId::ZERO
        },
        run: RunId::from_bytes(count(0x60)),
        run_seq: 0x0102_0304_0506_0708,
        prev: EnvelopeId::from_bytes(count(0x70)),
        epoch: Epoch(0x0a0b_0c0d),
        roster_seq: RosterSeq(0x1112_1314_1516_1718),
        seen_log: LogId::from_bytes(count(0x90)),
        seen_seq: Seq(0x2122_2324_2526_2728),
        seen_chain: ChainHash::from_bytes(count(0xa0)),
        body_len: 0,
    }
}

/// An envelope signed by the keys of [`TABLET`] and [`FOUNDER`].
pub(crate) fn envelope_of(mut header: Header, nonce: [u8; NONCE_LEN], body: &[u8]) -> Envelope {
    header.body_len = body.len() as u32;
    let hash = signed_hash(&header, &nonce, body);
    let person = (!header.person.is_zero()).then(|| sign(&key(FOUNDER), &person_message(&hash)));
    let device = sign(&key(TABLET), &device_message(&hash, person.as_ref()));
    Envelope::assemble(&header, &nonce, body, &device, person.as_ref()).unwrap()
}

pub(crate) fn envelope(kind: Kind) -> Envelope {
    let covered = [
        EnvelopeId::from_bytes(count(0xb0)),
        EnvelopeId::from_bytes(count(0xc0)),
    ];
    let ack = AckBody {
        snapshot: covered[0],
        heads: count(0xd0),
    };
    let body = match kind {
        Kind::Snapshot => {
            SnapshotBody::build(SnapshotPart { index: 1, of: 2 }, &covered, &[0x5e; 20]).unwrap()
        }
        Kind::Ack => ack.to_bytes().to_vec(),
        Kind::Changes | Kind::Record | Kind::Slot | Kind::Carried => vec![0xb0 + kind.code(); 40],
    };
    let sealed = matches!(kind, Kind::Changes | Kind::Snapshot | Kind::Slot);
    let nonce = if sealed { count(0xe0) } else { [0; NONCE_LEN] };
    envelope_of(header(kind), nonce, &body)
}

fn envelopes() -> Samples {
    let mut samples = Samples::new();
    for kind in Kind::ALL {
        let envelope = envelope(kind);
        let name = format!("{kind:?}").to_lowercase();
        samples.push((name.clone(), envelope.bytes().to_vec()));
        samples.push((format!("{name}-id"), envelope.id().as_bytes().to_vec()));
        samples.push((
            format!("{name}-signed-hash"),
            envelope.signed_hash().to_vec(),
        ));
        samples.push((format!("{name}-device-message"), envelope.device_message()));
        if !envelope.header().person.is_zero() {
            let message = person_message(&envelope.signed_hash());
            samples.push((format!("{name}-person-message"), message));
        }
        samples.push((
            format!("{name}-skeleton"),
            envelope.skeleton().to_bytes().to_vec(),
        ));
    }
    let mut signed_record = header(Kind::Record);
    signed_record.person = PersonId::from_bytes(count(0x50));
    let record = envelope_of(signed_record, [0; NONCE_LEN], &[0xb4; 40]);
    samples.push(("record-by-a-person".to_owned(), record.bytes().to_vec()));
    let carried = join_carried(&carried(), &header(Kind::Carried)).unwrap();
    samples.push(("carried-plaintext".to_owned(), carried));
    let of_its_own = join_carried(&carried_of_its_epoch(), &header(Kind::Carried)).unwrap();
    samples.push(("carried-plaintext-own-epoch".to_owned(), of_its_own));
    samples
}

/// Two envelopes of the epoch before, as the one of [`header`] carries them.
pub(crate) fn carried() -> Vec<Envelope> {
    let older = |kind, run_seq| {
        let mut header = header(kind);
        header.epoch = Epoch(header.epoch.0 - 1);
        header.run_seq = run_seq;
        envelope_of(header, count(0xe0), &[0xb1; 40])
    };
    vec![older(Kind::Changes, 0), older(Kind::Slot, 1)]
}

/// A run of which the first envelope is of the epoch before and the next of the outer one's: what a
/// device wrote before and after it had heard of a rotation.
pub(crate) fn carried_of_its_epoch() -> Vec<Envelope> {
    let first = carried().swap_remove(0);
    let mut next = *first.header();
    next.epoch = header(Kind::Carried).epoch;
    next.run_seq += 1;
    next.prev = first.id();
    vec![first, envelope_of(next, count(0xe0), &[0xb2; 40])]
}

/// The head of a carry file.
pub(crate) fn carry_head() -> CarryHead {
    CarryHead {
        facility: FacilityId::from_bytes(count(0x10)),
        epoch: Epoch(0x0a0b_0c0d),
        salt: count(0xf0),
    }
}

fn carry() -> Samples {
    let mut content = BytesMut::new();
    for message in crate::sample_messages::all_messages() {
        let travels = matches!(
            message,
            Message::RosterItems(_)
                | Message::WrapItems(_)
                | Message::OldPlaces(_)
                | Message::Items(_)
                | Message::Receipt(_)
                | Message::SeenBy(_)
                | Message::Push(_)
        );
        if travels {
            wire::carry::put_message(&mut content, &message);
        }
    }
    vec![
        ("carry-head".to_owned(), carry_head().to_bytes().to_vec()),
        ("carry-content".to_owned(), content.to_vec()),
    ]
}

/// One body of every kind but `found`, with its signer and the number of its key.
pub(crate) fn roster_bodies(home: &Home) -> Vec<(SignerId, u8, RosterBody)> {
    let founder = SignerId::from(home.founder());
    let care = home.stream("care");
    let invite = home.invite(20);
    let only = DeviceScope {
        kind: DeviceKind::Process,
        streams: vec![care],
        may_sign_in: MaySignIn::Only(vec![home.founder()]),
    };
    let grant = Grant {
        person: home.founder(),
        stream: care,
        right: Right::Emergency,
        acts: 0xff,
        until: Some(UnixMillis(1_800_000_000_000)),
        wraps: vec![WrapHash::from_bytes(count(1))],
    };
    let rotate = Rotate {
        stream: care,
        epoch: Epoch(1),
        commitment: count(0x40),
        public: AgreementPublic::from_bytes(count(0x50)),
        rung: Bytes::from_static(&[0x60; 72]),
        wraps: wraps(3),
        name: None,
    };
    let opening = Rotate {
        stream: home.stream("office"),
        epoch: Epoch(0),
        rung: Bytes::new(),
        name: Some("office".to_owned()),
        ..rotate.clone()
    };
    let wrapped = StreamWraps {
        stream: care,
        wraps: wraps(1),
    };
    let device = RecoveryDevice {
        keys: device_keys(52),
        scope: scope_of(&home.facility()),
    };
    let bodies: Vec<(SignerId, u8, Body)> = vec![
        (
            founder,
            FOUNDER,
            AddPerson {
                person: person_keys(10),
            }
            .into(),
        ),
        (
            founder,
            FOUNDER,
            RekeyPerson {
                person: person_keys(11),
                wraps: vec![wrapped.clone()],
            }
            .into(),
        ),
        (
            founder,
            FOUNDER,
            RemovePerson {
                person: PersonId::from_bytes([10; 16]),
            }
            .into(),
        ),
        (
            founder,
            FOUNDER,
            AddDevice {
                device: device_keys(21),
                scope: only,
                wraps: wraps(1),
            }
            .into(),
        ),
        (
            founder,
            FOUNDER,
            RemoveDevice {
                device: DeviceId::from_bytes([21; 16]),
            }
            .into(),
        ),
        (founder, FOUNDER, invite.clone().into()),
        (
            invite.id.into(),
            20,
            Accept {
                invite: invite.id,
                device: device_keys(22),
            }
            .into(),
        ),
        (founder, FOUNDER, grant.clone().into()),
        (founder, FOUNDER, rotate.into()),
        (founder, FOUNDER, opening.into()),
        (founder, FOUNDER, RelayKey { key: public(30) }.into()),
        (
            SignerId::NONE,
            RELAY,
            NewLog {
                stream: care,
                old: LogId::from_bytes(count(0x60)),
                old_seq: Seq(500),
                old_chain: ChainHash::from_bytes(count(0x70)),
                new: LogId::from_bytes(count(0x80)),
            }
            .into(),
        ),
        (
            founder,
            FOUNDER,
            Policy {
                name: "idle-minutes".to_owned(),
                value: Bytes::from_static(&[2]),
            }
            .into(),
        ),
        (
            SignerId::NONE,
            RECOVERY,
            RecoveryUsed {
                recovery: recovery_keys(51),
                person: Some(person_keys(50)),
                device: Some(device),
                grants: vec![grant],
                wraps: None,
            }
            .into(),
        ),
        (
            founder,
            FOUNDER,
            Destroy {
                stream: care,
                documents: vec![DocumentId::from_bytes(count(0x30))],
                evidence: vec![EnvelopeId::from_bytes(count(0xb0))],
                blobs: Some(vec![BlobId::from_bytes(count(0x38))]),
            }
            .into(),
        ),
        (SignerId::NONE, RELAY, Clock {}.into()),
        (
            founder,
            FOUNDER,
            WithdrawInvite {
                invite: InviteId::from_bytes(count(0x10)),
            }
            .into(),
        ),
        (
            founder,
            FOUNDER,
            NewSheet {
                recovery: recovery_keys(54),
                wraps: Some(vec![wrapped]),
            }
            .into(),
        ),
    ];
    bodies
        .into_iter()
        .map(|(signer, n, body)| (signer, n, body.0))
        .collect()
}

fn roster() -> Samples {
    let home = Home::new();
    let mut samples = Samples::new();
    let found = &home.log[0];
    samples.push((
        "facility-id".to_owned(),
        home.facility().as_bytes().to_vec(),
    ));
    samples.push((
        "stream-id-care".to_owned(),
        home.stream("care").as_bytes().to_vec(),
    ));
    samples.push(("found".to_owned(), found.entry.to_vec()));
    samples.push((
        "found-roster-hash".to_owned(),
        home.state.head().1.as_bytes().to_vec(),
    ));
    samples.push((
        "found-countersigned".to_owned(),
        minicbor::to_vec(found).unwrap(),
    ));
    for (signer, n, body) in roster_bodies(&home) {
        let kind = RosterBody::KINDS
            .iter()
            .find(|kind| kind.0 == body.kind())
            .unwrap()
            .1;
        let opening = matches!(&body, RosterBody::Rotate(rotate) if rotate.name.is_some());
        let name = if opening { "Rotate-to-epoch-0" } else { kind };
        let entry = home.entry(signer, &key(n), &body);
        samples.push((name.to_owned(), entry.bytes().to_vec()));
    }
    samples
}

pub(crate) fn receipt() -> Receipt {
    let mut receipt = Receipt {
        log_id: LogId::from_bytes(count(0x90)),
        stream: StreamId::from_bytes(count(0x20)),
        seq: Seq(300),
        chain: ChainHash::from_bytes(count(0xa0)),
        roster_seq: RosterSeq(7),
        signature: Signature::ZERO,
    };
    receipt.signature = sign(&key(RELAY), &receipt.message());
    receipt
}

pub(crate) fn seen() -> SeenMark {
    let mut seen = SeenMark {
        device: DeviceId::from_bytes(count(0x40)),
        stream: StreamId::from_bytes(count(0x20)),
        log_id: LogId::from_bytes(count(0x90)),
        seq: Seq(300),
        chain: ChainHash::from_bytes(count(0xa0)),
        signature: Signature::ZERO,
    };
    seen.signature = sign(&key(TABLET), &seen.message());
    seen
}

fn log() -> Samples {
    let (facility, stream) = (
        FacilityId::from_bytes(count(0x10)),
        StreamId::from_bytes(count(0x20)),
    );
    let start = wire::chain_start(&facility, &stream, &LogId::from_bytes(count(0x90)));
    let head = RosterHash::from_bytes(count(0xc0));
    let id = EnvelopeId::from_bytes(count(0xb0));
    let next = wire::chain_next(&start, Seq(1), RosterSeq(7), &head, &id);
    let lesser = wire::chain_next(&next, Seq(2), RosterSeq(6), &head, &id);
    let wrap: Bytes = vec![9; 120].into();
    let agreement = AgreementPublic::from_bytes(count(0x50));
    [
        ("chain-0", start.as_bytes().to_vec()),
        ("chain-1", next.as_bytes().to_vec()),
        ("receipt-signed-hash", receipt().signed_hash().to_vec()),
        ("receipt-message", receipt().message()),
        ("receipt-signature", receipt().signature.as_bytes().to_vec()),
        ("seen-signed-hash", seen().signed_hash().to_vec()),
        ("seen-message", seen().message()),
        ("seen-signature", seen().signature.as_bytes().to_vec()),
        ("wrap-hash", wire::wrap_hash(&wrap).as_bytes().to_vec()),
        (
            "wrap-hint",
            wire::wrap_hint(&agreement, &stream, Epoch(3)).to_vec(),
        ),
        (
            "invite-id",
            wire::invite_id(&public(20)).as_bytes().to_vec(),
        ),
        // A row whose place is bound to an earlier roster than the one before it.
        ("chain-2-of-lesser-roster-seq", lesser.as_bytes().to_vec()),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .to_vec()
}

fn chunks() -> Samples {
    let message: Bytes = vec![0x44; ids::limits::FRAME_BYTES + 1].into();
    let frames = wire::chunk::frames(&message).unwrap();
    let first = frames[0][..16].to_vec();
    vec![
        ("first-16-bytes".to_owned(), first),
        ("last".to_owned(), frames[1].to_vec()),
    ]
}

pub(crate) fn roles() -> [(&'static str, Role); 5] {
    let facility = FacilityId::from_bytes(count(0x10));
    [
        (
            "device",
            Role::Device {
                facility,
                device: DeviceId::from_bytes(count(0x40)),
            },
        ),
        (
            "invite",
            Role::Invite {
                facility,
                invite: InviteId::from_bytes(count(0x48)),
            },
        ),
        (
            "founder",
            Role::Founder {
                relay_key: public(RELAY),
            },
        ),
        (
            "recovery",
            Role::Recovery {
                facility,
                key: public(RECOVERY),
            },
        ),
        (
            "restorer",
            Role::Restorer {
                relay_key: public(RELAY),
                facility,
            },
        ),
    ]
}

pub(crate) fn transcript(role: &Role) -> Transcript {
    let relay = public(RELAY);
    Transcript::new(
        role,
        &relay,
        &count(0xc0),
        &count(0xd0),
        PROTOCOL_VERSION,
        &[1],
    )
}

fn handshake() -> Samples {
    let mut samples = Samples::new();
    for (name, role) in roles() {
        let transcript = transcript(&role);
        let auth = sign(&key(TABLET), &transcript.client_message());
        samples.push((format!("{name}-transcript"), transcript.as_bytes().to_vec()));
        samples.push((format!("{name}-auth"), auth.as_bytes().to_vec()));
    }
    let (_, founder) = roles()[2];
    let proof = transcript(&founder).founding_proof(&count(0xf0), b"entry");
    samples.push(("founding-proof".to_owned(), proof.to_vec()));
    samples
}
