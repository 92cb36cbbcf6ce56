//! A period's visits over its days.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use visit_plan::{DayShare, Due, Point, Reason, balance};

/// A Monday.
const TODAY: Date = date(2026, 5, 18);

fn visit(id: usize, urgency: i32) -> Due<usize> {
    let location = Point::new(121.1 + (id * 37 % 100) as f64 * 1e-4, 31.15);
    Due { id, reason: Reason::DueToday, urgency, location }
}

fn days(offsets: &[i64]) -> Vec<Date> {
    offsets.iter().map(|n| TODAY + n.days()).collect()
}

fn counts(shares: &[DayShare<usize>]) -> Vec<usize> {
    shares.iter().map(|it| it.plan.visits.len()).collect()
}

#[test]
fn visits_without_hurry_are_spread_evenly() {
    let due: Vec<_> = (0..11).map(|id| visit(id, -20)).collect();
    let shares = balance(&due, TODAY, &days(&[0, 1, 2, 3, 4]), None);
    assert_eq!(counts(&shares), [3, 2, 2, 2, 2]);
    assert_eq!(shares[0].plan.left_over, 8);
}

#[test]
fn what_is_past_its_day_belongs_to_the_first() {
    let due: Vec<_> = (0..6).map(|id| visit(id, 3)).chain((6..8).map(|id| visit(id, -20))).collect();
    assert_eq!(counts(&balance(&due, TODAY, &days(&[0, 1]), None)), [6, 2]);
}

#[test]
fn days_before_a_crowded_one_take_some_of_its_visits() {
    // Nine are due by Wednesday, three more by the end of the week.
    let due: Vec<_> = (0..9).map(|id| visit(id, -2)).chain((9..12).map(|id| visit(id, -6))).collect();
    assert_eq!(counts(&balance(&due, TODAY, &days(&[0, 1, 2, 3, 4]), None)), [3, 3, 3, 2, 1]);
}

#[test]
fn what_falls_due_on_a_day_off_is_done_before_it() {
    let due = [visit(0, -5), visit(1, -6), visit(2, -7)];
    let shares = balance(&due, TODAY, &days(&[4, 7]), None);
    assert_eq!(counts(&shares), [2, 1], "Saturday's and Sunday's on Friday");
    assert!(balance(&due, TODAY, &[], None).is_empty());
}

proptest! {
    #[test]
    fn every_visit_is_made_once_and_in_time(
        urgencies in prop::collection::vec(-30_i32..10, 0..80), offsets in prop::collection::btree_set(0_i64..28, 1..15),
    ) {
        let due: Vec<_> = urgencies.iter().enumerate().map(|(id, urgency)| visit(id, *urgency)).collect();
        let offsets: Vec<i64> = offsets.into_iter().collect();
        let shares = balance(&due, TODAY, &days(&offsets), Point::new(121.1, 31.15));
        let mut made = vec![0; due.len()];
        for (share, offset) in shares.iter().zip(&offsets) {
            for visit in &share.plan.visits {
                made[visit.id] += 1;
                let served = offsets.iter().filter(|day| **day <= i64::from(-visit.urgency)).max();
                prop_assert!(*offset <= *served.unwrap_or(&offsets[0]), "{visit:?} on {offset}");
            }
        }
        prop_assert!(made.iter().all(|times| *times == 1), "{made:?}");
    }

    #[test]
    fn no_day_takes_more_than_the_tightest_deadline_asks_for(urgencies in prop::collection::vec(-12_i32..1, 1..60)) {
        let due: Vec<_> = urgencies.iter().enumerate().map(|(id, urgency)| visit(id, *urgency)).collect();
        let shares = balance(&due, TODAY, &days(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), None);
        let until = |day: usize| urgencies.iter().filter(|it| -**it <= day as i32 || day == 9).count();
        let least = (0..10).map(|day| until(day).div_ceil(day + 1)).max().unwrap();
        prop_assert_eq!(counts(&shares).into_iter().max(), Some(least));
    }
}
