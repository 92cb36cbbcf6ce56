//! The month's bulletin (督查通报): what was inspected and found, by committee. Units of organisation alone (boundary 6).

use linli_platform::{Result, clock::Month, reader::Reader, store::Query, vals};
use sea_orm::FromQueryResult;

/// A committee's line.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct CommitteeLine {
    /// The committee.
    pub committee_code: String,
    /// Its name.
    pub name: String,
    /// Inspections of its grids in the month.
    pub inspections: i64,
    /// Faults found.
    pub faults: i64,
    /// Records that were not registered or not cancelled.
    pub records: i64,
    /// Faults found before in the same grid.
    pub repeats: i64,
    /// Serious faults.
    pub serious: i64,
    /// Faults that were settled.
    pub settled: i64,
    /// Faults that were late.
    pub late: i64,
    /// Praise.
    pub praise: i64,
}

/// A checklist's item and how often it was found wanting.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ItemLine {
    /// Id of the item.
    pub item: String,
    /// How often.
    pub faults: i64,
    /// Records.
    pub records: i64,
}

/// The month's lines by committee, of those that were inspected, as things stood at its end, or stand now while it runs.
pub async fn of_month(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<CommitteeLine>> {
    let mut values = vals![q.division(), month.start(), month.end(), q.store().now().min(month.end())];
    values.push(month.first_day().into());
    values.push(month.last_day().into());
    let scope = reader.scope.sql("g.grid_id", &mut values);
    let sum = |condition: &str, name: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS BIGINT) AS {name}")
    };
    let held = "(SELECT COUNT(DISTINCT i.inspection_id) FROM inspection i JOIN inspection_grid ig
              ON ig.division_code = i.division_code AND ig.inspection_id = i.inspection_id
            JOIN micro_grid mg ON mg.division_code = ig.division_code AND mg.grid_id = ig.grid_id
            WHERE i.division_code = c.division_code AND mg.committee_code = c.committee_code
              AND i.state = 'closed' AND i.day >= $5 AND i.day <= $6)";
    let sql = format!(
        "SELECT c.committee_code, c.name, {held} AS inspections,
           {}, CAST(COALESCE(SUM(f.records), 0) AS BIGINT) AS records, {}, {}, {}, {}, {}
         FROM committee c
         JOIN micro_grid g ON g.division_code = c.division_code AND g.committee_code = c.committee_code
         LEFT JOIN finding f ON f.division_code = g.division_code AND f.grid_id = g.grid_id
           AND f.made_at >= $2 AND f.made_at < $3
         WHERE c.division_code = $1 AND {scope}
         GROUP BY c.division_code, c.committee_code, c.name
         HAVING COUNT(f.finding_id) > 0 OR {held} > 0 ORDER BY c.committee_code",
        sum("f.kind = 'fault'", "faults"),
        sum("f.kind = 'fault' AND f.time_found > 1", "repeats"),
        sum("f.serious = TRUE", "serious"),
        sum("f.settled_at < $4", "settled"),
        sum("f.due_at < $4 AND (f.state = 'open' OR f.corrected_at >= $4)", "late"),
        sum("f.kind = 'praise'", "praise"),
    );
    q.rows(&sql, values).await
}

/// The month's faults by item of the checklist, most frequent first.
pub async fn items(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<ItemLine>> {
    let mut values = vals![q.division(), month.start(), month.end()];
    let scope = reader.scope.sql("f.grid_id", &mut values);
    let sql = format!(
        "SELECT f.item, COUNT(*) AS faults, CAST(COALESCE(SUM(f.records), 0) AS BIGINT) AS records FROM finding f
         WHERE f.division_code = $1 AND f.made_at >= $2 AND f.made_at < $3 AND f.kind = 'fault' AND {scope}
         GROUP BY f.item ORDER BY COUNT(*) DESC, f.item"
    );
    q.rows(&sql, values).await
}
