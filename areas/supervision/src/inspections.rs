//! Inspections from plan to report: *planned*, and *closed* with what the group has to say to the grids.

use linli_platform::{
    AppError, Result,
    access::{Action, Role},
    app::App,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_team::StaffId;
use linli_work::notices::{self, Arg, To, args};
use sea_orm::{FromQueryResult, Value};

use crate::{
    checks,
    codes::Mode,
    group::{self, Candidate},
    ids::InspectionId,
    suggestions::guarded,
};

/// The longest report.
pub const SUMMARY_MAX_CHARS: usize = 2_000;
/// Grids that one inspection takes at most.
pub const GRIDS_MAX: usize = 40;

/// An inspection.
#[derive(Debug, Clone, FromQueryResult)]
pub struct InspectionRow {
    /// Id.
    pub inspection_id: InspectionId,
    /// Code of its [`Mode`].
    pub mode: String,
    /// Its day.
    pub day: Day,
    /// `planned`, `closed` or `withdrawn`.
    pub state: String,
    /// The report.
    pub summary: String,
    /// When it was closed.
    pub closed_at: Option<At>,
    /// Grids inspected.
    pub grids: i64,
    /// Faults found.
    pub faults: i64,
    /// Of these not settled yet.
    pub unsettled: i64,
    /// Version.
    pub version: i64,
}

impl InspectionRow {
    /// Whether findings can still be noted.
    pub fn is_open(&self) -> bool {
        self.state == "planned"
    }
    /// Whether it was called off.
    pub fn is_withdrawn(&self) -> bool {
        self.state == "withdrawn"
    }
    /// Whether everything on the checklist is looked at.
    pub fn is_full(&self) -> bool {
        self.mode == Mode::Full.code()
    }
    /// Whether its day has come.
    pub fn has_come(&self, today: Day) -> bool {
        self.day <= today
    }
    /// Whether its day is over and it has no report.
    pub fn is_late(&self, today: Day) -> bool {
        self.is_open() && self.day < today
    }
}

/// Somebody of a group.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MemberRow {
    /// The account.
    pub account_id: Option<AccountId>,
    /// Name (R3).
    pub name: String,
    /// Post code.
    pub post: String,
}

/// A grid that is inspected.
#[derive(Debug, Clone, FromQueryResult)]
pub struct GridRow {
    /// Id.
    pub grid_id: GridId,
    /// Its name.
    pub name: String,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct NewInspection {
    /// How it looks.
    pub mode: Mode,
    /// The day.
    pub day: Day,
    /// The grids.
    pub grids: Vec<GridId>,
    /// The group.
    pub group: Vec<StaffId>,
}

pub(crate) fn subject(id: InspectionId) -> SubjectRef {
    SubjectRef::new("inspection", id, None)
}

/// Plans an inspection and tells its group.
///
/// # Errors
/// `inspection-day` for a day that is over; `inspection-grids` for none, too many or one that is not there; those of
/// [`check`](group::check) for the group.
pub async fn plan(app: &App, tx: &Tx, new: NewInspection) -> Result<InspectionId> {
    if new.day < tx.now().day() {
        return Err(AppError::rule("inspection-day"));
    }
    let all = linli_territory::all_grids(tx).await?;
    let grids: Vec<(GridId, String)> = all
        .into_iter()
        .filter(|g| new.grids.contains(&g.grid_id) && tx.reader().scope.contains(Some(g.grid_id)))
        .map(|g| (g.grid_id, g.committee_code))
        .collect();
    if grids.is_empty() || grids.len() != new.grids.len() || grids.len() > GRIDS_MAX {
        return Err(AppError::rule("inspection-grids").arg("max", GRIDS_MAX));
    }
    let candidates = group::candidates(tx, new.day).await?;
    let members: Vec<Candidate> = candidates.into_iter().filter(|c| new.group.contains(&c.staff_id)).collect();
    group::check(&app.pack, &members, &grids)?;
    let id: InspectionId = tx.new_id();
    write(tx, id, &new, &grids, &members).await?;
    let body = serde_json::json!({ "mode": new.mode.code(), "day": new.day, "grids": grids.len() });
    tx.event(NewEvent::new("inspection.planned", subject(id)).body(body)).await?;
    let told = args(&[("day", Arg::Day(new.day)), ("mode", Arg::Text(format!("inspection-mode-{}", new.mode)))]);
    for account in members.iter().filter_map(|m| m.account_id) {
        let href = format!("/inspections/{id}");
        notices::send(tx, To::Account(account), "notice-inspection-planned", &told, &href).await?;
    }
    Ok(id)
}

async fn write(
    tx: &Tx,
    id: InspectionId,
    new: &NewInspection,
    grids: &[(GridId, String)],
    members: &[Candidate],
) -> Result<()> {
    tx.insert_many(
        "inspection",
        &["division_code", "inspection_id", "mode", "day", "state", "summary", "account_id", "made_at", "version"],
        vec![vals![tx.division(), id, new.mode.code(), new.day, "planned", "", tx.reader().account, tx.now(), 1_i64]],
    )
    .await?;
    let rows = grids.iter().map(|(grid, _)| vals![tx.division(), id, *grid]).collect();
    tx.insert_many("inspection_grid", &["division_code", "inspection_id", "grid_id"], rows).await?;
    let row = |m: &Candidate| vals![tx.division(), id, m.staff_id, m.account_id, m.post.code()];
    let columns = ["division_code", "inspection_id", "staff_id", "account_id", "post"];
    tx.insert_many("inspection_member", &columns, members.iter().map(row).collect()).await
}

const COLUMNS: &str = "i.inspection_id, i.mode, i.day, i.state, i.summary, i.closed_at, i.version,
 (SELECT COUNT(*) FROM inspection_grid g WHERE g.division_code = i.division_code AND g.inspection_id = i.inspection_id)
   AS grids,
 (SELECT COUNT(*) FROM finding f WHERE f.division_code = i.division_code AND f.inspection_id = i.inspection_id
   AND f.kind = 'fault') AS faults,
 (SELECT COUNT(*) FROM finding f WHERE f.division_code = i.division_code AND f.inspection_id = i.inspection_id
   AND f.kind = 'fault' AND f.state <> 'settled') AS unsettled";

/// Inspections of grids in scope, and those whose group the account is in. A grid learns of one on its day (抽查).
fn seen(reader: &Reader, today: Day, values: &mut Vec<Value>) -> String {
    let scope = reader.scope.sql("s.grid_id", values);
    values.push(reader.account.into());
    let account = values.len();
    let mut known = String::new();
    if !reader.may(Action::InspectionPlan) {
        values.push(today.into());
        known = format!(" AND i.day <= ${}", values.len());
    }
    format!(
        "((EXISTS (SELECT 1 FROM inspection_grid s WHERE s.division_code = i.division_code
           AND s.inspection_id = i.inspection_id AND {scope}){known}) OR EXISTS (SELECT 1 FROM inspection_member s
           WHERE s.division_code = i.division_code AND s.inspection_id = i.inspection_id AND s.account_id = ${account}))"
    )
}

/// A page of those that are planned, or of those that are closed or were called off, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, open: bool, paging: &Paging) -> Result<(Vec<InspectionRow>, i64)> {
    let mut values = vals![q.division(), "planned"];
    let seen = seen(reader, q.store().clock().today(), &mut values);
    let sign = if open { "=" } else { "<>" };
    let condition = format!("i.division_code = $1 AND i.state {sign} $2 AND {seen}");
    let total = q.number(&format!("SELECT COUNT(*) FROM inspection i WHERE {condition}"), values.clone()).await?;
    let order = if open { "i.day" } else { "i.day DESC" };
    let sql = format!(
        "SELECT {COLUMNS} FROM inspection i WHERE {condition} ORDER BY {order}, i.inspection_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// One that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: InspectionId) -> Result<InspectionRow> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, q.store().clock().today(), &mut values);
    let sql =
        format!("SELECT {COLUMNS} FROM inspection i WHERE i.division_code = $1 AND i.inspection_id = $2 AND {seen}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// The group of an inspection. The caller has found it.
pub async fn members(q: &impl Query, id: InspectionId) -> Result<Vec<MemberRow>> {
    q.rows(
        "SELECT m.account_id, s.name, m.post FROM inspection_member m
         JOIN staff s ON s.division_code = m.division_code AND s.staff_id = m.staff_id
         WHERE m.division_code = $1 AND m.inspection_id = $2 ORDER BY m.post DESC, m.staff_id",
        vals![q.division(), id],
    )
    .await
}

/// The grids of an inspection. The caller has found it.
pub async fn grids(q: &impl Query, id: InspectionId) -> Result<Vec<GridRow>> {
    q.rows(
        "SELECT i.grid_id, g.name FROM inspection_grid i
         JOIN micro_grid g ON g.division_code = i.division_code AND g.grid_id = i.grid_id
         WHERE i.division_code = $1 AND i.inspection_id = $2 ORDER BY g.committee_code, g.code",
        vals![q.division(), id],
    )
    .await
}

/// Whether an account is in the group.
pub(crate) async fn is_member(q: &impl Query, id: InspectionId, account: AccountId) -> Result<bool> {
    let sql =
        "SELECT COUNT(*) FROM inspection_member WHERE division_code = $1 AND inspection_id = $2 AND account_id = $3";
    Ok(q.number(sql, vals![q.division(), id, account]).await? > 0)
}

/// Closes an inspection with its report; how many faults its grids have to put right. The grid leaders are told.
///
/// # Errors
/// `not-found`; `inspection-not-member` for somebody who is not in the group; `inspection-closed`; `inspection-not-yet`
/// before its day; `inspection-unlooked` with how much of the checklist a full one has not looked at;
/// `inspection-summary`, `free-text-number`, `free-text-word`; `stale-version`.
pub async fn close(app: &App, tx: &Tx, id: InspectionId, version: i64, summary: &str) -> Result<i64> {
    let row = find(tx, tx.reader(), id).await?;
    open_to_group(tx, &row).await?;
    let left = checks::left(tx, &app.pack, id).await?;
    if row.is_full() && left > 0 {
        return Err(AppError::rule("inspection-unlooked").arg("n", left));
    }
    let summary = guarded(summary, SUMMARY_MAX_CHARS, "inspection-summary")?;
    tx.execute_one(
        "UPDATE inspection SET state = 'closed', summary = $4, closed_at = $5, version = version + 1
         WHERE division_code = $1 AND inspection_id = $2 AND version = $3 AND state = 'planned'",
        vals![tx.division(), id, version, summary, tx.now()],
    )
    .await?;
    let body = serde_json::json!({ "faults": row.faults });
    tx.event(NewEvent::new("inspection.closed", subject(id)).version(version + 1).body(body)).await?;
    let told = args(&[("day", Arg::Day(row.day)), ("n", Arg::Number(row.faults))]);
    for grid in grids(tx, id).await? {
        let to = To::Role(Role::GridLeader, grid.grid_id);
        notices::send(tx, to, "notice-inspection-closed", &told, &format!("/inspections/{id}")).await?;
    }
    Ok(row.faults)
}

/// Calls an inspection off before anything was found; its group is told.
///
/// # Errors
/// `not-found`; `inspection-closed`; `inspection-begun` once something was noted; `stale-version`.
pub async fn withdraw(tx: &Tx, id: InspectionId, version: i64) -> Result<()> {
    let row = find(tx, tx.reader(), id).await?;
    if !row.is_open() {
        return Err(AppError::rule("inspection-closed"));
    }
    if checks::noted(tx, id).await? > 0 {
        return Err(AppError::rule("inspection-begun"));
    }
    tx.execute_one(
        "UPDATE inspection SET state = 'withdrawn', closed_at = $4, version = version + 1
         WHERE division_code = $1 AND inspection_id = $2 AND version = $3 AND state = 'planned'",
        vals![tx.division(), id, version, tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("inspection.withdrawn", subject(id)).version(version + 1)).await?;
    let told = args(&[("day", Arg::Day(row.day))]);
    for account in members(tx, id).await?.into_iter().filter_map(|m| m.account_id) {
        let href = format!("/inspections/{id}");
        notices::send(tx, To::Account(account), "notice-inspection-withdrawn", &told, &href).await?;
    }
    Ok(())
}

/// That the transaction's reader is in the group of an inspection whose day has come and which has no report yet.
pub(crate) async fn open_to_group(tx: &Tx, row: &InspectionRow) -> Result<()> {
    if !is_member(tx, row.inspection_id, tx.reader().account).await? {
        return Err(AppError::rule("inspection-not-member"));
    }
    if !row.is_open() {
        return Err(AppError::rule("inspection-closed"));
    }
    if row.has_come(tx.now().day()) { Ok(()) } else { Err(AppError::rule("inspection-not-yet")) }
}
