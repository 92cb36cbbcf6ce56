//! What a pack must fulfil beyond having the right keys and types.

mod general;
mod numbers;
mod references;
mod scoring;
mod territory;

use std::collections::BTreeMap;

use crate::pack::Rules;
use crate::source::{Source, Step};
use crate::{Problem, Reason};

/// The files under check and what was found so far.
pub(crate) struct Checker<'a> {
    pub sources: &'a BTreeMap<String, Source>,
    pub problems: Vec<Problem>,
}

impl Checker<'_> {
    fn report(&mut self, file: &str, path: &[Step], reason: Reason) {
        if let Some(source) = self.sources.get(file) {
            self.problems.push(source.problem(path, reason));
        }
    }
}

/// Checks that need no types: clauses, names, ids, forbidden words.
pub(crate) fn shape(sources: &BTreeMap<String, Source>) -> Vec<Problem> {
    sources.values().flat_map(general::check).collect()
}

/// Checks of the typed rules against each other and against the boundaries.
pub(crate) fn rules(sources: &BTreeMap<String, Source>, rules: &Rules) -> Vec<Problem> {
    let mut checker = Checker { sources, problems: Vec::new() };
    territory::check(&mut checker, rules);
    numbers::check(&mut checker, rules);
    references::check(&mut checker, rules);
    scoring::check(&mut checker, &rules.scoring);
    checker.problems
}
