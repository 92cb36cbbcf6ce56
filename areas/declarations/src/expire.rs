//! Deletion when the time is over: answered cases with their keys after the months of the policy pack, codes and visits
//! after a day, receipts when they can no longer be checked.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::At,
    erasures::{self, ErasedWith},
    jobs::{Job, JobKind},
    reader::Reader,
    retention::{self, Due, Part},
    store::{Query, Tx},
    vals,
};
use policy_pack::RetentionId;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{erased, expire_more, ids::DeclarationId};

/// The daily job. Fluent text: `job-declarations-expire`.
pub(crate) struct Expire;

/// How many cases one transaction deletes.
const BATCH: usize = 500;
/// Askings and visits are kept for a day, so that the day's limits can be counted.
const ENTRANCE_HOURS: i64 = 24;
const ENTRANCE: &str = "subject_kind = 'own-entrance' AND entered_at < $2";
/// Answered before the instant; or of a record that was erased, with which everything goes at once. A newcomer's case has
/// no record before it is accepted.
const OVER: &str = "((declaration.state <> 'open' AND declaration.decided_at < $2) OR (NOT EXISTS (
 SELECT 1 FROM resident r WHERE r.division_code = declaration.division_code AND r.resident_id = declaration.resident_id)
 AND (NOT EXISTS (SELECT 1 FROM declaration_place p WHERE p.division_code = declaration.division_code
  AND p.declaration_id = declaration.declaration_id)
 OR (declaration.state = 'accepted' AND declaration.kind IN ('newcomer', 'tenant-in')))))";
const PAPERS: &str = "(own_receipt.until_day < $2 OR NOT EXISTS (
 SELECT 1 FROM resident r WHERE r.division_code = own_receipt.division_code AND r.resident_id = own_receipt.resident_id))";
const RECEIPTS: &str = "subject_kind = 'own-receipt' AND entered_at < $2";

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "declarations.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            expire(app).await?;
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(due(app))
    }
}

async fn due(app: &App) -> Result<Vec<Due>> {
    let q = app.store.reads();
    let (closed, entrance) = (retention::before(app, RetentionId::Declaration), entrance_before(app));
    let count = async |table: &str, condition: &str, before: sea_orm::Value| {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND {condition}");
        q.number(&sql, vals![q.division(), before]).await
    };
    let declarations = count("declaration", OVER, closed.into()).await?;
    let attempts = count("own_attempt", "made_at < $2", entrance.into()).await?;
    let visits = count("own_session", "until_at < $2", entrance.into()).await?;
    let today = app.store.now().day();
    let receipts = count("own_receipt", PAPERS, today.into()).await?;
    let (others, more) = expire_more::due(app, entrance).await?;
    let mut all = vec![
        Due { key: "declaration", before: closed, rows: declarations },
        Due { key: "own-entrance", before: entrance, rows: attempts + visits + others },
        Due { key: "own-receipt", before: today.start(), rows: receipts },
    ];
    all.push(crate::api::expire::due(app).await?);
    all.extend(more);
    Ok(all)
}

fn entrance_before(app: &App) -> At {
    app.store.now().plus_hours(-ENTRANCE_HOURS)
}

/// Deletes what is over its time; how many rows.
pub async fn expire(app: &App) -> Result<u64> {
    let entrance = entrance_before(app);
    let mut gone = declarations(app).await?;
    for sql in [
        "DELETE FROM own_attempt WHERE division_code = $1 AND made_at < $2",
        "DELETE FROM own_session WHERE division_code = $1 AND until_at < $2",
    ] {
        gone += retention::in_parts(app, "own-entrance", Part::Rows(sql, entrance.into())).await?;
    }
    gone += crate::api::expire::expire(app).await?;
    gone += papers(app).await?;
    gone += expire_more::expire(app, entrance).await?;
    let security = retention::before(app, RetentionId::SecurityLog);
    gone += retention::in_parts(app, "own-entrance", Part::Events(ENTRANCE, security.into())).await?;
    gone += retention::in_parts(app, "own-receipt", Part::Events(RECEIPTS, security.into())).await?;
    Ok(gone)
}

async fn papers(app: &App) -> Result<u64> {
    let tx = app.store.begin(&Reader::system()).await?;
    let sql = format!("DELETE FROM own_receipt WHERE division_code = $1 AND {PAPERS}");
    let gone = tx.execute(&sql, vals![tx.division(), tx.now().day()]).await?;
    if gone > 0 {
        retention::note(&tx, "own-receipt", gone).await?;
        tx.commit().await?;
    }
    Ok(gone)
}

#[derive(FromQueryResult)]
struct Row {
    declaration_id: DeclarationId,
}

/// Deletes one case. With the key every copy of what was typed becomes unreadable.
pub(crate) async fn delete(tx: &Tx, id: DeclarationId) -> Result<()> {
    for (table, column) in [
        ("declaration", "declaration_id"),
        ("declaration_place", "declaration_id"),
        ("subject_key", "subject_id"),
        ("basis", "subject_id"),
    ] {
        let sql = format!("DELETE FROM {table} WHERE division_code = $1 AND {column} = $2");
        tx.execute(&sql, vals![tx.division(), id]).await?;
    }
    while tx.erase_events("subject_id = $2", vals![tx.division(), id]).await? > 0 {}
    Ok(())
}

/// What an erased resident asked for, was given and entered with goes in the transaction that erases the record.
pub(crate) struct WithResident;

impl ErasedWith for WithResident {
    fn kind(&self) -> &'static str {
        "resident"
    }
    fn erase_with<'a>(&'a self, tx: &'a Tx, subjects: &'a [Uuid]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (marks, values) = erasures::listed(tx, subjects);
            let sql =
                format!("SELECT declaration_id FROM declaration WHERE division_code = $1 AND resident_id IN ({marks})");
            for row in tx.rows::<Row>(&sql, values.clone()).await? {
                delete(tx, row.declaration_id).await?;
            }
            let appointed = format!("FROM representative WHERE division_code = $1 AND resident_id IN ({marks})");
            let keys = format!(
                "DELETE FROM subject_key WHERE division_code = $1 AND subject_id IN (SELECT representative_id {appointed})"
            );
            tx.execute(&keys, values.clone()).await?;
            for table in ["own_receipt", "own_session", "own_attempt", "representative"] {
                let sql = format!("DELETE FROM {table} WHERE division_code = $1 AND resident_id IN ({marks})");
                tx.execute(&sql, values.clone()).await?;
            }
            erased::with(tx, subjects).await
        })
    }
}

async fn declarations(app: &App) -> Result<u64> {
    let before = retention::before(app, RetentionId::Declaration);
    let mut count = 0;
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let sql = format!(
            "SELECT declaration_id FROM declaration WHERE division_code = $1 AND {OVER}
             ORDER BY declaration_id LIMIT {BATCH}"
        );
        let rows: Vec<Row> = tx.rows(&sql, vals![tx.division(), before]).await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in &rows {
            delete(&tx, row.declaration_id).await?;
        }
        retention::note(&tx, "declaration", rows.len() as u64).await?;
        tx.commit().await?;
        count += rows.len() as u64;
    }
}
