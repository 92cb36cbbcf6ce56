//! Points add up (R34); dates and months exist (R35).

use super::Checker;
use crate::source::steps;
use crate::{Deduction, Evidence, Points, Reason, Scoring};

const SCORING: &str = "scoring.toml";
/// Days of the months in a leap year.
const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

pub(super) fn check(checker: &mut Checker<'_>, scoring: &Scoring) {
    sums(checker, scoring);
    items(checker, scoring);
    months(checker, scoring);
}

fn sums(checker: &mut Checker<'_>, scoring: &Scoring) {
    let total = *scoring.basic_points;
    let sum: Points = scoring.sections.iter().map(|section| section.points).sum();
    if sum != total {
        checker.report(SCORING, &steps!["basic_points", "value"], Reason::PointsDoNotAddUp { total, sum });
    }
    for (place, section) in scoring.sections.iter().enumerate() {
        let of_section = scoring.items.iter().filter(|item| item.section == section.id);
        let sum: Points = of_section.map(|item| item.points).sum();
        if sum != section.points {
            let reason = Reason::PointsDoNotAddUp { total: section.points, sum };
            checker.report(SCORING, &steps!["section", place, "points"], reason);
        }
    }
    let bonus = scoring.bonus_points_at_most.hundredths() / 100;
    if bonus > 100 {
        let reason = Reason::OutOfRange { found: bonus, min: 0, max: 100 };
        checker.report(SCORING, &steps!["bonus_points_at_most", "value"], reason);
    }
}

fn items(checker: &mut Checker<'_>, scoring: &Scoring) {
    for (place, item) in scoring.items.iter().enumerate() {
        if !scoring.sections.iter().any(|section| section.id == item.section) {
            let reason = Reason::UnknownReference { id: item.section.clone() };
            checker.report(SCORING, &steps!["item", place, "section"], reason);
        }
        if item.points == Points::default() {
            let reason = Reason::OutOfRange { found: 0, min: 1, max: 100 };
            checker.report(SCORING, &steps!["item", place, "points"], reason);
        }
        let entered = matches!(item.deduction, Deduction::NumberEntered {});
        if item.scored_outside != entered {
            let expected = if item.scored_outside { "number-entered" } else { "a deduction by rule" };
            checker.report(SCORING, &steps!["item", place, "deduction"], Reason::MustBe { expected });
        }
        if item.scored_outside && item.evidence != Evidence::NumberEntered {
            let reason = Reason::MustBe { expected: Evidence::NumberEntered.code() };
            checker.report(SCORING, &steps!["item", place, "evidence"], reason);
        }
        if let Deduction::RateBelowTarget { target_percent, .. } = item.deduction
            && !(1..=100).contains(&target_percent)
        {
            let reason = Reason::OutOfRange { found: i64::from(target_percent), min: 1, max: 100 };
            checker.report(SCORING, &steps!["item", place, "deduction", "target_percent"], reason);
        }
    }
}

fn months(checker: &mut Checker<'_>, scoring: &Scoring) {
    let rounds = &scoring.rounds;
    let halves = [
        ("year_starts_in_month", *rounds.year_starts_in_month),
        ("second_half_starts_in_month", *rounds.second_half_starts_in_month),
    ];
    for (key, month) in halves {
        if !(1..=12).contains(&month) {
            let reason = Reason::OutOfRange { found: i64::from(month), min: 1, max: 12 };
            checker.report(SCORING, &steps!["rounds", key, "value"], reason);
        }
    }
    for (place, submission) in scoring.submissions.iter().enumerate() {
        let days = submission.by_month.checked_sub(1).and_then(|month| DAYS.get(usize::from(month)));
        match days {
            None => {
                let reason = Reason::OutOfRange { found: i64::from(submission.by_month), min: 1, max: 12 };
                checker.report(SCORING, &steps!["submission", place, "by_month"], reason);
            }
            Some(&last) if !(1..=last).contains(&submission.by_day) => {
                let reason = Reason::OutOfRange { found: i64::from(submission.by_day), min: 1, max: i64::from(last) };
                checker.report(SCORING, &steps!["submission", place, "by_day"], reason);
            }
            Some(_) => {}
        }
    }
}
