//! A person, a device, an invitation or the recovery key: one master seed, from which a signing
//! key (Ed25519) and an agreement key (X25519) are derived under separate contexts.

use crate::hazmat::{self, Signer};
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use core::fmt;
use ids::{AgreementPublic, Signature, SigningPublic, contexts};

/// Both secret keys of somebody, and the seed they come from.
pub struct Identity {
    seed: Secret<32>,
    signer: Signer,
    agreement: Secret<32>,
    signing_public: SigningPublic,
    agreement_public: AgreementPublic,
}

/// A new identity for a person or a device.
///
/// # Errors
/// [`NoRandom`].
pub fn make_identity(rng: &mut dyn Random) -> Result<Identity, NoRandom> {
    draw_secret(rng).map(Identity::from_secret)
}

impl Identity {
    /// The identity of a person or device with this master seed. Wiping `seed` is the caller's
    /// matter; prefer [`crate::open_identity_local`] and [`crate::unlock_slot`], which never
    /// show it.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self::from_secret(Secret::copy_of(seed))
    }

    pub(crate) fn from_secret(seed: Secret<32>) -> Self {
        Self::derive(
            seed,
            contexts::IDENTITY_SIGNING,
            contexts::IDENTITY_AGREEMENT,
        )
    }

    pub(crate) fn derive(seed: Secret<32>, signing: &str, agreement: &str) -> Self {
        let signer = Signer::from_seed(&hazmat::derive(signing, &[seed.bytes()]));
        let agreement = hazmat::derive(agreement, &[seed.bytes()]);
        Self {
            signing_public: signer.public(),
            agreement_public: hazmat::agreement_public(&agreement),
            seed,
            signer,
            agreement,
        }
    }

    /// The key that others verify its signatures with.
    pub fn signing_public(&self) -> SigningPublic {
        self.signing_public
    }

    /// The key that others seal to.
    pub fn agreement_public(&self) -> AgreementPublic {
        self.agreement_public
    }

    /// Signs context ‖ 0x00 ‖ hash (Ed25519, deterministic). `context` is one of
    /// `ids::contexts::SIGN_*`.
    pub fn sign(&self, context: &str, hash: &[u8; 32]) -> Signature {
        self.sign_message(&wire::signing_message(context, hash))
    }

    /// Signs a message that `wire` built with its context in front (`device_message` and its
    /// like). Never anything a peer chose freely.
    pub fn sign_message(&self, message: &[u8]) -> Signature {
        self.signer.sign(message)
    }

    pub(crate) fn seed(&self) -> &Secret<32> {
        &self.seed
    }

    pub(crate) fn agreement_secret(&self) -> &Secret<32> {
        &self.agreement
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("signing_public", &self.signing_public)
            .field("agreement_public", &self.agreement_public)
            .field("secrets", &"[redacted]")
            .finish()
    }
}
