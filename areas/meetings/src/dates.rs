//! When meetings are (R30): on China's official working days, movable with notice.
//!
//! A regular meeting belongs to a *period*, its week, month or year, and is convened once in it. Where the official
//! arrangement of a year is not published yet, days are those of the plain week and [`is_known`] says so.

use cn_workday::{Calendar, UnknownYear};
use jiff::{
    ToSpan as _,
    civil::{Time, Weekday},
};
use linli_platform::{
    AppError,
    clock::{At, Day},
};
use policy_pack::{Meeting, MeetingDay, MeetingId as Kind, Pack};

/// When a meeting starts unless its convener says otherwise.
pub const USUAL_TIME: Time = Time::constant(14, 0, 0, 0);
/// From this day of December on a yearly meeting is proposed; its convener may choose any working day of the month.
const YEARLY_FROM_DAY: i64 = 14;
/// A monthly meeting may be moved this far into the next month.
const MONTHLY_LATER_DAYS: i64 = 7;

/// The span that a regular meeting belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The pack's rule of the day.
    pub rule: MeetingDay,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
}

/// The pack's rule of a meeting.
pub fn rule(pack: &Pack, kind: Kind) -> Option<&Meeting> {
    pack.meetings.meetings.iter().find(|m| m.id == kind)
}

impl Period {
    /// The period of a meeting with this rule that a day lies in.
    pub fn of(rule: MeetingDay, day: Day) -> Period {
        let (first, last) = match rule {
            MeetingDay::FirstWorkdayOfWeek => {
                let back = i64::from(day.0.weekday().since(Weekday::Monday));
                let monday = day.plus_days(-back);
                (monday, monday.plus_days(6))
            }
            MeetingDay::LastWorkdayOfMonth => (day.month().first_day(), day.month().last_day()),
            MeetingDay::WithinLastMonthOfYear => {
                let december = Day(day.0.with().month(12).day(1).build().unwrap_or(day.0)).month();
                (Day(day.0.first_of_year()), december.last_day())
            }
        };
        Period { rule, first, last }
    }
    /// The one after it.
    pub fn next(self) -> Period {
        Period::of(self.rule, self.last.plus_days(1))
    }
    /// Its stable code: the week's Monday, the month, the year.
    pub fn code(self) -> String {
        match self.rule {
            MeetingDay::FirstWorkdayOfWeek => self.first.to_string(),
            MeetingDay::LastWorkdayOfMonth => self.first.month().to_string(),
            MeetingDay::WithinLastMonthOfYear => self.first.0.year().to_string(),
        }
    }
    /// The days on which its meeting may be, first and last.
    pub fn window(self) -> (Day, Day) {
        match self.rule {
            MeetingDay::FirstWorkdayOfWeek => (self.first, self.last),
            MeetingDay::LastWorkdayOfMonth => (self.first, self.last.plus_days(MONTHLY_LATER_DAYS)),
            MeetingDay::WithinLastMonthOfYear => (self.last.month().first_day(), self.last),
        }
    }
    /// The day on which its meeting is by the rule; none in a week without a working day.
    ///
    /// # Errors
    /// [`UnknownYear`] with a calendar that refuses years it does not know.
    pub fn regular_day(self, calendar: &Calendar) -> Result<Option<Day>, UnknownYear> {
        Ok(match self.rule {
            MeetingDay::FirstWorkdayOfWeek => calendar.first_workday_of_week(self.first.0)?.map(Day),
            MeetingDay::LastWorkdayOfMonth => calendar.last_workday_of_month(self.first.0)?.map(Day),
            MeetingDay::WithinLastMonthOfYear => {
                let before = self.window().0.plus_days(YEARLY_FROM_DAY - 1);
                let day = Day(calendar.add_workdays(before.0, 1)?);
                (day <= self.last).then_some(day)
            }
        })
    }
}

/// Whether the official arrangement of a day's year is published and in the calendar.
pub fn is_known(calendar: &Calendar, day: Day) -> bool {
    calendar.known_years().any(|year| year == day.0.year())
}

/// An instant of a day.
pub fn at(day: Day, time: Time) -> At {
    let minutes = i64::from(time.hour()) * 60 + i64::from(time.minute());
    day.start().plus_s(minutes * 60)
}

/// The time of day of an instant, `14:00`.
pub fn time_text(at: At) -> String {
    at.minute_text().split_once(' ').map_or_else(String::new, |(_, time)| time.to_owned())
}

/// Why a meeting cannot be moved there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoveFault {
    /// The meeting is nearer than the notice that the pack asks for.
    #[error("the meeting is less than {0} hours away")]
    TooLate(u32),
    /// The new time is nearer than that notice.
    #[error("the new time is less than {0} hours away")]
    TooSoon(u32),
    /// Not an official working day.
    #[error("{0} is no official working day")]
    NotAWorkday(Day),
    /// Outside of the days on which this meeting may be.
    #[error("the meeting may be from {0} to {1}")]
    OutOfPeriod(Day, Day),
    /// The calendar does not know the year.
    #[error("{0}")]
    UnknownYear(#[from] UnknownYear),
}

impl From<MoveFault> for AppError {
    fn from(fault: MoveFault) -> Self {
        match fault {
            MoveFault::TooLate(hours) => AppError::rule("meeting-move-late").arg("hours", hours),
            MoveFault::TooSoon(hours) => AppError::rule("meeting-move-soon").arg("hours", hours),
            MoveFault::NotAWorkday(day) => AppError::rule("meeting-no-workday").arg("day", day),
            MoveFault::OutOfPeriod(first, last) => {
                AppError::rule("meeting-out-of-period").arg("first", first).arg("last", last)
            }
            MoveFault::UnknownYear(unknown) => AppError::rule("workday-year").arg("year", unknown.year),
        }
    }
}

/// Whether a meeting of a period may be on a day: a working day within its window.
///
/// # Errors
/// [`MoveFault::NotAWorkday`], [`MoveFault::OutOfPeriod`], [`MoveFault::UnknownYear`].
pub fn may_be_on(period: Period, day: Day, calendar: &Calendar) -> Result<(), MoveFault> {
    let (first, last) = period.window();
    if day < first || day > last {
        return Err(MoveFault::OutOfPeriod(first, last));
    }
    if calendar.is_workday(day.0)? { Ok(()) } else { Err(MoveFault::NotAWorkday(day)) }
}

/// Whether a meeting can be moved from one instant to another now: with the notice that the pack asks for before both,
/// to a working day of its period.
///
/// # Errors
/// Any [`MoveFault`].
pub fn may_move(pack: &Pack, calendar: &Calendar, period: Period, now: At, from: At, to: At) -> Result<(), MoveFault> {
    let hours = *pack.meetings.notice_of_move_hours;
    let notice = now.plus_hours(i64::from(hours));
    if from < notice {
        return Err(MoveFault::TooLate(hours));
    }
    if to < notice {
        return Err(MoveFault::TooSoon(hours));
    }
    may_be_on(period, to.day(), calendar)
}

/// The working days of the month after a day's, for the agenda; none where they cannot be told.
pub(crate) fn workdays_of_next_month(calendar: &Calendar, day: Day) -> Option<u32> {
    let next = day.month().next();
    calendar.count_workdays(next.first_day().0..=next.last_day().0).ok()
}

/// The same for the year after.
pub(crate) fn workdays_of_next_year(calendar: &Calendar, day: Day) -> Option<u32> {
    let first = day.0.first_of_year().saturating_add(1.year());
    calendar.count_workdays(first..=first.last_of_year()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use MeetingDay::{FirstWorkdayOfWeek, LastWorkdayOfMonth, WithinLastMonthOfYear};

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn meetings_are_on_official_working_days() {
        let calendar = Calendar::official();
        for (rule, within, period, regular) in [
            (FirstWorkdayOfWeek, "2026-11-25", "2026-11-23", Some("2026-11-23")),
            // National Day 2026 ends on Wednesday the 7th.
            (FirstWorkdayOfWeek, "2026-10-05", "2026-10-05", Some("2026-10-08")),
            // Spring Festival 2026 takes Monday to Sunday.
            (FirstWorkdayOfWeek, "2026-02-18", "2026-02-16", None),
            (LastWorkdayOfMonth, "2026-11-02", "2026-11", Some("2026-11-30")),
            // 28 February 2026 is a Saturday and a working day.
            (LastWorkdayOfMonth, "2026-02-10", "2026-02", Some("2026-02-28")),
            (LastWorkdayOfMonth, "2026-05-31", "2026-05", Some("2026-05-29")),
            (WithinLastMonthOfYear, "2026-03-01", "2026", Some("2026-12-15")),
        ] {
            let of = Period::of(rule, day(within));
            assert_eq!(of.code(), period, "{within}");
            assert_eq!(of.regular_day(&calendar), Ok(regular.map(day)), "{within}");
        }
    }

    #[test]
    fn a_year_without_a_published_arrangement_is_told() {
        let strict = Calendar::official();
        let plain = Calendar::official().weekdays_beyond_known();
        let of = Period::of(FirstWorkdayOfWeek, day("2031-01-08"));
        assert_eq!(of.regular_day(&strict), Err(UnknownYear { year: 2031 }));
        assert_eq!(of.regular_day(&plain), Ok(Some(day("2031-01-06"))));
        assert!(!is_known(&plain, day("2031-01-06")));
        assert!(is_known(&plain, day("2026-12-31")));
    }

    #[test]
    fn a_meeting_is_moved_with_a_days_notice_to_a_working_day_of_its_period() {
        let (pack, calendar) = (Pack::embedded(), Calendar::official());
        let now = at(day("2026-11-23"), Time::constant(9, 0, 0, 0));
        let on = |text: &str| at(day(text), USUAL_TIME);
        let week = Period::of(FirstWorkdayOfWeek, day("2026-11-25"));
        let month = Period::of(LastWorkdayOfMonth, day("2026-11-25"));
        for (period, from, to, wanted) in [
            (week, "2026-11-25", "2026-11-26", Ok(())),
            (week, "2026-11-23", "2026-11-26", Err(MoveFault::TooLate(24))),
            (week, "2026-11-25", "2026-11-23", Err(MoveFault::TooSoon(24))),
            (week, "2026-11-25", "2026-11-28", Err(MoveFault::NotAWorkday(day("2026-11-28")))),
            (week, "2026-11-25", "2026-11-30", Err(MoveFault::OutOfPeriod(day("2026-11-23"), day("2026-11-29")))),
            (month, "2026-11-30", "2026-12-04", Ok(())),
            (month, "2026-11-30", "2026-12-08", Err(MoveFault::OutOfPeriod(day("2026-11-01"), day("2026-12-07")))),
        ] {
            assert_eq!(may_move(&pack, &calendar, period, now, on(from), on(to)), wanted, "{from} to {to}");
        }
    }

    #[test]
    fn one_period_follows_the_other() {
        assert_eq!(Period::of(FirstWorkdayOfWeek, day("2026-12-31")).next().code(), "2027-01-04");
        assert_eq!(Period::of(LastWorkdayOfMonth, day("2026-12-31")).next().code(), "2027-01");
        assert_eq!(Period::of(WithinLastMonthOfYear, day("2026-12-31")).next().code(), "2027");
    }
}
