//! Orders that other systems bring (接口来单, R20), such as the urban-operation centre's. What comes is a draft that waits for
//! one of the offices: it is issued to police teams, or not taken with a reason of a closed list. The system is told how
//! its own orders stand, and nothing else.

use linli_platform::{
    AppError, Result,
    access::Action,
    api::{ApiClient, ClientId},
    clock::At,
    event::NewEvent,
    store::{Query, Tx},
    vals,
};
use linli_work::notices::{self, Arg};
use sea_orm::FromQueryResult;

use crate::{
    codes::{Level, NotTaken, OrderState},
    ids::OrderId,
    levels::{self, GROUND, POLICE},
    orders::{self, NewOrder},
};

/// Orders of one system that may wait for the offices at once.
pub const WAITING_MAX: i64 = 100;
/// Committees that one order may name.
pub const COMMITTEES_MAX: usize = 100;

/// What a system brings.
#[derive(Debug, Clone)]
pub struct Brought {
    /// Kind and text, as by hand.
    pub order: NewOrder,
    /// Codes of the committees that it concerns; none for the whole sub-district.
    pub committees: Vec<String>,
}

/// How an order that was brought stands.
#[derive(Debug, Clone, FromQueryResult)]
pub struct BroughtOrder {
    /// The order's id, which the system knows it by.
    pub order_id: OrderId,
    /// [`OrderKind`](crate::codes::OrderKind).
    pub kind: String,
    /// Codes of the committees that it concerns.
    pub committees: String,
    /// The system's name.
    pub client_name: Option<String>,
    /// When it came.
    pub brought_at: At,
    /// When it was not taken.
    pub refused_at: Option<At>,
    /// [`NotTaken`].
    pub refusal: Option<String>,
    /// [`OrderState`], while the order is there.
    pub order_state: Option<String>,
    /// When it was issued.
    pub issued_at: Option<At>,
    /// By when it is to be closed.
    pub due_at: Option<At>,
    /// When it was closed.
    pub closed_at: Option<At>,
}

impl BroughtOrder {
    /// `received`, `issued`, `closed` or `not-taken`.
    pub fn state(&self) -> &'static str {
        match self.order_state.as_deref().and_then(OrderState::from_code) {
            Some(OrderState::Draft) => "received",
            Some(OrderState::Issued) => "issued",
            Some(OrderState::Closed) => "closed",
            None => "not-taken",
        }
    }
    /// The committees that it concerns.
    pub fn committees(&self) -> Vec<&str> {
        self.committees.split_whitespace().collect()
    }
}

/// The committees among these that have no grid where the client was admitted, by their place in the list.
///
/// # Errors
/// Those of the store.
pub async fn unknown(q: &impl Query, client: &ApiClient, committees: &[String]) -> Result<Vec<usize>> {
    #[derive(FromQueryResult)]
    struct Row {
        committee_code: String,
    }
    let mut values = vals![q.division()];
    let scope = client.scope.sql("g.grid_id", &mut values);
    let sql = format!(
        "SELECT DISTINCT g.committee_code FROM {GROUND} WHERE g.division_code = $1 AND g.until_day IS NULL AND {scope}"
    );
    let known: Vec<Row> = q.rows(&sql, values).await?;
    let is_known = |code: &String| known.iter().any(|k| k.committee_code == *code);
    Ok(committees.iter().enumerate().filter(|(_, code)| !is_known(code)).map(|(n, _)| n).collect())
}

/// Takes an order in as a draft, and tells the offices.
///
/// # Errors
/// Those of the text; `order-brought-waiting` where [`WAITING_MAX`] of this system wait.
pub async fn receive(tx: &Tx, client: &ApiClient, new: &Brought) -> Result<OrderId> {
    let text = new.order.check()?;
    let waiting = tx.number(
        "SELECT COUNT(*) FROM order_brought b
         JOIN work_order o ON o.division_code = b.division_code AND o.order_id = b.order_id
         WHERE b.division_code = $1 AND b.client_id = $2 AND o.state = 'draft'",
        vals![tx.division(), client.client_id],
    );
    if waiting.await? >= WAITING_MAX {
        return Err(AppError::with("order-brought-waiting", http::StatusCode::CONFLICT).arg("n", WAITING_MAX));
    }
    let id: OrderId = tx.new_id();
    orders::insert(tx, id, new.order.kind, &text, None).await?;
    let columns = &["division_code", "order_id", "client_id", "kind", "committees", "brought_at"];
    let kind = new.order.kind.code();
    let row = vals![tx.division(), id, client.client_id, kind, new.committees.join(" "), tx.now()];
    tx.insert_many("order_brought", columns, vec![row]).await?;
    tx.event(NewEvent::new("order.brought", orders::subject(id)).body(serde_json::json!({ "kind": kind }))).await?;
    let args =
        notices::args(&[("kind", Arg::Text(format!("order-kind-{kind}"))), ("client", Arg::Name(client.name.clone()))]);
    levels::tell(tx, Level::SubDistrict, "", "notice-order-brought", &args, &format!("/orders/{id}")).await?;
    Ok(id)
}

const SELECT: &str = "SELECT b.order_id, b.kind, b.committees, c.name AS client_name, b.brought_at, b.refused_at,
 b.refusal, o.state AS order_state, o.issued_at, o.due_at, o.closed_at FROM order_brought b
 LEFT JOIN work_order o ON o.division_code = b.division_code AND o.order_id = b.order_id
 LEFT JOIN api_client c ON c.division_code = b.division_code AND c.client_id = b.client_id
 WHERE b.division_code = $1";

/// One that a client brought.
///
/// # Errors
/// `not-found` for every other client's.
pub async fn of_client(q: &impl Query, client: ClientId, id: OrderId) -> Result<BroughtOrder> {
    let sql = format!("{SELECT} AND b.client_id = $2 AND b.order_id = $3");
    q.row(&sql, vals![q.division(), client, id]).await?.ok_or_else(AppError::not_found)
}

/// What a client brought, by id, after one of them; at most `limit`.
pub async fn list(q: &impl Query, client: ClientId, after: Option<OrderId>, limit: i64) -> Result<Vec<BroughtOrder>> {
    let mut values = vals![q.division(), client];
    let mut sql = format!("{SELECT} AND b.client_id = $2");
    if let Some(after) = after {
        values.push(after.into());
        sql.push_str(" AND b.order_id > $3");
    }
    sql.push_str(&format!(" ORDER BY b.order_id LIMIT {limit}"));
    q.rows(&sql, values).await
}

/// Where an order came from, if another system brought it. The caller has found the order in the reader's scope.
pub async fn of_order(q: &impl Query, id: OrderId) -> Result<Option<BroughtOrder>> {
    q.row(&format!("{SELECT} AND b.order_id = $2"), vals![q.division(), id]).await
}

/// The police teams that an order concerns, as far as it names committees.
pub async fn police_teams(q: &impl Query, brought: &BroughtOrder) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        area: String,
    }
    let committees = brought.committees();
    if committees.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vals![q.division()];
    let first = values.len() + 1;
    values.extend(committees.into_iter().map(sea_orm::Value::from));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT DISTINCT {POLICE} AS area FROM {GROUND}
         WHERE g.division_code = $1 AND g.until_day IS NULL AND g.committee_code IN ({}) ORDER BY area",
        marks.join(", ")
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|r| r.area).collect())
}

/// Whoever issues an order that was brought owns it from then on.
pub(crate) async fn own(tx: &Tx, id: OrderId) -> Result<()> {
    tx.execute(
        "UPDATE work_order SET role = $3, account_id = $4 WHERE division_code = $1 AND order_id = $2
         AND EXISTS (SELECT 1 FROM order_brought b
                     WHERE b.division_code = work_order.division_code AND b.order_id = work_order.order_id)",
        vals![tx.division(), id, tx.reader().role_code(None), tx.reader().account],
    )
    .await?;
    Ok(())
}

/// Does not take an order that was brought: the draft goes, the reason stays for the system that brought it.
///
/// # Errors
/// `forbidden`; `not-found` for one that nobody brought; `stale-version` once it is issued.
pub async fn refuse(tx: &Tx, id: OrderId, version: i64, reason: NotTaken) -> Result<()> {
    if !tx.reader().may(Action::OrderIssue) {
        return Err(AppError::forbidden());
    }
    of_order(tx, id).await?.ok_or_else(AppError::not_found)?;
    tx.execute_one(
        "DELETE FROM work_order WHERE division_code = $1 AND order_id = $2 AND version = $3 AND state = 'draft'",
        vals![tx.division(), id, version],
    )
    .await?;
    tx.execute_one(
        "UPDATE order_brought SET refused_at = $3, refused_by = $4, refusal = $5
         WHERE division_code = $1 AND order_id = $2 AND refused_at IS NULL",
        vals![tx.division(), id, tx.now(), tx.reader().account, reason.code()],
    )
    .await?;
    let body = serde_json::json!({ "reason": reason.code() });
    tx.event(NewEvent::new("order.not-taken", orders::subject(id)).version(version + 1).body(body)).await?;
    Ok(())
}

/// How many wait for the offices.
pub(crate) async fn waiting(q: &impl Query, before: At) -> Result<i64> {
    q.number(
        "SELECT COUNT(*) FROM order_brought b
         JOIN work_order o ON o.division_code = b.division_code AND o.order_id = b.order_id
         WHERE b.division_code = $1 AND o.state = 'draft' AND b.brought_at <= $2",
        vals![q.division(), before],
    )
    .await
}
