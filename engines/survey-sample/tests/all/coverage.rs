//! Whole surveys of populations whose truth is known: how often does the interval hold it?

use survey_sample::{Cluster, Frame, IntervalMethod, Method, Plan, draw, ratio};

use crate::{frame, seed, uniform};

const SURVEYS: u32 = 400;

/// How people come to be unregistered.
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

/// Registered people among the people of each household, by the position in the frame.
fn registered(frame: &Frame, population: &Population) -> Vec<u32> {
    let of_household = |unit: &survey_sample::Unit| {
        let key = &unit.pseudonym;
        // Dormitories are forgotten three times as often.
        let times = if unit.stratum == crate::STRATA[2] { 3.0 } else { 1.0 };
        if uniform(&format!("whole {key}")) < population.whole_household * times {
            return 0;
        }
        let counts = |person: &u32| uniform(&format!("single {key} {person}")) >= population.single_person * times;
        (0..unit.people).filter(counts).count() as u32
    };
    frame.units().iter().map(of_household).collect()
}

/// Share of surveys whose interval holds the truth.
fn coverage(population: &Population, plan: &Plan, interval: IntervalMethod) -> f64 {
    let frame = frame(300);
    let registered = registered(&frame, population);
    let people: u32 = frame.units().iter().map(|it| it.people).sum();
    let truth = f64::from(registered.iter().sum::<u32>()) / f64::from(people);
    let holds = |n: &u32| {
        let drawn = draw(&frame, &seed(*n), plan).unwrap();
        let clusters: Vec<_> = drawn
            .households
            .iter()
            .map(|it| {
                let position = frame.units().binary_search_by(|unit| unit.pseudonym.cmp(&it.pseudonym)).unwrap();
                Cluster { stratum: &it.stratum, people: it.people, hits: registered[position], total: it.people }
            })
            .collect();
        let estimate = ratio(&clusters, &drawn.design(), 0.95, interval).unwrap();
        estimate.low <= truth && truth <= estimate.high
    };
    f64::from((0..SURVEYS).filter(holds).count() as u32) / f64::from(SURVEYS)
}

fn check(interval: IntervalMethod, least: f64) {
    let mut low = Vec::new();
    for population in &POPULATIONS {
        for method in [Method::Simple, Method::Stratified] {
            for (min_households, min_people) in [(15, 30), (60, 120)] {
                let plan = Plan { method, committee: None, min_households, min_people };
                let found = coverage(population, &plan, interval);
                if found < least {
                    low.push(format!("{}, {method:?}, {min_households} households: {found}", population.name));
                }
            }
        }
    }
    assert!(low.is_empty(), "{interval:?}\n{}", low.join("\n"));
}

/// 400 surveys at 95 % hold the truth less than 92 % of the time with a chance of 0.3 %.
#[test]
fn korn_graubard_intervals_hold_the_truth_as_often_as_they_say() {
    check(IntervalMethod::KornGraubard, 0.92);
}

#[test]
fn wilson_intervals_hold_the_truth_nearly_as_often() {
    check(IntervalMethod::WilsonEffective, 0.90);
}
