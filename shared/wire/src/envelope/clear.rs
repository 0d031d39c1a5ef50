//! The clear parts of bodies: what a snapshot covers and what an ack vouches for.

use super::EnvelopeError;
use crate::codec::{take, take_slice};
use ids::{EnvelopeId, limits};

/// Body of one part of a snapshot: which part it is and what it covers in clear (part u8, parts
/// u8, u16 count, then the ids), then the sealed part. The relay needs both to know what may be
/// dropped once somebody has vouched for the last part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotBody<'a> {
    part: SnapshotPart,
    covered: &'a [u8],
    sealed: &'a [u8],
}

/// Which of a snapshot's parts an envelope holds. They follow one another in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotPart {
    /// From 0.
    pub index: u8,
    /// Of how many.
    pub of: u8,
}

impl SnapshotPart {
    /// Of a snapshot that fits one envelope.
    pub const ONLY: Self = Self { index: 0, of: 1 };

    /// Whether there can be such a part.
    pub fn is_possible(self) -> bool {
        self.index < self.of && usize::from(self.of) <= limits::SNAPSHOT_PARTS
    }
}

impl<'a> SnapshotBody<'a> {
    /// Reads the body of a part of a snapshot.
    ///
    /// # Errors
    /// [`EnvelopeError::ClearPart`] when there can be no such part, or the count does not fit the
    /// bytes or exceeds [`limits::COVERED_PER_SNAPSHOT`].
    pub fn parse(body: &'a [u8]) -> Result<Self, EnvelopeError> {
        let mut rest = body;
        let [index, of] = take(&mut rest).ok_or(EnvelopeError::ClearPart)?;
        let part = SnapshotPart { index, of };
        let count = take(&mut rest)
            .map(u16::from_be_bytes)
            .ok_or(EnvelopeError::ClearPart)?;
        let count = usize::from(count);
        if !part.is_possible() || count > limits::COVERED_PER_SNAPSHOT {
            return Err(EnvelopeError::ClearPart);
        }
        let covered =
            take_slice(&mut rest, count * EnvelopeId::LEN).ok_or(EnvelopeError::ClearPart)?;
        Ok(Self {
            part,
            covered,
            sealed: rest,
        })
    }

    /// Puts a body together.
    ///
    /// # Errors
    /// [`EnvelopeError::ClearPart`] for a part that cannot be, or more than
    /// [`limits::COVERED_PER_SNAPSHOT`] ids.
    pub fn build(
        part: SnapshotPart,
        covered: &[EnvelopeId],
        sealed: &[u8],
    ) -> Result<Vec<u8>, EnvelopeError> {
        let count = u16::try_from(covered.len()).map_err(|_| EnvelopeError::ClearPart)?;
        if !part.is_possible() || covered.len() > limits::COVERED_PER_SNAPSHOT {
            return Err(EnvelopeError::ClearPart);
        }
        let mut body = vec![part.index, part.of];
        body.extend_from_slice(&count.to_be_bytes());
        for id in covered {
            body.extend_from_slice(id.as_bytes());
        }
        body.extend_from_slice(sealed);
        Ok(body)
    }

    /// Which part it is.
    pub fn part(&self) -> SnapshotPart {
        self.part
    }

    /// What it covers.
    pub fn covered(&self) -> impl Iterator<Item = EnvelopeId> + 'a {
        self.covered
            .chunks_exact(EnvelopeId::LEN)
            .filter_map(EnvelopeId::from_slice)
    }

    /// The sealed part.
    pub fn sealed(&self) -> &'a [u8] {
        self.sealed
    }
}

/// Body of an ack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AckBody {
    /// The last part of the snapshot vouched for.
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
