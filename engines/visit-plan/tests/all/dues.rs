//! What is due, and for which reason (R16, R18).

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use visit_plan::{Premises, Reason, due};

const TODAY: Date = date(2026, 5, 20);

fn labelled(max_gap_days: u16, last_visited: Date) -> Premises<&'static str> {
    Premises { max_gap_days: Some(max_gap_days), last_visited: Some(last_visited), ..Premises::new("p", None) }
}

#[test]
fn the_gap_of_a_label_counts_from_the_last_visit() {
    for (gap_days, last_visited, expected) in [
        (10, date(2026, 5, 9), Some((Reason::Overdue { days: 1 }, 1))),
        (10, date(2026, 5, 10), Some((Reason::DueToday, 0))),
        (10, date(2026, 5, 11), Some((Reason::DueSoon { days: 1 }, -1))),
        (10, date(2026, 5, 13), Some((Reason::DueSoon { days: 3 }, -3))),
        (10, date(2026, 5, 14), None),
        (15, date(2026, 5, 1), Some((Reason::Overdue { days: 4 }, 4))),
        (30, date(2026, 4, 20), Some((Reason::DueToday, 0))),
        (30, date(2025, 5, 20), Some((Reason::Overdue { days: 335 }, 335))),
        (30, Date::MAX, None),
        (0, TODAY, Some((Reason::DueToday, 0))),
    ] {
        let list = due(&[labelled(gap_days, last_visited)], TODAY, 3);
        assert_eq!(list.first().map(|it| (it.reason, it.urgency)), expected, "{gap_days} days from {last_visited}");
    }
}

#[test]
fn labelled_premises_that_nobody_has_visited_are_due_at_once() {
    let never = Premises { max_gap_days: Some(30), ..Premises::new("p", None) };
    assert_eq!(due(&[never], TODAY, 3)[0].reason, Reason::NeverVisited);
}

#[test]
fn monthly_verification_is_due_until_the_end_of_the_month_unless_done_in_it() {
    let verified = |monthly_verified| Premises { monthly: true, monthly_verified, ..Premises::new("p", None) };
    let reason = |place, today| due(&[place], today, 3).first().map(|it| (it.reason, it.urgency));
    let left = |days_left: u32| Some((Reason::MonthlyVerification { days_left }, -(days_left as i32)));
    assert_eq!(reason(verified(None), TODAY), left(11));
    assert_eq!(reason(verified(Some(date(2026, 4, 30))), TODAY), left(11));
    assert_eq!(reason(verified(Some(date(2026, 5, 1))), TODAY), None);
    assert_eq!(reason(verified(None), date(2026, 2, 28)), left(0));
    assert_eq!(reason(verified(None), date(2024, 2, 1)), left(28));
    let not_monthly = Premises { monthly: false, ..verified(None) };
    assert_eq!(reason(not_monthly, TODAY), None);
}

#[test]
fn a_place_with_two_reasons_is_listed_once_for_the_more_urgent() {
    let both = |last_visited| Premises { monthly: true, ..labelled(10, last_visited) };
    let reason = |place: Premises<&str>, today| {
        let list = due(&[place], today, 3);
        assert_eq!(list.len(), 1);
        list[0].reason
    };
    assert_eq!(reason(both(date(2026, 5, 12)), TODAY), Reason::DueSoon { days: 2 });
    assert_eq!(reason(both(date(2026, 5, 20)), TODAY), Reason::MonthlyVerification { days_left: 11 });
    assert_eq!(reason(both(date(2026, 5, 21)), date(2026, 5, 31)), Reason::DueToday, "the label wins among equals");
}

#[test]
fn the_most_urgent_come_first_and_equals_keep_their_order() {
    let place = |id, last_visited| Premises { id, ..labelled(10, last_visited) };
    let places = [place("a", date(2026, 5, 10)), place("b", date(2026, 5, 1)), place("c", date(2026, 5, 10))];
    let order: Vec<_> = due(&places, TODAY, 3).into_iter().map(|it| it.id).collect();
    assert_eq!(order, ["b", "a", "c"]);
}

proptest! {
    #[test]
    fn urgency_grows_by_one_each_day_until_the_visit(gap_days in 0_u16..400, ago in 0_i64..800) {
        let place = labelled(gap_days, TODAY - ago.days());
        let now = due(std::slice::from_ref(&place), TODAY, 1000)[0].urgency;
        let tomorrow = due(&[place], TODAY + 1.day(), 1000)[0].urgency;
        prop_assert_eq!(tomorrow, now + 1);
        prop_assert_eq!(i64::from(now), ago - i64::from(gap_days));
    }
}
