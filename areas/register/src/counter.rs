//! The counter (窗口办理): the person, or somebody appointed, stands there, and a member of staff opens the record.
//!
//! Only the roles of the counter open a case, and they alone open a record by it. A case is the basis for the purpose `counter-service`: on this one record, for this one account, for half an hour.

use linli_platform::{
    AppError, Result,
    access::Action,
    basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    reader::{Purpose, Reader},
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    ids::{CounterCaseId, ResidentId},
    residents,
};

/// So long a case lasts unless it is closed before.
pub const CASE_S: i64 = 30 * 60;

/// Whether the reader serves at a counter: of the population office, the station, or the coordinators (R9, R12). The
/// others open a record by their work on it.
pub fn serves(reader: &Reader) -> bool {
    !reader.is_system() && reader.may(Action::RegisterUnmask) && reader.may(Action::CounterServe)
}

/// Opens a case at the counter, or gives the one that is open for this account and record.
///
/// # Errors
/// `forbidden` for a role that serves no counter, `not-found` outside the scope.
pub async fn open(tx: &Tx, resident: ResidentId) -> Result<CounterCaseId> {
    let reader = tx.reader();
    if !serves(reader) {
        return Err(AppError::forbidden());
    }
    let row = residents::find(tx, reader, resident).await?;
    if let Some(case) = running(tx, resident).await? {
        return Ok(case);
    }
    let case: CounterCaseId = tx.new_id();
    let until = tx.now().plus_s(CASE_S);
    tx.insert_many(
        "counter_case",
        &["division_code", "case_id", "resident_id", "account_id", "state", "opened_at", "until_at", "closed_at"],
        vec![vals![tx.division(), case, resident, reader.account, "open", tx.now(), until, None::<At>]],
    )
    .await?;
    let subject = SubjectRef::new("resident", resident, row.grid_id);
    basis::open(tx, subject, Purpose::CounterService, case.0, Some(reader.account), Some(until)).await?;
    let event = NewEvent::new("resident.counter-opened", subject).version(row.version);
    tx.event(event.body(serde_json::json!({ "case": case }))).await?;
    Ok(case)
}

async fn running(tx: &Tx, resident: ResidentId) -> Result<Option<CounterCaseId>> {
    #[derive(FromQueryResult)]
    struct Row {
        case_id: CounterCaseId,
    }
    let row: Option<Row> = tx
        .row(
            "SELECT case_id FROM counter_case WHERE division_code = $1 AND resident_id = $2 AND account_id = $3
             AND state = 'open' AND until_at > $4",
            vals![tx.division(), resident, tx.reader().account, tx.now()],
        )
        .await?;
    Ok(row.map(|r| r.case_id))
}

/// Closes the account's open cases on a record; nothing can be opened by them any more.
pub async fn close(tx: &Tx, resident: ResidentId) -> Result<()> {
    let row = residents::find(tx, tx.reader(), resident).await?;
    let Some(case) = running(tx, resident).await? else { return Ok(()) };
    tx.execute_one(
        "UPDATE counter_case SET state = 'closed', closed_at = $3 WHERE division_code = $1 AND case_id = $2",
        vals![tx.division(), case, tx.now()],
    )
    .await?;
    basis::close(tx, case.0).await?;
    let event = NewEvent::new("resident.counter-closed", SubjectRef::new("resident", resident, row.grid_id));
    tx.event(event.version(row.version).body(serde_json::json!({ "case": case }))).await?;
    Ok(())
}
