//! The rules of a week (R31), each with the clause it comes from.

use std::fmt;

use jiff::civil::Time;

/// A number of the scheme with the clause it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit<T> {
    /// The number.
    pub value: T,
    /// The clause, such as `附件2`.
    pub clause: String,
}

impl<T> Limit<T> {
    /// A number and its clause.
    pub fn new(value: T, clause: impl Into<String>) -> Limit<T> {
        Limit { value, clause: clause.into() }
    }
}

/// The rules for a week of shifts (错时工作规定, R31), and what an employer adds to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Days by which a plan is filed before the week's Monday.
    pub plan_ahead_days: Limit<u32>,
    /// Off-hours rounds that an officer leads in a week, at least.
    pub officer_rounds: Limit<u32>,
    /// Weekend days that a coordinator works in a week, at least.
    pub coordinator_weekend_days: Limit<u32>,
    /// Off-hours rounds of a coordinator in a week, at least.
    pub coordinator_rounds: Limit<u32>,
    /// Hours of a week with five working days; a person's total is not below a fifth of it for each official
    /// working day on which the person is not away.
    pub normal_hours: Limit<u32>,
    /// When normal hours begin; a round that starts earlier is off-hours.
    pub workday_starts: Limit<Time>,
    /// When normal hours end; a round that starts then or later is off-hours.
    pub workday_ends: Limit<Time>,
    /// The latest start of a round.
    pub last_visit_starts: Limit<Time>,
    /// Hours of one person in the week, at most, where that is limited.
    pub most_hours: Option<Limit<u32>>,
    /// Days of the week without a shift, at least, where that is asked for.
    pub rest_days: Option<Limit<u32>>,
    /// People on duty in each grid on each official working day, at least, officers not counted, where that is
    /// asked for.
    pub on_duty: Option<Limit<u32>>,
    /// The same on each weekend day.
    pub weekend_duty: Option<Limit<u32>>,
}

impl Rules {
    /// The numbers of the published scheme (附件2) and a day of rest a week, nothing asked for besides: for examples,
    /// tests and benches. Whoever plans for a real team brings the numbers of its own scheme.
    ///
    /// ```
    /// use shift_plan::{Limit, Rules};
    ///
    /// let stricter = Rules { most_hours: Some(Limit::new(44, "劳动法 第三十六条")), ..Rules::sample() };
    /// assert_eq!(stricter.officer_rounds.value, 1);
    /// ```
    pub fn sample() -> Rules {
        let limit = |value| Limit::new(value, "附件2");
        let time = |hour, minute| Limit::new(Time::constant(hour, minute, 0, 0), "附件2");
        Rules {
            plan_ahead_days: limit(7),
            officer_rounds: limit(1),
            coordinator_weekend_days: limit(1),
            coordinator_rounds: limit(2),
            normal_hours: limit(40),
            workday_starts: time(9, 0),
            workday_ends: time(17, 30),
            last_visit_starts: time(20, 30),
            most_hours: None,
            rest_days: Some(Limit::new(1, "劳动法")),
            on_duty: None,
            weekend_duty: None,
        }
    }

    pub(crate) fn asks_for_duty(&self) -> bool {
        self.on_duty.is_some() || self.weekend_duty.is_some()
    }
}

/// A rule that a plan keeps or breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The plan is filed in time (提前一周报备).
    PlanAhead,
    /// A turn names a person, a shift and a day that there are.
    Known,
    /// Nobody has two shifts on one day.
    OneShiftADay,
    /// Nobody works on a day of leave.
    Away,
    /// Nobody works outside the hours that they have named.
    Available,
    /// No round starts later than the scheme allows.
    LastVisit,
    /// An officer leads so many off-hours rounds, each with somebody of the same grids.
    OfficerRounds,
    /// A coordinator works so many weekend days.
    CoordinatorWeekendDays,
    /// A coordinator makes so many off-hours rounds.
    CoordinatorRounds,
    /// Nobody's hours are below normal.
    NormalHours,
    /// Nobody's hours are above what is allowed.
    MostHours,
    /// Everybody has days of rest.
    RestDays,
    /// A grid has somebody on duty.
    OnDuty,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::PlanAhead => "the plan is filed in time",
            Rule::Known => "person, shift and day exist",
            Rule::OneShiftADay => "one shift a day",
            Rule::Away => "no work on a day of leave",
            Rule::Available => "no work outside the hours named",
            Rule::LastVisit => "no round starts too late",
            Rule::OfficerRounds => "off-hours rounds led by an officer",
            Rule::CoordinatorWeekendDays => "a coordinator's weekend days",
            Rule::CoordinatorRounds => "a coordinator's off-hours rounds",
            Rule::NormalHours => "hours not below normal",
            Rule::MostHours => "hours not above what is allowed",
            Rule::RestDays => "days of rest",
            Rule::OnDuty => "people on duty in a grid",
        })
    }
}
