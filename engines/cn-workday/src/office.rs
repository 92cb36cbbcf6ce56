//! Deadlines in working hours.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

use crate::deadline::shanghai;
use crate::{Calendar, UnknownYear};

/// When an office is open on a working day (办公时间), Asia/Shanghai.
///
/// ```
/// use cn_workday::{Calendar, OfficeHours};
/// use jiff::civil::time;
///
/// let office = OfficeHours::new([(time(9, 0, 0, 0), time(11, 30, 0, 0)), (time(13, 30, 0, 0), time(17, 0, 0, 0))])?;
/// let from: jiff::Timestamp = "2026-09-30T16:00:00+08:00".parse()?;
/// // One hour on 30 September; National Day; an hour on 8 October.
/// let deadline = Calendar::official().deadline_office_hours(from, 2, &office)?;
/// assert_eq!(deadline, "2026-10-08T10:00:00+08:00".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    spans: Vec<(Time, Time)>,
}

/// Spans that are no office hours: none at all, one that ends before it begins, or two that overlap or stand in the
/// wrong order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("office hours are one span or more, each ending after it begins, in the order of the day")]
pub struct OfficeHoursError;

impl OfficeHours {
    /// Hours from their spans, morning first.
    ///
    /// # Errors
    /// [`OfficeHoursError`].
    pub fn new(spans: impl IntoIterator<Item = (Time, Time)>) -> Result<Self, OfficeHoursError> {
        let spans: Vec<(Time, Time)> = spans.into_iter().collect();
        let ordered =
            spans.iter().all(|(open, close)| open < close) && spans.windows(2).all(|two| two[0].1 <= two[1].0);
        if spans.is_empty() || !ordered { Err(OfficeHoursError) } else { Ok(Self { spans }) }
    }

    /// Open time of a whole day.
    fn of_a_day(&self) -> SignedDuration {
        self.spans.iter().map(|(open, close)| open.duration_until(*close)).sum()
    }

    /// Open time from a time of the day on.
    fn after(&self, from: Time) -> SignedDuration {
        self.spans
            .iter()
            .filter(|(_, close)| *close > from)
            .map(|(open, close)| from.max(*open).duration_until(*close))
            .sum()
    }

    /// The time of the day at which so much open time from `from` on has passed; it is not more than the day has.
    fn reached(&self, from: Time, open_time: SignedDuration) -> Option<Time> {
        let mut left = open_time;
        for (open, close) in self.spans.iter().filter(|(_, close)| *close > from) {
            let begin = from.max(*open);
            let span = begin.duration_until(*close);
            if left <= span {
                return begin.checked_add(left).ok();
            }
            left -= span;
        }
        None
    }
}

impl Calendar {
    /// The instant at which the office has been open for `hours` hours since `from`. With 0 hours, `from` itself.
    ///
    /// # Errors
    /// [`UnknownYear`] if the count leaves the known years.
    pub fn deadline_office_hours(
        &self,
        from: Timestamp,
        hours: u32,
        office: &OfficeHours,
    ) -> Result<Timestamp, UnknownYear> {
        let needed = SignedDuration::from_hours(i64::from(hours));
        if needed.is_zero() {
            return Ok(from);
        }
        let local = from.to_zoned(shanghai()).datetime();
        let (day, time) = (local.date(), local.time());
        let today = if self.is_workday(day)? { office.after(time) } else { SignedDuration::ZERO };
        if needed <= today {
            return office.reached(time, needed).and_then(|time| at(day, time)).ok_or(UnknownYear { year: day.year() });
        }
        let (left, whole) = (needed - today, office.of_a_day());
        // The last day holds more than nothing and at most a whole day.
        let days_before = (left.as_nanos() - 1) / whole.as_nanos();
        let beyond = UnknownYear { year: day.year() };
        let nth = i32::try_from(days_before + 1).map_err(|_| beyond)?;
        let last = self.add_workdays(day, nth)?;
        let rest = i64::try_from(left.as_nanos() - days_before * whole.as_nanos()).map_err(|_| beyond)?;
        let time = office.reached(Time::midnight(), SignedDuration::from_nanos(rest));
        time.and_then(|time| at(last, time)).ok_or(beyond)
    }
}

fn at(day: Date, time: Time) -> Option<Timestamp> {
    day.to_datetime(time).to_zoned(shanghai()).ok().map(|zoned| zoned.timestamp())
}
