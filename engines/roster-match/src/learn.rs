//! Learning the weights without labels: expectation and maximisation over compared pairs.

use crate::{
    decide,
    model::{Chance, Model},
    pairs::{Pair, Pairs, Weights},
};

const ROUNDS: usize = 25;
const SETTLED: f64 = 1e-5;
/// The starting model counts as much as so many pairs of one person.
const STARTING_PAIRS: f64 = 100.0;
/// Learning looks at about so many rows, spread evenly.
const ROWS: usize = 20_000;
/// The share of registered rows is never believed to be beyond these.
const SHARE: (f64, f64) = (0.2, 0.99);

/// Learns how true pairs look and how many rows are registered. How common a name, a door or an employer is was
/// counted in the register; the other chances of strangers stay as in the model given: candidates were chosen for
/// their likeness and would mislead. The same rows give the same model.
pub(crate) fn learn(start: &Model, pairs: &Pairs, people: usize) -> Model {
    let mut model = start.clone();
    let every = (pairs.rows() / ROWS).max(1);
    let rows: Vec<&[Pair]> = (0..pairs.rows()).step_by(every).map(|row| pairs.row(row)).collect();
    if rows.is_empty() {
        return model;
    }
    let mut last = 0.0;
    for _ in 0..ROUNDS {
        let seen = expect(&model, &rows, people);
        settle(&mut model.number, &start.number, &seen.number, |level| level as usize);
        settle(&mut model.name, &start.name, &seen.name, |level| level as usize);
        settle(&mut model.phone, &start.phone, &seen.phone, |level| level as usize);
        settle(&mut model.address, &start.address, &seen.address, |level| level as usize);
        settle(&mut model.employer, &start.employer, &seen.employer, |level| level as usize);
        let share = (seen.same + STARTING_PAIRS * start.registered_share) / (rows.len() as f64 + STARTING_PAIRS);
        model.registered_share = share.clamp(SHARE.0, SHARE.1);
        if (seen.same - last).abs() < SETTLED * rows.len() as f64 {
            break;
        }
        last = seen.same;
    }
    model
}

/// How many pairs of one person show each level.
#[derive(Default)]
struct Seen {
    same: f64,
    number: [f64; 9],
    name: [f64; 5],
    phone: [f64; 4],
    address: [f64; 5],
    employer: [f64; 3],
}

fn expect(model: &Model, rows: &[&[Pair]], people: usize) -> Seen {
    let weights = Weights::of(model, people);
    let mut seen = Seen::default();
    let mut odds = Vec::new();
    for row in rows {
        // A row is one person at most: its candidates share the probability.
        odds.clear();
        odds.extend(row.iter().map(|pair| {
            if decide::is_own_number_of_another(&pair.pattern) { 0.0 } else { weights.bits(pair).min(200.0).exp2() }
        }));
        let all = 1.0 + odds.iter().sum::<f64>();
        for (pair, odd) in row.iter().zip(&odds) {
            let share = odd / all;
            if share > 0.0 {
                let pattern = &pair.pattern;
                seen.same += share;
                seen.number[pattern.number as usize] += share;
                seen.name[pattern.name as usize] += share;
                seen.phone[pattern.phone as usize] += share;
                seen.address[pattern.address as usize] += share;
                seen.employer[pattern.employer as usize] += share;
            }
        }
    }
    seen
}

fn settle<L: Copy + PartialEq, const N: usize>(
    chances: &mut [Chance<L>],
    start: &[Chance<L>],
    seen: &[f64; N],
    place: impl Fn(L) -> usize,
) {
    let all: f64 = seen.iter().sum::<f64>() + STARTING_PAIRS;
    for chance in chances {
        let before = start.iter().find(|one| one.level == chance.level).map_or(0.0, |one| one.same);
        chance.same = ((seen[place(chance.level)] + STARTING_PAIRS * before) / all).clamp(0.0, 1.0);
    }
}
