//! The primitives, each behind one narrow door. Private to this crate: what may be combined with
//! what is decided by the modules above, never by a caller.

mod aead;
mod hash;
mod hpke;
#[cfg(test)]
mod known_answers;
mod password;
mod sign;

pub use aead::NotSealed;
pub(crate) use aead::{NONCE_LEN, TAG_LEN, open_fresh, open_in_new, seal_fresh, seal_in_place};
pub(crate) use hash::{derive, keyed};
pub(crate) use hpke::{ENC_LEN, HpkeFailed, agreement_public, hpke_open, hpke_seal};
#[cfg(test)]
pub(crate) use password::runs;
pub(crate) use password::{PasswordParams, stretch};
pub(crate) use sign::Signer;
