//! Deadlines from the policy pack (时限), counted by the clock, the calendar or official working days.

use cn_workday::Calendar;
use policy_pack::{DeadlineId, Pack, Unit};

use crate::{
    clock::{At, Day},
    error::{AppError, Result},
};

/// The instant by which something with this deadline is to be done that begins at `from`.
///
/// # Errors
/// `workday-year` where working days of that year are not known yet; argument `year`.
pub fn due_at(pack: &Pack, calendar: &Calendar, id: DeadlineId, from: At) -> Result<At> {
    let deadline = pack.deadline(id);
    let amount = i64::from(deadline.amount);
    Ok(match deadline.unit {
        Unit::Hours => from.plus_hours(amount),
        Unit::Days => from.day().plus_days(amount).end(),
        Unit::Workdays => calendar
            .deadline_workdays(from.timestamp(), deadline.amount)
            .map(At::from_timestamp)
            .map_err(|e| AppError::rule("workday-year").arg("year", e.year))?,
        Unit::Months => Day(from.day().0.saturating_add(jiff::Span::new().months(amount.clamp(0, 1_200)))).end(),
    })
}
