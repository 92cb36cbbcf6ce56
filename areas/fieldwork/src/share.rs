//! The full-time grid workers' part of the month's changes as it grows (R17: at least 20 %): by grid, for the team's leaders;
//! and for each worker the own part, for that worker's eyes. Nobody is ranked (boundary 6).

use linli_platform::{Result, clock::Month, ids::GridId, reader::Reader, store::Query, vals};
use sea_orm::FromQueryResult;

/// Microseconds of a day. Shanghai's clocks are not changed, so a month's days are all as long.
const DAY_US: i64 = 86_400_000_000;

/// A month's changes until the end of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Until {
    /// Day of the month, from 1.
    pub day: i64,
    /// Changes since the month began (new, changed, moved, cancelled).
    pub changes: i64,
    /// Of them, the part that is asked about.
    pub part: i64,
}

impl Until {
    /// The part in percent; none of nothing.
    pub fn percent(&self) -> Option<f64> {
        (self.changes > 0).then(|| self.part as f64 * 100.0 / self.changes as f64)
    }
}

/// The changes of one day in one grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct DayChanges {
    /// The grid.
    pub grid_id: Option<GridId>,
    /// Days since the month's first, from 0.
    pub day: i64,
    /// Changes.
    pub changes: i64,
    /// Of them, by full-time grid workers.
    pub by_workers: i64,
    /// Of them, by the reader as one.
    pub own: i64,
}

/// The month's changes by grid and day, within the reader's scope: seen by somebody and entered, as the month's figures count
/// them.
pub async fn of_month(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<DayChanges>> {
    let mut values = vals![q.division(), month.start(), month.end(), reader.account];
    let scope = reader.scope.sql("grid_id", &mut values);
    let sql = format!(
        "SELECT grid_id, (entered_at - $2) / {DAY_US} AS day, COUNT(*) AS changes,
           CAST(SUM(CASE WHEN role = 'grid-worker' THEN 1 ELSE 0 END) AS BIGINT) AS by_workers,
           CAST(SUM(CASE WHEN role = 'grid-worker' AND account_id = $4 THEN 1 ELSE 0 END) AS BIGINT) AS own
         FROM event WHERE division_code = $1 AND entered_at >= $2 AND entered_at < $3 AND seen_at IS NOT NULL
           AND kind IN ('resident.registered', 'resident.changed', 'resident.moved', 'resident.cancelled')
           AND {scope} GROUP BY grid_id, (entered_at - $2) / {DAY_US} ORDER BY 2, 1"
    );
    q.rows(&sql, values).await
}

/// How the part has grown until a day of the month: one line a day, from the first.
pub fn growth<'a>(
    rows: impl Iterator<Item = &'a DayChanges> + Clone,
    days: i64,
    part: impl Fn(&DayChanges) -> i64,
) -> Vec<Until> {
    let mut so_far = Until::default();
    let mut all = Vec::new();
    for day in 1..=days {
        for row in rows.clone().filter(|r| r.day + 1 == day) {
            so_far.changes += row.changes;
            so_far.part += part(row);
        }
        so_far.day = day;
        all.push(so_far);
    }
    all
}
