//! A fault from correction to its end: the grid says what was put right, the group looks again.

use linli_platform::{
    AppError, Result,
    access::Role,
    app::App,
    deadline,
    event::NewEvent,
    store::{Query, Tx},
    vals,
};
use linli_work::{
    Outcome,
    notices::{self, Arg, To, args},
    tasks,
};
use policy_pack::DeadlineId;

use crate::{
    codes::FindingState,
    findings::{self, FindingRow, ORIGIN, WORDS_MAX_CHARS, find},
    ids::FindingId,
    inspections,
    suggestions::guarded,
};

/// The grid says what was put right; its task ends and the group is told.
///
/// # Errors
/// `not-found`; `finding-not-open`; `finding-own-grid` for somebody who does not work there; `finding-feedback`,
/// `free-text-number`, `free-text-word`; `stale-version`.
pub async fn correct(tx: &Tx, id: FindingId, version: i64, feedback: &str) -> Result<()> {
    let row = in_state(tx, id, FindingState::Open).await?;
    if !tx.reader().scope.contains(Some(row.grid_id)) {
        return Err(AppError::rule("finding-own-grid"));
    }
    let feedback = guarded(feedback, WORDS_MAX_CHARS, "finding-feedback")?;
    tx.execute_one(
        "UPDATE finding SET state = 'corrected', feedback = $4, corrected_at = $5, corrected_by = $6, version = version + 1
         WHERE division_code = $1 AND finding_id = $2 AND version = $3 AND state = 'open'",
        vals![tx.division(), id, version, feedback, tx.now(), tx.reader().account],
    )
    .await?;
    let body = serde_json::json!({ "in-time": row.due_at.is_none_or(|due| tx.now() <= due) });
    tx.event(NewEvent::new("finding.corrected", row.subject()).version(version + 1).body(body)).await?;
    tasks::end_of_origin(tx, ORIGIN, id.0, Outcome::CarriedOut).await?;
    let told = args(&[("grid", Arg::Name(row.grid_name.clone().unwrap_or_default()))]);
    for member in inspections::members(tx, row.inspection_id).await? {
        if let Some(account) = member.account_id {
            notices::send(tx, To::Account(account), "notice-finding-corrected", &told, &format!("/findings/{id}"))
                .await?;
        }
    }
    Ok(())
}

/// The group has looked again and found it in order.
///
/// # Errors
/// `not-found`; `finding-not-corrected`; `inspection-not-member`; `stale-version`.
pub async fn settle(tx: &Tx, id: FindingId, version: i64) -> Result<()> {
    let row = looked_again(tx, id).await?;
    tx.execute_one(
        "UPDATE finding SET state = 'settled', settled_at = $4, settled_by = $5, version = version + 1
         WHERE division_code = $1 AND finding_id = $2 AND version = $3 AND state = 'corrected'",
        vals![tx.division(), id, version, tx.now(), tx.reader().account],
    )
    .await?;
    tx.event(NewEvent::new("finding.settled", row.subject()).version(version + 1)).await?;
    Ok(())
}

/// The group has looked again and it is not in order: the grid has a task again, with the pack's deadline.
///
/// # Errors
/// `not-found`; `finding-not-corrected`; `inspection-not-member`; `workday-year`; `stale-version`.
pub async fn send_back(app: &App, tx: &Tx, id: FindingId, version: i64) -> Result<()> {
    let row = looked_again(tx, id).await?;
    let due_at = deadline::due_at(&app.pack, &app.calendar, DeadlineId::SupervisionCorrection, tx.now())?;
    tx.execute_one(
        "UPDATE finding SET state = 'open', sent_back = sent_back + 1, due_at = $4, version = version + 1
         WHERE division_code = $1 AND finding_id = $2 AND version = $3 AND state = 'corrected'",
        vals![tx.division(), id, version, due_at],
    )
    .await?;
    tx.event(NewEvent::new("finding.sent-back", row.subject()).version(version + 1)).await?;
    tasks::open_many(tx, vec![findings::task(id, row.grid_id, due_at)]).await?;
    let told = args(&[("day", Arg::Day(due_at.day()))]);
    let to = To::Role(Role::GridLeader, row.grid_id);
    notices::send(tx, to, "notice-finding-sent-back", &told, &format!("/findings/{id}")).await?;
    Ok(())
}

async fn in_state(tx: &Tx, id: FindingId, state: FindingState) -> Result<FindingRow> {
    let row = find(tx, tx.reader(), id).await?;
    if row.state() == state {
        return Ok(row);
    }
    let rule = if state == FindingState::Open { "finding-not-open" } else { "finding-not-corrected" };
    Err(AppError::rule(rule))
}

async fn looked_again(tx: &Tx, id: FindingId) -> Result<FindingRow> {
    let row = in_state(tx, id, FindingState::Corrected).await?;
    if inspections::is_member(tx, row.inspection_id, tx.reader().account).await? {
        return Ok(row);
    }
    Err(AppError::rule("inspection-not-member"))
}
