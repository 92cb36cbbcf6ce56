//! The scheme's rules for a week, from the policy pack, and what a plan breaks of them.

use std::collections::{BTreeSet, HashMap};

use cn_workday::Calendar;
use jiff::civil::Date;
use linli_platform::{AppError, Result, clock::Day, ids::GridId};
use linli_team::StaffId;
use policy_pack::{Pack, Ruled};
use shift_plan::{Broken, Limit, Person, Plan, Rule, Rules, Shift, Turn, Week, validate};

use crate::{cell::Cell, people::Member};

/// A cell of the week: who, when, what.
pub type Planned = (StaffId, Day, Cell);

/// The pack's numbers with their clauses. What the scheme does not ask for is not asked.
pub fn rules(pack: &Pack) -> Rules {
    fn limit<T: Clone>(ruled: &Ruled<T>) -> Limit<T> {
        Limit::new(ruled.value.clone(), ruled.clause.as_str())
    }
    let shifts = &pack.shifts;
    Rules {
        plan_ahead_days: limit(&shifts.plan_ahead_days),
        officer_rounds: limit(&shifts.officer_off_hours_rounds_per_week),
        coordinator_weekend_days: limit(&shifts.coordinator_weekend_days_per_week),
        coordinator_rounds: limit(&shifts.coordinator_off_hours_rounds_per_week),
        normal_hours: limit(&shifts.normal_hours_per_week),
        workday_starts: limit(&shifts.workday_starts),
        workday_ends: limit(&shifts.workday_ends),
        last_visit_starts: limit(&shifts.last_visit_starts),
        most_hours: None,
        rest_days: None,
        on_duty: None,
        weekend_duty: None,
    }
}

/// The kinds of shifts under the pack's hours.
pub fn shifts(pack: &Pack) -> Vec<Shift> {
    Shift::usual(&rules(pack))
}

/// The last day on which the plan of a week is in time.
pub fn file_by(pack: &Pack, monday: Day) -> Day {
    monday.plus_days(-i64::from(*pack.shifts.plan_ahead_days))
}

/// The Monday of the week that a day lies in.
pub fn monday_of(day: Day) -> Day {
    day.plus_days(-i64::from(day.0.weekday().to_monday_zero_offset()))
}

/// The seven days of a week.
pub fn days(monday: Day) -> [Day; 7] {
    std::array::from_fn(|n| monday.plus_days(n as i64))
}

/// The week as the engine plans and checks it. `before` counts the weekend days worked in the weeks before.
///
/// # Errors
/// `workday-year` where the working days of the week's year are not known.
pub fn week(
    pack: &Pack,
    calendar: &Calendar,
    monday: Day,
    members: &[Member],
    cells: &[Planned],
    before: &HashMap<StaffId, u32>,
) -> Result<Week<StaffId>> {
    let mut numbers: Vec<GridId> = members.iter().flat_map(|m| m.grids.iter().copied()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let number = |g: &GridId| numbers.iter().position(|n| n == g).and_then(|n| u32::try_from(n).ok());
    let person = |m: &Member| {
        let grids = m.grids.iter().filter_map(number).collect();
        let away = cells.iter().filter(|(who, _, cell)| *who == m.staff_id && *cell == Cell::Away);
        Person {
            away: away.map(|(_, day, _)| day.0).collect(),
            weekend_turns: before.get(&m.staff_id).copied().unwrap_or(0),
            ..Person::new(m.staff_id, m.role(), grids)
        }
    };
    let mut workdays: BTreeSet<Date> = BTreeSet::new();
    for day in days(monday) {
        if calendar.is_workday(day.0).map_err(|e| AppError::rule("workday-year").arg("year", e.year))? {
            workdays.insert(day.0);
        }
    }
    let people = members.iter().map(person).collect();
    Ok(Week { workdays, ..Week::usual(monday.0, people, rules(pack)) })
}

/// The plan as the engine reads it.
fn plan(week: &Week<StaffId>, cells: &[Planned], filed_on: Day) -> Plan<StaffId> {
    let turn = |(who, day, cell): &Planned| Some(Turn { who: *who, date: day.0, shift: cell.position(&week.shifts)? });
    Plan { filed_on: filed_on.0, turns: cells.iter().filter_map(turn).collect() }
}

/// A broken rule, ready to be told. Fluent text: `shift-broken-<code>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The rule's code.
    pub code: &'static str,
    /// The colleague, if the rule is about one.
    pub who: Option<StaffId>,
    /// That colleague's name.
    pub name: String,
    /// The day, if the rule is about one.
    pub day: Option<Day>,
    /// What the plan has; hours with one decimal.
    pub found: String,
    /// What is asked for.
    pub limit: String,
    /// The clause.
    pub clause: String,
}

/// The stable code of a rule.
pub fn code(rule: Rule) -> &'static str {
    match rule {
        Rule::PlanAhead => "plan-ahead",
        Rule::Known => "known",
        Rule::OneShiftADay => "one-shift-a-day",
        Rule::Away => "away",
        Rule::Available => "available",
        Rule::LastVisit => "last-visit",
        Rule::OfficerRounds => "officer-rounds",
        Rule::CoordinatorWeekendDays => "weekend-days",
        Rule::CoordinatorRounds => "coordinator-rounds",
        Rule::NormalHours => "normal-hours",
        Rule::MostHours => "most-hours",
        Rule::RestDays => "rest-days",
        Rule::OnDuty => "on-duty",
    }
}

fn number(rule: Rule, value: Option<u32>) -> String {
    match (rule, value) {
        (Rule::NormalHours | Rule::MostHours, Some(minutes)) => format!("{:.1}", f64::from(minutes) / 60.0),
        (_, Some(n)) => n.to_string(),
        (_, None) => String::new(),
    }
}

/// A rule with whom and when it is about.
pub fn told(
    members: &[Member],
    rule: Rule,
    who: Option<StaffId>,
    date: Option<Date>,
    found: Option<u32>,
    limit: Option<u32>,
    clause: &str,
) -> Told {
    let name = |id: StaffId| members.iter().find(|m| m.staff_id == id).map_or_else(String::new, |m| m.name.clone());
    Told {
        code: code(rule),
        who,
        name: who.map(name).unwrap_or_default(),
        day: date.map(Day),
        found: number(rule, found),
        limit: number(rule, limit),
        clause: clause.to_owned(),
    }
}

/// Every rule that a plan breaks, with whom and when; whether it is filed in time comes first (R31).
///
/// # Errors
/// `workday-year`.
pub fn check(
    pack: &Pack,
    calendar: &Calendar,
    monday: Day,
    members: &[Member],
    cells: &[Planned],
    filed_on: Day,
) -> Result<Vec<Told>> {
    let week = week(pack, calendar, monday, members, cells, &HashMap::new())?;
    let own: Vec<Planned> =
        cells.iter().filter(|(who, ..)| members.iter().any(|m| m.staff_id == *who)).copied().collect();
    let one = |b: &Broken<StaffId>| told(members, b.rule, b.who, b.date, b.found, b.limit, &b.clause);
    Ok(validate(&week, &plan(&week, &own, filed_on)).iter().map(one).collect())
}

/// The cells of a person's week in order of days.
pub fn row(cells: &[Planned], who: StaffId, monday: Day) -> [Cell; 7] {
    let at = |day: Day| {
        cells.iter().find(|(staff, on, _)| *staff == who && *on == day).map_or(Cell::Off, |(.., cell)| *cell)
    };
    days(monday).map(at)
}
