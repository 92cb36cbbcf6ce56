//! The way back: a grid's part is answered when its rows are settled, and a list is closed when everything has come
//! back. Its rows and their keys are gone then; counts remain (boundary 9).

use linli_platform::{
    AppError, Result,
    access::Action,
    event::NewEvent,
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};

use super::{
    codes::CheckState,
    store::{self, Check, subject},
};
use crate::{codes::Level, ids::CheckId, orders, parts, steps};

/// The rows of a grid have ended, if they have: its part of the order is answered by that.
pub(crate) async fn end_grid(tx: &Tx, check: CheckId, grid: Option<GridId>) -> Result<()> {
    let Some(grid) = grid else { return Ok(()) };
    let order = store::find(tx, &Reader::system(), check).await?.order_id;
    let Some(order) = order else { return Ok(()) };
    let Some(part) = parts::open_at(tx, order, Level::Grid, &grid.to_string()).await? else { return Ok(()) };
    if store::open_rows_of(tx, &part).await? > 0 {
        return Ok(());
    }
    steps::answer_by_work(tx, &part).await
}

async fn begin(tx: &Tx, id: CheckId, version: i64, state: CheckState) -> Result<Check> {
    if !tx.reader().may(Action::DataCheckRun) {
        return Err(AppError::forbidden());
    }
    let check = store::find(tx, tx.reader(), id).await?;
    if check.state() != Some(state) || check.version != version {
        return Err(AppError::stale());
    }
    Ok(check)
}

/// Closes a list: every row settled, every part closed, the results taken. Rows and keys go.
///
/// # Errors
/// `forbidden`; `not-found`; `stale-version`; `check-open-rows`; `check-not-returned` before the results were taken;
/// `order-open-parts`.
pub async fn close(tx: &Tx, id: CheckId, version: i64) -> Result<()> {
    let check = begin(tx, id, version, CheckState::Sent).await?;
    let open = store::progress(tx, &Reader::system(), id).await?.open();
    if open > 0 {
        return Err(AppError::rule("check-open-rows").arg("n", open));
    }
    let order = check.order_id.ok_or_else(AppError::stale)?;
    let order = orders::find(tx, &Reader::system(), order).await?;
    if order.open_parts > 0 {
        return Err(AppError::rule("order-open-parts").arg("n", order.open_parts));
    }
    if check.returned_at.is_none() {
        return Err(AppError::rule("check-not-returned"));
    }
    orders::close(tx, order.order_id, order.version).await?;
    tx.execute(
        "INSERT INTO check_count (division_code, check_id, kind, result, row_count)
         SELECT division_code, check_id, kind, result, COUNT(*) FROM check_row
         WHERE division_code = $1 AND check_id = $2 AND result IS NOT NULL GROUP BY division_code, check_id, kind, result",
        vals![tx.division(), id],
    )
    .await?;
    end(tx, &check, CheckState::Closed, "check.closed").await
}

/// Takes a list back that has not gone down yet. Rows and keys go.
///
/// # Errors
/// `forbidden`; `not-found`; `stale-version` once it was sent.
pub async fn remove(tx: &Tx, id: CheckId, version: i64) -> Result<()> {
    let check = begin(tx, id, version, CheckState::Received).await?;
    end(tx, &check, CheckState::Removed, "check.removed").await
}

async fn end(tx: &Tx, check: &Check, state: CheckState, event: &'static str) -> Result<()> {
    let id = check.check_id;
    let rows = drop_rows(tx, "check_id", id.0).await?;
    tx.execute_one(
        "UPDATE data_check SET state = $4, closed_at = $5, closed_by = $6, version = version + 1
         WHERE division_code = $1 AND check_id = $2 AND version = $3",
        vals![tx.division(), id, check.version, state.code(), tx.now(), tx.reader().account],
    )
    .await?;
    let body = serde_json::json!({ "rows": rows, "late": check.is_late(tx.now()) });
    tx.event(NewEvent::new(event, subject(id)).version(check.version + 1).body(body)).await?;
    Ok(())
}

/// Takes rows out with their keys, what they entitled to and their history, of which digests stay. How many.
pub(crate) async fn drop_rows(tx: &Tx, column: &'static str, id: uuid::Uuid) -> Result<u64> {
    let rows = format!("SELECT row_id FROM check_row WHERE division_code = $1 AND {column} = $2");
    let condition = format!("subject_kind = 'check-row' AND subject_id IN ({rows})");
    while tx.erase_events(&condition, vals![tx.division(), id]).await? > 0 {}
    let keys = format!("DELETE FROM subject_key WHERE division_code = $1 AND subject_id IN ({rows})");
    tx.execute(&keys, vals![tx.division(), id]).await?;
    let bases = format!(
        "UPDATE basis SET closed_at = $3 WHERE division_code = $1 AND closed_at IS NULL AND task_id IN ({rows})"
    );
    tx.execute(&bases, vals![tx.division(), id, tx.now()]).await?;
    tx.execute(&format!("DELETE FROM check_row WHERE division_code = $1 AND {column} = $2"), vals![tx.division(), id])
        .await
}
