//! Exchanging subjects' own keys.

use sea_orm::{FromQueryResult, QueryResult, Statement};
use uuid::Uuid;

use super::{SealedTable, replace, subject};
use crate::{
    app::App,
    error::{AppError, Result},
    event::NewEvent,
    reader::Reader,
    sealed::{Bind, KeyRow, Sealed, SubjectKey},
    store::{Query, Tx},
    vals,
};

#[derive(FromQueryResult)]
struct SubjectId {
    subject_id: Uuid,
}

/// Gives a subject a new data key and seals all its values again, in one transaction. Whether it has any: what has
/// none in the areas' lists (a roster's rows, an import under way) is short-lived and keeps its key.
///
/// # Errors
/// Those of the store; a value that does not open.
pub async fn rotate_subject(app: &App, tx: &Tx, id: Uuid) -> Result<bool> {
    let sql = "SELECT subject_id, epoch, wrapped FROM subject_key WHERE division_code = $1 AND subject_id = $2";
    let row: KeyRow = tx.row(sql, vals![tx.division(), id]).await?.ok_or_else(AppError::not_found)?;
    let keys = tx.store().keys().clone();
    let former = SubjectKey::new(&keys.unwrap(&row.epoch, id, &row.wrapped)?, tx.store().rng());
    let secret = keys.new_subject_key(tx.store().rng());
    let new = SubjectKey::new(&secret, tx.store().rng());
    let mut found = false;
    for table in &app.sealed {
        found |= reseal(tx, table, id, &former, &new).await?;
    }
    if !found {
        return Ok(false);
    }
    let (epoch, wrapped) = keys.wrap(tx.store().rng(), id, &secret);
    replace(tx, id, epoch, wrapped).await?;
    Ok(true)
}

async fn reseal(tx: &Tx, table: &SealedTable, id: Uuid, former: &SubjectKey, new: &SubjectKey) -> Result<bool> {
    use sea_orm::ConnectionTrait as _;
    let SealedTable { table: name, id: subject, row: key, .. } = table;
    let columns = table.columns.join(", ");
    let sql = format!("SELECT {key} AS row_id, {columns} FROM {name} WHERE division_code = $1 AND {subject} = $2");
    let statement = Statement::from_sql_and_values(tx.store().backend(), sql, vals![tx.division(), id]);
    let rows: Vec<QueryResult> = tx.connection().query_all_raw(statement).await?;
    for row in &rows {
        let row_id: Uuid = row.try_get("", "row_id")?;
        for column in table.columns {
            let Some(sealed) = row.try_get::<Option<Sealed>>("", column)? else { continue };
            let bind = Bind { table: table.bound, column, row: id };
            let again = new.seal(bind, &zeroize::Zeroizing::new(former.open(bind, &sealed)?));
            let sql = format!("UPDATE {name} SET {column} = $3 WHERE division_code = $1 AND {key} = $2");
            tx.execute_one(&sql, vals![tx.division(), row_id, again]).await?;
        }
    }
    Ok(!rows.is_empty())
}

/// Gives every subject of the areas' lists a new data key; how many.
///
/// # Errors
/// Those of [`rotate_subject`]; what was done before stays done.
pub async fn rotate_subjects(app: &App) -> Result<u64> {
    let (mut all, mut after) = (0, Uuid::nil());
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let sql = "SELECT subject_id FROM subject_key WHERE division_code = $1 AND subject_id > $2
                   ORDER BY subject_id LIMIT 200";
        let rows: Vec<SubjectId> = tx.rows(sql, vals![tx.division(), after]).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = last.subject_id;
        let mut done = 0;
        for row in &rows {
            done += u64::from(rotate_subject(app, &tx, row.subject_id).await?);
        }
        let body = serde_json::json!({ "rows": done });
        tx.event(NewEvent::new("keys.subjects-rotated", subject(&tx)).body(body)).await?;
        tx.commit().await?;
        all += done;
    }
}
