//! HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.
//! Single shot only: one encapsulation, one message, so the nonce sequence never advances.

use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use core::convert::Infallible;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use ids::AgreementPublic;
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

/// Bytes of the encapsulated key that precedes the ciphertext.
pub(crate) const ENC_LEN: usize = 32;

/// Why nothing was sealed.
#[derive(Debug)]
pub(crate) enum HpkeFailed {
    /// The random source failed.
    NoRandom,
    /// The recipient's key is not a usable X25519 key (small order).
    BadRecipient,
}

impl From<NoRandom> for HpkeFailed {
    fn from(_: NoRandom) -> Self {
        Self::NoRandom
    }
}

/// The public half of an X25519 key.
pub(crate) fn agreement_public(secret: &Secret<32>) -> AgreementPublic {
    let secret = x25519_dalek::StaticSecret::from(*secret.bytes());
    AgreementPublic::from_bytes(x25519_dalek::PublicKey::from(&secret).to_bytes())
}

/// Seals `plaintext`; returns enc ‖ ciphertext ‖ tag.
pub(crate) fn hpke_seal(
    rng: &mut dyn Random,
    recipient: &AgreementPublic,
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, HpkeFailed> {
    let recipient = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(recipient.as_bytes())
        .map_err(|_| HpkeFailed::BadRecipient)?;
    let mut drawn = Drawn {
        seed: draw_secret(rng)?,
        taken: 0,
        overdrawn: false,
    };
    let (enc, mut context) = hpke::setup_sender_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &recipient, info, &mut drawn)
    .map_err(|_| HpkeFailed::BadRecipient)?;
    if drawn.overdrawn {
        return Err(HpkeFailed::NoRandom);
    }
    let sealed = context
        .seal(plaintext, aad)
        .map_err(|_| HpkeFailed::BadRecipient)?;
    Ok([enc.to_bytes().as_slice(), &sealed].concat())
}

/// Opens enc ‖ ciphertext ‖ tag; `None` if anything was altered or it is for another key.
pub(crate) fn hpke_open(
    secret: &Secret<32>,
    info: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (enc, sealed) = sealed.split_at_checked(ENC_LEN)?;
    let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret.bytes()).ok()?;
    let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enc).ok()?;
    let mut context = hpke::setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &enc,
        info,
    )
    .ok()?;
    context.open(sealed, aad).ok().map(Zeroizing::new)
}

/// Randomness drawn before it is needed, because the interface asked for cannot fail. Asking for
/// more than was drawn yields zeros and a mark, and the mark refuses the result.
struct Drawn {
    seed: Secret<32>,
    taken: usize,
    overdrawn: bool,
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        let end = self.taken.saturating_add(bytes.len());
        match self.seed.bytes().get(self.taken..end) {
            Some(drawn) => bytes.copy_from_slice(drawn),
            None => {
                bytes.fill(0);
                self.overdrawn = true;
            }
        }
        self.taken = end;
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
