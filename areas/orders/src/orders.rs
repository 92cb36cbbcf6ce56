//! Orders (指令, R20): drafted, issued, closed by the offices; what happens between is in their parts.

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    reader::{Reader, Scope},
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_work::due_at;
use policy_pack::DeadlineId;
use sea_orm::{FromQueryResult, Value};

use crate::{
    brought,
    codes::{Level, OrderKind, OrderState},
    guard,
    ids::{CheckId, OrderId},
    levels, parts,
};

/// What is written of an order.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Its kind.
    pub kind: OrderKind,
    /// Its text, which passes the guard.
    pub text: String,
}

impl NewOrder {
    /// # Errors
    /// `order-text-empty`, those of the guard, `order-kind` for what the program alone makes.
    pub(crate) fn check(&self) -> Result<String> {
        if self.kind == OrderKind::DataCheck {
            return Err(AppError::rule("order-kind"));
        }
        let text = self.text.trim();
        if text.is_empty() {
            return Err(AppError::rule("order-text-empty"));
        }
        guard::check(text, guard::TEXT_CHARS)?;
        Ok(text.to_owned())
    }
}

/// An order as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Order {
    /// Id.
    pub order_id: OrderId,
    /// [`OrderKind`].
    pub kind: String,
    /// Its text; empty for a data check.
    pub body: String,
    /// The list that goes down with it.
    pub check_id: Option<CheckId>,
    /// [`OrderState`].
    pub state: String,
    /// The office's role.
    pub role: String,
    /// Its owner.
    pub account_id: AccountId,
    /// The owner's name; of a draft that another system brought, that system's.
    pub owner_name: Option<String>,
    /// When it was drafted.
    pub made_at: At,
    /// When it was issued.
    pub issued_at: Option<At>,
    /// By when it is to be closed.
    pub due_at: Option<At>,
    /// When it was closed.
    pub closed_at: Option<At>,
    /// Parts at the level of police teams.
    pub top_parts: i64,
    /// Of them open.
    pub open_parts: i64,
    /// Of all parts, those that are open and over their time.
    pub late_parts: i64,
    /// Version.
    pub version: i64,
}

impl Order {
    /// Its state.
    pub fn state(&self) -> Option<OrderState> {
        OrderState::from_code(&self.state)
    }
    /// Whether it is being written.
    pub fn is_draft(&self) -> bool {
        self.state() == Some(OrderState::Draft)
    }
    /// Whether it is with the levels below.
    pub fn is_issued(&self) -> bool {
        self.state() == Some(OrderState::Issued)
    }
    /// Whether its time is over, now if it is open or when it was closed.
    pub fn is_late(&self, now: At) -> bool {
        self.due_at.is_some_and(|due| due <= self.closed_at.unwrap_or(now))
    }
}

/// An order as a subject of events.
pub(crate) fn subject(id: OrderId) -> SubjectRef {
    SubjectRef::new("order", id, None)
}

/// Who may close an order's highest parts and the order itself.
pub fn may_end(reader: &Reader, check: Option<CheckId>) -> bool {
    let action = if check.is_some() { Action::DataCheckRun } else { Action::OrderIssue };
    reader.is_system() || reader.may(action)
}

fn require(reader: &Reader, action: Action) -> Result<()> {
    if reader.is_system() || reader.may(action) { Ok(()) } else { Err(AppError::forbidden()) }
}

/// Drafts an order.
///
/// # Errors
/// `forbidden`; those of the text.
pub async fn draft(tx: &Tx, new: &NewOrder) -> Result<OrderId> {
    require(tx.reader(), Action::OrderIssue)?;
    let text = new.check()?;
    let id: OrderId = tx.new_id();
    insert(tx, id, new.kind, &text, None).await?;
    tx.event(NewEvent::new("order.drafted", subject(id)).body(serde_json::json!({ "kind": new.kind.code() }))).await?;
    Ok(id)
}

/// Writes the row of an order that is a draft yet.
pub(crate) async fn insert(tx: &Tx, id: OrderId, kind: OrderKind, text: &str, check: Option<CheckId>) -> Result<()> {
    let columns =
        &["division_code", "order_id", "kind", "body", "check_id", "state", "role", "account_id", "made_at", "version"];
    let row = vals![
        tx.division(),
        id,
        kind.code(),
        text,
        check,
        OrderState::Draft.code(),
        tx.reader().role_code(None),
        tx.reader().account,
        tx.now(),
        1i64
    ];
    tx.insert_many("work_order", columns, vec![row]).await
}

/// Writes a draft anew.
///
/// # Errors
/// `not-found`, `stale-version` once it is issued, those of the text.
pub async fn rewrite(tx: &Tx, id: OrderId, version: i64, new: &NewOrder) -> Result<()> {
    require(tx.reader(), Action::OrderIssue)?;
    let text = new.check()?;
    tx.execute_one(
        "UPDATE work_order SET kind = $4, body = $5, version = version + 1
         WHERE division_code = $1 AND order_id = $2 AND version = $3 AND state = 'draft'",
        vals![tx.division(), id, version, new.kind.code(), text],
    )
    .await?;
    tx.event(NewEvent::new("order.rewritten", subject(id)).version(version + 1)).await?;
    Ok(())
}

/// Takes a draft away.
///
/// # Errors
/// `stale-version` once it is issued; `order-brought` for one that another system brought, which is told a reason instead.
pub async fn remove(tx: &Tx, id: OrderId, version: i64) -> Result<()> {
    require(tx.reader(), Action::OrderIssue)?;
    if brought::of_order(tx, id).await?.is_some() {
        return Err(AppError::rule("order-brought"));
    }
    tx.execute_one(
        "DELETE FROM work_order WHERE division_code = $1 AND order_id = $2 AND version = $3 AND state = 'draft'",
        vals![tx.division(), id, version],
    )
    .await?;
    tx.event(NewEvent::new("order.removed", subject(id)).version(version + 1)).await?;
    Ok(())
}

/// Issues a draft to police teams: each gets its part, with the deadlines of the policy pack in working hours.
///
/// # Errors
/// `order-target` without a police team or for one that is none; `stale-version`; `workday-year`.
pub async fn issue(app: &App, tx: &Tx, id: OrderId, version: i64, areas: &[String]) -> Result<()> {
    require(tx.reader(), Action::OrderIssue)?;
    if areas.is_empty() {
        return Err(AppError::rule("order-target"));
    }
    let due = due_at(&app.pack, &app.calendar, DeadlineId::OrderClosing, tx.now())?;
    mark_issued(tx, id, version, due).await?;
    brought::own(tx, id).await?;
    let order = find(tx, &Reader::system(), id).await?;
    for area in areas {
        let target = levels::target(tx, Level::PoliceTeam, None, area).await?;
        parts::send_down(app, tx, &order, None, Level::PoliceTeam, &target).await?;
    }
    Ok(())
}

/// Says that an order is with the levels below.
pub(crate) async fn mark_issued(tx: &Tx, id: OrderId, version: i64, due: At) -> Result<()> {
    tx.execute_one(
        "UPDATE work_order SET state = 'issued', issued_at = $4, due_at = $5, version = version + 1
         WHERE division_code = $1 AND order_id = $2 AND version = $3 AND state = 'draft'",
        vals![tx.division(), id, version, tx.now(), due],
    )
    .await?;
    tx.event(NewEvent::new("order.issued", subject(id)).version(version + 1)).await?;
    Ok(())
}

/// Closes an order, every part of which has ended.
///
/// # Errors
/// `order-open-parts` with their number; `forbidden`; `stale-version`.
pub async fn close(tx: &Tx, id: OrderId, version: i64) -> Result<()> {
    let order = find(tx, tx.reader(), id).await?;
    if !may_end(tx.reader(), order.check_id) {
        return Err(AppError::forbidden());
    }
    let open = tx
        .number(
            "SELECT COUNT(*) FROM order_part WHERE division_code = $1 AND order_id = $2
             AND state NOT IN ('closed', 'elsewhere')",
            vals![tx.division(), id],
        )
        .await?;
    if open > 0 {
        return Err(AppError::rule("order-open-parts").arg("n", open));
    }
    tx.execute_one(
        "UPDATE work_order SET state = 'closed', closed_at = $4, closed_by = $5, version = version + 1
         WHERE division_code = $1 AND order_id = $2 AND version = $3 AND state = 'issued'",
        vals![tx.division(), id, version, tx.now(), tx.reader().account],
    )
    .await?;
    let body = serde_json::json!({ "kind": order.kind, "late": order.is_late(tx.now()) });
    tx.event(NewEvent::new("order.closed", subject(id)).version(version + 1).body(body)).await?;
    Ok(())
}

const PART: &str =
    "SELECT COUNT(*) FROM order_part p WHERE p.division_code = o.division_code AND p.order_id = o.order_id";

fn select(now: &str) -> String {
    format!(
        "SELECT o.order_id, o.kind, o.body, o.check_id, o.state, o.role, o.account_id,
         COALESCE(a.display_name, b.name) AS owner_name,
         o.made_at, o.issued_at, o.due_at, o.closed_at, o.version,
         ({PART} AND p.level = 'police-team') AS top_parts,
         ({PART} AND p.level = 'police-team' AND p.state NOT IN ('closed', 'elsewhere')) AS open_parts,
         ({PART} AND p.state NOT IN ('closed', 'elsewhere') AND p.answered_at IS NULL AND (p.due_at <= {now}
            OR (p.state = 'waiting' AND p.receipt_due_at <= {now}))) AS late_parts
         FROM work_order o LEFT JOIN account a ON a.division_code = o.division_code AND a.account_id = o.account_id
         LEFT JOIN api_client b ON b.division_code = o.division_code AND b.client_id = o.account_id"
    )
}

/// Drafts are the offices' own; of what is issued a reader sees the orders that have a part for the reader's level.
fn visible(reader: &Reader, values: &mut Vec<Value>) -> String {
    if reader.is_system() {
        return "1 = 1".into();
    }
    if reader.scope == Scope::Division {
        let drafts = if reader.may(Action::OrderIssue) { "1 = 1" } else { "o.state <> 'draft'" };
        return drafts.into();
    }
    let part = levels::visible(reader, values);
    format!(
        "EXISTS (SELECT 1 FROM order_part p WHERE p.division_code = o.division_code AND p.order_id = o.order_id AND {part})"
    )
}

/// One order that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: OrderId) -> Result<Order> {
    let mut values = vals![q.division(), id, q.store().now()];
    let visible = visible(reader, &mut values);
    let sql = format!("{} WHERE o.division_code = $1 AND o.order_id = $2 AND {visible}", select("$3"));
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// The orders that the reader sees, open ones first, and how many there are. `closed` shows closed ones instead.
pub async fn list(q: &impl Query, reader: &Reader, closed: bool, paging: &Paging) -> Result<(Vec<Order>, i64)> {
    let mut values = vals![q.division(), q.store().now()];
    let visible = visible(reader, &mut values);
    let state = if closed { "o.state = 'closed'" } else { "o.state <> 'closed'" };
    // The count has no use for the instant, and an engine wants every mark used.
    let sql = format!(
        "SELECT COUNT(*) FROM work_order o WHERE o.division_code = $1 AND o.made_at <= $2 AND {state} AND {visible}"
    );
    let total = q.number(&sql, values.clone()).await?;
    let sql = format!(
        "{} WHERE o.division_code = $1 AND {state} AND {visible}
         ORDER BY COALESCE(o.closed_at, 0) DESC, COALESCE(o.due_at, 0), o.made_at DESC, o.order_id LIMIT {} OFFSET {}",
        select("$2"),
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}
