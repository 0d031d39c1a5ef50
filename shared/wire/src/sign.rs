//! Checking Ed25519 signatures. Making them is `vault`'s.

use curve25519_dalek::constants::EIGHT_TORSION;
use ed25519_dalek::VerifyingKey;
use ids::{Signature, SigningPublic};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::LazyLock;

/// The signature is not the key's over these bytes, or the key is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit")]
pub struct BadSignature;

/// Keys that a thread remembers how to read. Rows that follow each other come from few devices and
/// people, and reading a key takes a square root: a tenth of what verifying a signature takes.
const REMEMBERED: usize = 16;

thread_local! {
    static READ: RefCell<VecDeque<VerifyingKey>> = const { RefCell::new(VecDeque::new()) };
}

/// Reads a key, or remembers it from before: the same either way.
fn read(public: &SigningPublic) -> Result<VerifyingKey, BadSignature> {
    READ.with_borrow_mut(|read| {
        let known = read.iter().find(|key| key.as_bytes() == public.as_bytes());
        if let Some(key) = known {
            return Ok(*key);
        }
        let key = VerifyingKey::from_bytes(public.as_bytes()).map_err(|_| BadSignature)?;
        read.truncate(REMEMBERED - 1);
        read.push_front(key);
        Ok(key)
    })
}

/// Verifies one signature the strict way: canonical encodings only, no key of small order.
///
/// # Errors
/// [`BadSignature`] whatever is wrong: whoever sent it is at fault.
pub fn verify_strict(
    key: &SigningPublic,
    message: &[u8],
    signature: &Signature,
) -> Result<(), BadSignature> {
    let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
    read(key)?
        .verify_strict(message, &signature)
        .map_err(|_| BadSignature)
}

/// Whether `key` is a point that can verify anything: decodable and not of small order. Keys
/// that are not never enter a roster.
pub fn is_usable(key: &SigningPublic) -> bool {
    VerifyingKey::from_bytes(key.as_bytes()).is_ok_and(|key| !key.is_weak())
}

/// The eight points of small order by their y, of which no two encodings differ but in the sign of x.
static SMALL_ORDER: LazyLock<[[u8; 32]; 8]> =
    LazyLock::new(|| EIGHT_TORSION.map(|point| without_sign(point.compress().to_bytes())));

/// The y of a compressed point.
const fn without_sign(mut bytes: [u8; 32]) -> [u8; 32] {
    let [.., last] = &mut bytes;
    *last &= 0x7f;
    bytes
}

/// Whether `R` of a signature, if it is a point at all, is in its canonical encoding and not of small
/// order. Told from the bytes: for the relay each step here is paid for every envelope.
fn is_fit_as_nonce(bytes: &[u8; 32]) -> bool {
    let y = without_sign(*bytes);
    // Below 2^255 - 19, least byte first.
    let [least, middle @ .., most] = y;
    let is_canonical = least < 0xed || most < 0x7f || middle.iter().any(|byte| *byte < 0xff);
    is_canonical && !SMALL_ORDER.contains(&y)
}

/// Verifies many signatures at once, for the relay's group commit: about twice as fast as one by
/// one. `false` says that at least one is bad, not which: ask [`verify_strict`] then.
///
/// The weights are drawn from a transcript of all inputs, so no random source is needed. The
/// keys must come from a roster, which holds none of small order. An `R` that strict verification
/// refuses whatever it signs is refused here too: the equation of a batch is content with it.
pub fn verify_batch(items: &[(&[u8], Signature, SigningPublic)]) -> bool {
    let mut known: HashMap<SigningPublic, VerifyingKey> = HashMap::new();
    let mut messages = Vec::with_capacity(items.len());
    let mut signatures = Vec::with_capacity(items.len());
    let mut keys = Vec::with_capacity(items.len());
    for (message, signature, public) in items {
        let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
        if !is_fit_as_nonce(signature.r_bytes()) {
            return false;
        }
        let key = match known.get(public) {
            Some(key) => *key,
            None => {
                let Ok(key) = VerifyingKey::from_bytes(public.as_bytes()) else {
                    return false;
                };
                known.insert(*public, key);
                key
            }
        };
        messages.push(*message);
        signatures.push(signature);
        keys.push(key);
    }
    items.is_empty() || ed25519_dalek::verify_batch(&messages, &signatures, &keys).is_ok()
}
