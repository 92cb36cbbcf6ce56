//! Intervals and sample sizes against published and exact values.

use statrs::distribution::{Binomial, Discrete, Hypergeometric};
use survey_sample::{
    Interval, clopper_pearson, exact_finite, one_sided_lower, sample_needed, smallest_sample, smallest_sample_of,
    too_few_people, wilson,
};

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

#[test]
fn the_finite_interval_never_covers_less_than_it_says_and_ends_in_certainty() {
    for (population, n) in [(40, 10), (60, 30), (200, 30), (30, 30)] {
        for right in 0..=population {
            let drawn = Hypergeometric::new(population, right, n).unwrap();
            let rate = right as f64 / population as f64;
            let holds = |hits: &u64| {
                let Interval { low, high } = exact_finite(*hits, n, population, 0.95);
                low <= rate + 1e-12 && rate - 1e-12 <= high
            };
            let covered: f64 = (0..=n).filter(holds).map(|hits| drawn.pmf(hits)).sum();
            assert!(covered >= 0.95 - 1e-9, "{n} of {population}, {right} right: {covered}");
        }
    }
    assert_eq!(exact_finite(29, 30, 30, 0.95), Interval { low: 29.0 / 30.0, high: 29.0 / 30.0 });
    assert_eq!(exact_finite(0, 0, 30, 0.95), Interval { low: 0.0, high: 1.0 });
}

#[test]
fn one_sided_bounds_cover_what_they_say_for_every_rate() {
    for n in [10, 30, 100] {
        for percent in 1..100 {
            let rate = f64::from(percent) / 100.0;
            let binomial = Binomial::new(rate, n).unwrap();
            let holds = |hits: &u64| one_sided_lower(*hits, n, 0.95) <= rate;
            let covered: f64 = (0..=n).filter(holds).map(|hits| binomial.pmf(hits)).sum();
            assert!(covered >= 0.95, "{n}, {rate}: {covered}");
        }
    }
}

#[test]
fn a_small_population_takes_a_smaller_sample_to_show_98_percent() {
    for (population, people) in [(60, 47), (500, 119), (3_000, 143), (100_000, 149)] {
        assert_eq!(smallest_sample_of(population, 0.98, 0.95), Some(people), "{population}");
        if population > 10_000 {
            continue; // 98 % of so many is nearly the binomial's 149
        }
        // All of them right exclude every number of right ones that misses the target; one fewer does not.
        let most = (0.98 * population as f64).ceil() as u64 - 1;
        let all_right = |n: u64| Hypergeometric::new(population, most, n).unwrap().pmf(n);
        assert!(all_right(people) <= 0.05 && all_right(people - 1) > 0.05, "{population}");
    }
    assert_eq!(smallest_sample_of(0, 0.98, 0.95), None);
    assert_eq!(smallest_sample_of(10, 0.98, 0.95), Some(10), "one wrong of ten is 90 %: all must be seen");
}

#[test]
fn a_warning_says_what_the_published_minimum_can_show() {
    let warning = too_few_people(30, 0.98, 0.95).unwrap();
    assert!(close(warning.shows, 0.90497) && warning.needed == 149);
    assert_eq!(too_few_people(148, 0.98, 0.95).map(|it| it.needed), Some(149));
    assert_eq!(too_few_people(149, 0.98, 0.95), None);
    assert_eq!(too_few_people(30, 0.90, 0.95), None, "30 of 30 do show 90 %");
    assert_eq!(too_few_people(0, 0.98, 0.95).map(|it| it.shows), Some(0.0));
}
