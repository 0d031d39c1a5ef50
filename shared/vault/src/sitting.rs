//! A sitting: within twelve hours of signing in, a PIN alone unlocks again. The worker that is
//! ended hands this to the next one; nothing of it is ever stored.
//!
//! Tries and hours are counted by whoever holds it: without the secret a PIN opens nothing, with
//! it a PIN is a million guesses.

use crate::badge::Pin;
use crate::hazmat::{self, PasswordParams};
use crate::identity::Identity;
use crate::keyslot::{SlotMakeError, UnlockError};
use crate::random::{Random, draw, draw_secret};
use crate::secret::Secret;
use ids::contexts;
use zeroize::Zeroizing;

/// A signed-in person's identity under a PIN and a secret of this sitting.
#[derive(Debug)]
pub struct Sitting {
    secret: Secret<32>,
    salt: [u8; 16],
    sealed: Vec<u8>,
}

/// Begins a sitting, while the PIN is at hand. Stretches (150 to 300 ms).
///
/// # Errors
/// [`SlotMakeError`].
pub fn make_sitting(
    rng: &mut dyn Random,
    pin: &Pin,
    identity: &Identity,
) -> Result<Sitting, SlotMakeError> {
    let secret = draw_secret(rng)?;
    let salt = draw(rng)?;
    let key = key(&secret, pin, &salt).ok_or(SlotMakeError::NoMemory)?;
    let aad = contexts::SITTING_KEY.as_bytes();
    let sealed = hazmat::seal_fresh(rng, &key, aad, identity.seed().bytes())?;
    Ok(Sitting {
        secret,
        salt,
        sealed,
    })
}

impl Sitting {
    /// The identity, for the right PIN.
    ///
    /// # Errors
    /// [`UnlockError::WrongPin`] and [`UnlockError::NoMemory`] only.
    pub fn resume(&self, pin: &Pin) -> Result<Identity, UnlockError> {
        let key = key(&self.secret, pin, &self.salt).ok_or(UnlockError::NoMemory)?;
        let seed = hazmat::open_fresh(&key, contexts::SITTING_KEY.as_bytes(), &self.sealed)
            .ok_or(UnlockError::WrongPin)?;
        Secret::from_slice(&seed)
            .map(Identity::from_secret)
            .ok_or(UnlockError::WrongPin)
    }

    /// For the hand-over to the next worker, and for nothing else: secret 32 ‖ salt 16 ‖ sealed.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.secret.bytes().as_slice(), &self.salt, &self.sealed].concat())
    }

    /// From [`Sitting::to_bytes`]; `None` if they are too short.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (secret, rest) = bytes.split_first_chunk::<32>()?;
        let (salt, sealed) = rest.split_first_chunk::<16>()?;
        Some(Self {
            secret: Secret::copy_of(secret),
            salt: *salt,
            sealed: sealed.to_vec(),
        })
    }
}

/// Argon2id(derive_key([`contexts::SITTING_KEY`], secret 32 ‖ PIN 6), salt).
fn key(secret: &Secret<32>, pin: &Pin, salt: &[u8; 16]) -> Option<Secret<32>> {
    let factor = hazmat::derive(contexts::SITTING_KEY, &[secret.bytes(), pin.0.bytes()]);
    hazmat::stretch(PasswordParams::CURRENT, &factor, salt)
}
