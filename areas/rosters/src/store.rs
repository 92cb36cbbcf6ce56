//! Rosters in the store: who sees which, and their staged rows.

use linli_platform::{
    AppError, Result,
    access::{Action, Role},
    clock::{At, Day},
    event::SubjectRef,
    ids::{AccountId, GridId, JobId},
    import::{DroppedColumn, Mapping, Problem, table::StagedRow},
    jobs,
    keys::WrappedKey,
    reader::Reader,
    sealed::{Bind, KeyRow, MachineRun, Sealed, SubjectKey},
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_register::EmployerId;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    codes::{Kind, State},
    ids::RosterId,
};

/// A roster as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Roster {
    /// Id.
    pub roster_id: RosterId,
    /// Whose it is.
    pub employer_id: EmployerId,
    /// Name of the employer.
    pub employer_name: String,
    /// The employer's grid: its officer confirms.
    pub employer_grid: Option<GridId>,
    /// [`Kind`].
    pub kind: String,
    /// The day it tells of.
    pub as_of_day: Day,
    /// [`State`].
    pub state: String,
    /// Name of the file.
    pub file_name: String,
    /// Headings of the permitted columns, as JSON.
    pub headers: String,
    /// [`Mapping`] as JSON.
    pub mapping: String,
    /// Dropped columns, as JSON.
    pub dropped: String,
    /// Rows.
    pub row_count: i64,
    /// Rows with a message that should be put right.
    pub bad_count: i64,
    /// Tasks that the confirmation opened.
    pub task_count: i64,
    /// When it came.
    pub received_at: At,
    /// Who sent it.
    pub account_id: AccountId,
    /// The comparison's job.
    pub job_id: Option<JobId>,
    /// When it was compared.
    pub compared_at: Option<At>,
    /// When it was confirmed or rejected.
    pub closed_at: Option<At>,
    /// Version.
    pub version: i64,
}

impl Roster {
    /// Its state.
    pub fn state(&self) -> Option<State> {
        State::from_code(&self.state)
    }
    /// Its kind.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_code(&self.kind)
    }
    /// Headings of the permitted columns.
    pub fn headers(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_str(&self.headers)?)
    }
    /// What each column is.
    pub fn mapping(&self) -> Result<Mapping> {
        Ok(serde_json::from_str(&self.mapping)?)
    }
    /// Columns that were not stored, and why.
    pub fn dropped(&self) -> Result<Vec<DroppedColumn>> {
        Ok(serde_json::from_str(&self.dropped)?)
    }
    /// As the subject of events.
    pub fn subject(&self) -> SubjectRef {
        SubjectRef::new("roster", self.roster_id, self.employer_grid)
    }
    /// Whether the file's side is open to change.
    pub fn is_with_sender(&self) -> bool {
        matches!(self.state(), Some(State::Uploaded | State::Checked))
    }
}

const COLUMNS: &str = "r.roster_id, r.employer_id, e.name AS employer_name, e.grid_id AS employer_grid, r.kind,
 r.as_of_day, r.state, r.file_name, r.headers, r.mapping, r.dropped, r.row_count, r.bad_count, r.task_count,
 r.received_at, r.account_id, r.job_id, r.compared_at, r.closed_at, r.version";
const FROM: &str =
    "FROM roster r JOIN employer e ON e.division_code = r.division_code AND e.employer_id = r.employer_id";

/// The rosters a reader sees: a liaison the own employers'; who reviews, those of employers in the own grids, and
/// those of which a compared row lies there.
fn visible(reader: &Reader, values: &mut Vec<Value>) -> String {
    let mut ways = Vec::new();
    if reader.client.is_some() {
        // Another system sees what it sent, and never the register's side.
        values.push(reader.account.into());
        return format!("r.account_id = ${}", values.len());
    }
    if reader.may(Action::RosterSend) && !reader.employers.is_empty() {
        let first = values.len() + 1;
        values.extend(reader.employers.iter().map(|e| Value::from(*e)));
        let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
        ways.push(format!("r.employer_id IN ({})", marks.join(", ")));
    }
    if reader.may(Action::RosterReview) || reader.is_system() {
        ways.push(reader.scope.sql("e.grid_id", values));
        let rows = rows_visible(reader, values);
        ways.push(format!(
            "EXISTS (SELECT 1 FROM roster_result x WHERE x.division_code = r.division_code
              AND x.roster_id = r.roster_id AND {rows})"
        ));
    }
    if ways.is_empty() { "1 = 0".into() } else { format!("({})", ways.join(" OR ")) }
}

/// The compared rows a reader sees: where the claimed address or the registered home lies in the own grids.
pub(crate) fn rows_visible(reader: &Reader, values: &mut Vec<Value>) -> String {
    let claimed = reader.scope.sql("x.grid_id", values);
    let registered = reader.scope.sql("x.home_grid_id", values);
    format!("({claimed} OR {registered})")
}

/// One roster that the reader sees.
pub async fn find(q: &impl Query, reader: &Reader, id: RosterId) -> Result<Roster> {
    let mut values = vals![q.division(), id];
    let visible = visible(reader, &mut values);
    q.row(&format!("SELECT {COLUMNS} {FROM} WHERE r.division_code = $1 AND r.roster_id = $2 AND {visible}"), values)
        .await?
        .ok_or_else(AppError::not_found)
}

/// What the list of rosters is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// One employer.
    pub employer: Option<EmployerId>,
    /// One state.
    pub state: Option<State>,
}

/// The rosters that the reader sees, the latest first, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, filter: Filter, paging: &Paging) -> Result<(Vec<Roster>, i64)> {
    let mut values = vals![q.division()];
    let mut sql = format!("{FROM} WHERE r.division_code = $1 AND {}", visible(reader, &mut values));
    if let Some(employer) = filter.employer {
        values.push(employer.into());
        sql.push_str(&format!(" AND r.employer_id = ${}", values.len()));
    }
    if let Some(state) = filter.state {
        values.push(state.code().into());
        sql.push_str(&format!(" AND r.state = ${}", values.len()));
    }
    let total = q.number(&format!("SELECT COUNT(*) {sql}"), values.clone()).await?;
    let sql = format!(
        "SELECT {COLUMNS} {sql} ORDER BY r.received_at DESC, r.roster_id DESC LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// Whether the reader may send for an employer in this grid: its own liaison, or the office, the data steward and
/// the officer within their scope.
pub fn may_send(reader: &Reader, employer: EmployerId, grid: Option<GridId>) -> bool {
    let liaison = reader.may(Action::RosterSend) && reader.employers.contains(&employer.0);
    // Another system is admitted for named employers, or for all of some areas.
    let admitted = reader.client.is_some() && reader.may(Action::RosterSend) && reader.scope.contains(grid);
    let office = [Role::PopulationOffice, Role::DataSteward, Role::Officer].iter().any(|r| reader.is(*r));
    liaison || admitted || (office && reader.scope.contains(grid))
}

/// Whether a sent roster's comparison has failed: nothing happens to it any more until somebody decides.
pub(crate) async fn stands_still(q: &impl Query, roster: &Roster) -> Result<bool> {
    match roster.job_id {
        Some(job) if roster.state() == Some(State::Sent) => {
            Ok(jobs::find(q, &Reader::system(), job).await?.has_failed())
        }
        _ => Ok(false),
    }
}

/// One roster that the reader may send, change and withdraw.
pub(crate) async fn find_to_send(q: &impl Query, reader: &Reader, id: RosterId) -> Result<Roster> {
    let roster = find(q, reader, id).await?;
    if !may_send(reader, roster.employer_id, roster.employer_grid) {
        return Err(AppError::forbidden());
    }
    Ok(roster)
}

/// Rows in a chunk.
const CHUNK_ROWS: usize = 1_000;

#[derive(Serialize, Deserialize)]
struct Chunk {
    rows: Vec<StagedRow>,
}

/// A chunk or a row has no id of its own; the roster's with its number added keeps them from being exchanged.
pub(crate) fn place(roster: RosterId, number: i64) -> Uuid {
    Uuid::from_u128(roster.0.as_u128().wrapping_add(number as u128))
}

fn chunk_bind(id: RosterId, chunk: i64) -> Bind {
    Bind { table: "roster_chunk", column: "rows_sealed", row: place(id, chunk) }
}

/// Seals rows in chunks, each with the messages at its rows.
pub(crate) async fn insert_chunks(
    tx: &Tx,
    id: RosterId,
    key: &SubjectKey,
    rows: &[StagedRow],
    problems: &[Problem],
) -> Result<()> {
    let mut written = Vec::new();
    for (number, chunk) in (0i64..).zip(rows.chunks(CHUNK_ROWS)) {
        let (first, last) = (chunk.first().map_or(0, |r| r.row), chunk.last().map_or(0, |r| r.row));
        let of: Vec<&Problem> = problems.iter().filter(|p| (first..=last).contains(&p.row)).collect();
        let text = serde_json::to_string(&Chunk { rows: chunk.to_vec() })?;
        let sealed = key.seal(chunk_bind(id, number), &text);
        written.push(vals![tx.division(), id, number, sealed, serde_json::to_string(&of)?]);
    }
    let columns = &["division_code", "roster_id", "chunk", "rows_sealed", "problems"];
    tx.insert_many("roster_chunk", columns, written).await
}

#[derive(FromQueryResult)]
struct ChunkRow {
    chunk: i64,
    rows_sealed: Sealed,
    epoch: String,
    wrapped: WrappedKey,
}

async fn chunks(q: &impl Query, run: &MachineRun, id: RosterId) -> Result<Vec<(i64, Chunk)>> {
    let chunks: Vec<ChunkRow> = q
        .rows(
            "SELECT c.chunk, c.rows_sealed, k.epoch, k.wrapped FROM roster_chunk c
             JOIN subject_key k ON k.division_code = c.division_code AND k.subject_id = c.roster_id
             WHERE c.division_code = $1 AND c.roster_id = $2 ORDER BY c.chunk",
            vals![q.division(), id],
        )
        .await?;
    let mut opened = Vec::with_capacity(chunks.len());
    for c in chunks {
        let key = KeyRow { subject_id: id.0, epoch: c.epoch, wrapped: c.wrapped };
        let text = run.open(&key, &[(chunk_bind(id, c.chunk), &c.rows_sealed)])?;
        let text = text.first().ok_or_else(|| AppError::internal("one value was opened"))?;
        opened.push((c.chunk, serde_json::from_str(text.for_engine())?));
    }
    Ok(opened)
}

/// Opens the staged rows in a recorded run.
pub(crate) async fn open_chunks(q: &impl Query, run: &MachineRun, id: RosterId) -> Result<Vec<StagedRow>> {
    let chunks = chunks(q, run, id).await?;
    Ok(chunks.into_iter().flat_map(|(_, chunk)| chunk.rows).collect())
}

/// Changes staged rows in place; a chunk of which something was changed is sealed again.
pub(crate) async fn change_chunks(
    tx: &Tx,
    run: &MachineRun,
    id: RosterId,
    change: impl Fn(&mut [StagedRow]) -> u64,
) -> Result<()> {
    for (number, mut chunk) in chunks(tx, run, id).await? {
        if change(&mut chunk.rows) == 0 {
            continue;
        }
        let sealed = tx.key_of(id.0).await?.seal(chunk_bind(id, number), &serde_json::to_string(&chunk)?);
        let sql = "UPDATE roster_chunk SET rows_sealed = $4 WHERE division_code = $1 AND roster_id = $2 AND chunk = $3";
        tx.execute_one(sql, vals![tx.division(), id, number, sealed]).await?;
    }
    Ok(())
}

/// The messages at a roster's cells, in the order of the rows.
pub async fn problems(q: &impl Query, id: RosterId) -> Result<Vec<Problem>> {
    #[derive(FromQueryResult)]
    struct Row {
        problems: String,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT problems FROM roster_chunk WHERE division_code = $1 AND roster_id = $2 ORDER BY chunk",
            vals![q.division(), id],
        )
        .await?;
    let mut problems = Vec::new();
    for row in rows {
        problems.extend(serde_json::from_str::<Vec<Problem>>(&row.problems)?);
    }
    Ok(problems)
}

/// Removes the staged rows.
pub(crate) async fn clear_chunks(tx: &Tx, id: RosterId) -> Result<()> {
    clear(tx, "DELETE FROM roster_chunk WHERE division_code = $1 AND roster_id = $2", id).await
}

/// Removes the compared rows.
pub(crate) async fn clear_results(tx: &Tx, id: RosterId) -> Result<()> {
    clear(tx, "DELETE FROM roster_result WHERE division_code = $1 AND roster_id = $2", id).await
}

/// Removes the key: without it, no copy of the rows opens.
pub(crate) async fn clear_key(tx: &Tx, id: RosterId) -> Result<()> {
    clear(tx, "DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2", id).await
}

async fn clear(tx: &Tx, sql: &str, id: RosterId) -> Result<()> {
    tx.execute(sql, vals![tx.division(), id]).await?;
    Ok(())
}
