//! Intervals and sample sizes against published and exact values.

use statrs::distribution::{Binomial, Discrete};
use survey_sample::{Interval, clopper_pearson, one_sided_lower, sample_needed, smallest_sample, wilson};

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 5e-5
}

/// Clopper–Pearson by bisection of the binomial sums, Wilson by its formula, in another language.
#[test]
fn intervals_equal_those_worked_out_elsewhere() {
    for (hits, n, exact, score) in [
        (29, 30, (0.82783, 0.99916), (0.83330, 0.99409)),
        (30, 30, (0.88430, 1.0), (0.88649, 1.0)),
        (0, 10, (0.0, 0.30850), (0.0, 0.27753)),
        (5, 10, (0.18709, 0.81291), (0.23659, 0.76341)),
    ] {
        let Interval { low, high } = clopper_pearson(hits, n, 0.95);
        assert!(close(low, exact.0) && close(high, exact.1), "{hits}/{n}: {low} {high}");
        let Interval { low, high } = wilson(hits, n, 0.95);
        assert!(close(low, score.0) && close(high, score.1), "{hits}/{n}: {low} {high}");
    }
    assert_eq!(wilson(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
    assert_eq!(clopper_pearson(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
}

#[test]
fn thirty_of_thirty_show_only_ninety_and_a_half_percent() {
    assert!(close(one_sided_lower(30, 30, 0.95), 0.90497));
    assert!(one_sided_lower(149, 149, 0.95) >= 0.98 && one_sided_lower(148, 148, 0.95) < 0.98);
    assert_eq!(smallest_sample(0.98, 0.95), Some(149));
    assert_eq!(one_sided_lower(0, 30, 0.95), 0.0);
}

/// Exact coverage: the binomial probabilities of all counts whose interval holds the true rate.
fn coverage(n: u64, rate: f64, interval: fn(u64, u64, f64) -> Interval) -> f64 {
    let binomial = Binomial::new(rate, n).unwrap();
    let holds = |hits: &u64| {
        let Interval { low, high } = interval(*hits, n, 0.95);
        low <= rate && rate <= high
    };
    (0..=n).filter(holds).map(|hits| binomial.pmf(hits)).sum()
}

#[test]
fn clopper_pearson_never_covers_less_than_it_says_and_wilson_does_on_average() {
    for n in [10, 30, 100] {
        let rates: Vec<f64> = (1..100).map(|percent| f64::from(percent) / 100.0).collect();
        let exact: Vec<f64> = rates.iter().map(|rate| coverage(n, *rate, clopper_pearson)).collect();
        assert!(exact.iter().all(|it| *it >= 0.95), "n = {n}");
        let score: f64 = rates.iter().map(|rate| coverage(n, *rate, wilson)).sum::<f64>() / 99.0;
        assert!((0.943..0.965).contains(&score), "n = {n}: {score}");
    }
}

#[test]
fn the_sample_needed_has_the_power_asked_for() {
    let people = sample_needed(0.98, 0.995, 1.0, 0.95, 0.8).unwrap();
    let power = |people: u64| {
        let binomial = Binomial::new(0.995, people).unwrap();
        let shown = |hits: &u64| one_sided_lower(*hits, people, 0.95) >= 0.98;
        (people - 10..=people).filter(shown).map(|hits| binomial.pmf(hits)).sum::<f64>()
    };
    assert!(power(people) >= 0.8 && power(people - 1) < 0.8, "{people}");
    assert_eq!(sample_needed(0.98, 0.995, 2.0, 0.95, 0.8), Some(2 * people));
    assert_eq!(sample_needed(0.98, 1.0, 1.0, 0.95, 0.8), Some(149));
    for (target, alternative, deff, level, power) in [
        (0.98, 0.98, 1.0, 0.95, 0.8),
        (0.98, 0.99, 0.5, 0.95, 0.8),
        (0.0, 0.5, 1.0, 0.95, 0.8),
        (0.98, 0.99, 1.0, 1.0, 0.8),
        (0.98, 0.99, f64::NAN, 0.95, 0.8),
    ] {
        assert_eq!(sample_needed(target, alternative, deff, level, power), None);
    }
}
