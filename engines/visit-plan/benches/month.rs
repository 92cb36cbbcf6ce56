//! A month of 200 grids, beside going round in the order of the list; a day's walk beside the nearest neighbour's:
//! `cargo bench -p visit-plan`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::{hint::black_box, time::Instant};

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday, date},
};
use visit_plan::{
    Hazard, PastCheck, Point, Premises, Seen, Turn, due, likeliest_stale, nearest_neighbour_order, period_plan,
    walking_order,
};

const FIRST: Date = date(2026, 6, 1);
const GRIDS: u32 = 200;
const HOMES: u32 = 250;
/// A label's longest gap for every tenth home; the others are verified once a month.
const GAPS_DAYS: [u16; 3] = [10, 15, 30];

/// Homes of a grid of about 500 m by 500 m, some of them visited in the month before.
fn homes(grid: u32) -> Vec<Premises<u32>> {
    let mut state = u64::from(grid) + 1;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut home = |n: u32| {
        let (lon, lat) = (121.1 + next(5_000) as f64 * 1e-6, 31.15 + next(4_500) as f64 * 1e-6);
        let mut home = Premises::new(n, Point::new(lon, lat));
        home.max_gap_days = n.is_multiple_of(10).then(|| GAPS_DAYS[n as usize / 10 % 3]);
        home.last_visited = (next(5) > 0).then(|| FIRST - i64::try_from(1 + next(28)).unwrap().days());
        home.monthly = true;
        home
    };
    (0..HOMES).map(&mut home).collect()
}

/// Two people on each working day of June, the second with half as much time.
fn turns() -> Vec<Turn<u8>> {
    let free = [Weekday::Saturday, Weekday::Sunday];
    let days = (0..30).map(|n| FIRST + n.days()).filter(|day| !free.contains(&day.weekday()));
    days.flat_map(|date| [(0, 2), (1, 1)].map(|(worker, weight)| Turn { date, worker, weight })).collect()
}

/// What a list on paper does: so many a day in its order. Its walk in metres.
fn in_turn(homes: &[Premises<u32>], turns: &[Turn<u8>]) -> f64 {
    let places: Vec<Point> = homes.iter().filter_map(|home| home.location).collect();
    let share = places.len().div_ceil(turns.len());
    places.chunks(share).map(|day| day.windows(2).map(|two| two[0].distance_m(&two[1])).sum::<f64>()).sum()
}

fn main() {
    let (grids, turns): (Vec<_>, _) = ((0..GRIDS).map(homes).collect(), turns());
    println!("a month of {GRIDS} grids with {HOMES} homes each, {} turns:", turns.len());
    let base = timed("in the order of the list", None, || grids.iter().map(|homes| in_turn(homes, &turns)).sum());
    timed("due, on each day of the month", Some(base), || {
        let on = |homes: &Vec<_>, n: i64| due(homes, FIRST + n.days(), 3).len() as f64;
        grids.iter().map(|homes| (0..30).map(|n| on(homes, n)).sum::<f64>()).sum()
    });
    let planned = |homes: &Vec<_>| period_plan(homes, &turns, 3);
    timed("period_plan", Some(base), || {
        grids.iter().map(|homes| planned(homes).iter().map(|share| share.total_m).sum::<f64>()).sum()
    });
    let (visits, metres) = grids
        .iter()
        .flat_map(planned)
        .fold((0, 0.0), |(n, metres), share| (n + share.visits.len(), metres + share.total_m));
    let listed: f64 = grids.iter().map(|homes| in_turn(homes, &turns)).sum();
    let each = |metres: f64, visits: usize| metres / visits as f64;
    let homes = (GRIDS * HOMES) as usize;
    println!(
        "metres a visit: planned {:.0}, in the order of the list {:.0}",
        each(metres, visits),
        each(listed, homes)
    );

    println!("walks over 40 places:");
    let days: Vec<Vec<Point>> =
        grids.iter().map(|homes| homes.iter().take(40).filter_map(|home| home.location).collect()).collect();
    let walk = |order: fn(Point, &[Point]) -> visit_plan::Route| -> f64 {
        days.iter().map(|points| order(points[0], points).total_m).sum()
    };
    let base = timed("nearest_neighbour_order", None, || walk(nearest_neighbour_order));
    timed("walking_order", Some(base), || walk(walking_order));
    let shorter = 1.0 - walk(walking_order) / walk(nearest_neighbour_order);
    println!("walking_order is {:.1} % shorter", shorter * 100.0);
    stale(&grids);
}

/// The hazard of 20 types from 100,000 past checks, and what 50,000 premises are worth a visit.
fn stale(grids: &[Vec<Premises<u32>>]) {
    println!("what is likeliest stale:");
    let check = |n: u32| PastCheck {
        kind: n % 20,
        gap_days: u16::try_from(1 + n * 7 % 90).unwrap(),
        size: 1 + n % 4,
        changes: u32::from(n.is_multiple_of(11 + n % 20)),
    };
    let past: Vec<PastCheck<u32>> = (0..100_000).map(check).collect();
    let seen = |home: &Premises<u32>| Seen {
        id: home.id,
        kind: home.id % 20,
        size: 1 + home.id % 4,
        last_seen: home.last_visited,
        location: home.location,
    };
    let seen: Vec<Seen<u32, u32>> = grids.iter().flatten().map(seen).collect();
    let base = timed("a rate of changes for each type", None, || {
        let mut sums = [(0.0, 0.0); 20];
        for one in &past {
            let (changes, days) = &mut sums[one.kind as usize];
            *changes += f64::from(one.changes);
            *days += f64::from(one.size) * f64::from(one.gap_days);
        }
        sums.iter().map(|(changes, days)| changes / days).sum()
    });
    timed("Hazard::estimate", Some(base), || {
        black_box(Hazard::estimate(&past, 1_000.0));
        0.0
    });
    let hazard = Hazard::estimate(&past, 1_000.0);
    timed("likeliest_stale, 50,000 premises", Some(base), || likeliest_stale(&seen, &hazard, FIRST)[0].gain);
}

/// Times the best of three runs and prints it with the ratio to a baseline.
fn timed(what: &str, baseline: Option<f64>, mut work: impl FnMut() -> f64) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..3 {
        let begun = Instant::now();
        black_box(work());
        best = best.min(begun.elapsed().as_secs_f64());
    }
    let ratio = baseline.map_or(String::new(), |base| format!("  ×{:.2} of the baseline's time", best / base));
    println!("{what:38} {:10.2} ms{ratio}", best * 1e3);
    best
}
