//! People whom neither survey nor roster has.

use proptest::prelude::*;
use survey_sample::{DualError, Listed, dual_system};

use crate::{least_share, repeats, uniform};

fn group(both: u32, survey_only: u32, roster_only: u32) -> Listed {
    Listed { both, survey_only, roster_only }
}

#[test]
fn people_listed_singly_have_chapmans_estimate_and_the_interval_of_the_profile_likelihood() {
    let people = |n: usize, it: Listed| vec![it; n];
    let all = [people(150, group(1, 0, 0)), people(50, group(0, 1, 0)), people(150, group(0, 0, 1))].concat();
    let it = dual_system(&all, 0.95).unwrap();
    // 200 surveyed, 300 on rosters, 150 on both: 201 · 301 / 151 − 1.
    assert!((it.people - (201.0 * 301.0 / 151.0 - 1.0)).abs() < 1e-9 && it.listed == 350);
    assert!((it.missed() - 49.67).abs() < 0.01, "{}", it.missed());
    // By a grid over whole numbers in another language: twice the fall of the likelihood is at most 3.8415.
    assert!((it.low - 380.0).abs() < 1.5 && (it.high - 424.0).abs() < 1.5, "{it:?}");
    assert!(it.deff < 1.01);
}

#[test]
fn lists_without_anybody_in_common_say_nothing() {
    assert_eq!(dual_system(&[group(0, 9, 9)], 0.95), Err(DualError::NobodyOnBoth));
    assert_eq!(dual_system(&[], 0.95), Err(DualError::NobodyOnBoth));
    assert_eq!(dual_system(&[group(1, 0, 0)], 1.0), Err(DualError::Level(1.0)));
    let same = dual_system(&[group(1, 0, 0); 40], 0.95).unwrap();
    assert!(same.missed() < 1e-9 && same.high >= 40.0 && same.high < 43.0, "{same:?}");
}

#[test]
fn households_that_are_missed_together_widen_the_interval() {
    let together: Vec<_> = (0..60).map(|n| [group(4, 0, 0), group(0, 4, 0), group(0, 0, 4)][n % 3]).collect();
    let single = |it: &Listed| vec![group(it.both / 4, it.survey_only / 4, it.roster_only / 4); 4];
    let apart: Vec<_> = together.iter().flat_map(single).collect();
    let (together, apart) = (dual_system(&together, 0.95).unwrap(), dual_system(&apart, 0.95).unwrap());
    assert_eq!(together.people, apart.people);
    assert!(together.deff > 3.5 && together.deff < 4.5 && apart.deff < 1.1, "{together:?} {apart:?}");
    assert!(together.high - together.low > 1.7 * (apart.high - apart.low));
}

/// Share of repeated surveys whose interval holds the true number: homes of 1 to 5 people, listed
/// singly or, in a share of homes, together.
fn coverage(homes: u32, survey: f64, roster: f64, together: f64, times: u32) -> f64 {
    let holds = |time: &u32| {
        let mut people = 0;
        let groups: Vec<Listed> = (0..homes)
            .map(|home| {
                let key = |what: &str| uniform(&format!("{time} {home} {what}"));
                let size = 1 + (key("size") * 5.0) as u32;
                people += size;
                let as_one = key("one") < together;
                let mut it = Listed::default();
                for person in 0..size {
                    let who = if as_one { 0 } else { person };
                    let (found, listed) = (key(&format!("s{who}")) < survey, key(&format!("r{who}")) < roster);
                    it.both += u32::from(found && listed);
                    it.survey_only += u32::from(found && !listed);
                    it.roster_only += u32::from(!found && listed);
                }
                it
            })
            .collect();
        let it = dual_system(&groups, 0.95).unwrap();
        it.low <= f64::from(people) && f64::from(people) <= it.high
    };
    f64::from((0..times).filter(holds).count() as u32) / f64::from(times)
}

#[test]
fn the_interval_holds_the_true_number_as_often_as_it_says() {
    let times = repeats(500);
    let mut low = Vec::new();
    for (homes, survey, roster) in [(60, 0.95, 0.6), (60, 0.8, 0.8), (200, 0.95, 0.85), (200, 0.6, 0.5)] {
        for together in [0.0, 0.5, 1.0] {
            let found = coverage(homes, survey, roster, together, times);
            println!("dual system, {homes} homes, {survey}, {roster}, together {together}: {found}");
            low.extend(
                (found < least_share(0.94, times)).then(|| format!("{homes} {survey} {roster} {together}: {found}")),
            );
        }
    }
    assert!(low.is_empty(), "{low:?}");
}

proptest! {
    #[test]
    fn the_interval_holds_the_estimate_and_everybody_listed(
        counts in prop::collection::vec((0_u32..6, 0_u32..6, 0_u32..6), 1..40), level in 0.5..0.999,
    ) {
        let groups: Vec<_> = counts.iter().map(|(a, b, c)| group(*a, *b, *c)).collect();
        let Ok(it) = dual_system(&groups, level) else { return Ok(()) };
        prop_assert!(it.listed as f64 <= it.low + 1e-9 && it.low <= it.people + 1e-9 && it.people <= it.high, "{it:?}");
        prop_assert!(it.deff.is_finite() && it.high.is_finite());
    }
}
