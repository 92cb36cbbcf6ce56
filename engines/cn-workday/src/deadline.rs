//! Deadlines from an instant.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::{Calendar, UnknownYear};

/// Asia/Shanghai has been eight hours ahead of UTC, without summer time, since September 1991.
pub(crate) fn shanghai() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The date in Asia/Shanghai at this instant (from September 1991 on).
#[must_use]
pub fn shanghai_date(at: Timestamp) -> Date {
    at.to_zoned(shanghai()).date()
}

/// `hours` hours after `from`, by the clock; working days do not matter. Stops at the end of time.
///
/// ```
/// let from: jiff::Timestamp = "2026-09-30T16:00:00+08:00".parse().unwrap();
/// assert_eq!(cn_workday::deadline_hours(from, 24), "2026-10-01T16:00:00+08:00".parse().unwrap());
/// ```
#[must_use]
pub fn deadline_hours(from: Timestamp, hours: u32) -> Timestamp {
    from.checked_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MAX)
}

impl Calendar {
    /// The end of the `n`th working day after the day of `from` in Asia/Shanghai: the midnight that closes it,
    /// so what happens before this instant is in time. The day of `from` does not count. With `n` = 0, the end
    /// of that day, or of the next working day where it is none.
    ///
    /// # Errors
    /// [`UnknownYear`] if the count leaves the known years.
    ///
    /// ```
    /// let calendar = cn_workday::Calendar::official();
    /// let from: jiff::Timestamp = "2026-09-30T16:00:00+08:00".parse().unwrap();
    /// // The working days after it are 8 and 9 October.
    /// assert_eq!(calendar.deadline_workdays(from, 2), Ok("2026-10-10T00:00:00+08:00".parse().unwrap()));
    /// ```
    pub fn deadline_workdays(&self, from: Timestamp, n: u32) -> Result<Timestamp, UnknownYear> {
        let day = shanghai_date(from);
        let unknown = UnknownYear { year: day.year() };
        let last = match i32::try_from(n).map_err(|_| unknown)? {
            0 if self.is_workday(day)? => day,
            0 => self.add_workdays(day, 1)?,
            n => self.add_workdays(day, n)?,
        };
        let midnight = last.tomorrow().map_err(|_| unknown)?.to_zoned(shanghai());
        midnight.map(|zoned| zoned.timestamp()).map_err(|_| unknown)
    }
}
