//! `linli workday`: official working days.

use cn_workday::Calendar;
use jiff::civil::Date;

use crate::{
    commands::table::Sink,
    failure::{Failure, Outcome},
};

/// Prints each day of `2026-01-01..2026-12-31`, both ends included, as CSV.
///
/// # Errors
/// `cli-workday-range`; a year whose notice is not known.
pub fn list(range: &str) -> Outcome {
    let wrong = || Failure::say("cli-workday-range").arg("range", range);
    let (from, to) = range.split_once("..").unwrap_or((range, range));
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let (from, to) = day(from).zip(day(to)).filter(|(from, to)| from <= to).ok_or_else(wrong)?;
    let calendar = Calendar::official();
    let days = calendar.days(from..=to).map_err(|e| Failure::say("cli-workday-year").arg("year", e.year))?;
    let mut sink = Sink::create(None)?;
    sink.row(["date", "workday", "name"])?;
    for day in days {
        sink.row([day.date.to_string(), day.workday.to_string(), day.name.to_owned()])?;
    }
    sink.end()
}
