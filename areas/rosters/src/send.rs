//! What an employer does: upload, say what the columns are, send, withdraw, or say that nothing changed (R14).

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    ids::JobId,
    import::{
        DropReason, Mapping, Problem,
        table::{self, Permitted},
    },
    jobs,
    reader::Reader,
    sheet::Sheet,
    store::{Query, Store, Tx},
    vals,
};
use linli_register::{
    EmployerId,
    employers::{self, EmployerRow},
};

use crate::{
    check,
    codes::{Kind, State},
    columns::COLUMNS,
    ids::RosterId,
    store::{self, Roster},
};

/// A roster about to be uploaded.
#[derive(Debug, Clone)]
pub struct NewRoster {
    /// Whose it is.
    pub employer: EmployerId,
    /// The full list or the changes of a day.
    pub kind: Kind,
    /// The day it tells of.
    pub as_of_day: Day,
    /// Name of the file.
    pub file_name: String,
}

/// How far back the day may lie that a roster tells of. Full lists are monthly (R14): what is older than that has a
/// newer list after it, and would be compared with a register that has long moved on.
pub const DAYS_BACK_MAX: i64 = 31;

/// The employer, if the reader may send for it.
///
/// # Errors
/// `not-found` outside the reader's employers and scope; `forbidden` without the right to send.
pub async fn employer(q: &impl Query, reader: &Reader, id: EmployerId) -> Result<EmployerRow> {
    let row = employers::find(q, reader, id).await?;
    if store::may_send(reader, id, row.grid_id) { Ok(row) } else { Err(AppError::forbidden()) }
}

/// Stages a table: its permitted columns alone, sealed. Nothing is compared yet.
///
/// # Errors
/// Those of [`employer`]; `roster-day-future` and `roster-day-past`; `roster-kind` for a kind that has no rows; `sheet-no-heading`.
pub async fn upload(store: &Store, reader: &Reader, new: NewRoster, sheet: Sheet) -> Result<RosterId> {
    // What the form has wrong is told before the writer is asked for.
    employer(&store.reads(), reader, new.employer).await?;
    refuse_day(store.now(), new.as_of_day)?;
    let permitted = permitted(&new, sheet)?;
    let tx = store.begin(reader).await?;
    let id = stage(&tx, &new, &permitted).await?;
    tx.commit().await?;
    Ok(id)
}

/// The permitted columns of a table.
pub(crate) fn permitted(new: &NewRoster, sheet: Sheet) -> Result<Permitted> {
    if new.kind == Kind::NoChange {
        return Err(AppError::rule("roster-kind"));
    }
    table::permit(COLUMNS, sheet)
}

/// Stages what was permitted, in a transaction.
pub(crate) async fn stage(tx: &Tx, new: &NewRoster, permitted: &Permitted) -> Result<RosterId> {
    let employer = employer(tx, tx.reader(), new.employer).await?;
    refuse_day(tx.now(), new.as_of_day)?;
    let id: RosterId = tx.new_id();
    insert(tx, id, new, permitted).await?;
    let key = tx.create_keys(&[id.0]).await?.pop().ok_or_else(|| AppError::internal("one key was asked for"))?;
    store::insert_chunks(tx, id, &key, &permitted.rows, &[]).await?;
    tx.event(
        NewEvent::new("roster.uploaded", SubjectRef::new("roster", id, employer.grid_id))
            .body(serde_json::json!({ "kind": new.kind.code(), "rows": permitted.rows.len() })),
    )
    .await?;
    // Whatever is past its time is cleared away once a day, asked for by whoever comes first.
    jobs::enqueue(tx, crate::expire::KIND, &tx.now().day().to_string(), serde_json::json!({})).await?;
    Ok(id)
}

fn refuse_day(now: At, day: Day) -> Result<()> {
    let today = now.day();
    if day > today {
        return Err(AppError::rule("roster-day-future"));
    }
    if day < today.plus_days(-DAYS_BACK_MAX) {
        return Err(AppError::rule("roster-day-past").arg("n", DAYS_BACK_MAX));
    }
    Ok(())
}

async fn insert(tx: &Tx, id: RosterId, new: &NewRoster, permitted: &Permitted) -> Result<()> {
    let file_name = linli_platform::free_text::file_name(&new.file_name);
    tx.execute(
        "INSERT INTO roster (division_code, roster_id, employer_id, kind, as_of_day, state, file_name, headers, mapping,
         dropped, row_count, bad_count, task_count, received_at, account_id, version)
         VALUES ($1, $2, $3, $4, $5, 'uploaded', $6, $7, $8, $9, $10, 0, 0, $11, $12, 1)",
        vals![
            tx.division(),
            id,
            new.employer,
            new.kind.code(),
            new.as_of_day,
            file_name,
            serde_json::to_string(&permitted.headers)?,
            serde_json::to_string(&permitted.mapping)?,
            serde_json::to_string(&permitted.dropped)?,
            count(permitted.rows.len()),
            tx.now(),
            tx.reader().account
        ],
    )
    .await?;
    Ok(())
}

/// Says what the columns are. What is not mapped is dropped for good, and each cell is checked.
///
/// # Errors
/// Those of [`Mapping::validate`]; `import-columns-changed` if it does not fit; `stale-version` past this step.
pub async fn map_columns(store: &Store, reader: &Reader, id: RosterId, mapping: Mapping) -> Result<()> {
    mapping.validate(COLUMNS)?;
    let tx = store.begin(reader).await?;
    map_in(&tx, id, mapping).await?;
    tx.commit().await
}

/// The same in a transaction.
pub(crate) async fn map_in(tx: &Tx, id: RosterId, mapping: Mapping) -> Result<()> {
    let roster = store::find_to_send(tx, tx.reader(), id).await?;
    let headers = roster.headers()?;
    if roster.state() != Some(State::Uploaded) {
        return Err(AppError::stale());
    }
    if mapping.0.len() != headers.len() {
        return Err(AppError::rule("import-columns-changed"));
    }
    let run = tx.machine_run("roster-check").await?;
    let rows = table::remap(COLUMNS, &mapping, store::open_chunks(tx, &run, id).await?);
    let (rows, problems) = tokio::task::spawn_blocking(move || {
        let problems: Vec<Problem> = check::check(&rows);
        (rows, problems)
    })
    .await
    .map_err(AppError::internal)?;
    let key = tx.key_of(id.0).await?;
    store::clear_chunks(tx, id).await?;
    store::insert_chunks(tx, id, &key, &rows, &problems).await?;
    let mut dropped: Vec<_> = roster.dropped()?.into_iter().filter(|d| d.reason == DropReason::Forbidden).collect();
    dropped.extend(table::unmapped(&headers, &mapping));
    tx.execute_one(
        "UPDATE roster SET state = 'checked', mapping = $3, dropped = $4, row_count = $5, bad_count = $6,
         version = version + 1 WHERE division_code = $1 AND roster_id = $2 AND state = 'uploaded'",
        vals![
            tx.division(),
            id,
            serde_json::to_string(&mapping)?,
            serde_json::to_string(&dropped)?,
            count(rows.len()),
            check::bad_rows(&problems)
        ],
    )
    .await
}

/// Sends a checked roster: the comparison is asked for. One whose comparison has failed can be sent again.
///
/// # Errors
/// `stale-version` past this step.
pub async fn send(store: &Store, reader: &Reader, id: RosterId) -> Result<JobId> {
    let tx = store.begin(reader).await?;
    let job = send_in(&tx, id).await?;
    tx.commit().await?;
    Ok(job)
}

/// The same in a transaction.
pub(crate) async fn send_in(tx: &Tx, id: RosterId) -> Result<JobId> {
    let roster = store::find_to_send(tx, tx.reader(), id).await?;
    if roster.state() != Some(State::Checked) && !store::stands_still(tx, &roster).await? {
        return Err(AppError::stale());
    }
    ask_for_comparison(tx, &roster).await
}

/// Asks for the comparison anew: the register has changed since, or the comparison has failed.
///
/// # Errors
/// `stale-version` unless it is compared and not yet confirmed, or its comparison has failed.
pub async fn compare_again(store: &Store, reader: &Reader, id: RosterId) -> Result<JobId> {
    let tx = store.begin(reader).await?;
    let roster = store::find(&tx, reader, id).await?;
    if !reader.may(Action::RosterReview) || !reader.scope.contains(roster.employer_grid) {
        return Err(AppError::forbidden());
    }
    if roster.state() != Some(State::Compared) && !store::stands_still(&tx, &roster).await? {
        return Err(AppError::stale());
    }
    let job = ask_for_comparison(&tx, &roster).await?;
    tx.commit().await?;
    Ok(job)
}

async fn ask_for_comparison(tx: &Tx, roster: &Roster) -> Result<JobId> {
    let id = roster.roster_id;
    let job = jobs::enqueue(tx, crate::compare::KIND, "", serde_json::json!({ "roster_id": id })).await?;
    tx.execute_one(
        "UPDATE roster SET state = 'sent', job_id = $3, version = version + 1
         WHERE division_code = $1 AND roster_id = $2 AND version = $4",
        vals![tx.division(), id, job, roster.version],
    )
    .await?;
    tx.event(NewEvent::new("roster.sent", roster.subject()).version(roster.version + 1)).await?;
    Ok(job)
}

/// Withdraws a roster that is still with its sender, or sends back one that is compared; its rows are gone. One whose
/// comparison has failed can go either way.
///
/// # Errors
/// `stale-version` once it is confirmed or being compared; `forbidden`.
pub async fn reject(store: &Store, reader: &Reader, id: RosterId) -> Result<()> {
    let tx = store.begin(reader).await?;
    let roster = store::find(&tx, reader, id).await?;
    let sends = store::may_send(reader, roster.employer_id, roster.employer_grid);
    let confirms = reader.may(Action::RosterConfirm) && reader.scope.contains(roster.employer_grid);
    let allowed = match roster.state() {
        Some(State::Uploaded | State::Checked) => sends,
        Some(State::Compared) => confirms,
        Some(State::Sent) if store::stands_still(&tx, &roster).await? => sends || confirms,
        _ => return Err(AppError::stale()),
    };
    if !allowed {
        return Err(AppError::forbidden());
    }
    drop_rows(&tx, &roster).await?;
    tx.commit().await
}

/// Rejects a roster and removes its rows, their key and what they entitled to.
pub(crate) async fn drop_rows(tx: &Tx, roster: &Roster) -> Result<()> {
    let id = roster.roster_id;
    tx.execute_one(
        "UPDATE roster SET state = 'rejected', closed_at = $4, closed_by = $5, version = version + 1
         WHERE division_code = $1 AND roster_id = $2 AND version = $3 AND state <> 'confirmed'",
        vals![tx.division(), id, roster.version, tx.now(), tx.reader().account],
    )
    .await?;
    store::clear_chunks(tx, id).await?;
    store::clear_results(tx, id).await?;
    store::clear_key(tx, id).await?;
    linli_platform::basis::close(tx, id.0).await?;
    tx.event(NewEvent::new("roster.rejected", roster.subject()).version(roster.version + 1)).await?;
    Ok(())
}

/// Says that nothing changed on a day (今日无变化). Saying it again changes nothing; `false` then.
///
/// # Errors
/// Those of [`employer`]; `roster-day-future` and `roster-day-past`.
pub async fn no_change(app: &App, reader: &Reader, id: EmployerId, day: Day) -> Result<bool> {
    let tx = app.store.begin(reader).await?;
    let said = no_change_in(&tx, id, day).await?;
    if said.is_some() {
        tx.commit().await?;
    }
    Ok(said.is_some())
}

/// The same in a transaction; `None` where it was said before.
pub(crate) async fn no_change_in(tx: &Tx, id: EmployerId, day: Day) -> Result<Option<RosterId>> {
    let employer = employer(tx, tx.reader(), id).await?;
    refuse_day(tx.now(), day)?;
    let roster: RosterId = tx.new_id();
    let added = tx
        .execute(
            "INSERT INTO roster (division_code, roster_id, employer_id, kind, as_of_day, state, file_name, headers,
             mapping, dropped, row_count, bad_count, task_count, received_at, account_id, closed_at, closed_by, version)
             VALUES ($1, $2, $3, 'no-change', $4, 'confirmed', '', '[]', '[]', '[]', 0, 0, 0, $5, $6, $7, $8, 1)
             ON CONFLICT DO NOTHING",
            vals![tx.division(), roster, id, day, tx.now(), tx.reader().account, tx.now(), tx.reader().account],
        )
        .await?;
    if added == 0 {
        return Ok(None);
    }
    tx.event(NewEvent::new("roster.no-change", SubjectRef::new("roster", roster, employer.grid_id))).await?;
    Ok(Some(roster))
}

pub(crate) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
