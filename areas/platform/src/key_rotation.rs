//! Exchanging keys while the server runs (密钥轮换), level by level.
//!
//! *Root*: every key file is wrapped anew; a copy of each former form stays until all are done, so that an exchange that
//! is broken off at any moment opens under the old root or the new. *Division*: another epoch begins, and subject keys
//! are wrapped in it, batch by batch; running servers read the new epoch when they meet it. *Subject*: a person's data
//! key is made anew and every value sealed under it is sealed again, in one transaction. *Epochs* that wrap nothing any
//! more are destroyed, which completes the erasures of their time.

use std::{fs, path::Path};

use futures::future::BoxFuture;
use sea_orm::{FromQueryResult, QueryResult, Statement};
use uuid::Uuid;

use crate::{
    app::App,
    clock::Rng,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    jobs::{Job, JobKind},
    keys::{GivenRoot, KeyError, Secret, WrappedKey, old_of, open_file, read_private, root_of, seal, write_private},
    reader::Reader,
    sealed::{Bind, KeyRow, Sealed, SubjectKey},
    store::{Query, Store, Tx},
    vals,
};

/// How many subject keys one transaction wraps anew.
const BATCH: u64 = 1_000;

/// Columns sealed under a subject's own key.
#[derive(Debug, Clone, Copy)]
pub struct SealedTable {
    /// The table.
    pub table: &'static str,
    /// The column that names the subject.
    pub id: &'static str,
    /// The column that names the row; the subject's own where there is one row of each.
    pub row: &'static str,
    /// The table that the values are bound to: the own one, or the one that they are copies of.
    pub bound: &'static str,
    /// The sealed columns.
    pub columns: &'static [&'static str],
}

impl SealedTable {
    /// A table with one row of each subject, named by the subject's id.
    pub const fn new(table: &'static str, id: &'static str, columns: &'static [&'static str]) -> Self {
        SealedTable { table, id, row: id, bound: table, columns }
    }
    /// A table that keeps copies of another's sealed values, several of a subject.
    pub const fn copies(
        (table, row): (&'static str, &'static str),
        of: &'static str,
        id: &'static str,
        columns: &'static [&'static str],
    ) -> Self {
        SealedTable { table, id, row, bound: of, columns }
    }
}

/// The name that a key file is bound to.
fn bound_name(file: &str) -> Option<&str> {
    let name = file.strip_suffix(".key")?;
    match name {
        "root" => None,
        "blind" | "log" => Some(name),
        other => other.strip_prefix("division-"),
    }
}

/// Exchanges the root key: for a new one that is given, or for a random one in the folder's `root.key`. How many key
/// files were wrapped anew. A running server goes on with what it has opened.
///
/// # Errors
/// [`KeyError`]; after a broken-off exchange it is begun again.
pub fn rotate_root(
    folder: &Path,
    given: Option<&GivenRoot>,
    new: Option<&GivenRoot>,
    rng: &Rng,
) -> Result<usize, KeyError> {
    let old = root_of(folder, given)?;
    let next = match new {
        Some(new) => new.secret()?,
        None => Secret::random(rng),
    };
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| KeyError::Io(folder.into(), e))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if bound_name(&name).is_some() {
            names.push(name);
        }
    }
    names.sort();
    for name in &names {
        let path = folder.join(name);
        let bound = bound_name(name).unwrap_or_default();
        let key = open_file(&path, &old, bound)?;
        // The former form first, by the old root: whatever happens next, one of the two opens.
        put(&old_of(&path), &seal(&old.cipher(), rng, bound.as_bytes(), &key.0))?;
        put(&path, &seal(&next.cipher(), rng, bound.as_bytes(), &key.0))?;
    }
    let root = folder.join("root.key");
    match new {
        None => put(&root, &next.0)?,
        // The root key is the environment's from now on.
        Some(_) if root.exists() => fs::remove_file(&root).map_err(|e| KeyError::Io(root.clone(), e))?,
        Some(_) => {}
    }
    for name in &names {
        let old = old_of(&folder.join(name));
        fs::remove_file(&old).map_err(|e| KeyError::Io(old.clone(), e))?;
    }
    Ok(names.len())
}

/// Puts a file in place of another at once: written beside it, then renamed.
fn put(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let beside = path.with_extension("tmp");
    if beside.exists() {
        fs::remove_file(&beside).map_err(|e| KeyError::Io(beside.clone(), e))?;
    }
    write_private(&beside, bytes)?;
    read_private(&beside)?;
    fs::rename(&beside, path).map_err(|e| KeyError::Io(path.into(), e))
}

/// Begins another epoch of the division and wraps every subject key in it. Its name, and how many there were.
pub async fn rotate_division(store: &Store) -> Result<(String, u64)> {
    let epoch = store.keys().begin_epoch(store.rng(), store.clock().today().month()).map_err(AppError::internal)?;
    let rows = rewrap(store).await?;
    Ok((epoch, rows))
}

/// Wraps in the current epoch what is wrapped in another; how many. Subject keys stay what they are.
pub async fn rewrap(store: &Store) -> Result<u64> {
    let keys = store.keys().clone();
    let mut all = 0;
    loop {
        let tx = store.begin(&Reader::system()).await?;
        let current = keys.current_epoch();
        let sql = format!(
            "SELECT subject_id, epoch, wrapped FROM subject_key WHERE division_code = $1 AND epoch <> $2
             ORDER BY subject_id LIMIT {BATCH}"
        );
        let rows: Vec<KeyRow> = tx.rows(&sql, vals![tx.division(), current.as_str()]).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        for row in &rows {
            let secret = keys.unwrap(&row.epoch, row.subject_id, &row.wrapped)?;
            let (epoch, wrapped) = keys.wrap(store.rng(), row.subject_id, &secret);
            replace(&tx, row.subject_id, epoch, wrapped).await?;
        }
        let body = serde_json::json!({ "to": current, "rows": rows.len() });
        tx.event(NewEvent::new("keys.rewrapped", subject(&tx)).body(body)).await?;
        tx.commit().await?;
        all += rows.len() as u64;
    }
}

async fn replace(tx: &Tx, subject: Uuid, epoch: String, wrapped: WrappedKey) -> Result<()> {
    tx.execute_one(
        "UPDATE subject_key SET epoch = $3, wrapped = $4 WHERE division_code = $1 AND subject_id = $2",
        vals![tx.division(), subject, epoch, wrapped],
    )
    .await
}

fn subject(tx: &Tx) -> SubjectRef {
    SubjectRef::new("keys", tx.new_id::<Uuid>(), None)
}

/// How many subject keys an epoch wraps.
pub async fn wrapped_in(q: &impl Query, epoch: &str) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1 AND epoch = $2";
    q.number(sql, vals![q.division(), epoch]).await
}

/// Destroys an epoch that wraps nothing any more. Backups of its time cannot be opened for anybody afterwards.
///
/// # Errors
/// `epoch-in-use` if it is the current one or still wraps a key; `epoch-unknown`.
pub async fn destroy_epoch(store: &Store, epoch: &str) -> Result<()> {
    let keys = store.keys();
    if !keys.has_epoch(epoch) {
        return Err(AppError::rule("epoch-unknown").arg("epoch", epoch));
    }
    let tx = store.begin(&Reader::system()).await?;
    if keys.current_epoch() == epoch || wrapped_in(&tx, epoch).await? > 0 {
        return Err(AppError::rule("epoch-in-use").arg("epoch", epoch));
    }
    tx.event(NewEvent::new("keys.epoch-destroyed", subject(&tx)).body(serde_json::json!({ "epoch": epoch }))).await?;
    keys.destroy_epoch(epoch).map_err(AppError::internal)?;
    tx.commit().await
}

/// The daily job: at the turn of the month subject keys move to the new epoch. Fluent text: `job-keys-rewrap`.
pub(crate) struct Rewrap;

impl JobKind for Rewrap {
    fn kind(&self) -> &'static str {
        "keys.rewrap"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move { rewrap(&app.store).await.map(|_| String::new()) })
    }
}

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
    let secret = Secret::random(tx.store().rng());
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
