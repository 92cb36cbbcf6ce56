//! Days as numbers, and instants in China's time, which has been UTC+8 without summer time since 1992.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Days since 1970-01-01.
pub(crate) type Day = i32;

const SHANGHAI_OFFSET_S: i64 = 8 * 3_600;
pub(crate) const DAY_S: i64 = 86_400;

pub(crate) fn day_of(when: Date) -> Day {
    (when.duration_since(date(1970, 1, 1)).as_hours() / 24) as Day
}

pub(crate) fn date_of(day: Day) -> Date {
    date(1970, 1, 1).saturating_add(day.days())
}

/// The instant, in Unix seconds, `second` seconds into a local day.
pub(crate) fn instant(day: Day, second: i64) -> i64 {
    i64::from(day) * DAY_S + second - SHANGHAI_OFFSET_S
}

/// The local date of an instant in Unix seconds.
pub(crate) fn local_date(instant_s: i64) -> Date {
    date_of((instant_s + SHANGHAI_OFFSET_S).div_euclid(DAY_S) as Day)
}

pub(crate) fn weekday(day: Day) -> Weekday {
    date_of(day).weekday()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_turn_into_each_other() {
        for when in [date(1970, 1, 1), date(1931, 12, 31), date(2024, 2, 29), date(2026, 11, 22)] {
            assert_eq!(date_of(day_of(when)), when);
        }
        assert_eq!(day_of(date(2026, 1, 1)), 20_454);
    }

    #[test]
    fn midnight_in_shanghai_is_sixteen_hours_utc_of_the_day_before() {
        assert_eq!(instant(0, 0), -28_800);
        assert_eq!(local_date(-28_800), date(1970, 1, 1));
        assert_eq!(local_date(-28_801), date(1969, 12, 31));
    }
}
