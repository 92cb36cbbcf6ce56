//! The weights: for each field and level, how likely among true pairs and among strangers.

use serde::{Deserialize, Serialize};

use crate::levels::{AddressLevel, EmployerLevel, NameLevel, NumberLevel, Pattern, PhoneLevel};

/// One level's chances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chance<L> {
    /// The level.
    pub level: L,
    /// Its share among pairs of the same person, from 0 to 1.
    pub same: f64,
    /// Its share among pairs of two people, from 0 to 1.
    pub other: f64,
}

/// Where decisions begin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// A match by machine from this probability on.
    pub matched: f64,
    /// A person decides from this probability on.
    pub review: f64,
}

/// A Fellegi–Sunter model: readable, storable, explained field by field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Which share of rows is expected in the register.
    pub registered_share: f64,
    /// Where decisions begin.
    pub thresholds: Thresholds,
    /// Document number.
    pub number: Vec<Chance<NumberLevel>>,
    /// Name; where a name's own frequency is known, it stands for `other` of `exact` and `homophone`.
    pub name: Vec<Chance<NameLevel>>,
    /// Telephone.
    pub phone: Vec<Chance<PhoneLevel>>,
    /// Address.
    pub address: Vec<Chance<AddressLevel>>,
    /// Employer.
    pub employer: Vec<Chance<EmployerLevel>>,
}

/// Why a stored model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The text is not a model.
    #[error("the model cannot be read: {message}")]
    Unreadable {
        /// The parser's message with line and column.
        message: String,
    },
    /// A probability is not between 0 and 1.
    #[error("{field} of the model is {value}, not between 0 and 1")]
    OutOfRange {
        /// Which field.
        field: &'static str,
        /// The value as text.
        value: String,
    },
}

fn chance<L>(level: L, same: f64, other: f64) -> Chance<L> {
    Chance { level, same, other }
}

impl Default for Model {
    /// Weights that hold before anything was learnt: what is known of numbers, names and telephones anywhere.
    fn default() -> Self {
        Self {
            registered_share: 0.85,
            thresholds: Thresholds { matched: 0.995, review: 0.5 },
            number: vec![
                chance(NumberLevel::Exact, 0.80, 3e-9),
                chance(NumberLevel::OneOff, 0.05, 1e-7),
                chance(NumberLevel::Transposed, 0.03, 1e-7),
                chance(NumberLevel::Damaged, 0.03, 1e-6),
                chance(NumberLevel::Near, 0.01, 1e-6),
                chance(NumberLevel::SameBirth, 0.01, 5e-5),
                chance(NumberLevel::Unlike, 0.01, 0.1),
                chance(NumberLevel::OtherPerson, 0.00003, 0.8),
                chance(NumberLevel::Missing, 0.05, 0.05),
            ],
            name: vec![
                chance(NameLevel::Exact, 0.93, 1e-4),
                chance(NameLevel::Homophone, 0.04, 3e-4),
                chance(NameLevel::OneCharacter, 0.015, 5e-3),
                chance(NameLevel::Different, 0.005, 0.98),
                chance(NameLevel::Missing, 0.01, 0.01),
            ],
            phone: vec![
                chance(PhoneLevel::Exact, 0.70, 3e-6),
                chance(PhoneLevel::OneOff, 0.05, 1e-5),
                chance(PhoneLevel::Different, 0.15, 0.85),
                chance(PhoneLevel::Missing, 0.10, 0.10),
            ],
            address: vec![
                chance(AddressLevel::SameDoor, 0.72, 2e-5),
                chance(AddressLevel::SameBuilding, 0.01, 5e-4),
                chance(AddressLevel::SameRoadOrVillage, 0.02, 0.01),
                chance(AddressLevel::Different, 0.15, 0.89),
                chance(AddressLevel::Missing, 0.10, 0.10),
            ],
            employer: vec![
                chance(EmployerLevel::Same, 0.75, 1e-2),
                chance(EmployerLevel::Different, 0.15, 0.79),
                chance(EmployerLevel::Missing, 0.10, 0.20),
            ],
        }
    }
}

impl Model {
    /// The model as TOML.
    ///
    /// # Errors
    /// [`ModelError::Unreadable`] when a number cannot be written.
    pub fn to_toml(&self) -> Result<String, ModelError> {
        toml::to_string_pretty(self).map_err(|error| ModelError::Unreadable { message: error.to_string() })
    }

    /// Reads a model from TOML.
    ///
    /// # Errors
    /// [`ModelError::Unreadable`] with line and column, or [`ModelError::OutOfRange`].
    pub fn from_toml(text: &str) -> Result<Self, ModelError> {
        let model: Self =
            toml::from_str(text).map_err(|error| ModelError::Unreadable { message: error.to_string() })?;
        model.check()?;
        Ok(model)
    }

    fn check(&self) -> Result<(), ModelError> {
        fn within<L>(field: &'static str, chances: &[Chance<L>]) -> Result<(), ModelError> {
            chances.iter().flat_map(|one| [one.same, one.other]).try_for_each(|value| share(field, value))
        }
        fn share(field: &'static str, value: f64) -> Result<(), ModelError> {
            if (0.0..=1.0).contains(&value) {
                Ok(())
            } else {
                Err(ModelError::OutOfRange { field, value: value.to_string() })
            }
        }
        share("registered_share", self.registered_share)?;
        share("thresholds.matched", self.thresholds.matched)?;
        share("thresholds.review", self.thresholds.review)?;
        within("number", &self.number)?;
        within("name", &self.name)?;
        within("phone", &self.phone)?;
        within("address", &self.address)?;
        within("employer", &self.employer)
    }

    /// The weights of a pattern in bits: number, name, telephone, address, employer.
    #[must_use]
    pub fn weights(&self, pattern: &Pattern) -> [f64; 5] {
        [
            bits(&self.number, pattern.number),
            bits(&self.name, pattern.name),
            bits(&self.phone, pattern.phone),
            bits(&self.address, pattern.address),
            bits(&self.employer, pattern.employer),
        ]
    }
}

/// A level that the model does not list says nothing.
fn bits<L: PartialEq>(chances: &[Chance<L>], level: L) -> f64 {
    const LEAST: f64 = 1e-12;
    chances.iter().find(|one| one.level == level).map_or(0.0, |one| (one.same.max(LEAST) / one.other.max(LEAST)).log2())
}

/// The probability that belongs to a sum of weights.
pub(crate) fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}
