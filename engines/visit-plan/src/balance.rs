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

/// Room for visits: how far from today, and how much of it beside the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Days from today.
    pub(crate) offset: i32,
    /// Its part beside the others', at least 1.
    pub(crate) weight: u32,
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
    let rooms: Vec<Room> = days.iter().map(|day| Room { offset: days_between(today, *day), weight: 1 }).collect();
    let mut left = numbered(due);
    let mut shares = Vec::with_capacity(days.len());
    for (position, date) in days.iter().enumerate() {
        let plan = take(&mut left, quota_of(&rooms[position..]), start);
        let visits = plan.visits.iter().map(|visit| due[visit.id].clone()).collect();
        shares.push(DayShare { date: *date, plan: DayPlan { visits, total_m: plan.total_m, left_over: left.len() } });
    }
    shares
}

/// Positions stand for the visits while they are shared out.
pub(crate) fn numbered<I>(due: &[Due<I>]) -> Vec<Due<usize>> {
    due.iter().enumerate().map(|(n, visit)| with_id(visit, n)).collect()
}

/// Takes as many of those left as `quota` says, and gives them in walking order.
pub(crate) fn take(
    left: &mut Vec<Due<usize>>,
    quota: impl Fn(&[Due<usize>]) -> usize,
    start: Option<Point>,
) -> DayPlan<usize> {
    let plan = day_plan(left, quota(left), start);
    let taken: HashSet<usize> = plan.visits.iter().map(|visit| visit.id).collect();
    left.retain(|visit| !taken.contains(&visit.id));
    plan
}

fn with_id<I, J>(visit: &Due<I>, id: J) -> Due<J> {
    Due { id, reason: visit.reason, urgency: visit.urgency, location: visit.location }
}

/// How many of those left the first of `rooms` has to take, so that no later one must take more than its even share.
pub(crate) fn quota_of(rooms: &[Room]) -> impl Fn(&[Due<usize>]) -> usize {
    move |left| {
        let first = rooms.first().map_or(0, |room| room.offset);
        // The last room that serves a visit; all that are past it belong to the first day's.
        let slot = |visit: &Due<usize>| {
            let by = visit.urgency.saturating_neg().max(first);
            rooms.partition_point(|room| room.offset <= by).saturating_sub(1)
        };
        let mut of_slot = vec![0_u64; rooms.len()];
        left.iter().for_each(|visit| of_slot[slot(visit)] += 1);
        let (mut until, mut weights, mut most) = (0, 0, 0);
        let own = rooms.first().map_or(1, |room| u64::from(room.weight));
        for (room, count) in rooms.iter().zip(&of_slot) {
            until += count;
            weights += u64::from(room.weight);
            most = most.max((until * own).div_ceil(weights.max(1)));
        }
        usize::try_from(most).unwrap_or(usize::MAX)
    }
}
