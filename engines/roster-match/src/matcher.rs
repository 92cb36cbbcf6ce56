//! One run of a roster against a register.

use std::fmt;

use crate::{
    decide::{self, Scored},
    learn,
    model::Model,
    pairs::{AT_ONCE, Pairs, Weights},
    reason::{self, Finding, Reason},
    register::Register,
    rows::{Prepared, Rows},
};

/// One row of a roster (名册行), borrowed from the caller.
#[derive(Clone, Copy)]
pub struct RosterRow<'a> {
    /// The caller's id of the row.
    pub row: u64,
    /// Employer id of the roster.
    pub employer: u32,
    /// Name as written.
    pub name: &'a str,
    /// Document number as written.
    pub id_no: &'a str,
    /// Telephone as written.
    pub phone: &'a str,
    /// Address as written; empty when not given.
    pub address: &'a str,
}

impl fmt::Debug for RosterRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RosterRow({}, masked)", self.row)
    }
}

/// What the machine decides, from the least to the most certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// Not registered (未登记).
    None,
    /// Uncertain: a person decides (待核).
    Review,
    /// The same person (相符).
    Match,
}

/// The claimed address against the registered main address, for a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The same address (一致).
    Same,
    /// Registered at another address (不一致).
    Diff,
    /// No address to compare, or no match.
    NotGiven,
}

/// The result of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowResult {
    /// The caller's id of the row.
    pub row: u64,
    /// The registered person; of a review the likeliest one.
    pub pid: Option<u64>,
    /// What was decided.
    pub decision: Decision,
    /// Same or different address.
    pub class: Class,
    /// How probable it is that both are the same person, from 0 to 1.
    pub probability: f64,
    /// Why, with weights; of a row without a person, why there is none.
    pub reasons: Vec<Finding>,
}

/// Compares rosters with one register by one model.
#[derive(Debug, Clone)]
pub struct Matcher<'a> {
    register: &'a Register,
    model: Model,
}

impl<'a> Matcher<'a> {
    /// A matcher for a register.
    #[must_use]
    pub fn new(register: &'a Register, model: &Model) -> Self {
        Self { register, model: model.clone() }
    }

    /// Compares each row; the results stand in the order of the rows.
    #[must_use]
    pub fn compare(&self, rows: &[RosterRow<'_>]) -> Vec<RowResult> {
        let prepared = Rows::prepare(rows);
        let pairs = Pairs::of(self.register, &prepared, &self.model);
        self.results(rows, &prepared, &pairs, &self.model)
    }

    /// A model learnt from these rows without labels, starting from this matcher's. Few rows change it little.
    #[must_use]
    pub fn learn(&self, rows: &[RosterRow<'_>]) -> Model {
        let pairs = Pairs::of(self.register, &Rows::prepare(rows), &self.model);
        learn::learn(&self.model, &pairs, self.register.len())
    }

    /// Learns from the rows and compares them by what was learnt; the pairs are looked for once.
    #[must_use]
    pub fn learn_and_compare(&self, rows: &[RosterRow<'_>]) -> (Model, Vec<RowResult>) {
        let prepared = Rows::prepare(rows);
        let pairs = Pairs::of(self.register, &prepared, &self.model);
        let model = learn::learn(&self.model, &pairs, self.register.len());
        let results = self.results(rows, &prepared, &pairs, &model);
        (model, results)
    }

    /// Registered at an employer of the roster and gone from its list (R15): employer and person.
    ///
    /// Who was found in review counts as present, and so does who bears the name of an undecided row of that
    /// employer; of somebody registered twice the first entry is given.
    #[must_use]
    pub fn missing(&self, rows: &[RosterRow<'_>], results: &[RowResult]) -> Vec<(u32, u64)> {
        crate::missing::missing(self.register, rows, results)
    }

    fn results(&self, rows: &[RosterRow<'_>], prepared: &Rows<'_>, pairs: &Pairs, model: &Model) -> Vec<RowResult> {
        let weights = Weights::of(model, self.register.len());
        let mut scored = Vec::new();
        let mut results = Vec::with_capacity(rows.len());
        for (n, (row, prepared)) in rows.iter().zip(&prepared.rows).enumerate() {
            if n % AT_ONCE == 0 {
                let together = n..rows.len().min(n + AT_ONCE);
                self.register.warm_pids(together.flat_map(|n| pairs.row(n)).map(|pair| pair.person));
            }
            scored.clear();
            scored.extend(pairs.row(n).iter().map(|&pair| Scored { pair, bits: weights.bits(&pair) }));
            // The best first; equals in the register's order.
            scored.sort_unstable_by(|a, b| b.bits.total_cmp(&a.bits).then(a.pair.person.cmp(&b.pair.person)));
            results.push(self.result(row, prepared, &scored, &weights, model));
        }
        results
    }

    fn result(
        &self,
        row: &RosterRow<'_>,
        prepared: &Prepared<'_>,
        scored: &[Scored],
        weights: &Weights,
        model: &Model,
    ) -> RowResult {
        let outcome = decide::decide(scored, model, self.register);
        let best = outcome.best.map(|at| &scored[at].pair);
        let mut reasons = Vec::new();
        if let Some(pair) = best {
            let (fields, household) = weights.fields(pair);
            reasons.reserve_exact(7);
            let named = reason::of_pair(&pair.pattern, pair.position, prepared.plain);
            reasons.extend(named.into_iter().zip(fields).map(|(reason, weight_bits)| Finding { reason, weight_bits }));
            if household > 0.0 {
                reasons.push(Finding { reason: Reason::HouseholdOnly, weight_bits: -household });
            }
        }
        // A rule that rests on a finding is not said twice.
        let rule = outcome.rule.filter(|rule| reasons.iter().all(|found| found.reason != *rule));
        reasons.extend(rule.map(|reason| Finding { reason, weight_bits: 0.0 }));
        RowResult {
            row: row.row,
            pid: best.map(|pair| self.register.pid(pair.person as usize)),
            decision: outcome.decision,
            class: outcome.class,
            probability: outcome.probability,
            reasons,
        }
    }
}
