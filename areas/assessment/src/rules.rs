//! The scheme as arithmetic (考核 三; R34): what an item deducts for what was found, and how committees rank.

use policy_pack::{Deduction, Points, Rounds};
use serde::{Deserialize, Serialize};

/// What was found for one item and committee in one month; numbers only, each traceable to its source.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Found {
    /// Missing things, faults, listings: whatever the item counts.
    pub count: i64,
    /// A rate in percent, where the item has one and it could be measured.
    pub rate_percent: Option<f64>,
    /// N members of the committee.
    pub members: i64,
    /// Items of work they did.
    pub items_done: i64,
    /// Working days of the month so far.
    pub workdays: i64,
    /// Points entered by the assessors for an item scored outside.
    pub entered_hundredths: Option<i64>,
}

/// Points an item deducts, in hundredths: never less than none, never more than the item has.
pub fn deduction(rule: &Deduction, item_points: Points, found: &Found) -> Points {
    let times = |count: i64, each: Points| count.max(0).saturating_mul(each.hundredths());
    let per_percent = |percent: f64, each: Points| (percent.max(0.0) * each.hundredths() as f64).round() as i64;
    let hundredths = match rule {
        Deduction::PerMissing { points_each }
        | Deduction::PerFault { points_each }
        | Deduction::PerListing { points_each } => times(found.count, *points_each),
        Deduction::RateBelowTarget { target_percent, points_per_percent } => {
            // A rate that could not be measured deducts nothing; the page says that it is missing.
            found.rate_percent.map_or(0, |rate| per_percent(f64::from(*target_percent) - rate, *points_per_percent))
        }
        Deduction::MembersWork {
            min_members,
            items_per_member_per_day,
            points_per_missing_member,
            points_per_percent,
        } => {
            let missing = i64::from(*min_members) - found.members;
            let due = i64::from(*min_members) * i64::from(*items_per_member_per_day) * found.workdays;
            let undone_percent =
                if due > 0 { 100.0 - (found.items_done as f64 * 100.0 / due as f64).min(100.0) } else { 0.0 };
            times(missing, *points_per_missing_member).saturating_add(per_percent(undone_percent, *points_per_percent))
        }
        // Without an entry the item keeps its points: nothing was found against the committee.
        Deduction::NumberEntered {} => found.entered_hundredths.map_or(0, |entered| item_points.hundredths() - entered),
    };
    Points::from_hundredths(hundredths.clamp(0, item_points.hundredths()))
}

/// Ranks totals, the highest first; equal totals share a rank and the next one is skipped (1, 2, 2, 4).
pub fn ranks(totals: &[Points]) -> Vec<i64> {
    totals.iter().map(|t| 1 + totals.iter().filter(|other| *other > t).count() as i64).collect()
}

/// Ranks within groups: `groups[n]` is the group of `totals[n]`.
pub fn ranks_within<G: AsRef<str>>(groups: &[G], totals: &[Points]) -> Vec<i64> {
    let better = |n: usize| {
        groups.iter().zip(totals).filter(|(g, t)| g.as_ref() == groups[n].as_ref() && **t > totals[n]).count()
    };
    (0..totals.len().min(groups.len())).map(|n| 1 + better(n) as i64).collect()
}

/// The rows of a group, best first, on its first and on its last places. In a small group nobody is both: who is among
/// the first is not among the last.
pub fn places<'a, T>(rounds: &Rounds, rows: Vec<&'a T>, rank: impl Fn(&T) -> i64) -> (Vec<&'a T>, Vec<&'a T>) {
    let (first, last) = (i64::from(*rounds.first_places), *rounds.last_places as usize);
    let (leading, mut behind): (Vec<&'a T>, Vec<&'a T>) = rows.into_iter().partition(|row| rank(row) <= first);
    let trailing = behind.split_off(behind.len().saturating_sub(last));
    (leading, trailing)
}

/// The mean of monthly totals in hundredths, rounded to the nearest; nothing of no month.
pub fn mean(totals: &[Points]) -> Option<Points> {
    let n = i64::try_from(totals.len()).ok().filter(|n| *n > 0)?;
    let sum = totals.iter().copied().sum::<Points>().hundredths();
    Some(Points::from_hundredths((sum * 2 + n).div_euclid(n * 2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(hundredths: i64) -> Points {
        Points::from_hundredths(hundredths)
    }

    #[test]
    fn each_rule_deducts_what_the_scheme_says_and_never_more_than_the_item_has() {
        let half = points(50);
        let rate = Deduction::RateBelowTarget { target_percent: 98, points_per_percent: points(100) };
        let members = Deduction::MembersWork {
            min_members: 2,
            items_per_member_per_day: 2,
            points_per_missing_member: points(200),
            points_per_percent: points(10),
        };
        let found = |f: fn(&mut Found)| {
            let mut found = Found::default();
            f(&mut found);
            found
        };
        let table: &[(&str, &Deduction, i64, Found, i64)] = &[
            ("three ledgers missing", &Deduction::PerMissing { points_each: half }, 1500, found(|f| f.count = 3), 150),
            ("no more than the item", &Deduction::PerMissing { points_each: half }, 100, found(|f| f.count = 9), 100),
            (
                "a negative count deducts nothing",
                &Deduction::PerFault { points_each: half },
                100,
                found(|f| f.count = -4),
                0,
            ),
            ("two listings", &Deduction::PerListing { points_each: points(200) }, 1000, found(|f| f.count = 2), 400),
            ("1.5 points below target", &rate, 1000, found(|f| f.rate_percent = Some(96.5)), 150),
            ("above target", &rate, 1000, found(|f| f.rate_percent = Some(99.0)), 0),
            ("not measured", &rate, 1000, Found::default(), 0),
            (
                "one member missing and half of the work done",
                &members,
                1000,
                found(|f| (f.members, f.items_done, f.workdays) = (1, 40, 20)),
                200 + 500,
            ),
            ("all work done", &members, 1000, found(|f| (f.members, f.items_done, f.workdays) = (3, 300, 20)), 0),
            ("no working day yet", &members, 1000, found(|f| f.members = 2), 0),
            (
                "entered 7.25 of 10",
                &Deduction::NumberEntered {},
                1000,
                found(|f| f.entered_hundredths = Some(725)),
                275,
            ),
            ("nothing entered", &Deduction::NumberEntered {}, 1000, Found::default(), 0),
        ];
        for (what, rule, item, found, expected) in table {
            assert_eq!(deduction(rule, points(*item), found).hundredths(), *expected, "{what}");
        }
    }

    #[test]
    fn equal_totals_share_a_rank() {
        assert_eq!(ranks(&[points(8400), points(8500), points(8400), points(8100)]), vec![2, 1, 2, 4]);
        assert_eq!(ranks(&[]), Vec::<i64>::new());
        let totals = [points(8400), points(8500), points(8400), points(8100)];
        assert_eq!(ranks_within(&["A", "B", "A", "A"], &totals), vec![1, 1, 1, 3]);
    }

    #[test]
    fn the_mean_is_exact_to_a_hundredth() {
        assert_eq!(mean(&[points(8400), points(8501)]), Some(points(8451)));
        assert_eq!(mean(&[points(100), points(100), points(101)]), Some(points(100)));
        assert_eq!(mean(&[]), None);
    }
}
