//! Which rules collide: a set that cannot be met, and can as soon as any one of it is left out.

use std::fmt;

use good_lp::ResolutionError;

use crate::demand::{Demand, Inner, demands};
use crate::model::Week;
use crate::programme::solve;

/// Rules that cannot be kept together (互相冲突的规定). Leaving out any one of them resolves this collision; there
/// may be others in the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision<I> {
    /// The rules, each with whom and when it is about.
    pub rules: Vec<Demand<I>>,
}

impl<I: fmt::Display> fmt::Display for Collision<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.rules.iter().map(ToString::to_string).collect();
        write!(f, "cannot be kept together: {}", lines.join("; "))
    }
}

/// An irreducible collision among what is asked of these people, who have one. One person's own is looked for
/// first, since it is the easiest to understand.
pub(crate) fn collision<I: Clone>(week: &Week<I>, people: &[usize]) -> Result<Collision<I>, ResolutionError> {
    for person in people {
        let own = own_demands(week, *person);
        if solve(week, &[*person], &own, &[], false)?.is_none() {
            return told(week, &[*person], own);
        }
    }
    told(week, people, demands(week, people))
}

/// What is asked of one person regardless of others.
fn own_demands<I>(week: &Week<I>, person: usize) -> Vec<Inner> {
    let alone = |it: &Inner| !matches!(it.rule, crate::Rule::OnDuty | crate::Rule::OfficerRounds);
    demands(week, &[person]).into_iter().filter(alone).collect()
}

fn told<I: Clone>(week: &Week<I>, people: &[usize], asked: Vec<Inner>) -> Result<Collision<I>, ResolutionError> {
    let rules = irreducible(week, people, asked)?.iter().map(|it| it.told(week)).collect();
    Ok(Collision { rules })
}

/// Leaves out demand after demand, in halves first, for as long as the rest still cannot be met.
fn irreducible<I>(week: &Week<I>, people: &[usize], mut left: Vec<Inner>) -> Result<Vec<Inner>, ResolutionError> {
    let mut step = left.len().div_ceil(2).max(1);
    loop {
        let mut start = 0;
        while start < left.len() {
            let end = (start + step).min(left.len());
            let without = [&left[..start], &left[end..]].concat();
            if solve(week, people, &without, &[], false)?.is_none() {
                left = without;
            } else {
                start = end;
            }
        }
        if step == 1 {
            return Ok(left);
        }
        step = step.div_ceil(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limit, Person, Role, Rules};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn week(away: &[u8]) -> Week<usize> {
        let roles = [Role::Officer, Role::Coordinator, Role::Coordinator, Role::Other];
        let ask = |value| Some(Limit::new(value, ""));
        let rules = Rules { most_hours: ask(44), on_duty: ask(1), ..Rules::sample() };
        let people = away.iter().enumerate().map(|(n, days)| {
            let mut person = Person::new(n, roles[n % 4], if n == 0 { vec![0, 1] } else { vec![n as u32 % 2] });
            let monday = date(2026, 6, 1);
            let gone = (0..7_i8).filter(|day| days >> day & 1 == 1);
            person.away = gone.map(|day| date(2026, 6, monday.day() + day)).collect();
            person
        });
        Week::usual(date(2026, 6, 1), people.collect(), rules)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 5))]

        #[test]
        fn a_collision_cannot_be_met_and_can_without_any_one_of_it(away in prop::collection::vec(any::<u8>(), 1..5)) {
            let week = week(&away);
            let people: Vec<usize> = (0..away.len()).collect();
            let asked = demands(&week, &people);
            prop_assume!(solve(&week, &people, &asked, &[], false).unwrap().is_none());
            let left = irreducible(&week, &people, asked).unwrap();
            prop_assert!(solve(&week, &people, &left, &[], false).unwrap().is_none());
            for position in 0..left.len() {
                let mut without = left.clone();
                without.remove(position);
                prop_assert!(solve(&week, &people, &without, &[], false).unwrap().is_some(), "{:?} is not needed", left[position]);
            }
        }
    }
}
