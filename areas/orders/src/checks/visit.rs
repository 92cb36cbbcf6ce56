//! What was found at the door, and what follows from it: settled, to the officer's desk, or back to the steward.

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    basis,
    event::NewEvent,
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_work::{TaskKind, tasks};
use sea_orm::FromQueryResult;

use super::{
    codes::{Found, RowState},
    finish::end_grid,
    rows::{self, ORIGIN, Row},
    send::next_task,
};
use crate::ids::RowId;

/// What somebody found at the door of a row that is being visited.
///
/// # Errors
/// `forbidden`; `not-found` outside the grids; `stale-version`; `check-step` unless a visit is due; `check-found` for
/// what nobody finds at a door.
pub async fn visited(app: &App, tx: &Tx, id: RowId, version: i64, found: Found) -> Result<()> {
    if !tx.reader().may(Action::FieldWork) {
        return Err(AppError::forbidden());
    }
    let row = rows::find_row(tx, tx.reader(), id).await?;
    if row.version != version {
        return Err(AppError::stale());
    }
    if !matches!(row.state(), RowState::FirstVisit | RowState::SecondVisit) {
        return Err(AppError::rule("check-step"));
    }
    if found == Found::Unresolved {
        return Err(AppError::rule("check-found"));
    }
    tasks::end_of_origin(tx, ORIGIN, id.0, found.outcome()).await?;
    take(app, tx, row, found).await
}

/// What follows from something that was found, at whichever step the row stands.
pub(super) async fn take(app: &App, tx: &Tx, row: Row, found: Found) -> Result<()> {
    let row = note(tx, row, found).await?;
    match (row.state(), found) {
        (_, Found::OtherGrid) => back_to_steward(tx, &row).await,
        (_, found) if found.settles() => settle(tx, &row, found).await,
        (RowState::FirstVisit, _) => next_task(app, tx, &row, TaskKind::DataCheckDesk, RowState::Desk).await,
        (RowState::Desk, _) => next_task(app, tx, &row, TaskKind::DataCheckSecondVisit, RowState::SecondVisit).await,
        _ => settle(tx, &row, Found::Unresolved).await,
    }
}

/// Writes what was found beside its visit; the row as it is then.
async fn note(tx: &Tx, mut row: Row, found: Found) -> Result<Row> {
    let column = match row.state() {
        RowState::FirstVisit => Some("first_found"),
        RowState::SecondVisit => Some("second_found"),
        _ => None,
    };
    if let Some(column) = column {
        tx.execute_one(
            &format!(
                "UPDATE check_row SET {column} = $4, version = version + 1
                 WHERE division_code = $1 AND row_id = $2 AND version = $3"
            ),
            vals![tx.division(), row.row_id, row.version, found.code()],
        )
        .await?;
        row.version += 1;
    }
    let body = serde_json::json!({ "state": row.state, "outcome": found.outcome().code() });
    tx.event(NewEvent::new("check.visited", row.subject()).version(row.version).body(body)).await?;
    Ok(row)
}

async fn settle(tx: &Tx, row: &Row, result: Found) -> Result<()> {
    let state = if result == Found::Outside { RowState::Elsewhere } else { RowState::Settled };
    tx.execute_one(
        "UPDATE check_row SET state = $4, result = $5, settled_at = $6, task_id = NULL, due_at = NULL,
         version = version + 1 WHERE division_code = $1 AND row_id = $2 AND version = $3",
        vals![tx.division(), row.row_id, row.version, state.code(), result.code(), tx.now()],
    )
    .await?;
    basis::close(tx, row.row_id.0).await?;
    let body = serde_json::json!({ "discrepancy": row.kind, "outcome": result.outcome().code() });
    tx.event(NewEvent::new("check.settled", row.subject()).version(row.version + 1).body(body)).await?;
    end_grid(tx, row.check_id, row.grid_id).await
}

/// Transfer elsewhere: the row waits for the steward again, who says where it belongs now.
async fn back_to_steward(tx: &Tx, row: &Row) -> Result<()> {
    tx.execute_one(
        "UPDATE check_row SET state = 'waiting', grid_id = NULL, address_id = NULL, home_id = NULL, resident_id = NULL,
         task_id = NULL, first_found = NULL, second_found = NULL, due_at = NULL, version = version + 1
         WHERE division_code = $1 AND row_id = $2 AND version = $3",
        vals![tx.division(), row.row_id, row.version],
    )
    .await?;
    let event = NewEvent::new("check.transferred", row.subject()).version(row.version + 1);
    tx.event(event.body(serde_json::json!({ "discrepancy": row.kind }))).await?;
    end_grid(tx, row.check_id, row.grid_id).await
}

#[derive(FromQueryResult)]
struct Ended {
    row_id: RowId,
    outcome: Option<String>,
}

#[derive(FromQueryResult)]
struct Moved {
    row_id: RowId,
    grid_id: GridId,
}

/// Takes up what other pages settled: a visit of the home ends the row's task at the door, and a new boundary gives the
/// task to another grid. How many rows went on. Running it again changes nothing.
pub async fn take_up(app: &App) -> Result<usize> {
    const FROM: &str = "FROM check_row r JOIN task t ON t.division_code = r.division_code AND t.task_id = r.task_id
         WHERE r.division_code = $1 AND r.state IN ('first-visit', 'desk', 'second-visit')";
    let reads = app.store.reads();
    let waiting = format!("SELECT COUNT(*) {FROM} AND (t.state <> 'open' OR t.grid_id <> r.grid_id)");
    if reads.number(&waiting, vals![reads.division()]).await? == 0 {
        return Ok(0);
    }
    let tx = app.store.begin(&Reader::system()).await?;
    let moved: Vec<Moved> =
        tx.rows(&format!("SELECT r.row_id, t.grid_id {FROM} AND t.grid_id <> r.grid_id"), vals![tx.division()]).await?;
    for m in &moved {
        let row = rows::find_row(&tx, tx.reader(), m.row_id).await?;
        tx.execute_one(
            "UPDATE check_row SET grid_id = $4, version = version + 1
             WHERE division_code = $1 AND row_id = $2 AND version = $3",
            vals![tx.division(), m.row_id, row.version, m.grid_id],
        )
        .await?;
        let subject = rows::subject(m.row_id, Some(m.grid_id));
        tx.event(NewEvent::new("check.placed", subject).version(row.version + 1)).await?;
        end_grid(&tx, row.check_id, row.grid_id).await?;
    }
    let ended: Vec<Ended> =
        tx.rows(&format!("SELECT r.row_id, t.outcome {FROM} AND t.state <> 'open'"), vals![tx.division()]).await?;
    for e in &ended {
        let row = rows::find_row(&tx, tx.reader(), e.row_id).await?;
        // A task that was dropped found nothing.
        let found = e.outcome.as_deref().and_then(Found::of_outcome).unwrap_or(Found::Unclear);
        take(app, &tx, row, found).await?;
    }
    tx.commit().await?;
    Ok(moved.len() + ended.len())
}
