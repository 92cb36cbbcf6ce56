//! The teams of 35 committees, a week each: `cargo bench -p shift-plan`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use shift_plan::{Limit, Person, ProposeError, Role, Rules, Week, propose, validate};

const MONDAY: Date = date(2026, 6, 8);
const COMMITTEES: u32 = 35;

fn rules() -> Rules {
    let ask = |value| Some(Limit::new(value, ""));
    Rules { most_hours: ask(44), on_duty: ask(1), ..Rules::sample() }
}

/// Two to nine grids: an officer for each five, in each grid a leader, one or two coordinators and a grid worker,
/// some of them on leave.
fn team(committee: u32) -> Vec<Person<u32>> {
    let grids = 2 + committee % 8;
    let mut people = Vec::new();
    let mut add = |role, own: Vec<u32>| {
        let id = people.len() as u32;
        let mut person = Person::new(id, role, own);
        let leave = id.wrapping_mul(2_654_435_761).wrapping_add(committee * 97);
        if leave.is_multiple_of(6) {
            person.away.insert(MONDAY + i64::from(leave / 6 % 5).days());
        }
        person.weekend_turns = leave % 4;
        people.push(person);
    };
    for first in (0..grids).step_by(5) {
        add(Role::Officer, (first..grids.min(first + 5)).collect());
    }
    for grid in 0..grids {
        add(Role::Other, vec![grid]);
        for _ in 0..1 + (grid + committee) % 2 {
            add(Role::Coordinator, vec![grid]);
        }
        add(Role::Other, vec![grid]);
    }
    people
}

fn main() {
    let (mut people, mut slowest, mut total) = (0, 0.0_f64, 0.0);
    for committee in 0..COMMITTEES {
        let week = Week::usual(MONDAY, team(committee), rules());
        let begun = Instant::now();
        let plan = propose(&week, date(2026, 6, 1));
        let seconds = begun.elapsed().as_secs_f64();
        match plan {
            Ok(plan) => assert!(validate(&week, &plan).is_empty(), "committee {committee}"),
            Err(ProposeError::Collides(collision)) => println!("committee {committee}: {collision}"),
            Err(ProposeError::Solver(error)) => panic!("committee {committee}: {error}"),
        }
        people += week.people.len();
        slowest = slowest.max(seconds);
        total += seconds;
    }
    println!("{COMMITTEES} committees, {people} people: {total:.2} s in all, {slowest:.3} s the slowest");

    // Everybody of one grid on leave: how long until the collision is named.
    let mut week = Week::usual(MONDAY, team(7), rules());
    week.people.iter_mut().filter(|it| it.grids == [1]).for_each(|it| {
        it.away.insert(MONDAY);
    });
    let begun = Instant::now();
    let outcome = propose(&week, date(2026, 6, 1));
    let seconds = begun.elapsed().as_secs_f64();
    let Err(ProposeError::Collides(collision)) = outcome else { panic!("nobody of grid 1 is there on Monday") };
    println!("a collision among {} people: {seconds:.3} s, {collision}", week.people.len());
}
