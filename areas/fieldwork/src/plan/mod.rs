//! The month's plan of a grid (月度走访计划): who goes where on which working day (R16, R18). The grid leader has it made by one
//! command; it is kept, changed by hand, and spread anew when somebody is away. Today's list and the phone follow it.
//!
//! A plan holds homes, days and colleagues. What of it is done follows from the visits, never from a tick ([`settle`]);
//! what is left stays on the list of whoever has it until it is done or spread anew.

pub mod absence;
pub mod change;
pub mod crew;
pub mod make;
pub mod mine;
pub mod off_duty;
pub(crate) mod settle;
pub mod store;

use linli_platform::{app::App, clock::Day};

linli_platform::codes! {
    /// What a planned visit is for. Fluent text: `plan-why-<code>`.
    Why {
        /// The month's full verification (兜底翻, R16).
        Month = "month",
        /// Premises whose label asks for a visit (标签走访, R18).
        Round = "round",
    }
}

/// Whether a day is an official working day; where the calendar of a year is not published yet, Monday to Friday.
pub(crate) fn works(app: &App, day: Day) -> bool {
    app.calendar.is_workday(day.0).unwrap_or_else(|_| day.0.weekday().to_monday_zero_offset() < 5)
}

/// The working days from a day until another, both included.
pub(crate) fn workdays(app: &App, from: Day, until: Day) -> Vec<Day> {
    let mut days = Vec::new();
    let mut day = from;
    while day <= until {
        if works(app, day) {
            days.push(day);
        }
        day = day.plus_days(1);
    }
    days
}
