//! `intervals.toml`: full verification (R16), the grid workers' share (R17), premises labels (R18).

use serde::Deserialize;

use crate::rules::team::RoleId;
use crate::{RuleNumber, Ruled, Subject};

/// The full verification (兜底翻).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullVerification {
    /// Months within which every household is verified.
    pub every_months: Ruled<u32>,
    /// Entering one home means checking everyone in it.
    pub everyone_in_the_home: Ruled<bool>,
    /// The officer joins the visit after a refusal.
    pub officer_joins_after_refusal: Ruled<bool>,
}

/// Rounds and shares of work.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounds {
    /// Visits that the officer leads in a week.
    pub officer_led_visits_per_week: Ruled<u32>,
    /// The full-time grid workers' least share of a month's changes, in percent.
    pub grid_worker_share_percent: Ruled<u32>,
}

/// Who keeps the labels.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelKeepers {
    /// Roles that set and remove labels.
    pub kept_by: Vec<RoleId>,
    /// The clause it comes from.
    pub clause: String,
    /// The rule of REQUIREMENTS.md.
    pub rule: RuleNumber,
}

item! {
    /// A category of premises with the longest gap between two visits.
    Category(String) {
        /// Longest gap in days.
        max_gap_days: u32,
    }
}

item! {
    /// A label of premises (房屋标签).
    Label(String) {
        /// What it is about; premises.
        subject: Subject,
        /// Id of its category.
        category: String,
        /// Number of people from which it applies, if it goes by number.
        min_people: Option<u32>,
    }
}

item! {
    /// A coded reason for setting or removing a label.
    LabelReason(String) {}
}

/// Care visits: asked for or agreed to by the resident (boundary 4).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CareVisit {
    /// What it is about; a piece of work that was agreed.
    pub subject: Subject,
    /// The consent is on file; always true.
    pub needs_consent: bool,
    /// The resident can revoke it; always true.
    pub revocable: bool,
    /// The gap is what was agreed.
    pub gap_as_agreed: bool,
    /// The clause it comes from.
    pub clause: String,
    /// The rule of REQUIREMENTS.md.
    pub rule: RuleNumber,
}

/// Rules for visits.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visits {
    /// The monthly full verification.
    pub full_verification: FullVerification,
    /// Rounds and shares.
    pub rounds: Rounds,
    /// Who keeps labels.
    #[serde(rename = "labels")]
    pub label_keepers: LabelKeepers,
    /// Care visits.
    pub care_visit: CareVisit,
    /// Categories with their gaps.
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
    /// Labels.
    #[serde(rename = "label")]
    pub labels: Vec<Label>,
    /// Reasons for a label.
    #[serde(rename = "label_reason")]
    pub label_reasons: Vec<LabelReason>,
}
