//! Systematic draws with chances in proportion to size, over the households in the order of their
//! ranks, in whole numbers: the same in every language.
//!
//! Source: H. O. Hartley, J. N. K. Rao, Annals of Mathematical Statistics 33 (1962) 350–374.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::draw::Drawn;
use crate::seed::Seed;

/// The chance with which a household was drawn (入样概率): an exact fraction, at most 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chance {
    /// Above the line.
    pub numerator: u64,
    /// Below the line.
    pub denominator: u64,
}

impl Chance {
    /// As a number above 0 and at most 1; `None` for a fraction that is no chance.
    pub fn value(&self) -> Option<f64> {
        let is_chance = 0 < self.numerator && self.numerator <= self.denominator;
        is_chance.then(|| self.numerator as f64 / self.denominator as f64)
    }
}

/// The size that a chance goes by: people registered, and 1 for a home thought vacant, so that none
/// is out of reach.
pub(crate) fn size(people: u32) -> u64 {
    u64::from(people.max(1))
}

/// Where a stratum's draw starts: SHA-256(seed ‖ "start" ‖ line feed ‖ stratum in UTF-8).
pub(crate) fn start(seed: &Seed, stratum: &str) -> Digest {
    Digest::of(&[seed.0.0.as_slice(), b"start\n", stratum.as_bytes()].concat())
}

/// A digest, read as a big-endian number, modulo `n` (above 0).
fn modulo(digest: &Digest, n: u64) -> u64 {
    let step = |rest: u128, byte: &u8| (rest * 256 + u128::from(*byte)) % u128::from(n);
    digest.0.iter().fold(0, step) as u64
}

/// Chooses `wanted` of the households (at most all of them) and notes their chances; gives their
/// positions, ascending.
///
/// With w to choose and T the sum of sizes: whoever has w × size ≥ T is taken for certain, and what
/// is left is looked at again in the same way. Then the sizes are laid end to end in the order of
/// ranks, each w times as long, and whoever holds one of the points start, start + T, start + 2T, …
/// is taken; start is the digest modulo T.
pub(crate) fn choose(households: &mut [Drawn], wanted: u64, digest: &Digest) -> Vec<usize> {
    let mut certain = vec![false; households.len()];
    let (mut left, mut total) = (wanted, households.iter().map(|it| size(it.people)).sum::<u64>());
    loop {
        let is_certain = |it: &Drawn| u128::from(left) * u128::from(size(it.people)) >= u128::from(total);
        let new: Vec<usize> = (0..households.len()).filter(|n| !certain[*n] && is_certain(&households[*n])).collect();
        if left == 0 || new.is_empty() {
            break;
        }
        for position in new {
            certain[position] = true;
            left -= 1;
            total -= size(households[position].people);
        }
    }
    let mut next_point = u128::from(if total == 0 { 0 } else { modulo(digest, total) });
    let (mut points_left, mut laid) = (left, 0_u128);
    let mut chosen = Vec::with_capacity(wanted as usize);
    for (position, household) in households.iter_mut().enumerate() {
        household.chance = None;
        let size = size(household.people);
        if certain[position] {
            household.chance = Some(Chance { numerator: 1, denominator: 1 });
            chosen.push(position);
            continue;
        }
        laid += u128::from(left) * u128::from(size);
        if points_left > 0 && next_point < laid {
            household.chance = Some(Chance { numerator: left * size, denominator: total });
            chosen.push(position);
            points_left -= 1;
            next_point += u128::from(total);
        }
    }
    chosen
}
