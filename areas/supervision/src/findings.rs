//! What an inspection finds (督查发现): faults by the policy pack's checklist, and praise. The subject of an item is
//! premises, work or an organisation (boundary 8); records that were checked are counted, never kept.

use linli_platform::{
    AppError, Result,
    access::Role,
    app::App,
    clock::At,
    deadline,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_work::{
    TaskKind,
    notices::{self, Arg, To, args},
    tasks::{self, NewTask},
};
use policy_pack::{CheckItem, DeadlineId, Pack};
use sea_orm::{FromQueryResult, Value};

use crate::{
    codes::{FindingKind, FindingState},
    ids::{FindingId, InspectionId},
    inspections,
    suggestions::guarded,
};

/// The longest text of a finding.
pub const WORDS_MAX_CHARS: usize = 300;
/// The most records that one finding counts.
pub const RECORDS_MAX: i64 = 10_000;
/// Within so many days the same fault in the same grid is a repeat: half an assessment year.
const REPEAT_DAYS: i64 = 183;
/// The kind of origin of a finding's task.
pub const ORIGIN: &str = "finding";

/// A finding.
#[derive(Debug, Clone, FromQueryResult)]
pub struct FindingRow {
    /// Id.
    pub finding_id: FindingId,
    /// The inspection.
    pub inspection_id: InspectionId,
    /// Where.
    pub grid_id: GridId,
    /// The grid's name.
    pub grid_name: Option<String>,
    /// Code of its [`FindingKind`].
    pub kind: String,
    /// Id of the checklist's item.
    pub item: String,
    /// So many records were affected; 0 where the item counts none.
    pub records: i64,
    /// What was seen.
    pub words: String,
    /// Whether it goes up at once.
    pub serious: bool,
    /// The how manieth time it was found in this grid.
    pub time_found: i64,
    /// Whether it was raised to the task force.
    pub raised: bool,
    /// Code of its [`FindingState`].
    pub state: String,
    /// By when it is to be put right.
    pub due_at: Option<At>,
    /// What the grid says it did.
    pub feedback: String,
    /// When the grid said so.
    pub corrected_at: Option<At>,
    /// How often it was sent back.
    pub sent_back: i64,
    /// When it was settled.
    pub settled_at: Option<At>,
    /// When it was found.
    pub made_at: At,
    /// Version.
    pub version: i64,
}

impl FindingRow {
    /// Its state.
    pub fn state(&self) -> FindingState {
        FindingState::from_code(&self.state).unwrap_or(FindingState::Noted)
    }
    /// Whether it is to be put right and its time is over.
    pub fn is_late(&self, now: At) -> bool {
        self.state() == FindingState::Open && self.due_at.is_some_and(|due| due < now)
    }
    pub(crate) fn subject(&self) -> SubjectRef {
        subject(self.finding_id, self.grid_id)
    }
}

pub(crate) fn subject(id: FindingId, grid: GridId) -> SubjectRef {
    SubjectRef::new("finding", id, Some(grid))
}

/// A finding about to be noted.
#[derive(Debug, Clone)]
pub struct NewFinding {
    /// Fault or praise.
    pub kind: FindingKind,
    /// Where.
    pub grid: GridId,
    /// Id of the checklist's item.
    pub item: String,
    /// Records affected.
    pub records: i64,
    /// What was seen.
    pub words: String,
    /// Whether the group holds it for serious; some items always are.
    pub serious: bool,
}

/// An item of the pack's checklist.
pub fn item<'a>(pack: &'a Pack, id: &str) -> Option<&'a CheckItem> {
    pack.work.checklist.iter().find(|i| i.id == id)
}

/// Notes a finding in the name of the group. A fault becomes a task of the grid with the pack's deadline; what is serious,
/// and what is found as often as the pack says, goes up to the task force.
///
/// # Errors
/// `not-found`; `inspection-not-member`, `inspection-closed`, `inspection-not-yet`; `finding-grid` for a grid that is not
/// inspected; `finding-item`; `finding-records`; `finding-words`, `free-text-number`, `free-text-word`.
pub async fn note(app: &App, tx: &Tx, id: InspectionId, new: NewFinding) -> Result<FindingId> {
    let inspection = inspections::find(tx, tx.reader(), id).await?;
    inspections::open_to_group(tx, &inspection).await?;
    let item = item(&app.pack, &new.item).ok_or_else(|| AppError::rule("finding-item"))?;
    if inspections::grids(tx, id).await?.iter().all(|g| g.grid_id != new.grid) {
        return Err(AppError::rule("finding-grid"));
    }
    if !(0..=RECORDS_MAX).contains(&new.records) || (new.records > 0) != (item.counts_records && is_fault(&new)) {
        return Err(AppError::rule("finding-records").arg("max", RECORDS_MAX));
    }
    let words = guarded(&new.words, WORDS_MAX_CHARS, "finding-words")?.to_owned();
    let finding: FindingId = tx.new_id();
    let times = if is_fault(&new) { found_before(tx, id, &new).await? + 1 } else { 1 };
    let serious = is_fault(&new) && (new.serious || item.serious);
    let repeated = times >= i64::from(*app.pack.work.supervision.repeats_that_escalate);
    let raised = is_fault(&new) && (serious || repeated);
    let due_at = match is_fault(&new) {
        true => Some(deadline::due_at(&app.pack, &app.calendar, DeadlineId::SupervisionCorrection, tx.now())?),
        false => None,
    };
    insert(tx, finding, id, &new, &words, (serious, times, raised), due_at).await?;
    let body = serde_json::json!({
        "kind": new.kind.code(), "item": new.item, "records": new.records, "time": times, "raised": raised
    });
    tx.event(NewEvent::new("finding.noted", subject(finding, new.grid)).body(body)).await?;
    if let Some(due_at) = due_at {
        tasks::open_many(tx, vec![task(finding, new.grid, due_at)]).await?;
    }
    if raised {
        raise(tx, finding, &new, times).await?;
    }
    Ok(finding)
}

fn is_fault(new: &NewFinding) -> bool {
    new.kind == FindingKind::Fault
}

/// In how many earlier inspections the same fault was found in the grid, within the days in which repeats count. Two
/// missing signs seen on the same day are no repeat.
async fn found_before(tx: &Tx, now: InspectionId, new: &NewFinding) -> Result<i64> {
    let since = tx.now().day().plus_days(-REPEAT_DAYS).start();
    let sql =
        "SELECT COUNT(DISTINCT inspection_id) FROM finding WHERE division_code = $1 AND grid_id = $2 AND item = $3
               AND kind = 'fault' AND made_at >= $4 AND inspection_id <> $5";
    tx.number(sql, vals![tx.division(), new.grid, new.item.as_str(), since, now]).await
}

async fn insert(
    tx: &Tx,
    id: FindingId,
    inspection: InspectionId,
    new: &NewFinding,
    words: &str,
    (serious, times, raised): (bool, i64, bool),
    due_at: Option<At>,
) -> Result<()> {
    let state = if due_at.is_some() { FindingState::Open } else { FindingState::Noted };
    let account: AccountId = tx.reader().account;
    let columns = [
        "division_code",
        "finding_id",
        "inspection_id",
        "grid_id",
        "kind",
        "item",
        "records",
        "words",
        "serious",
        "time_found",
        "raised",
        "state",
        "due_at",
        "feedback",
        "sent_back",
        "made_at",
        "made_by",
        "version",
    ];
    let row = vals![
        tx.division(),
        id,
        inspection,
        new.grid,
        new.kind.code(),
        new.item.as_str(),
        new.records,
        words,
        serious,
        times,
        raised,
        state.code(),
        due_at,
        "",
        0_i64,
        tx.now(),
        account,
        1_i64
    ];
    tx.insert_many("finding", &columns, vec![row]).await
}

/// The task by which a grid puts a fault right.
pub(crate) fn task(finding: FindingId, grid: GridId, due_at: At) -> NewTask {
    NewTask {
        kind: TaskKind::FindingCorrection,
        subject: subject(finding, grid),
        home_id: None,
        grid,
        origin_kind: ORIGIN,
        origin_id: finding.0,
        due_at: Some(due_at),
        masked_note: String::new(),
        sealed_note: None,
    }
}

/// Tells the task force and the police-team leader.
async fn raise(tx: &Tx, id: FindingId, new: &NewFinding, times: i64) -> Result<()> {
    tx.event(NewEvent::new("finding.raised", subject(id, new.grid)).body(serde_json::json!({ "time": times }))).await?;
    let names = linli_territory::all_grids(tx).await?;
    let name = names.into_iter().find(|g| g.grid_id == new.grid).map(|g| g.name).unwrap_or_default();
    let told = args(&[("grid", Arg::Name(name)), ("n", Arg::Number(times))]);
    for role in [Role::TaskForce, Role::TeamLeader] {
        notices::send(tx, To::Role(role, new.grid), "notice-finding-raised", &told, &format!("/findings/{id}")).await?;
    }
    Ok(())
}

const COLUMNS: &str =
    "f.finding_id, f.inspection_id, f.grid_id, g.name AS grid_name, f.kind, f.item, f.records, f.words,
 f.serious, f.time_found, f.raised, f.state, f.due_at, f.feedback, f.corrected_at, f.sent_back, f.settled_at, f.made_at,
 f.version";
const JOIN: &str = "LEFT JOIN micro_grid g ON g.division_code = f.division_code AND g.grid_id = f.grid_id";

/// Findings of grids in scope, and those of the own inspections.
pub(crate) fn seen(reader: &Reader, values: &mut Vec<Value>) -> String {
    let scope = reader.scope.sql("f.grid_id", values);
    values.push(reader.account.into());
    format!(
        "({scope} OR EXISTS (SELECT 1 FROM inspection_member m WHERE m.division_code = f.division_code
           AND m.inspection_id = f.inspection_id AND m.account_id = ${}))",
        values.len()
    )
}

/// The findings of an inspection that the reader sees.
pub async fn of_inspection(q: &impl Query, reader: &Reader, id: InspectionId) -> Result<Vec<FindingRow>> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM finding f {JOIN} WHERE f.division_code = $1 AND f.inspection_id = $2 AND {seen}
         ORDER BY f.made_at, f.finding_id"
    );
    q.rows(&sql, values).await
}

/// The faults in the reader's grids that are not settled, those due first.
pub async fn of_grids(q: &impl Query, reader: &Reader, limit: u16) -> Result<Vec<FindingRow>> {
    let mut values = vals![q.division()];
    let seen = seen(reader, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM finding f {JOIN} WHERE f.division_code = $1 AND f.state IN ('open', 'corrected') AND {seen}
         ORDER BY f.due_at, f.finding_id LIMIT {limit}"
    );
    q.rows(&sql, values).await
}

/// One that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: FindingId) -> Result<FindingRow> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, &mut values);
    let sql =
        format!("SELECT {COLUMNS} FROM finding f {JOIN} WHERE f.division_code = $1 AND f.finding_id = $2 AND {seen}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}
