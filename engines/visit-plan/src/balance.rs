//! A period's visits, spread over its days.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::due::{Due, days_between};
use crate::plan::{DayPlan, day_plan};
use crate::route::Point;

/// One day's share of a period's visits.
#[derive(Clone, Debug, PartialEq)]
pub struct DayShare<I> {
    /// The day.
    pub date: Date,
    /// Its visits in walking order.
    pub plan: DayPlan<I>,
}

/// Spreads visits over working days (均衡到日): every visit by its last permitted day, those already past it on the
/// first day, and otherwise the same number each day, near each other. `days` ascend and none is before `today`, the
/// day for which `due` was listed; without any day there is no share. Where more is due by some day than an
/// even share, the days before it take more.
///
/// ```
/// use jiff::civil::date;
/// use visit_plan::{Premises, balance, due};
///
/// let homes: Vec<_> = (0..40).map(|id| Premises { monthly: true, ..Premises::new(id, None) }).collect();
/// let today = date(2026, 5, 18);
/// let days = [18, 19, 20, 21, 22, 25, 26, 27, 28, 29].map(|day| date(2026, 5, day));
/// let shares = balance(&due(&homes, today, 3), today, &days, None);
/// assert!(shares.iter().all(|share| share.plan.visits.len() == 4));
/// ```
pub fn balance<I: Clone>(due: &[Due<I>], today: Date, days: &[Date], start: Option<Point>) -> Vec<DayShare<I>> {
    let offsets: Vec<i32> = days.iter().map(|day| days_between(today, *day)).collect();
    // Positions stand for the visits while they are shared out.
    let mut left: Vec<Due<usize>> = due.iter().enumerate().map(|(n, visit)| with_id(visit, n)).collect();
    let mut shares = Vec::with_capacity(days.len());
    for (position, date) in days.iter().enumerate() {
        let plan = day_plan(&left, quota(&left, position, &offsets), start);
        let taken: HashSet<usize> = plan.visits.iter().map(|visit| visit.id).collect();
        left.retain(|visit| !taken.contains(&visit.id));
        let visits = plan.visits.iter().map(|visit| due[visit.id].clone()).collect();
        shares.push(DayShare { date: *date, plan: DayPlan { visits, total_m: plan.total_m, left_over: left.len() } });
    }
    shares
}

fn with_id<I, J>(visit: &Due<I>, id: J) -> Due<J> {
    Due { id, reason: visit.reason, urgency: visit.urgency, location: visit.location }
}

/// How many of those left the day at `position` has to take, so that no later day must take more than
/// its even share. `offsets` are the days' distances from today.
fn quota(left: &[Due<usize>], position: usize, offsets: &[i32]) -> usize {
    let last = offsets.len() - 1;
    // The last day that serves a visit, by position; all that are past it belong to the first day.
    let slot = |visit: &Due<usize>| {
        let within = offsets.partition_point(|offset| *offset <= visit.urgency.saturating_neg());
        within.saturating_sub(1).clamp(position, last)
    };
    let mut of_slot = vec![0_usize; offsets.len()];
    left.iter().for_each(|visit| of_slot[slot(visit)] += 1);
    let mut until = 0;
    let mut most = 0;
    for (days, count) in (1..).zip(&of_slot[position..]) {
        until += count;
        most = most.max(until.div_ceil(days));
    }
    most
}
