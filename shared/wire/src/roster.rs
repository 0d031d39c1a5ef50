//! The roster: the signed, hash-linked, linear log of who and what belongs.
//!
//! An entry is made as [`UnsignedEntry`], signed, sent to the relay, checked there by
//! [`RosterState::check`], countersigned with the relay's time, and applied by
//! [`RosterState::apply`] on every replica alike. No names stand in it.

mod apply;
mod body;
mod charter;
mod check;
mod error;
mod founding;
mod parts;
mod queries;
mod records;
mod rules;
mod state;
mod waiting;
mod wraps;

pub use ids::acts;

pub use body::{
    Accept, AddDevice, AddPerson, Clock, Destroy, Invite, NewLog, NewSheet, Policy, RecoveryDevice,
    RecoveryUsed, RekeyPerson, RelayKey, RemoveDevice, RemovePerson, RosterBody, Rotate,
    WithdrawInvite,
};
pub use charter::{Charter, DEVICES, Found, OPENED_BY_FOUND, StreamOpening, StreamWraps};
pub use check::Accepted;
pub use error::{EntryError, RosterError};
pub use parts::{
    DeviceKeys, DeviceKind, DeviceScope, Grant, MaySignIn, PersonKeys, RecoveryKeys, Right,
    SignerId,
};
pub use records::{
    DeviceRecord, EpochRecord, GrantRecord, InviteRecord, LogStart, PersonKeysRecord, PersonRecord,
    StreamRecord,
};
pub use state::{Holder, Recipient, RosterState};
pub use wraps::{ListedWrap, WrapsError, match_wraps};

use crate::codec::{blob, length, take, take_slice};
use crate::hash::{hash, signing_message};
use crate::sign::{BadSignature, verify_strict};
use bytes::{BufMut, Bytes, BytesMut};
use ids::{FacilityId, RosterHash, RosterSeq, Signature, SigningPublic, UnixMillis};
use ids::{contexts, limits};
use minicbor::{Decode, Encode};

/// The version of entries this program writes.
pub const ENTRY_VERSION: u8 = 1;
/// Length of an entry's head in bytes.
pub const HEAD_LEN: usize = 78;

/// The fixed part of an entry. Field order is byte order; a u32 body length follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RosterHead {
    /// Version of the entry's form; 1.
    pub version: u8,
    /// Code of the kind, see [`RosterBody::kind`].
    pub kind: u8,
    /// The facility.
    pub facility: FacilityId,
    /// Position in the roster, from 1.
    pub seq: RosterSeq,
    /// The roster's hash before this entry; zero for the first.
    pub prev: RosterHash,
    /// Who signs.
    pub signer: SignerId,
}

impl RosterHead {
    fn put(&self, body_len: usize, out: &mut BytesMut) {
        out.put_u8(self.version);
        out.put_u8(self.kind);
        out.put_slice(self.facility.as_bytes());
        out.put_u64(self.seq.0);
        out.put_slice(self.prev.as_bytes());
        out.put_slice(self.signer.as_bytes());
        out.put_u32(length(body_len));
    }

    fn read(rest: &mut &[u8]) -> Option<(Self, usize)> {
        let [version, kind] = take(rest)?;
        let head = Self {
            version,
            kind,
            facility: FacilityId::from_bytes(take(rest)?),
            seq: RosterSeq(u64::from_be_bytes(take(rest)?)),
            prev: RosterHash::from_bytes(take(rest)?),
            signer: SignerId::from_bytes(take(rest)?),
        };
        let body_len = usize::try_from(u32::from_be_bytes(take(rest)?)).ok()?;
        Some((head, body_len))
    }
}

/// An entry before its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedEntry {
    bytes: BytesMut,
}

impl UnsignedEntry {
    /// Makes the entry that follows `prev` at `seq`.
    pub fn new(
        facility: FacilityId,
        seq: RosterSeq,
        prev: RosterHash,
        signer: impl Into<SignerId>,
        body: &RosterBody,
    ) -> Self {
        let signer = signer.into();
        let kind = body.kind();
        let head = RosterHead {
            version: ENTRY_VERSION,
            kind,
            facility,
            seq,
            prev,
            signer,
        };
        let body = body.to_cbor();
        let mut bytes = BytesMut::with_capacity(HEAD_LEN + body.len() + Signature::LEN);
        head.put(body.len(), &mut bytes);
        bytes.put_slice(&body);
        Self { bytes }
    }

    /// The first entry of a facility; its id follows from the charter.
    pub fn found(found: &Found) -> Self {
        let (facility, founder) = (found.facility_id(), found.charter().person.id);
        let body = RosterBody::Found(Box::new(found.clone()));
        Self::new(facility, RosterSeq(1), RosterHash::ZERO, founder, &body)
    }

    /// What is signed under [`contexts::SIGN_ROSTER`]: H(head ‖ body).
    pub fn signed_hash(&self) -> [u8; 32] {
        hash(contexts::SIGN_ROSTER, &[&self.bytes])
    }

    /// The bytes to sign: context ‖ 0 ‖ [`UnsignedEntry::signed_hash`].
    pub fn message(&self) -> Vec<u8> {
        signing_message(contexts::SIGN_ROSTER, &self.signed_hash())
    }

    /// The entry.
    ///
    /// # Errors
    /// [`EntryError::TooLong`] when the body is over its bound; its author is at fault.
    pub fn signed(&self, signature: &Signature) -> Result<RosterEntry, EntryError> {
        let mut bytes = self.bytes.clone();
        bytes.put_slice(signature.as_bytes());
        RosterEntry::parse(bytes.freeze())
    }
}

/// One entry: head, body, signature. Its bytes never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterEntry {
    bytes: Bytes,
    head: RosterHead,
    body: RosterBody,
    signature: Signature,
}

impl RosterEntry {
    /// Reads an entry. A version or kind this program does not know parses as
    /// [`RosterBody::Unknown`].
    ///
    /// # Errors
    /// [`EntryError`]: structure and bounds.
    pub fn parse(bytes: Bytes) -> Result<Self, EntryError> {
        if bytes.len() > limits::ROSTER_ENTRY_BYTES {
            return Err(EntryError::TooLong);
        }
        let mut rest = bytes.as_ref();
        let (head, body_len) = RosterHead::read(&mut rest).ok_or(EntryError::Structure)?;
        let body = take_slice(&mut rest, body_len).ok_or(EntryError::Structure)?;
        let body = match head.version {
            ENTRY_VERSION => RosterBody::from_cbor(head.kind, body)?,
            _ => RosterBody::Unknown {
                kind: head.kind,
                body: Bytes::copy_from_slice(body),
            },
        };
        let signature = Signature::from_slice(rest).ok_or(EntryError::Structure)?;
        Ok(Self {
            head,
            body,
            signature,
            bytes,
        })
    }

    /// The head.
    pub fn head(&self) -> &RosterHead {
        &self.head
    }

    /// The body.
    pub fn body(&self) -> &RosterBody {
        &self.body
    }

    /// The signature.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// All bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The roster's hash with this entry: H(prev ‖ seq ‖ bytes).
    pub fn roster_hash(&self) -> RosterHash {
        roster_hash(&self.head.prev, self.head.seq, &self.bytes)
    }

    /// Verifies the signature.
    ///
    /// # Errors
    /// [`BadSignature`]: the entry's author is at fault.
    pub fn verify(&self, key: &SigningPublic) -> Result<(), BadSignature> {
        let end = self.bytes.len().saturating_sub(Signature::LEN);
        let signed = self.bytes.get(..end).unwrap_or_default();
        let hash = hash(contexts::SIGN_ROSTER, &[signed]);
        verify_strict(
            key,
            &signing_message(contexts::SIGN_ROSTER, &hash),
            &self.signature,
        )
    }
}

/// roster_hash\[n\] = H(roster_hash\[n-1\] ‖ n ‖ entry).
pub fn roster_hash(prev: &RosterHash, seq: RosterSeq, entry: &[u8]) -> RosterHash {
    let parts: [&[u8]; 3] = [prev.as_bytes(), &seq.0.to_be_bytes(), entry];
    RosterHash::from_bytes(hash(contexts::ROSTER_CHAIN, &parts))
}

/// An entry with the relay's time and signature: what is stored and sent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Countersigned {
    /// The entry's bytes.
    #[cbor(n(0), with = "blob")]
    pub entry: Bytes,
    /// When the relay accepted it, by its clock; never backwards.
    #[n(1)]
    pub time: UnixMillis,
    /// The relay's signature.
    #[n(2)]
    pub signature: Signature,
}

impl Countersigned {
    /// What the relay signs under [`contexts::SIGN_ROSTER_COUNTER`]:
    /// H(facility ‖ seq ‖ roster hash ‖ time).
    pub fn signed_hash(
        facility: &FacilityId,
        seq: RosterSeq,
        roster_hash: &RosterHash,
        time: UnixMillis,
    ) -> [u8; 32] {
        let (seq, time) = (seq.0.to_be_bytes(), time.0.to_be_bytes());
        let parts: [&[u8]; 4] = [facility.as_bytes(), &seq, roster_hash.as_bytes(), &time];
        hash(contexts::SIGN_ROSTER_COUNTER, &parts)
    }

    /// The bytes the relay signs.
    pub fn message(
        facility: &FacilityId,
        seq: RosterSeq,
        roster_hash: &RosterHash,
        time: UnixMillis,
    ) -> Vec<u8> {
        let hash = Self::signed_hash(facility, seq, roster_hash, time);
        signing_message(contexts::SIGN_ROSTER_COUNTER, &hash)
    }
}
