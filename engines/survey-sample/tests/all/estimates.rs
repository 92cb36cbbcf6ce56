//! Estimators on samples worked out by hand.

use proptest::prelude::*;
use survey_sample::{
    Chance, Cluster, Design, DrawnOf, Estimate, EstimateError, IntervalMethod, ItemsOf, Surveyed, Verdict, accuracy,
    accuracy_by_item, over_registration, ratio, registration_rate, verdict,
};

fn cluster(stratum: &str, hits: u32, total: u32) -> Cluster<'_> {
    Cluster { stratum, people: total, hits, total, chance: None }
}

fn simple(clusters: &[Cluster], households: u64) -> Estimate {
    ratio(clusters, &Design::Simple { households }, 0.95, IntervalMethod::KornGraubard).unwrap()
}

#[test]
fn the_three_rates_are_kept_apart() {
    let household = Surveyed {
        stratum: "s".into(),
        found: 4,
        found_registered: 3,
        registered: 5,
        gone: 2,
        items: 12,
        items_correct: 11,
        chance: None,
    };
    let surveyed = [household.clone(), household];
    let design = Design::Simple { households: 100 };
    let rate = registration_rate(&surveyed, &design, 0.95).unwrap();
    assert_eq!((rate.value, rate.n_people, rate.n_items, rate.n_households), (0.75, 8, 8, 2));
    let rate = over_registration(&surveyed, &design, 0.95).unwrap();
    assert_eq!((rate.value, rate.n_people), (0.4, 10));
    let rate = accuracy(&surveyed, &design, 0.95).unwrap();
    assert_eq!((rate.value, rate.n_people, rate.n_items), (22.0 / 24.0, 6, 24));
}

#[test]
fn strata_are_weighted_by_their_households_in_the_frame() {
    let clusters = [cluster("a", 2, 2), cluster("a", 2, 2), cluster("b", 0, 1), cluster("b", 0, 1)];
    let design = Design::Stratified([("a".into(), 30), ("b".into(), 60), ("c".into(), 7)].into());
    let rate = ratio(&clusters, &design, 0.95, IntervalMethod::KornGraubard).unwrap();
    assert!((rate.value - 0.5).abs() < 1e-12, "30·2 of 30·2 + 60·1");
    assert_eq!(rate.uncovered_households, 7);
}

#[test]
fn an_interval_never_collapses_unless_all_of_the_frame_was_surveyed() {
    let perfect = vec![cluster("", 2, 2); 15];
    let rate = simple(&perfect, 1500);
    assert!(rate.high == 1.0 && (0.75..0.85).contains(&rate.low), "{rate:?}");
    let none = vec![cluster("", 0, 2); 15];
    let rate = simple(&none, 1500);
    assert!(rate.low == 0.0 && (0.15..0.25).contains(&rate.high), "{rate:?}");
    let census = simple(&perfect, 15);
    assert_eq!((census.low, census.high, census.deff), (1.0, 1.0, 0.0));
    let almost = simple(&perfect, 16);
    assert!(almost.low > rate.low && almost.low < 1.0);
}

#[test]
fn households_that_err_together_widen_the_interval() {
    let mut together = vec![cluster("", 4, 4); 27];
    together.extend(vec![cluster("", 0, 4); 3]);
    let mut apart = vec![cluster("", 4, 4); 18];
    apart.extend(vec![cluster("", 3, 4); 12]);
    let (together, apart) = (simple(&together, 3000), simple(&apart, 3000));
    assert_eq!(together.value, apart.value);
    assert!((3.5..5.0).contains(&together.deff), "four people count as one: {together:?}");
    assert!((0.9..2.0).contains(&apart.deff), "{apart:?}");
    assert!(together.high - together.low > 1.3 * (apart.high - apart.low));
}

#[test]
fn impossible_counts_are_refused() {
    let design = Design::Stratified([("a".into(), 1)].into());
    let estimate =
        |clusters: &[Cluster], level| ratio(clusters, &design, level, IntervalMethod::WilsonEffective).unwrap_err();
    assert_eq!(estimate(&[], 0.95), EstimateError::NothingSurveyed);
    assert_eq!(estimate(&[cluster("a", 0, 0)], 0.95), EstimateError::NothingSurveyed);
    assert_eq!(estimate(&[cluster("a", 3, 2)], 0.95), EstimateError::MoreHitsThanTotal(0));
    assert_eq!(estimate(&[cluster("b", 1, 2)], 0.95), EstimateError::UnknownStratum("b".into()));
    let two = [cluster("a", 1, 2), cluster("a", 1, 2)];
    assert!(matches!(estimate(&two, 0.95), EstimateError::MoreThanFrame { surveyed: 2, frame: 1, .. }));
    assert_eq!(estimate(&two, 1.0), EstimateError::Level(1.0));
    assert!(matches!(estimate(&two, f64::NAN), EstimateError::Level(_)));
}

#[test]
fn a_household_drawn_with_a_small_chance_stands_for_many() {
    let by_size = |hits, total, numerator| Cluster {
        chance: Some(Chance { numerator, denominator: 12 }),
        ..cluster("", hits, total)
    };
    // One of 12 chances each for the small, four of 12 for the large: 12·1 + 12·0 and 3·4 + 3·4 people.
    let clusters = [by_size(1, 1, 1), by_size(0, 1, 1), by_size(4, 4, 4), by_size(4, 4, 4)];
    let design = Design::BySize(DrawnOf { households: 30, drawn: 4 });
    let rate = ratio(&clusters, &design, 0.95, IntervalMethod::KornGraubard).unwrap();
    assert!((rate.value - 36.0 / 48.0).abs() < 1e-12, "{rate:?}");
    // Two that could not be surveyed change no weight against another.
    let missing = Design::BySize(DrawnOf { households: 30, drawn: 6 });
    let other = ratio(&clusters, &missing, 0.95, IntervalMethod::KornGraubard).unwrap();
    assert!((other.value - rate.value).abs() < 1e-12 && other.low < rate.low, "{other:?}");
    for chance in [None, Some(Chance { numerator: 0, denominator: 1 }), Some(Chance { numerator: 3, denominator: 2 })] {
        let clusters = [Cluster { chance, ..cluster("", 1, 1) }];
        let refused = ratio(&clusters, &design, 0.95, IntervalMethod::KornGraubard);
        assert_eq!(refused, Err(EstimateError::NoChance(0)));
    }
}

#[test]
fn each_item_has_its_own_rate() {
    let items = |pairs: &[(&str, (u32, u32))]| ItemsOf {
        stratum: "s".into(),
        items: pairs.iter().map(|(name, counts)| ((*name).to_owned(), *counts)).collect(),
        chance: None,
    };
    let surveyed = [items(&[("name", (2, 2)), ("mobile", (2, 1))]), items(&[("name", (3, 3))]), items(&[])];
    let rates = accuracy_by_item(&surveyed, &Design::Simple { households: 50 }, 0.95).unwrap();
    let found: Vec<_> = rates.iter().map(|(name, it)| (name.as_str(), it.value, it.n_items, it.n_households)).collect();
    assert_eq!(found, [("mobile", 0.5, 2, 1), ("name", 1.0, 5, 2)]);
    assert!(rates["name"].low < 1.0 && rates["mobile"].low < 0.1, "{rates:?}");
}

#[test]
fn a_verdict_needs_the_whole_interval_on_one_side() {
    let mut estimate = simple(&[cluster("", 1, 2), cluster("", 2, 2)], 10);
    for (low, high, expected) in [
        (0.90, 0.97, Verdict::BelowTarget),
        (0.90, 0.98, Verdict::CannotTell),
        (0.97, 1.00, Verdict::CannotTell),
        (0.98, 1.00, Verdict::AboveTarget),
    ] {
        (estimate.low, estimate.high) = (low, high);
        assert_eq!(verdict(&estimate, 0.98), expected);
    }
}

proptest! {
    #[test]
    fn every_interval_lies_within_zero_and_one_and_holds_its_rate(
        counts in prop::collection::vec((0_usize..3, 0_u32..7, 0_u32..7), 1..40), extra in 0_u64..50, level in 0.5..0.999,
    ) {
        let names = ["a", "b", "c"];
        let clusters: Vec<_> = counts.iter().map(|(s, a, b)| cluster(names[*s], *a.min(b), *a.max(b))).collect();
        let count = |name: &&str| clusters.iter().filter(|it| it.stratum == *name).count() as u64;
        let sizes = names.iter().map(|name| ((*name).to_owned(), count(name) + extra)).collect();
        for design in [Design::Stratified(sizes), Design::Simple { households: clusters.len() as u64 + extra }] {
            for method in [IntervalMethod::KornGraubard, IntervalMethod::WilsonEffective] {
                let Ok(it) = ratio(&clusters, &design, level, method) else { continue };
                prop_assert!(0.0 <= it.low && it.low <= it.value && it.value <= it.high && it.high <= 1.0, "{it:?}");
                prop_assert!(extra == 0 || it.low < it.high, "{it:?}");
                prop_assert!(it.deff.is_finite() && it.deff >= 0.0, "{it:?}");
            }
        }
    }
}
