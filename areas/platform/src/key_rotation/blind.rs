//! Exchanging the blind-index key: both keys are accepted while a recorded run of the machine computes every index anew.

use sea_orm::{FromQueryResult, QueryResult, Statement};
use uuid::Uuid;

use super::{Indexed, SealedTable, subject};
use crate::{
    app::App,
    error::{AppError, Result},
    event::NewEvent,
    keys::NOTICE_S,
    reader::Reader,
    sealed::{Bind, KeyRow, Sealed},
    store::{Query, Store},
    vals,
};

/// How many rows one transaction computes anew.
const BATCH: u64 = 500;

/// Keyed digests that cannot be computed anew, because what they were made of is not stored: while some are alive that
/// were made under the former key, it is not destroyed.
#[derive(Debug, Clone, Copy)]
pub struct KeyedUse {
    /// What they are, as the message names them: the table's name with hyphens.
    pub what: &'static str,
    /// Counts those that were made before `$2` and are still in use at `$3`.
    pub sql: &'static str,
    /// Whether `$2` and `$3` are days (and `$2` is included) or instants.
    pub by_day: bool,
}

/// Begins another blind-index key. Every process reads by both at once and writes with the new one after some seconds,
/// which this waits for; then every index is computed anew. How many.
///
/// # Errors
/// `keys-exchange-open` while an exchange is under way.
pub async fn rotate_blind(app: &App) -> Result<u64> {
    let store = &app.store;
    if store.keys().blind_exchanged_s().is_some() {
        return Err(AppError::rule("keys-exchange-open"));
    }
    let from_s = store.keys().begin_blind(store.rng()).map_err(AppError::internal)?;
    let tx = store.begin(&Reader::system()).await?;
    tx.event(NewEvent::new("keys.blind-begun", subject(&tx)).body(serde_json::json!({ "from_s": from_s }))).await?;
    tx.commit().await?;
    while now_s(store) <= from_s {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    reindex(app).await
}

fn now_s(store: &Store) -> i64 {
    store.now().0.div_euclid(1_000_000)
}

/// Computes anew what is stored under the former key; how many. Nothing to do where no exchange is under way, or before
/// every process writes with the new key.
///
/// # Errors
/// Those of the store; a value that does not open.
pub async fn reindex(app: &App) -> Result<u64> {
    walk(app, true).await
}

/// How many rows are still stored under the former key. Opens every value, on record.
///
/// # Errors
/// As [`reindex`].
pub async fn indexes_left(app: &App) -> Result<u64> {
    walk(app, false).await
}

async fn walk(app: &App, write: bool) -> Result<u64> {
    match app.store.keys().blind_exchanged_s() {
        Some(from_s) if from_s < now_s(&app.store) => {}
        _ => return Ok(0),
    }
    let mut all = 0;
    for table in &app.sealed {
        for indexed in table.indexed {
            let mut after = Uuid::nil();
            while let Some((last, changed)) = batch(app, table, indexed, after, write).await? {
                after = last;
                all += changed;
            }
        }
    }
    Ok(all)
}

/// The next rows of a column after an id: the last id and how many differed; `None` after the last.
async fn batch(
    app: &App,
    table: &SealedTable,
    indexed: &Indexed,
    after: Uuid,
    write: bool,
) -> Result<Option<(Uuid, u64)>> {
    use sea_orm::ConnectionTrait as _;
    let SealedTable { table: name, id, row: key, bound, .. } = table;
    let Indexed { sealed, blind, kind } = indexed;
    let tx = app.store.begin(&Reader::system()).await?;
    let sql = format!(
        "SELECT t.{key} AS row_id, t.{sealed} AS sealed, t.{blind} AS blind, k.subject_id, k.epoch, k.wrapped
         FROM {name} t JOIN subject_key k ON k.division_code = t.division_code AND k.subject_id = t.{id}
         WHERE t.division_code = $1 AND t.{key} > $2 AND t.{sealed} IS NOT NULL ORDER BY t.{key} LIMIT {BATCH}"
    );
    let statement = Statement::from_sql_and_values(tx.store().backend(), sql, vals![tx.division(), after]);
    let rows: Vec<QueryResult> = tx.connection().query_all_raw(statement).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let run = tx.machine_run("keys-reindex").await?;
    let (mut last, mut changed) = (after, 0);
    for row in &rows {
        last = row.try_get("", "row_id")?;
        let key_row = KeyRow::from_query_result(row, "")?;
        let value: Sealed = row.try_get("", "sealed")?;
        let former: Option<Vec<u8>> = row.try_get("", "blind")?;
        let bind = Bind { table: bound, column: sealed, row: key_row.subject_id };
        let opened = run.open(&key_row, &[(bind, &value)])?;
        let text = opened.first().map(|t| t.for_engine()).unwrap_or_default();
        let index = tx.store().keys().blind_index(kind, text);
        if former.as_ref() == Some(&index) {
            continue;
        }
        changed += 1;
        if write {
            let sql = format!("UPDATE {name} SET {blind} = $3 WHERE division_code = $1 AND {key} = $2");
            tx.execute_one(&sql, vals![tx.division(), last, index]).await?;
        }
    }
    if changed > 0 && write {
        let body = serde_json::json!({ "table": name, "column": blind, "rows": changed });
        tx.event(NewEvent::new("keys.reindexed", subject(&tx)).body(body)).await?;
    }
    tx.commit().await?;
    Ok(Some((last, changed)))
}

/// Destroys the former blind-index key once nothing depends on it.
///
/// # Errors
/// `keys-no-exchange`; `keys-not-noticed` within the seconds in which other processes may still write with it;
/// `keys-indexes-left`; `keys-keyed-use` with what is still alive.
pub async fn end_blind(app: &App) -> Result<()> {
    let store = &app.store;
    let Some(from_s) = store.keys().blind_exchanged_s() else { return Err(AppError::rule("keys-no-exchange")) };
    // What was begun before the change may be committed some seconds after it.
    if now_s(store) < from_s + NOTICE_S {
        return Err(AppError::rule("keys-not-noticed").arg("seconds", NOTICE_S));
    }
    let left = indexes_left(app).await?;
    if left > 0 {
        return Err(AppError::rule("keys-indexes-left").arg("n", left));
    }
    let (since, now) = (crate::clock::At(from_s.saturating_mul(1_000_000)), store.now());
    for keyed in &app.keyed {
        let alive = alive(store, keyed, since, now).await?;
        if alive > 0 {
            return Err(AppError::rule("keys-keyed-use").arg("what", keyed.what).arg("n", alive));
        }
    }
    let tx = store.begin(&Reader::system()).await?;
    tx.event(NewEvent::new("keys.blind-ended", subject(&tx))).await?;
    store.keys().end_blind().map_err(AppError::internal)?;
    tx.commit().await
}

async fn alive(store: &Store, keyed: &KeyedUse, since: crate::clock::At, now: crate::clock::At) -> Result<i64> {
    let q = store.reads();
    let values =
        if keyed.by_day { vals![q.division(), since.day(), now.day()] } else { vals![q.division(), since, now] };
    q.number(keyed.sql, values).await
}
