//! The register of numbered documents (文书登记簿): what was issued, in which version, and whether it is in force.

use linli_platform::{
    AppError, Result,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    paper,
    reader::Reader,
    store::{Query, Store, Tx},
    vals,
    web::Paging,
};
use sea_orm::{FromQueryResult, Value};

use crate::{
    ids::PaperId,
    number::{check_code, number_key},
};

/// Why a document is withdrawn. Text: `papers-why-<code>`.
pub(crate) const WHY: [&str; 3] = ["wrong-figures", "not-to-be-published", "replaced-by-another"];

/// A numbered document.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Paper {
    /// Id.
    pub paper_id: PaperId,
    /// The policy pack's document.
    pub kind: String,
    /// What it is of.
    pub subject: String,
    /// Number as written.
    pub number: String,
    /// Title.
    pub title: String,
    /// The newest version that was issued; none while it is being made.
    pub edition: Option<i64>,
    /// When that was.
    pub issued_at: Option<At>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<At>,
    /// Why.
    pub withdrawn_why: Option<String>,
    /// Version of the row.
    pub version: i64,
}

/// One version of it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Version {
    /// From 1.
    pub edition: i64,
    /// Check code.
    pub check_code: String,
    /// The wording it was made with, `bulletin/zh-CN/3`.
    pub wording: Option<String>,
    /// SHA-256 of the file, in hexadecimal.
    pub file_sha256: Option<String>,
    /// When it was issued.
    pub issued_at: Option<At>,
    /// By whom.
    pub issued_name: Option<String>,
}

impl Version {
    /// The check code as it is printed.
    pub fn code_shown(&self) -> String {
        crate::number::grouped(&self.check_code)
    }
}

const COLUMNS: &str = "p.paper_id, p.kind, p.subject, p.number, p.title, p.withdrawn_at, p.withdrawn_why, p.version,
 (SELECT MAX(v.edition) FROM paper_version v WHERE v.division_code = p.division_code AND v.paper_id = p.paper_id
   AND v.issued_at IS NOT NULL) AS edition,
 (SELECT MAX(v.issued_at) FROM paper_version v WHERE v.division_code = p.division_code AND v.paper_id = p.paper_id) AS issued_at";

/// The condition for documents that a reader sees: those for all, and those of the own grids.
fn seen(reader: &Reader, values: &mut Vec<Value>) -> String {
    format!("(p.for_all = TRUE OR {})", reader.scope.sql("p.grid_id", values))
}

/// A part of the register, newest first, of one kind or of all; and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, kind: &str, paging: &Paging) -> Result<(Vec<Paper>, i64)> {
    let mut values = vals![q.division()];
    let mut condition = seen(reader, &mut values);
    if !kind.is_empty() {
        values.push(kind.into());
        condition.push_str(&format!(" AND p.kind = ${}", values.len()));
    }
    let count = format!("SELECT COUNT(*) FROM paper p WHERE p.division_code = $1 AND {condition}");
    let total = q.number(&count, values.clone()).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM paper p WHERE p.division_code = $1 AND {condition}
         ORDER BY p.made_at DESC, p.paper_id DESC LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// Every document of a kind that the reader sees, newest first; up to 2,000.
pub async fn of_kind(q: &impl Query, reader: &Reader, kind: &str) -> Result<Vec<Paper>> {
    let paging = Paging { page: 1, per_page: 2_000, total: 0 };
    Ok(list(q, reader, kind, &paging).await?.0)
}

/// One document that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: PaperId) -> Result<Paper> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, &mut values);
    let sql = format!("SELECT {COLUMNS} FROM paper p WHERE p.division_code = $1 AND p.paper_id = $2 AND {seen}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// The document of a subject. The caller has found the subject within the reader's scope.
pub async fn of_subject(q: &impl Query, kind: &str, subject: &str) -> Result<Option<Paper>> {
    let sql = format!("SELECT {COLUMNS} FROM paper p WHERE p.division_code = $1 AND p.kind = $2 AND p.subject = $3");
    q.row(&sql, vals![q.division(), kind, subject]).await
}

/// Its versions, newest first. The caller has found the document.
pub async fn versions(q: &impl Query, id: PaperId) -> Result<Vec<Version>> {
    let sql = "SELECT v.edition, v.check_code, v.wording, v.file_sha256, v.issued_at, a.display_name AS issued_name
         FROM paper_version v LEFT JOIN account a ON a.division_code = v.division_code AND a.account_id = v.issued_by
         WHERE v.division_code = $1 AND v.paper_id = $2 AND v.issued_at IS NOT NULL ORDER BY v.edition DESC";
    q.rows(sql, vals![q.division(), id]).await
}

/// A version as it went out. The caller has found the document.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Kept {
    pub content: String,
    pub mark: String,
    pub file: Option<Vec<u8>>,
}

/// What is kept of a version.
pub(crate) async fn kept(q: &impl Query, id: PaperId, edition: i64) -> Result<Kept> {
    let sql =
        "SELECT content, mark, file FROM paper_version WHERE division_code = $1 AND paper_id = $2 AND edition = $3
         AND issued_at IS NOT NULL";
    q.row(sql, vals![q.division(), id, edition]).await?.ok_or_else(AppError::not_found)
}

impl Kept {
    /// Paper and mark, for a Word file; none for a document that is a page of its own.
    pub fn paper(&self) -> Result<Option<(paper::Paper, paper::Mark)>> {
        if self.content.is_empty() {
            return Ok(None);
        }
        Ok(Some((serde_json::from_str(&self.content)?, serde_json::from_str(&self.mark)?)))
    }
}

/// The file of a version as it went out. The caller has found the document.
///
/// # Errors
/// `not-found` for a version that was never issued.
pub async fn file(q: &impl Query, id: PaperId, edition: i64) -> Result<Vec<u8>> {
    kept(q, id, edition).await?.file.ok_or_else(AppError::not_found)
}

/// Withdraws a document (作废): whoever checks it is told so. It stays in the register.
///
/// # Errors
/// `not-found`; `papers-why` for an unknown reason; `papers-withdrawn`; `stale-version`.
pub async fn withdraw(tx: &Tx, id: PaperId, version: i64, why: &str) -> Result<()> {
    let paper = find(tx, tx.reader(), id).await?;
    if !WHY.contains(&why) {
        return Err(AppError::rule("papers-why"));
    }
    if paper.withdrawn_at.is_some() {
        return Err(AppError::rule("papers-withdrawn"));
    }
    tx.execute_one(
        "UPDATE paper SET withdrawn_at = $4, withdrawn_by = $5, withdrawn_why = $6, version = version + 1
         WHERE division_code = $1 AND paper_id = $2 AND version = $3 AND withdrawn_at IS NULL",
        vals![tx.division(), id, version, tx.now(), tx.reader().account, why],
    )
    .await?;
    let body = serde_json::json!({ "kind": paper.kind, "reason": why });
    let subject = SubjectRef::new("paper", id, None::<GridId>);
    tx.event(NewEvent::new("paper.withdrawn", subject).version(version + 1).body(body)).await?;
    Ok(())
}

/// Whether a version is what holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The newest, not withdrawn.
    InForce,
    /// A newer version was issued.
    Replaced,
    /// Withdrawn.
    Withdrawn,
}

impl Standing {
    /// Stable code. Text: `papers-standing-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Standing::InForce => "in-force",
            Standing::Replaced => "replaced",
            Standing::Withdrawn => "withdrawn",
        }
    }
}

/// What anybody is told of a paper in their hands. No personal data.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Checked {
    /// Number as written.
    pub number: String,
    /// Title.
    pub title: String,
    /// The version that the code belongs to.
    pub edition: i64,
    /// When it was issued.
    pub issued_at: At,
    /// SHA-256 of its file.
    pub file_sha256: String,
    /// The newest version.
    pub newest: i64,
    /// When the document was withdrawn.
    pub withdrawn_at: Option<At>,
}

impl Checked {
    /// Whether it holds.
    pub fn standing(&self) -> Standing {
        match (self.withdrawn_at, self.newest > self.edition) {
            (Some(_), _) => Standing::Withdrawn,
            (None, true) => Standing::Replaced,
            (None, false) => Standing::InForce,
        }
    }
}

/// The document with a number and a check code, as typed; none where the two do not belong together.
pub async fn check(store: &Store, number: &str, code: &str) -> Result<Option<Checked>> {
    let q = store.reads();
    let (key, code) = (number_key(number), check_code(code));
    if key.is_empty() || code.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT p.number, p.title, v.edition, v.issued_at, v.file_sha256, p.withdrawn_at,
         (SELECT MAX(n.edition) FROM paper_version n WHERE n.division_code = p.division_code AND n.paper_id = p.paper_id
           AND n.issued_at IS NOT NULL) AS newest
         FROM paper p JOIN paper_version v ON v.division_code = p.division_code AND v.paper_id = p.paper_id
         WHERE p.division_code = $1 AND p.number_key = $2 AND v.check_code = $3 AND v.issued_at IS NOT NULL
         AND v.file_sha256 IS NOT NULL";
    q.row(sql, vals![q.division(), key, code]).await
}
