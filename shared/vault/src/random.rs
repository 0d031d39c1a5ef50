//! The random source, handed in by a shell. Must not fall back to anything when it fails.

use crate::secret::Secret;

/// Where randomness comes from. The shells implement it with the operating system's or the
/// browser's source, the simulator with a seeded generator.
pub trait Random {
    /// Fills `bytes` entirely with unpredictable bytes.
    ///
    /// # Errors
    /// [`NoRandom`] if the source failed; `bytes` must then not be used.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom>;
}

/// The random source failed: nothing may be sealed now. The device or its browser is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random source failed; nothing was sealed")]
pub struct NoRandom;

/// Draws `N` bytes that may be public (nonces, salts, ids). All zeros count as a failure: at 16
/// bytes and more that is a dead source, not chance.
pub(crate) fn draw<const N: usize>(rng: &mut dyn Random) -> Result<[u8; N], NoRandom> {
    let mut bytes = [0u8; N];
    rng.fill(&mut bytes)?;
    if bytes == [0u8; N] {
        return Err(NoRandom);
    }
    Ok(bytes)
}

/// Draws a secret of `N` bytes.
pub(crate) fn draw_secret<const N: usize>(rng: &mut dyn Random) -> Result<Secret<N>, NoRandom> {
    let mut secret = Secret::zeroed();
    rng.fill(secret.bytes_mut())?;
    if secret.bytes() == &[0u8; N] {
        return Err(NoRandom);
    }
    Ok(secret)
}

/// A source for tests that gives the same bytes for the same seed.
#[cfg(test)]
pub(crate) struct Seeded(rand_chacha::ChaCha20Rng);

#[cfg(test)]
impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(rand_chacha::rand_core::SeedableRng::seed_from_u64(seed))
    }
}

#[cfg(test)]
impl Random for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        rand_chacha::rand_core::Rng::fill_bytes(&mut self.0, bytes);
        Ok(())
    }
}
