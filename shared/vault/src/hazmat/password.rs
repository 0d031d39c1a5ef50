//! Argon2id (RFC 9106), version 0x13, one lane, 32 bytes out.

use crate::secret::Secret;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use ids::limits::{ARGON2_MEMORY_KIB, ARGON2_MEMORY_KIB_MAX, ARGON2_PASSES, ARGON2_PASSES_MAX};
use zeroize::Zeroize;

/// Cost of one guess, within the floor and the ceiling of `ids::limits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PasswordParams {
    memory_kib: u32,
    passes: u32,
}

/// Parameters below the floor (a guess would be cheap) or above the ceiling (a tablet could be
/// made to freeze).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WeakOrGreedy;

impl PasswordParams {
    /// What new slots get.
    pub(crate) const CURRENT: Self = Self {
        memory_kib: ARGON2_MEMORY_KIB,
        passes: ARGON2_PASSES,
    };

    /// Checks untrusted parameters; the only way to others than [`Self::CURRENT`].
    pub(crate) fn admit(memory_kib: u32, passes: u32) -> Result<Self, WeakOrGreedy> {
        let admissible = (ARGON2_MEMORY_KIB..=ARGON2_MEMORY_KIB_MAX).contains(&memory_kib)
            && (ARGON2_PASSES..=ARGON2_PASSES_MAX).contains(&passes);
        admissible
            .then_some(Self { memory_kib, passes })
            .ok_or(WeakOrGreedy)
    }

    pub(crate) fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    pub(crate) fn passes(self) -> u32 {
        self.passes
    }
}

/// Stretches a factor; `None` if the memory could not be had.
pub(crate) fn stretch(
    params: PasswordParams,
    factor: &Secret<32>,
    salt: &[u8; 16],
) -> Option<Secret<32>> {
    #[cfg(test)]
    runs::count();
    let params = Params::new(params.memory_kib, params.passes, 1, Some(32)).ok()?;
    let mut memory: Vec<Block> = Vec::new();
    memory.try_reserve_exact(params.block_count()).ok()?;
    memory.resize(params.block_count(), Block::new());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = Secret::zeroed();
    let stretched = argon2.hash_password_into_with_memory(
        factor.bytes(),
        salt,
        out.bytes_mut(),
        memory.as_mut_slice(),
    );
    memory.iter_mut().for_each(Zeroize::zeroize);
    stretched.is_ok().then_some(out)
}

/// How often this thread has run Argon2id: the proof that a refusal came before it.
#[cfg(test)]
pub(crate) mod runs {
    use core::cell::Cell;

    thread_local!(static RUNS: Cell<u32> = const { Cell::new(0) });

    pub(super) fn count() {
        RUNS.with(|runs| runs.set(runs.get() + 1));
    }

    pub(crate) fn so_far() -> u32 {
        RUNS.with(Cell::get)
    }
}
