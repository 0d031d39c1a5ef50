//! One generation of a stream's key, and what is derived from it: the commitment in the roster,
//! the agreement key that strangers may seal to, the rung to the previous generation, the keys
//! of documents. Must not know who holds it; that is `wrap`'s and the roster's matter.

use crate::hazmat::{self, NotSealed};
use crate::local::LocalKey;
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use ids::{AgreementPublic, DocumentId, Epoch, StreamId, contexts};

/// The key of one epoch of a stream: whoever has it reads what was sealed in that epoch and,
/// through the rungs, in all earlier ones.
#[derive(Debug)]
pub struct EpochKey(pub(crate) Secret<32>);

/// A stream's id key: made with its epoch 0, never rotated. Whoever has it can tell which
/// document an id names, and nothing else.
#[derive(Debug)]
pub struct IdKey(pub(crate) Secret<32>);

/// The key of one document in one epoch.
#[derive(Debug)]
pub struct DocumentKey {
    pub(crate) document: DocumentId,
    pub(crate) key: Secret<32>,
}

/// Why a rung did not lead to the previous epoch's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RungError {
    /// It was altered, or belongs to another stream, epoch or key. Whoever signed it into the
    /// roster is at fault.
    #[error("the rung does not open")]
    Sealed,
    /// It opens to a key that is not the one the roster committed to with this id key. Whoever
    /// signed the rotation is at fault.
    #[error("the rung opens to another key than the roster's")]
    Commitment,
}

/// A new epoch's key.
///
/// # Errors
/// [`NoRandom`].
pub fn make_epoch(rng: &mut dyn Random) -> Result<EpochKey, NoRandom> {
    draw_secret(rng).map(EpochKey)
}

/// A new stream's id key.
///
/// # Errors
/// [`NoRandom`].
pub fn make_id_key(rng: &mut dyn Random) -> Result<IdKey, NoRandom> {
    draw_secret(rng).map(IdKey)
}

impl EpochKey {
    /// What the roster says of this epoch: it fixes its key and the stream's id key, and reveals
    /// nothing of either.
    pub fn commitment(&self, id_key: &IdKey) -> [u8; 32] {
        let parts: [&[u8]; 2] = [self.0.bytes(), id_key.0.bytes()];
        *hazmat::derive(contexts::EPOCH_COMMITMENT, &parts).bytes()
    }

    /// The public key that records and carried envelopes of this epoch are sealed to.
    pub fn public(&self) -> AgreementPublic {
        hazmat::agreement_public(&self.agreement_secret())
    }

    /// The key of `document` in this epoch.
    pub fn document_key(&self, document: &DocumentId) -> DocumentKey {
        let parts: [&[u8]; 2] = [self.0.bytes(), document.as_bytes()];
        DocumentKey {
            document: *document,
            key: hazmat::derive(contexts::DOCUMENT_KEY, &parts),
        }
    }

    /// The key under which a view file's own key is sealed in this epoch.
    pub fn view_key_key(&self) -> LocalKey {
        LocalKey(hazmat::derive(contexts::VIEW_KEY, &[self.0.bytes()]))
    }

    /// The rung of the roster's rotate entry: the previous epoch's key sealed under this one.
    /// `epoch` is this key's. The nonce is random because a rotation that lost its race is tried
    /// again over another predecessor.
    ///
    /// # Errors
    /// [`NotSealed`].
    pub fn wrap_previous(
        &self,
        rng: &mut dyn Random,
        previous: &EpochKey,
        stream: &StreamId,
        epoch: Epoch,
    ) -> Result<Vec<u8>, NotSealed> {
        let aad = rung_aad(stream, epoch);
        hazmat::seal_fresh(rng, &self.rung_key(), &aad, previous.0.bytes())
    }

    /// The previous epoch's key, from this one's rung. `epoch` is this key's; `commitment` is
    /// what the roster says of the previous one, which must hold with the same id key.
    ///
    /// # Errors
    /// [`RungError`].
    pub fn open_rung(
        &self,
        rung: &[u8],
        stream: &StreamId,
        epoch: Epoch,
        id_key: &IdKey,
        commitment: &[u8; 32],
    ) -> Result<EpochKey, RungError> {
        let opened = hazmat::open_fresh(&self.rung_key(), &rung_aad(stream, epoch), rung)
            .ok_or(RungError::Sealed)?;
        let key = Secret::from_slice(&opened)
            .map(EpochKey)
            .ok_or(RungError::Sealed)?;
        key.matches(id_key, commitment)
            .then_some(key)
            .ok_or(RungError::Commitment)
    }

    /// Whether these are the keys the roster committed to.
    pub fn matches(&self, id_key: &IdKey, commitment: &[u8; 32]) -> bool {
        self.commitment(id_key) == *commitment
    }

    pub(crate) fn agreement_secret(&self) -> Secret<32> {
        hazmat::derive(contexts::EPOCH_AGREEMENT, &[self.0.bytes()])
    }

    fn rung_key(&self) -> Secret<32> {
        hazmat::derive(contexts::EPOCH_RUNG, &[self.0.bytes()])
    }
}

impl IdKey {
    /// Whether both are the same key: one commitment each, of two epochs, does not say so.
    pub fn is_same(&self, other: &IdKey) -> bool {
        self.0.bytes() == other.0.bytes()
    }
}

fn rung_aad(stream: &StreamId, epoch: Epoch) -> Vec<u8> {
    [stream.as_bytes().as_slice(), &epoch.0.to_be_bytes()].concat()
}
