//! Which policy pack is in force (政策包变更): the one that two people agreed on.
//!
//! The pack is a folder of files, and files can be changed by one person alone. The database therefore keeps the pack
//! that was approved, by its digest and with its files. A program that starts and finds another pack in the folder goes
//! on with the approved one, and says so; the system administrator proposes the new one, the security officer decides,
//! and the next start takes it. The pack that comes with the program changes with the program and is not asked about.

use std::{collections::BTreeMap, path::Path};

use futures::future::BoxFuture;
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use crate::{
    access::Action,
    app::App,
    clock::At,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    proposals::{Proposal, ProposalKind},
    reader::Reader,
    store::{Query, Store, Tx},
    texts::T,
    vals,
};

/// The name of [`PolicyChange`].
pub const CHANGE: &str = "policy-change";

#[derive(FromQueryResult)]
struct Row {
    files: String,
}

/// The pack that was approved last.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Version {
    /// SHA-256 over its files.
    pub digest: String,
    /// When it was approved.
    pub approved_at: Option<At>,
}

/// The version that was approved last, if there ever was one.
pub async fn approved(q: &impl Query) -> Result<Option<Version>> {
    q.row(
        "SELECT digest, approved_at FROM policy_version WHERE division_code = $1 AND approved_at IS NOT NULL
         ORDER BY approved_at DESC LIMIT 1",
        vals![q.division()],
    )
    .await
}

/// Reads the files of a pack's folder.
///
/// # Errors
/// `policy-folder` if it cannot be read.
pub fn files_of(dir: &Path) -> Result<BTreeMap<String, String>> {
    let fault = |_| AppError::rule("policy-folder");
    let mut files = BTreeMap::new();
    for name in policy_pack::FILES {
        files.insert((*name).to_owned(), std::fs::read_to_string(dir.join(name)).map_err(fault)?);
    }
    Ok(files)
}

/// The pack of a folder, if it is one.
///
/// # Errors
/// `policy-folder`; `policy-faults` with how many faults it has.
pub fn pack_of(files: &BTreeMap<String, String>) -> Result<Pack> {
    Pack::from_files(files).map_err(|problems| AppError::rule("policy-faults").arg("count", problems.len()))
}

async fn keep(tx: &Tx, digest: &str, files: &BTreeMap<String, String>, approved_at: Option<At>) -> Result<()> {
    tx.execute(
        "INSERT INTO policy_version (division_code, digest, files, made_at, approved_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (division_code, digest) DO UPDATE
         SET approved_at = COALESCE(EXCLUDED.approved_at, policy_version.approved_at)",
        vals![tx.division(), digest, serde_json::to_string(files)?, tx.now(), approved_at],
    )
    .await?;
    Ok(())
}

/// The pack that is to be in force, given the one in the folder: that one if it is approved or the first, else the
/// approved one.
///
/// # Errors
/// Those of the store; `internal` if the approved files are no pack to this program any more.
pub async fn in_force(store: &Store, folder: Pack, files: &BTreeMap<String, String>) -> Result<Pack> {
    let Some(version) = approved(&store.reads()).await? else {
        let tx = store.begin(&Reader::system()).await?;
        keep(&tx, &folder.digest(), files, Some(tx.now())).await?;
        tx.event(changed(&tx, &folder.digest())).await?;
        tx.commit().await?;
        return Ok(folder);
    };
    if version.digest == folder.digest() {
        return Ok(folder);
    }
    tracing::warn!(folder = %folder.digest(), in_force = %version.digest, "the folder's policy pack is not approved");
    let sql = "SELECT files FROM policy_version WHERE division_code = $1 AND digest = $2";
    let row: Option<Row> = store.reads().row(sql, vals![store.division(), version.digest]).await?;
    let files: BTreeMap<String, String> =
        serde_json::from_str(&row.ok_or_else(|| AppError::internal("the approved pack is gone"))?.files)?;
    pack_of(&files)
}

/// A pack that was proposed after the one in force and is not approved.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Waiting {
    /// SHA-256 over its files.
    pub digest: String,
    /// When it was proposed first.
    pub made_at: At,
}

/// The packs that were proposed since the one in force was approved, the newest first.
pub async fn waiting(q: &impl Query) -> Result<Vec<Waiting>> {
    q.rows(
        "SELECT digest, made_at FROM policy_version WHERE division_code = $1 AND approved_at IS NULL
           AND made_at >= (SELECT MAX(v.approved_at) FROM policy_version v WHERE v.division_code = $1)
         ORDER BY made_at DESC, digest",
        vals![q.division()],
    )
    .await
}

/// A pack that waits, for whoever wants to see what it would change.
///
/// # Errors
/// `not-found` if none with this digest waits; `policy-faults` if it is no pack to this program.
pub async fn waiting_pack(q: &impl Query, digest: &str) -> Result<Pack> {
    if !waiting(q).await?.iter().any(|w| w.digest == digest) {
        return Err(AppError::not_found());
    }
    let sql = "SELECT files FROM policy_version WHERE division_code = $1 AND digest = $2";
    let row: Option<Row> = q.row(sql, vals![q.division(), digest]).await?;
    pack_of(&serde_json::from_str(&row.ok_or_else(AppError::not_found)?.files)?)
}

fn changed(tx: &Tx, digest: &str) -> NewEvent {
    let subject = SubjectRef::new("policy", tx.new_id::<uuid::Uuid>(), None);
    NewEvent::new("policy.changed", subject).body(serde_json::json!({ "pack": digest }))
}

/// Proposes the pack of the folder.
///
/// # Errors
/// Those of [`files_of`] and [`pack_of`]; `policy-same` if it is in force already.
pub async fn propose(app: &App, tx: &Tx, dir: &Path) -> Result<crate::ids::ProposalId> {
    let files = files_of(dir)?;
    let pack = pack_of(&files)?;
    if approved(tx).await?.is_some_and(|v| v.digest == pack.digest()) {
        return Err(AppError::rule("policy-same"));
    }
    keep(tx, &pack.digest(), &files, None).await?;
    let payload =
        Proposed { digest: pack.digest(), name: pack.meta.name.clone(), issued_as: pack.meta.issued_as.clone() };
    crate::proposals::propose(app, tx, CHANGE, serde_json::to_value(payload)?).await
}

/// What is proposed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proposed {
    /// SHA-256 over its files.
    pub digest: String,
    /// Its Chinese name.
    pub name: String,
    /// Number of the paper that its rules were issued with.
    pub issued_as: String,
}

/// Another policy pack: the system administrator proposes, the security officer decides.
pub struct PolicyChange;

impl ProposalKind for PolicyChange {
    fn kind(&self) -> &'static str {
        CHANGE
    }
    fn decided_by(&self) -> Action {
        Action::RoleAdmin
    }
    fn lines<'a>(&'a self, app: &'a App, t: &'a T, payload: &'a str) -> BoxFuture<'a, Result<Vec<(String, String)>>> {
        Box::pin(async move {
            let proposed: Proposed = serde_json::from_str(payload)?;
            let mut lines = vec![
                (t.s("policy-name"), proposed.name),
                (t.s("policy-issued-as"), proposed.issued_as),
                (t.s("policy-digest"), proposed.digest.clone()),
            ];
            for (file, count) in differences(app, &proposed.digest).await? {
                lines.push((file, t.n("policy-lines-changed", count)));
            }
            Ok(lines)
        })
    }
    fn apply<'a>(&'a self, _app: &'a App, tx: &'a Tx, proposal: &'a Proposal) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let proposed: Proposed = proposal.payload()?;
            // Later than every one before, even by a clock that stands still.
            let sql = "SELECT MAX(approved_at) FROM policy_version WHERE division_code = $1";
            let at = At(tx.now().0.max(tx.number(sql, vals![tx.division()]).await? + 1));
            tx.execute_one(
                "UPDATE policy_version SET approved_at = $3 WHERE division_code = $1 AND digest = $2",
                vals![tx.division(), proposed.digest.as_str(), at],
            )
            .await?;
            tx.event(changed(tx, &proposed.digest)).await?;
            Ok(())
        })
    }
}

async fn stored_files(q: &impl Query, digest: &str) -> Result<BTreeMap<String, String>> {
    let sql = "SELECT files FROM policy_version WHERE division_code = $1 AND digest = $2";
    let row: Option<Row> = q.row(sql, vals![q.division(), digest]).await?;
    row.map_or_else(|| Ok(BTreeMap::new()), |r| Ok(serde_json::from_str(&r.files)?))
}

/// The files in which a pack differs from the approved one, each with how many lines.
async fn differences(app: &App, digest: &str) -> Result<Vec<(String, i64)>> {
    let reads = app.store.reads();
    let (new, old) = (stored_files(&reads, digest).await?, approved(&reads).await?);
    let old = match old {
        Some(version) => stored_files(&reads, &version.digest).await?,
        None => BTreeMap::new(),
    };
    Ok(new
        .iter()
        .filter_map(|(name, text)| {
            let count = lines_changed(old.get(name).map_or("", String::as_str), text);
            (count > 0).then(|| (name.clone(), count))
        })
        .collect())
}

/// How many lines stand in one text and not in the other.
fn lines_changed(old: &str, new: &str) -> i64 {
    let count = |text: &str| {
        let mut lines: BTreeMap<String, i64> = BTreeMap::new();
        for line in text.lines() {
            *lines.entry(line.trim().to_owned()).or_default() += 1;
        }
        lines
    };
    let (old, new) = (count(old), count(new));
    let beyond = |a: &BTreeMap<String, i64>, b: &BTreeMap<String, i64>| -> i64 {
        a.iter().map(|(line, n)| (n - b.get(line).copied().unwrap_or(0)).max(0)).sum()
    };
    beyond(&old, &new).max(beyond(&new, &old))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_counted_once_and_order_is_no_change() {
        for (old, new, count) in [("a\nb", "b\na", 0), ("a\nb", "a\nc", 1), ("", "a\nb", 2), ("a\na", "a", 1)] {
            assert_eq!(lines_changed(old, new), count, "{old:?} {new:?}");
        }
    }
}
