//! The draw: minimums, proportions, equal chances.

use std::collections::BTreeMap;

use proptest::prelude::*;
use survey_sample::{DrawError, Frame, Method, Plan, Shortfall, Unit, draw, rank};

use crate::{METHODS, frame, seed};

fn plan(method: Method, min_households: u32, min_people: u32) -> Plan {
    Plan { method, committee: None, min_households, min_people }
}

#[test]
fn a_rank_is_sha256_of_seed_and_pseudonym() {
    // python3: hashlib.sha256(hashlib.sha256(bytes(4)).digest() + "邻里".encode()).hexdigest()
    assert_eq!(rank(&seed(0), "邻里").to_string(), "80ee3bac547f1b4cb36533bfada08667e140547488db1349b8184681e2aff787");
}

#[test]
fn a_committee_is_drawn_from_alone() {
    let plan = Plan { committee: Some("东方村".into()), ..plan(Method::Simple, 15, 30) };
    let frame = frame(100);
    let drawn = draw(&frame, &seed(1), &plan).unwrap();
    let odd = |pseudonym: &str| pseudonym[1..].parse::<u32>().unwrap() % 2 == 1;
    assert!(drawn.households.iter().all(|it| odd(&it.pseudonym)));
    assert_eq!(drawn.strata.iter().map(|it| it.households).sum::<u64>(), 50);
    let nowhere = Plan { committee: Some("西方村".into()), ..plan };
    assert_eq!(draw(&frame, &seed(1), &nowhere), Err(DrawError::NothingToDraw));
}

#[test]
fn a_frame_too_small_is_drawn_whole_and_says_so() {
    let frame = frame(10);
    for method in METHODS {
        let drawn = draw(&frame, &seed(1), &plan(method, 15, 30)).unwrap();
        assert_eq!(drawn.households.len(), 10);
        assert_eq!(drawn.shortfall, Some(Shortfall { households: 5, people: 30_u64.saturating_sub(drawn.people()) }));
    }
    assert_eq!(draw(&frame, &seed(1), &plan(Method::Simple, 0, 0)), Err(DrawError::EmptyPlan));
    let empty = Frame::new(Vec::new()).unwrap();
    assert_eq!(draw(&empty, &seed(1), &plan(Method::Simple, 1, 0)), Err(DrawError::NothingToDraw));
}

#[test]
fn every_household_has_the_same_chance_in_a_simple_draw() {
    let frame = frame(40);
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for n in 0..2000 {
        let drawn = draw(&frame, &seed(n), &plan(Method::Simple, 10, 0)).unwrap();
        assert_eq!(drawn.households.len(), 10);
        drawn.households.into_iter().for_each(|it| *times.entry(it.pseudonym).or_default() += 1);
    }
    // 500 expected with a standard deviation of 19.4; chi-square of 39 degrees of freedom, 99.9 %.
    let chi_square: f64 = times.values().map(|n| (f64::from(*n) - 500.0).powi(2) / 375.0).sum();
    assert_eq!(times.len(), 40);
    assert!(chi_square * 39.0 / 40.0 < 72.1, "{chi_square}");
}

/// Homes of `sizes` people, named by their position.
fn homes(sizes: &[u32]) -> Frame {
    let unit = |(n, people): (usize, &u32)| Unit {
        pseudonym: format!("h{n:03}"),
        stratum: if n % 3 == 0 { "a" } else { "b" }.into(),
        committee: None,
        people: *people,
    };
    Frame::new(sizes.iter().enumerate().map(unit).collect()).unwrap()
}

#[test]
fn chances_go_by_size_and_are_those_stated() {
    // Vacant homes count as one person; the home of 40 is taken for certain.
    let sizes: Vec<u32> = (0..30).map(|n| n % 5).chain([40]).collect();
    let frame = homes(&sizes);
    for method in [Method::ProportionalToSize, Method::StratifiedProportionalToSize] {
        let mut times = vec![0_u32; sizes.len()];
        let mut stated = vec![0.0; sizes.len()];
        for n in 0..4000 {
            let drawn = draw(&frame, &seed(n), &plan(method, 8, 0)).unwrap();
            assert_eq!(drawn.households.len(), 8);
            for it in drawn.households {
                let position: usize = it.pseudonym[1..].parse().unwrap();
                times[position] += 1;
                stated[position] = it.chance.unwrap().value().unwrap();
            }
        }
        assert_eq!(times[30], 4000);
        assert!((stated.iter().sum::<f64>() - 8.0).abs() < 1e-9, "chances add up to the sample: {stated:?}");
        for (position, chance) in stated.iter().enumerate().take(30) {
            // Four and a half standard deviations; thirty homes leave that once in 5,000 seeds' sets.
            let spread = 4.5 * (chance * (1.0 - chance) / 4000.0).sqrt();
            let found = f64::from(times[position]) / 4000.0;
            assert!((found - chance).abs() < spread, "{method:?} {position}: {found} {chance}");
            let same_stratum = |n: &usize| n.is_multiple_of(3) == position.is_multiple_of(3);
            let like = (0..30).find(|n| sizes[*n].max(1) == 1 && same_stratum(n)).unwrap();
            assert!((chance / stated[like] - f64::from(sizes[position].max(1))).abs() < 1e-9);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 4))]

    #[test]
    fn both_minimums_are_reached_and_no_more_is_drawn_than_needed(n in any::<u32>(), households in 1_u32..40, people in 1_u32..90) {
        let drawn = draw(&frame(120), &seed(n), &plan(Method::Simple, households, people)).unwrap();
        prop_assert!(drawn.households.len() >= households as usize && drawn.people() >= u64::from(people));
        let last = u64::from(drawn.households.last().unwrap().people);
        let one_less = (drawn.households.len() - 1) < households as usize || drawn.people() - last < u64::from(people);
        prop_assert!(one_less);
        prop_assert!(drawn.households.is_sorted_by_key(|it| it.rank));
        prop_assert_eq!(drawn.shortfall, None);
    }

    #[test]
    fn draws_by_size_reach_both_minimums_and_state_a_chance_for_each(
        n in any::<u32>(), households in 1_u32..40, people in 1_u32..150, stratified in any::<bool>(),
    ) {
        let method = if stratified { Method::StratifiedProportionalToSize } else { Method::ProportionalToSize };
        let drawn = draw(&frame(120), &seed(n), &plan(method, households, people)).unwrap();
        prop_assert!(drawn.households.len() >= households as usize && drawn.people() >= u64::from(people));
        prop_assert!(drawn.households.is_sorted_by_key(|it| it.rank));
        prop_assert!(drawn.households.iter().all(|it| it.chance.is_some_and(|chance| chance.value().is_some())));
        prop_assert_eq!(drawn.strata.iter().map(|it| it.drawn).sum::<u64>(), drawn.households.len() as u64);
        prop_assert!(!stratified || drawn.strata.iter().all(|it| it.drawn >= 2));
    }

    #[test]
    fn strata_are_drawn_in_proportion(n in any::<u32>(), households in 6_u32..60) {
        let drawn = draw(&frame(300), &seed(n), &plan(Method::Stratified, households, 0)).unwrap();
        prop_assert_eq!(drawn.households.len(), households as usize);
        for stratum in &drawn.strata {
            let fair = f64::from(households) * stratum.households as f64 / 300.0;
            prop_assert!(stratum.drawn >= 2 && (stratum.drawn as f64 - fair).abs() < 2.0, "{stratum:?} {fair}");
        }
    }
}
