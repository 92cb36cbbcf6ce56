//! The register held against the truth.

use crate::town::Town;
use serde::Serialize;
use std::ops::{Add, Range};

/// The register of some homes, held against the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TrueRates {
    /// People who live in the homes.
    pub living: u32,
    /// Those of them who are registered at the home where they live.
    pub registered: u32,
    /// Records that the register has at the homes.
    pub records: u32,
    /// Those of them whose person lives at that home, and whose name, document number, mobile and
    /// employer are right.
    pub accurate: u32,
}

impl TrueRates {
    /// The share of people who are registered where they live (登记率), 0 to 1; none where nobody lives.
    pub fn registration_rate(&self) -> Option<f64> {
        share(self.registered, self.living)
    }

    /// The share of records that are right (准确率), 0 to 1; none where there is no record.
    pub fn accuracy_rate(&self) -> Option<f64> {
        share(self.accurate, self.records)
    }
}

impl Add for TrueRates {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            living: self.living + other.living,
            registered: self.registered + other.registered,
            records: self.records + other.records,
            accurate: self.accurate + other.accurate,
        }
    }
}

fn share(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| f64::from(part) / f64::from(of))
}

impl Town {
    /// The register of one home held against the truth today.
    pub fn true_rates_of_home(&self, home: u32) -> TrueRates {
        let mut rates = TrueRates::default();
        for person in self.truth.at_home(home) {
            rates.living += 1;
            rates.registered += u32::from(self.register.resident(*person).is_some_and(|r| r.facts.home == home));
        }
        for person in self.register.at_home(home) {
            rates.records += 1;
            rates.accurate += u32::from(self.is_accurate(*person));
        }
        rates
    }

    fn is_accurate(&self, person: u32) -> bool {
        let (Some(record), Some(truth)) = (self.register.resident(person), self.truth.person(person)) else {
            return false;
        };
        let held = &record.facts;
        held.home == truth.home
            && held.name == truth.name
            && held.doc_no == truth.doc_no
            && held.mobile == truth.mobile
            && held.employer == truth.employer
    }

    fn true_rates_of_homes(&self, homes: Range<u32>) -> TrueRates {
        homes.map(|home| self.true_rates_of_home(home)).fold(TrueRates::default(), Add::add)
    }

    /// The same of a grid, by index; all zero for an unknown one.
    pub fn true_rates_of_grid(&self, grid: u32) -> TrueRates {
        self.true_rates_of_homes(self.homes_of_grid(grid))
    }

    /// The same of a committee, by index; all zero for an unknown one.
    pub fn true_rates(&self, committee: u32) -> TrueRates {
        let own = self.grids.iter().zip(&self.homes_of_grid).filter(|(grid, _)| grid.committee == committee);
        own.map(|(_, homes)| self.true_rates_of_homes(homes.clone())).fold(TrueRates::default(), Add::add)
    }

    /// The same of the whole town.
    pub fn true_rates_of_town(&self) -> TrueRates {
        self.true_rates_of_homes(0..self.homes.len() as u32)
    }

    /// The true registration rate of a committee, 0 to 1.
    pub fn true_registration_rate(&self, committee: u32) -> Option<f64> {
        self.true_rates(committee).registration_rate()
    }

    /// The true accuracy rate of a committee, 0 to 1.
    pub fn true_accuracy(&self, committee: u32) -> Option<f64> {
        self.true_rates(committee).accuracy_rate()
    }
}
