//! A day's visits.

use proptest::prelude::*;
use visit_plan::{Due, Point, Reason, day_plan};

fn visit(id: usize, urgency: i32, lon: f64) -> Due<usize> {
    Due { id, reason: Reason::DueToday, urgency, location: Point::new(lon, 31.15) }
}

fn ids(visits: &[Due<usize>]) -> Vec<usize> {
    visits.iter().map(|it| it.id).collect()
}

#[test]
fn the_most_urgent_are_taken_and_walked_in_order() {
    let due = [visit(0, -5, 121.1), visit(1, 3, 121.3), visit(2, 0, 121.2)];
    let plan = day_plan(&due, 2, Point::new(121.1, 31.15));
    assert_eq!((ids(&plan.visits), plan.left_over), (vec![2, 1], 1));
    assert!((plan.total_m - 19_032.0).abs() < 5.0, "{}", plan.total_m);
}

#[test]
fn equally_urgent_visits_are_taken_street_by_street() {
    let due =
        [visit(0, 2, 121.2), visit(1, -9, 121.1), visit(2, -9, 121.203), visit(3, -9, 121.201), visit(4, -9, 121.15)];
    let plan = day_plan(&due, 3, Point::new(121.2, 31.15));
    assert_eq!(ids(&plan.visits), [0, 3, 2]);
}

#[test]
fn places_without_location_come_last_and_are_not_lost() {
    let unknown = |id, urgency| Due { location: None, ..visit(id, urgency, 0.0) };
    let due = [unknown(0, 9), visit(1, 1, 121.2), unknown(2, 0)];
    let plan = day_plan(&due, 9, None);
    assert_eq!((ids(&plan.visits), plan.left_over, plan.total_m), (vec![1, 0, 2], 0, 0.0));
    let plan = day_plan(&due, 1, None);
    assert_eq!((ids(&plan.visits), plan.left_over), (vec![0], 2));
    assert!(day_plan(&due, 0, None).visits.is_empty());
}

proptest! {
    #[test]
    fn nothing_left_over_is_more_urgent_than_what_was_taken(
        places in prop::collection::vec((-10_i32..10, prop::option::of(121.0..121.2)), 0..40), capacity in 0_usize..50,
    ) {
        let due: Vec<_> = places.iter().enumerate().map(|(id, (urgency, lon))| Due {
            location: lon.and_then(|lon| Point::new(lon, 31.15)), ..visit(id, *urgency, 0.0)
        }).collect();
        let plan = day_plan(&due, capacity, Point::new(121.1, 31.15));
        prop_assert_eq!(plan.visits.len(), capacity.min(due.len()));
        prop_assert_eq!(plan.visits.len() + plan.left_over, due.len());
        let mut taken = ids(&plan.visits);
        taken.sort_unstable();
        prop_assert!(taken.is_sorted_by(|a, b| a < b), "no visit twice");
        let least = plan.visits.iter().map(|it| it.urgency).min().unwrap_or(i32::MAX);
        let left = due.iter().filter(|it| !taken.contains(&it.id));
        prop_assert!(capacity == 0 || left.map(|it| it.urgency).all(|urgency| urgency <= least));
    }
}
