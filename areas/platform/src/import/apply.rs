//! Confirming, writing and giving up: one transaction, all or nothing, once.

use std::collections::BTreeSet;

use super::{
    Case, State, Summary,
    case::{self, Confirmed},
    check::count,
    kind_of, stage,
};
use crate::{
    access::Action,
    app::App,
    clock::At,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::ImportId,
    jobs,
    reader::Reader,
    store::{Query as _, Store, Tx},
    vals,
};

/// Whether the reader may import at all; pages are guarded by their routes, jobs and the command line by this.
pub(super) fn may_import(reader: &Reader) -> Result<()> {
    if reader.is_system() || reader.may(Action::Import) { Ok(()) } else { Err(AppError::forbidden()) }
}

/// Confirms what was checked, and asks for it to be written. `rows` is the number that the person saw beside the
/// button; leaving out rows with fatal messages is a choice of its own.
///
/// # Errors
/// `import-bad-rows` if there are such rows and they are not left out; `import-blocked` if a message concerns the
/// file as a whole; `import-nothing-left`; `stale-version` if it was checked again or confirmed in the meantime.
pub async fn confirm(store: &Store, reader: &Reader, id: ImportId, leave_out_bad: bool, rows: i64) -> Result<()> {
    may_import(reader)?;
    let tx = store.begin(reader).await?;
    let case = case::find(&tx, reader, id).await?;
    if case.state != State::Checked {
        return Err(AppError::stale());
    }
    if case.summary.blocked {
        return Err(AppError::rule("import-blocked"));
    }
    if case.bad_count > 0 && !leave_out_bad {
        return Err(AppError::rule("import-bad-rows").arg("n", case.bad_count));
    }
    if case.good_count() == 0 {
        return Err(AppError::rule("import-nothing-left"));
    }
    if case.good_count() != rows {
        return Err(AppError::stale());
    }
    let job = jobs::enqueue(&tx, "import.apply", "", serde_json::json!({ "import_id": id })).await?;
    let confirmed = serde_json::to_string(&Confirmed { leave_out_bad, rows })?;
    tx.execute_one(
        "UPDATE import_case SET state = 'applying', params = $3, job_id = $4
         WHERE division_code = $1 AND import_id = $2 AND state = 'checked'",
        vals![tx.division(), id, confirmed, job],
    )
    .await?;
    tx.commit().await
}

/// Writes a confirmed import. The state changes in the same transaction as the data, so a second run, after a crash
/// or beside the first, does nothing. The number of records made or changed, or `None` if it was not its turn.
///
/// # Errors
/// Those of the kind; nothing is written then.
pub async fn apply(app: &App, reader: &Reader, id: ImportId) -> Result<Option<u64>> {
    may_import(reader)?;
    let tx = app.store.begin(reader).await?;
    let begun = tx
        .execute(
            "UPDATE import_case SET state = 'applied', ended_at = $3
             WHERE division_code = $1 AND import_id = $2 AND state = 'applying'",
            vals![tx.division(), id, tx.now()],
        )
        .await?;
    let case = case::find(&tx, reader, id).await?;
    let kind = kind_of(app, &case.kind)?;
    if begun == 0 {
        // Memory may not have been refreshed if the process ended right after the commit.
        drop(tx);
        if case.state == State::Applied {
            kind.applied(app).await?;
        }
        return Ok(None);
    }
    let staged = stage::load(&tx, kind, &case).await?;
    let bad: BTreeSet<u64> = case::chunk_problems(&tx, id).await?.into_iter().flat_map(|c| c.bad).collect();
    let rows: Vec<_> = stage::plain(staged).into_iter().filter(|r| !bad.contains(&r.row)).collect();
    if count(rows.len()) != case.confirmed.rows || (!bad.is_empty() && !case.confirmed.leave_out_bad) {
        return Err(AppError::stale());
    }
    // No job is handed on: its progress is a write of its own, which on SQLite would wait for this very transaction.
    let records = kind.apply(app, &tx, &rows, None).await?;
    let rows_applied = count(rows.len());
    finish(&tx, &case, rows_applied, records).await?;
    stage::clear(&tx, id).await?;
    tx.commit().await?;
    kind.applied(app).await?;
    Ok(Some(records))
}

/// Writes the summary and the event of an import that was written.
pub(super) async fn finish(tx: &Tx, case: &Case, rows: i64, records: u64) -> Result<()> {
    let records = i64::try_from(records).unwrap_or(i64::MAX);
    let summary = Summary { applied_rows: rows, records, ..case.summary.clone() };
    tx.execute_one(
        "UPDATE import_case SET summary = $3 WHERE division_code = $1 AND import_id = $2",
        vals![tx.division(), case.id, serde_json::to_string(&summary)?],
    )
    .await?;
    let forbidden = case.dropped.iter().filter(|d| d.reason == super::DropReason::Forbidden).count();
    tx.event(NewEvent::new("import.applied", SubjectRef::new("import", case.id, None)).body(serde_json::json!({
        "kind": case.kind,
        "rows": rows,
        "records": records,
        "left_out": case.row_count - rows,
        "forbidden_columns": forbidden,
    })))
    .await?;
    Ok(())
}

/// Goes on with an import whose job was interrupted or gave up, from where it stood: the check or the writing.
///
/// # Errors
/// `stale-version` unless it stands still; those of [`jobs::restart`].
pub async fn resume(store: &Store, reader: &Reader, id: ImportId) -> Result<()> {
    may_import(reader)?;
    let tx = store.begin(reader).await?;
    let case = case::find(&tx, reader, id).await?;
    match case.job {
        Some(job) if case::has_stopped(&tx, &case).await? => jobs::restart(&tx, job).await?,
        _ => return Err(AppError::stale()),
    }
    tx.commit().await
}

/// Gives an import up and removes what was staged.
///
/// # Errors
/// `stale-version` if it is being written, was written or given up already.
pub async fn cancel(store: &Store, reader: &Reader, id: ImportId) -> Result<()> {
    let tx = store.begin(reader).await?;
    let case = case::find(&tx, reader, id).await?;
    if !case.state.can_cancel() && !case::has_stopped(&tx, &case).await? {
        return Err(AppError::stale());
    }
    tx.execute_one(
        "UPDATE import_case SET state = 'cancelled', ended_at = $3
         WHERE division_code = $1 AND import_id = $2 AND state = $4",
        vals![tx.division(), id, tx.now(), case.state.code()],
    )
    .await?;
    stage::clear(&tx, id).await?;
    tx.event(NewEvent::new("import.cancelled", SubjectRef::new("import", id, None))).await?;
    tx.commit().await
}

/// Writes down why a check or a write ended. An import that was written in spite of an error in answering stays so.
pub(super) async fn fail(store: &Store, reader: &Reader, id: ImportId, error: &AppError) -> Result<()> {
    let tx = store.begin(&Reader::system()).await?;
    let case = case::find(&tx, reader, id).await?;
    let summary = Summary {
        error: Some(error.code.to_owned()),
        error_args: error.args.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
        ..case.summary
    };
    tx.housekeeping("why a job on staged rows ended");
    tx.execute(
        "UPDATE import_case SET state = 'failed', summary = $3
         WHERE division_code = $1 AND import_id = $2 AND state IN ('mapped', 'checking', 'applying')",
        vals![tx.division(), id, serde_json::to_string(&summary)?],
    )
    .await?;
    tx.commit().await
}

/// How many imports nobody finished, and the instant before which they were begun.
pub(super) async fn unfinished(store: &Store) -> Result<(At, i64)> {
    let before = store.now().plus_hours(-24 * STAGED_DAYS);
    let rows = store
        .reads()
        .number(
            "SELECT COUNT(*) FROM import_case WHERE division_code = $1 AND made_at < $2
             AND state NOT IN ('applied', 'cancelled')",
            vals![store.division(), before],
        )
        .await?;
    Ok((before, rows))
}

/// Gives up imports that nobody finished for [`STAGED_DAYS`]; how many.
pub(super) async fn expire(store: &Store) -> Result<u64> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        import_id: ImportId,
    }
    let before = store.now().plus_hours(-24 * STAGED_DAYS);
    let left: Vec<Row> = store
        .reads()
        .rows(
            "SELECT import_id FROM import_case WHERE division_code = $1 AND made_at < $2
             AND state NOT IN ('applied', 'cancelled')",
            vals![store.division(), before],
        )
        .await?;
    let mut given_up = 0;
    for row in left {
        match cancel(store, &Reader::system(), row.import_id).await {
            Ok(()) => given_up += 1,
            Err(e) if e.is("stale-version") => {}
            Err(e) => return Err(e),
        }
    }
    Ok(given_up)
}

/// How long staged rows may lie.
const STAGED_DAYS: i64 = 7;
