//! What the rules ask of a week, one demand for each person, day or grid that a rule is about.

use std::fmt;

use jiff::civil::Date;

use crate::model::{Person, Role, Week};
use crate::rules::{Limit, Rule};

/// One thing that is asked of a week: a rule, and whom or what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand<I> {
    /// The rule.
    pub rule: Rule,
    /// The person.
    pub who: Option<I>,
    /// The day.
    pub date: Option<Date>,
    /// The grid.
    pub grid: Option<u32>,
    /// The number asked for, where the rule has one; hours are in minutes.
    pub limit: Option<u32>,
    /// The clause; empty for what is no rule of the scheme, such as leave.
    pub clause: String,
}

impl<I: fmt::Display> fmt::Display for Demand<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(who) = &self.who {
            write!(f, "{who}, ")?;
        }
        if let Some(grid) = self.grid {
            write!(f, "grid {grid}, ")?;
        }
        if let Some(date) = self.date {
            write!(f, "{date}, ")?;
        }
        write!(f, "{}", self.rule)?;
        match (self.limit, self.rule) {
            (Some(minutes), Rule::NormalHours | Rule::MostHours) => write!(f, ": {:.1} h", f64::from(minutes) / 60.0)?,
            (Some(limit), _) => write!(f, ": {limit}")?,
            (None, _) => {}
        }
        if self.clause.is_empty() { Ok(()) } else { write!(f, " ({})", self.clause) }
    }
}

/// A demand within the engine: people by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inner {
    pub rule: Rule,
    pub person: Option<usize>,
    /// Day of the week, from 0.
    pub day: Option<usize>,
    pub grid: Option<u32>,
}

impl Inner {
    fn of(rule: Rule, person: usize) -> Inner {
        Inner { rule, person: Some(person), day: None, grid: None }
    }

    /// For those outside.
    pub fn told<I: Clone>(&self, week: &Week<I>) -> Demand<I> {
        let rules = &week.rules;
        let person = self.person.and_then(|n| week.people.get(n));
        let number = |limit: &Limit<u32>| (Some(limit.value), limit.clause.clone());
        let optional = |limit: &Option<Limit<u32>>| limit.as_ref().map_or((None, String::new()), number);
        let (limit, clause) = match self.rule {
            Rule::OfficerRounds => number(&rules.officer_rounds),
            Rule::CoordinatorWeekendDays => number(&rules.coordinator_weekend_days),
            Rule::CoordinatorRounds => number(&rules.coordinator_rounds),
            Rule::NormalHours => (person.map(|it| week.normal_minutes(it)), rules.normal_hours.clause.clone()),
            Rule::MostHours => {
                let (hours, clause) = optional(&rules.most_hours);
                (hours.map(|hours| hours.saturating_mul(60)), clause)
            }
            Rule::RestDays => optional(&rules.rest_days),
            Rule::OnDuty => optional(self.day.map_or(&None, |day| duty(week, day))),
            Rule::LastVisit => (None, rules.last_visit_starts.clause.clone()),
            Rule::PlanAhead => number(&rules.plan_ahead_days),
            Rule::Known | Rule::OneShiftADay | Rule::Away | Rule::Available => (None, String::new()),
        };
        Demand {
            rule: self.rule,
            who: person.map(|it| it.id.clone()),
            date: self.day.and_then(|n| week.days().get(n).copied()),
            grid: self.grid,
            limit,
            clause,
        }
    }
}

/// Everything that is asked of these people in a week.
pub(crate) fn demands<I>(week: &Week<I>, people: &[usize]) -> Vec<Inner> {
    let mut list = Vec::new();
    for position in people {
        of_person(week, *position, &week.people[*position], &mut list);
    }
    let late = |it: &crate::Shift| it.round_starts.is_some_and(|time| time > week.rules.last_visit_starts.value);
    if week.shifts.iter().any(late) {
        list.push(Inner { rule: Rule::LastVisit, person: None, day: None, grid: None });
    }
    if week.rules.asks_for_duty() {
        let mut grids: Vec<u32> = people.iter().flat_map(|n| on_duty_grids(&week.people[*n])).copied().collect();
        grids.sort_unstable();
        grids.dedup();
        for grid in grids {
            let days = (0..7).filter(|day| duty(week, *day).is_some());
            let demand = |day| Inner { rule: Rule::OnDuty, person: None, day: Some(day), grid: Some(grid) };
            list.extend(days.map(demand));
        }
    }
    list
}

/// How many people each grid has on duty on a day of the week.
pub(crate) fn duty<I>(week: &Week<I>, day: usize) -> &Option<Limit<u32>> {
    match week.days().get(day) {
        Some(date) if week.workdays.contains(date) => &week.rules.on_duty,
        Some(date) if week.is_weekend(*date) => &week.rules.weekend_duty,
        _ => &None,
    }
}

/// The grids in which somebody counts as on duty; an officer is at home in many and counts in none.
pub(crate) fn on_duty_grids<I>(person: &Person<I>) -> &[u32] {
    if person.role == Role::Officer { &[] } else { &person.grids }
}

fn of_person<I>(week: &Week<I>, position: usize, person: &Person<I>, list: &mut Vec<Inner>) {
    let away = week.days().into_iter().enumerate().filter(|(_, day)| person.away.contains(day));
    list.extend(away.map(|(day, _)| Inner { day: Some(day), ..Inner::of(Rule::Away, position) }));
    let rules = &week.rules;
    let asked = [
        (Rule::Available, person.hours.is_some()),
        (Rule::OfficerRounds, person.role == Role::Officer && rules.officer_rounds.value > 0),
        (Rule::CoordinatorWeekendDays, is_coordinator(person) && rules.coordinator_weekend_days.value > 0),
        (Rule::CoordinatorRounds, is_coordinator(person) && rules.coordinator_rounds.value > 0),
        (Rule::NormalHours, week.normal_minutes(person) > 0),
        (Rule::MostHours, rules.most_hours.is_some()),
        (Rule::RestDays, rules.rest_days.is_some()),
    ];
    list.extend(asked.into_iter().filter(|(_, asked)| *asked).map(|(rule, _)| Inner::of(rule, position)));
}

fn is_coordinator<I>(person: &Person<I>) -> bool {
    person.role == Role::Coordinator
}
