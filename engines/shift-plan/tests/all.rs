//! All integration tests of the engine.
#![allow(clippy::unwrap_used)]

mod all {
    pub mod checks;
    pub mod proposals;
}

use jiff::civil::{Date, date, time};
use shift_plan::{Limit, Person, Role, Rules, Week};

const MONDAY: Date = date(2026, 6, 8);
const IN_TIME: Date = date(2026, 6, 1);

/// A day of the week, from 0 for Monday.
fn day(n: i8) -> Date {
    date(2026, 6, 8 + n)
}

fn rules() -> Rules {
    let limit = |value| Limit::new(value, "附件2");
    Rules {
        plan_ahead_days: limit(7),
        officer_rounds: limit(1),
        coordinator_weekend_days: limit(1),
        coordinator_rounds: limit(2),
        normal_hours: limit(40),
        workday_starts: Limit::new(time(9, 0, 0, 0), "附件2"),
        workday_ends: Limit::new(time(17, 30, 0, 0), "附件2"),
        last_visit_starts: Limit::new(time(20, 30, 0, 0), "附件2"),
        most_hours: None,
        rest_days: Some(Limit::new(1, "劳动法")),
        on_duty: None,
        weekend_duty: None,
    }
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
    Week::usual(MONDAY, team(), rules())
}
