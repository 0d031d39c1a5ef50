//! A small seeded source of chance for made-up content. Never for keys.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Draws numbers. The same seed and stream draw the same for ever.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one part of the content: parts do not disturb each other.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number from `low` to `high`, both included; `low` when there is none between.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).saturating_add(1);
        match u64::try_from(span) {
            Ok(span) if span > 0 => {
                let drawn = i64::try_from(self.0.next_u64() % span).unwrap_or(0);
                low.saturating_add(drawn)
            }
            _ => low,
        }
    }

    /// True in `percent` of a hundred draws.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// About normally distributed around zero with this standard deviation.
    pub fn around(&mut self, deviation: i64) -> i64 {
        // The sum of twelve even draws has a variance of twelve times that of one.
        let sum: i64 = (0..12).map(|_| self.between(-1_000, 1_000)).sum();
        sum * deviation / 2_000
    }

    /// One of several.
    #[expect(
        clippy::indexing_slicing,
        reason = "the index is below the length, which is not zero"
    )]
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        assert!(!from.is_empty(), "nothing to pick from");
        let last = i64::try_from(from.len()).unwrap_or(i64::MAX) - 1;
        &from[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }

    /// One of several small values.
    pub fn one<T: Copy>(&mut self, from: &[T]) -> T {
        *self.pick(from)
    }

    /// Sixteen bytes, for an id that only has to differ from others.
    pub fn id(&mut self) -> ids::CommandId {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        ids::CommandId::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_draws_the_same_and_another_stream_does_not() {
        let draw = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            (0..8)
                .map(|_| dice.between(0, 1_000_000))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(7, 1), draw(7, 1));
        assert_ne!(draw(7, 1), draw(7, 2));
        assert_ne!(draw(7, 1), draw(8, 1));
    }

    #[test]
    fn draws_stay_in_their_bounds_and_reach_both() {
        let mut dice = Dice::new(1, 1);
        let drawn: Vec<i64> = (0..500).map(|_| dice.between(-2, 2)).collect();
        assert_eq!(
            (drawn.iter().min(), drawn.iter().max()),
            (Some(&-2), Some(&2))
        );
    }

    #[test]
    fn most_draws_around_zero_lie_within_two_deviations() {
        let mut dice = Dice::new(1, 2);
        let near = (0..1_000).filter(|_| dice.around(10).abs() <= 20).count();
        assert!(near > 900, "{near}");
    }
}
