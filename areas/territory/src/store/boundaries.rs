//! Sets of boundaries: drafted, scheduled for a day, in effect, past.

use geo::{Area, InteriorPoint};
use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{
    boundary::{GridShape, from_text, locator::Locator, plane::Plane, read::ReadGrid, to_text},
    datum::Datum,
    ids::SetId,
    store::grids,
};

/// A set of boundaries.
#[derive(Debug, Clone, FromQueryResult)]
pub struct BoundarySet {
    /// Its id.
    pub set_id: SetId,
    /// The file it came from.
    pub file_name: String,
    /// The datum of that file.
    pub datum: String,
    /// `draft`, `scheduled`, `in-effect`, `past` or `dropped`.
    pub state: String,
    /// The day it takes or took effect.
    pub takes_effect_day: Option<Day>,
    /// The day on which another took its place: the first on which it no longer holds.
    pub until_day: Option<Day>,
    /// How many grids it has.
    pub grid_count: i64,
    /// When it was uploaded.
    pub made_at: At,
    /// By whom.
    pub account_id: AccountId,
    /// Version.
    pub version: i64,
}

const COLUMNS: &str =
    "set_id, file_name, datum, state, takes_effect_day, until_day, grid_count, made_at, account_id, version";

/// All sets, the newest first.
pub async fn all(q: &impl Query) -> Result<Vec<BoundarySet>> {
    let sql = format!("SELECT {COLUMNS} FROM boundary_set WHERE division_code = $1 ORDER BY made_at DESC, set_id DESC");
    q.rows(&sql, vals![q.division()]).await
}

/// One set.
pub async fn find(q: &impl Query, id: SetId) -> Result<BoundarySet> {
    let sql = format!("SELECT {COLUMNS} FROM boundary_set WHERE division_code = $1 AND set_id = $2");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

/// The set that holds on a day: the last one that took effect, or will by then.
pub async fn holding(q: &impl Query, day: Day) -> Result<Option<BoundarySet>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM boundary_set
         WHERE division_code = $1 AND takes_effect_day <= $2 AND state IN ('scheduled', 'in-effect', 'past')
         ORDER BY takes_effect_day DESC LIMIT 1"
    );
    q.row(&sql, vals![q.division(), day]).await
}

/// The set in effect.
pub async fn in_effect(q: &impl Query) -> Result<Option<BoundarySet>> {
    let sql = format!("SELECT {COLUMNS} FROM boundary_set WHERE division_code = $1 AND state = 'in-effect'");
    q.row(&sql, vals![q.division()]).await
}

/// The next scheduled set whose day has come.
pub async fn due(q: &impl Query, today: Day) -> Result<Option<BoundarySet>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM boundary_set
         WHERE division_code = $1 AND state = 'scheduled' AND takes_effect_day <= $2 ORDER BY takes_effect_day LIMIT 1"
    );
    q.row(&sql, vals![q.division(), today]).await
}

#[derive(FromQueryResult)]
struct ShapeRow {
    grid_id: GridId,
    code: String,
    name: String,
    committee_code: String,
    geojson: String,
}

/// The grids of a set. A grid that was opened after the set was drafted, under the same code, is the same grid.
pub async fn shapes(q: &impl Query, id: SetId) -> Result<Vec<GridShape>> {
    let rows: Vec<ShapeRow> = q
        .rows(
            "SELECT COALESCE(g.grid_id, b.grid_id) AS grid_id, b.code, b.name, b.committee_code, b.geojson
             FROM grid_boundary b
             JOIN boundary_set s ON s.division_code = b.division_code AND s.set_id = b.set_id
             LEFT JOIN micro_grid g ON g.division_code = b.division_code AND g.code = b.code AND g.until_day IS NULL
              AND s.state IN ('draft', 'scheduled')
             WHERE b.division_code = $1 AND b.set_id = $2 ORDER BY b.code",
            vals![q.division(), id],
        )
        .await?;
    let shape = |r: ShapeRow| {
        let shape = from_text(&r.geojson)?;
        Ok(GridShape { grid_id: r.grid_id, code: r.code, name: r.name, committee_code: r.committee_code, shape })
    };
    rows.into_iter().map(shape).collect()
}

/// The grids as they lie on a day, past or to come; empty before the first set.
pub async fn grids_on(q: &impl Query, day: Day) -> Result<Vec<GridShape>> {
    match holding(q, day).await? {
        Some(set) => shapes(q, set.set_id).await,
        None => Ok(Vec::new()),
    }
}

/// The ground of a grid by the boundaries in effect, in m².
pub async fn area_m2(q: &impl Query, grid: GridId) -> Result<Option<f64>> {
    #[derive(FromQueryResult)]
    struct Row {
        area_m2: f64,
    }
    let sql = "SELECT b.area_m2 FROM grid_boundary b
         JOIN boundary_set s ON s.division_code = b.division_code AND s.set_id = b.set_id AND s.state = 'in-effect'
         WHERE b.division_code = $1 AND b.grid_id = $2";
    Ok(q.row::<Row>(sql, vals![q.division(), grid]).await?.map(|r| r.area_m2))
}

/// The grids in effect, for finding points.
pub async fn locator(q: &impl Query) -> Result<Locator> {
    match in_effect(q).await? {
        Some(set) => Ok(Locator::new(shapes(q, set.set_id).await?)),
        None => Ok(Locator::default()),
    }
}

impl BoundarySet {
    /// The last day on which it held.
    pub fn last_day(&self) -> Option<Day> {
        self.until_day.map(|day| day.plus_days(-1))
    }
}

/// Stores a file's grids as a draft. A code that a grid has today is that grid; others get ids of their own.
///
/// # Errors
/// `boundary-other-committee` if a grid's code belongs to another committee today.
pub async fn draft(tx: &Tx, file_name: &str, datum: Datum, read: Vec<ReadGrid>) -> Result<SetId> {
    let set: SetId = tx.new_id();
    let present = grids::all(tx).await?;
    let plane = Plane::around(read.iter().map(|g| &g.shape));
    let count = i64::try_from(read.len()).unwrap_or(i64::MAX);
    let mut rows = Vec::with_capacity(read.len());
    for grid in read {
        let known = present.iter().find(|g| g.code == grid.code);
        if let Some(other) = known.filter(|g| g.committee_code != grid.committee_code) {
            let error = AppError::rule("boundary-other-committee").arg("code", &grid.code);
            return Err(error.arg("committee", &other.committee_code));
        }
        let id = known.map_or_else(|| tx.new_id(), |g| g.grid_id);
        let at = grid.shape.interior_point().map_or((0.0, 0.0), |p| (p.x(), p.y()));
        let area_m2 = plane.to_metres(&grid.shape).unsigned_area();
        let text = to_text(&grid.shape);
        rows.push(vals![tx.division(), set, id, grid.code, grid.name, grid.committee_code, text, at.0, at.1, area_m2]);
    }
    tx.execute(
        "INSERT INTO boundary_set (division_code, set_id, file_name, datum, state, grid_count, made_at, account_id, version)
         VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, 1)",
        vals![tx.division(), set, linli_platform::free_text::file_name(file_name), datum.code(), count, tx.now(), tx.reader().account],
    )
    .await?;
    tx.insert_many(
        "grid_boundary",
        &["division_code", "set_id", "grid_id", "code", "name", "committee_code", "geojson", "lon", "lat", "area_m2"],
        rows,
    )
    .await?;
    let event = NewEvent::new("boundary.uploaded", SubjectRef::new("boundary-set", set, None));
    tx.event(event.body(json!({ "grids": count, "datum": datum.code() }))).await?;
    Ok(set)
}

/// Schedules a draft, or moves a scheduled set to another day.
///
/// # Errors
/// `boundary-day-past` if the day lies before today; `boundary-day-order` if a set already took effect on that day or
/// later; `boundary-day-taken` if another set waits for that day; `stale-version` if it is neither draft nor scheduled.
pub async fn schedule(tx: &Tx, id: SetId, day: Day) -> Result<()> {
    let set = find(tx, id).await?;
    if day < tx.now().day() && !tx.reader().is_system() {
        return Err(AppError::rule("boundary-day-past"));
    }
    if in_effect(tx).await?.and_then(|s| s.takes_effect_day).is_some_and(|last| day <= last) {
        return Err(AppError::rule("boundary-day-order"));
    }
    let taken =
        all(tx).await?.into_iter().any(|s| s.set_id != id && s.state == "scheduled" && s.takes_effect_day == Some(day));
    if taken {
        return Err(AppError::rule("boundary-day-taken"));
    }
    tx.execute_one(
        "UPDATE boundary_set SET state = 'scheduled', takes_effect_day = $3, version = version + 1
         WHERE division_code = $1 AND set_id = $2 AND state IN ('draft', 'scheduled')",
        vals![tx.division(), id, day],
    )
    .await?;
    let event = NewEvent::new("boundary.scheduled", SubjectRef::new("boundary-set", id, None));
    tx.event(event.version(set.version + 1).body(json!({ "day": day.to_string() }))).await?;
    Ok(())
}

/// Drops a draft or a scheduled set.
pub async fn drop_set(tx: &Tx, id: SetId) -> Result<()> {
    let set = find(tx, id).await?;
    tx.execute_one(
        "UPDATE boundary_set SET state = 'dropped', version = version + 1
         WHERE division_code = $1 AND set_id = $2 AND state IN ('draft', 'scheduled')",
        vals![tx.division(), id],
    )
    .await?;
    let event = NewEvent::new("boundary.dropped", SubjectRef::new("boundary-set", id, None));
    tx.event(event.version(set.version + 1)).await?;
    Ok(())
}

/// Marks a set as in effect and the one before it as past, and ties its grids to the ids they have now.
pub(crate) async fn mark_in_effect(tx: &Tx, set: &BoundarySet, day: Day, grids: &[GridShape]) -> Result<()> {
    for grid in grids {
        tx.execute(
            "UPDATE grid_boundary SET grid_id = $4 WHERE division_code = $1 AND set_id = $2 AND code = $3 AND grid_id <> $4",
            vals![tx.division(), set.set_id, grid.code.as_str(), grid.grid_id],
        )
        .await?;
    }
    tx.execute(
        "UPDATE boundary_set SET state = 'past', until_day = $2, version = version + 1
         WHERE division_code = $1 AND state = 'in-effect'",
        vals![tx.division(), day],
    )
    .await?;
    tx.execute_one(
        "UPDATE boundary_set SET state = 'in-effect', version = version + 1
         WHERE division_code = $1 AND set_id = $2 AND state = 'scheduled'",
        vals![tx.division(), set.set_id],
    )
    .await
}
