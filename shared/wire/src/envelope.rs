//! Envelopes: the immutable unit that is sealed, signed, stored and sent.
//!
//! Parsing checks structure and bounds only. Signatures are checked where a key is at hand, the
//! body is opened in `vault`, and a version, flag or kind this program does not know parses: such
//! an envelope is kept and waits.

mod carried;
mod clear;
mod header;

pub use carried::{CarriedError, join_carried, split_carried};
pub use clear::{AckBody, SnapshotBody, SnapshotPart};
pub use header::{HEADER_LEN, Header, Kind, VERSION};

use crate::hash::{hash, signing_message};
use crate::sign::{BadSignature, verify_strict};
use bytes::{BufMut, Bytes, BytesMut};
use ids::{DeviceId, DocumentId, EnvelopeId, PersonId, RunId, Signature, SigningPublic, StreamId};
use ids::{contexts, limits};

/// Length of the nonce in bytes.
pub const NONCE_LEN: usize = 24;
/// Length of a skeleton in bytes: header ‖ H(rest).
pub const SKELETON_LEN: usize = HEADER_LEN + 32;

/// Why bytes are no envelope. Whoever made them is at fault; an honest device never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Fewer bytes than a header and what its lengths call for.
    #[error("the envelope ends early")]
    Short,
    /// Bytes after the last signature.
    #[error("bytes follow the envelope")]
    Trailing,
    /// The body is longer than [`limits::ENVELOPE_BODY_BYTES`].
    #[error("a body of {0} bytes is too long")]
    BodyTooLong(usize),
    /// The kind needs a person's signature and names nobody.
    #[error("this kind needs a person")]
    PersonMissing,
    /// The kind is a device's alone and names a person.
    #[error("this kind has no person")]
    PersonUnexpected,
    /// The kind has no nonce, and this one is not zero.
    #[error("this kind has no nonce")]
    NonceUnexpected,
    /// The clear part of a snapshot or ack has the wrong form.
    #[error("the clear part is malformed")]
    ClearPart,
}

/// Names an envelope without clocks: a device never uses a key twice, and no other can use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NaturalKey {
    /// The stream.
    pub stream: StreamId,
    /// The document.
    pub document: DocumentId,
    /// The device whose run it is. Runs are no secret: without it, anybody could take the next
    /// place of somebody else's.
    pub device: DeviceId,
    /// The run.
    pub run: RunId,
    /// The position in the run, per stream and document.
    pub run_seq: u64,
}

/// A header and H(rest): proves the header, and the id, without the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skeleton {
    /// The header.
    pub header: Header,
    /// H over everything after the header.
    pub rest: [u8; 32],
}

impl Skeleton {
    /// The id of the envelope it is the skeleton of.
    pub fn id(&self) -> EnvelopeId {
        envelope_id(&self.header.to_bytes(), &self.rest)
    }

    /// The bytes.
    pub fn to_bytes(&self) -> [u8; SKELETON_LEN] {
        let mut out = [0; SKELETON_LEN];
        let (header, rest) = out.split_at_mut(HEADER_LEN);
        header.copy_from_slice(&self.header.to_bytes());
        rest.copy_from_slice(&self.rest);
        out
    }

    /// From exactly [`SKELETON_LEN`] bytes; `None` for any other length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let (header, rest) = bytes.split_first_chunk::<HEADER_LEN>()?;
        Some(Self {
            header: Header::from_bytes(header),
            rest: rest.try_into().ok()?,
        })
    }
}

/// One envelope. Its bytes never change. Clones share them.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    bytes: Bytes,
    header: Header,
    rest: [u8; 32],
    id: EnvelopeId,
}

impl Envelope {
    /// Reads an envelope without copying its bytes.
    ///
    /// # Errors
    /// Structure and bounds only; see [`EnvelopeError`].
    pub fn parse(bytes: Bytes) -> Result<Self, EnvelopeError> {
        let (head, rest) = bytes
            .split_first_chunk::<HEADER_LEN>()
            .ok_or(EnvelopeError::Short)?;
        let header = Header::from_bytes(head);
        let body_len = usize::try_from(header.body_len).unwrap_or(usize::MAX);
        if body_len > limits::ENVELOPE_BODY_BYTES {
            return Err(EnvelopeError::BodyTooLong(body_len));
        }
        let expected = NONCE_LEN + body_len + signatures_len(&header.person);
        match rest.len().cmp(&expected) {
            core::cmp::Ordering::Less => return Err(EnvelopeError::Short),
            core::cmp::Ordering::Greater => return Err(EnvelopeError::Trailing),
            core::cmp::Ordering::Equal => {}
        }
        let rest = hash(contexts::ENVELOPE_REST, &[rest]);
        let id = envelope_id(head, &rest);
        let envelope = Self {
            bytes,
            header,
            rest,
            id,
        };
        envelope.check_kind()?;
        Ok(envelope)
    }

    /// Puts an envelope together. The header's `body_len` and `person` must fit what is given.
    ///
    /// # Errors
    /// As [`Envelope::parse`].
    pub fn assemble(
        header: &Header,
        nonce: &[u8; NONCE_LEN],
        body: &[u8],
        device_signature: &Signature,
        person_signature: Option<&Signature>,
    ) -> Result<Self, EnvelopeError> {
        let mut bytes = BytesMut::with_capacity(HEADER_LEN + NONCE_LEN + body.len() + 128);
        bytes.put_slice(&header.to_bytes());
        bytes.put_slice(nonce);
        bytes.put_slice(body);
        bytes.put_slice(device_signature.as_bytes());
        if let Some(signature) = person_signature {
            bytes.put_slice(signature.as_bytes());
        }
        Self::parse(bytes.freeze())
    }

    /// The length of the envelope that begins `bytes`, from its header alone; `None` when the
    /// header is not all there. For reading envelopes that lie one after another.
    pub fn length_of(bytes: &[u8]) -> Option<usize> {
        let header = Header::from_bytes(bytes.first_chunk()?);
        let body = usize::try_from(header.body_len).ok()?;
        (HEADER_LEN + NONCE_LEN + signatures_len(&header.person)).checked_add(body)
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header's bytes: the associated data of the sealed body.
    pub fn header_bytes(&self) -> &[u8] {
        self.bytes.get(..HEADER_LEN).unwrap_or_default()
    }

    /// The nonce.
    pub fn nonce(&self) -> [u8; NONCE_LEN] {
        let nonce = self
            .bytes
            .get(HEADER_LEN..)
            .and_then(<[u8]>::first_chunk::<NONCE_LEN>);
        nonce.copied().unwrap_or_default()
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        self.signed_part()
            .get(HEADER_LEN + NONCE_LEN..)
            .unwrap_or_default()
    }

    /// The device's signature.
    pub fn device_signature(&self) -> Signature {
        let at = self.signed_part().len();
        let signature = self.bytes.get(at..at + Signature::LEN);
        signature
            .and_then(Signature::from_slice)
            .unwrap_or(Signature::ZERO)
    }

    /// The person's signature, if the header names a person.
    pub fn person_signature(&self) -> Option<Signature> {
        let at = self.signed_part().len() + Signature::LEN;
        self.bytes.get(at..).and_then(Signature::from_slice)
    }

    /// H(ctx ‖ H(header) ‖ H(rest)).
    pub fn id(&self) -> EnvelopeId {
        self.id
    }

    /// All bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Header and H(rest).
    pub fn skeleton(&self) -> Skeleton {
        Skeleton {
            header: self.header,
            rest: self.rest,
        }
    }

    /// (stream, document, device, run, run_seq).
    pub fn natural_key(&self) -> NaturalKey {
        NaturalKey {
            stream: self.header.stream,
            document: self.header.document,
            device: self.header.device,
            run: self.header.run,
            run_seq: self.header.run_seq,
        }
    }

    /// What the person signs, and a part of what the device signs: H(header ‖ nonce ‖ body).
    pub fn signed_hash(&self) -> [u8; 32] {
        hash(contexts::ENVELOPE_SIGNED, &[self.signed_part()])
    }

    /// The bytes the device signed: with its signature good, no byte of the envelope is another
    /// than the device sealed, the person's signature included.
    pub fn device_message(&self) -> Vec<u8> {
        device_message(&self.signed_hash(), self.person_signature().as_ref())
    }

    /// Verifies the device's signature.
    ///
    /// # Errors
    /// [`BadSignature`]: the envelope is refused.
    pub fn verify_device(&self, key: &SigningPublic) -> Result<(), BadSignature> {
        verify_strict(key, &self.device_message(), &self.device_signature())
    }

    /// Verifies the person's signature.
    ///
    /// # Errors
    /// [`BadSignature`], also when nobody signed: the envelope is refused.
    pub fn verify_person(&self, key: &SigningPublic) -> Result<(), BadSignature> {
        let signature = self.person_signature().ok_or(BadSignature)?;
        verify_strict(key, &person_message(&self.signed_hash()), &signature)
    }

    fn signed_part(&self) -> &[u8] {
        let signatures = signatures_len(&self.header.person);
        self.bytes
            .get(..self.bytes.len().saturating_sub(signatures))
            .unwrap_or_default()
    }

    fn check_kind(&self) -> Result<(), EnvelopeError> {
        if !self.header.is_understood() {
            return Ok(());
        }
        let Some(kind) = self.header.kind() else {
            return Ok(());
        };
        let person = !self.header.person.is_zero();
        match kind {
            Kind::Changes | Kind::Snapshot | Kind::Ack | Kind::Slot if !person => {
                return Err(EnvelopeError::PersonMissing);
            }
            Kind::Carried if person => return Err(EnvelopeError::PersonUnexpected),
            _ => {}
        }
        if matches!(kind, Kind::Ack | Kind::Record | Kind::Carried)
            && self.nonce() != [0; NONCE_LEN]
        {
            return Err(EnvelopeError::NonceUnexpected);
        }
        match kind {
            Kind::Ack => AckBody::parse(self.body()).map(drop),
            Kind::Snapshot => SnapshotBody::parse(self.body()).map(drop),
            Kind::Changes | Kind::Record | Kind::Slot | Kind::Carried => Ok(()),
        }
    }
}

impl core::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Envelope")
            .field("id", &self.id)
            .field("header", &self.header)
            .finish()
    }
}

/// H(header ‖ nonce ‖ body), before there is an envelope.
pub fn signed_hash(header: &Header, nonce: &[u8; NONCE_LEN], body: &[u8]) -> [u8; 32] {
    hash(
        contexts::ENVELOPE_SIGNED,
        &[&header.to_bytes(), nonce, body],
    )
}

/// The bytes the device signs, from [`signed_hash`] and the signature of the person, who therefore
/// signs first. Whether there is one follows from the header, which the hash covers.
pub fn device_message(signed: &[u8; 32], person: Option<&Signature>) -> Vec<u8> {
    let person = person.map_or(&[][..], |signature| signature.as_bytes());
    let vouched = hash(contexts::ENVELOPE_VOUCHED, &[signed, person]);
    signing_message(contexts::SIGN_ENVELOPE_DEVICE, &vouched)
}

/// The bytes the person signs, from [`signed_hash`].
pub fn person_message(signed: &[u8; 32]) -> Vec<u8> {
    signing_message(contexts::SIGN_ENVELOPE_PERSON, signed)
}

fn envelope_id(header: &[u8; HEADER_LEN], rest: &[u8; 32]) -> EnvelopeId {
    let header = hash(contexts::ENVELOPE_HEADER, &[header]);
    EnvelopeId::from_bytes(hash(contexts::ENVELOPE_ID, &[&header, rest]))
}

fn signatures_len(person: &PersonId) -> usize {
    if person.is_zero() {
        Signature::LEN
    } else {
        2 * Signature::LEN
    }
}
