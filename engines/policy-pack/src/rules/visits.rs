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

item! {
    /// A hazard of premises (现场隐患) that whoever comes next is told of, never anything about a person.
    Hazard(String) {
        /// What it is about; premises.
        subject: Subject,
        /// Days after which it is gone by itself, unless somebody notes it again.
        max_days: u32,
    }
}

impl Hazard {
    /// The last day on which a hazard holds that was noted on `noted` and is said to last until `said`, as days of any
    /// one count: never longer than the pack allows, and as long as it allows where nobody said. None where it was over
    /// before it was noted.
    #[must_use]
    pub fn last_day(&self, noted: i64, said: Option<i64>) -> Option<i64> {
        let longest = noted + i64::from(self.max_days);
        said.map_or(Some(longest), |day| (day >= noted).then_some(day.min(longest)))
    }
}

item! {
    /// When a photo of premises is asked for at a visit; otherwise none is taken and none is kept.
    PhotoRule(String) {
        /// What it shows; premises.
        subject: Subject,
        /// Categories of premises; empty asks at premises of any.
        categories: Vec<String>,
        /// How the visit ended, as codes of outcomes.
        outcomes: Vec<String>,
    }
}

impl PhotoRule {
    /// Whether it asks for a photo at premises of a category (if they have one) and a visit that ended so.
    #[must_use]
    pub fn asks(&self, category: Option<&str>, outcome: &str) -> bool {
        let here = self.categories.is_empty() || category.is_some_and(|c| self.categories.iter().any(|of| of == c));
        here && self.outcomes.iter().any(|of| of == outcome)
    }
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
    /// Hazards of premises.
    #[serde(rename = "hazard", default)]
    pub hazards: Vec<Hazard>,
    /// When a photo is asked for.
    #[serde(rename = "photo", default)]
    pub photos: Vec<PhotoRule>,
}

impl Visits {
    /// The first rule that asks for a photo at premises of a category and a visit that ended so.
    #[must_use]
    pub fn photo(&self, category: Option<&str>, outcome: &str) -> Option<&PhotoRule> {
        self.photos.iter().find(|rule| rule.asks(category, outcome))
    }
    /// The hazard of a code.
    #[must_use]
    pub fn hazard(&self, code: &str) -> Option<&Hazard> {
        self.hazards.iter().find(|hazard| hazard.id == code)
    }
}
