//! Keyslots: a person's master seed under a key stretched from badge and PIN. Every tablet has
//! them, so that a person signs in on any of them without a network.
//!
//! A slot's body is a CBOR map {0: head, 1: sealed seed}; the head is a byte string that holds
//! the map {0 factor, 1 lookup, 2 name, 3 role, 4 salt, 5 memory KiB, 6 passes} and is the
//! associated data of the sealed seed. It travels as an envelope of kind slot, sealed under
//! `devices`; that envelope's signature is checked before anything here runs.

use crate::badge::{Badge, Pin};
use crate::hazmat::{self, NotSealed, PasswordParams};
use crate::identity::Identity;
use crate::random::{NoRandom, Random, draw};
use crate::secret::Secret;
use ids::{PersonId, contexts, limits};
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

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

/// What a slot says without being unlocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotPublic {
    /// What opens it.
    pub factor: Factor,
    /// Equal to [`Badge::lookup`] of its badge for the person whose slot it is.
    pub lookup: [u8; 8],
    /// The name on the tile.
    pub name: String,
    /// The role on the tile, in the domain's numbering.
    pub role: u8,
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
    /// Its parameters would make guessing cheap, or the tablet freeze. Refused before any
    /// stretching; its author is at fault.
    #[error("the keyslot's parameters are outside the bounds")]
    Parameters,
    /// The memory that stretching needs could not be had. The device is at fault.
    #[error("not enough memory to stretch the PIN")]
    NoMemory,
    /// The PIN is wrong, or the slot was altered.
    #[error("the PIN does not open the keyslot")]
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

#[derive(Encode, Decode)]
#[cbor(map)]
struct Body<'b> {
    #[cbor(b(0), with = "minicbor::bytes")]
    head: &'b [u8],
    #[cbor(b(1), with = "minicbor::bytes")]
    sealed: &'b [u8],
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Head<'b> {
    #[n(0)]
    factor: u8,
    #[n(1)]
    lookup: ByteArray<8>,
    #[b(2)]
    name: &'b str,
    #[n(3)]
    role: u8,
    #[n(4)]
    salt: ByteArray<16>,
    #[n(5)]
    memory_kib: u32,
    #[n(6)]
    passes: u32,
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
        name,
        role,
        salt: salt.into(),
        memory_kib: params.memory_kib(),
        passes: params.passes(),
    });
    let key = slot_key(params, badge, pin, &salt).ok_or(SlotMakeError::NoMemory)?;
    let sealed = hazmat::seal_fresh(rng, &key, &head, identity.seed().bytes())?;
    Ok(encode(&Body {
        head: &head,
        sealed: &sealed,
    }))
}

/// What a slot says without being unlocked. The envelope's signature must have been checked.
///
/// # Errors
/// [`UnlockError::Malformed`] only.
pub fn peek_slot(body: &[u8]) -> Result<SlotPublic, UnlockError> {
    let body: Body<'_> = decode(body)?;
    let head: Head<'_> = decode(body.head)?;
    Ok(SlotPublic {
        factor: Factor::from_code(head.factor),
        lookup: *head.lookup,
        name: head.name.to_owned(),
        role: head.role,
    })
}

/// The identity in the slot of `person`. The caller then compares its public keys with the roster's: a slot
/// counts only for the person whose keys it holds.
///
/// # Errors
/// [`UnlockError`]. Form, factor, badge and parameters are checked before the stretching.
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
    let params =
        PasswordParams::admit(head.memory_kib, head.passes).map_err(|_| UnlockError::Parameters)?;
    let key = slot_key(params, badge, pin, &head.salt).ok_or(UnlockError::NoMemory)?;
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
    let parts: [&[u8]; 3] = [&code, badge.0.bytes(), pin.0.bytes()];
    let factor = hazmat::derive(contexts::SLOT_FACTOR, &parts);
    let stretched = hazmat::stretch(params, &factor, salt)?;
    Some(hazmat::derive(contexts::SLOT_KEY, &[stretched.bytes()]))
}

fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a vector cannot fail, and the encoder adds no error of its own here.
    let Ok(()) = minicbor::encode(value, &mut bytes) else {
        return Vec::new();
    };
    bytes
}

fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, UnlockError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| UnlockError::Malformed)?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(UnlockError::Malformed)
    }
}

#[cfg(test)]
mod tests;
