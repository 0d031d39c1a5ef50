//! Long content sealed in pieces: an attachment, and a carry file. Each piece opens by itself, and
//! only in its place: its number and whether it is the last are its nonce. One key seals one content.

use crate::epoch::EpochKey;
use crate::framing::padded_len;
use crate::hazmat::{self, NONCE_LEN, NotSealed, TAG_LEN};
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use ids::{BlobId, contexts, limits};
use wire::carry::CarryHead;
use zeroize::Zeroizing;

/// The key of one attachment, as the entry that refers to it holds it.
#[derive(Debug)]
pub struct BlobKey(Secret<32>);

/// The key of the pieces of one content.
#[derive(Debug)]
pub struct PieceKey {
    key: Secret<32>,
    aad: Vec<u8>,
    /// Bytes of the content in one piece.
    longest: usize,
}

/// How an attachment of some length is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobShape {
    /// Its length with padding.
    pub padded: u64,
    /// How many pieces that makes, each of `ids::limits::ATTACHMENT_CHUNK_BYTES` but the last.
    pub pieces: u32,
    /// Bytes at the relay: all pieces, one after another.
    pub sealed: u64,
}

/// Bytes of an attachment in one piece.
const BLOB_PIECE: usize = limits::ATTACHMENT_CHUNK_BYTES - TAG_LEN;

impl BlobShape {
    /// Of an attachment of so many bytes; `None` when it is too long.
    pub fn of(length: u64) -> Option<Self> {
        // Before padding, so that no length is too long to be padded.
        let length = Some(length).filter(|length| *length <= limits::ATTACHMENT_BYTES)?;
        let padded = padded_len(usize::try_from(length).ok()?);
        let pieces = padded.div_ceil(BLOB_PIECE);
        let sealed = u64::try_from(padded + pieces * TAG_LEN).ok()?;
        (sealed <= limits::ATTACHMENT_BYTES).then_some(Self {
            padded: u64::try_from(padded).ok()?,
            pieces: u32::try_from(pieces).ok()?,
            sealed,
        })
    }
}

/// A new attachment's key.
///
/// # Errors
/// [`NoRandom`].
pub fn make_blob_key(rng: &mut dyn Random) -> Result<BlobKey, NoRandom> {
    draw_secret(rng).map(BlobKey)
}

impl BlobKey {
    /// As an entry holds it; wiping `bytes` is the caller's matter.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Secret::copy_of(bytes))
    }

    /// For the entry that refers to the attachment, and nothing else.
    pub fn bytes(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    /// The key of the pieces of the attachment `blob`.
    pub fn pieces(&self, blob: &BlobId) -> PieceKey {
        let parts: [&[u8]; 2] = [self.0.bytes(), blob.as_bytes()];
        PieceKey {
            key: hazmat::derive(contexts::BLOB_PIECES, &parts),
            aad: Vec::new(),
            longest: BLOB_PIECE,
        }
    }
}

impl EpochKey {
    /// The key of the pieces of a carry file, from the key of `devices` in the epoch it names. The
    /// head stands before them in clear.
    pub fn carry_file(&self, head: &CarryHead) -> PieceKey {
        let bytes = head.to_bytes();
        let parts: [&[u8]; 2] = [self.0.bytes(), &bytes];
        PieceKey {
            key: hazmat::derive(contexts::CARRY_FILE, &parts),
            aad: bytes.to_vec(),
            longest: limits::CARRY_PIECE_BYTES,
        }
    }
}

impl PieceKey {
    /// Piece `index`, sealed: ciphertext ‖ tag. A number seals one content only.
    ///
    /// # Errors
    /// [`NotSealed::TooLong`] for more than a piece holds.
    pub fn seal(&self, index: u32, last: bool, piece: &[u8]) -> Result<Vec<u8>, NotSealed> {
        if piece.len() > self.longest {
            return Err(NotSealed::TooLong);
        }
        let mut buffer = Zeroizing::new(Vec::with_capacity(piece.len().saturating_add(TAG_LEN)));
        buffer.extend_from_slice(piece);
        hazmat::seal_in_place(&self.key, &nonce(index, last), &self.aad, &mut buffer)?;
        Ok(std::mem::take(&mut *buffer))
    }

    /// What [`PieceKey::seal`] sealed; `None` if it was altered, moved, is too
    /// long, or is not (or is) the last.
    pub fn open(&self, index: u32, last: bool, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let fits = sealed.len() <= self.longest.saturating_add(TAG_LEN);
        let opened = || hazmat::open_in_new(&self.key, &nonce(index, last), &self.aad, sealed);
        fits.then(opened).flatten()
    }
}

/// What an entry says of an attachment's sealed bytes, so that its author cannot have meant others.
pub fn blob_hash(pieces: &[&[u8]]) -> [u8; 32] {
    wire::hash(contexts::BLOB_HASH, pieces)
}

/// zeros 19 ‖ index u32 ‖ last u8.
fn nonce(index: u32, last: bool) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    if let Some(end) = nonce.last_chunk_mut::<5>() {
        let [a, b, c, d] = index.to_be_bytes();
        *end = [a, b, c, d, u8::from(last)];
    }
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_as_long_as_its_content_cuts_it_and_no_longer() {
        let blob = BlobKey::from_bytes(&[1; 32]).pieces(&BlobId::ZERO);
        let head = CarryHead {
            facility: ids::FacilityId::ZERO,
            epoch: ids::Epoch(0),
            salt: [0; 32],
        };
        let epoch = EpochKey(Secret::copy_of(&[1; 32]));
        for (key, n) in [(blob, 262_128), (epoch.carry_file(&head), 65_520)] {
            let sealed = key.seal(0, true, &vec![7; n]).unwrap();
            assert_eq!(key.open(0, true, &sealed).unwrap().len(), n);
            let longer = vec![7; n + 1];
            assert_eq!(key.seal(0, true, &longer), Err(NotSealed::TooLong));
            let roomy = PieceKey {
                key: key.key.duplicate(),
                aad: key.aad.clone(),
                longest: n + 1,
            };
            let sealed = roomy.seal(0, true, &longer).unwrap();
            assert!(roomy.open(0, true, &sealed).is_some());
            assert!(key.open(0, true, &sealed).is_none());
        }
    }

    #[test]
    fn an_attachment_is_cut_as_its_length_says_up_to_the_bound_and_not_beyond() {
        let shape = |length| BlobShape::of(length).map(|s| (s.padded, s.pieces, s.sealed));
        assert_eq!(shape(0), Some((256, 1, 272)));
        assert_eq!(shape(257), Some((272, 1, 288)));
        assert_eq!(shape(262_128), Some((262_144, 2, 262_176)));
        assert_eq!(shape(253_952), Some((253_952, 1, 253_968)));
        // The longest padded length whose pieces and tags are within the bound.
        assert_eq!(shape(66_060_288), Some((66_060_288, 253, 66_064_336)));
        assert_eq!(shape(66_060_289), None);
        assert_eq!(shape(u64::MAX), None);
    }
}
