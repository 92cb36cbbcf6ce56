//! Plans held against the rules.

use jiff::civil::{date, time};
use shift_plan::{Broken, Limit, Plan, Rule, Turn, Week, propose, validate};

use crate::{IN_TIME, day, week};

/// Positions in the usual shifts.
const DAY: usize = 0;
const LATE: usize = 1;

fn turns(who: &'static str, shifts: &[(i8, usize)]) -> Vec<Turn<&'static str>> {
    shifts.iter().map(|(n, shift)| Turn { who, date: day(*n), shift: *shift }).collect()
}

/// A plan that keeps every rule.
fn good() -> Plan<&'static str> {
    let own = [
        turns("officer", &[(0, DAY), (1, LATE), (2, DAY), (3, DAY), (4, DAY)]),
        turns("one", &[(1, LATE), (2, DAY), (3, LATE), (4, DAY), (5, DAY)]),
        turns("two", &[(0, DAY), (1, DAY), (2, LATE), (4, LATE), (6, DAY)]),
        turns("leader", &[(0, DAY), (1, DAY), (2, DAY), (3, DAY), (4, DAY)]),
    ];
    Plan { filed_on: IN_TIME, turns: own.concat() }
}

fn broken(week: &Week<&'static str>, change: impl FnOnce(&mut Plan<&'static str>)) -> Vec<Broken<&'static str>> {
    let mut plan = good();
    change(&mut plan);
    validate(week, &plan)
}

fn set(plan: &mut Plan<&'static str>, who: &str, date: i8, to: Option<(i8, usize)>) {
    let position = plan.turns.iter().position(|it| it.who == who && it.date == day(date)).unwrap();
    match to {
        Some((n, shift)) => (plan.turns[position].date, plan.turns[position].shift) = (day(n), shift),
        None => drop(plan.turns.remove(position)),
    }
}

fn rules_of(broken: &[Broken<&'static str>]) -> Vec<(Rule, Option<&'static str>, Option<u32>)> {
    broken.iter().map(|it| (it.rule, it.who, it.found)).collect()
}

#[test]
fn a_plan_that_keeps_every_rule_breaks_none() {
    assert_eq!(broken(&week(), |_| {}), []);
}

#[test]
fn a_plan_is_filed_a_week_before_its_monday() {
    let found = broken(&week(), |plan| plan.filed_on = date(2026, 6, 2));
    assert_eq!(rules_of(&found), [(Rule::PlanAhead, None, None)]);
    assert_eq!(found[0].to_string(), "the plan is filed in time: 7 (附件2)");
}

#[test]
fn an_officers_round_counts_only_with_somebody_of_the_same_grids() {
    let alone = broken(&week(), |plan| set(plan, "officer", 1, Some((0, LATE))));
    // Monday has two shifts of the officer then, and no evening round of anybody else.
    assert_eq!(
        rules_of(&alone),
        [(Rule::OneShiftADay, Some("officer"), None), (Rule::OfficerRounds, Some("officer"), Some(0)),]
    );
    assert_eq!((alone[1].limit, alone[1].clause.as_str()), (Some(1), "附件2"));
    let mut apart = week();
    apart.people[0].grids = vec![9];
    let found = broken(&apart, |_| {});
    assert_eq!(rules_of(&found), [(Rule::OfficerRounds, Some("officer"), Some(0))]);
}

#[test]
fn a_coordinator_works_a_weekend_day_and_two_rounds() {
    let found = broken(&week(), |plan| set(plan, "one", 5, Some((0, DAY))));
    assert_eq!(rules_of(&found), [(Rule::CoordinatorWeekendDays, Some("one"), Some(0))]);
    let found = broken(&week(), |plan| set(plan, "two", 4, Some((4, DAY))));
    assert_eq!(rules_of(&found), [(Rule::CoordinatorRounds, Some("two"), Some(1))]);
    let mut made_up = week();
    made_up.workdays.insert(day(5));
    let found = broken(&made_up, |_| {});
    assert!(found.iter().any(|it| (it.rule, it.who) == (Rule::CoordinatorWeekendDays, Some("one"))), "{found:?}");
}

#[test]
fn hours_are_not_below_normal_and_leave_is_not_worked_off() {
    let found = broken(&week(), |plan| set(plan, "leader", 4, None));
    assert_eq!(rules_of(&found), [(Rule::NormalHours, Some("leader"), Some(32 * 60))]);
    assert_eq!(found[0].to_string(), "leader, hours not below normal: 40.0 h (附件2); the plan has 32.0 h");
    let mut leave = week();
    leave.people[3].away.insert(day(4));
    assert_eq!(broken(&leave, |plan| set(plan, "leader", 4, None)), []);
    let mut holiday = week();
    holiday.workdays.remove(&day(4));
    assert_eq!(broken(&holiday, |plan| set(plan, "leader", 4, None)), []);
}

#[test]
fn leave_hours_named_rest_and_most_hours_are_kept() {
    let mut other = week();
    other.people[3].away.insert(day(0));
    assert_eq!(rules_of(&broken(&other, |_| {})), [(Rule::Away, Some("leader"), None)]);
    let mut other = week();
    other.people[1].hours = Some((time(8, 0, 0, 0), time(18, 0, 0, 0)));
    let found = broken(&other, |_| {});
    assert_eq!(
        found.iter().map(|it| (it.rule, it.date)).collect::<Vec<_>>(),
        [(Rule::Available, Some(day(1))), (Rule::Available, Some(day(3))),]
    );
    let seven = |plan: &mut Plan<_>| plan.turns.extend(turns("leader", &[(5, DAY), (6, DAY)]));
    assert_eq!(rules_of(&broken(&week(), seven)), [(Rule::RestDays, Some("leader"), Some(0))]);
    let mut other = week();
    other.rules.most_hours = Some(Limit::new(44, "劳动法"));
    let six = |plan: &mut Plan<_>| plan.turns.extend(turns("leader", &[(5, DAY)]));
    assert_eq!(rules_of(&broken(&other, six)), [(Rule::MostHours, Some("leader"), Some(48 * 60))]);
}

#[test]
fn no_round_starts_after_the_last_visit() {
    let mut other = week();
    other.shifts[LATE].round_starts = Some(time(20, 31, 0, 0));
    let found = broken(&other, |_| {});
    assert_eq!(found.len(), 5, "one for each late shift: {found:?}");
    assert!(found.iter().all(|it| it.rule == Rule::LastVisit && it.who.is_some() && it.date.is_some()));
}

#[test]
fn a_grid_has_somebody_on_duty_each_working_day() {
    let mut other = week();
    other.rules.on_duty = Some(Limit::new(1, ""));
    let found = broken(&other, |_| {});
    // The coordinator of grid 2 is off on Thursday; the officer is at home in no grid.
    assert_eq!(
        found.iter().map(|it| (it.rule, it.grid, it.date, it.found)).collect::<Vec<_>>(),
        [(Rule::OnDuty, Some(2), Some(day(3)), Some(0)),]
    );
}

#[test]
fn a_grid_has_somebody_on_duty_each_weekend_day_where_that_is_asked_for() {
    let mut other = week();
    other.rules.weekend_duty = Some(Limit::new(1, "值班"));
    let found = broken(&other, |_| {});
    let named: Vec<_> = found.iter().map(|it| (it.rule, it.grid, it.date, it.clause.as_str())).collect();
    assert_eq!(named, [(Rule::OnDuty, Some(1), Some(day(6)), "值班"), (Rule::OnDuty, Some(2), Some(day(5)), "值班")]);
}

#[test]
fn turns_of_nobody_are_named() {
    let found = broken(&week(), |plan| {
        plan.turns.push(Turn { who: "stranger", date: day(0), shift: DAY });
        plan.turns.push(Turn { who: "one", date: date(2026, 6, 15), shift: DAY });
        plan.turns.push(Turn { who: "one", date: day(0), shift: 9 });
    });
    assert_eq!(
        rules_of(&found),
        [(Rule::Known, Some("stranger"), None), (Rule::Known, Some("one"), None), (Rule::Known, Some("one"), None),]
    );
}

#[test]
fn a_week_begins_on_its_monday_whatever_day_is_named() {
    let mut other = week();
    other.monday = day(3);
    assert_eq!(broken(&other, |_| {}), []);
    assert!(validate(&other, &propose(&other, IN_TIME).unwrap()).is_empty());
}
