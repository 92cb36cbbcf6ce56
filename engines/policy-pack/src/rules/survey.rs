//! `survey.toml`: the monthly survey (R25) and its figures (R26).

use serde::Deserialize;

use crate::Ruled;

/// Rules of the monthly survey (每月抽查).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Months between two surveys of a committee.
    pub every_months: Ruled<u32>,
    /// Fewest households.
    pub min_households: Ruled<u32>,
    /// Fewest people.
    pub min_people: Ruled<u32>,
    /// Fewest surveyors.
    pub min_surveyors: Ruled<u32>,
    /// Fewest parties that commit to a share of the seed beforehand.
    pub min_seed_parties: Ruled<u32>,
    /// Of the drawn homes, those that another surveyor asks a second time, in percent, rounded up.
    pub second_interview_percent: Ruled<u32>,
    /// Homes that are asked a second time at least.
    pub min_second_interviews: Ruled<u32>,
    /// Whether errors put right at once change the measured result; always false.
    pub errors_change_the_result: Ruled<bool>,
    /// Target of the registration rate in percent.
    pub target_registration_percent: Ruled<u32>,
    /// Target of the accuracy rate in percent.
    pub target_accuracy_percent: Ruled<u32>,
    /// Target for homes in percent.
    pub target_homes_percent: Ruled<u32>,
    /// Target for employers in percent.
    pub target_employers_percent: Ruled<u32>,
    /// Confidence of the stated intervals in percent.
    pub confidence_percent: Ruled<u32>,
}
