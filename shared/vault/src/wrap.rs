//! Wraps: an epoch's key and the stream's id key, sealed to one grantee or the recovery key.
//!
//! A wrap is hint 8 ‖ HPKE enc 32 ‖ sealed (epoch key ‖ id key) 64 ‖ tag 16. It is not signed:
//! the roster entry lists its hash, and the keys inside must match the roster's commitment.

use crate::epoch::{EpochKey, IdKey};
use crate::hazmat::{self, ENC_LEN, HpkeFailed, TAG_LEN};
use crate::identity::Identity;
use crate::random::{NoRandom, Random};
use crate::secret::Secret;
use ids::{AgreementPublic, Epoch, StreamId, contexts};
use zeroize::Zeroizing;

const HINT_LEN: usize = 8;
const WRAP_LEN: usize = HINT_LEN + ENC_LEN + 64 + TAG_LEN;

/// Why a key could not be wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrapMakeError {
    /// The random source failed.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
    /// The recipient's agreement key is unusable (of small order). Whoever entered it into the
    /// roster is at fault.
    #[error("the recipient's key cannot be sealed to")]
    BadRecipient,
}

/// Why a wrap gave no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrapError {
    /// It is for somebody else, or for another stream or epoch.
    #[error("the wrap is for another recipient, stream or epoch")]
    NotForThis,
    /// It was altered, or whoever wrapped it made nonsense.
    #[error("the wrap does not open")]
    Sealed,
    /// It opens to keys that are not those the roster committed to. Whoever wrapped it is at
    /// fault.
    #[error("the wrap opens to other keys than the roster's")]
    Commitment,
}

/// Wraps an epoch's key and the stream's id key for `recipient`.
///
/// # Errors
/// [`WrapMakeError`].
pub fn wrap_epoch(
    rng: &mut dyn Random,
    recipient: &AgreementPublic,
    stream: &StreamId,
    epoch: Epoch,
    key: &EpochKey,
    id_key: &IdKey,
) -> Result<Vec<u8>, WrapMakeError> {
    let aad = aad(recipient, stream, epoch);
    let plaintext = Zeroizing::new([key.0.bytes().as_slice(), id_key.0.bytes()].concat());
    let sealed = hazmat::hpke_seal(
        rng,
        recipient,
        contexts::HPKE_WRAP.as_bytes(),
        &aad,
        &plaintext,
    )
    .map_err(|failed| match failed {
        HpkeFailed::NoRandom => WrapMakeError::NoRandom(NoRandom),
        HpkeFailed::BadRecipient => WrapMakeError::BadRecipient,
    })?;
    Ok([
        wire::wrap_hint(recipient, stream, epoch).as_slice(),
        &sealed,
    ]
    .concat())
}

/// Opens a wrap that [`wrap_epoch`] made for `identity`. `commitment` is what the roster says of
/// this epoch's key and the stream's id key.
///
/// # Errors
/// [`WrapError`].
pub fn open_wrap(
    identity: &Identity,
    stream: &StreamId,
    epoch: Epoch,
    commitment: &[u8; 32],
    wrap: &[u8],
) -> Result<(EpochKey, IdKey), WrapError> {
    let recipient = identity.agreement_public();
    if !wrap_is_for(&recipient, stream, epoch, wrap) {
        return Err(WrapError::NotForThis);
    }
    if wrap.len() != WRAP_LEN {
        return Err(WrapError::Sealed);
    }
    let sealed = wrap.get(HINT_LEN..).ok_or(WrapError::Sealed)?;
    let opened = hazmat::hpke_open(
        identity.agreement_secret(),
        contexts::HPKE_WRAP.as_bytes(),
        &aad(&recipient, stream, epoch),
        sealed,
    )
    .ok_or(WrapError::Sealed)?;
    let (key, id_key) = opened.split_at_checked(32).ok_or(WrapError::Sealed)?;
    let key = Secret::from_slice(key)
        .map(EpochKey)
        .ok_or(WrapError::Sealed)?;
    let id_key = Secret::from_slice(id_key)
        .map(IdKey)
        .ok_or(WrapError::Sealed)?;
    key.matches(&id_key, commitment)
        .then_some((key, id_key))
        .ok_or(WrapError::Commitment)
}

/// Whether a wrap's hint names this recipient, stream and epoch: how one finds one's own among
/// many without trying them all.
pub fn wrap_is_for(
    recipient: &AgreementPublic,
    stream: &StreamId,
    epoch: Epoch,
    wrap: &[u8],
) -> bool {
    wrap.first_chunk() == Some(&wire::wrap_hint(recipient, stream, epoch))
}

/// recipient 32 ‖ stream 16 ‖ epoch u32: what a wrap is bound to.
fn aad(recipient: &AgreementPublic, stream: &StreamId, epoch: Epoch) -> Vec<u8> {
    [
        recipient.as_bytes().as_slice(),
        stream.as_bytes(),
        &epoch.0.to_be_bytes(),
    ]
    .concat()
}
