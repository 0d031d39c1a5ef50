//! Randomness as a parameter: the relay core draws nonces from whatever it is handed.

/// A source of randomness that may fail.
pub trait Random {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`NoRandom`] when the source fails; nothing may then be made of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom>;
}

/// The source of randomness failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system has no randomness to give")]
pub struct NoRandom;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        getrandom::fill(bytes).map_err(|_| NoRandom)
    }
}
