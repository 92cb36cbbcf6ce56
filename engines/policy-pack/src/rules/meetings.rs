//! `meetings.toml`: meetings (R30).

use serde::Deserialize;

use crate::Ruled;

choice! {
    /// The three meetings.
    MeetingId {
        /// Weekly.
        Weekly = "weekly",
        /// Monthly.
        Monthly = "monthly",
        /// Yearly.
        Yearly = "yearly",
    }
}

choice! {
    /// On which day a meeting is.
    MeetingDay {
        /// The week's first working day.
        FirstWorkdayOfWeek = "first-workday-of-week",
        /// The month's last working day.
        LastWorkdayOfMonth = "last-workday-of-month",
        /// A day within the last month of the year.
        WithinLastMonthOfYear = "within-last-month-of-year",
    }
}

item! {
    /// A meeting (例会).
    Meeting(MeetingId) {
        /// The day.
        day: MeetingDay,
        /// Code of the post that convenes it.
        convener: String,
        /// Codes of the agenda's points, drawn from the data.
        agenda: Vec<String>,
    }
}

item! {
    /// A coded reason for absence.
    AbsenceReason(String) {}
}

/// Rules for meetings.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meetings {
    /// Hours of notice for moving a meeting.
    pub notice_of_move_hours: Ruled<u32>,
    /// The three meetings.
    #[serde(rename = "meeting")]
    pub meetings: Vec<Meeting>,
    /// Reasons for absence.
    #[serde(rename = "absence_reason")]
    pub absence_reasons: Vec<AbsenceReason>,
}
