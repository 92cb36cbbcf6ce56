//! Taking a file: each person in it is read, on record.

use linli_platform::{
    Result, basis,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Purpose,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{make::find, reference};
use crate::{
    ids::{DailyFileId, ResidentId},
    residents::{self, OpenResident},
};

/// How long the basis of a taking lasts at most.
const TAKING_S: i64 = 600;

/// One person as the file tells it: for the file alone.
#[derive(Debug, Clone)]
pub struct Line {
    /// The row's name in file and receipt.
    pub reference: String,
    /// [`ReportKind`](crate::codes::ReportKind).
    pub kind: String,
    /// The person, opened.
    pub person: OpenResident,
}

#[derive(FromQueryResult)]
struct Row {
    row_no: i64,
    resident_id: ResidentId,
    grid_id: Option<GridId>,
    kind: String,
}

/// Opens everybody in a file for the reader of the transaction, with an access record for each, in the same transaction.
///
/// # Errors
/// `forbidden` for roles that open no records, `not-found`.
pub async fn take(tx: &Tx, id: DailyFileId) -> Result<Vec<Line>> {
    let file = find(tx, id).await?;
    let rows: Vec<Row> = tx
        .rows(
            "SELECT d.row_no, d.resident_id, r.grid_id, d.kind FROM daily_row d
             JOIN resident r ON r.division_code = d.division_code AND r.resident_id = d.resident_id
             WHERE d.division_code = $1 AND d.file_id = $2 ORDER BY d.row_no",
            vals![tx.division(), id],
        )
        .await?;
    let (account, until) = (tx.reader().account, tx.now().plus_s(TAKING_S));
    let bases = rows
        .iter()
        .map(|row| {
            let subject = SubjectRef::new("resident", row.resident_id, row.grid_id);
            (tx.new_id(), subject, Purpose::OfficialRegister, id.0, Some(account), Some(until))
        })
        .collect();
    basis::open_many(tx, bases).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let person = residents::open(tx, row.resident_id, Purpose::OfficialRegister).await?;
        lines.push(Line { reference: reference(file.day, row.row_no), kind: row.kind, person });
    }
    basis::close(tx, id.0).await?;
    let body = serde_json::json!({ "day": file.day, "rows": lines.len() });
    tx.event(NewEvent::new("daily-file.taken", SubjectRef::new("daily-file", id, None)).body(body)).await?;
    Ok(lines)
}
