//! Learning the weights without labels: expectation and maximisation over counted patterns.

use std::collections::BTreeMap;

use crate::{
    levels::Pattern,
    model::{Chance, Model, probability},
};

const ROUNDS: usize = 50;
const SETTLED: f64 = 1e-7;
/// A level never seen keeps this much of a chance.
const SMOOTHING: f64 = 0.5;

impl Model {
    /// Learns how true pairs look from the patterns of candidate pairs, with how many pairs show each
    /// (see [`crate::Matcher::patterns`]). What strangers look like stays as in `self`: candidates were chosen for
    /// their likeness and would mislead. The same counts give the same model.
    #[must_use]
    pub fn learn(&self, patterns: &BTreeMap<Pattern, u64>, prior_bits: f64) -> Self {
        let mut model = self.clone();
        let total: u64 = patterns.values().sum();
        if total == 0 {
            return model;
        }
        let mut last = f64::NEG_INFINITY;
        for _ in 0..ROUNDS {
            let shares: Vec<(Pattern, f64)> = patterns
                .iter()
                .map(|(pattern, &count)| {
                    let sum: f64 = model.weights(pattern).iter().sum();
                    (*pattern, count as f64 * probability(prior_bits + sum))
                })
                .collect();
            let same: f64 = shares.iter().map(|share| share.1).sum();
            settle(&mut model.number, &shares, same, |pattern| pattern.number);
            settle(&mut model.name, &shares, same, |pattern| pattern.name);
            settle(&mut model.phone, &shares, same, |pattern| pattern.phone);
            settle(&mut model.address, &shares, same, |pattern| pattern.address);
            settle(&mut model.employer, &shares, same, |pattern| pattern.employer);
            if (same - last).abs() < SETTLED * total as f64 {
                break;
            }
            last = same;
        }
        model
    }
}

fn settle<L: PartialEq + Copy>(
    chances: &mut [Chance<L>],
    shares: &[(Pattern, f64)],
    same: f64,
    level: impl Fn(&Pattern) -> L,
) {
    let all = same + SMOOTHING * chances.len() as f64;
    for chance in chances {
        let seen: f64 = shares.iter().filter(|share| level(&share.0) == chance.level).map(|share| share.1).sum();
        chance.same = (seen + SMOOTHING) / all;
    }
}
