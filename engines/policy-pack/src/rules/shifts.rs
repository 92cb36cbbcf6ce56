//! `shifts.toml`: off-hours shifts (R31).

use jiff::civil::Time;
use serde::Deserialize;

use crate::Ruled;

/// Rules for shifts (错时工作).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shifts {
    /// Days by which a plan comes before the week it is for.
    pub plan_ahead_days: Ruled<u32>,
    /// Off-hours rounds that the officer leads in a week, at least.
    pub officer_off_hours_rounds_per_week: Ruled<u32>,
    /// Weekend days that a coordinator works in a week, at least.
    pub coordinator_weekend_days_per_week: Ruled<u32>,
    /// Off-hours rounds of a coordinator in a week, at least.
    pub coordinator_off_hours_rounds_per_week: Ruled<u32>,
    /// Hours of a normal week; the total is not below it.
    pub normal_hours_per_week: Ruled<u32>,
    /// When normal hours begin.
    pub workday_starts: Ruled<Time>,
    /// When normal hours end.
    pub workday_ends: Ruled<Time>,
    /// The latest start of a visit.
    pub last_visit_starts: Ruled<Time>,
}
