//! An import as it stands: its state, what it dropped, what is wrong with it.

use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use super::Mapping;
use crate::{
    access::codes,
    clock::At,
    error::{AppError, Result},
    ids::{AccountId, ImportId, JobId},
    jobs,
    reader::Reader,
    store::Query,
    vals,
};

codes! {
    /// Where an import stands. Fluent text: `import-state-<code>`.
    State {
        /// Read and staged; its columns wait to be confirmed.
        Uploaded = "uploaded",
        /// Columns confirmed; the check waits.
        Mapped = "mapped",
        /// Being checked.
        Checking = "checking",
        /// Checked; waits for confirmation.
        Checked = "checked",
        /// Confirmed; being written.
        Applying = "applying",
        /// Written.
        Applied = "applied",
        /// Given up; what was staged is gone.
        Cancelled = "cancelled",
        /// Ended in an error; nothing was written.
        Failed = "failed",
    }
}

impl State {
    /// Whether nothing will happen to it any more.
    pub fn is_final(self) -> bool {
        matches!(self, State::Applied | State::Cancelled)
    }
    /// Whether a job works on it or soon will.
    pub fn is_working(self) -> bool {
        matches!(self, State::Mapped | State::Checking | State::Applying)
    }
    /// Whether it can be given up.
    pub fn can_cancel(self) -> bool {
        !self.is_final() && self != State::Applying
    }
}

/// Why a column of the file is not imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DropReason {
    /// Linli never stores such data (boundary 1).
    Forbidden,
    /// It was not mapped to a known column (boundary 9).
    Unmapped,
}

/// A column of the file that is not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedColumn {
    /// Its heading.
    pub heading: String,
    /// Why.
    pub reason: DropReason,
}

/// A message at a cell, with the value masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Row number in the file.
    pub row: u64,
    /// Column name; empty for the row as a whole.
    pub column: String,
    /// Fluent key: `cell-<code>`.
    pub code: String,
    /// Arguments of the text.
    pub args: Vec<(String, String)>,
    /// Whether the row cannot be imported.
    pub fatal: bool,
    /// The value, masked where it is personal.
    pub shown: String,
}

/// How often one message occurs in one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemGroup {
    /// Column name; empty for whole rows.
    pub column: String,
    /// Fluent key: `cell-<code>`.
    pub code: String,
    /// Arguments of the text where it occurs first.
    #[serde(default)]
    pub args: Vec<(String, String)>,
    /// Whether such rows cannot be imported.
    pub fatal: bool,
    /// How often.
    pub count: i64,
}

/// What the check found and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Counts of the preview, by Fluent key `import-count-<key>`.
    pub counts: Vec<(String, i64)>,
    /// Messages by kind, most frequent first.
    pub groups: Vec<ProblemGroup>,
    /// Messages in all; the first [`KEPT_PROBLEMS`](super::check::KEPT_PROBLEMS) are kept one by one.
    pub problem_count: i64,
    /// Whether something is wrong that leaving out rows does not heal.
    pub blocked: bool,
    /// Rows written.
    pub applied_rows: i64,
    /// Records made or changed.
    pub records: i64,
    /// Code of the error it ended in.
    pub error: Option<String>,
    /// Arguments of the error's text.
    pub error_args: Vec<(String, String)>,
}

/// What was confirmed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Confirmed {
    /// Rows with a fatal message are left out.
    pub leave_out_bad: bool,
    /// So many rows are written.
    pub rows: i64,
}

/// An import.
#[derive(Debug, Clone)]
pub struct Case {
    /// Id.
    pub id: ImportId,
    /// Name of its [`ImportKind`](super::ImportKind).
    pub kind: String,
    /// State.
    pub state: State,
    /// Name of the file as uploaded.
    pub file_name: String,
    /// Who uploaded it.
    pub account: AccountId,
    /// When.
    pub made_at: At,
    /// Headings of the permitted columns.
    pub headers: Vec<String>,
    /// What they are: guessed, then confirmed.
    pub mapping: Mapping,
    /// Columns that are not imported.
    pub dropped: Vec<DroppedColumn>,
    /// Rows.
    pub row_count: i64,
    /// Rows with a fatal message.
    pub bad_count: i64,
    /// What the check found.
    pub summary: Summary,
    /// When it was applied or cancelled.
    pub ended_at: Option<At>,
    /// The job that works on it.
    pub job: Option<JobId>,
    pub(super) confirmed: Confirmed,
}

impl Case {
    /// Rows that would be written when those with a fatal message are left out.
    pub fn good_count(&self) -> i64 {
        self.row_count - self.bad_count
    }
}

#[derive(FromQueryResult)]
struct CaseRow {
    import_id: ImportId,
    kind: String,
    state: String,
    file_name: String,
    account_id: AccountId,
    made_at: At,
    headers: String,
    mapping: String,
    dropped: String,
    row_count: i64,
    bad_count: i64,
    summary: String,
    ended_at: Option<At>,
    job_id: Option<JobId>,
    params: String,
}

const COLUMNS: &str = "import_id, kind, state, file_name, account_id, made_at, headers, mapping, dropped, row_count, \
                       bad_count, summary, ended_at, job_id, params";

impl TryFrom<CaseRow> for Case {
    type Error = AppError;
    fn try_from(r: CaseRow) -> Result<Self> {
        Ok(Case {
            id: r.import_id,
            kind: r.kind,
            state: State::from_code(&r.state).ok_or_else(|| AppError::internal("an import in an unknown state"))?,
            file_name: r.file_name,
            account: r.account_id,
            made_at: r.made_at,
            headers: serde_json::from_str(&r.headers)?,
            mapping: serde_json::from_str(&r.mapping)?,
            dropped: serde_json::from_str(&r.dropped)?,
            row_count: r.row_count,
            bad_count: r.bad_count,
            summary: serde_json::from_str(&r.summary)?,
            ended_at: r.ended_at,
            job: r.job_id,
            confirmed: serde_json::from_str(&r.params)?,
        })
    }
}

/// An import, for whoever uploaded it.
///
/// # Errors
/// `not-found` for everybody else.
pub async fn find(q: &impl Query, reader: &Reader, id: ImportId) -> Result<Case> {
    let row: Option<CaseRow> = q
        .row(
            &format!("SELECT {COLUMNS} FROM import_case WHERE division_code = $1 AND import_id = $2"),
            vals![q.division(), id],
        )
        .await?;
    let case = Case::try_from(row.ok_or_else(AppError::not_found)?)?;
    if case.account == reader.account || reader.is_system() { Ok(case) } else { Err(AppError::not_found()) }
}

/// Whether a job should be working on it and has failed: nothing happens any more until somebody decides.
pub async fn has_stopped(q: &impl Query, case: &Case) -> Result<bool> {
    match case.job {
        Some(job) if case.state.is_working() => Ok(jobs::find(q, &Reader::system(), job).await?.has_failed()),
        _ => Ok(false),
    }
}

/// The reader's imports, newest first, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, limit: i64, offset: i64) -> Result<(Vec<Case>, i64)> {
    let rows: Vec<CaseRow> = q
        .rows(
            &format!(
                "SELECT {COLUMNS} FROM import_case WHERE division_code = $1 AND account_id = $2
                 ORDER BY made_at DESC, import_id DESC LIMIT $3 OFFSET $4"
            ),
            vals![q.division(), reader.account, limit, offset],
        )
        .await?;
    let total = q
        .number(
            "SELECT COUNT(*) FROM import_case WHERE division_code = $1 AND account_id = $2",
            vals![q.division(), reader.account],
        )
        .await?;
    Ok((rows.into_iter().map(Case::try_from).collect::<Result<_>>()?, total))
}

/// What the check found in one chunk.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ChunkProblems {
    /// Rows with a fatal message, by number: all of them.
    pub bad: Vec<u64>,
    /// Messages, as far as they are kept one by one.
    pub cells: Vec<Problem>,
}

/// What the check found, chunk by chunk.
pub(super) async fn chunk_problems(q: &impl Query, id: ImportId) -> Result<Vec<ChunkProblems>> {
    #[derive(FromQueryResult)]
    struct Row {
        problems: String,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT problems FROM import_chunk WHERE division_code = $1 AND import_id = $2 ORDER BY chunk",
            vals![q.division(), id],
        )
        .await?;
    rows.iter().map(|r| Ok(serde_json::from_str(&r.problems)?)).collect()
}

/// The messages of an import that are kept, in order of rows.
pub async fn problems(q: &impl Query, id: ImportId) -> Result<Vec<Problem>> {
    Ok(chunk_problems(q, id).await?.into_iter().flat_map(|c| c.cells).collect())
}
