//! Factor 2: words that a person chose, stretched as badge and PIN are.

use super::head::{Body, Head, decode, encode};
use super::{Factor, SlotMakeError, UnlockError, stretched_key};
use crate::hazmat::{self, PasswordParams};
use crate::identity::Identity;
use crate::random::{Random, draw};
use crate::secret::Secret;
use ids::limits;
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A passphrase in the form in which it is stretched: NFKC, and every run of white space one
/// space, none at either end. Case counts.
pub struct Passphrase(Zeroizing<String>);

/// A text that is no passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a passphrase has {} to {} bytes",
    limits::PASSPHRASE_BYTES_MIN,
    limits::PASSPHRASE_BYTES
)]
pub struct PassphraseError;

impl Passphrase {
    /// From what somebody typed.
    ///
    /// # Errors
    /// [`PassphraseError`].
    pub fn parse(text: &str) -> Result<Self, PassphraseError> {
        // Normal form at most triples a text's bytes for each of these; the bound on what is read
        // keeps the buffer from growing, and so from leaving copies behind.
        if text.len() > limits::PASSPHRASE_BYTES {
            return Err(PassphraseError);
        }
        let mut form = Zeroizing::new(String::with_capacity(limits::PASSPHRASE_BYTES * 18));
        for letter in text.nfkc() {
            match letter.is_whitespace() {
                true if form.is_empty() || form.ends_with(' ') => {}
                true => form.push(' '),
                false => form.push(letter),
            }
        }
        let end = form.trim_end().len();
        form.truncate(end);
        match (limits::PASSPHRASE_BYTES_MIN..=limits::PASSPHRASE_BYTES).contains(&form.len()) {
            true => Ok(Self(form)),
            false => Err(PassphraseError),
        }
    }

    fn key(&self, params: PasswordParams, salt: &[u8; 16]) -> Option<Secret<32>> {
        let code = [Factor::Passphrase.code()];
        stretched_key(params, &[&code, self.0.as_bytes()], salt)
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase([redacted])")
    }
}

/// Makes the body of a slot that a passphrase opens. Its lookup is zero: a hash of what somebody
/// chose could be guessed at without stretching.
///
/// # Errors
/// [`SlotMakeError`].
pub fn make_passphrase_slot(
    rng: &mut dyn Random,
    passphrase: &Passphrase,
    identity: &Identity,
    name: &str,
    role: u8,
    number: u32,
) -> Result<Vec<u8>, SlotMakeError> {
    if name.len() > limits::STRING_BYTES {
        return Err(SlotMakeError::NameTooLong);
    }
    let params = PasswordParams::CURRENT;
    let salt = draw(rng)?;
    let head = encode(&Head {
        factor: Factor::Passphrase.code(),
        lookup: [0; 8].into(),
        name: Some(name),
        role: Some(role),
        salt: Some(salt.into()),
        memory_kib: Some(params.memory_kib()),
        passes: Some(params.passes()),
        number: (number > 0).then_some(number),
        withdrawn: None,
    });
    let key = passphrase.key(params, &salt);
    let key = key.ok_or(SlotMakeError::NoMemory)?;
    let sealed = hazmat::seal_fresh(rng, &key, &head, identity.seed().bytes())?;
    Ok(encode(&Body {
        head: &head,
        sealed: &sealed,
    }))
}

/// The identity in a slot that a passphrase opens.
///
/// # Errors
/// [`UnlockError`]; [`UnlockError::WrongPin`] for another passphrase.
pub fn unlock_passphrase_slot(
    body: &[u8],
    passphrase: &Passphrase,
) -> Result<Identity, UnlockError> {
    let body: Body<'_> = decode(body)?;
    let head: Head<'_> = decode(body.head)?;
    if Factor::from_code(head.factor) != Factor::Passphrase {
        return Err(UnlockError::OtherFactor);
    }
    if head.withdrawn == Some(true) {
        return Err(UnlockError::Withdrawn);
    }
    let (params, salt) = head.stretching()?;
    let key = passphrase.key(params, &salt);
    let key = key.ok_or(UnlockError::NoMemory)?;
    let seed = hazmat::open_fresh(&key, body.head, body.sealed).ok_or(UnlockError::WrongPin)?;
    Secret::from_slice(&seed)
        .map(Identity::from_secret)
        .ok_or(UnlockError::Malformed)
}
