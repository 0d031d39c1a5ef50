//! The one source of chance.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::cell::RefCell;
use std::rc::Rc;

/// A seeded generator: the same throws for the same seed, on every machine.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Another one, thrown independently from here on.
    pub fn fork(&mut self) -> Self {
        let mut seed = [0; 32];
        self.0.fill_bytes(&mut seed);
        Self(ChaCha8Rng::from_seed(seed))
    }

    /// From 0 to `n` − 1; 0 for `n` = 0.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0.next_u64().checked_rem(n).unwrap_or(0)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True so many times of a hundred.
    pub fn percent(&mut self, chance: u8) -> bool {
        self.below(100) < u64::from(chance)
    }

    /// True so many times of a thousand.
    pub fn permille(&mut self, chance: u16) -> bool {
        self.below(1_000) < u64::from(chance)
    }

    /// Bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

impl vault::Random for Dice {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), vault::NoRandom> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl server::Random for Dice {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), server::NoRandom> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

/// Dice that remember every throw of 32 bytes: among them are the seeds of the identities their
/// owner made, so that a test can sign in without paying for an Argon2.
#[derive(Debug)]
pub struct SeenSeeds {
    dice: Dice,
    seen: Rc<RefCell<Vec<[u8; 32]>>>,
}

impl SeenSeeds {
    /// Over dice.
    pub fn new(dice: Dice) -> Self {
        Self {
            dice,
            seen: Rc::default(),
        }
    }

    /// Other dice whose throws are remembered with these.
    pub fn fork(&mut self) -> Self {
        Self {
            dice: self.dice.fork(),
            seen: Rc::clone(&self.seen),
        }
    }

    /// Every throw of 32 bytes so far.
    pub fn seen(&self) -> Vec<[u8; 32]> {
        self.seen.borrow().clone()
    }
}

impl vault::Random for SeenSeeds {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), vault::NoRandom> {
        vault::Random::fill(&mut self.dice, bytes)?;
        if let Ok(seed) = <[u8; 32]>::try_from(&*bytes) {
            self.seen.borrow_mut().push(seed);
        }
        Ok(())
    }
}
