//! The steps in a part's life, each in the transaction of whoever takes it: rule, right, write, event, notice.

use linli_platform::{
    AppError, Result,
    access::{Action, Role},
    app::App,
    event::NewEvent,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_work::{Outcome, due_at, tasks};
use policy_pack::DeadlineId;
use sea_orm::Value;

use crate::{
    checks,
    codes::{Decision, Feedback, Level, PartState, Raise},
    guard,
    ids::PartId,
    levels::{self, acts_at},
    life::{self, Step},
    orders,
    parts::{self, ORIGIN, Part},
};

/// Whether the reader does the work of a part: acts at its level, or at the level that it has climbed to.
pub async fn may_handle(q: &impl Query, reader: &Reader, part: &Part) -> Result<bool> {
    if acts_at(q, reader, part.level(), &part.area).await? {
        return Ok(true);
    }
    if !part.has_climbed() || matches!(part.held(), Level::SubDistrict | Level::TaskForce) {
        return Ok(false);
    }
    above(q, reader, part, part.held(), part.held().roles()).await
}

/// Whether the reader acts at a level, in some of its roles, in the place that a part's place belongs to.
async fn above(q: &impl Query, reader: &Reader, part: &Part, level: Level, roles: &[Role]) -> Result<bool> {
    match levels::area_above(q, level, part).await? {
        Some(area) => levels::acts_as(q, reader, roles, level, &area).await,
        None => Ok(false),
    }
}

/// The roles of a committee's team that direct the grids: who works there does not close the own work.
const DIRECTING: [Role; 2] = [Role::Officer, Role::GridLeader];

/// Whether the reader sent a part down: whoever acts at the level of its parent, or the order's own office.
pub async fn may_end(q: &impl Query, reader: &Reader, part: &Part) -> Result<bool> {
    match part.level() {
        Level::PoliceTeam => Ok(orders::may_end(reader, part.check_id)),
        Level::Team => above(q, reader, part, Level::PoliceTeam, Level::PoliceTeam.roles()).await,
        _ => above(q, reader, part, Level::Team, &DIRECTING).await,
    }
}

/// A part for a step: seen by the reader, of the version that was seen, and where the step leads.
async fn begin(tx: &Tx, id: PartId, version: i64, step: Step) -> Result<(Part, PartState)> {
    let part = parts::find(tx, tx.reader(), id).await?;
    if part.version != version {
        return Err(AppError::stale());
    }
    let right = match step {
        Step::Close | Step::Return => may_end(tx, tx.reader(), &part).await?,
        _ => may_handle(tx, tx.reader(), &part).await?,
    };
    if !right {
        return Err(AppError::forbidden());
    }
    let open = part.open_below + checks::open_rows_of(tx, &part).await?;
    let next = life::after(part.level(), part.state(), open, step)?;
    Ok((part, next))
}

/// Writes a step: the new state, more columns as `name = $n` from `$5` on, and its event.
async fn write(
    tx: &Tx,
    part: &Part,
    next: PartState,
    set: &str,
    values: Vec<Value>,
    event: &'static str,
    body: serde_json::Value,
) -> Result<()> {
    let mut all = vals![tx.division(), part.part_id, part.version, next.code()];
    all.extend(values);
    let comma = if set.is_empty() { "" } else { ", " };
    let sql = format!(
        "UPDATE order_part SET state = $4{comma}{set}, version = version + 1
         WHERE division_code = $1 AND part_id = $2 AND version = $3"
    );
    tx.execute_one(&sql, all).await?;
    let mut event = NewEvent::new(event, part.subject()).version(part.version + 1);
    event.body = body;
    tx.event(event).await?;
    Ok(())
}

/// Receipt (签收): whoever does it owns the part from then on.
///
/// # Errors
/// `not-found`, `forbidden`, `stale-version`, `order-step`.
pub async fn receive(tx: &Tx, id: PartId, version: i64) -> Result<()> {
    let (part, next) = begin(tx, id, version, Step::Receive).await?;
    received(tx, &part, next).await
}

async fn received(tx: &Tx, part: &Part, next: PartState) -> Result<()> {
    let body = serde_json::json!({ "level": part.level, "late": part.receipt_due_at <= tx.now() });
    let set = "received_at = $5, received_by = $6, held_level = level";
    write(tx, part, next, set, vals![tx.now(), tx.reader().account], "order.received", body).await
}

/// Distribution (分派) to places of the level below; of a data check, to those its rows lie in. How many.
///
/// # Errors
/// Those of [`receive`]; `order-target` without a place or for one that does not belong here.
pub async fn distribute(app: &App, tx: &Tx, id: PartId, version: i64, areas: &[String]) -> Result<usize> {
    let (part, next) = begin(tx, id, version, Step::Distribute).await?;
    let below = part.level().below().ok_or_else(|| AppError::rule("order-level"))?;
    let order = orders::find(tx, &Reader::system(), part.order_id).await?;
    let targets = match part.check_id {
        Some(check) => checks::targets(tx, check, below, &part.area).await?,
        None => {
            let mut targets = Vec::with_capacity(areas.len());
            for area in areas {
                targets.push(levels::target(tx, below, Some(&part.area), area).await?);
            }
            targets
        }
    };
    if targets.is_empty() {
        return Err(AppError::rule("order-target"));
    }
    let body = serde_json::json!({ "level": part.level, "parts": targets.len() });
    let set = "distributed_at = COALESCE(distributed_at, $5)";
    write(tx, &part, next, set, vals![tx.now()], "order.distributed", body).await?;
    for target in &targets {
        parts::send_down(app, tx, &order, Some(&part), below, target).await?;
        if let (Some(check), Some(grid)) = (part.check_id, target.grid_id) {
            checks::begin_visits(app, tx, check, grid).await?;
        }
    }
    Ok(targets.len())
}

/// Feedback (反馈): coded, with a note that passes the guard. A grid's task ends with it.
///
/// # Errors
/// Those of [`receive`]; `order-open-parts`; `order-feedback` for a code that a level cannot say of itself; those of
/// the guard.
pub async fn answer(tx: &Tx, id: PartId, version: i64, feedback: Feedback, note: &str) -> Result<()> {
    let (part, next) = begin(tx, id, version, Step::Answer).await?;
    if !Feedback::own().contains(&feedback) {
        return Err(AppError::rule("order-feedback"));
    }
    let note = note.trim();
    guard::check(note, guard::NOTE_CHARS)?;
    answered(tx, &part, next, feedback, note).await
}

async fn answered(tx: &Tx, part: &Part, next: PartState, feedback: Feedback, note: &str) -> Result<()> {
    let body = serde_json::json!({ "level": part.level, "outcome": feedback.code(), "late": part.due_at <= tx.now() });
    let set = "answered_at = $5, answered_by = $6, feedback = $7, note = $8, held_level = level, raised = NULL";
    let values = vals![tx.now(), tx.reader().account, feedback.code(), note];
    write(tx, part, next, set, values, "order.answered", body).await?;
    if part.grid_id.is_some() {
        let outcome = if feedback == Feedback::NotPossible { Outcome::NotSettled } else { Outcome::Confirmed };
        tasks::end_of_origin(tx, ORIGIN, part.part_id.0, outcome).await?;
    }
    tell_sender(tx, part, "notice-order-answered").await
}

/// The work of a grid's part of a data check is done: its feedback follows from its rows.
pub(crate) async fn answer_by_work(tx: &Tx, part: &Part) -> Result<()> {
    let mut part = part.clone();
    if part.state() == PartState::Waiting {
        received(tx, &part, PartState::Received).await?;
        part = parts::find(tx, &Reader::system(), part.part_id).await?;
    }
    match life::after(part.level(), part.state(), part.open_below, Step::Answer) {
        Ok(next) => answered(tx, &part, next, Feedback::Done, "").await,
        // It was answered before, and a row came after.
        Err(_) => Ok(()),
    }
}

/// Closing (办结) by whoever sent it down.
///
/// # Errors
/// Those of [`receive`]; `order-open-parts`.
pub async fn close(tx: &Tx, id: PartId, version: i64) -> Result<()> {
    let (part, next) = begin(tx, id, version, Step::Close).await?;
    let body = serde_json::json!({ "level": part.level, "outcome": part.feedback });
    let set = "closed_at = $5, closed_by = $6";
    write(tx, &part, next, set, vals![tx.now(), tx.reader().account], "order.part-closed", body).await
}

/// Closes every answered part below one, or of an order's highest level. How many.
///
/// # Errors
/// `not-found`; `forbidden`.
pub async fn close_answered(tx: &Tx, below: &[Part]) -> Result<usize> {
    let mut closed = 0;
    for part in below.iter().filter(|p| p.state() == PartState::Answered) {
        close(tx, part.part_id, part.version).await?;
        closed += 1;
    }
    Ok(closed)
}

/// Sent back (退回) by whoever sent it down: it is to be done again, in the time that is left or a new one.
///
/// # Errors
/// Those of [`receive`]; `workday-year`.
pub async fn send_back(app: &App, tx: &Tx, id: PartId, version: i64) -> Result<()> {
    let (part, next) = begin(tx, id, version, Step::Return).await?;
    let due = part.due_at.max(due_at(&app.pack, &app.calendar, DeadlineId::OrderReceipt, tx.now())?);
    let set = "answered_at = NULL, answered_by = NULL, feedback = NULL, due_at = $5, due_climbed = $6";
    let body = serde_json::json!({ "level": part.level });
    write(tx, &part, next, set, vals![due, false], "order.returned", body).await?;
    if let Some(grid) = part.grid_id.filter(|_| part.check_id.is_none()) {
        parts::open_task(tx, part.part_id, grid, due).await?;
    }
    let href = part.href();
    levels::tell(tx, part.level(), &part.area, "notice-order-returned", &part.notice_args(), &href).await?;
    Ok(())
}

/// Transfer elsewhere (转出): to another place of the same level, which gets a part of its own, or, without a place, out
/// of the sub-district. Rows of a data check go elsewhere one by one instead.
///
/// # Errors
/// Those of [`receive`]; `order-target`; `order-open-parts`.
pub async fn transfer(app: &App, tx: &Tx, id: PartId, version: i64, to: Option<&str>) -> Result<Option<PartId>> {
    let (part, next) = begin(tx, id, version, Step::Transfer).await?;
    if part.check_id.is_some() || to == Some(part.area.as_str()) {
        return Err(AppError::rule("order-target"));
    }
    let target = match to {
        Some(area) => Some(levels::target(tx, part.level(), None, area).await?),
        None => None,
    };
    let body = serde_json::json!({ "level": part.level, "outside": target.is_none() });
    let set = "closed_at = $5, closed_by = $6";
    write(tx, &part, next, set, vals![tx.now(), tx.reader().account], "order.transferred", body).await?;
    tasks::overtake(tx, ORIGIN, part.part_id.0).await?;
    let Some(target) = target else {
        tell_sender(tx, &part, "notice-order-elsewhere").await?;
        return Ok(None);
    };
    let order = orders::find(tx, &Reader::system(), part.order_id).await?;
    let parent = match part.parent_id {
        Some(parent) => Some(parts::find(tx, &Reader::system(), parent).await?),
        None => None,
    };
    let new = parts::send_down(app, tx, &order, parent.as_ref(), part.level(), &target).await?;
    tx.execute_one(
        "UPDATE order_part SET came_from = $3 WHERE division_code = $1 AND part_id = $2",
        vals![tx.division(), new, part.part_id],
    )
    .await?;
    tell_sender(tx, &part, "notice-order-elsewhere").await?;
    Ok(Some(new))
}

/// To the task force (提请专班): what a team cannot settle.
///
/// # Errors
/// Those of [`receive`]; `order-step` if it waits for the task force already.
pub async fn raise(tx: &Tx, id: PartId, version: i64, reason: Raise) -> Result<()> {
    let (part, next) = begin(tx, id, version, Step::Raise).await?;
    if part.raised.is_some() {
        return Err(AppError::rule("order-step"));
    }
    let body = serde_json::json!({ "level": part.level, "reason": reason.code() });
    let set = "held_level = 'task-force', raised = $5";
    write(tx, &part, next, set, vals![reason.code()], "order.raised", body).await?;
    levels::tell(tx, Level::TaskForce, "", "notice-order-raised", &part.notice_args(), &part.href()).await?;
    Ok(())
}

/// What the task force decides of a part that it holds.
///
/// # Errors
/// `forbidden`; `not-found`; `stale-version`; `order-step` if it does not hold it; `order-open-parts`.
pub async fn decide(app: &App, tx: &Tx, id: PartId, version: i64, decision: Decision) -> Result<()> {
    let part = parts::find(tx, tx.reader(), id).await?;
    if !tx.reader().may(Action::OrderSettle) {
        return Err(AppError::forbidden());
    }
    if part.version != version {
        return Err(AppError::stale());
    }
    if part.held() != Level::TaskForce || !part.is_open() {
        return Err(AppError::rule("order-step"));
    }
    match decision {
        Decision::Settled => {
            let open = part.open_below + checks::open_rows_of(tx, &part).await?;
            // A part that nobody receipted is settled all the same: the task force has done it.
            let from = if part.state() == PartState::Waiting { PartState::Received } else { part.state() };
            let next = life::after(part.level(), from, open, Step::Answer)?;
            answered(tx, &part, next, Feedback::Settled, "").await
        }
        Decision::GoOn => {
            let due = due_at(&app.pack, &app.calendar, DeadlineId::OrderClosing, tx.now())?;
            let receipt = due_at(&app.pack, &app.calendar, DeadlineId::OrderReceipt, tx.now())?;
            let set = "held_level = level, raised = NULL, due_at = $5, receipt_due_at = $6, receipt_climbed = $7,
                       due_climbed = $8";
            let body = serde_json::json!({ "level": part.level });
            let values = vals![due, receipt, false, false];
            write(tx, &part, part.state(), set, values, "order.instructed", body).await?;
            let href = part.href();
            levels::tell(tx, part.level(), &part.area, "notice-order-instructed", &part.notice_args(), &href).await?;
            Ok(())
        }
    }
}

/// Tells whoever sent a part down: the owner of the part above, or of the order.
async fn tell_sender(tx: &Tx, part: &Part, key: &'static str) -> Result<()> {
    use linli_work::notices::{self, To};
    let (to, href) = match part.parent_id {
        Some(parent) => {
            let sql = "SELECT received_by AS account_id FROM order_part WHERE division_code = $1 AND part_id = $2";
            (owner(tx, sql, parent.0).await?, format!("/order-parts/{parent}"))
        }
        None => {
            let sql = "SELECT account_id FROM work_order WHERE division_code = $1 AND order_id = $2";
            (owner(tx, sql, part.order_id.0).await?, format!("/orders/{}", part.order_id))
        }
    };
    if let Some(account) = to {
        notices::send(tx, To::Account(account), key, &part.notice_args(), &href).await?;
    }
    Ok(())
}

async fn owner(tx: &Tx, sql: &str, id: uuid::Uuid) -> Result<Option<linli_platform::ids::AccountId>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        account_id: Option<linli_platform::ids::AccountId>,
    }
    let row: Option<Row> = tx.row(sql, vals![tx.division(), id]).await?;
    Ok(row.and_then(|r| r.account_id))
}
