//! What is due (R16, R18).

use jiff::ToSpan;
use jiff::civil::Date;

use crate::route::Point;

/// Premises to be visited (房屋), by any identifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Premises<I> {
    /// Identifier.
    pub id: I,
    /// Longest gap between visits that the label asks for (标签走访周期, R18); `None` without label.
    pub max_gap_days: Option<u16>,
    /// Day of the last visit.
    pub last_visited: Option<Date>,
    /// Whether everyone there is verified once a month (兜底翻, R16).
    pub monthly: bool,
    /// Day of the last full verification.
    pub monthly_verified: Option<Date>,
    /// Where it lies, if known.
    pub location: Option<Point>,
}

impl<I> Premises<I> {
    /// Premises without label, never visited, not verified monthly.
    pub fn new(id: I, location: Option<Point>) -> Premises<I> {
        let (max_gap_days, last_visited, monthly_verified) = (None, None, None);
        Premises { id, max_gap_days, last_visited, monthly: false, monthly_verified, location }
    }
}

/// Why a visit is due (走访原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The label's gap was exceeded by so many days.
    Overdue {
        /// Days past the last permitted day, at least 1.
        days: u32,
    },
    /// Labelled premises that have never been visited.
    NeverVisited,
    /// Today is the last permitted day.
    DueToday,
    /// The last permitted day is near.
    DueSoon {
        /// Days left, at least 1.
        days: u32,
    },
    /// Not verified yet this month.
    MonthlyVerification {
        /// Days until the last day of the month; 0 on that day.
        days_left: u32,
    },
}

/// A visit that is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Due<I> {
    /// Identifier of the premises.
    pub id: I,
    /// Why.
    pub reason: Reason,
    /// Days past the last permitted day; 0 on that day, negative before it.
    pub urgency: i32,
    /// Where it lies, if known.
    pub location: Option<Point>,
}

/// Days from one date to another; negative if the other is earlier.
pub(crate) fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// Lists what is due on a day, the most urgent first, each place once; equally urgent ones stay in
/// the order given. Labels count from `soon_days` before their last permitted day.
pub fn due<I: Clone>(premises: &[Premises<I>], today: Date, soon_days: u16) -> Vec<Due<I>> {
    let mut list: Vec<Due<I>> = premises
        .iter()
        .filter_map(|place| {
            let reasons = [by_label(place, today, soon_days), by_month(place, today)];
            // The label comes first, so it wins among equals.
            let (reason, urgency) = reasons.into_iter().flatten().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
            Some(Due { id: place.id.clone(), reason, urgency, location: place.location })
        })
        .collect();
    list.sort_by_key(|due| std::cmp::Reverse(due.urgency));
    list
}

fn by_label<I>(place: &Premises<I>, today: Date, soon_days: u16) -> Option<(Reason, i32)> {
    let gap_days = place.max_gap_days?;
    let Some(last_visited) = place.last_visited else {
        return Some((Reason::NeverVisited, 0));
    };
    let last_permitted = last_visited.saturating_add(i64::from(gap_days).days());
    let past = days_between(last_permitted, today);
    let days = past.unsigned_abs();
    match past {
        1.. => Some((Reason::Overdue { days }, past)),
        0 => Some((Reason::DueToday, 0)),
        _ if days <= u32::from(soon_days) => Some((Reason::DueSoon { days }, past)),
        _ => None,
    }
}

fn by_month<I>(place: &Premises<I>, today: Date) -> Option<(Reason, i32)> {
    let done = place.monthly_verified.is_some_and(|day| day >= today.first_of_month());
    if !place.monthly || done {
        return None;
    }
    let left = days_between(today, today.last_of_month());
    Some((Reason::MonthlyVerification { days_left: left.unsigned_abs() }, -left))
}
