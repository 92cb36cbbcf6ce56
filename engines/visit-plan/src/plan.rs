//! A day's visits: the most urgent, in walking order.

use crate::due::Due;
use crate::route::{Point, walking_order};

/// A day's visits (当日走访计划).
#[derive(Clone, Debug, PartialEq)]
pub struct DayPlan<I> {
    /// Visits in walking order; those without a known location come last, by urgency.
    pub visits: Vec<Due<I>>,
    /// Length of the walk over the known locations, in metres.
    pub total_m: f64,
    /// Due visits that did not fit in.
    pub left_over: usize,
}

/// Chooses up to `capacity` visits, the most urgent first and among equally urgent ones those near
/// what is chosen already, and orders them for walking from `start`. Without a start the walk
/// begins at the most urgent visit.
pub fn day_plan<I: Clone>(due: &[Due<I>], capacity: usize, start: Option<Point>) -> DayPlan<I> {
    in_walking_order(choose(due, capacity, start), due.len(), start)
}

/// The same, but whatever is not yet due today is chosen by what the visit is worth, such as
/// [`crate::Hazard::gain`], the most first; equals by urgency.
pub fn day_plan_by_gain<I: Clone>(
    due: &[Due<I>],
    capacity: usize,
    start: Option<Point>,
    gain: impl Fn(&I) -> f64,
) -> DayPlan<I> {
    let (pressing, open): (Vec<&Due<I>>, Vec<&Due<I>>) = due.iter().partition(|visit| visit.urgency >= 0);
    let mut open: Vec<(f64, &Due<I>)> = open.into_iter().map(|visit| (gain(&visit.id), visit)).collect();
    open.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(y.urgency.cmp(&x.urgency)));
    let mut chosen = pressing;
    chosen.sort_by_key(|visit| std::cmp::Reverse(visit.urgency));
    chosen.extend(open.into_iter().map(|(_, visit)| visit));
    chosen.truncate(capacity);
    in_walking_order(chosen, due.len(), start)
}

fn in_walking_order<I: Clone>(chosen: Vec<&Due<I>>, due: usize, start: Option<Point>) -> DayPlan<I> {
    let (located, elsewhere): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|visit| visit.location.is_some());
    let points: Vec<Point> = located.iter().filter_map(|visit| visit.location).collect();
    let mut visits: Vec<Due<I>> = Vec::with_capacity(located.len() + elsewhere.len());
    let mut total_m = 0.0;
    if let Some(start) = start.or(points.first().copied()) {
        let route = walking_order(start, &points);
        total_m = route.total_m;
        visits.extend(route.order.into_iter().map(|position| located[position].clone()));
    }
    visits.extend(elsewhere.into_iter().cloned());
    let left_over = due - visits.len();
    DayPlan { visits, total_m, left_over }
}

fn choose<I>(due: &[Due<I>], capacity: usize, start: Option<Point>) -> Vec<&Due<I>> {
    let mut by_urgency: Vec<&Due<I>> = due.iter().collect();
    by_urgency.sort_by_key(|visit| std::cmp::Reverse(visit.urgency));
    let mut chosen = Vec::new();
    for group in by_urgency.chunk_by(|a, b| a.urgency == b.urgency) {
        let room = capacity - chosen.len();
        if group.len() <= room {
            chosen.extend_from_slice(group);
        } else {
            let nearest = nearest_of(group, room, &chosen, start);
            chosen.extend(nearest);
            break;
        }
    }
    chosen
}

/// Takes `count` of equally urgent visits, each time the one nearest to any place chosen so far.
fn nearest_of<'a, I>(
    group: &[&'a Due<I>],
    count: usize,
    chosen: &[&'a Due<I>],
    start: Option<Point>,
) -> Vec<&'a Due<I>> {
    let mut known: Vec<Point> = chosen.iter().filter_map(|visit| visit.location).collect();
    if known.is_empty() {
        known.extend(start);
    }
    let from_known = |visit: &Due<I>| {
        let here = visit.location?;
        known.iter().map(|place| place.distance_m(&here)).min_by(f64::total_cmp)
    };
    // Each visit with its distance to the nearest known place; unknown places are infinitely far.
    let mut left: Vec<(f64, &Due<I>)> =
        group.iter().map(|visit| (from_known(visit).unwrap_or(f64::INFINITY), *visit)).collect();
    let mut taken = Vec::with_capacity(count);
    while taken.len() < count {
        let positions = 0..left.len();
        let Some(nearest) = positions.min_by(|a, b| left[*a].0.total_cmp(&left[*b].0)) else { break };
        let (_, visit) = left.remove(nearest);
        for (distance, other) in &mut left {
            if let (Some(here), Some(there)) = (visit.location, other.location) {
                *distance = distance.min(here.distance_m(&there));
            }
        }
        taken.push(visit);
    }
    taken
}
