//! How well results fit the truth.

use std::collections::{BTreeMap, BTreeSet};

use roster_match::{Class, Decision, RowResult};

use super::Town;

#[derive(Debug, Default)]
pub struct Score {
    pub rows: usize,
    pub matched: usize,
    pub right: usize,
    pub linkable: usize,
    pub review: usize,
    pub class_given: usize,
    pub class_right: usize,
    /// Rows in the right class with the right person and nobody's help.
    pub whole: usize,
    /// Rows with another person's number that were matched to that person.
    pub silent: usize,
    pub missing: usize,
    pub missing_right: usize,
    pub missing_expected: usize,
    /// Kind of row and what went wrong, with the rows.
    pub mistakes: BTreeMap<(&'static str, &'static str), Vec<usize>>,
}

impl Score {
    pub fn of(town: &Town, results: &[RowResult], missing: &[(u32, u64)]) -> Self {
        let mut score = Self { rows: results.len(), ..Self::default() };
        for (n, (row, result)) in town.rows.iter().zip(results).enumerate() {
            let found = result.pid.map(|pid| town.people[pid as usize].entity);
            let matched = result.decision == Decision::Match;
            let right = matched && row.truth.is_some() && found == row.truth;
            score.linkable += usize::from(row.truth.is_some());
            score.review += usize::from(result.decision == Decision::Review);
            score.matched += usize::from(matched);
            score.right += usize::from(right);
            score.silent +=
                usize::from(matched && row.number_of.is_some() && found == row.number_of && found != row.truth);
            let mut class_right = true;
            if let Some(same) = row.same.filter(|_| matched) {
                class_right = result.class == if same { Class::Same } else { Class::Diff };
                score.class_given += 1;
                score.class_right += usize::from(class_right);
            }
            let unregistered = row.truth.is_none() && result.decision == Decision::None;
            score.whole += usize::from(right && class_right || unregistered);
            let mistake = match (matched, right, result.decision) {
                (true, true, _) if class_right => continue,
                (true, true, _) if row.same == Some(true) => "wrong class, is same",
                (true, true, _) => "wrong class, is diff",
                (true, false, _) => "wrong match",
                (_, _, Decision::Review) => "review",
                _ if unregistered => continue,
                _ => "not found",
            };
            score.mistakes.entry((row.kind, mistake)).or_default().push(n);
        }
        score.missing_of(town, missing);
        score
    }

    fn missing_of(&mut self, town: &Town, missing: &[(u32, u64)]) {
        let listed: BTreeSet<usize> = town.rows.iter().filter_map(|row| row.truth).collect();
        let employers: BTreeSet<u32> = town.rows.iter().map(|row| row.employer).collect();
        let gone = |n: usize| !listed.contains(&town.people[n].entity);
        self.missing = missing.len();
        self.missing_right = missing.iter().filter(|(_, pid)| gone(*pid as usize)).count();
        self.missing_expected = (0..town.people.len())
            .filter(|&n| town.people[n].entity == n && employers.contains(&town.people[n].employer) && gone(n))
            .count();
    }

    pub fn precision(&self) -> f64 {
        share(self.right, self.matched)
    }

    pub fn recall(&self) -> f64 {
        share(self.right, self.linkable)
    }

    pub fn f1(&self) -> f64 {
        2.0 * self.precision() * self.recall() / (self.precision() + self.recall()).max(1e-9)
    }

    pub fn review_share(&self) -> f64 {
        share(self.review, self.rows)
    }

    pub fn class_accuracy(&self) -> f64 {
        share(self.class_right, self.class_given)
    }

    pub fn whole_share(&self) -> f64 {
        share(self.whole, self.rows)
    }

    pub fn missing_precision(&self) -> f64 {
        share(self.missing_right, self.missing)
    }

    pub fn missing_recall(&self) -> f64 {
        share(self.missing_right, self.missing_expected)
    }
}

fn share(part: usize, of: usize) -> f64 {
    part as f64 / of.max(1) as f64
}
