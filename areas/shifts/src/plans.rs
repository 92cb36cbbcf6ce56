//! A week's plan from draft to the leader's note: *drafted*, *filed*, *acknowledged*; late where it was not filed a week
//! ahead.

use linli_platform::{
    AppError, Result,
    access::Role,
    app::App,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_team::StaffId;
use linli_work::notices::{self, Arg, To, args};
use policy_pack::Pack;
use sea_orm::{FromQueryResult, Value};

use crate::{
    cell::Cell,
    ids::PlanId,
    people::{Member, Staffing},
    rules::{self, Planned, Told},
    visits,
};

/// A plan.
#[derive(Debug, Clone, FromQueryResult)]
pub struct PlanRow {
    /// Id.
    pub plan_id: PlanId,
    /// The committee whose team it is for.
    pub committee_code: String,
    /// Its name.
    pub committee_name: Option<String>,
    /// The week's Monday.
    pub monday: Day,
    /// `drafted`, `filed`, `acknowledged`.
    pub state: String,
    /// How many rules it broke when it was filed.
    pub broken: i64,
    /// When it was filed.
    pub filed_at: Option<At>,
    /// When the leader took note.
    pub acknowledged_at: Option<At>,
    /// Version.
    pub version: i64,
}

impl PlanRow {
    /// Whether it is not filed.
    pub fn is_draft(&self) -> bool {
        self.state == "drafted"
    }
    /// Whether its week has begun.
    pub fn has_begun(&self, today: Day) -> bool {
        self.monday <= today
    }
    /// Whether it was filed after its day, or is not and its day is over.
    pub fn is_late(&self, pack: &Pack, today: Day) -> bool {
        self.filed_at.map_or(today, At::day) > rules::file_by(pack, self.monday)
    }
    /// The day by which its rules judge the filing: when it was filed, or today.
    pub fn filed_on(&self, today: Day) -> Day {
        self.filed_at.map_or(today, At::day)
    }
    /// The plan as the subject of events.
    pub(crate) fn subject(&self) -> SubjectRef {
        subject(self.plan_id)
    }
}

fn subject(id: PlanId) -> SubjectRef {
    SubjectRef::new("shift-plan", id, None)
}

const COLUMNS: &str = "p.plan_id, p.committee_code, c.name AS committee_name, p.monday, p.state, p.broken, p.filed_at,
 p.acknowledged_at, p.version";
const JOIN: &str = "LEFT JOIN committee c ON c.division_code = p.division_code AND c.committee_code = p.committee_code";

/// Plans of the committees whose grids lie in the reader's scope.
fn seen(reader: &Reader, values: &mut Vec<Value>) -> String {
    let scope = reader.scope.sql("g.grid_id", values);
    format!(
        "EXISTS (SELECT 1 FROM micro_grid g WHERE g.division_code = p.division_code
           AND g.committee_code = p.committee_code AND g.until_day IS NULL AND {scope})"
    )
}

/// The plans of a week that the reader sees, by committee.
pub async fn of_week(q: &impl Query, reader: &Reader, monday: Day) -> Result<Vec<PlanRow>> {
    let mut values = vals![q.division(), monday];
    let seen = seen(reader, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM shift_week p {JOIN} WHERE p.division_code = $1 AND p.monday = $2 AND {seen}
         ORDER BY p.committee_code"
    );
    q.rows(&sql, values).await
}

/// One plan that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: PlanId) -> Result<PlanRow> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, &mut values);
    let sql =
        format!("SELECT {COLUMNS} FROM shift_week p {JOIN} WHERE p.division_code = $1 AND p.plan_id = $2 AND {seen}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// The plan of a committee's week, whoever asks: for the people who stand in it.
pub(crate) async fn of_team(q: &impl Query, committee: &str, monday: Day) -> Result<Option<PlanRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM shift_week p {JOIN} WHERE p.division_code = $1 AND p.committee_code = $2 AND p.monday = $3"
    );
    q.row(&sql, vals![q.division(), committee, monday]).await
}

/// A cell as it is stored.
#[derive(Debug, Clone, FromQueryResult)]
pub struct TurnRow {
    /// Who.
    pub staff_id: StaffId,
    /// When.
    pub day: Day,
    /// What was planned.
    pub cell: String,
    /// What was worked, once the colleague has said so.
    pub worked: Option<String>,
}

impl TurnRow {
    /// What was planned.
    pub fn cell(&self) -> Cell {
        Cell::from_code(&self.cell).unwrap_or(Cell::Off)
    }
    /// What was worked, if it was confirmed.
    pub fn worked(&self) -> Option<Cell> {
        self.worked.as_deref().and_then(Cell::from_code)
    }
}

/// The cells of a plan. The caller has found the plan.
pub async fn turns(q: &impl Query, id: PlanId) -> Result<Vec<TurnRow>> {
    let sql = "SELECT staff_id, day, cell, worked FROM shift_turn WHERE division_code = $1 AND plan_id = $2
               ORDER BY staff_id, day";
    q.rows(sql, vals![q.division(), id]).await
}

/// The planned cells alone.
pub fn planned(turns: &[TurnRow]) -> Vec<Planned> {
    turns.iter().filter(|t| t.cell() != Cell::Off).map(|t| (t.staff_id, t.day, t.cell())).collect()
}

/// Begins the plan of a week for a committee's team; the one that is there if somebody was faster.
///
/// # Errors
/// `shift-week` for a day that is no Monday or a week that has begun; `not-found` for a committee outside the scope.
pub async fn draft(tx: &Tx, committee: &str, monday: Day) -> Result<PlanId> {
    let today = tx.now().day();
    if monday != rules::monday_of(monday) || monday <= today {
        return Err(AppError::rule("shift-week"));
    }
    let id: PlanId = tx.new_id();
    tx.execute(
        "INSERT INTO shift_week (division_code, plan_id, committee_code, monday, state, broken, made_at, version)
         VALUES ($1, $2, $3, $4, 'drafted', 0, $5, 1) ON CONFLICT (division_code, committee_code, monday) DO NOTHING",
        vals![tx.division(), id, committee, monday, tx.now()],
    )
    .await?;
    let there = of_team(tx, committee, monday).await?.ok_or_else(AppError::not_found)?;
    // Outside the scope it does not exist, and what was just written goes with the transaction.
    let plan = find(tx, tx.reader(), there.plan_id).await?;
    tx.housekeeping("a plan that was there already");
    if plan.plan_id == id {
        let body = serde_json::json!({ "committee": committee, "monday": monday });
        tx.event(NewEvent::new("shift.drafted", plan.subject()).body(body)).await?;
    }
    Ok(plan.plan_id)
}

/// Writes the cells of a plan before its week begins. A plan that was filed is a draft again and is filed anew.
///
/// # Errors
/// `not-found`; `shift-begun`; `shift-known` for somebody or a day that is not in the plan; `stale-version`.
pub async fn save(tx: &Tx, id: PlanId, version: i64, members: &[Member], cells: &[Planned]) -> Result<()> {
    let plan = find(tx, tx.reader(), id).await?;
    if plan.has_begun(tx.now().day()) {
        return Err(AppError::rule("shift-begun"));
    }
    let week = rules::days(plan.monday);
    let known = |(who, day, _): &Planned| members.iter().any(|m| m.staff_id == *who) && week.contains(day);
    if !cells.iter().all(known) {
        return Err(AppError::rule("shift-known"));
    }
    tx.execute_one(
        "UPDATE shift_week SET state = 'drafted', filed_at = NULL, acknowledged_at = NULL, broken = 0,
         version = version + 1 WHERE division_code = $1 AND plan_id = $2 AND version = $3",
        vals![tx.division(), id, version],
    )
    .await?;
    tx.execute("DELETE FROM shift_turn WHERE division_code = $1 AND plan_id = $2", vals![tx.division(), id]).await?;
    write(tx, id, cells).await?;
    // What was offered rested on cells that may be gone.
    tx.execute(
        "UPDATE shift_swap SET state = 'overtaken', ended_at = $3, version = version + 1
         WHERE division_code = $1 AND plan_id = $2 AND state = 'offered'",
        vals![tx.division(), id, tx.now()],
    )
    .await?;
    let body = serde_json::json!({ "cells": cells.len() });
    tx.event(NewEvent::new("shift.changed", plan.subject()).version(version + 1).body(body)).await?;
    Ok(())
}

pub(crate) async fn write(tx: &Tx, id: PlanId, cells: &[Planned]) -> Result<()> {
    let filled = cells.iter().filter(|(.., cell)| *cell != Cell::Off);
    let rows = filled.map(|(who, day, cell)| vals![tx.division(), id, *who, *day, cell.code()]).collect();
    tx.insert_many("shift_turn", &["division_code", "plan_id", "staff_id", "day", "cell"], rows).await
}

/// What a plan breaks now.
pub async fn broken(app: &App, q: &impl Query, plan: &PlanRow, members: &[Member]) -> Result<Vec<Told>> {
    let cells = planned(&turns(q, plan.plan_id).await?);
    let today = q.store().clock().today();
    rules::check(&app.pack, &app.calendar, plan.monday, members, &cells, plan.filed_on(today))
}

/// Files a plan with the police-team leader. Broken rules do not keep it back, but whoever files it says that they are
/// known (`knowingly`).
///
/// # Errors
/// `not-found`; `shift-begun`; `shift-filed`; `shift-empty`; `shift-broken` with how many rules are broken unless
/// `knowingly`; `stale-version`.
pub async fn file(app: &App, tx: &Tx, id: PlanId, version: i64, knowingly: bool) -> Result<usize> {
    let plan = find(tx, tx.reader(), id).await?;
    if plan.has_begun(tx.now().day()) {
        return Err(AppError::rule("shift-begun"));
    }
    if !plan.is_draft() {
        return Err(AppError::rule("shift-filed"));
    }
    let staffing = Staffing::on(tx, plan.monday).await?;
    let cells = planned(&turns(tx, id).await?);
    if !cells.iter().any(|(.., cell)| cell.is_shift()) {
        return Err(AppError::rule("shift-empty"));
    }
    let members = staffing.of(&plan.committee_code);
    let broken = rules::check(&app.pack, &app.calendar, plan.monday, members, &cells, tx.now().day())?;
    if !broken.is_empty() && !knowingly {
        return Err(AppError::rule("shift-broken").arg("n", broken.len()));
    }
    tx.execute_one(
        "UPDATE shift_week SET state = 'filed', filed_at = $4, broken = $5, version = version + 1
         WHERE division_code = $1 AND plan_id = $2 AND version = $3 AND state = 'drafted'",
        vals![tx.division(), id, version, tx.now(), i64::try_from(broken.len()).unwrap_or(i64::MAX)],
    )
    .await?;
    let codes: Vec<&str> = broken.iter().map(|b| b.code).collect();
    let body = serde_json::json!({ "broken": codes, "monday": plan.monday });
    tx.event(NewEvent::new("shift.filed", plan.subject()).version(version + 1).body(body)).await?;
    visits::reach(app, tx, plan.monday, members, &cells).await?;
    if let Some(grid) = staffing.first_grid(&plan.committee_code) {
        let told = told(&plan, broken.len());
        let href = format!("/shifts/plans/{id}");
        notices::send(tx, To::Role(Role::TeamLeader, grid), "notice-shift-filed", &told, &href).await?;
    }
    Ok(broken.len())
}

fn told(plan: &PlanRow, broken: usize) -> notices::Args {
    args(&[
        ("committee", Arg::Name(plan.committee_name.clone().unwrap_or_default())),
        ("monday", Arg::Day(plan.monday)),
        ("broken", Arg::Number(i64::try_from(broken).unwrap_or(i64::MAX))),
    ])
}

/// The police-team leader takes note of a plan.
///
/// # Errors
/// `not-found`; `shift-not-filed`; `stale-version`.
pub async fn acknowledge(tx: &Tx, id: PlanId, version: i64) -> Result<()> {
    let plan = find(tx, tx.reader(), id).await?;
    if plan.state != "filed" {
        return Err(AppError::rule("shift-not-filed"));
    }
    tx.execute_one(
        "UPDATE shift_week SET state = 'acknowledged', acknowledged_at = $4, version = version + 1
         WHERE division_code = $1 AND plan_id = $2 AND version = $3 AND state = 'filed'",
        vals![tx.division(), id, version, tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("shift.acknowledged", plan.subject()).version(version + 1)).await?;
    Ok(())
}
