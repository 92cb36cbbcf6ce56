//! Intervals for a proportion.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Beta, ContinuousCDF, DiscreteCDF, Hypergeometric, Normal};

/// An interval within [0, 1] (置信区间).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Quantile of Beta(a, b); both parameters are above 0 and `p` lies within (0, 1).
fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    Beta::new(a, b).expect("both parameters are positive").inverse_cdf(p)
}

/// Standard normal quantile.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// Wilson's score interval for `hits` of `n`, two-sided at `level` within (0, 1). Its coverage is
/// `level` on average. `hits` above `n` counts as `n`; `n` = 0 gives [0, 1].
///
/// Source: E. B. Wilson, JASA 22 (1927) 209–212.
pub fn wilson(hits: u64, n: u64, level: f64) -> Interval {
    if n == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    wilson_effective(hits.min(n) as f64 / n as f64, n as f64, level)
}

/// Clopper and Pearson's exact interval for `hits` of `n`, two-sided at `level` within (0, 1). Its
/// coverage is at least `level`. `hits` above `n` counts as `n`; `n` = 0 gives [0, 1].
///
/// Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404–413.
pub fn clopper_pearson(hits: u64, n: u64, level: f64) -> Interval {
    if n == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    clopper_pearson_effective(hits.min(n) as f64 / n as f64, n as f64, level)
}

/// The exact interval for `hits` of `n` people who were drawn singly, without replacement, from
/// `population` people, two-sided at `level` within (0, 1): Clopper and Pearson's with the
/// hypergeometric distribution. Its coverage is at least `level`, and it is narrower the more of the
/// population was seen. `hits` above `n` counts as `n`, `n` above `population` as `population`;
/// `n` = 0 gives [0, 1].
///
/// ```
/// let few = survey_sample::exact_finite(30, 30, 60, 0.95);
/// assert!(few.low > survey_sample::clopper_pearson(30, 30, 0.95).low);
/// ```
pub fn exact_finite(hits: u64, n: u64, population: u64, level: f64) -> Interval {
    let n = n.min(population);
    if n == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let hits = hits.min(n);
    let misses = n - hits;
    let low = fewest_right(hits, n, population, level);
    // What is wrong in the population is counted from the other side.
    let high = population - fewest_right(misses, n, population, level);
    Interval { low: low as f64 / population as f64, high: high as f64 / population as f64 }
}

/// The smallest number right in the population with which `hits` or more of `n` have a chance above
/// the tail.
fn fewest_right(hits: u64, n: u64, population: u64, level: f64) -> u64 {
    let tail = (1.0 - clamp_level(level)) / 2.0;
    let likely = |right: u64| {
        if hits == 0 || right == population {
            return true;
        }
        let drawn = Hypergeometric::new(population, right, n).expect("neither exceeds the population");
        drawn.sf(hits - 1) > tail
    };
    // At least the hits themselves were right, and the misses were not.
    let (mut least, mut most) = (hits, population - (n - hits));
    while least < most {
        let middle = least + (most - least) / 2;
        if likely(middle) {
            most = middle;
        } else {
            least = middle + 1;
        }
    }
    least
}

/// The rate that `hits` of `n` show at least, exact and one-sided at `level`: 30 of 30 show
/// 90.5 % at 95 %.
///
/// ```
/// assert!((survey_sample::one_sided_lower(30, 30, 0.95) - 0.905).abs() < 0.0001);
/// ```
pub fn one_sided_lower(hits: u64, n: u64, level: f64) -> f64 {
    // One side at `level` is the lower end of two sides that leave 1 − level on each.
    clopper_pearson(hits, n, (2.0 * clamp_level(level) - 1.0).max(f64::MIN_POSITIVE)).low
}

/// Keeps a level strictly within (0, 1), so that quantiles exist.
fn clamp_level(level: f64) -> f64 {
    level.clamp(1e-9, 1.0 - 1e-9)
}

pub(crate) fn wilson_effective(rate: f64, n: f64, level: f64) -> Interval {
    let z = normal_quantile(0.5 + clamp_level(level) / 2.0);
    let z2 = z * z;
    let centre = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    // Rounding must not leave [0, 1] nor the rate outside of its interval.
    Interval { low: (centre - half).clamp(0.0, rate), high: (centre + half).clamp(rate, 1.0) }
}

pub(crate) fn clopper_pearson_effective(rate: f64, n: f64, level: f64) -> Interval {
    let tail = (1.0 - clamp_level(level)) / 2.0;
    let hits = rate * n;
    let misses = n - hits;
    let low = if hits <= 0.0 { 0.0 } else { beta_quantile(hits, misses.max(0.0) + 1.0, tail) };
    let high = if misses <= 0.0 { 1.0 } else { beta_quantile(hits + 1.0, misses, 1.0 - tail) };
    Interval { low: low.clamp(0.0, rate), high: high.clamp(rate, 1.0) }
}
