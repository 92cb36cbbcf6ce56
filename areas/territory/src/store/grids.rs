//! Micro-grids.

use std::collections::{BTreeSet, HashMap};

use linli_platform::{
    AppError, Result,
    clock::Day,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use serde_json::json;

/// A micro-grid (微网格).
#[derive(Debug, Clone, FromQueryResult)]
pub struct Grid {
    /// Its id, which stays when its boundary changes.
    pub grid_id: GridId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its committee.
    pub committee_code: String,
    /// First day.
    pub from_day: Day,
    /// The first day on which it no longer exists, if it was closed.
    pub until_day: Option<Day>,
}

impl Grid {
    /// The last day of a closed grid.
    pub fn last_day(&self) -> Option<Day> {
        self.until_day.map(|day| day.plus_days(-1))
    }
}

const COLUMNS: &str = "g.grid_id, g.code, g.name, g.committee_code, g.from_day, g.until_day";

/// The grids of today in the reader's scope, by code.
pub async fn in_scope(q: &impl Query, reader: &Reader) -> Result<Vec<Grid>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("g.grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM micro_grid g WHERE g.division_code = $1 AND g.until_day IS NULL AND {scope} ORDER BY g.code"
    );
    q.rows(&sql, values).await
}

/// The grids of today in the reader's scope after a code, by code, of one committee if it is given.
pub async fn after(
    q: &impl Query,
    reader: &Reader,
    committee: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Grid>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("g.grid_id", &mut values);
    let mut sql =
        format!("SELECT {COLUMNS} FROM micro_grid g WHERE g.division_code = $1 AND g.until_day IS NULL AND {scope}");
    for (column, value) in [("g.committee_code =", committee), ("g.code >", after)] {
        if let Some(value) = value {
            values.push(value.into());
            sql.push_str(&format!(" AND {column} ${}", values.len()));
        }
    }
    sql.push_str(&format!(" ORDER BY g.code LIMIT {}", limit.clamp(1, 2_000)));
    q.rows(&sql, values).await
}

/// Every grid of today, by code. The map of grids is nobody's data and is seen by whoever may see the territory.
pub async fn all(q: &impl Query) -> Result<Vec<Grid>> {
    in_scope(q, &Reader::system()).await
}

/// The grids of one committee today.
pub async fn of_committee(q: &impl Query, code: &str) -> Result<Vec<Grid>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM micro_grid g
         WHERE g.division_code = $1 AND g.committee_code = $2 AND g.until_day IS NULL ORDER BY g.code"
    );
    q.rows(&sql, vals![q.division(), code]).await
}

/// A grid, closed or not.
pub async fn find(q: &impl Query, id: GridId) -> Result<Grid> {
    let sql = format!("SELECT {COLUMNS} FROM micro_grid g WHERE g.division_code = $1 AND g.grid_id = $2");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

/// The grid that has a code today.
pub async fn by_code(q: &impl Query, code: &str) -> Result<Option<Grid>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM micro_grid g WHERE g.division_code = $1 AND g.code = $2 AND g.until_day IS NULL"
    );
    q.row(&sql, vals![q.division(), code.trim()]).await
}

/// Names of all grids, closed ones too, for pages that show the past.
pub async fn names(q: &impl Query) -> Result<HashMap<GridId, String>> {
    let sql = format!("SELECT {COLUMNS} FROM micro_grid g WHERE g.division_code = $1");
    Ok(q.rows::<Grid>(&sql, vals![q.division()]).await?.into_iter().map(|g| (g.grid_id, g.name)).collect())
}

/// Names of some grids, closed ones too: those of the rows of a page.
pub async fn names_of(q: &impl Query, ids: Vec<GridId>) -> Result<HashMap<GridId, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        grid_id: GridId,
        name: String,
    }
    let ids: BTreeSet<GridId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values = vals![q.division()];
    values.extend(ids.into_iter().map(sea_orm::Value::from));
    let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
    let sql =
        format!("SELECT grid_id, name FROM micro_grid WHERE division_code = $1 AND grid_id IN ({})", marks.join(", "));
    Ok(q.rows::<Row>(&sql, values).await?.into_iter().map(|g| (g.grid_id, g.name)).collect())
}

/// A grid about to be opened.
#[derive(Debug, Clone)]
pub struct NewGrid {
    /// Its id, if it has one already.
    pub grid_id: Option<GridId>,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its committee.
    pub committee_code: String,
}

/// Opens grids from a day on. Their ids, in the given order.
pub async fn open(tx: &Tx, grids: Vec<NewGrid>, from: Day) -> Result<Vec<GridId>> {
    let (mut ids, mut rows, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for grid in grids {
        let id = grid.grid_id.unwrap_or_else(|| tx.new_id());
        ids.push(id);
        let body = json!({ "code": grid.code, "committee": grid.committee_code });
        events.push(NewEvent::new("grid.opened", SubjectRef::new("grid", id, Some(id))).body(body));
        rows.push(vals![tx.division(), id, grid.code, grid.name, grid.committee_code, from, None::<Day>, 1_i64]);
    }
    tx.insert_many(
        "micro_grid",
        &["division_code", "grid_id", "code", "name", "committee_code", "from_day", "until_day", "version"],
        rows,
    )
    .await?;
    tx.events(events).await?;
    Ok(ids)
}

/// Closes a grid; `until` is the first day on which it no longer exists.
pub async fn close(tx: &Tx, id: GridId, until: Day) -> Result<()> {
    tx.execute_one(
        "UPDATE micro_grid SET until_day = $3, version = version + 1
         WHERE division_code = $1 AND grid_id = $2 AND until_day IS NULL",
        vals![tx.division(), id, until],
    )
    .await?;
    tx.event(NewEvent::new("grid.closed", SubjectRef::new("grid", id, Some(id)))).await?;
    Ok(())
}

/// Gives a grid another name.
pub async fn rename(tx: &Tx, id: GridId, name: &str) -> Result<()> {
    tx.execute_one(
        "UPDATE micro_grid SET name = $3, version = version + 1 WHERE division_code = $1 AND grid_id = $2",
        vals![tx.division(), id, name],
    )
    .await?;
    tx.event(NewEvent::new("grid.renamed", SubjectRef::new("grid", id, Some(id)))).await?;
    Ok(())
}
