//! All integration tests of the engine.
#![allow(clippy::unwrap_used)]

mod all {
    pub mod checks;
    pub mod proposals;
}

use jiff::civil::{Date, date};
use shift_plan::{Person, Role, Rules, Week};

const MONDAY: Date = date(2026, 6, 8);
const IN_TIME: Date = date(2026, 6, 1);

/// A day of the week, from 0 for Monday.
fn day(n: i8) -> Date {
    date(2026, 6, 8 + n)
}

fn team() -> Vec<Person<&'static str>> {
    vec![
        Person::new("officer", Role::Officer, vec![1, 2]),
        Person::new("one", Role::Coordinator, vec![1]),
        Person::new("two", Role::Coordinator, vec![2]),
        Person::new("leader", Role::Other, vec![1]),
    ]
}

fn week() -> Week<&'static str> {
    Week::usual(MONDAY, team(), Rules::sample())
}
