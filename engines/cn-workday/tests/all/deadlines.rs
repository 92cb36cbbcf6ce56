use cn_workday::{Calendar, UnknownYear, deadline_hours, shanghai_date};
use jiff::Timestamp;
use jiff::civil::date;

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
