//! BLAKE3 in its key-derivation and keyed modes.

use crate::secret::Secret;
use zeroize::Zeroize;

/// Derives 32 secret bytes for the use that `context` names from the concatenated `parts`.
pub(crate) fn derive(context: &str, parts: &[&[u8]]) -> Secret<32> {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    finish(&mut hasher, parts)
}

/// The keyed hash of the concatenated `parts`.
pub(crate) fn keyed(key: &Secret<32>, parts: &[&[u8]]) -> Secret<32> {
    let mut hasher = blake3::Hasher::new_keyed(key.bytes());
    finish(&mut hasher, parts)
}

fn finish(hasher: &mut blake3::Hasher, parts: &[&[u8]]) -> Secret<32> {
    for part in parts {
        hasher.update(part);
    }
    let mut hash = hasher.finalize();
    let secret = Secret::copy_of(hash.as_bytes());
    hash.zeroize();
    hasher.zeroize();
    secret
}
