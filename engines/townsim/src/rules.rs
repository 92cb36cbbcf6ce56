//! When homes are visited: the part of a policy that an experiment varies.

use crate::config::Churn;
use crate::dice::Dice;
use crate::model::Label;
use serde::{Deserialize, Serialize};

/// When homes are visited, and how many a day (R16, R18).
///
/// The defaults are those of the scheme; [`VisitRules::problem`] tells what is out of range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VisitRules {
    /// A crowded home is visited after so many days at the latest, 1 to 366.
    pub crowded_days: u32,
    /// The same of an informal one.
    pub informal_days: u32,
    /// The same of a vacant one.
    pub vacant_days: u32,
    /// The same of any other.
    pub ordinary_days: u32,
    /// Of so many homes of a grid one is visited a working day, and on a Saturday half as many; 1 to 1,000.
    pub homes_a_visit: u32,
    /// Visits to a home where nobody opens before it waits for its next turn, 1 to 20.
    pub tries: u8,
    /// Which of the homes come first.
    pub order: VisitOrder,
}

/// In what order homes are visited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitOrder {
    /// Those that are due, the longest due first; nobody else is visited.
    #[default]
    LongestDue,
    /// One after the other round the grid, whatever the labels say, as many as can be.
    InTurn,
}

impl Default for VisitRules {
    fn default() -> Self {
        Self {
            crowded_days: 10,
            informal_days: 15,
            vacant_days: 30,
            ordinary_days: 30,
            homes_a_visit: 13,
            tries: 3,
            order: VisitOrder::LongestDue,
        }
    }
}

/// A rule or an assumption that is out of its range.
#[derive(Clone, Debug, PartialEq)]
pub struct OutOfRange {
    /// The field.
    pub field: String,
    /// Its value.
    pub value: f64,
    /// The least it may be.
    pub least: f64,
    /// The most it may be.
    pub most: f64,
}

impl std::fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { field, value, least, most } = self;
        write!(f, "{field} is {value}; it must be from {least} to {most}")
    }
}

impl std::error::Error for OutOfRange {}

impl VisitRules {
    /// The first field that is out of its range.
    pub fn problem(&self) -> Option<OutOfRange> {
        let fields = [
            ("crowded_days", self.crowded_days, 366),
            ("informal_days", self.informal_days, 366),
            ("vacant_days", self.vacant_days, 366),
            ("ordinary_days", self.ordinary_days, 366),
            ("homes_a_visit", self.homes_a_visit, 1_000),
            ("tries", u32::from(self.tries), 20),
        ];
        let wrong = fields.into_iter().find(|(_, value, most)| !(1..=*most).contains(value));
        let problem = |(field, value, most): (&str, u32, u32)| OutOfRange {
            field: field.to_owned(),
            value: f64::from(value),
            least: 1.0,
            most: f64::from(most),
        };
        wrong.map(problem)
    }

    /// The longest gap of a home by its label.
    fn gap_days(&self, label: Option<Label>) -> u32 {
        match label {
            Some(Label::Crowded) => self.crowded_days,
            Some(Label::Informal) => self.informal_days,
            Some(Label::Vacant) => self.vacant_days,
            None => self.ordinary_days,
        }
    }

    /// After how many days a home is next visited: within the last sixth of its gap, since nobody keeps an interval
    /// to the day and nobody plans to miss it.
    pub(crate) fn next_visit_days(&self, label: Option<Label>, dice: &mut Dice) -> u32 {
        let gap = self.gap_days(label);
        let first = gap * 5 / 6;
        first + dice.below((2 + (gap + 5) / 10).min(gap - first + 1))
    }
}

impl Churn {
    /// The first field that is out of its range: a share from 0 to 1, a yearly rate from 0 to 50.
    pub fn problem(&self) -> Option<OutOfRange> {
        let fields = serde_json::to_value(self).ok()?;
        // What is no number has no form in JSON, and is out of range.
        let mut fields = fields.as_object()?.iter().map(|(field, value)| (field, value.as_f64().unwrap_or(f64::NAN)));
        fields.find_map(|(field, value)| {
            let most = if field.ends_with("_yearly") { 50.0 } else { 1.0 };
            let problem = OutOfRange { field: field.clone(), value, least: 0.0, most };
            (!(0.0..=most).contains(&value)).then_some(problem)
        })
    }
}
