//! What a resident's own page needs of the register (R12): the record of a document for the machine that compares what
//! was typed, and since when the main residence lasts.

use linli_platform::{Result, clock::Day, sealed::MachineRun, store::Query, vals};
use sea_orm::FromQueryResult;

use super::machine::{Row, SELECTED, opened};
use crate::{
    ids::{HomeId, ResidentId},
    residents::MachineResident,
};

/// The record with this document number, for a recorded comparison: the current one, else the one that was cancelled
/// last, because somebody who has left may still ask what is kept (PIPL 45).
pub async fn machine_by_document(q: &impl Query, run: &MachineRun, doc_no: &str) -> Result<Option<MachineResident>> {
    let mut values = vals![q.division()];
    let marks = crate::sql::marks(&mut values, q.store().keys().blind_forms("doc", doc_no));
    let sql = format!(
        "{SELECTED} WHERE r.division_code = $1 AND r.doc_blind IN ({marks})
         ORDER BY CASE WHEN r.state = 'current' THEN 0 ELSE 1 END, r.changed_at DESC LIMIT 1"
    );
    let row: Option<Row> = q.row(&sql, values).await?;
    row.map(|row| opened(run, row)).transpose()
}

/// The members of a home, for a recorded comparison with the name that a landlord gave.
pub async fn machine_of_home(q: &impl Query, run: &MachineRun, home: HomeId) -> Result<Vec<MachineResident>> {
    let sql = format!(
        "{SELECTED} WHERE r.division_code = $1 AND r.home_id = $2 AND r.state = 'current' ORDER BY r.resident_id"
    );
    let rows: Vec<Row> = q.rows(&sql, vals![q.division(), home]).await?;
    rows.into_iter().map(|row| opened(run, row)).collect()
}

/// The day since which the current main residence lasts.
pub async fn lives_since(q: &impl Query, id: ResidentId) -> Result<Option<Day>> {
    #[derive(FromQueryResult)]
    struct Since {
        from_day: Day,
    }
    let row: Option<Since> = q
        .row(
            "SELECT from_day FROM residence
             WHERE division_code = $1 AND resident_id = $2 AND is_main = TRUE AND until_day IS NULL",
            vals![q.division(), id],
        )
        .await?;
    Ok(row.map(|r| r.from_day))
}
