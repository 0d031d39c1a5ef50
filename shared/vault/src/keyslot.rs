//! Keyslots: a person's master seed under a key stretched from badge and PIN. Every tablet has
//! them, so that a person signs in on any of them without a network.
//!
//! A slot's body is a CBOR map {0: head, 1: sealed seed}; the head is a byte string that holds
//! the map {0 factor, 1 lookup, 2 name, 3 role, 4 salt, 5 memory KiB, 6 passes, 7 number, 8
//! withdrawn} and is the associated data of the sealed seed. It travels as an envelope of kind slot, sealed under
//! `devices`; that envelope's signature is checked before anything here runs.

use crate::badge::{Badge, Pin};
use crate::hazmat::{self, NotSealed, PasswordParams};
use crate::identity::Identity;
use crate::random::{NoRandom, Random, draw};
use crate::secret::Secret;
use ids::{PersonId, contexts, limits};

mod head;
mod passphrase;
mod unstretched;

use head::{Body, Head, decode, encode};
pub use head::{SlotPublic, peek_slot};
pub use passphrase::{Passphrase, PassphraseError, make_passphrase_slot, unlock_passphrase_slot};
pub use unstretched::{
    PasskeyOutput, SlotTile, make_night_slot, make_passkey_slot, unlock_night_slot,
    unlock_passkey_slot,
};

/// What opens a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// A badge and a PIN.
    BadgeAndPin,
    /// A passphrase.
    Passphrase,
    /// A passkey with the PRF extension.
    Passkey,
    /// Sealed to the persons in charge, for the night a badge is lost.
    Night,
    /// One of a later version, with its code.
    Unknown(u8),
}

/// Why no slot was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotMakeError {
    /// The random source failed.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
    /// The memory that stretching needs could not be had. The device is at fault.
    #[error("not enough memory to stretch the PIN")]
    NoMemory,
    /// A credential or the list of persons in charge is longer than its bound.
    #[error("too long for a keyslot")]
    TooLong,
    /// Somebody in charge has a key that cannot be sealed to.
    #[error("a key cannot be sealed to")]
    BadRecipient,
    /// The name is longer than `ids::limits::STRING_BYTES`.
    #[error("the name is too long")]
    NameTooLong,
}

/// Why a slot did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// The bytes are no slot. Its author is at fault.
    #[error("the keyslot is malformed")]
    Malformed,
    /// The slot is opened by something else than a badge and a PIN.
    #[error("this keyslot is not opened by a badge")]
    OtherFactor,
    /// The slot is another badge's, or another person's.
    #[error("this badge does not belong to this keyslot")]
    OtherBadge,
    /// It was withdrawn by its person.
    #[error("the keyslot was withdrawn")]
    Withdrawn,
    /// Its parameters would make guessing cheap, or the tablet freeze. Refused before any
    /// stretching; its author is at fault.
    #[error("the keyslot's parameters are outside the bounds")]
    Parameters,
    /// The memory that stretching needs could not be had. The device is at fault.
    #[error("not enough memory to stretch the PIN")]
    NoMemory,
    /// The PIN or passphrase is wrong, or the slot was altered.
    #[error("that does not open the keyslot")]
    WrongPin,
}

impl From<NotSealed> for SlotMakeError {
    fn from(error: NotSealed) -> Self {
        match error {
            NotSealed::NoRandom(error) => Self::NoRandom(error),
            // 32 bytes are never too long.
            NotSealed::TooLong => Self::NoMemory,
        }
    }
}

impl Factor {
    /// The code in the slot.
    pub fn code(self) -> u8 {
        match self {
            Self::BadgeAndPin => 1,
            Self::Passphrase => 2,
            Self::Passkey => 3,
            Self::Night => 4,
            Self::Unknown(code) => code,
        }
    }

    fn from_code(code: u8) -> Self {
        match code {
            1 => Self::BadgeAndPin,
            2 => Self::Passphrase,
            3 => Self::Passkey,
            4 => Self::Night,
            other => Self::Unknown(other),
        }
    }
}

/// Makes the body of a slot that `badge` and `pin` open. Stretches, so it takes about as long as
/// signing in (150 to 300 ms).
///
/// # Errors
/// [`SlotMakeError`].
pub fn make_badge_slot(
    rng: &mut dyn Random,
    badge: &Badge,
    pin: &Pin,
    person: &PersonId,
    identity: &Identity,
    name: &str,
    role: u8,
) -> Result<Vec<u8>, SlotMakeError> {
    if name.len() > limits::STRING_BYTES {
        return Err(SlotMakeError::NameTooLong);
    }
    let params = PasswordParams::CURRENT;
    let salt = draw(rng)?;
    let head = encode(&Head {
        factor: Factor::BadgeAndPin.code(),
        lookup: badge.lookup(person).into(),
        name: Some(name),
        role: Some(role),
        salt: Some(salt.into()),
        memory_kib: Some(params.memory_kib()),
        passes: Some(params.passes()),
        number: None,
        withdrawn: None,
    });
    let key = slot_key(params, badge, pin, &salt).ok_or(SlotMakeError::NoMemory)?;
    let sealed = hazmat::seal_fresh(rng, &key, &head, identity.seed().bytes())?;
    Ok(encode(&Body {
        head: &head,
        sealed: &sealed,
    }))
}

/// The identity in the slot of `person`. The caller then compares its public keys with the roster's: a slot
/// counts only for the person whose keys it holds.
///
/// # Errors
/// [`UnlockError`]. Form, factor, badge, withdrawal and parameters are checked before the
/// stretching.
pub fn unlock_slot(
    body: &[u8],
    badge: &Badge,
    pin: &Pin,
    person: &PersonId,
) -> Result<Identity, UnlockError> {
    let body: Body<'_> = decode(body)?;
    let head: Head<'_> = decode(body.head)?;
    if Factor::from_code(head.factor) != Factor::BadgeAndPin {
        return Err(UnlockError::OtherFactor);
    }
    if *head.lookup != badge.lookup(person) {
        return Err(UnlockError::OtherBadge);
    }
    if head.withdrawn == Some(true) {
        return Err(UnlockError::Withdrawn);
    }
    let (params, salt) = head.stretching()?;
    let key = slot_key(params, badge, pin, &salt).ok_or(UnlockError::NoMemory)?;
    let seed = hazmat::open_fresh(&key, body.head, body.sealed).ok_or(UnlockError::WrongPin)?;
    Secret::from_slice(&seed)
        .map(Identity::from_secret)
        .ok_or(UnlockError::Malformed)
}

/// derive_key([`contexts::SLOT_KEY`], Argon2id(derive_key([`contexts::SLOT_FACTOR`], factor u8 ‖
/// badge 16 ‖ PIN 6), salt)).
fn slot_key(
    params: PasswordParams,
    badge: &Badge,
    pin: &Pin,
    salt: &[u8; 16],
) -> Option<Secret<32>> {
    let code = [Factor::BadgeAndPin.code()];
    stretched_key(params, &[&code, badge.0.bytes(), pin.0.bytes()], salt)
}

/// The key of a slot whose factor is stretched; the first part is the factor's code.
fn stretched_key(params: PasswordParams, parts: &[&[u8]], salt: &[u8; 16]) -> Option<Secret<32>> {
    let factor = hazmat::derive(contexts::SLOT_FACTOR, parts);
    let stretched = hazmat::stretch(params, &factor, salt)?;
    Some(hazmat::derive(contexts::SLOT_KEY, &[stretched.bytes()]))
}

#[cfg(test)]
mod tests;
