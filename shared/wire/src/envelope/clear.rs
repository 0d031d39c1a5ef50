//! The clear parts of bodies: what a snapshot covers and what an ack vouches for.

use super::EnvelopeError;
use crate::codec::{take, take_slice};
use ids::{EnvelopeId, limits};

/// Body of a snapshot: covered ids in clear (u16 count, then the ids), then the sealed save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotBody<'a> {
    covered: &'a [u8],
    sealed: &'a [u8],
}

impl<'a> SnapshotBody<'a> {
    /// Reads a snapshot's body.
    ///
    /// # Errors
    /// [`EnvelopeError::ClearPart`] when the count does not fit the bytes or exceeds
    /// [`limits::COVERED_PER_SNAPSHOT`].
    pub fn parse(body: &'a [u8]) -> Result<Self, EnvelopeError> {
        let mut rest = body;
        let count = take(&mut rest)
            .map(u16::from_be_bytes)
            .ok_or(EnvelopeError::ClearPart)?;
        let count = usize::from(count);
        if count > limits::COVERED_PER_SNAPSHOT {
            return Err(EnvelopeError::ClearPart);
        }
        let covered =
            take_slice(&mut rest, count * EnvelopeId::LEN).ok_or(EnvelopeError::ClearPart)?;
        Ok(Self {
            covered,
            sealed: rest,
        })
    }

    /// Puts a body together.
    ///
    /// # Errors
    /// [`EnvelopeError::ClearPart`] for more than [`limits::COVERED_PER_SNAPSHOT`] ids.
    pub fn build(covered: &[EnvelopeId], sealed: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
        let count = u16::try_from(covered.len()).map_err(|_| EnvelopeError::ClearPart)?;
        if covered.len() > limits::COVERED_PER_SNAPSHOT {
            return Err(EnvelopeError::ClearPart);
        }
        let mut body = count.to_be_bytes().to_vec();
        for id in covered {
            body.extend_from_slice(id.as_bytes());
        }
        body.extend_from_slice(sealed);
        Ok(body)
    }

    /// What it covers.
    pub fn covered(&self) -> impl Iterator<Item = EnvelopeId> + 'a {
        self.covered
            .chunks_exact(EnvelopeId::LEN)
            .filter_map(EnvelopeId::from_slice)
    }

    /// The sealed save.
    pub fn sealed(&self) -> &'a [u8] {
        self.sealed
    }
}

/// Body of an ack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AckBody {
    /// The snapshot vouched for.
    pub snapshot: EnvelopeId,
    /// H of the document's heads, as the voucher built it without the snapshot.
    pub heads: [u8; 32],
}

impl AckBody {
    /// Length in bytes.
    pub const LEN: usize = 64;

    /// Reads an ack's body.
    ///
    /// # Errors
    /// [`EnvelopeError::ClearPart`] for any other length than [`AckBody::LEN`].
    pub fn parse(body: &[u8]) -> Result<Self, EnvelopeError> {
        let mut rest = body;
        let both = take(&mut rest).zip(take(&mut rest));
        match (both, rest.is_empty()) {
            (Some((snapshot, heads)), true) => Ok(Self {
                snapshot: EnvelopeId::from_bytes(snapshot),
                heads,
            }),
            _ => Err(EnvelopeError::ClearPart),
        }
    }

    /// The bytes.
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let mut out = [0; Self::LEN];
        let (snapshot, heads) = out.split_at_mut(EnvelopeId::LEN);
        snapshot.copy_from_slice(self.snapshot.as_bytes());
        heads.copy_from_slice(&self.heads);
        out
    }
}
