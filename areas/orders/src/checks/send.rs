//! A list goes down: an order to the police teams its rows lie in, divided at each level by where they lie, until the
//! first visits begin in the grids.

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::{AddressId, HomeId, ResidentId};
use linli_work::{
    TaskId, TaskKind, due_at, task_due_at,
    tasks::{self, NewTask},
};
use policy_pack::DeadlineId;
use sea_orm::FromQueryResult;

use super::{
    codes::{CheckState, RowState},
    rows::{self, ORIGIN, Row},
    store::{self, subject},
};
use crate::{
    codes::{Level, OrderKind},
    ids::{CheckId, OrderId, RowId},
    levels::{GROUND, POLICE, Target},
    orders, parts,
};

/// Sends a list down, or what was placed since it was sent. How many rows are on their way.
///
/// # Errors
/// `forbidden`; `not-found`; `stale-version`; `check-nothing-placed`; `workday-year`.
pub async fn send(app: &App, tx: &Tx, id: CheckId, version: i64) -> Result<i64> {
    if !tx.reader().may(Action::DataCheckRun) {
        return Err(AppError::forbidden());
    }
    let check = store::find(tx, tx.reader(), id).await?;
    if !check.is_open() || check.version != version {
        return Err(AppError::stale());
    }
    let rows = store::progress(tx, tx.reader(), id).await?.unsent;
    let targets = targets(tx, id, Level::PoliceTeam, "").await?;
    if targets.is_empty() {
        return Err(AppError::rule("check-nothing-placed"));
    }
    let order = match check.order_id {
        Some(order) => order,
        None => issue(app, tx, id).await?,
    };
    tx.execute_one(
        "UPDATE data_check SET state = $4, order_id = $5, returned_at = NULL, version = version + 1
         WHERE division_code = $1 AND check_id = $2 AND version = $3",
        vals![tx.division(), id, version, CheckState::Sent.code(), order],
    )
    .await?;
    let due = due_at(&app.pack, &app.calendar, DeadlineId::OrderReceipt, tx.now())?;
    tx.execute(
        "UPDATE check_row SET due_at = $3 WHERE division_code = $1 AND check_id = $2 AND state = 'placed' AND due_at IS NULL",
        vals![tx.division(), id, due],
    )
    .await?;
    let body = serde_json::json!({ "rows": rows, "parts": targets.len() });
    tx.event(NewEvent::new("check.sent", subject(id)).version(version + 1).body(body)).await?;
    let order = orders::find(tx, &Reader::system(), order).await?;
    for target in &targets {
        parts::send_down(app, tx, &order, None, Level::PoliceTeam, target).await?;
    }
    Ok(rows)
}

/// The order with which a list goes down: its time is that of both visits and of the desk check between them.
async fn issue(app: &App, tx: &Tx, check: CheckId) -> Result<OrderId> {
    let id: OrderId = tx.new_id();
    let after = |deadline, from| due_at(&app.pack, &app.calendar, deadline, from);
    let first = after(DeadlineId::DataCheckFirstVisit, tx.now())?;
    let desk = after(DeadlineId::DataCheckDesk, first)?;
    let due = after(DeadlineId::DataCheckSecondVisit, desk)?;
    orders::insert(tx, id, OrderKind::DataCheck, "", Some(check)).await?;
    orders::mark_issued(tx, id, 1, due).await?;
    Ok(id)
}

/// The places of a level, within an area of the level above, that rows on their way down lie in; at the highest level
/// those of rows that nobody has sent yet.
pub(crate) async fn targets(q: &impl Query, check: CheckId, level: Level, within: &str) -> Result<Vec<Target>> {
    let mut values = vals![q.division(), check];
    let from = format!(
        "FROM check_row r, {GROUND} WHERE r.division_code = $1 AND r.check_id = $2 AND r.state = 'placed'
         AND g.division_code = r.division_code AND g.grid_id = r.grid_id AND g.until_day IS NULL"
    );
    if level == Level::Grid {
        #[derive(FromQueryResult)]
        struct GridRow {
            grid_id: GridId,
            name: String,
        }
        values.push(within.into());
        let sql = format!("SELECT DISTINCT g.grid_id, g.name, g.code {from} AND g.committee_code = $3 ORDER BY g.code");
        let rows: Vec<GridRow> = q.rows(&sql, values).await?;
        let target = |r: GridRow| Target { area: r.grid_id.to_string(), name: r.name, grid_id: Some(r.grid_id) };
        return Ok(rows.into_iter().map(target).collect());
    }
    #[derive(FromQueryResult)]
    struct AreaRow {
        area: String,
        name: String,
    }
    let sql = match level {
        Level::Team => {
            values.push(within.into());
            format!("SELECT DISTINCT g.committee_code AS area, c.name AS name {from} AND {POLICE} = $3 ORDER BY area")
        }
        _ => format!("SELECT DISTINCT {POLICE} AS area, {POLICE} AS name {from} AND r.due_at IS NULL ORDER BY area"),
    };
    let rows: Vec<AreaRow> = q.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|r| Target { area: r.area, name: r.name, grid_id: None }).collect())
}

/// A row about to be visited, with the record that the register has under the same number.
#[derive(FromQueryResult)]
struct Ready {
    row_id: RowId,
    kind: String,
    name_masked: String,
    road: String,
    address_id: Option<AddressId>,
    home_id: Option<HomeId>,
    version: i64,
    resident_id: Option<ResidentId>,
}

/// Begins the first visits of a list's rows in a grid: each gets its task and its basis.
pub(crate) async fn begin_visits(app: &App, tx: &Tx, check: CheckId, grid: GridId) -> Result<usize> {
    let mut ready: Vec<Ready> = tx
        .rows(
            "SELECT r.row_id, r.kind, r.name_masked, r.road, r.address_id, r.home_id, r.version, p.resident_id
             FROM check_row r LEFT JOIN resident p ON p.division_code = r.division_code AND p.doc_blind = r.doc_blind
               AND p.state = 'current' AND p.grid_id = r.grid_id
             WHERE r.division_code = $1 AND r.check_id = $2 AND r.grid_id = $3 AND r.state = 'placed'
             ORDER BY r.row_no",
            vals![tx.division(), check, grid],
        )
        .await?;
    ready.dedup_by_key(|r| r.row_id);
    if ready.is_empty() {
        return Ok(0);
    }
    let due = task_due_at(&app.pack, &app.calendar, TaskKind::DataCheck, tx.now())?;
    let new = ready.iter().map(|r| r.task(TaskKind::DataCheck, grid, due)).collect();
    let ids = tasks::open_many(tx, new).await?;
    let mut events = Vec::with_capacity(ready.len());
    for (row, task) in ready.iter().zip(ids) {
        step(tx, row.row_id, row.version, RowState::FirstVisit, task, due, row.resident_id).await?;
        events.push(visit_event(row.row_id, grid, row.version + 1, &row.kind));
    }
    tx.events(events).await?;
    Ok(ready.len())
}

fn visit_event(row: RowId, grid: GridId, version: i64, kind: &str) -> NewEvent {
    let body = serde_json::json!({ "discrepancy": kind });
    NewEvent::new("check.visit-begun", rows::subject(row, Some(grid))).version(version).body(body)
}

impl Ready {
    fn task(&self, kind: TaskKind, grid: GridId, due: At) -> NewTask {
        let subject = match (self.resident_id, self.home_id, self.address_id) {
            (Some(resident), ..) => SubjectRef::new("resident-record", resident, Some(grid)),
            (_, Some(home), _) => SubjectRef::new("home", home, Some(grid)),
            (_, _, Some(address)) => SubjectRef::new("address", address, Some(grid)),
            _ => rows::subject(self.row_id, Some(grid)),
        };
        NewTask {
            kind,
            subject,
            // A desk check is no visit: it does not show at the door.
            home_id: self.home_id.filter(|_| kind != TaskKind::DataCheckDesk),
            grid,
            origin_kind: ORIGIN,
            origin_id: self.row_id.0,
            due_at: Some(due),
            masked_note: [self.name_masked.as_str(), self.road.as_str()].join(" ").trim().to_owned(),
            sealed_note: None,
        }
    }
}

/// Opens the next task of a row and says where it stands: desk check or second visit.
pub(super) async fn next_task(app: &App, tx: &Tx, row: &Row, kind: TaskKind, state: RowState) -> Result<()> {
    let grid = row.grid_id.ok_or_else(|| AppError::internal("a row that was visited has a grid"))?;
    let due = task_due_at(&app.pack, &app.calendar, kind, tx.now())?;
    let ready = Ready {
        row_id: row.row_id,
        kind: row.kind.clone(),
        name_masked: row.name_masked.clone(),
        road: row.road.clone(),
        address_id: row.address_id,
        home_id: row.home_id,
        version: row.version,
        resident_id: row.resident_id,
    };
    let ids = tasks::open_many(tx, vec![ready.task(kind, grid, due)]).await?;
    let task = ids.first().copied().ok_or_else(|| AppError::internal("one task was opened"))?;
    step(tx, row.row_id, row.version, state, task, due, row.resident_id).await
}

async fn step(
    tx: &Tx,
    row: RowId,
    version: i64,
    state: RowState,
    task: TaskId,
    due: At,
    resident: Option<ResidentId>,
) -> Result<()> {
    tx.execute_one(
        "UPDATE check_row SET state = $4, task_id = $5, due_at = $6, resident_id = $7, version = version + 1
         WHERE division_code = $1 AND row_id = $2 AND version = $3",
        vals![tx.division(), row, version, state.code(), task, due, resident],
    )
    .await
}

/// The steward says which grid a row lies in; it goes down with the next sending.
///
/// # Errors
/// `forbidden`; `not-found`; `stale-version` unless the row waits for a grid; `order-target` for a grid of the past.
pub async fn place(tx: &Tx, id: RowId, version: i64, grid: GridId) -> Result<()> {
    if !tx.reader().may(Action::DataCheckRun) {
        return Err(AppError::forbidden());
    }
    let row = rows::find_row(tx, tx.reader(), id).await?;
    crate::levels::target(tx, Level::Grid, None, &grid.to_string()).await?;
    tx.execute_one(
        "UPDATE check_row SET state = 'placed', grid_id = $4, version = version + 1
         WHERE division_code = $1 AND row_id = $2 AND version = $3 AND state = 'waiting'",
        vals![tx.division(), id, version, grid],
    )
    .await?;
    let event = NewEvent::new("check.placed", rows::subject(id, Some(grid))).version(version + 1);
    tx.event(event.body(serde_json::json!({ "discrepancy": row.kind }))).await?;
    Ok(())
}
