//! Proposing a week.

use good_lp::ResolutionError;
use jiff::civil::Date;

use crate::check::shares_a_grid;
use crate::collide::{Collision, collision};
use crate::demand::{Inner, demands, duty, on_duty_grids};
use crate::model::{Plan, Role, Turn, Week};
use crate::programme::{Chosen, solve};
use crate::rules::Rule;

/// Why there is no proposal.
#[derive(Debug, thiserror::Error)]
pub enum ProposeError<I> {
    /// The rules cannot all be kept.
    #[error("{} rules cannot all be kept together", .0.rules.len())]
    Collides(Collision<I>),
    /// The solver has failed.
    #[error("the solver has failed: {0}")]
    Solver(#[from] ResolutionError),
}

/// Proposes a week (R31) that breaks none of its rules. Everybody's week is the cheapest there is: the fewest hours over
/// normal, then the fewest weekend shifts (first from those who had fewer before) and the fewest
/// rounds beyond those asked for; people are taken together only where a grid would otherwise have nobody on duty.
/// Officers join the evenings of their grids. `filed_on` is the day on which it is filed; whether that is in time is
/// for [`crate::validate`] to say.
///
/// # Errors
/// [`ProposeError::Collides`] with rules that cannot be kept together, none of which can be left out of
/// the collision; [`ProposeError::Solver`].
pub fn propose<I: Clone>(week: &Week<I>, filed_on: Date) -> Result<Plan<I>, ProposeError<I>> {
    let days = week.days();
    let mut chosen: Chosen = Vec::new();
    let everybody: Vec<usize> = (0..week.people.len()).collect();
    for people in components(week, &everybody) {
        match plan_of(week, &people)? {
            Some(part) => chosen.extend(part),
            None => return Err(ProposeError::Collides(collision(week, &people)?)),
        }
    }
    chosen.sort_unstable();
    let turn = |(person, day, shift): (usize, usize, usize)| Turn {
        who: week.people[person].id.clone(),
        date: days[day],
        shift,
    };
    Ok(Plan { filed_on, turns: chosen.into_iter().map(turn).collect() })
}

/// Plans people who depend on each other; `None` if their rules collide.
fn plan_of<I>(week: &Week<I>, people: &[usize]) -> Result<Option<Chosen>, ResolutionError> {
    let (officers, others): (Vec<usize>, Vec<usize>) = people.iter().partition(|n| is_officer(week, **n));
    let mut chosen = Vec::new();
    for part in components(week, &others) {
        let Some(own) = plan_of_grids(week, &part)? else { return Ok(None) };
        chosen.extend(own);
    }
    for officer in officers {
        match solve(week, &[officer], &demands(week, &[officer]), &chosen, true)? {
            Some(own) => chosen.extend(own),
            // The others' evenings do not suit the officer: all of them are planned together.
            None => return solve(week, people, &demands(week, people), &[], true),
        }
    }
    Ok(Some(chosen))
}

/// Plans the people of some grids: each alone, and together if somebody is then missing from duty.
fn plan_of_grids<I>(week: &Week<I>, people: &[usize]) -> Result<Option<Chosen>, ResolutionError> {
    let asked = demands(week, people);
    let mut chosen = Vec::new();
    for person in people {
        let own: Vec<Inner> = asked.iter().filter(|it| it.person.is_none_or(|of| of == *person)).copied().collect();
        let own: Vec<Inner> = own.into_iter().filter(|it| it.rule != Rule::OnDuty).collect();
        let Some(turns) = solve(week, &[*person], &own, &[], true)? else { return Ok(None) };
        chosen.extend(turns);
    }
    if asked.iter().all(|it| it.rule != Rule::OnDuty || is_staffed(week, it, &chosen)) {
        return Ok(Some(chosen));
    }
    solve(week, people, &asked, &[], true)
}

fn is_staffed<I>(week: &Week<I>, demand: &Inner, chosen: &Chosen) -> bool {
    let (Some(grid), Some(day)) = (demand.grid, demand.day) else { return true };
    let there =
        chosen.iter().filter(|(person, on, _)| *on == day && on_duty_grids(&week.people[*person]).contains(&grid));
    duty(week, day).as_ref().is_none_or(|limit| there.count() >= limit.value as usize)
}

fn is_officer<I>(week: &Week<I>, person: usize) -> bool {
    week.people[person].role == Role::Officer
}

/// Groups of these people whose shifts depend on each other: those who share a grid, where an officer leads
/// or a grid must have somebody on duty; everybody else alone.
fn components<I>(week: &Week<I>, people: &[usize]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..people.len()).collect();
    let leads = |n: usize| is_officer(week, n) && week.rules.officer_rounds.value > 0;
    for a in 0..people.len() {
        for b in a + 1..people.len() {
            let bound = week.rules.asks_for_duty() || leads(people[a]) || leads(people[b]);
            if bound && shares_a_grid(&week.people[people[a]], &week.people[people[b]]) {
                let (from, to) = (group[b], group[a]);
                group.iter_mut().filter(|it| **it == from).for_each(|it| *it = to);
            }
        }
    }
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); people.len()];
    group.into_iter().zip(people).for_each(|(of, person)| parts[of].push(*person));
    parts.retain(|it| !it.is_empty());
    parts
}
