//! Whole surveys of populations whose truth is known: how often does each interval hold it?

use std::collections::BTreeMap;

use survey_sample::{
    Cluster, Design, Draw, Estimate, Frame, IntervalMethod, ItemsOf, Plan, Surveyed, accuracy, accuracy_by_item, draw,
    over_registration, ratio, registration_rate, replicate_weights,
};

use crate::{METHODS, frame, least_share, repeats, seed, uniform};

/// How people come to be unregistered, records to be left over, and items to be wrong.
struct Population {
    name: &'static str,
    whole_household: f64,
    single_person: f64,
}

const POPULATIONS: [Population; 4] = [
    Population { name: "single people, 2 %", whole_household: 0.0, single_person: 0.02 },
    Population { name: "whole households, 2 %", whole_household: 0.02, single_person: 0.0 },
    Population { name: "both, 6 %", whole_household: 0.05, single_person: 0.01 },
    Population { name: "both, 24 %", whole_household: 0.2, single_person: 0.05 },
];

/// What a survey would find at each household of the frame, by the position in it.
fn findings(frame: &Frame, population: &Population) -> Vec<Surveyed> {
    let of_household = |unit: &survey_sample::Unit| {
        let key = &unit.pseudonym;
        // Dormitories are forgotten three times as often.
        let times = if unit.stratum == crate::STRATA[2] { 3.0 } else { 1.0 };
        let chance = |what: String, chance: f64| uniform(&what) < chance * times;
        let whole = |what: &str| chance(format!("{what} {key}"), population.whole_household);
        let single = |what: &str, n: u32| chance(format!("{what} {key} {n}"), population.single_person);
        let count = |what: &str, of: u32| {
            if whole(what) { of } else { (0..of).filter(|n| single(what, *n)).count() as u32 }
        };
        let registered = unit.people;
        let gone = count("gone", registered);
        let here = registered - gone;
        let missing = count("new", unit.people);
        let items = 4 * here;
        Surveyed {
            stratum: unit.stratum.clone(),
            found: here + missing,
            found_registered: here,
            registered,
            gone,
            items,
            items_correct: items - count("item", items),
            chance: None,
        }
    };
    frame.units().iter().map(of_household).collect()
}

/// The drawn households with what was found there.
fn surveyed(frame: &Frame, drawn: &Draw, findings: &[Surveyed]) -> Vec<Surveyed> {
    let found = |it: &survey_sample::Drawn| {
        let position = frame.units().binary_search_by(|unit| unit.pseudonym.cmp(&it.pseudonym)).unwrap();
        Surveyed { chance: it.chance, ..findings[position].clone() }
    };
    drawn.households.iter().map(found).collect()
}

type Rate = fn(&[Surveyed], &Design) -> Estimate;

/// The estimators, and what each counts: hits and total.
const RATES: [(&str, Rate, fn(&Surveyed) -> (u32, u32)); 4] = [
    ("registration", |s, d| registration_rate(s, d, 0.95).unwrap(), |it| (it.found_registered, it.found)),
    ("over-registration", |s, d| over_registration(s, d, 0.95).unwrap(), |it| (it.gone, it.registered)),
    ("accuracy", |s, d| accuracy(s, d, 0.95).unwrap(), |it| (it.items_correct, it.items)),
    ("one item", |s, d| one_item(s, d), |it| (it.items_correct, it.items)),
];

fn one_item(surveyed: &[Surveyed], design: &Design) -> Estimate {
    let items = |it: &Surveyed| ItemsOf {
        stratum: it.stratum.clone(),
        items: BTreeMap::from([("mobile".to_owned(), (it.items, it.items_correct))]),
        chance: it.chance,
    };
    let items: Vec<_> = surveyed.iter().map(items).collect();
    accuracy_by_item(&items, design, 0.95).unwrap().remove("mobile").unwrap()
}

fn wilson(surveyed: &[Surveyed], design: &Design) -> Estimate {
    let clusters: Vec<_> = surveyed
        .iter()
        .map(|it| Cluster {
            stratum: &it.stratum,
            people: it.found,
            hits: it.found_registered,
            total: it.found,
            chance: it.chance,
        })
        .collect();
    ratio(&clusters, design, 0.95, IntervalMethod::WilsonEffective).unwrap()
}

/// Every design and population with these rates; lists the shares of surveys below `least`.
fn check(rates: &[(&str, Rate, fn(&Surveyed) -> (u32, u32))], least: f64) {
    let times = repeats(400);
    let frame = frame(300);
    let mut low = Vec::new();
    for population in &POPULATIONS {
        let findings = findings(&frame, population);
        for method in METHODS {
            for (min_households, min_people) in [(15, 30), (60, 120)] {
                let plan = Plan { method, committee: None, min_households, min_people };
                let mut held = vec![0; rates.len()];
                for n in 0..times {
                    let drawn = draw(&frame, &seed(n), &plan).unwrap();
                    let surveyed = surveyed(&frame, &drawn, &findings);
                    for (held, (_, rate, counts)) in held.iter_mut().zip(rates) {
                        let sum = |pick: fn((u32, u32)) -> u32| {
                            findings.iter().map(|it| f64::from(pick(counts(it)))).sum::<f64>()
                        };
                        let truth = sum(|it| it.0) / sum(|it| it.1);
                        let it = rate(&surveyed, &drawn.design());
                        *held += u32::from(it.low <= truth && truth <= it.high);
                    }
                }
                for (held, (name, ..)) in held.iter().zip(rates) {
                    let found = f64::from(*held) / f64::from(times);
                    let line = format!("{name}, {}, {method:?}, {min_households} households: {found}", population.name);
                    println!("{line}");
                    if found < least_share(least, times) {
                        low.push(line);
                    }
                }
            }
        }
    }
    assert!(low.is_empty(), "\n{}", low.join("\n"));
}

#[test]
fn korn_graubard_intervals_hold_the_truth_as_often_as_they_say() {
    check(&RATES[..2], 0.94);
}

/// Where all 24 items of a household err together, a few dozen households tell their own spread badly.
#[test]
fn intervals_of_items_hold_the_truth_nearly_as_often_even_where_households_err_as_one() {
    check(&RATES[2..], 0.91);
}

#[test]
fn wilson_intervals_hold_the_truth_nearly_as_often() {
    check(&[("registration", wilson, |it| (it.found_registered, it.found))], 0.92);
}

/// The registration rate under some weights.
fn registered(surveyed: &[Surveyed], weights: &[f64]) -> f64 {
    let sum = |count: fn(&Surveyed) -> u32| {
        surveyed.iter().zip(weights).map(|(it, weight)| weight * f64::from(count(it))).sum::<f64>()
    };
    sum(|it| it.found_registered) / sum(|it| it.found)
}

#[test]
fn the_jackknife_tells_how_far_the_rate_strays_from_draw_to_draw() {
    let (frame, times) = (frame(300), repeats(400));
    let findings = findings(&frame, &POPULATIONS[3]);
    for method in METHODS {
        let plan = Plan { method, committee: None, min_households: 60, min_people: 120 };
        let (mut rates, mut told) = (Vec::new(), 0.0);
        for n in 0..times {
            let drawn = draw(&frame, &seed(n), &plan).unwrap();
            let surveyed = surveyed(&frame, &drawn, &findings);
            let replicates = replicate_weights(&surveyed, &drawn.design()).unwrap();
            rates.push(registered(&surveyed, &replicates.weights));
            told += replicates.variance(|weights| registered(&surveyed, weights)) / f64::from(times);
        }
        let mean = rates.iter().sum::<f64>() / rates.len() as f64;
        let strayed = rates.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / rates.len() as f64;
        let ratio = (told / strayed).sqrt();
        println!("{method:?}: standard error by the jackknife {ratio:.3} of what it is");
        assert!((0.88..1.2).contains(&ratio), "{method:?}: {ratio}");
    }
}

#[test]
fn of_a_mean_the_jackknife_gives_the_textbook_variance() {
    let homes: Vec<Surveyed> =
        [3, 1, 4, 1, 5].map(|found_registered| Surveyed { found: 1, found_registered, ..Surveyed::default() }).into();
    let it = replicate_weights(&homes, &Design::Simple { households: 20 }).unwrap();
    assert_eq!((it.weights.as_slice(), it.replicates.len()), ([4.0; 5].as_slice(), 5));
    // s² / n · (1 − n / N), with s² = 3.2.
    let variance = it.variance(|weights| registered(&homes, weights));
    assert!((variance - 3.2 / 5.0 * 0.75).abs() < 1e-12, "{variance}");
    let two = Design::Stratified(BTreeMap::from([(String::new(), 20), ("other".into(), 3)]));
    let lonely = [homes.as_slice(), &[Surveyed { stratum: "other".into(), ..homes[0].clone() }]].concat();
    let it = replicate_weights(&lonely, &two).unwrap();
    assert_eq!((it.replicates.len(), it.weights[5]), (5, 3.0), "a household alone in its stratum is never left out");
    assert!(replicate_weights(&[], &two).is_err());
}
