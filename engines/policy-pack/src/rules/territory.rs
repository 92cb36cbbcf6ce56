//! `territory.toml`: committees and assessment groups (R1), boundaries (R2).

use serde::Deserialize;

use crate::RuleNumber;

choice! {
    /// Whether a committee is a village's or residents'.
    CommitteeKind {
        /// Village committee (村民委员会).
        Village = "village",
        /// Residents' committee (居民委员会).
        Residents = "residents",
    }
}

choice! {
    /// What imported boundaries are checked for.
    BoundaryCheck {
        /// Two grids share ground.
        Overlap = "overlap",
        /// Ground of the committee in no grid.
        Gap = "gap",
        /// An address that lies in no grid.
        AddressOutside = "address-outside",
    }
}

item! {
    /// An assessment group (考核分组).
    Group(String) {}
}

/// A village or residents' committee (村居).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Committee {
    /// Statistical division code, twelve digits, beginning with the sub-district's.
    pub code: String,
    /// The scheme's short name.
    pub name: String,
    /// The name in the statistical table.
    pub official_name: String,
    /// Other ways in which tables write it.
    pub aliases: Vec<String>,
    /// Village or residents.
    pub kind: CommitteeKind,
    /// Id of its assessment group.
    pub group: String,
    /// The clause it comes from.
    pub clause: String,
    /// The rule of REQUIREMENTS.md.
    pub rule: RuleNumber,
}

impl Committee {
    /// Every way of writing its name: short, official, aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.official_name].into_iter().chain(&self.aliases).map(String::as_str)
    }
}

/// How boundaries come in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boundaries {
    /// File format of an import.
    pub import_format: String,
    /// What is checked.
    pub checks: Vec<BoundaryCheck>,
    /// Whether the past stays as it was when boundaries change.
    pub versioned_by_date: bool,
    /// The clause it comes from.
    pub clause: String,
    /// The rule of REQUIREMENTS.md.
    pub rule: RuleNumber,
}

/// The territory of the sub-district.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Territory {
    /// Rules for boundaries.
    pub boundaries: Boundaries,
    /// Assessment groups.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// Committees, each in one group.
    #[serde(rename = "committee")]
    pub committees: Vec<Committee>,
}
