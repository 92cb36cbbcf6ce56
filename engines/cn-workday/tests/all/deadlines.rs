use cn_workday::{Calendar, OfficeHours, OfficeHoursError, UnknownYear, deadline_hours, shanghai_date};
use jiff::Timestamp;
use jiff::civil::{date, time};
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_deadline_in_working_days_ends_with_the_day_in_shanghai() {
    let calendar = Calendar::official();
    let cases = [
        ("2026-03-02T09:00:00+08:00", 2, "2026-03-05T00:00:00+08:00"),
        // Friday evening: Monday and Tuesday count.
        ("2026-03-06T23:59:59+08:00", 2, "2026-03-11T00:00:00+08:00"),
        // Still Friday in UTC, Saturday in Shanghai.
        ("2026-03-06T17:00:00Z", 1, "2026-03-10T00:00:00+08:00"),
        // The make-up Saturday before the holiday counts.
        ("2026-02-13T10:00:00+08:00", 1, "2026-02-15T00:00:00+08:00"),
        ("2026-02-14T10:00:00+08:00", 1, "2026-02-25T00:00:00+08:00"),
        // None at all: the day itself, or the next working day.
        ("2026-03-02T09:00:00+08:00", 0, "2026-03-03T00:00:00+08:00"),
        ("2026-03-07T09:00:00+08:00", 0, "2026-03-10T00:00:00+08:00"),
    ];
    for (from, n, end) in cases {
        assert_eq!(calendar.deadline_workdays(at(from), n), Ok(at(end)), "{from} + {n}");
    }
}

#[test]
fn a_deadline_beyond_the_known_years_is_an_error() {
    let calendar = Calendar::official();
    assert_eq!(calendar.deadline_workdays(at("2026-12-31T09:00:00+08:00"), 3), Err(UnknownYear { year: 2027 }));
}

#[test]
fn hours_run_through_nights_and_holidays_and_stop_at_the_end_of_time() {
    assert_eq!(deadline_hours(at("2026-02-15T22:00:00+08:00"), 24), at("2026-02-16T22:00:00+08:00"));
    assert_eq!(deadline_hours(Timestamp::MAX, 24), Timestamp::MAX);
}

#[test]
fn the_date_turns_at_midnight_in_shanghai() {
    assert_eq!(shanghai_date(at("2026-03-06T15:59:59Z")), date(2026, 3, 6));
    assert_eq!(shanghai_date(at("2026-03-06T16:00:00Z")), date(2026, 3, 7));
}

fn office() -> OfficeHours {
    OfficeHours::new([(time(9, 0, 0, 0), time(11, 30, 0, 0)), (time(13, 30, 0, 0), time(17, 0, 0, 0))]).unwrap()
}

#[test]
fn working_hours_run_only_while_the_office_is_open() {
    let calendar = Calendar::official();
    let cases = [
        ("2026-03-02T09:00:00+08:00", 2, "2026-03-02T11:00:00+08:00"),
        // Over lunch.
        ("2026-03-02T11:00:00+08:00", 1, "2026-03-02T14:00:00+08:00"),
        // Before opening, and a whole day of six hours, which ends at closing time.
        ("2026-03-02T07:00:00+08:00", 6, "2026-03-02T17:00:00+08:00"),
        ("2026-03-02T07:00:00+08:00", 12, "2026-03-03T17:00:00+08:00"),
        // Friday after closing: Monday.
        ("2026-03-06T18:00:00+08:00", 1, "2026-03-09T10:00:00+08:00"),
        // The make-up Saturday before Spring Festival, then the day after it.
        ("2026-02-14T16:30:00+08:00", 1, "2026-02-24T09:30:00+08:00"),
        // From within a holiday.
        ("2026-10-03T12:00:00+08:00", 7, "2026-10-09T10:00:00+08:00"),
        ("2026-10-03T12:00:00+08:00", 0, "2026-10-03T12:00:00+08:00"),
    ];
    for (from, hours, end) in cases {
        assert_eq!(calendar.deadline_office_hours(at(from), hours, &office()), Ok(at(end)), "{from} + {hours}");
    }
    let beyond = calendar.deadline_office_hours(at("2026-12-31T16:00:00+08:00"), 2, &office());
    assert_eq!(beyond, Err(UnknownYear { year: 2027 }));
}

#[test]
fn spans_that_are_no_office_hours_are_refused() {
    let (nine, noon) = (time(9, 0, 0, 0), time(12, 0, 0, 0));
    for spans in
        [vec![], vec![(noon, nine)], vec![(nine, nine)], vec![(nine, noon), (time(11, 0, 0, 0), time(13, 0, 0, 0))]]
    {
        assert_eq!(OfficeHours::new(spans), Err(OfficeHoursError));
    }
}

proptest! {
    #[test]
    fn two_spells_of_working_hours_are_as_long_as_one(hour in 0_i64..8_000, first in 1_u32..60, second in 1_u32..60) {
        let calendar = Calendar::official();
        let from = at("2025-02-01T00:00:00+08:00") + jiff::SignedDuration::from_hours(hour);
        let halfway = calendar.deadline_office_hours(from, first, &office()).unwrap();
        prop_assert!(halfway > from);
        prop_assert_eq!(
            calendar.deadline_office_hours(halfway, second, &office()),
            calendar.deadline_office_hours(from, first + second, &office())
        );
    }
}
