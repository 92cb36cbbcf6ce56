//! A plan held against every rule, apart from the programme that proposes plans.

use std::fmt;

use jiff::Span;
use jiff::civil::Date;

use crate::demand::{Inner, demands, on_duty_grids};
use crate::model::{Person, Plan, Role, Shift, Turn, Week};
use crate::rules::Rule;

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken<I> {
    /// The rule.
    pub rule: Rule,
    /// The person.
    pub who: Option<I>,
    /// The day.
    pub date: Option<Date>,
    /// The grid.
    pub grid: Option<u32>,
    /// What the plan has, where the rule has a number; hours are in minutes.
    pub found: Option<u32>,
    /// What the rule asks for.
    pub limit: Option<u32>,
    /// The clause; empty for what is no rule of the scheme.
    pub clause: String,
}

impl<I: fmt::Display> fmt::Display for Broken<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let demand = crate::Demand {
            rule: self.rule,
            who: self.who.as_ref(),
            date: self.date,
            grid: self.grid,
            limit: self.limit,
            clause: self.clause.clone(),
        };
        match (self.found, self.rule) {
            (Some(minutes), Rule::NormalHours | Rule::MostHours) => {
                write!(f, "{demand}; the plan has {:.1} h", f64::from(minutes) / 60.0)
            }
            (Some(found), _) => write!(f, "{demand}; the plan has {found}"),
            (None, _) => write!(f, "{demand}"),
        }
    }
}

/// Lists every rule that a plan breaks, with who, when and the clause; empty for a plan that keeps
/// them all (R31). A turn of somebody or something unknown is named and not counted.
pub fn validate<I: Clone + PartialEq>(week: &Week<I>, plan: &Plan<I>) -> Vec<Broken<I>> {
    let days = week.days();
    let mut broken = Vec::new();
    let ahead = Span::new().try_days(week.rules.plan_ahead_days.value);
    if plan.filed_on > ahead.map_or(Date::MIN, |ahead| days[0].saturating_sub(ahead)) {
        broken.push(of(week, Inner { rule: Rule::PlanAhead, person: None, day: None, grid: None }, None));
    }
    let mut of_person: Vec<Vec<(usize, &Shift)>> = vec![Vec::new(); week.people.len()];
    for turn in &plan.turns {
        let person = week.people.iter().position(|it| it.id == turn.who);
        let day = days.iter().position(|it| *it == turn.date);
        match (person, day, week.shifts.get(turn.shift)) {
            (Some(person), Some(day), Some(shift)) => of_person[person].push((day, shift)),
            _ => broken.push(unknown(turn)),
        }
    }
    let checked = Checked { week, of_person };
    for position in 0..week.people.len() {
        checked.turns(position, &mut broken);
    }
    let everybody: Vec<usize> = (0..week.people.len()).collect();
    for demand in demands(week, &everybody) {
        if let Some(found) = checked.falls_short(&demand) {
            broken.push(of(week, demand, Some(found)));
        }
    }
    broken
}

fn unknown<I: Clone>(turn: &Turn<I>) -> Broken<I> {
    Broken {
        rule: Rule::Known,
        who: Some(turn.who.clone()),
        date: Some(turn.date),
        grid: None,
        found: None,
        limit: None,
        clause: String::new(),
    }
}

fn of<I: Clone>(week: &Week<I>, demand: Inner, found: Option<u32>) -> Broken<I> {
    let crate::Demand { rule, who, date, grid, limit, clause } = demand.told(week);
    Broken { rule, who, date, grid, found, limit, clause }
}

struct Checked<'a, I> {
    week: &'a Week<I>,
    of_person: Vec<Vec<(usize, &'a Shift)>>,
}

impl<I: Clone> Checked<'_, I> {
    /// What can be said of each turn by itself.
    fn turns(&self, position: usize, broken: &mut Vec<Broken<I>>) {
        let person = &self.week.people[position];
        let days = self.week.days();
        let mut add =
            |rule, day| broken.push(of(self.week, Inner { rule, person: Some(position), day, grid: None }, None));
        let mut seen = [false; 7];
        for (day, shift) in &self.of_person[position] {
            if std::mem::replace(&mut seen[*day], true) {
                add(Rule::OneShiftADay, Some(*day));
            }
            if person.away.contains(&days[*day]) {
                add(Rule::Away, Some(*day));
            }
            if !is_within(shift, person) {
                add(Rule::Available, Some(*day));
            }
            if shift.round_starts.is_some_and(|time| time > self.week.rules.last_visit_starts.value) {
                add(Rule::LastVisit, Some(*day));
            }
        }
    }

    /// What the plan has, if that is less than a demand asks for (for the most hours: more).
    fn falls_short(&self, demand: &Inner) -> Option<u32> {
        let limit = demand.told(self.week).limit?;
        let turns = demand.person.map_or(&[][..], |position| self.of_person[position].as_slice());
        let days = self.week.days();
        let count = |holds: &dyn Fn(usize, &Shift) -> bool| {
            let mut of_day = [false; 7];
            turns.iter().for_each(|(day, shift)| of_day[*day] |= holds(*day, shift));
            of_day.into_iter().filter(|it| *it).count() as u32
        };
        let off_hours = |shift: &Shift| shift.is_off_hours(&self.week.rules);
        let minutes = || turns.iter().fold(0_u32, |sum, (_, shift)| sum.saturating_add(shift.minutes()));
        let found = match demand.rule {
            Rule::CoordinatorWeekendDays => count(&|day, _| self.week.is_weekend(days[day])),
            Rule::CoordinatorRounds => count(&|_, shift| off_hours(shift)),
            Rule::OfficerRounds => {
                let officer = &self.week.people[demand.person?];
                count(&|day, shift| off_hours(shift) && self.is_accompanied(officer, day))
            }
            Rule::NormalHours => minutes(),
            Rule::MostHours => return Some(minutes()).filter(|found| *found > limit),
            Rule::RestDays => 7 - count(&|_, _| true),
            Rule::OnDuty => self.on_duty(demand.grid?, demand.day?),
            _ => return None,
        };
        (found < limit).then_some(found)
    }

    /// Whether somebody of an officer's grids makes an off-hours round on a day.
    fn is_accompanied(&self, officer: &Person<I>, day: usize) -> bool {
        let mut others = self.week.people.iter().zip(&self.of_person);
        others.any(|(person, turns)| {
            person.role != Role::Officer
                && shares_a_grid(person, officer)
                && turns.iter().any(|(of_day, shift)| *of_day == day && shift.is_off_hours(&self.week.rules))
        })
    }

    fn on_duty(&self, grid: u32, day: usize) -> u32 {
        let people = self.week.people.iter().zip(&self.of_person);
        let there = people.filter(|(person, turns)| {
            on_duty_grids(person).contains(&grid) && turns.iter().any(|(of_day, _)| *of_day == day)
        });
        there.count() as u32
    }
}

/// Whether a shift lies within the hours that somebody has named.
pub(crate) fn is_within<I>(shift: &Shift, person: &Person<I>) -> bool {
    person.hours.is_none_or(|(from, to)| from <= shift.starts && shift.ends <= to)
}

pub(crate) fn shares_a_grid<I>(a: &Person<I>, b: &Person<I>) -> bool {
    a.grids.iter().any(|grid| b.grids.contains(grid))
}
