//! How large a sample must be.

use statrs::distribution::{Binomial, DiscreteCDF};

use crate::interval::one_sided_lower;

/// Largest sample that is searched for.
const MAX_SAMPLE: u64 = 10_000_000;
/// Most errors a sample may hold in the search.
const MAX_ERRORS: u64 = 5_000;

fn probability_of_at_most(errors: u64, n: u64, error_rate: f64) -> f64 {
    let binomial = Binomial::new(error_rate, n).expect("an error rate lies within [0, 1]");
    binomial.cdf(errors)
}

/// The smallest number of people of whom all must be right to show `target` at `level`, one-sided
/// and exact: 149 for 98 % at 95 %. `None` unless both lie within (0, 1).
pub fn smallest_sample(target: f64, level: f64) -> Option<u64> {
    smallest_for(0, target, level)
}

/// The smallest number of people, drawn singly from `population` people, of whom all must be right to
/// show `target` at `level`, one-sided and exact. `None` unless target and level lie within (0, 1)
/// and there is anybody.
///
/// ```
/// assert_eq!(survey_sample::smallest_sample_of(500, 0.98, 0.95), Some(119));
/// ```
pub fn smallest_sample_of(population: u64, target: f64, level: f64) -> Option<u64> {
    let within = |value: f64| value > 0.0 && value < 1.0;
    if !within(target) || !within(level) || population == 0 {
        return None;
    }
    // The most that can be right while the target is missed.
    let right = ((target * population as f64 - 1e-9).ceil() as u64).saturating_sub(1);
    let mut all_right = 1.0;
    for n in 0..population {
        if all_right <= 1.0 - level {
            return Some(n);
        }
        all_right *= right.saturating_sub(n) as f64 / (population - n) as f64;
    }
    Some(population)
}

/// A sample that cannot show its target, whatever it finds (样本量不足提示).
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "{people} people, all of them right, show no more than {:.1} % at {:.0} % one-sided; showing {} % takes {needed}",
    percent(*.shows), .level * 100.0, .target * 100.0
)]
pub struct TooFewPeople {
    /// People in the sample.
    pub people: u64,
    /// The rate that they show if all are right.
    pub shows: f64,
    /// The rate to be shown.
    pub target: f64,
    /// Level, one-sided.
    pub level: f64,
    /// People with which all right show the target.
    pub needed: u64,
}

/// In percent with one decimal.
fn percent(rate: f64) -> f64 {
    (rate * 1000.0).round() / 10.0
}

/// Warns of a sample that cannot show its target even if everybody in it is right, as the published
/// minimum of 30 people cannot (R25, R26). `None` where it can, or where target or level lie outside
/// (0, 1).
///
/// ```
/// let warning = survey_sample::too_few_people(30, 0.98, 0.95).expect("thirty are too few");
/// assert_eq!(warning.needed, 149);
/// assert_eq!(
///     warning.to_string(),
///     "30 people, all of them right, show no more than 90.5 % at 95 % one-sided; showing 98 % takes 149",
/// );
/// assert_eq!(survey_sample::too_few_people(149, 0.98, 0.95), None);
/// ```
pub fn too_few_people(people: u64, target: f64, level: f64) -> Option<TooFewPeople> {
    let needed = smallest_sample(target, level)?;
    let shows = if people == 0 { 0.0 } else { one_sided_lower(people, people, level) };
    (people < needed).then_some(TooFewPeople { people, shows, target, level, needed })
}

/// The smallest number of people with which at most `errors` errors show `target`.
fn smallest_for(errors: u64, target: f64, level: f64) -> Option<u64> {
    let within = |value: f64| value > 0.0 && value < 1.0;
    let shows = |n: u64| probability_of_at_most(errors, n, 1.0 - target) <= 1.0 - level + 1e-12;
    if !within(target) || !within(level) || !shows(MAX_SAMPLE) {
        return None;
    }
    let (mut too_few, mut enough) = (errors, MAX_SAMPLE);
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if shows(middle) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    Some(enough)
}

/// The number of people to survey so that a true rate of `alternative` is shown to be at least
/// `target` with a chance of `power`, by the exact one-sided test at `level`. `deff` (1 or more)
/// is the design effect of households: how much the variance exceeds that of people drawn singly.
///
/// `None` if `alternative` is not above `target`, a value is outside its range, or more than ten
/// million people would be needed.
///
/// ```
/// // With 99.5 % right in truth, showing 98 % takes four hundred people, not thirty.
/// let people = survey_sample::sample_needed(0.98, 0.995, 1.0, 0.95, 0.8).expect("in range");
/// assert!((350..450).contains(&people), "{people}");
/// ```
pub fn sample_needed(target: f64, alternative: f64, deff: f64, level: f64, power: f64) -> Option<u64> {
    let in_range = alternative > target && alternative <= 1.0 && power > 0.0 && power < 1.0;
    if !in_range || !deff.is_finite() || deff < 1.0 {
        return None;
    }
    // For each number of tolerated errors the fewest people are also the most powerful, so the
    // first that is powerful enough is the smallest of all.
    for errors in 0..MAX_ERRORS {
        let people = smallest_for(errors, target, level)?;
        if probability_of_at_most(errors, people, 1.0 - alternative) >= power {
            return Some((people as f64 * deff).ceil() as u64);
        }
    }
    None
}
