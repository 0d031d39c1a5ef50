//! Envelopes: sealing what a person entered, signing it, and opening it again.
//!
//! The header is the associated data and the document's key depends on epoch and document, so a
//! ciphertext moved anywhere else does not open. Opening checks no signature: that is the
//! caller's, with the keys of the roster, and comes first.

use crate::epoch::{DocumentKey, EpochKey};
use crate::framing::{FramingError, TooLong, frame, unframe};
use crate::hazmat::{self, ENC_LEN, HpkeFailed, NONCE_LEN, NotSealed, TAG_LEN};
use crate::identity::Identity;
use crate::random::{NoRandom, Random, draw};
use ids::{AgreementPublic, EnvelopeId, contexts, limits};
use wire::envelope::{AckBody, SnapshotBody, SnapshotPart};
use wire::envelope::{device_message, person_message, signed_hash};
use wire::{Envelope, EnvelopeError, Header, Kind};
use zeroize::Zeroizing;

/// Why no envelope was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The random source failed. The device is at fault; nothing was sealed.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
    /// The content fits no envelope. The caller must split it.
    #[error("the content does not fit an envelope")]
    TooLong,
    /// The header names another kind, document or signer than was given: a bug of the caller.
    #[error("the header does not fit what is to be sealed")]
    Header,
    /// The epoch's public key is of small order. Whoever opened the epoch is at fault.
    #[error("the epoch's key cannot be sealed to")]
    BadRecipient,
    /// The parts make no envelope: a bug of the caller.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
}

/// Why an envelope did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Altered, moved, or sealed under another key. Nothing more is said, on purpose.
    #[error("the envelope does not open")]
    Sealed,
    /// It is of a kind, version or form that this function does not open.
    #[error("not an envelope of this kind")]
    Kind,
    /// It opened, and what was sealed breaks the format. Its author is at fault.
    #[error(transparent)]
    Framing(#[from] FramingError),
}

impl From<NotSealed> for SealError {
    fn from(error: NotSealed) -> Self {
        match error {
            NotSealed::NoRandom(error) => Self::NoRandom(error),
            NotSealed::TooLong => Self::TooLong,
        }
    }
}

impl From<HpkeFailed> for SealError {
    fn from(failed: HpkeFailed) -> Self {
        match failed {
            HpkeFailed::NoRandom => Self::NoRandom(NoRandom),
            HpkeFailed::BadRecipient => Self::BadRecipient,
        }
    }
}

impl From<TooLong> for SealError {
    fn from(_: TooLong) -> Self {
        Self::TooLong
    }
}

/// Seals and signs an envelope of changes or a keyslot. The header's `body_len` is filled in
/// here; its `person` must be zero exactly when `person` is `None`.
///
/// # Errors
/// [`SealError`].
pub fn seal(
    rng: &mut dyn Random,
    key: &DocumentKey,
    header: Header,
    plaintext: &[u8],
    device: &Identity,
    person: Option<&Identity>,
) -> Result<Envelope, SealError> {
    if !matches!(header.kind(), Some(Kind::Changes | Kind::Slot)) {
        return Err(SealError::Header);
    }
    seal_under(rng, key, header, &[], plaintext, device, person)
}

/// Opens what [`seal`] made.
///
/// # Errors
/// [`OpenError`].
pub fn open(key: &DocumentKey, envelope: &Envelope) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let header = envelope.header();
    if !header.is_understood() || !matches!(header.kind(), Some(Kind::Changes | Kind::Slot)) {
        return Err(OpenError::Kind);
    }
    open_under(key, envelope, envelope.body())
}

/// Seals and signs one part of a snapshot: which it is and what it covers in clear, the rest
/// sealed.
///
/// # Errors
/// [`SealError`]; [`SealError::Envelope`] for a part that cannot be, or more than
/// `ids::limits::COVERED_PER_SNAPSHOT` ids.
pub fn seal_snapshot(
    rng: &mut dyn Random,
    key: &DocumentKey,
    header: Header,
    (part, covered): (SnapshotPart, &[EnvelopeId]),
    plaintext: &[u8],
    device: &Identity,
    person: &Identity,
) -> Result<Envelope, SealError> {
    if header.kind() != Some(Kind::Snapshot) {
        return Err(SealError::Header);
    }
    let clear = SnapshotBody::build(part, covered, &[])?;
    seal_under(rng, key, header, &clear, plaintext, device, Some(person))
}

/// Opens the sealed part of what [`seal_snapshot`] made; `wire` reads what stands in clear.
///
/// # Errors
/// [`OpenError`].
pub fn open_snapshot(
    key: &DocumentKey,
    envelope: &Envelope,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let header = envelope.header();
    if !header.is_understood() || header.kind() != Some(Kind::Snapshot) {
        return Err(OpenError::Kind);
    }
    let body = SnapshotBody::parse(envelope.body()).map_err(|_| OpenError::Kind)?;
    open_under(key, envelope, body.sealed())
}

/// Signs an ack. Nothing in it is secret, so it needs no key and no randomness.
///
/// # Errors
/// [`SealError`].
pub fn sign_ack(
    mut header: Header,
    body: AckBody,
    device: &Identity,
    person: &Identity,
) -> Result<Envelope, SealError> {
    if header.kind() != Some(Kind::Ack) {
        return Err(SealError::Header);
    }
    header.body_len = body_len(AckBody::LEN)?;
    finish(
        &header,
        &[0; NONCE_LEN],
        &body.to_bytes(),
        device,
        Some(person),
    )
}

/// Seals and signs a record or carried envelopes to an epoch's public key: whoever may add need
/// not be able to read.
///
/// # Errors
/// [`SealError`].
pub fn seal_to_epoch(
    rng: &mut dyn Random,
    epoch: &AgreementPublic,
    mut header: Header,
    plaintext: &[u8],
    device: &Identity,
    person: Option<&Identity>,
) -> Result<Envelope, SealError> {
    let info = hpke_info(&header).ok_or(SealError::Header)?;
    let framed = frame(plaintext, ENC_LEN + TAG_LEN, limits::ENVELOPE_BODY_BYTES)?;
    header.body_len = body_len(framed.len() + ENC_LEN + TAG_LEN)?;
    let body = hazmat::hpke_seal(rng, epoch, info, &header.to_bytes(), &framed)?;
    finish(&header, &[0; NONCE_LEN], &body, device, person)
}

/// Opens what [`seal_to_epoch`] made, with the epoch's key.
///
/// # Errors
/// [`OpenError`].
pub fn open_from_epoch(
    key: &EpochKey,
    envelope: &Envelope,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let header = envelope.header();
    let info = hpke_info(header)
        .filter(|_| header.is_understood())
        .ok_or(OpenError::Kind)?;
    let aad = header.to_bytes();
    let framed = hazmat::hpke_open(&key.agreement_secret(), info, &aad, envelope.body())
        .ok_or(OpenError::Sealed)?;
    Ok(unframe(&framed)?)
}

fn hpke_info(header: &Header) -> Option<&'static [u8]> {
    match header.kind()? {
        Kind::Record => Some(contexts::HPKE_RECORD.as_bytes()),
        Kind::Carried => Some(contexts::HPKE_CARRIED.as_bytes()),
        Kind::Changes | Kind::Snapshot | Kind::Ack | Kind::Slot => None,
    }
}

fn seal_under(
    rng: &mut dyn Random,
    key: &DocumentKey,
    mut header: Header,
    clear: &[u8],
    plaintext: &[u8],
    device: &Identity,
    person: Option<&Identity>,
) -> Result<Envelope, SealError> {
    if header.document != key.document {
        return Err(SealError::Header);
    }
    let mut buffer = frame(
        plaintext,
        clear.len() + TAG_LEN,
        limits::CARRIABLE_BODY_BYTES,
    )?;
    header.body_len = body_len(clear.len() + buffer.len() + TAG_LEN)?;
    let nonce: [u8; NONCE_LEN] = draw(rng)?;
    hazmat::seal_in_place(&key.key, &nonce, &header.to_bytes(), &mut buffer)?;
    if clear.is_empty() {
        return finish(&header, &nonce, &buffer, device, person);
    }
    finish(&header, &nonce, &[clear, &buffer].concat(), device, person)
}

fn open_under(
    key: &DocumentKey,
    envelope: &Envelope,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let framed = hazmat::open_in_new(&key.key, &envelope.nonce(), envelope.header_bytes(), sealed)
        .ok_or(OpenError::Sealed)?;
    Ok(unframe(&framed)?)
}

fn finish(
    header: &Header,
    nonce: &[u8; NONCE_LEN],
    body: &[u8],
    device: &Identity,
    person: Option<&Identity>,
) -> Result<Envelope, SealError> {
    if !header.is_understood() || header.person.is_zero() != person.is_none() {
        return Err(SealError::Header);
    }
    let hash = signed_hash(header, nonce, body);
    let by_person = person.map(|person| person.sign_message(&person_message(&hash)));
    let by_device = device.sign_message(&device_message(&hash, by_person.as_ref()));
    Ok(Envelope::assemble(
        header,
        nonce,
        body,
        &by_device,
        by_person.as_ref(),
    )?)
}

fn body_len(len: usize) -> Result<u32, SealError> {
    u32::try_from(len).map_err(|_| SealError::TooLong)
}
