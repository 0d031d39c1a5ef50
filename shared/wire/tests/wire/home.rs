//! A home with keys that follow from numbers, and its roster.

use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use ids::{
    AgreementPublic, DeviceId, FacilityId, PersonId, RosterHash, RosterSeq, Signature,
    SigningPublic, StreamId, UnixMillis, WrapHash,
};
use wire::roster::{
    Charter, DEVICES, DeviceKeys, DeviceKind, DeviceScope, Found, Grant, Invite, MaySignIn,
    OPENED_BY_FOUND, PersonKeys, RecoveryKeys, Right, StreamOpening, StreamWraps, acts,
};
use wire::{Countersigned, RosterBody, RosterEntry, RosterError, RosterState, SignerId};
use wire::{UnsignedEntry, stream_id};

/// The relay's first time.
pub(crate) const START: UnixMillis = UnixMillis(1_700_000_000_000);

/// The signing key of a number.
pub(crate) fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

/// Its public half.
pub(crate) fn public(n: u8) -> SigningPublic {
    SigningPublic::from_bytes(key(n).verifying_key().to_bytes())
}

pub(crate) fn sign(key: &SigningKey, message: &[u8]) -> Signature {
    Signature::from_bytes(key.sign(message).to_bytes())
}

pub(crate) fn person_keys(n: u8) -> PersonKeys {
    PersonKeys {
        id: PersonId::from_bytes([n; 16]),
        signing: public(n),
        agreement: AgreementPublic::from_bytes([n; 32]),
    }
}

pub(crate) fn device_keys(n: u8) -> DeviceKeys {
    DeviceKeys {
        id: DeviceId::from_bytes([n; 16]),
        signing: public(n),
        agreement: AgreementPublic::from_bytes([n; 32]),
    }
}

pub(crate) fn recovery_keys(n: u8) -> RecoveryKeys {
    RecoveryKeys {
        signing: public(n),
        agreement: AgreementPublic::from_bytes([n; 32]),
    }
}

/// `count` different wrap hashes.
pub(crate) fn wraps(count: u8) -> Vec<WrapHash> {
    (1..=count).map(|n| WrapHash::from_bytes([n; 32])).collect()
}

pub(crate) const RELAY: u8 = 1;
pub(crate) const RECOVERY: u8 = 2;
pub(crate) const FOUNDER: u8 = 3;
pub(crate) const TABLET: u8 = 4;

pub(crate) const ALL_ACTS: u64 = acts::ROSTER | acts::SIGN | acts::STRIKE | acts::RESOLVE;

pub(crate) fn charter() -> Charter {
    let open = |(n, name): (usize, &&str)| StreamOpening {
        name: (*name).to_owned(),
        commitment: [0x40 + n as u8; 32],
        public: AgreementPublic::from_bytes([0x50 + n as u8; 32]),
    };
    Charter {
        relay_key: public(RELAY),
        recovery: recovery_keys(RECOVERY),
        person: person_keys(FOUNDER),
        device: device_keys(TABLET),
        streams: OPENED_BY_FOUND.iter().enumerate().map(open).collect(),
    }
}

pub(crate) fn scope_of(facility: &FacilityId) -> DeviceScope {
    DeviceScope {
        kind: DeviceKind::Tablet,
        streams: OPENED_BY_FOUND
            .iter()
            .map(|name| stream_id(facility, name))
            .collect(),
        may_sign_in: MaySignIn::All,
    }
}

/// What the home is founded with.
pub(crate) fn found() -> Found {
    let charter = charter();
    let facility = charter.facility_id();
    let grant = |name: &str| Grant {
        person: PersonId::from_bytes([FOUNDER; 16]),
        stream: stream_id(&facility, name),
        right: Right::Write,
        acts: ALL_ACTS,
        until: None,
        wraps: Vec::new(),
    };
    let listed = OPENED_BY_FOUND
        .iter()
        .map(|name| StreamWraps {
            stream: stream_id(&facility, name),
            wraps: wraps(2),
        })
        .collect();
    Found::new(
        charter,
        scope_of(&facility),
        vec![grant("directory"), grant("care")],
        listed,
    )
}

/// A founded home.
pub(crate) struct Home {
    pub(crate) state: RosterState,
    pub(crate) now: UnixMillis,
    pub(crate) log: Vec<Countersigned>,
}

impl Home {
    pub(crate) fn new() -> Self {
        let mut home = Self {
            state: RosterState::new(),
            now: START,
            log: Vec::new(),
        };
        let unsigned = UnsignedEntry::found(&found());
        let entry = unsigned
            .signed(&sign(&key(FOUNDER), &unsigned.message()))
            .unwrap();
        home.append(&entry).unwrap();
        home
    }

    pub(crate) fn facility(&self) -> FacilityId {
        self.state.facility().unwrap()
    }

    pub(crate) fn stream(&self, name: &str) -> StreamId {
        stream_id(&self.facility(), name)
    }

    pub(crate) fn devices(&self) -> StreamId {
        self.stream(DEVICES)
    }

    pub(crate) fn founder(&self) -> PersonId {
        PersonId::from_bytes([FOUNDER; 16])
    }

    /// The next entry, signed by `key` as `signer`.
    pub(crate) fn entry(
        &self,
        signer: impl Into<SignerId>,
        key: &SigningKey,
        body: &RosterBody,
    ) -> RosterEntry {
        let (seq, prev) = self.state.head();
        let seq = seq.next().unwrap();
        let unsigned = UnsignedEntry::new(self.facility(), seq, prev, signer, body);
        unsigned.signed(&sign(key, &unsigned.message())).unwrap()
    }

    /// As relay: checks, countersigns; then applies as anybody. Both say the same.
    pub(crate) fn append(&mut self, entry: &RosterEntry) -> Result<RosterHash, RosterError> {
        self.append_countersigned_by(RELAY, entry)
    }

    pub(crate) fn append_countersigned_by(
        &mut self,
        relay: u8,
        entry: &RosterEntry,
    ) -> Result<RosterHash, RosterError> {
        let checked = self.state.check(entry, self.now);
        let item = countersign(relay, entry, self.now);
        let applied = self.state.apply(&item);
        match (checked, applied) {
            (Ok(accepted), Ok(hash)) => {
                assert_eq!(accepted.hash, hash);
                self.log.push(item);
                Ok(hash)
            }
            (Err(RosterError::UnknownKind), Ok(hash)) => Ok(hash),
            (Err(checked), Err(applied)) => {
                assert_eq!(checked, applied);
                Err(applied)
            }
            (checked, applied) => panic!("relay {checked:?}, replica {applied:?}"),
        }
    }

    /// Appends what the founder, an administrator, signs.
    pub(crate) fn admin(&mut self, body: impl Into<Body>) -> Result<RosterHash, RosterError> {
        let entry = self.entry(self.founder(), &key(FOUNDER), &body.into().0);
        self.append(&entry)
    }

    /// Appends what somebody else signs.
    pub(crate) fn by(
        &mut self,
        signer: impl Into<SignerId>,
        n: u8,
        body: impl Into<Body>,
    ) -> Result<RosterHash, RosterError> {
        let entry = self.entry(signer, &key(n), &body.into().0);
        self.append(&entry)
    }

    /// Adds a person whose keys follow from `n`.
    pub(crate) fn add_person(&mut self, n: u8) -> PersonId {
        let person = person_keys(n);
        self.admin(wire::roster::AddPerson { person }).unwrap();
        person.id
    }

    /// A grant of `care` without end and without a wrap.
    pub(crate) fn grant(&self, person: PersonId, right: Right, acts: u64) -> Grant {
        let (stream, until, wraps) = (self.stream("care"), None, Vec::new());
        Grant {
            person,
            stream,
            right,
            acts,
            until,
            wraps,
        }
    }

    /// An invitation under the key of `n`.
    pub(crate) fn invite(&self, n: u8) -> Invite {
        Invite {
            id: wire::invite_id(&public(n)),
            key: public(n),
            scope: scope_of(&self.facility()),
            expires: self.now.plus(1_000),
        }
    }

    pub(crate) fn at(&self) -> RosterSeq {
        self.state.head().0
    }
}

pub(crate) fn countersign(relay: u8, entry: &RosterEntry, time: UnixMillis) -> Countersigned {
    let head = entry.head();
    let hash = entry.roster_hash();
    let message = Countersigned::message(&head.facility, head.seq, &hash, time);
    Countersigned {
        entry: Bytes::clone(entry.bytes()),
        time,
        signature: sign(&key(relay), &message),
    }
}

/// Lets every kind be handed to [`Home::admin`] as it is.
pub(crate) struct Body(pub(crate) RosterBody);

macro_rules! bodies {
    ($($name:ident),*) => {$(
        impl From<wire::roster::$name> for Body {
            fn from(body: wire::roster::$name) -> Self {
                Self(RosterBody::$name(body))
            }
        }
    )*};
}

bodies!(
    AddPerson,
    RekeyPerson,
    RemovePerson,
    AddDevice,
    RemoveDevice,
    Invite,
    Accept,
    Grant,
    Rotate,
    RelayKey,
    NewLog,
    Policy,
    RecoveryUsed,
    Destroy,
    Clock,
    WithdrawInvite,
    NewSheet
);
