use cn_workday::{Calendar, UnknownYear};
use jiff::civil::{Date, date};
use proptest::prelude::*;

#[test]
fn days_off_and_make_up_days_follow_the_official_table() {
    let calendar = Calendar::official();
    let cases = [
        (date(2024, 2, 9), true, None),
        (date(2024, 2, 4), true, Some("春节")),
        (date(2025, 10, 8), false, Some("国庆节、中秋节")),
        (date(2026, 1, 4), true, Some("元旦")),
        (date(2026, 2, 23), false, Some("春节")),
        (date(2026, 2, 24), true, None),
        (date(2026, 3, 7), false, None),
    ];
    for (day, workday, name) in cases {
        assert_eq!(calendar.is_workday(day), Ok(workday), "{day}");
        assert_eq!(calendar.name_of(day), name, "{day}");
    }
}

#[test]
fn the_published_years_have_their_known_counts_of_working_days() {
    let calendar = Calendar::official();
    for (year, workdays) in [(2024, 251), (2025, 248), (2026, 248)] {
        assert_eq!(calendar.count_workdays(date(year, 1, 1)..=date(year, 12, 31)), Ok(workdays), "{year}");
    }
    assert_eq!(calendar.known_years().collect::<Vec<_>>(), [2024, 2025, 2026]);
}

#[test]
fn first_and_last_working_days_respect_holidays_and_make_up_days() {
    let calendar = Calendar::official();
    let october = date(2026, 10, 15);
    assert_eq!(calendar.first_workday_of_month(october), Ok(Some(date(2026, 10, 8))));
    assert_eq!(calendar.last_workday_of_month(october), Ok(Some(date(2026, 10, 30))));
    assert_eq!(calendar.first_workday_of_week(date(2026, 10, 8)), Ok(Some(date(2026, 10, 8))));
    assert_eq!(calendar.last_workday_of_week(date(2026, 10, 8)), Ok(Some(date(2026, 10, 10))));
    // The week of 16 to 22 February 2026 is all holiday.
    assert_eq!(calendar.first_workday_of_week(date(2026, 2, 18)), Ok(None));
    assert_eq!(calendar.last_workday_of_week(date(2026, 2, 18)), Ok(None));
}

#[test]
fn asking_beyond_the_known_years_is_an_error_that_names_the_year() {
    let calendar = Calendar::official();
    let unknown = UnknownYear { year: 2027 };
    assert_eq!(calendar.is_workday(date(2027, 1, 4)), Err(unknown));
    assert_eq!(calendar.add_workdays(date(2026, 12, 31), 1), Err(unknown));
    assert_eq!(calendar.count_workdays(date(2026, 12, 1)..=date(2027, 1, 31)), Err(unknown));
    // The last week of 2026 reaches into 2027.
    assert_eq!(calendar.last_workday_of_week(date(2026, 12, 31)), Err(unknown));
    assert_eq!(calendar.add_workdays(date(2024, 1, 2), -1), Err(UnknownYear { year: 2023 }));
    assert!(unknown.to_string().contains("2027"));
}

#[test]
fn weekdays_are_counted_beyond_the_known_years_once_somebody_has_chosen_so() {
    let calendar = Calendar::official().weekdays_beyond_known();
    assert_eq!(calendar.add_workdays(date(2026, 12, 31), 1), Ok(date(2027, 1, 1)));
    assert_eq!(calendar.is_workday(date(2027, 1, 2)), Ok(false));
    assert_eq!(calendar.add_workdays(Date::MAX, 1), Err(UnknownYear { year: 9999 }));
    assert_eq!(calendar.add_workdays(Date::MIN, -1), Err(UnknownYear { year: -9999 }));
    assert!(calendar.add_workdays(date(2026, 1, 1), i32::MAX).is_err(), "more than the calendar's range has");
    assert!(calendar.add_workdays(date(2026, 1, 1), i32::MIN).is_err());
    assert_eq!(calendar.count_workdays(date(2031, 1, 6)..=date(2031, 1, 5)), Ok(0));
    assert_eq!(calendar.count_workdays(date(2031, 1, 1)..=date(2030, 1, 1)), Ok(0));
    assert!(calendar.last_workday_of_week(Date::MAX).is_ok());
}

#[test]
fn a_list_of_days_gives_each_with_its_name() {
    let calendar = Calendar::official();
    let days: Vec<_> = calendar.days(date(2026, 9, 30)..=date(2026, 10, 1)).unwrap().collect();
    assert_eq!((days[0].workday, days[0].name), (true, ""));
    assert_eq!((days[1].workday, days[1].name), (false, "国庆节"));
    assert_eq!(calendar.days(date(2026, 10, 1)..=date(2026, 9, 30)).unwrap().count(), 0);
    assert_eq!(calendar.days(date(2026, 1, 1)..=date(2026, 12, 31)).unwrap().count(), 365);
}

proptest! {
    #[test]
    fn adding_working_days_and_counting_them_agree(ordinal in 1_i16..=365, n in 1_i32..200) {
        let calendar = Calendar::official();
        let from = date(2025, 1, 1).with().day_of_year(ordinal).build().unwrap();
        let to = calendar.add_workdays(from, n).unwrap();
        prop_assert_eq!(calendar.is_workday(to), Ok(true));
        let counted = calendar.count_workdays(from.tomorrow().unwrap()..=to).unwrap();
        prop_assert_eq!(i64::from(counted), i64::from(n));
        if calendar.is_workday(from).unwrap() {
            prop_assert_eq!(calendar.add_workdays(to, -n), Ok(from));
        }
    }

    #[test]
    fn counting_and_adding_by_years_give_what_a_walk_from_day_to_day_gives(start in 0_i64..1_500, days in 0_i64..900, n in -400_i32..400) {
        let calendar = Calendar::official().weekdays_beyond_known();
        let from = date(2023, 6, 1) + jiff::Span::new().days(start);
        let to = from + jiff::Span::new().days(days);
        let walked = calendar.days(from..=to).unwrap().filter(|day| day.workday).count();
        prop_assert_eq!(calendar.count_workdays(from..=to).unwrap() as usize, walked);

        let mut day = from;
        for _ in 0..n.unsigned_abs() {
            loop {
                day = if n > 0 { day.tomorrow().unwrap() } else { day.yesterday().unwrap() };
                if calendar.is_workday(day).unwrap() {
                    break;
                }
            }
        }
        prop_assert_eq!(calendar.add_workdays(from, n), Ok(day));
    }
}
