//! Deletion (保存期限): rows of a data check go when it is closed; what is left over, and what is about a record that was
//! erased meanwhile, goes with the day's work.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::At,
    ids::GridId,
    jobs::{Job, JobKind},
    reader::Reader,
    retention::{self, Due},
    store::Query,
    vals,
};
use linli_work::tasks;
use policy_pack::RetentionId;
use sea_orm::FromQueryResult;

use crate::{
    checks::{self, rows::ORIGIN},
    ids::{CheckId, RowId},
};

/// Name of the job.
pub const KIND: &str = "orders.expire";
/// Rows in one transaction.
const BATCH: usize = 500;

/// The job; asked for every day.
pub(crate) struct Expire;

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            expire(app).await?;
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let (q, before) = (app.store.reads(), before(app));
            let sql = format!("SELECT COUNT(*) {OVER}");
            let rows = q.number(&sql, vals![q.division(), before]).await?;
            Ok(vec![Due { key: "data-check-row", before, rows }])
        })
    }
}

/// Of a list that was closed before the instant, or about a record that is no longer there.
const OVER: &str = "FROM check_row r JOIN data_check k ON k.division_code = r.division_code AND k.check_id = r.check_id
 WHERE r.division_code = $1 AND (k.closed_at <= $2 OR (r.resident_id IS NOT NULL AND NOT EXISTS (
   SELECT 1 FROM resident p WHERE p.division_code = r.division_code AND p.resident_id = r.resident_id)))";

/// Rows go when their check is closed, after the months of the policy pack, which are none.
fn before(app: &App) -> At {
    match app.pack.retention(RetentionId::DataCheckRow).keep_months {
        0 => app.store.now(),
        _ => retention::before(app, RetentionId::DataCheckRow),
    }
}

#[derive(FromQueryResult)]
struct Row {
    row_id: RowId,
    check_id: CheckId,
    grid_id: Option<GridId>,
}

/// Deletes what is over its time; how many rows.
pub async fn expire(app: &App) -> Result<u64> {
    let before = before(app);
    let mut gone = 0;
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let sql = format!("SELECT r.row_id, r.check_id, r.grid_id {OVER} ORDER BY r.row_id LIMIT {BATCH}");
        let rows: Vec<Row> = tx.rows(&sql, vals![tx.division(), before]).await?;
        if rows.is_empty() {
            return Ok(gone);
        }
        for row in &rows {
            tasks::overtake(&tx, ORIGIN, row.row_id.0).await?;
            checks::drop_rows(&tx, "row_id", row.row_id.0).await?;
            checks::end_grid(&tx, row.check_id, row.grid_id).await?;
        }
        retention::note(&tx, "data-check-row", rows.len() as u64).await?;
        tx.commit().await?;
        gone += rows.len() as u64;
    }
}
