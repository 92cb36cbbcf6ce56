//! Erasing for good (彻底删除): the record and its key go, a tombstone stays, and a backup that is older cannot bring
//! the record back.
//!
//! A tombstone holds an id, a kind and a time, and names nobody. It stands in the database and in a list beside the
//! keys, which is where a backup never reaches: whoever restores an older backup gives it the keys of today, and before
//! anything is served each record that is on the list is erased again.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures::future::BoxFuture;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    app::App,
    clock::At,
    error::{AppError, Result},
    reader::Reader,
    store::{Query, Tx},
    vals,
};

/// The list, in the folder of the keys.
pub const FILE: &str = "erased.list";

/// What an area does when one of its subjects is erased: records, key, history.
pub trait Eraser: Send + Sync {
    /// The kind of subject: `resident`.
    fn kind(&self) -> &'static str;
    /// Erases one, if it is there, with its tombstone and its event. Whether it was.
    fn erase<'a>(&'a self, app: &'a App, tx: &'a Tx, subject: Uuid) -> BoxFuture<'a, Result<bool>>;
}

/// What an area holds about subjects of another, and what goes in the very transaction that erases one of them.
pub trait ErasedWith: Send + Sync {
    /// The kind of subject: `resident`.
    fn kind(&self) -> &'static str;
    /// Removes what it holds about some. They are still there themselves when this is called.
    fn erase_with<'a>(&'a self, tx: &'a Tx, subjects: &'a [Uuid]) -> BoxFuture<'a, Result<()>>;
}

/// What is left of an erased subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, FromQueryResult)]
pub struct Tombstone {
    /// Its id.
    pub subject_id: Uuid,
    /// What it was.
    pub kind: String,
    /// When it was erased.
    pub erased_at: At,
}

impl Tombstone {
    fn line(&self) -> String {
        format!("{} {} {}", self.subject_id, self.kind, self.erased_at.0)
    }
    fn of_line(line: &str) -> Option<Tombstone> {
        let mut words = line.split(' ');
        let (id, kind, at) = (words.next()?, words.next()?, words.next()?);
        Some(Tombstone { subject_id: id.parse().ok()?, kind: kind.into(), erased_at: At(at.parse().ok()?) })
    }
}

/// Removes what every area holds about subjects, destroys their keys and leaves their tombstones, in the transaction
/// that then erases the records themselves.
///
/// # Errors
/// Those of the areas.
pub async fn destroy(app: &App, tx: &Tx, kind: &'static str, subjects: &[Uuid]) -> Result<()> {
    for holder in app.erased_with.iter().filter(|holder| holder.kind() == kind) {
        holder.erase_with(tx, subjects).await?;
    }
    for subject in subjects {
        destroy_key(tx, kind, *subject).await?;
    }
    Ok(())
}

/// The marks of a list of ids in a statement whose first mark is the division's, and its values.
pub fn listed(tx: &Tx, subjects: &[Uuid]) -> (String, Vec<sea_orm::Value>) {
    let marks: Vec<String> = (2..subjects.len() + 2).map(|n| format!("${n}")).collect();
    let values = vals![tx.division()].into_iter().chain(subjects.iter().map(|id| (*id).into()));
    (marks.join(", "), values.collect())
}

async fn destroy_key(tx: &Tx, kind: &'static str, subject: Uuid) -> Result<()> {
    tx.execute("DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2", vals![tx.division(), subject])
        .await?;
    tx.execute(
        "INSERT INTO erasure (division_code, subject_id, kind, erased_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (division_code, subject_id) DO NOTHING",
        vals![tx.division(), subject, kind, tx.now()],
    )
    .await?;
    Ok(())
}

/// Whether a subject was erased: what is sent for it later is refused.
pub async fn is_erased(q: &impl Query, subject: Uuid) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM erasure WHERE division_code = $1 AND subject_id = $2";
    Ok(q.number(sql, vals![q.division(), subject]).await? > 0)
}

/// Every tombstone of the database, the newest first.
pub async fn all(q: &impl Query) -> Result<Vec<Tombstone>> {
    let sql =
        "SELECT subject_id, kind, erased_at FROM erasure WHERE division_code = $1 ORDER BY erased_at DESC, subject_id";
    q.rows(sql, vals![q.division()]).await
}

fn path(app: &App) -> Option<PathBuf> {
    app.key_dir.as_ref().map(|dir| dir.join(FILE))
}

fn read(file: &Path) -> Result<BTreeSet<Tombstone>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text.lines().filter_map(Tombstone::of_line).collect()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(e) => Err(e.into()),
    }
}

/// Writes the tombstones that the list beside the keys lacks; how many. It is on the disk when this returns.
///
/// # Errors
/// A folder that cannot be written.
pub async fn keep(app: &App) -> Result<usize> {
    let Some(file) = path(app) else { return Ok(0) };
    let kept: BTreeSet<Uuid> = read(&file)?.into_iter().map(|t| t.subject_id).collect();
    let mut new = all(&app.store.reads()).await?;
    new.retain(|t| !kept.contains(&t.subject_id));
    if new.is_empty() {
        return Ok(0);
    }
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut out = options.open(&file)?;
    let lines: Vec<String> = new.iter().rev().map(Tombstone::line).collect();
    out.write_all(format!("{}\n", lines.join("\n")).as_bytes())?;
    out.sync_all()?;
    Ok(new.len())
}

/// Erases again what the list beside the keys names and the database still or again holds; how many. To be done before
/// anything is served.
///
/// # Errors
/// Those of the store; `internal` for a kind that no area knows.
pub async fn replay(app: &App) -> Result<usize> {
    let Some(file) = path(app) else { return Ok(0) };
    let known: BTreeSet<Uuid> = all(&app.store.reads()).await?.into_iter().map(|t| t.subject_id).collect();
    let mut again = 0;
    for gone in read(&file)?.into_iter().filter(|t| !known.contains(&t.subject_id)) {
        let eraser = eraser(app, &gone.kind)?;
        let tx = app.store.begin(&Reader::system()).await?;
        let there = eraser.erase(app, &tx, gone.subject_id).await?;
        // What the backup never held gets its tombstone all the same.
        destroy(app, &tx, eraser.kind(), &[gone.subject_id]).await?;
        tx.housekeeping("the erasure has its own event where there was something to erase");
        tx.commit().await?;
        again += usize::from(there);
    }
    keep(app).await?;
    Ok(again)
}

/// What erases subjects of a kind.
pub fn eraser(app: &App, kind: &str) -> Result<Arc<dyn Eraser>> {
    let found = app.erasers.iter().find(|e| e.kind() == kind).cloned();
    found.ok_or_else(|| AppError::internal(format!("no area erases subjects of the kind {kind}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_is_read_as_it_was_written_and_a_torn_line_is_none() {
        let one = Tombstone { subject_id: Uuid::from_u128(7), kind: "resident".into(), erased_at: At(5) };
        assert_eq!(Tombstone::of_line(&one.line()), Some(one.clone()));
        let torn = one.line();
        assert_eq!(Tombstone::of_line(&torn[..torn.len() - 2]), None);
    }
}
