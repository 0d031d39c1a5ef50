//! The plaintext of an envelope of kind *changes*: which document it is about, the change chunks,
//! and one seal of authorship per actor.

use crate::actor::Actor;
use core::fmt;
use ids::{ChangeHash, Signature, limits};
use minicbor::{Decoder, Encoder};

/// What an envelope of kind *changes* says once opened. Nothing in it is believed: the name must
/// hash to the header's document, each chunk must pass [`crate::admit`], each seal must verify.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The document's type, as `domain` names it.
    pub kind: String,
    /// Its subject in canonical bytes.
    pub subject: Vec<u8>,
    /// Its period, `2026` or `2026-11`.
    pub period: String,
    /// Change chunks, dependencies first.
    pub chunks: Vec<Vec<u8>>,
    /// One per actor of the chunks: its newest change.
    pub seals: Vec<Seal>,
}

/// A seal of authorship: the person's signature over [`crate::authorship_message`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Whose changes it vouches for.
    pub actor: Actor,
    /// Sequence number of the newest.
    pub seq: u64,
    /// Hash of the newest.
    pub hash: ChangeHash,
    /// By the person behind the actor.
    pub signature: Signature,
}

/// Why a body is refused; its author's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not the deterministic CBOR of a body.
    #[error("not a body of changes")]
    Malformed,
    /// More chunks, seals or bytes than allowed.
    #[error("the body of changes exceeds a limit")]
    Bound,
}

impl From<minicbor::decode::Error> for BodyError {
    fn from(_: minicbor::decode::Error) -> Self {
        BodyError::Malformed
    }
}

impl Body {
    /// Type, subject and period: what the keyed hash of the document id covers. A body belongs to
    /// a document only if these three hash to the id in the envelope's header.
    pub fn canonical(&self) -> (&str, &[u8], &str) {
        (&self.kind, &self.subject, &self.period)
    }

    /// Deterministic CBOR (RFC 8949 §4.2): `{0: kind, 1: subject, 2: period, 3: [chunk], 4: [[actor,
    /// seq, hash, signature]]}`.
    ///
    /// # Errors
    /// [`BodyError::Bound`] when it holds more than a reader accepts.
    pub fn encode(&self) -> Result<Vec<u8>, BodyError> {
        self.check_bounds()?;
        let mut out = Vec::with_capacity(256 + self.chunks.iter().map(Vec::len).sum::<usize>());
        // Writing to a `Vec` cannot fail; the error type is `Infallible`.
        match self.encode_to(&mut Encoder::new(&mut out)) {
            Ok(()) => Ok(out),
            Err(_) => Err(BodyError::Malformed),
        }
    }

    fn encode_to<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.map(5)?;
        e.u8(0)?.str(&self.kind)?;
        e.u8(1)?.bytes(&self.subject)?;
        e.u8(2)?.str(&self.period)?;
        e.u8(3)?.array(self.chunks.len() as u64)?;
        for chunk in &self.chunks {
            e.bytes(chunk)?;
        }
        e.u8(4)?.array(self.seals.len() as u64)?;
        for seal in &self.seals {
            e.array(4)?.bytes(seal.actor.as_bytes())?.u64(seal.seq)?;
            e.encode(seal.hash)?.encode(seal.signature)?;
        }
        Ok(())
    }

    /// Reads what [`Body::encode`] wrote, and nothing else: any other encoding of the same content
    /// is malformed. Allocates no more than the input is long.
    ///
    /// # Errors
    /// See [`BodyError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, BodyError> {
        if bytes.len() > limits::INFLATED_BYTES {
            return Err(BodyError::Bound);
        }
        let mut d = Decoder::new(bytes);
        if d.map()? != Some(5) {
            return Err(BodyError::Malformed);
        }
        expect_key(&mut d, 0)?;
        let kind = d.str()?.to_owned();
        expect_key(&mut d, 1)?;
        let subject = d.bytes()?.to_vec();
        expect_key(&mut d, 2)?;
        let period = d.str()?.to_owned();
        expect_key(&mut d, 3)?;
        let mut chunks = Vec::new();
        for _ in 0..array_len(&mut d, limits::CHANGES_PER_ENVELOPE)? {
            chunks.push(d.bytes()?.to_vec());
        }
        expect_key(&mut d, 4)?;
        let mut seals = Vec::new();
        for _ in 0..array_len(&mut d, limits::CHANGES_PER_ENVELOPE)? {
            seals.push(decode_seal(&mut d)?);
        }
        let body = Self {
            kind,
            subject,
            period,
            chunks,
            seals,
        };
        if body.encode()? != bytes {
            return Err(BodyError::Malformed);
        }
        Ok(body)
    }

    fn check_bounds(&self) -> Result<(), BodyError> {
        let names = [self.kind.len(), self.subject.len(), self.period.len()];
        let bytes: usize = self.chunks.iter().map(Vec::len).sum();
        let within = names.iter().all(|len| *len <= limits::KIND_NAME_BYTES)
            && self.chunks.len() <= limits::CHANGES_PER_ENVELOPE
            && self.seals.len() <= limits::CHANGES_PER_ENVELOPE
            && bytes <= limits::INFLATED_BYTES;
        within.then_some(()).ok_or(BodyError::Bound)
    }
}

impl fmt::Debug for Body {
    /// Its name and sizes; not what its changes say.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("kind", &self.kind)
            .field("period", &self.period)
            .field("chunks", &self.chunks.len())
            .field("seals", &self.seals)
            .finish_non_exhaustive()
    }
}

fn expect_key(d: &mut Decoder<'_>, key: u8) -> Result<(), BodyError> {
    (d.u8()? == key).then_some(()).ok_or(BodyError::Malformed)
}

fn array_len(d: &mut Decoder<'_>, limit: usize) -> Result<usize, BodyError> {
    let len = d.array()?.ok_or(BodyError::Malformed)?;
    usize::try_from(len)
        .ok()
        .filter(|len| *len <= limit)
        .ok_or(BodyError::Bound)
}

fn decode_seal(d: &mut Decoder<'_>) -> Result<Seal, BodyError> {
    if d.array()? != Some(4) {
        return Err(BodyError::Malformed);
    }
    Ok(Seal {
        actor: Actor::from_slice(d.bytes()?).ok_or(BodyError::Malformed)?,
        seq: d.u64()?,
        hash: d.decode()?,
        signature: d.decode()?,
    })
}
