//! Proposed weeks.

use jiff::civil::time;
use proptest::prelude::*;
use shift_plan::{Limit, Person, ProposeError, Role, Rule, Rules, Shift, Week, propose, validate};

use crate::{IN_TIME, MONDAY, day, week};

fn collision(week: &Week<&'static str>) -> Vec<(Rule, Option<&'static str>)> {
    match propose(week, IN_TIME) {
        Err(ProposeError::Collides(it)) => it.rules.iter().map(|rule| (rule.rule, rule.who)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_team_gets_a_week_of_exactly_normal_hours() {
    let week = week();
    let plan = propose(&week, IN_TIME).unwrap();
    assert_eq!(validate(&week, &plan), []);
    for person in &week.people {
        let own = plan.turns.iter().filter(|it| it.who == person.id);
        assert_eq!(own.map(|it| week.shifts[it.shift].minutes()).sum::<u32>(), 40 * 60, "{}", person.id);
    }
    let weekend = plan.turns.iter().filter(|it| it.date >= day(5)).count();
    assert_eq!(weekend, 2, "one day for each coordinator and for nobody else");
}

#[test]
fn whoever_had_fewer_weekends_is_asked_first() {
    let mut week = week();
    week.people = ["a", "b", "c"].map(|id| Person::new(id, Role::Other, vec![1])).into();
    week.rules.weekend_duty = Some(Limit::new(1, ""));
    for (turns, spared) in [([3, 0, 1], "a"), ([0, 2, 1], "b"), ([1, 0, 2], "c")] {
        week.people.iter_mut().zip(turns).for_each(|(person, turns)| person.weekend_turns = turns);
        let plan = propose(&week, IN_TIME).unwrap();
        assert_eq!(validate(&week, &plan), []);
        let weekend: Vec<_> = plan.turns.iter().filter(|it| it.date >= day(5)).map(|it| it.who).collect();
        assert_eq!(weekend.len(), 2);
        assert!(!weekend.contains(&spared), "{turns:?}: {weekend:?}");
    }
}

#[test]
fn leave_on_both_weekend_days_collides_with_the_weekend_rule_alone() {
    let mut week = week();
    week.people[1].away.extend([day(5), day(6), day(0)]);
    let one = Some("one");
    assert_eq!(collision(&week), [(Rule::Away, one), (Rule::Away, one), (Rule::CoordinatorWeekendDays, one)]);
}

#[test]
fn hours_that_end_before_the_evening_collide_with_rounds() {
    let mut week = week();
    week.people[2].hours = Some((time(8, 0, 0, 0), time(18, 0, 0, 0)));
    let two = Some("two");
    assert_eq!(collision(&week), [(Rule::Available, two), (Rule::CoordinatorRounds, two)]);
}

#[test]
fn an_officer_without_anybody_in_the_grids_collides_with_the_rule_to_lead() {
    let mut week = week();
    week.people[0].grids = vec![7];
    assert_eq!(collision(&week), [(Rule::OfficerRounds, Some("officer"))]);
}

#[test]
fn rounds_that_start_too_late_collide_with_the_last_visit() {
    let mut week = week();
    week.people.retain(|it| it.id == "one");
    week.shifts
        .iter_mut()
        .filter(|it| it.round_starts.is_some())
        .for_each(|it| it.round_starts = Some(time(21, 0, 0, 0)));
    assert_eq!(collision(&week), [(Rule::CoordinatorRounds, Some("one")), (Rule::LastVisit, None)]);
}

#[test]
fn a_grid_whose_people_are_all_away_collides_with_duty() {
    let mut week = week();
    week.rules.on_duty = Some(Limit::new(1, ""));
    week.people[2].away.insert(day(1));
    assert_eq!(collision(&week), [(Rule::Away, Some("two")), (Rule::OnDuty, None)]);
}

#[test]
fn nobody_to_plan_for_is_an_empty_plan() {
    let nobody: Week<u8> = Week::usual(MONDAY, Vec::new(), Rules::sample());
    assert!(propose(&nobody, IN_TIME).unwrap().turns.is_empty());
}

/// Whether any of the 4⁷ weeks of one person keeps the rules.
fn by_trying(week: &Week<u8>) -> Option<u32> {
    let choices = week.shifts.len() + 1;
    let plan_of = |mut code: usize| {
        let mut turns = Vec::new();
        for date in week.days() {
            if let Some(shift) = (code % choices).checked_sub(1) {
                turns.push(shift_plan::Turn { who: 0, date, shift });
            }
            code /= choices;
        }
        shift_plan::Plan { filed_on: IN_TIME, turns }
    };
    let good = (0..choices.pow(7)).map(plan_of).filter(|plan| validate(week, plan).is_empty());
    good.map(|plan| plan.turns.iter().map(|it| week.shifts[it.shift].minutes()).sum()).min()
}

fn any_person(id: u8, roles: &'static [Role]) -> impl Strategy<Value = Person<u8>> {
    let away = prop::collection::btree_set((0_i8..7).prop_map(day), 0..5);
    let hours = prop::option::weighted(0.3, (7_i8..12, 16_i8..22));
    let grids = prop::collection::vec(0_u32..3, 1..3);
    (prop::sample::select(roles), away, hours, grids, 0_u32..4).prop_map(move |(role, away, hours, grids, turns)| {
        Person {
            away,
            hours: hours.map(|(from, to)| (time(from, 0, 0, 0), time(to, 0, 0, 0))),
            weekend_turns: turns,
            ..Person::new(id, role, grids)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 10))]

    #[test]
    fn one_person_has_a_plan_if_and_only_if_trying_finds_one(
        person in any_person(0, &[Role::Coordinator, Role::Other]), most in prop::option::of(40_u32..56), rest in 0_u32..3,
    ) {
        let mut week = Week::usual(MONDAY, vec![person], Rules::sample());
        week.rules.most_hours = most.map(|hours| Limit::new(hours, ""));
        week.rules.rest_days = Some(Limit::new(rest, ""));
        let tried = by_trying(&week);
        match propose(&week, IN_TIME) {
            Ok(plan) => {
                prop_assert_eq!(validate(&week, &plan), vec![]);
                let minutes: u32 = plan.turns.iter().map(|it| week.shifts[it.shift].minutes()).sum();
                // Weekend shifts cost something too, so that a long weekday may be cheaper than a weekend day.
                prop_assert!(tried.is_some_and(|least| least <= minutes && minutes < least + 480), "{tried:?} {minutes}");
            }
            Err(ProposeError::Collides(_)) => prop_assert_eq!(tried, None),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn every_proposal_for_a_team_keeps_every_rule_and_every_collision_names_some(
        people in prop::collection::vec(any_person(0, &[Role::Officer, Role::Coordinator, Role::Other]), 1..9), duty in any::<bool>(),
    ) {
        let mut people = people;
        people.iter_mut().enumerate().for_each(|(n, it)| it.id = n as u8);
        let mut week = Week::usual(MONDAY, people, Rules::sample());
        week.rules.on_duty = duty.then(|| Limit::new(1, ""));
        match propose(&week, IN_TIME) {
            Ok(plan) => prop_assert_eq!(validate(&week, &plan), vec![]),
            Err(ProposeError::Collides(it)) => prop_assert!(!it.rules.is_empty()),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

}

proptest! {
    #[test]
    fn whatever_the_numbers_are_there_is_a_plan_or_a_collision(
        people in prop::collection::vec(any_person(0, &[Role::Officer, Role::Coordinator, Role::Other]), 0..4),
        numbers in prop::array::uniform9(prop_oneof![3 => 0_u32..9, 1 => any::<u32>()]),
        times in prop::array::uniform3((0_i8..24, 0_i8..60)),
        shifts in prop::collection::vec((0_i8..24, 0_i8..24, 0_u32..200, prop::option::of(0_i8..24)), 0..5),
    ) {
        let [ahead, officer, weekend, rounds, normal, most, rest, duty, weekend_duty] = numbers;
        let [starts, ends, last] = times.map(|(hour, minute)| Limit::new(time(hour, minute, 0, 0), ""));
        let limit = |value| Limit::new(value, "");
        let hour = |hour| time(hour, 0, 0, 0);
        let week = Week {
            monday: MONDAY,
            workdays: (0..5).map(day).collect(),
            people,
            shifts: shifts
                .into_iter()
                .map(|(from, to, break_minutes, round)| Shift {
                    name: String::new(),
                    starts: hour(from),
                    ends: hour(to),
                    break_minutes,
                    round_starts: round.map(hour),
                })
                .collect(),
            rules: shift_plan::Rules {
                plan_ahead_days: limit(ahead),
                officer_rounds: limit(officer),
                coordinator_weekend_days: limit(weekend),
                coordinator_rounds: limit(rounds),
                normal_hours: limit(normal),
                workday_starts: starts,
                workday_ends: ends,
                last_visit_starts: last,
                most_hours: Some(limit(most)),
                rest_days: Some(limit(rest)),
                on_duty: Some(limit(duty)),
                weekend_duty: Some(limit(weekend_duty)),
            },
        };
        // Everybody has the same identifier here, so a plan cannot be checked; it is there or it is not.
        prop_assert!(matches!(propose(&week, IN_TIME), Ok(_) | Err(ProposeError::Collides(_))));
        let _ = validate(&week, &shift_plan::Plan { filed_on: IN_TIME, turns: Vec::new() });
    }

    #[test]
    fn minutes_never_wrap(starts in 0_i8..24, ends in 0_i8..24, break_minutes in 0_u32..2000) {
        let shift = Shift {
            name: String::new(), starts: time(starts, 0, 0, 0), ends: time(ends, 0, 0, 0), break_minutes, round_starts: None,
        };
        prop_assert!(shift.minutes() <= 23 * 60);
    }
}
