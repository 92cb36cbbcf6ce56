//! Randomness with values that stay the same on every machine and with every library version: only the
//! ChaCha8 key stream is taken from a library, what is drawn from it is defined here.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Which part of the town a stream of randomness belongs to. A change in one part then leaves the
/// draws of all others as they were.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Map = 1,
    Places = 2,
    People = 3,
    Employers = 4,
    Staff = 5,
    Life = 6,
    Actors = 7,
    Visits = 8,
    FirstRegister = 9,
    Rosters = 10,
}

#[derive(Clone)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64, stream: Stream) -> Self {
        Self::numbered(seed, stream, 0)
    }

    /// One of many streams of a part; `number` is below 2⁵⁶.
    pub(crate) fn numbered(seed: u64, stream: Stream, number: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((stream as u64) << 56 | number);
        Self(rng)
    }

    /// Uniform in `0..n`; 0 where `n` is 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// Uniform from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low).max(0) as u32 + 1) as i32
    }

    /// Uniform in `0.0..1.0`, in steps of 2⁻³².
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u32) as usize]
    }

    /// The index of one of `weights`, each as likely as its weight.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// A whole number with the given mean: the floor, or one more by chance.
    pub(crate) fn count(&mut self, mean: f64) -> u32 {
        let whole = mean.max(0.0).floor();
        whole as u32 + u32::from(self.chance(mean - whole))
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}
