//! The integer programme: a variable for each person, day and shift.

use good_lp::{Expression, ResolutionError, Solution, SolverModel, Variable, constraint, microlp, variable, variables};

use crate::check::{is_within, shares_a_grid};
use crate::demand::{Inner, duty, on_duty_grids};
use crate::model::{Role, Week};
use crate::rules::Rule;

/// Cost of a weekend shift, in minutes of work, and of each weekend day worked in the weeks before.
const WEEKEND_COST: f64 = 120.0;
const WEEKEND_TURN_COST: f64 = 60.0;
/// Cost of an off-hours round beyond those asked for.
const ROUND_COST: f64 = 30.0;
/// Keeps equals apart, so that people's rounds fall on different evenings.
const TIE_COST: f64 = 1.0;

/// One shift that could be worked.
struct Choice {
    /// Position in the list of people that is solved for.
    person: usize,
    day: usize,
    shift: usize,
    minutes: f64,
    is_off_hours: bool,
    variable: Variable,
}

/// A solved programme: person (by position in the week), day and shift.
pub(crate) type Chosen = Vec<(usize, usize, usize)>;

/// Finds the cheapest week for these people that meets these demands; `None` if there is none.
/// Without `costs`, any that meets them. `fixed` are the shifts of people who are planned already, whom an officer can
/// join.
pub(crate) fn solve<I>(
    week: &Week<I>,
    people: &[usize],
    demands: &[Inner],
    fixed: &[(usize, usize, usize)],
    costs: bool,
) -> Result<Option<Chosen>, ResolutionError> {
    let mut all = variables!();
    let has = |rule: Rule, person: usize, day: Option<usize>| {
        demands.iter().any(|it| it.rule == rule && it.person == Some(person) && (it.day.is_none() || it.day == day))
    };
    let no_late_round = demands.iter().any(|it| it.rule == Rule::LastVisit);
    let mut choices = Vec::new();
    for person in people {
        for day in 0..7 {
            for (shift, of) in week.shifts.iter().enumerate() {
                let away = has(Rule::Away, *person, Some(day));
                let outside = has(Rule::Available, *person, None) && !is_within(of, &week.people[*person]);
                let last = week.rules.last_visit_starts.value;
                let late = no_late_round && of.round_starts.is_some_and(|time| time > last);
                if !away && !outside && !late {
                    choices.push(Choice {
                        person: *person,
                        day,
                        shift,
                        minutes: f64::from(of.minutes()),
                        is_off_hours: of.is_off_hours(&week.rules),
                        variable: all.add(variable().binary()),
                    });
                }
            }
        }
    }
    let led = led_rounds(week, people, demands, &mut all);
    let objective: Expression = if costs { total_cost(week, &choices) } else { Expression::from(0.0) };
    let mut model = all.minimise(objective).using(microlp);
    let programme = Programme { week, choices: &choices, led: &led, fixed };
    for person in people {
        for day in 0..7 {
            model = model.with(constraint!(programme.sum(|it| it.person == *person && it.day == day, |_| 1.0) <= 1.0));
        }
    }
    for demand in demands {
        for constraint in programme.constraints(demand) {
            model = model.with(constraint);
        }
    }
    let solution = match model.solve() {
        Ok(solution) => solution,
        Err(ResolutionError::Infeasible) => return Ok(None),
        Err(other) => return Err(other),
    };
    let worked = choices.iter().filter(|it| solution.value(it.variable) > 0.5);
    Ok(Some(worked.map(|it| (it.person, it.day, it.shift)).collect()))
}

/// A variable for each officer who has to lead rounds and each day.
fn led_rounds<I>(
    week: &Week<I>,
    people: &[usize],
    demands: &[Inner],
    all: &mut good_lp::ProblemVariables,
) -> Vec<(usize, usize, Variable)> {
    let leads = |person: &&usize| {
        week.people[**person].role == Role::Officer
            && demands.iter().any(|it| it.rule == Rule::OfficerRounds && it.person == Some(**person))
    };
    let officers: Vec<usize> = people.iter().filter(leads).copied().collect();
    let days = officers.into_iter().flat_map(|officer| (0..7).map(move |day| (officer, day)));
    days.map(|(officer, day)| (officer, day, all.add(variable().min(0.0).max(1.0)))).collect()
}

fn total_cost<I>(week: &Week<I>, choices: &[Choice]) -> Expression {
    let days = week.days();
    let cost = |it: &Choice| {
        let turns = f64::from(week.people[it.person].weekend_turns);
        let weekend = if week.is_weekend(days[it.day]) { WEEKEND_COST + turns * WEEKEND_TURN_COST } else { 0.0 };
        let round = if it.is_off_hours { ROUND_COST } else { 0.0 };
        // Prime to seven, so that neighbours in the list start on different days.
        let tie = TIE_COST * ((it.day + 3 * it.person) % 7) as f64 * if it.is_off_hours { 1.0 } else { 0.1 };
        it.minutes + weekend + round + tie
    };
    choices.iter().map(|it| cost(it) * it.variable).sum()
}

struct Programme<'a, I> {
    week: &'a Week<I>,
    choices: &'a [Choice],
    /// Officer, day, and whether a round is led then.
    led: &'a [(usize, usize, Variable)],
    fixed: &'a [(usize, usize, usize)],
}

impl<I> Programme<'_, I> {
    fn sum(&self, which: impl Fn(&Choice) -> bool, factor: impl Fn(&Choice) -> f64) -> Expression {
        self.choices.iter().filter(|it| which(it)).map(|it| factor(it) * it.variable).sum()
    }

    /// What a demand says of the variables. Leave, hours named and late rounds have none: their
    /// variables are not there.
    fn constraints(&self, demand: &Inner) -> Vec<good_lp::Constraint> {
        let rules = &self.week.rules;
        let days = self.week.days();
        let own = |it: &Choice| Some(it.person) == demand.person;
        let one = |_: &Choice| 1.0;
        let value = |limit: &Option<crate::Limit<u32>>| limit.as_ref().map_or(0.0, |it| f64::from(it.value));
        match demand.rule {
            Rule::CoordinatorWeekendDays => {
                let worked = self.sum(|it| own(it) && self.week.is_weekend(days[it.day]), one);
                vec![constraint!(worked >= f64::from(rules.coordinator_weekend_days.value))]
            }
            Rule::CoordinatorRounds => {
                let rounds = self.sum(|it| own(it) && it.is_off_hours, one);
                vec![constraint!(rounds >= f64::from(rules.coordinator_rounds.value))]
            }
            Rule::OfficerRounds => self.officer_rounds(demand),
            Rule::NormalHours => {
                let person = demand.person.and_then(|n| self.week.people.get(n));
                let least = person.map_or(0, |it| self.week.normal_minutes(it));
                vec![constraint!(self.sum(own, |it| it.minutes) >= f64::from(least))]
            }
            Rule::MostHours => vec![constraint!(self.sum(own, |it| it.minutes) <= 60.0 * value(&rules.most_hours))],
            Rule::RestDays => vec![constraint!(self.sum(own, one) <= 7.0 - value(&rules.rest_days))],
            Rule::OnDuty => {
                let of_grid =
                    |n: usize| demand.grid.is_some_and(|grid| on_duty_grids(&self.week.people[n]).contains(&grid));
                let there = self.sum(|it| Some(it.day) == demand.day && of_grid(it.person), one);
                vec![constraint!(there >= demand.day.map_or(0.0, |day| value(duty(self.week, day))))]
            }
            Rule::PlanAhead | Rule::Known | Rule::OneShiftADay | Rule::Away | Rule::Available | Rule::LastVisit => {
                Vec::new()
            }
        }
    }

    /// A round is led on a day if the officer makes one and somebody of the same grids does.
    fn officer_rounds(&self, demand: &Inner) -> Vec<good_lp::Constraint> {
        let own: Vec<_> = self.led.iter().filter(|(officer, ..)| Some(*officer) == demand.person).collect();
        let mut list = Vec::new();
        for (officer, day, led) in &own {
            let people = &self.week.people;
            let joins = |n: usize| people[n].role != Role::Officer && shares_a_grid(&people[n], &people[*officer]);
            let on_day = |it: &Choice| it.day == *day && it.is_off_hours;
            list.push(constraint!(*led <= self.sum(|it| on_day(it) && it.person == *officer, |_| 1.0)));
            let is_joined = |(person, on, shift): &(usize, usize, usize)| {
                on == day && joins(*person) && self.week.shifts[*shift].is_off_hours(&self.week.rules)
            };
            let planned = self.fixed.iter().filter(|it| is_joined(it)).count() as f64;
            list.push(constraint!(*led <= planned + self.sum(|it| on_day(it) && joins(it.person), |_| 1.0)));
        }
        let total: Expression = own.iter().map(|(.., led)| *led).sum();
        list.push(constraint!(total >= f64::from(self.week.rules.officer_rounds.value)));
        list
    }
}
