//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): 24-byte nonces, so that random ones do not
//! repeat however many devices draw them.

use crate::random::{NoRandom, Random, draw};
use crate::secret::Secret;
use chacha20poly1305::aead::{Aead, AeadInOut, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Bytes of a nonce.
pub(crate) const NONCE_LEN: usize = 24;
/// Bytes of the tag that sealing appends.
pub(crate) const TAG_LEN: usize = 16;

/// Why nothing was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSealed {
    /// The random source failed. The device is at fault.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
    /// The plaintext is longer than the cipher or the format allows. The caller is at fault.
    #[error("too long to seal")]
    TooLong,
}

/// Seals a copy of `plaintext` under a fresh random nonce: nonce 24 ‖ ciphertext ‖ tag 16.
pub(crate) fn seal_fresh(
    rng: &mut dyn Random,
    key: &Secret<32>,
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, NotSealed> {
    let nonce: [u8; NONCE_LEN] = draw(rng)?;
    let mut buffer = Zeroizing::new(Vec::with_capacity(plaintext.len().saturating_add(TAG_LEN)));
    buffer.extend_from_slice(plaintext);
    seal_in_place(key, &nonce, aad, &mut buffer)?;
    Ok([nonce.as_slice(), &buffer].concat())
}

/// Opens what [`seal_fresh`] made; `None` if it was altered, cut or sealed otherwise.
pub(crate) fn open_fresh(
    key: &Secret<32>,
    aad: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
    open_in_new(key, nonce, aad, sealed)
}

/// Turns the plaintext in `buffer` into ciphertext ‖ tag, in place. The nonce must be fresh.
pub(crate) fn seal_in_place(
    key: &Secret<32>,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    buffer: &mut Zeroizing<Vec<u8>>,
) -> Result<(), NotSealed> {
    // Room for the tag first: growing later would leave a copy of the plaintext behind.
    if buffer.capacity() - buffer.len() < TAG_LEN {
        let mut roomier = Zeroizing::new(Vec::with_capacity(buffer.len() + TAG_LEN));
        roomier.extend_from_slice(buffer);
        *buffer = roomier;
    }
    XChaCha20Poly1305::new(key.bytes().into())
        .encrypt_in_place(&XNonce::from(*nonce), aad, &mut **buffer)
        .map_err(|_| NotSealed::TooLong)
}

/// The plaintext of ciphertext ‖ tag; `None` if anything was altered. The tag is checked before
/// a byte is deciphered.
pub(crate) fn open_in_new(
    key: &Secret<32>,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    XChaCha20Poly1305::new(key.bytes().into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad })
        .ok()
        .map(Zeroizing::new)
}
