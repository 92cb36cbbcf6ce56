//! People, shifts, the week, the plan.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

use crate::rules::Rules;

/// What somebody is in the team (岗位).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Community officer (社区民警).
    Officer,
    /// Coordinator (社区综合协管员).
    Coordinator,
    /// Anybody else: grid leader, full-time grid worker.
    Other,
}

/// Somebody who works in the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person<I> {
    /// Identifier.
    pub id: I,
    /// Post.
    pub role: Role,
    /// Grids worked in, by any number; an officer may have several.
    pub grids: Vec<u32>,
    /// Days of leave, training or sickness.
    pub away: BTreeSet<Date>,
    /// The hours within which every shift lies, where the person has named any.
    pub hours: Option<(Time, Time)>,
    /// Weekend days worked in the weeks before; whoever has fewer is asked first.
    pub weekend_turns: u32,
}

impl<I> Person<I> {
    /// Somebody without leave, at any hours.
    pub fn new(id: I, role: Role, grids: Vec<u32>) -> Person<I> {
        Person { id, role, grids, away: BTreeSet::new(), hours: None, weekend_turns: 0 }
    }
}

/// A kind of shift (班次). It begins and ends on the same day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its name.
    pub name: String,
    /// Begins.
    pub starts: Time,
    /// Ends.
    pub ends: Time,
    /// Minutes of it that are not worked.
    pub break_minutes: u32,
    /// When its round of visits starts, if it has one apart from normal work.
    pub round_starts: Option<Time>,
}

impl Shift {
    /// Minutes worked; 0 where it ends before it begins.
    pub fn minutes(&self) -> u32 {
        let minute = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
        let long = minute(self.ends) - minute(self.starts);
        u32::try_from(long).unwrap_or(0).saturating_sub(self.break_minutes)
    }

    /// Whether it has a round outside normal hours (错时巡查).
    pub fn is_off_hours(&self, rules: &Rules) -> bool {
        let normal = rules.workday_starts.value..rules.workday_ends.value;
        self.round_starts.is_some_and(|time| !normal.contains(&time))
    }

    /// The usual three: a normal day, a late day whose last hours are a round, and a normal day that
    /// a round follows. The round starts at 18:30, or when the scheme has its last visit start if that is earlier;
    /// both days count eight hours.
    pub fn usual(rules: &Rules) -> Vec<Shift> {
        let (starts, ends) = (rules.workday_starts.value, rules.workday_ends.value);
        let round = Time::constant(18, 30, 0, 0).min(rules.last_visit_starts.value);
        let shift = |name: &str, starts, ends, break_minutes, round_starts| Shift {
            name: name.to_owned(),
            starts,
            ends,
            break_minutes,
            round_starts,
        };
        let late_starts = Time::constant(12, 0, 0, 0);
        let late_ends = Time::constant(20, 30, 0, 0);
        vec![
            shift("day", starts, ends, 30, None),
            shift("late", late_starts, late_ends, 30, Some(round)),
            shift("long", starts, late_ends, 90, Some(round)),
        ]
    }
}

/// A week to be planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Week<I> {
    /// Its Monday; a day within it counts as its Monday.
    pub monday: Date,
    /// The official working days in it.
    pub workdays: BTreeSet<Date>,
    /// Who works; no identifier twice.
    pub people: Vec<Person<I>>,
    /// Kinds of shifts.
    pub shifts: Vec<Shift>,
    /// The rules.
    pub rules: Rules,
}

impl<I> Week<I> {
    /// A week in which Monday to Friday are the working days, with the usual shifts.
    pub fn usual(monday: Date, people: Vec<Person<I>>, rules: Rules) -> Week<I> {
        let week = Week { monday, workdays: BTreeSet::new(), people, shifts: Shift::usual(&rules), rules };
        let workdays = week.days().into_iter().take(5).collect();
        Week { workdays, ..week }
    }

    /// Monday to Sunday.
    pub fn days(&self) -> Vec<Date> {
        let back = i64::from(self.monday.weekday().to_monday_zero_offset());
        let monday = self.monday.saturating_sub(back.days());
        (0..7_i64).map(|n| monday.saturating_add(n.days())).collect()
    }

    /// Whether a day is a Saturday or Sunday that is no official working day.
    pub fn is_weekend(&self, day: Date) -> bool {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.workdays.contains(&day)
    }

    /// Minutes that somebody works at least (R31): a fifth of the normal week for each official working
    /// day on which the person is not away.
    pub fn normal_minutes(&self, person: &Person<I>) -> u32 {
        let days = self.days().into_iter().filter(|day| self.workdays.contains(day) && !person.away.contains(day));
        self.rules.normal_hours.value.saturating_mul(12).saturating_mul(days.count() as u32)
    }
}

/// One person's shift on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn<I> {
    /// Who.
    pub who: I,
    /// When.
    pub date: Date,
    /// Which of [`Week::shifts`], by position.
    pub shift: usize,
}

/// A week's plan (一周错时工作计划).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<I> {
    /// The day on which it is filed with the team leader.
    pub filed_on: Date,
    /// Who works when.
    pub turns: Vec<Turn<I>>,
}
