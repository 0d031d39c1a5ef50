//! Slots whose key needs no stretching, because nobody can guess it: a passkey's, and those for the
//! night, sealed to the persons in charge. No screen offers them yet; their bytes are fixed.

use super::head::{Body, decode, encode};
use super::{Factor, SlotMakeError, UnlockError};
use crate::hazmat::{self, HpkeFailed};
use crate::identity::Identity;
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use ids::{AgreementPublic, PersonId, contexts, limits};
use minicbor::bytes::{ByteArray, ByteSlice};
use minicbor::{Decode, Encode};

/// What stands on the tile of a slot, and which of a person's slots of its factor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotTile<'a> {
    /// The name.
    pub name: &'a str,
    /// The role, in the domain's numbering.
    pub role: u8,
    /// The number.
    pub number: u32,
}

/// What a passkey of WebAuthn with the PRF extension gives for a salt.
#[derive(Debug)]
pub struct PasskeyOutput(Secret<32>);

impl PasskeyOutput {
    /// A copy; wiping `output` is the caller's matter.
    pub fn from_bytes(output: &[u8; 32]) -> Self {
        Self(Secret::copy_of(output))
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct UnstretchedHead<'b> {
    #[n(0)]
    factor: u8,
    #[n(1)]
    lookup: ByteArray<8>,
    #[b(2)]
    name: Option<&'b str>,
    #[n(3)]
    role: Option<u8>,
    #[n(4)]
    salt: Option<ByteArray<16>>,
    #[n(7)]
    number: Option<u32>,
    #[n(8)]
    withdrawn: Option<bool>,
    #[b(9)]
    credential: Option<&'b ByteSlice>,
    #[n(10)]
    in_charge: Option<Vec<ForCharge>>,
}

/// The night key for one person in charge.
#[derive(Encode, Decode)]
struct ForCharge {
    #[n(0)]
    person: PersonId,
    #[n(1)]
    sealed: ByteArray<80>,
}

impl<'b> UnstretchedHead<'b> {
    fn of(factor: Factor, tile: &SlotTile<'b>) -> Result<Self, SlotMakeError> {
        if tile.name.len() > limits::STRING_BYTES {
            return Err(SlotMakeError::NameTooLong);
        }
        Ok(Self {
            factor: factor.code(),
            lookup: [0; 8].into(),
            name: Some(tile.name),
            role: Some(tile.role),
            salt: None,
            number: (tile.number > 0).then_some(tile.number),
            withdrawn: None,
            credential: None,
            in_charge: None,
        })
    }

    fn read(head: &'b [u8], factor: Factor) -> Result<Self, UnlockError> {
        let head: Self = decode(head)?;
        if Factor::from_code(head.factor) != factor {
            return Err(UnlockError::OtherFactor);
        }
        if head.withdrawn == Some(true) {
            return Err(UnlockError::Withdrawn);
        }
        Ok(head)
    }
}

/// Makes the body of a slot that a passkey opens; `salt` is what its output was asked for.
///
/// # Errors
/// [`SlotMakeError`].
pub fn make_passkey_slot(
    rng: &mut dyn Random,
    output: &PasskeyOutput,
    (credential, salt): (&[u8], &[u8; 16]),
    identity: &Identity,
    tile: &SlotTile<'_>,
) -> Result<Vec<u8>, SlotMakeError> {
    if credential.len() > limits::CREDENTIAL_BYTES {
        return Err(SlotMakeError::TooLong);
    }
    let head = encode(&UnstretchedHead {
        salt: Some((*salt).into()),
        credential: Some(credential.into()),
        ..UnstretchedHead::of(Factor::Passkey, tile)?
    });
    seal(rng, &key(Factor::Passkey, &output.0), &head, identity)
}

/// The identity in a slot that a passkey opens.
///
/// # Errors
/// [`UnlockError`]; [`UnlockError::WrongPin`] for another passkey.
pub fn unlock_passkey_slot(body: &[u8], output: &PasskeyOutput) -> Result<Identity, UnlockError> {
    let body: Body<'_> = decode(body)?;
    UnstretchedHead::read(body.head, Factor::Passkey)?;
    open(&key(Factor::Passkey, &output.0), &body)
}

/// Makes the body of a slot of `person` that any of the persons in charge opens for them.
///
/// # Errors
/// [`SlotMakeError`].
pub fn make_night_slot(
    rng: &mut dyn Random,
    person: &PersonId,
    in_charge: &[(PersonId, AgreementPublic)],
    identity: &Identity,
    tile: &SlotTile<'_>,
) -> Result<Vec<u8>, SlotMakeError> {
    if in_charge.len() > limits::NIGHT_RECIPIENTS {
        return Err(SlotMakeError::TooLong);
    }
    let night: Secret<32> = draw_secret(rng)?;
    let mut sealed = Vec::with_capacity(in_charge.len());
    for (who, public) in in_charge {
        let info = contexts::HPKE_NIGHT.as_bytes();
        let aad = aad(person, public, tile.number);
        let wrapped = hazmat::hpke_seal(rng, public, info, &aad, night.bytes());
        let wrapped = wrapped.map_err(|failed| match failed {
            HpkeFailed::NoRandom => SlotMakeError::NoRandom(NoRandom),
            HpkeFailed::BadRecipient => SlotMakeError::BadRecipient,
        })?;
        let wrapped: [u8; 80] = wrapped.try_into().map_err(|_| SlotMakeError::TooLong)?;
        sealed.push(ForCharge {
            person: *who,
            sealed: wrapped.into(),
        });
    }
    let head = encode(&UnstretchedHead {
        in_charge: Some(sealed),
        ..UnstretchedHead::of(Factor::Night, tile)?
    });
    seal(rng, &key(Factor::Night, &night), &head, identity)
}

/// The identity in a night slot of `person`, opened by somebody in charge.
///
/// # Errors
/// [`UnlockError`]; [`UnlockError::OtherBadge`] for somebody it was not sealed to.
pub fn unlock_night_slot(
    body: &[u8],
    person: &PersonId,
    (who, keys): (&PersonId, &Identity),
) -> Result<Identity, UnlockError> {
    let body: Body<'_> = decode(body)?;
    let head = UnstretchedHead::read(body.head, Factor::Night)?;
    let in_charge = head.in_charge.ok_or(UnlockError::Malformed)?;
    if in_charge.len() > limits::NIGHT_RECIPIENTS {
        return Err(UnlockError::Malformed);
    }
    let for_them = in_charge.iter().find(|charge| charge.person == *who);
    let sealed = for_them.ok_or(UnlockError::OtherBadge)?;
    let aad = aad(person, &keys.agreement_public(), head.number.unwrap_or(0));
    let info = contexts::HPKE_NIGHT.as_bytes();
    let night = hazmat::hpke_open(keys.agreement_secret(), info, &aad, &*sealed.sealed)
        .and_then(|night| Secret::from_slice(&night))
        .ok_or(UnlockError::WrongPin)?;
    open(&key(Factor::Night, &night), &body)
}

/// slot's person 16 ‖ recipient 32 ‖ number u32.
fn aad(person: &PersonId, to: &AgreementPublic, number: u32) -> Vec<u8> {
    [
        person.as_bytes().as_slice(),
        to.as_bytes(),
        &number.to_be_bytes(),
    ]
    .concat()
}

fn key(factor: Factor, secret: &Secret<32>) -> Secret<32> {
    let factor = hazmat::derive(contexts::SLOT_FACTOR, &[&[factor.code()], secret.bytes()]);
    hazmat::derive(contexts::SLOT_KEY, &[factor.bytes()])
}

fn seal(
    rng: &mut dyn Random,
    key: &Secret<32>,
    head: &[u8],
    identity: &Identity,
) -> Result<Vec<u8>, SlotMakeError> {
    let sealed = hazmat::seal_fresh(rng, key, head, identity.seed().bytes())?;
    Ok(encode(&Body {
        head,
        sealed: &sealed,
    }))
}

fn open(key: &Secret<32>, body: &Body<'_>) -> Result<Identity, UnlockError> {
    let seed = hazmat::open_fresh(key, body.head, body.sealed).ok_or(UnlockError::WrongPin)?;
    Secret::from_slice(&seed)
        .map(Identity::from_secret)
        .ok_or(UnlockError::Malformed)
}
