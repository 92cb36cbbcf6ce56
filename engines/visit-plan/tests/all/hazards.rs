//! How stale premises are, by type and time since they were seen.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use visit_plan::{Due, Hazard, PastCheck, Reason, Seen, day_plan_by_gain, likeliest_stale};

const TODAY: Date = date(2026, 5, 20);

fn check(kind: &'static str, gap_days: u16, size: u32, changes: u32) -> PastCheck<&'static str> {
    PastCheck { kind, gap_days, size, changes }
}

/// Many checks of each type at gaps of 5 to 75 days; dormitories change at 1 % a day and place, flats at 0.1 %.
fn past() -> Vec<PastCheck<&'static str>> {
    let of = |kind, daily: f64| {
        (1..16_u16).map(move |n| {
            let (gap, size) = (5 * n, 4_000);
            check(kind, gap, size, (daily * f64::from(gap) * f64::from(size)).round() as u32)
        })
    };
    of("dormitory", 0.01).chain(of("flat", 0.001)).collect()
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 0.08 * expected
}

#[test]
fn each_type_has_the_hazard_that_its_checks_show() {
    let hazard = Hazard::estimate(&past(), 1_000.0);
    for (kind, daily) in [("dormitory", 0.01), ("flat", 0.001)] {
        for days in [3, 10, 30, 90, 200] {
            let found = hazard.expected_changes(&kind, days);
            assert!(near(found, daily * f64::from(days)), "{kind}, {days} days: {found}");
        }
    }
    // One minus e to the minus 4 · 0.01 · 10.
    assert!(near(hazard.staleness(&"dormitory", 4, 10), 0.3297));
    // 4 · 0.01 · 10² / 2.
    assert!(near(hazard.gain(&"dormitory", 4, 10), 2.0));
}

#[test]
fn a_hazard_that_slackens_with_time_is_found_from_gaps_alone() {
    // Two in a hundred a day in the first week, one in a thousand after it; nobody sees on which day it changed.
    let cumulative = |gap: u16| 0.02 * f64::from(gap.min(7)) + 0.001 * f64::from(gap.saturating_sub(7));
    let past: Vec<_> =
        (1..61).map(|gap| check("let", gap, 10_000, (cumulative(gap) * 10_000.0).round() as u32)).collect();
    let hazard = Hazard::estimate(&past, 1_000.0);
    for days in [3, 7, 14, 30, 60] {
        let (found, expected) = (hazard.expected_changes(&"let", days), cumulative(days));
        assert!((found - expected).abs() < 0.05 * expected, "{days} days: {found} {expected}");
    }
}

#[test]
fn a_type_with_few_checks_takes_after_all_premises_together() {
    let mut past = past();
    past.push(check("field hut", 10, 1, 1));
    let hazard = Hazard::estimate(&past, 1_000.0);
    let all = Hazard::estimate(&past, 1_000.0).expected_changes(&"never heard of", 10);
    let hut = hazard.expected_changes(&"field hut", 10);
    // One change on ten place-days would be a rate of 0.1; a thousand days of all premises weigh far more.
    assert!(all < hut && hut < 1.4 * all, "{hut} {all}");
    let alone = Hazard::estimate(&past, 1.0).expected_changes(&"field hut", 10);
    assert!(alone > 5.0 * hut, "with less prior the type speaks for itself: {alone}");
}

#[test]
fn without_any_check_the_longest_unseen_come_first() {
    let hazard: Hazard<&str> = Hazard::estimate(&[], 1_000.0);
    let seen = |id, days: i64| Seen {
        id,
        kind: "flat",
        size: 2,
        last_seen: (days >= 0).then(|| TODAY - days.days()),
        location: None,
    };
    let list = likeliest_stale(&[seen(0, 3), seen(1, 40), seen(2, -1), seen(3, 7), seen(4, 0)], &hazard, TODAY);
    assert_eq!(list.iter().map(|it| it.id).collect::<Vec<_>>(), [2, 1, 3, 0, 4]);
    assert!(list.iter().all(|it| (0.0..=1.0).contains(&it.staleness)));
    assert_eq!((list[4].staleness, list[4].gain), (0.0, 0.0), "seen today");
}

#[test]
fn premises_that_change_slowly_have_their_turn_too() {
    let hazard = Hazard::estimate(&past(), 1_000.0);
    // Ten times slower: as urgent after √10 times as long, not after ten times.
    assert!(hazard.gain(&"flat", 1, 33) > hazard.gain(&"dormitory", 1, 10));
    assert!(hazard.gain(&"flat", 1, 30) < hazard.gain(&"dormitory", 1, 10));
}

#[test]
fn what_is_due_today_comes_before_what_is_worth_most() {
    let visit = |id: usize, urgency| Due { id, reason: Reason::DueToday, urgency, location: None };
    let due = [visit(0, -9), visit(1, 0), visit(2, -3), visit(3, 4), visit(4, -3)];
    let worth = [5.0, 0.0, 1.0, 0.0, 2.0];
    let plan = day_plan_by_gain(&due, 4, None, |id| worth[*id]);
    assert_eq!(plan.visits.iter().map(|it| it.id).collect::<Vec<_>>(), [3, 1, 0, 4]);
    assert_eq!(plan.left_over, 1);
}

proptest! {
    #[test]
    fn staleness_and_gain_grow_with_days_and_size(
        checks in prop::collection::vec((0_u8..3, 0_u16..100, 0_u32..20, 0_u32..20), 0..40),
        prior in 0.0..5_000.0, kind in 0_u8..4, size in 1_u32..30, days in 0_u16..400,
    ) {
        let past: Vec<_> = checks
            .into_iter()
            .map(|(kind, gap_days, size, changes)| PastCheck { kind, gap_days, size, changes })
            .collect();
        let hazard = Hazard::estimate(&past, prior);
        let (now, later) = (hazard.staleness(&kind, size, days), hazard.staleness(&kind, size, days + 1));
        prop_assert!((0.0..=1.0).contains(&now) && now <= later && now <= hazard.staleness(&kind, size + 1, days));
        let gain = hazard.gain(&kind, size, days);
        prop_assert!(gain.is_finite() && gain >= -1e-9 && gain <= hazard.gain(&kind, size, days + 1) + 1e-9);
    }
}
