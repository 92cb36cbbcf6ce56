//! Walking orders.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use visit_plan::{Point, nearest_neighbour_order, walking_order};

fn point(lon: f64, lat: f64) -> Point {
    Point::new(lon, lat).unwrap()
}

/// Anywhere within some kilometres.
fn any_point() -> impl Strategy<Value = Point> {
    (121.05..121.15, 31.10..31.20).prop_map(|(lon, lat)| point(lon, lat))
}

#[test]
fn metres_are_those_of_the_ground() {
    // One thousandth of a degree: 111.19 m to the north, 95.16 m to the east at 31.15° N.
    let here = point(121.1, 31.15);
    assert!((here.distance_m(&point(121.1, 31.151)) - 111.195).abs() < 0.01);
    assert!((here.distance_m(&point(121.101, 31.15)) - 95.16).abs() < 0.02);
}

#[test]
fn points_off_the_globe_do_not_exist() {
    for (lon, lat) in [(181.0, 0.0), (0.0, -90.5), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        assert_eq!(Point::new(lon, lat), None);
    }
}

#[test]
fn doors_along_a_lane_are_walked_one_after_the_other() {
    let doors: Vec<_> = [3, 0, 4, 1, 2].map(|n| point(121.1 + f64::from(n) * 0.001, 31.15)).into();
    let route = walking_order(point(121.0999, 31.15), &doors);
    assert_eq!(route.order, [1, 3, 4, 0, 2]);
    assert!((route.total_m - 4.1 * 95.16).abs() < 1.0, "{}", route.total_m);
}

#[test]
fn crossings_of_the_nearest_neighbour_are_untangled() {
    // From the middle of a lane the nearest neighbour zigzags over the start.
    let doors: Vec<_> = [-1.0, 1.5, -4.0, 7.0].map(|n| point(121.1 + n * 0.001, 31.15)).into();
    let start = point(121.1, 31.15);
    let (near, best) = (nearest_neighbour_order(start, &doors), walking_order(start, &doors));
    assert!(best.total_m < 0.95 * near.total_m, "{} {}", best.total_m, near.total_m);
}

#[test]
fn no_points_make_no_walk() {
    let route = walking_order(point(0.0, 0.0), &[]);
    assert_eq!((route.order.len(), route.total_m), (0, 0.0));
}

/// The shortest walk of all.
fn best_m(here: Point, left: &[Point]) -> f64 {
    let walk = |next: usize| {
        let mut rest = left.to_vec();
        let there = rest.swap_remove(next);
        here.distance_m(&there) + best_m(there, &rest)
    };
    (0..left.len()).map(walk).min_by(f64::total_cmp).unwrap_or(0.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases * 3 / 8))]

    #[test]
    fn an_order_is_a_permutation_never_longer_than_the_nearest_neighbours(
        start in any_point(), points in prop::collection::vec(any_point(), 0..60),
    ) {
        let (near, route) = (nearest_neighbour_order(start, &points), walking_order(start, &points));
        let mut order = route.order.clone();
        order.sort_unstable();
        prop_assert!(order.into_iter().eq(0..points.len()));
        prop_assert!(route.total_m <= near.total_m + 1e-6);
        let mut here = start;
        let mut total_m = 0.0;
        for position in &route.order {
            total_m += here.distance_m(&points[*position]);
            here = points[*position];
        }
        prop_assert!((total_m - route.total_m).abs() <= 0.001 * total_m + 1e-6, "{} {}", total_m, route.total_m);
    }
}

proptest! {
    // A heuristic has its worst cases: these are the same in every run.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(18), ..ProptestConfig::with_cases(ProptestConfig::default().cases * 3 / 2) })]

    #[test]
    fn short_walks_are_near_the_shortest(start in any_point(), points in prop::collection::vec(any_point(), 1..7)) {
        let found = walking_order(start, &points).total_m;
        prop_assert!(found <= 1.25 * best_m(start, &points), "{} {}", found, best_m(start, &points));
    }
}
