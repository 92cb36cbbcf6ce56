//! `scoring.toml`: listing (R27), back-checks (R29), scheme (R34), rounds (R35).

use serde::{Deserialize, Serialize};

use crate::rules::team::RoleId;
use crate::{Points, Ruled, Subject};

choice! {
    /// What a deduction rests on.
    Evidence {
        /// The six ledgers.
        Ledgers = "ledgers",
        /// Scenes and their closing.
        Scenes = "scenes",
        /// Notice signs.
        Signs = "signs",
        /// The month's survey.
        Survey = "survey",
        /// Counts that the assessors entered (boundary 13).
        CountsEntered = "counts-entered",
        /// Items of work of N members.
        MemberWork = "member-work",
        /// A number that the assessors entered (boundaries 5 and 13).
        NumberEntered = "number-entered",
        /// Listings for rectification.
        Listings = "listings",
        /// Agreements, training and recorded breaches.
        Confidentiality = "confidentiality",
    }
}

/// How points are deducted; never more than the item has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Deduction {
    /// For each one that is missing or out of date.
    PerMissing {
        /// Points for each.
        points_each: Points,
    },
    /// For each percentage point by which a rate stays below its target.
    RateBelowTarget {
        /// Target in percent.
        target_percent: u32,
        /// Points for each percentage point below it.
        points_per_percent: Points,
    },
    /// For each fault found.
    PerFault {
        /// Points for each.
        points_each: Points,
    },
    /// For each listing that costs points.
    PerListing {
        /// Points for each.
        points_each: Points,
    },
    /// For missing N members and for work that they have not done.
    MembersWork {
        /// Members that a committee has at least.
        min_members: u32,
        /// Items that each does in a day.
        items_per_member_per_day: u32,
        /// Points for each missing member.
        points_per_missing_member: Points,
        /// Points for each percentage point of the items not done.
        points_per_percent: Points,
    },
    /// The assessors enter the number alone.
    NumberEntered {},
}

item! {
    /// A part of the basic points.
    Section(String) {
        /// Its points.
        points: Points,
    }
}

item! {
    /// A scoring item (考核项目).
    ItemOfScore(String) {
        /// Id of its section.
        section: String,
        /// What it is about.
        subject: Subject,
        /// Its points.
        points: Points,
        /// What a deduction rests on.
        evidence: Evidence,
        /// Whether assessors enter the number and nothing is held behind it.
        scored_outside: bool,
        /// How points are deducted.
        deduction: Deduction,
    }
}

item! {
    /// Why a committee is listed for rectification (挂牌).
    ListingCause(String) {
        /// Whether such a listing costs points.
        costs_points: bool,
    }
}

item! {
    /// Results that are handed on by a date.
    Submission(String) {
        /// Codes of the recipients.
        recipients: Vec<String>,
        /// Month of the date, 1 to 12.
        by_month: u8,
        /// Day of the date.
        by_day: u8,
    }
}

/// When a rate leads to a listing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Months running.
    pub months_running: Ruled<u32>,
    /// Which rates.
    pub rates: Ruled<Vec<String>>,
    /// What they are below.
    pub below: Ruled<String>,
}

/// Back-checks (倒查): counts alone.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackCheck {
    /// Codes of the counts.
    pub counts: Ruled<Vec<String>>,
}

/// The year of the assessment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounds {
    /// Month in which the year begins.
    pub year_starts_in_month: Ruled<u8>,
    /// Month in which its second half begins.
    pub second_half_starts_in_month: Ruled<u8>,
    /// Months between two scores.
    pub score_every_months: Ruled<u32>,
    /// First places shown with their reward.
    pub first_places: Ruled<u32>,
    /// Last places shown with the measure taken.
    pub last_places: Ruled<u32>,
    /// Roles whose bundled team is the unit.
    pub unit_of_assessment: Ruled<Vec<RoleId>>,
}

/// The scheme of the assessment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// Basic points, from which deductions are made.
    pub basic_points: Ruled<Points>,
    /// Most bonus points.
    pub bonus_points_at_most: Ruled<Points>,
    /// Back-checks.
    pub back_check: BackCheck,
    /// Listing.
    pub listing: Listing,
    /// Rounds.
    pub rounds: Rounds,
    /// Causes of listing.
    #[serde(rename = "listing_cause")]
    pub listing_causes: Vec<ListingCause>,
    /// Dates for handing on.
    #[serde(rename = "submission")]
    pub submissions: Vec<Submission>,
    /// Sections.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
    /// Items.
    #[serde(rename = "item")]
    pub items: Vec<ItemOfScore>,
}
