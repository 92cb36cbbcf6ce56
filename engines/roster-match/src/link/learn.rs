//! The weights of a linkage: strangers from pairs taken evenly over both tables, true pairs by expectation and
//! maximisation over the compared ones.

use super::{
    Weight,
    compare::{Columns, Level},
    config::Config,
};

const ROUNDS: usize = 40;
const SETTLED: f64 = 1e-6;
/// More evidence is as good as certainty, and would not fit a number.
const MOST_BITS: f64 = 400.0;
/// So many pairs of strangers are looked at.
const STRANGERS: usize = 60_000;
/// Each level has been seen so often before anything was looked at.
const SEEN_BEFORE: f64 = 0.5;
/// Before learning, so many of the true pairs agree, are near, are alike, differ.
const START: [f64; 4] = [0.85, 0.07, 0.03, 0.05];

pub(super) struct Learnt {
    same: Vec<[f64; 4]>,
    other: Vec<[f64; 4]>,
    /// Of two people of one household, for the fields that those share; nothing for one's own.
    household: Vec<Option<[f64; 4]>>,
    prior: f64,
    prior_household: f64,
}

impl Learnt {
    pub(super) fn probability(&self, one: &Columns, other: &Columns, left: u32, right: u32) -> f64 {
        self.shares(&Compared::of(one, other, left, right, self.same.len())).0
    }

    /// How probable it is that a pair is one person, and that it is two of one household.
    fn shares(&self, pair: &Compared) -> (f64, f64) {
        let (mut same, mut household) = (0.0, 0.0);
        for (field, (&level, &rarity)) in pair.levels.iter().zip(&pair.rarity).enumerate() {
            if level == Level::Missing {
                continue;
            }
            let level = level as usize;
            let stranger = rarity.unwrap_or(self.other[field][level]);
            same += (self.same[field][level] / stranger).log2();
            household += self.household[field].map_or(0.0, |chances| (chances[level] / stranger).log2());
        }
        let same = self.prior * same.min(MOST_BITS).exp2();
        let household = self.prior_household * household.min(MOST_BITS).exp2();
        let all = same + household + (1.0 - self.prior - self.prior_household);
        (same / all, household / all)
    }

    pub(super) fn told(&self, config: &Config) -> Vec<Weight> {
        let fields = config.fields.iter().zip(self.same.iter().zip(&self.other));
        fields
            .flat_map(|(field, (same, other))| {
                (0..4).map(|level| Weight {
                    field: field.name.clone(),
                    level: Level::NAMES[level],
                    same: same[level],
                    other: other[level],
                })
            })
            .collect()
    }
}

/// Equal values say as much as they are rare.
fn rarity(one: &Columns, other: &Columns, field: usize, level: Level, left: u32, right: u32) -> Option<f64> {
    (level == Level::Equal).then(|| one.share(field, left).max(other.share(field, right)).max(1e-9))
}

/// One compared pair: its level in each field, and how rare its equal values are.
struct Compared {
    levels: Vec<Level>,
    rarity: Vec<Option<f64>>,
}

impl Compared {
    fn of(one: &Columns, other: &Columns, left: u32, right: u32, fields: usize) -> Self {
        let levels: Vec<Level> = (0..fields).map(|field| one.level(other, field, left, right)).collect();
        let rarity = (0..fields).map(|field| rarity(one, other, field, levels[field], left, right)).collect();
        Self { levels, rarity }
    }
}

pub(super) fn learn(one: &Columns, other: &Columns, same_table: bool, pairs: &[(u32, u32)], config: &Config) -> Learnt {
    let fields = config.fields.len();
    let all = one.rows() as f64 * other.rows() as f64 / if same_table { 2.0 } else { 1.0 };
    let shared = config.fields.iter().any(|field| field.shared);
    let prior = start(all, one.rows());
    let mut learnt = Learnt {
        same: vec![START; fields],
        other: strangers(one, other, same_table, fields),
        household: config.fields.iter().map(|field| field.shared.then_some(START)).collect(),
        prior,
        prior_household: if shared { prior } else { 0.0 },
    };
    let compared: Vec<Compared> =
        pairs.iter().map(|&(left, right)| Compared::of(one, other, left, right, fields)).collect();
    let mut last = 0.0;
    for _ in 0..ROUNDS {
        let (mut seen, mut seen_household) = (vec![[SEEN_BEFORE; 4]; fields], vec![[SEEN_BEFORE; 4]; fields]);
        let (mut same, mut household) = (0.0, 0.0);
        for pair in &compared {
            let (share, share_household) = learnt.shares(pair);
            same += share;
            household += share_household;
            for (field, level) in pair.levels.iter().enumerate().filter(|(_, level)| **level != Level::Missing) {
                seen[field][*level as usize] += share;
                seen_household[field][*level as usize] += share_household;
            }
        }
        let shares = |seen: &[f64; 4]| seen.map(|one| one / seen.iter().sum::<f64>());
        learnt.same = seen.iter().map(shares).collect();
        for (chances, seen) in learnt.household.iter_mut().zip(&seen_household) {
            *chances = chances.map(|_| shares(seen));
        }
        let most = if shared { 0.25 } else { 0.5 };
        learnt.prior = (same.max(1.0) / all.max(2.0)).clamp(1e-12, most);
        learnt.prior_household = if shared { (household / all.max(2.0)).clamp(1e-12, most) } else { 0.0 };
        if (same - last).abs() < SETTLED * same.max(1.0) {
            break;
        }
        last = same;
    }
    learnt
}

/// Before learning, about half the left records have one partner.
fn start(all: f64, rows: usize) -> f64 {
    (rows as f64 * 0.5 / all.max(1.0)).clamp(1e-12, 0.5)
}

/// How often any two records agree, from pairs taken at a step that passes through both tables.
fn strangers(one: &Columns, other: &Columns, same_table: bool, fields: usize) -> Vec<[f64; 4]> {
    let mut seen = vec![[SEEN_BEFORE; 4]; fields];
    let (rows, others) = (one.rows(), other.rows());
    if rows > 0 && others > 0 {
        for n in 0..STRANGERS {
            let (left, right) = (n % rows, (n.wrapping_mul(7_919) + n / rows * 31 + 17) % others);
            if same_table && left == right {
                continue;
            }
            for (field, seen) in seen.iter_mut().enumerate() {
                let level = one.level(other, field, left as u32, right as u32);
                if level != Level::Missing {
                    seen[level as usize] += 1.0;
                }
            }
        }
    }
    seen.into_iter()
        .map(|seen| {
            let all: f64 = seen.iter().sum();
            seen.map(|seen| seen / all)
        })
        .collect()
}
