//! Asking, counting and adding beside a walk from day to day with a set of special days: `cargo bench -p cn-workday`.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::{
    collections::{HashMap, HashSet},
    hint::black_box,
    time::Instant,
};

use cn_workday::Calendar;
use jiff::civil::{Date, Weekday, date};

const TABLE: &str = include_str!("../data/workdays-2024-2026.csv");
const ROUNDS: usize = 20_000;

/// What one writes in an afternoon.
struct ByHand {
    off: HashSet<Date>,
    work: HashSet<Date>,
}

impl ByHand {
    fn new() -> Self {
        let rows = TABLE.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let mut kinds: HashMap<String, HashSet<Date>> = HashMap::new();
        for row in rows {
            kinds.entry(row[2].to_owned()).or_default().extend(row[0].parse::<Date>());
        }
        let mut take = |kind: &str| kinds.remove(kind).unwrap_or_default();
        ByHand { off: take("off"), work: take("work") }
    }

    fn is_workday(&self, day: Date) -> bool {
        let weekday = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.work.contains(&day) || (weekday && !self.off.contains(&day))
    }

    fn next(day: Date) -> Date {
        day.tomorrow().unwrap_or(day)
    }

    fn count(&self, from: Date, to: Date) -> usize {
        let days = std::iter::successors(Some(from), |day| Some(Self::next(*day)).filter(|next| *next <= to));
        days.filter(|day| self.is_workday(*day)).count()
    }

    fn add(&self, from: Date, n: usize) -> Date {
        let (mut day, mut left) = (from, n);
        while left > 0 {
            day = Self::next(day);
            left -= usize::from(self.is_workday(day));
        }
        day
    }
}

fn main() {
    let (hand, calendar) = (ByHand::new(), Calendar::official());
    let days: Vec<Date> = (0..ROUNDS).map(|n| date(2024, 1, 1) + jiff::Span::new().days((n % 700) as i64)).collect();
    let by_hand = |what, work: &dyn Fn(Date) -> usize| timed(what, None, &days, work);
    let ours = |what, base, work: &dyn Fn(Date) -> usize| timed(what, Some(base), &days, work);

    let base = by_hand("is it a working day, two sets", &|day| usize::from(hand.is_workday(day)));
    ours("Calendar::is_workday", base, &|day| usize::from(calendar.is_workday(day) == Ok(true)));
    let base = by_hand("working days of 300 days, walked", &|day| hand.count(day, day + jiff::Span::new().days(300)));
    ours("Calendar::count_workdays", base, &|day| {
        calendar.count_workdays(day..=day + jiff::Span::new().days(300)).unwrap_or(0) as usize
    });
    let base = by_hand("100 working days later, walked", &|day| hand.add(day, 100).day() as usize);
    ours("Calendar::add_workdays", base, &|day| calendar.add_workdays(day, 100).map_or(0, |d| d.day() as usize));
}

/// Times the best of seven runs and prints it with the ratio to a baseline.
fn timed(what: &str, baseline: Option<f64>, days: &[Date], work: &dyn Fn(Date) -> usize) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..7 {
        let begun = Instant::now();
        black_box(days.iter().map(|day| work(*day)).sum::<usize>());
        best = best.min(begun.elapsed().as_secs_f64());
    }
    let each_ns = best * 1e9 / days.len() as f64;
    let ratio = baseline.map_or(String::new(), |base| format!("  ×{:.3} of the baseline's time", each_ns / base));
    println!("{what:34} {each_ns:10.1} ns{ratio}");
    each_ns
}
