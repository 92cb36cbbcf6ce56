//! Closing and handing tasks to a person.

use linli_platform::{
    AppError, Result, basis,
    clock::At,
    event::NewEvent,
    ids::{AccountId, GridId},
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{find, list::TaskRow, open::task_subject};
use crate::{
    ids::TaskId,
    kinds::{Outcome, TaskKind},
};

/// Closes an open task: its basis ends and its sealed note goes, in the same transaction.
///
/// # Errors
/// `not-found` outside the scope of the transaction's reader; `task-closed` if it is closed already; `task-outcome`
/// if its kind cannot end so; `stale-version`.
pub async fn close(tx: &Tx, id: TaskId, version: i64, outcome: Outcome) -> Result<()> {
    let task = open_task(tx, id).await?;
    if !task.outcomes().contains(&outcome) {
        return Err(AppError::rule("task-outcome"));
    }
    let note = if task.task_kind().is_some_and(|k| k.note_goes()) { String::new() } else { task.note_masked.clone() };
    tx.execute_one(
        "UPDATE task SET state = $4, outcome = $5, done_at = $6, note_masked = $7, note_sealed = NULL,
         version = version + 1 WHERE division_code = $1 AND task_id = $2 AND version = $3 AND state = 'open'",
        vals![tx.division(), id, version, outcome.state(), outcome.code(), tx.now(), note],
    )
    .await?;
    basis::close(tx, id.0).await?;
    let body = serde_json::json!({ "kind": task.kind, "outcome": outcome.code(), "late": task.is_late(tx.now()) });
    tx.event(NewEvent::new("task.closed", task_subject(id, task.grid_id)).version(version + 1).body(body)).await?;
    Ok(())
}

/// Drops the open tasks of an origin that holds no longer: whoever writes it anew says what is to be done now. How many.
pub async fn overtake(tx: &Tx, origin_kind: &str, origin_id: Uuid) -> Result<usize> {
    end_of_origin(tx, origin_kind, origin_id, Outcome::Overtaken).await
}

/// Ends the open tasks of an origin that was decided. The caller has found the origin within the scope; its task may lie
/// in the grid that the premises belonged to before. How many.
pub async fn end_of_origin(tx: &Tx, origin_kind: &str, origin_id: Uuid, outcome: Outcome) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Row {
        task_id: TaskId,
        grid_id: GridId,
        kind: String,
        version: i64,
        due_at: Option<At>,
    }
    let rows: Vec<Row> = tx
        .rows(
            "SELECT task_id, grid_id, kind, version, due_at FROM task
             WHERE division_code = $1 AND origin_kind = $2 AND origin_id = $3 AND state = 'open'",
            vals![tx.division(), origin_kind, origin_id],
        )
        .await?;
    for row in &rows {
        let note =
            if TaskKind::from_code(&row.kind).is_some_and(TaskKind::note_goes) { "note_masked = ''," } else { "" };
        let late = outcome != Outcome::Overtaken && row.due_at.is_some_and(|due| due <= tx.now());
        tx.execute_one(
            &format!(
                "UPDATE task SET state = $4, outcome = $5, done_at = $6, {note} note_sealed = NULL, version = version + 1
                 WHERE division_code = $1 AND task_id = $2 AND version = $3 AND state = 'open'"
            ),
            vals![tx.division(), row.task_id, row.version, outcome.state(), outcome.code(), tx.now()],
        )
        .await?;
        basis::close(tx, row.task_id.0).await?;
        let body = serde_json::json!({ "kind": row.kind, "outcome": outcome.code(), "late": late });
        let subject = task_subject(row.task_id, row.grid_id);
        tx.event(NewEvent::new("task.closed", subject).version(row.version + 1).body(body)).await?;
    }
    Ok(rows.len())
}

/// Drops the open tasks of an origin that is erased, and what any task of it says: that it was done, and by whom, stays.
pub async fn forget(tx: &Tx, origin_kind: &str, origin_id: Uuid) -> Result<()> {
    overtake(tx, origin_kind, origin_id).await?;
    let of = "division_code = $1 AND origin_kind = $2 AND origin_id = $3";
    let values = vals![tx.division(), origin_kind, origin_id];
    let keys = format!(
        "DELETE FROM subject_key WHERE division_code = $1 AND subject_id IN (SELECT task_id FROM task WHERE {of})"
    );
    tx.execute(&keys, values.clone()).await?;
    let notes = format!("UPDATE task SET note_sealed = NULL, note_masked = '' WHERE {of}");
    tx.execute(&notes, values).await?;
    Ok(())
}

/// What the tasks of an origin show of it, masked, after it changed.
pub async fn note_anew(tx: &Tx, origin_kind: &str, origin_id: Uuid, masked: &str) -> Result<()> {
    let sql = "UPDATE task SET note_masked = $4
               WHERE division_code = $1 AND origin_kind = $2 AND origin_id = $3 AND note_masked <> ''";
    tx.execute(sql, vals![tx.division(), origin_kind, origin_id, masked]).await?;
    Ok(())
}

/// Hands an open task to one account, who must hold a role in its grid today.
///
/// # Errors
/// `not-found`, `task-closed`, `task-assignee`.
pub async fn assign(tx: &Tx, id: TaskId, account: AccountId) -> Result<()> {
    let task = open_task(tx, id).await?;
    if !is_assignable(tx, &task, account).await? {
        return Err(AppError::rule("task-assignee"));
    }
    tx.execute_one(
        "UPDATE task SET account_id = $3, version = version + 1
         WHERE division_code = $1 AND task_id = $2 AND version = $4 AND state = 'open'",
        vals![tx.division(), id, account, task.version],
    )
    .await?;
    let event = NewEvent::new("task.assigned", task_subject(id, task.grid_id)).version(task.version + 1);
    tx.event(event.body(serde_json::json!({ "account": account }))).await?;
    Ok(())
}

/// Whether an account holds a role of field work in the task's grid today.
pub async fn is_assignable(q: &impl Query, task: &TaskRow, account: AccountId) -> Result<bool> {
    let day = q.store().clock().today();
    let held = q
        .number(
            "SELECT COUNT(*) FROM account_role WHERE division_code = $1 AND account_id = $2 AND area_kind = 'grid'
             AND area = $3 AND from_day <= $4 AND (until_day IS NULL OR until_day > $5)
             AND role IN ('grid-leader', 'officer', 'coordinator', 'grid-worker')",
            vals![q.division(), account, task.grid_id.to_string(), day, day],
        )
        .await?;
    Ok(held > 0)
}

async fn open_task(tx: &Tx, id: TaskId) -> Result<TaskRow> {
    let task = find(tx, tx.reader(), id).await?;
    if task.state == "open" { Ok(task) } else { Err(AppError::rule("task-closed")) }
}
