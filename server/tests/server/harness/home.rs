//! Keys, a founding entry, roster entries and envelopes of one home. Nothing is sealed: the relay
//! could not tell.

use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use ids::{
    AgreementPublic, DeviceId, DocumentId, EnvelopeId, Epoch, FacilityId, InviteId, LogId,
    PersonId, RosterHash, RosterSeq, RunId, Seq, Signature, SigningPublic, StreamId, UnixMillis,
};
use wire::envelope::{device_message, person_message, signed_hash};
use wire::roster::{
    Accept, AddDevice, AddPerson, Charter, DeviceKeys, DeviceKind, DeviceScope, Found, Grant,
    Invite, MaySignIn, PersonKeys, RecoveryKeys, RemoveDevice, RemovePerson, Right, Rotate,
    SignerId, StreamOpening, StreamWraps, UnsignedEntry, acts,
};
use wire::{Envelope, Header, Kind, RosterBody, SeenMark, invite_id, stream_id, wrap_hash};

/// The time of every test's beginning.
pub const START: UnixMillis = UnixMillis(1_790_000_000_000);

/// A key pair with the id that goes with it.
#[derive(Clone)]
pub struct Someone {
    pub number: u8,
    pub key: SigningKey,
}

impl Someone {
    pub fn new(number: u8) -> Self {
        Self {
            number,
            key: SigningKey::from_bytes(&[number; 32]),
        }
    }

    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.key.sign(message).to_bytes())
    }

    pub fn public(&self) -> SigningPublic {
        SigningPublic::from_bytes(self.key.verifying_key().to_bytes())
    }

    pub fn agreement(&self) -> AgreementPublic {
        AgreementPublic::from_bytes([self.number; 32])
    }

    pub fn person(&self) -> PersonId {
        PersonId::from_bytes([self.number; 16])
    }

    pub fn device(&self) -> DeviceId {
        DeviceId::from_bytes([self.number; 16])
    }

    pub fn person_keys(&self) -> PersonKeys {
        PersonKeys {
            id: self.person(),
            signing: self.public(),
            agreement: self.agreement(),
        }
    }

    pub fn device_keys(&self) -> DeviceKeys {
        DeviceKeys {
            id: self.device(),
            signing: self.public(),
            agreement: self.agreement(),
        }
    }

    pub fn invite(&self) -> InviteId {
        invite_id(&self.public())
    }
}

/// A wrap that nobody can open.
pub fn wrap(number: u8) -> Bytes {
    Bytes::from(vec![number; 80])
}

/// A home: the founder, her tablet, its recovery sheet.
#[derive(Clone)]
pub struct Home {
    pub founder: Someone,
    pub tablet: Someone,
    pub facility: FacilityId,
    pub found: Found,
}

impl Home {
    /// A home at a relay. Homes of different numbers share no key.
    pub fn new(number: u8, relay_key: SigningPublic) -> Self {
        let founder = Someone::new(number);
        let tablet = Someone::new(number + 1);
        let recovery = Someone::new(number + 2);
        let charter = Charter {
            relay_key,
            recovery: RecoveryKeys {
                signing: recovery.public(),
                agreement: recovery.agreement(),
            },
            person: founder.person_keys(),
            device: tablet.device_keys(),
            streams: wire::roster::OPENED_BY_FOUND
                .iter()
                .map(|name| StreamOpening {
                    name: (*name).to_owned(),
                    commitment: [1; 32],
                    public: AgreementPublic::from_bytes([2; 32]),
                })
                .collect(),
        };
        let facility = charter.facility_id();
        let stream = |name: &str| stream_id(&facility, name);
        let all = ["directory", "care", "devices"].map(stream);
        let grant = |name| Grant {
            person: founder.person(),
            stream: stream(name),
            right: Right::Write,
            acts: acts::ROSTER | acts::SIGN,
            until: None,
            wraps: Vec::new(),
        };
        let wraps = all.iter().enumerate().map(|(i, stream)| {
            let of = |n| wrap_hash(&wrap(found_wrap(i, n)));
            StreamWraps {
                stream: *stream,
                wraps: vec![of(0), of(1)],
            }
        });
        let scope = DeviceScope {
            kind: DeviceKind::Tablet,
            streams: all.to_vec(),
            may_sign_in: MaySignIn::All,
        };
        let grants = vec![grant("directory"), grant("care")];
        let found = Found::new(charter, scope, grants, wraps.collect());
        Self {
            founder,
            tablet,
            facility,
            found,
        }
    }

    pub fn stream(&self, name: &str) -> StreamId {
        stream_id(&self.facility, name)
    }

    /// The founding entry and its wraps.
    pub fn founding(&self) -> (Bytes, Vec<Bytes>) {
        let entry = UnsignedEntry::found(&self.found);
        let signature = self.founder.sign(&entry.message());
        let wraps = (0..3)
            .flat_map(|i| [wrap(found_wrap(i, 0)), wrap(found_wrap(i, 1))])
            .collect();
        (entry.signed(&signature).unwrap().bytes().clone(), wraps)
    }

    pub fn scope(&self, streams: &[&str]) -> DeviceScope {
        DeviceScope {
            kind: DeviceKind::Tablet,
            streams: streams.iter().map(|name| self.stream(name)).collect(),
            may_sign_in: MaySignIn::All,
        }
    }

    /// The entry that follows `head`, signed by `signer` under `id`.
    pub fn entry(
        &self,
        head: (RosterSeq, RosterHash),
        signer: &Someone,
        id: impl Into<SignerId>,
        body: RosterBody,
    ) -> Bytes {
        let seq = head.0.next().unwrap();
        let entry = UnsignedEntry::new(self.facility, seq, head.1, id, &body);
        let signature = signer.sign(&entry.message());
        entry.signed(&signature).unwrap().bytes().clone()
    }

    pub fn add_device(&self, device: &Someone, streams: &[&str]) -> RosterBody {
        let (device, scope) = (device.device_keys(), self.scope(streams));
        RosterBody::AddDevice(AddDevice {
            device,
            scope,
            wraps: Vec::new(),
        })
    }

    pub fn remove_device(&self, device: &Someone) -> RosterBody {
        RosterBody::RemoveDevice(RemoveDevice {
            device: device.device(),
        })
    }

    pub fn add_person(&self, person: &Someone) -> RosterBody {
        RosterBody::AddPerson(AddPerson {
            person: person.person_keys(),
        })
    }

    pub fn remove_person(&self, person: &Someone) -> RosterBody {
        RosterBody::RemovePerson(RemovePerson {
            person: person.person(),
        })
    }

    pub fn grant(&self, person: &Someone, stream: &str, right: Right, wraps: &[u8]) -> RosterBody {
        RosterBody::Grant(Grant {
            person: person.person(),
            stream: self.stream(stream),
            right,
            acts: acts::SIGN,
            until: None,
            wraps: wraps.iter().map(|n| wrap_hash(&wrap(*n))).collect(),
        })
    }

    pub fn invite(&self, link: &Someone, expires: UnixMillis) -> RosterBody {
        let scope = self.scope(&["directory", "care", "devices"]);
        RosterBody::Invite(Invite {
            id: link.invite(),
            key: link.public(),
            scope,
            expires,
        })
    }

    pub fn accept(&self, link: &Someone, device: &Someone) -> RosterBody {
        RosterBody::Accept(Accept {
            invite: link.invite(),
            device: device.device_keys(),
        })
    }

    /// A rotation of a stream; `wraps` as many as there are recipients.
    pub fn rotate(&self, stream: &str, epoch: u32, wraps: &[u8]) -> RosterBody {
        RosterBody::Rotate(Rotate {
            stream: self.stream(stream),
            epoch: Epoch(epoch),
            commitment: [3; 32],
            public: AgreementPublic::from_bytes([4; 32]),
            rung: if epoch == 0 {
                Bytes::new()
            } else {
                Bytes::from_static(&[7; 72])
            },
            wraps: wraps.iter().map(|n| wrap_hash(&wrap(*n))).collect(),
            name: (epoch == 0).then(|| stream.to_owned()),
        })
    }

    /// The header of the first envelope of a run, by the founder on her tablet.
    pub fn header(&self, stream: &str, run: u8) -> Header {
        Header {
            version: 1,
            kind: Kind::Changes.code(),
            facility: self.facility,
            stream: self.stream(stream),
            document: DocumentId::from_bytes([9; 16]),
            device: self.tablet.device(),
            person: self.founder.person(),
            run: RunId::from_bytes([run; 16]),
            roster_seq: RosterSeq(1),
            ..Header::ZERO
        }
    }

    /// The `n`th envelope of a run after `prev`.
    pub fn nth(&self, stream: &str, run: u8, n: u64, prev: Option<&Envelope>) -> Envelope {
        let prev = prev.map_or(EnvelopeId::ZERO, Envelope::id);
        let header = Header {
            run_seq: n,
            prev,
            ..self.header(stream, run)
        };
        self.envelope(header, b"sealed bytes nobody here can read")
    }

    /// `count` envelopes of one run.
    pub fn run(&self, stream: &str, run: u8, count: u64) -> Vec<Envelope> {
        let mut made: Vec<Envelope> = Vec::new();
        for n in 0..count {
            made.push(self.nth(stream, run, n, made.last()));
        }
        made
    }

    /// An envelope signed by the founder and her tablet.
    pub fn envelope(&self, header: Header, body: &[u8]) -> Envelope {
        let person = (!header.person.is_zero()).then_some(&self.founder);
        envelope(header, body, &self.tablet, person)
    }
}

fn found_wrap(stream: usize, number: u8) -> u8 {
    100 + 2 * u8::try_from(stream).unwrap() + number
}

/// An envelope signed by whomever.
pub fn envelope(
    header: Header,
    body: &[u8],
    device: &Someone,
    person: Option<&Someone>,
) -> Envelope {
    let header = Header {
        body_len: u32::try_from(body.len()).unwrap(),
        ..header
    };
    let nonce = match header.kind() {
        Some(Kind::Ack | Kind::Record | Kind::Carried) => [0; 24],
        _ => [5; 24],
    };
    let hash = signed_hash(&header, &nonce, body);
    let by_person = person.map(|person| person.sign(&person_message(&hash)));
    let by_device = device.sign(&device_message(&hash, by_person.as_ref()));
    Envelope::assemble(&header, &nonce, body, &by_device, by_person.as_ref()).unwrap()
}

/// A device's word on what it holds.
pub fn mark(device: &Someone, stream: StreamId, log_id: LogId, seq: u64) -> SeenMark {
    let mut mark = SeenMark {
        device: device.device(),
        stream,
        log_id,
        seq: Seq(seq),
        chain: ids::ChainHash::from_bytes([6; 32]),
        signature: Signature::ZERO,
    };
    mark.signature = device.sign(&mark.message());
    mark
}
