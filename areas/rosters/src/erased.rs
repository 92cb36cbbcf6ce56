//! What rosters hold about a resident goes with the resident's record: compared rows, and rows as sent.

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    erasures::{self, ErasedWith},
    import::table,
    keys::WrappedKey,
    sealed::{KeyRow, MachineRun, Sealed},
    store::{Query, Tx},
    vals,
};
use linli_register::ErasedNumbers;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{ids::RosterId, results, store};

/// Nothing of the person is left in a compared row; its place and class stay for the month's counts.
const EMPTY: &str = "row_sealed = NULL, resident_id = NULL, name_masked = '', doc_masked = '', phone_masked = ''";

pub(crate) struct WithResident;

impl ErasedWith for WithResident {
    fn kind(&self) -> &'static str {
        "resident"
    }
    fn erase_with<'a>(&'a self, tx: &'a Tx, subjects: &'a [Uuid]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (marks, values) = erasures::listed(tx, subjects);
            // An uncertain row may be somebody else's: it stays without the record that it was held against.
            let other = format!(
                "UPDATE roster_result SET resident_id = NULL
                 WHERE division_code = $1 AND class = 'uncertain' AND resident_id IN ({marks})"
            );
            tx.execute(&other, values.clone()).await?;
            let own = format!("UPDATE roster_result SET {EMPTY} WHERE division_code = $1 AND resident_id IN ({marks})");
            tx.execute(&own, values).await?;
            let waiting = "SELECT (SELECT COUNT(*) FROM roster_chunk WHERE division_code = $1)
                           + (SELECT COUNT(*) FROM roster_result WHERE division_code = $1 AND row_sealed IS NOT NULL)";
            if tx.number(waiting, vals![tx.division()]).await? == 0 {
                return Ok(());
            }
            let run = tx.machine_run("erasure").await?;
            let numbers = ErasedNumbers::of(tx, &run, subjects).await?;
            for roster in rosters(tx).await? {
                compared_rows(tx, &run, &numbers, &roster).await?;
                store::change_chunks(tx, &run, roster.id(), |rows| {
                    table::blank(rows, &|row: &table::StagedRow| numbers.are_in(row))
                })
                .await?;
            }
            Ok(())
        })
    }
}

/// A roster that holds rows, with its key.
#[derive(FromQueryResult)]
struct Roster {
    roster_id: RosterId,
    epoch: String,
    wrapped: WrappedKey,
}

impl Roster {
    fn id(&self) -> RosterId {
        self.roster_id
    }
}

async fn rosters(tx: &Tx) -> Result<Vec<Roster>> {
    let sql = "SELECT r.roster_id, k.epoch, k.wrapped FROM roster r
               JOIN subject_key k ON k.division_code = r.division_code AND k.subject_id = r.roster_id
               WHERE r.division_code = $1";
    tx.rows(sql, vals![tx.division()]).await
}

/// Compared rows that name the person without being tied to the record: the roster came before the registration.
async fn compared_rows(tx: &Tx, run: &MachineRun, numbers: &ErasedNumbers, roster: &Roster) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        row_no: i64,
        row_sealed: Sealed,
    }
    let sql = "SELECT row_no, row_sealed FROM roster_result
               WHERE division_code = $1 AND roster_id = $2 AND row_sealed IS NOT NULL";
    let rows: Vec<Row> = tx.rows(sql, vals![tx.division(), roster.roster_id]).await?;
    let key = KeyRow { subject_id: roster.roster_id.0, epoch: roster.epoch.clone(), wrapped: roster.wrapped.clone() };
    let places: Vec<_> =
        rows.iter().map(|row| (results::row_bind(roster.roster_id, row.row_no), &row.row_sealed)).collect();
    let opened = run.open(&key, &places)?;
    for (row, text) in rows.iter().zip(&opened) {
        if numbers.are_in_json(text.for_engine()) {
            let sql =
                format!("UPDATE roster_result SET {EMPTY} WHERE division_code = $1 AND roster_id = $2 AND row_no = $3");
            tx.execute(&sql, vals![tx.division(), roster.roster_id, row.row_no]).await?;
        }
    }
    if opened.len() == rows.len() { Ok(()) } else { Err(AppError::internal("each row was opened")) }
}
