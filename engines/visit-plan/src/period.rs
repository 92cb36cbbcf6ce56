//! A period's visits, spread over its days and the people who are there.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::balance::{Room, numbered, quota_of, take};
use crate::due::{Due, Premises, days_between, due};

/// Somebody's working day (一人一日): who is there on a day, and with how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn<W> {
    /// The day.
    pub date: Date,
    /// Who.
    pub worker: W,
    /// How much of the day beside the others' (somebody who works in two places has half as much for each); 0
    /// counts as 1.
    pub weight: u32,
}

/// What falls to one turn.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnShare<I, W> {
    /// The day.
    pub date: Date,
    /// Who.
    pub worker: W,
    /// The visits in walking order.
    pub visits: Vec<Due<I>>,
    /// Length of the walk over the known locations, in metres.
    pub total_m: f64,
}

/// Plans a period (一段时间的走访计划): who goes where on which day. The days are lived through one after another: what is due
/// on a day is listed ([`due`]), each turn of the day takes its even share by weight, near each other, whoever has had
/// least until then first; and what was visited counts as visited from then on, so that premises with a label come up
/// again when their gap is over. Nothing waits beyond the last turn by which it may be visited; what is past its day
/// already belongs to the first day.
///
/// `turns` ascend by day. Labels count from `soon_days` before their last permitted day, or from the last turn before
/// days off that hide it.
///
/// ```
/// use jiff::civil::date;
/// use visit_plan::{Premises, Turn, period_plan};
///
/// let homes: Vec<_> = (0..30).map(|id| Premises { monthly: true, ..Premises::new(id, None) }).collect();
/// let turn = |day, worker, weight| Turn { date: date(2026, 5, day), worker, weight };
/// // Two days for two people, of whom the second has half as much time here.
/// let turns = [turn(18, "a", 2), turn(18, "b", 1), turn(19, "a", 2), turn(19, "b", 1)];
/// let counts: Vec<_> = period_plan(&homes, &turns, 2).iter().map(|share| share.visits.len()).collect();
/// assert_eq!(counts, [10, 5, 10, 5]);
/// ```
pub fn period_plan<I: Clone + Eq, W: Clone + Eq>(
    premises: &[Premises<I>],
    turns: &[Turn<W>],
    soon_days: u16,
) -> Vec<TurnShare<I, W>> {
    // Positions stand for the premises, whose state moves on with the days.
    let mut state: Vec<Premises<usize>> = premises.iter().enumerate().map(|(n, place)| at(place, n)).collect();
    let mut shares: Vec<TurnShare<I, W>> = Vec::with_capacity(turns.len());
    let mut first = 0;
    for day in turns.chunk_by(|a, b| a.date == b.date) {
        let (date, next) = (day[0].date, turns.get(first + day.len()).map(|turn| turn.date));
        let listed = due(&state, date, soon(soon_days, date, next));
        let order = least_first(day, &shares);
        let later = &turns[first + day.len()..];
        let rooms: Vec<Room> = order.iter().map(|n| &day[*n]).chain(later).map(|turn| room(turn, date)).collect();
        let mut left = numbered(&listed);
        let mut of_day: Vec<Option<TurnShare<I, W>>> = day.iter().map(|_| None).collect();
        for (position, turn) in order.iter().map(|n| &day[*n]).enumerate() {
            let plan = take(&mut left, quota_of(&rooms[position..]), None);
            let visited: Vec<usize> = plan.visits.iter().map(|visit| listed[visit.id].id).collect();
            let visits = plan.visits.iter().zip(&visited).map(|(visit, n)| told(visit, premises[*n].id.clone()));
            let visits = visits.collect();
            for n in visited {
                (state[n].last_visited, state[n].monthly_verified) = (Some(date), Some(date));
            }
            let share = TurnShare { date, worker: turn.worker.clone(), visits, total_m: plan.total_m };
            of_day[order[position]] = Some(share);
        }
        shares.extend(of_day.into_iter().flatten());
        first += day.len();
    }
    shares
}

/// The turns of a day, by how much their workers have had by weight, the least first.
fn least_first<I, W: Eq>(day: &[Turn<W>], shares: &[TurnShare<I, W>]) -> Vec<usize> {
    let had = |turn: &Turn<W>| -> usize {
        shares.iter().filter(|share| share.worker == turn.worker).map(|share| share.visits.len()).sum()
    };
    let had: Vec<usize> = day.iter().map(had).collect();
    let weight = |n: usize| day[n].weight.max(1) as usize;
    let mut order: Vec<usize> = (0..day.len()).collect();
    order.sort_by(|a, b| (had[*a] * weight(*b)).cmp(&(had[*b] * weight(*a))));
    order
}

fn at<I>(place: &Premises<I>, n: usize) -> Premises<usize> {
    Premises {
        id: n,
        max_gap_days: place.max_gap_days,
        last_visited: place.last_visited,
        monthly: place.monthly,
        monthly_verified: place.monthly_verified,
        location: place.location,
    }
}

fn told<I>(visit: &Due<usize>, id: I) -> Due<I> {
    Due { id, reason: visit.reason, urgency: visit.urgency, location: visit.location }
}

fn room<W>(turn: &Turn<W>, today: Date) -> Room {
    Room { offset: days_between(today, turn.date), weight: turn.weight.max(1) }
}

/// What falls due on days off is done before them.
fn soon(soon_days: u16, date: Date, next: Option<Date>) -> u16 {
    let last_off = next.map_or(date, |next| next.saturating_sub(1.day()));
    soon_days.max(u16::try_from(days_between(date, last_off)).unwrap_or(0))
}
