//! What a `carried` envelope holds: envelopes that the relay did not take under their epoch, and what
//! follows them in their runs, as they were signed, one after another. Each is judged by itself, at the place of the envelope that carries it.

use super::{Envelope, EnvelopeError, Header, Kind, NaturalKey};
use bytes::Bytes;
use ids::limits;
use std::collections::BTreeSet;

/// Why an envelope carries nothing that counts. Whoever carried is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarriedError {
    /// None, or more than [`limits::CARRIED_ENVELOPES`].
    #[error("too few or too many envelopes are carried")]
    Count,
    /// One of them is no envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// One is of another facility, stream or document than the envelope that carries it.
    #[error("an envelope is carried into another document")]
    Elsewhere,
    /// One is of a later epoch.
    #[error("an envelope of a later epoch is carried")]
    Epoch,
    /// One is of a kind that is not carried: it is made anew, or needs no current epoch.
    #[error("an envelope of this kind is not carried")]
    Kind,
    /// Two have one natural key.
    #[error("an envelope is carried twice")]
    Twice,
}

/// The plaintext of a `carried` envelope with the header `outer`.
///
/// # Errors
/// As [`split_carried`]: nothing is written that a reader refuses.
pub fn join_carried(envelopes: &[Envelope], outer: &Header) -> Result<Vec<u8>, CarriedError> {
    check(envelopes, outer)?;
    let mut plaintext = Vec::with_capacity(envelopes.iter().map(|e| e.bytes().len()).sum());
    for envelope in envelopes {
        plaintext.extend_from_slice(envelope.bytes());
    }
    Ok(plaintext)
}

/// The envelopes in the plaintext of a `carried` envelope with the header `outer`, in order. Those
/// of a version or kind that is not known are among them, and wait by themselves.
///
/// # Errors
/// [`CarriedError`]: then none of them counts.
pub fn split_carried(plaintext: &Bytes, outer: &Header) -> Result<Vec<Envelope>, CarriedError> {
    let mut rest = plaintext.clone();
    let mut envelopes = Vec::new();
    while !rest.is_empty() {
        if envelopes.len() == limits::CARRIED_ENVELOPES {
            return Err(CarriedError::Count);
        }
        let len = Envelope::length_of(&rest)
            .filter(|len| *len <= rest.len())
            .ok_or(EnvelopeError::Short)?;
        envelopes.push(Envelope::parse(rest.split_to(len))?);
    }
    check(&envelopes, outer)?;
    Ok(envelopes)
}

fn check(envelopes: &[Envelope], outer: &Header) -> Result<(), CarriedError> {
    if envelopes.is_empty() || envelopes.len() > limits::CARRIED_ENVELOPES {
        return Err(CarriedError::Count);
    }
    let mut keys: BTreeSet<NaturalKey> = BTreeSet::new();
    for envelope in envelopes {
        let header = envelope.header();
        let place = (header.facility, header.stream, header.document);
        if place != (outer.facility, outer.stream, outer.document) {
            return Err(CarriedError::Elsewhere);
        }
        if header.epoch > outer.epoch {
            return Err(CarriedError::Epoch);
        }
        let kind = header.kind().filter(|_| header.is_understood());
        if kind.is_some_and(|kind| !matches!(kind, Kind::Changes | Kind::Slot)) {
            return Err(CarriedError::Kind);
        }
        if !keys.insert(envelope.natural_key()) {
            return Err(CarriedError::Twice);
        }
    }
    Ok(())
}
