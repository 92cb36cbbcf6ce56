//! The month's figures by grid and committee: coverage (R16), the 24-hour share (R10), the grid workers' share (R17).
//!
//! Counted are changes that somebody saw and entered: what a table brought in without saying when each row was learnt
//! has no instant of seeing, and is no work of the month.

use std::collections::HashMap;

use linli_platform::{Result, clock::Month, ids::GridId, reader::Reader, store::Query, vals};
use sea_orm::FromQueryResult;

/// What was entered within so many microseconds of being seen counts as timely (R10: 24 hours).
const TIMELY_US: i64 = 24 * 3_600 * 1_000_000;

/// The counts of one grid or committee in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Homes that have to be verified: all but premises without homes, and houses that are gone.
    pub homes: i64,
    /// Of them, verified in the month.
    pub homes_verified: i64,
    /// Current residents.
    pub residents: i64,
    /// Changes seen and entered in the month.
    pub entered: i64,
    /// Of them, in the register within 24 hours of being seen.
    pub entered_within_24h: i64,
    /// The month's changes (new, changed, moved, cancelled).
    pub changes: i64,
    /// Of them, by full-time grid workers.
    pub changes_by_grid_worker: i64,
}

impl Counts {
    /// Adds another's counts.
    pub fn add(&mut self, other: &Counts) {
        self.homes += other.homes;
        self.homes_verified += other.homes_verified;
        self.residents += other.residents;
        self.entered += other.entered;
        self.entered_within_24h += other.entered_within_24h;
        self.changes += other.changes;
        self.changes_by_grid_worker += other.changes_by_grid_worker;
    }
    /// Coverage of the full verification in percent (R16).
    pub fn coverage_percent(&self) -> Option<f64> {
        percent(self.homes_verified, self.homes)
    }
    /// Share entered within 24 hours in percent (R10).
    pub fn timely_percent(&self) -> Option<f64> {
        percent(self.entered_within_24h, self.entered)
    }
    /// Share of the month's changes made by full-time grid workers in percent (R17).
    pub fn grid_worker_percent(&self) -> Option<f64> {
        percent(self.changes_by_grid_worker, self.changes)
    }
}

/// `None` of nothing.
fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

/// The counts of one grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridCounts {
    /// Grid; none for what lies outside every grid.
    pub grid_id: Option<GridId>,
    /// The counts.
    pub counts: Counts,
}

/// The counts of one committee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitteeCounts {
    /// Committee.
    pub committee_code: String,
    /// The counts.
    pub counts: Counts,
}

#[derive(FromQueryResult)]
struct HomeCounts {
    grid_id: Option<GridId>,
    homes: i64,
    verified: Option<i64>,
}

#[derive(FromQueryResult)]
struct PeopleCounts {
    grid_id: Option<GridId>,
    residents: i64,
}

#[derive(FromQueryResult)]
struct EventCounts {
    grid_id: Option<GridId>,
    changes: i64,
    timely: Option<i64>,
    by_worker: Option<i64>,
}

/// The month's counts by grid, within the reader's scope.
pub async fn month(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<GridCounts>> {
    let mut all: HashMap<Option<GridId>, Counts> = HashMap::new();
    for row in homes(q, reader, month).await? {
        let counts = all.entry(row.grid_id).or_default();
        (counts.homes, counts.homes_verified) = (row.homes, row.verified.unwrap_or(0));
    }
    for row in people(q, reader).await? {
        all.entry(row.grid_id).or_default().residents = row.residents;
    }
    for row in events(q, reader, month).await? {
        all.entry(row.grid_id).or_default().add(&of_events(&row));
    }
    let mut rows: Vec<GridCounts> = all.into_iter().map(|(grid_id, counts)| GridCounts { grid_id, counts }).collect();
    rows.sort_by_key(|r| r.grid_id);
    Ok(rows)
}

async fn homes(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<HomeCounts>> {
    let mut values = vals![q.division(), month.first_day(), month.last_day()];
    let scope = reader.scope.sql("grid_id", &mut values);
    let sql = format!(
        "SELECT grid_id, COUNT(*) AS homes,
           CAST(SUM(CASE WHEN last_verified_day >= $2 AND last_verified_day <= $3 THEN 1 ELSE 0 END) AS BIGINT) AS verified
         FROM home WHERE division_code = $1 AND kind <> 'workplace' AND address_id NOT IN (
           SELECT a.address_id FROM address a WHERE a.division_code = $1 AND a.state = 'demolished')
         AND {scope} GROUP BY grid_id"
    );
    q.rows(&sql, values).await
}

async fn people(q: &impl Query, reader: &Reader) -> Result<Vec<PeopleCounts>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("grid_id", &mut values);
    let sql = format!(
        "SELECT grid_id, COUNT(*) AS residents FROM resident
         WHERE division_code = $1 AND state = 'current' AND {scope} GROUP BY grid_id"
    );
    q.rows(&sql, values).await
}

async fn events(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<EventCounts>> {
    let mut values = vals![q.division(), month.start(), month.end(), TIMELY_US];
    let scope = reader.scope.sql("grid_id", &mut values);
    let sql = format!(
        "SELECT grid_id, COUNT(*) AS changes,
           CAST(SUM(CASE WHEN COALESCE(received_at, entered_at) - seen_at <= $4 THEN 1 ELSE 0 END) AS BIGINT) AS timely,
           CAST(SUM(CASE WHEN role = 'grid-worker' THEN 1 ELSE 0 END) AS BIGINT) AS by_worker
         FROM event WHERE division_code = $1 AND entered_at >= $2 AND entered_at < $3 AND seen_at IS NOT NULL
           AND kind IN ('resident.registered', 'resident.changed', 'resident.moved', 'resident.cancelled')
           AND {scope} GROUP BY grid_id"
    );
    q.rows(&sql, values).await
}

/// The month's changes alone, of the reader's whole scope: for months that are over, when homes and residents are not
/// counted any more.
pub async fn changes(q: &impl Query, reader: &Reader, month: Month) -> Result<Counts> {
    let mut sum = Counts::default();
    for row in events(q, reader, month).await? {
        sum.add(&of_events(&row));
    }
    Ok(sum)
}

fn of_events(row: &EventCounts) -> Counts {
    Counts {
        entered: row.changes,
        changes: row.changes,
        entered_within_24h: row.timely.unwrap_or(0),
        changes_by_grid_worker: row.by_worker.unwrap_or(0),
        ..Counts::default()
    }
}

/// The month's counts by committee, rolled up from the grids within the reader's scope.
pub async fn month_by_committee(q: &impl Query, reader: &Reader, of: Month) -> Result<Vec<CommitteeCounts>> {
    #[derive(FromQueryResult)]
    struct Row {
        grid_id: GridId,
        committee_code: String,
    }
    let rows: Vec<Row> =
        q.rows("SELECT grid_id, committee_code FROM micro_grid WHERE division_code = $1", vals![q.division()]).await?;
    let committees: HashMap<GridId, String> = rows.into_iter().map(|r| (r.grid_id, r.committee_code)).collect();
    let mut all: std::collections::BTreeMap<String, Counts> = std::collections::BTreeMap::new();
    for row in month(q, reader, of).await? {
        if let Some(code) = row.grid_id.and_then(|g| committees.get(&g)) {
            all.entry(code.clone()).or_default().add(&row.counts);
        }
    }
    Ok(all.into_iter().map(|(committee_code, counts)| CommitteeCounts { committee_code, counts }).collect())
}

/// The sum of several.
pub fn total(rows: &[GridCounts]) -> Counts {
    let mut sum = Counts::default();
    rows.iter().for_each(|r| sum.add(&r.counts));
    sum
}
