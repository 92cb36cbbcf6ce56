//! A period's visits over its days and the people who are there.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use visit_plan::{Point, Premises, Reason, Turn, TurnShare, period_plan};

/// A Monday.
const FIRST: Date = date(2026, 5, 4);

fn home(id: usize) -> Premises<usize> {
    let location = Point::new(121.1 + (id * 37 % 100) as f64 * 1e-4, 31.15);
    Premises { monthly: true, ..Premises::new(id, location) }
}

fn label(id: usize, gap: u16, last: Option<Date>) -> Premises<usize> {
    Premises { max_gap_days: Some(gap), last_visited: last, ..Premises::new(id, None) }
}

/// The working days of May from a day on, each with these people, all of whom have the same weight.
fn turns(from: Date, people: &[u8]) -> Vec<Turn<u8>> {
    let days = (0..31).map(|n| from + n.days()).take_while(|day| day.month() == 5);
    let works = |day: &Date| day.weekday().to_monday_zero_offset() < 5;
    let turn = |date| people.iter().map(move |worker| Turn { date, worker: *worker, weight: 1 });
    days.filter(works).flat_map(turn).collect()
}

fn by_worker(shares: &[TurnShare<usize, u8>]) -> BTreeMap<u8, usize> {
    let mut all = BTreeMap::new();
    shares.iter().for_each(|share| *all.entry(share.worker).or_default() += share.visits.len());
    all
}

#[test]
fn a_month_without_labels_is_the_same_for_everybody_every_day() {
    let homes: Vec<_> = (0..160).map(home).collect();
    let shares = period_plan(&homes, &turns(FIRST, &[1, 2]), 2);
    assert_eq!(shares.len(), 40);
    assert!(shares.iter().all(|share| share.visits.len() == 4));
}

#[test]
fn whoever_is_away_has_nothing_and_the_others_take_it() {
    let homes: Vec<_> = (0..60).map(home).collect();
    let mut there = turns(FIRST, &[1, 2]);
    there.retain(|turn| turn.worker == 1 || turn.date > date(2026, 5, 18));
    let shares = period_plan(&homes, &there, 2);
    // Thirty turns share sixty homes: one and a half a day of presence, rounded.
    assert_eq!(by_worker(&shares), BTreeMap::from([(1, 42), (2, 18)]));
}

#[test]
fn labelled_premises_come_up_each_time_their_gap_is_over_and_before_days_off() {
    let shares = period_plan(&[label(0, 10, Some(date(2026, 4, 29)))], &turns(FIRST, &[1]), 2);
    let days: Vec<(i8, Reason)> =
        shares.iter().flat_map(|share| share.visits.iter().map(|v| (share.date.day(), v.reason))).collect();
    // The 9th and the last permitted day after it, the 18th, are a Saturday and a Monday.
    assert_eq!(days[0], (7, Reason::DueSoon { days: 2 }));
    let gaps: Vec<i8> = days.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!(gaps.iter().all(|gap| (7..=10).contains(gap)), "{days:?}");
    assert!(31 - days.last().unwrap().0 < 10);
}

#[test]
fn what_is_long_overdue_is_shared_by_all_who_are_there_on_the_first_day() {
    let late: Vec<_> = (0..6).map(|id| label(id, 10, Some(date(2026, 3, 1)))).collect();
    let shares = period_plan(&late, &turns(FIRST, &[1, 2, 3]), 2);
    let counts: Vec<usize> = shares[..3].iter().map(|share| share.visits.len()).collect();
    assert_eq!(counts, [2, 2, 2]);
}

#[test]
fn nobody_there_makes_no_plan() {
    assert!(period_plan::<usize, u8>(&[home(0)], &[], 2).is_empty());
}

proptest! {
    #[test]
    fn every_home_is_verified_once_and_shares_differ_by_one_at_most(
        homes in 0_usize..120, people in 1_u8..4, from in 4_i8..28,
    ) {
        let homes: Vec<_> = (0..homes).map(home).collect();
        let people: Vec<u8> = (0..people).collect();
        let there = turns(date(2026, 5, from), &people);
        prop_assume!(!there.is_empty());
        let shares = period_plan(&homes, &there, 2);
        let mut seen: Vec<usize> = shares.iter().flat_map(|share| share.visits.iter().map(|v| v.id)).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..homes.len()).collect::<Vec<_>>());
        let counts: Vec<usize> = shares.iter().map(|share| share.visits.len()).collect();
        prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1);
    }

    #[test]
    fn no_gap_is_exceeded_by_a_plan_that_has_every_working_day(
        premises in prop::collection::vec((4_u16..20, 0_i64..4), 1..40),
    ) {
        let all: Vec<_> = premises.iter().enumerate()
            .map(|(id, (gap, ago))| label(id, *gap, Some(FIRST - (*ago).days()))).collect();
        let shares = period_plan(&all, &turns(FIRST, &[1, 2]), 2);
        for place in &all {
            let mut last = place.last_visited.unwrap();
            let gap = i64::from(place.max_gap_days.unwrap());
            let days = shares.iter().filter(|s| s.visits.iter().any(|v| v.id == place.id)).map(|s| s.date);
            for day in days.chain([date(2026, 5, 29)]) {
                prop_assert!((day - last).get_days() as i64 <= gap, "{:?} on {day} after {last}", place);
                last = day;
            }
        }
    }
}
