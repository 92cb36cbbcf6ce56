//! The calendar: which day is a working day.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::Date;

use crate::table::{self, RowError, Special};
use crate::year::{Year, is_weekday};

/// The table shipped with the crate: the State Council's notices for 2024, 2025 and 2026.
const OFFICIAL: &str = include_str!("../data/workdays-2024-2026.csv");

/// The calendar holds no arrangement for this year: the notice is published in the autumn before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the official working days of {year} are not known; import the year's table")]
pub struct UnknownYear {
    /// The year that was asked for.
    pub year: i16,
}

/// One day of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day<'a> {
    /// The date.
    pub date: Date,
    /// Whether it is a working day.
    pub workday: bool,
    /// The holiday it belongs to, as a day off or as its make-up working day; empty on ordinary days.
    pub name: &'a str,
}

/// Official working days (法定工作日): Monday to Friday, less the days off, plus the make-up days (调休).
///
/// Dates are Asia/Shanghai's. A year is known when the table has its 1 October; asking beyond the known years
/// is an error, unless [`Calendar::weekdays_beyond_known`] was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    special: BTreeMap<Date, Special>,
    known: BTreeMap<i16, Year>,
    weekdays_beyond: bool,
}

impl Calendar {
    /// Reads a table with the columns `date,name,kind`; kind is `off` or `work`. Other columns are ignored.
    ///
    /// # Errors
    /// Every line that cannot be used, with its number.
    ///
    /// ```
    /// use cn_workday::{Calendar, RowProblem};
    /// let errors = Calendar::from_csv("date,name,kind\n2027-10-01,国庆节,free\n").unwrap_err();
    /// assert_eq!(errors[0].line, 2);
    /// assert_eq!(errors[0].problem, RowProblem::BadKind { found: "free".into() });
    /// ```
    pub fn from_csv(text: &str) -> Result<Self, Vec<RowError>> {
        Ok(Self::new(table::read(text)?, false))
    }

    fn new(special: BTreeMap<Date, Special>, weekdays_beyond: bool) -> Self {
        let national_days = special.keys().filter(|date| date.month() == 10 && date.day() == 1);
        let known = national_days.map(|date| (date.year(), Year::new(date.year(), &special))).collect();
        Self { special, known, weekdays_beyond }
    }

    /// The working days of a year.
    fn year(&self, year: i16) -> Result<Cow<'_, Year>, UnknownYear> {
        match self.known.get(&year) {
            Some(known) => Ok(Cow::Borrowed(known)),
            None if self.weekdays_beyond => Ok(Cow::Owned(Year::new(year, &self.special))),
            None => Err(UnknownYear { year }),
        }
    }

    /// The calendar shipped with the crate, 2024 to 2026.
    #[must_use]
    pub fn official() -> Self {
        Self::from_csv(OFFICIAL).expect("the shipped table is valid")
    }

    /// This calendar with the days of another; where both have a date, the other's stands.
    #[must_use]
    pub fn with(mut self, newer: Self) -> Self {
        self.special.extend(newer.special);
        Self::new(self.special, self.weekdays_beyond || newer.weekdays_beyond)
    }

    /// The same calendar, answering Monday to Friday for years it does not know instead of refusing.
    #[must_use]
    pub fn weekdays_beyond_known(mut self) -> Self {
        self.weekdays_beyond = true;
        self
    }

    /// The years whose arrangement is known, ascending.
    pub fn known_years(&self) -> impl Iterator<Item = i16> + '_ {
        self.known.keys().copied()
    }

    /// Whether the date is a working day.
    ///
    /// # Errors
    /// [`UnknownYear`] beyond the known years.
    ///
    /// ```
    /// use cn_workday::{Calendar, UnknownYear};
    /// use jiff::civil::date;
    /// let calendar = Calendar::official();
    /// assert_eq!(calendar.is_workday(date(2026, 2, 28)), Ok(true)); // a make-up Saturday
    /// assert_eq!(calendar.is_workday(date(2026, 10, 1)), Ok(false));
    /// assert_eq!(calendar.is_workday(date(2031, 1, 6)), Err(UnknownYear { year: 2031 }));
    /// assert_eq!(calendar.weekdays_beyond_known().is_workday(date(2031, 1, 6)), Ok(true));
    /// ```
    pub fn is_workday(&self, date: Date) -> Result<bool, UnknownYear> {
        if let Some(year) = self.known.get(&date.year()) {
            return Ok(year.is_workday(date));
        }
        if !self.weekdays_beyond {
            return Err(UnknownYear { year: date.year() });
        }
        Ok(self.special.get(&date).map_or_else(|| is_weekday(date.weekday()), |day| day.workday))
    }

    /// The holiday that the date belongs to, as a day off or as its make-up working day.
    #[must_use]
    pub fn name_of(&self, date: Date) -> Option<&str> {
        self.special.get(&date).map(|day| day.name.as_str())
    }

    /// The `n`th working day after `from` (before it, where `n` is negative); `from` itself where `n` is 0.
    ///
    /// # Errors
    /// [`UnknownYear`] as soon as the count leaves the known years, or the calendar's range (year 9999).
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = cn_workday::Calendar::official();
    /// // Over National Day 2026: the 1st to the 7th are off, Saturday the 10th is a working day.
    /// assert_eq!(calendar.add_workdays(date(2026, 9, 30), 3), Ok(date(2026, 10, 10)));
    /// assert_eq!(calendar.add_workdays(date(2026, 10, 10), -3), Ok(date(2026, 9, 30)));
    /// ```
    pub fn add_workdays(&self, from: Date, n: i32) -> Result<Date, UnknownYear> {
        match n {
            0 => Ok(from),
            1.. => self.later(from, n.unsigned_abs()),
            _ => self.earlier(from, n.unsigned_abs()),
        }
    }

    fn later(&self, from: Date, n: u32) -> Result<Date, UnknownYear> {
        let beyond = |date: Date| UnknownYear { year: date.year() };
        let mut start = from.tomorrow().map_err(|_| beyond(from))?;
        let mut left = n;
        loop {
            let year = self.year(start.year())?;
            let before = year.before(start);
            if let Some(found) = before.checked_add(left - 1).and_then(|place| year.nth(place)) {
                return Ok(found);
            }
            left -= year.count() - before;
            start = start.last_of_year().tomorrow().map_err(|_| beyond(start))?;
        }
    }

    fn earlier(&self, from: Date, n: u32) -> Result<Date, UnknownYear> {
        let beyond = |date: Date| UnknownYear { year: date.year() };
        let mut end = from.yesterday().map_err(|_| beyond(from))?;
        let mut left = n;
        loop {
            let year = self.year(end.year())?;
            let until = year.before(end) + u32::from(year.is_workday(end));
            if let Some(found) = until.checked_sub(left).and_then(|place| year.nth(place)) {
                return Ok(found);
            }
            left -= until;
            end = end.first_of_year().yesterday().map_err(|_| beyond(end))?;
        }
    }

    /// How many working days lie in the range, both ends counted.
    ///
    /// # Errors
    /// [`UnknownYear`] if a day of the range is beyond the known years.
    pub fn count_workdays(&self, range: RangeInclusive<Date>) -> Result<u32, UnknownYear> {
        let (start, end) = range.into_inner();
        let mut count = 0;
        for number in start.year()..=end.year() {
            let year = self.year(number)?;
            let before = if number == start.year() { year.before(start) } else { 0 };
            let last = number == end.year();
            let until = if last { year.before(end) + u32::from(year.is_workday(end)) } else { year.count() };
            // A range that ends before it begins has none.
            count += until.saturating_sub(before);
        }
        Ok(count)
    }

    /// The first working day of the month that `date` lies in; `None` if it has none.
    ///
    /// # Errors
    /// [`UnknownYear`] beyond the known years.
    pub fn first_workday_of_month(&self, date: Date) -> Result<Option<Date>, UnknownYear> {
        self.first_in(date.first_of_month()..=date.last_of_month())
    }

    /// The last working day of the month that `date` lies in; `None` if it has none.
    ///
    /// # Errors
    /// [`UnknownYear`] beyond the known years.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let calendar = cn_workday::Calendar::official();
    /// assert_eq!(calendar.last_workday_of_month(date(2026, 2, 1)), Ok(Some(date(2026, 2, 28))));
    /// ```
    pub fn last_workday_of_month(&self, date: Date) -> Result<Option<Date>, UnknownYear> {
        self.last_in(date.first_of_month()..=date.last_of_month())
    }

    /// The first working day of the week, Monday to Sunday, that `date` lies in; `None` in a week of holidays.
    ///
    /// # Errors
    /// [`UnknownYear`] beyond the known years.
    pub fn first_workday_of_week(&self, date: Date) -> Result<Option<Date>, UnknownYear> {
        self.first_in(week_of(date))
    }

    /// The last working day of the week, Monday to Sunday, that `date` lies in; `None` in a week of holidays.
    ///
    /// # Errors
    /// [`UnknownYear`] beyond the known years.
    pub fn last_workday_of_week(&self, date: Date) -> Result<Option<Date>, UnknownYear> {
        self.last_in(week_of(date))
    }

    /// The days of the range one by one, both ends included; nothing where the end lies before the start.
    ///
    /// # Errors
    /// [`UnknownYear`] for the first year of the range that is not known, before anything is listed.
    pub fn days(&self, range: RangeInclusive<Date>) -> Result<impl Iterator<Item = Day<'_>>, UnknownYear> {
        let (start, end) = range.into_inner();
        for year in start.year()..=end.year() {
            if !self.weekdays_beyond && !self.known.contains_key(&year) {
                return Err(UnknownYear { year });
            }
        }
        let first = (start <= end).then_some(start);
        let dates = std::iter::successors(first, move |date| date.tomorrow().ok().filter(|next| *next <= end));
        Ok(dates.map(|date| Day {
            date,
            workday: self.is_workday(date).expect("every year of the range is known"),
            name: self.name_of(date).unwrap_or_default(),
        }))
    }

    fn first_in(&self, range: RangeInclusive<Date>) -> Result<Option<Date>, UnknownYear> {
        Ok(self.days(range)?.find(|day| day.workday).map(|day| day.date))
    }

    fn last_in(&self, range: RangeInclusive<Date>) -> Result<Option<Date>, UnknownYear> {
        Ok(self.days(range)?.filter(|day| day.workday).last().map(|day| day.date))
    }
}

/// Monday to Sunday around a date, cut off at the ends of the calendar's range.
fn week_of(date: Date) -> RangeInclusive<Date> {
    let since_monday = i64::from(date.weekday().to_monday_zero_offset());
    let days = |n: i64| jiff::Span::new().days(n);
    date.saturating_sub(days(since_monday))..=date.saturating_add(days(6 - since_monday))
}
