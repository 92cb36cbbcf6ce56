//! Premises whose label asks for a visit that has not come (R18), counted by grid in SQL.

use std::collections::HashMap;

use linli_platform::{Result, clock::Day, ids::GridId, reader::Reader, store::Query, vals};
use policy_pack::Pack;
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Row {
    grid_id: Option<GridId>,
    overdue: i64,
}

/// How many labelled premises are past their longest gap, by grid, within the reader's scope. Premises that were
/// never visited count.
pub async fn by_grid(q: &impl Query, reader: &Reader, pack: &Pack, today: Day) -> Result<HashMap<Option<GridId>, i64>> {
    let mut values = vals![q.division()];
    let mut gaps = Vec::new();
    for category in &pack.visits.categories {
        values.push(category.id.as_str().into());
        values.push(today.plus_days(-i64::from(category.max_gap_days)).into());
        let (label, last) = (values.len() - 1, values.len());
        gaps.push(format!("(label = ${label} AND (last_visited_day IS NULL OR last_visited_day < ${last}))"));
    }
    if gaps.is_empty() {
        return Ok(HashMap::new());
    }
    let scope = reader.scope.sql("grid_id", &mut values);
    let sql = format!(
        "SELECT grid_id, COUNT(*) AS overdue FROM home
         WHERE division_code = $1 AND ({}) AND {scope} GROUP BY grid_id",
        gaps.join(" OR ")
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|r| (r.grid_id, r.overdue)).collect())
}
