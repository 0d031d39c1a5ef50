//! Making Ed25519 signatures (RFC 8032, deterministic). Checking them is `wire`'s.

use crate::secret::Secret;
use ed25519_dalek::{Signer as _, SigningKey};
use ids::{Signature, SigningPublic};

/// A signing key. Wiped on drop by the crate it comes from.
pub(crate) struct Signer(Box<SigningKey>);

impl Signer {
    pub(crate) fn from_seed(seed: &Secret<32>) -> Self {
        Self(Box::new(SigningKey::from_bytes(seed.bytes())))
    }

    pub(crate) fn public(&self) -> SigningPublic {
        SigningPublic::from_bytes(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.0.sign(message).to_bytes())
    }
}
