//! The parts of an order (分办件): what one place of one level has to do, with its times, deadlines and owner.

use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    texts::T,
    vals,
    web::Paging,
};
use linli_work::{
    TaskKind, due_at,
    notices::{self, Arg, Args},
    tasks::{self, NewTask},
};
use policy_pack::DeadlineId;
use sea_orm::{FromQueryResult, Value};

use crate::{
    codes::{Level, PartState},
    ids::{CheckId, OrderId, PartId},
    levels::{self, Target},
    orders::Order,
};

/// What a grid's task and its basis name as origin.
pub const ORIGIN: &str = "order-part";

/// A part as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Part {
    /// Id.
    pub part_id: PartId,
    /// Its order.
    pub order_id: OrderId,
    /// The order's kind.
    pub kind: String,
    /// The order's text.
    pub body: String,
    /// The list that goes down with the order.
    pub check_id: Option<CheckId>,
    /// The part that it was made of; none at the highest level.
    pub parent_id: Option<PartId>,
    /// [`Level`].
    pub level: String,
    /// Police team, committee code or grid id.
    pub area: String,
    /// Its name.
    pub area_name: Option<String>,
    /// The grid, at the level of grids.
    pub grid_id: Option<GridId>,
    /// [`PartState`].
    pub state: String,
    /// The level that has to care for it: the own one, or one above once it was overdue, or the task force.
    pub held_level: String,
    /// When it was sent down.
    pub sent_at: At,
    /// By when it is receipted.
    pub receipt_due_at: At,
    /// By when there is feedback.
    pub due_at: At,
    /// When it was receipted.
    pub received_at: Option<At>,
    /// By whom: the owner from then on.
    pub received_name: Option<String>,
    /// When it was divided.
    pub distributed_at: Option<At>,
    /// When there was feedback.
    pub answered_at: Option<At>,
    /// By whom.
    pub answered_name: Option<String>,
    /// [`Feedback`](crate::codes::Feedback).
    pub feedback: Option<String>,
    /// What was noted with it.
    pub note: String,
    /// When it was closed or handed elsewhere.
    pub closed_at: Option<At>,
    /// [`Raise`](crate::codes::Raise), while it waits for the task force.
    pub raised: Option<String>,
    /// Open parts below.
    pub open_below: i64,
    /// Parts below in all.
    pub below: i64,
    /// Version.
    pub version: i64,
}

impl Part {
    /// Its level.
    pub fn level(&self) -> Level {
        Level::from_code(&self.level).unwrap_or(Level::Grid)
    }
    /// The level that has to care for it.
    pub fn held(&self) -> Level {
        Level::from_code(&self.held_level).unwrap_or(Level::Grid)
    }
    /// Its state.
    pub fn state(&self) -> PartState {
        PartState::from_code(&self.state).unwrap_or(PartState::Closed)
    }
    /// Whether something is still to be done.
    pub fn is_open(&self) -> bool {
        self.state().is_open()
    }
    /// Whether it has climbed above its own level.
    pub fn has_climbed(&self) -> bool {
        self.is_open() && self.held_level != self.level
    }
    /// What it is to be done by next: the receipt, then the feedback.
    pub fn next_due(&self) -> At {
        if self.state() == PartState::Waiting { self.receipt_due_at } else { self.due_at }
    }
    /// Whether a deadline is over, now if it is open or when there was feedback.
    pub fn is_late(&self, now: At) -> bool {
        match self.answered_at.or(self.closed_at) {
            Some(at) => self.due_at <= at,
            None => self.next_due() <= now,
        }
    }
    /// Whether it is open and due within a day.
    pub fn is_soon(&self, now: At) -> bool {
        self.is_open() && !self.is_late(now) && self.next_due() <= now.plus_hours(24)
    }
    /// The name of its place.
    pub fn place(&self, t: &T) -> String {
        place(t, self.area_name.as_deref().unwrap_or_default())
    }
    /// As a subject of events.
    pub(crate) fn subject(&self) -> SubjectRef {
        SubjectRef::new(ORIGIN, self.part_id, self.grid_id)
    }
    /// The arguments of notices about it.
    pub(crate) fn notice_args(&self) -> Args {
        notice_args(&self.kind, self.area_name.as_deref().unwrap_or_default(), self.next_due())
    }
    /// Its page.
    pub fn href(&self) -> String {
        format!("/order-parts/{}", self.part_id)
    }
}

/// The name of a place; the police team without a name is called so.
pub fn place(t: &T, name: &str) -> String {
    if name.is_empty() { t.s("orders-no-police-team") } else { name.to_owned() }
}

fn notice_args(kind: &str, name: &str, due: At) -> Args {
    let place = if name.is_empty() { Arg::Text("orders-no-police-team".into()) } else { Arg::Name(name.into()) };
    notices::args(&[("kind", Arg::Text(format!("order-kind-{kind}"))), ("place", place), ("day", Arg::Day(due.day()))])
}

const BELOW: &str =
    "SELECT COUNT(*) FROM order_part x WHERE x.division_code = p.division_code AND x.parent_id = p.part_id";

fn select() -> String {
    format!(
        "SELECT p.part_id, p.order_id, o.kind, o.body, o.check_id, p.parent_id, p.level, p.area,
         CASE p.level WHEN 'team' THEN c.name WHEN 'grid' THEN g.name ELSE p.area END AS area_name, p.grid_id, p.state,
         p.held_level, p.sent_at, p.receipt_due_at, p.due_at, p.received_at, ra.display_name AS received_name,
         p.distributed_at, p.answered_at, aa.display_name AS answered_name, p.feedback, p.note, p.closed_at, p.raised,
         ({BELOW} AND x.state NOT IN ('closed', 'elsewhere')) AS open_below, ({BELOW}) AS below, p.version
         FROM order_part p JOIN work_order o ON o.division_code = p.division_code AND o.order_id = p.order_id
         LEFT JOIN committee c ON c.division_code = p.division_code AND c.committee_code = p.area
         LEFT JOIN micro_grid g ON g.division_code = p.division_code AND g.grid_id = p.grid_id
         LEFT JOIN account ra ON ra.division_code = p.division_code AND ra.account_id = p.received_by
         LEFT JOIN account aa ON aa.division_code = p.division_code AND aa.account_id = p.answered_by"
    )
}

/// One part that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: PartId) -> Result<Part> {
    let mut values = vals![q.division(), id];
    let visible = levels::visible(reader, &mut values);
    let sql = format!("{} WHERE p.division_code = $1 AND p.part_id = $2 AND {visible}", select());
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// What a board is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// One level.
    pub level: Option<Level>,
    /// Only those that one of the levels above has to care for.
    pub held: Option<Level>,
    /// Only open ones that are over a deadline.
    pub late: bool,
    /// Ended ones instead of open ones.
    pub ended: bool,
}

impl Filter {
    fn sql(&self, now: At, values: &mut Vec<Value>) -> String {
        let mut sql = String::from(match self.ended {
            true => "p.state IN ('closed', 'elsewhere')",
            false => "p.state NOT IN ('closed', 'elsewhere')",
        });
        if let Some(level) = self.level {
            sql.push_str(&format!(" AND p.level = '{level}'"));
        }
        if let Some(level) = self.held {
            sql.push_str(&format!(" AND p.held_level = '{level}' AND p.level <> '{level}'"));
        }
        if self.late {
            values.push(now.into());
            let n = values.len();
            sql.push_str(&format!(
                " AND p.answered_at IS NULL AND (p.due_at <= ${n} OR (p.state = 'waiting' AND p.receipt_due_at <= ${n}))"
            ));
        }
        sql
    }
}

/// A page of the parts that the reader sees, by deadline, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, filter: Filter, paging: &Paging) -> Result<(Vec<Part>, i64)> {
    let mut values = vals![q.division()];
    let visible = levels::visible(reader, &mut values);
    let narrowed = filter.sql(q.store().now(), &mut values);
    let condition = format!("p.division_code = $1 AND {visible} AND {narrowed}");
    let total = q.number(&format!("SELECT COUNT(*) FROM order_part p WHERE {condition}"), values.clone()).await?;
    let order = if filter.ended { "p.closed_at DESC" } else { "p.due_at" };
    let sql = format!(
        "{} WHERE {condition} ORDER BY {order}, p.sent_at, p.part_id LIMIT {} OFFSET {}",
        select(),
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// The parts of an order, or those below a part, that the reader sees, by level and place.
pub async fn of(q: &impl Query, reader: &Reader, order: OrderId, parent: Option<PartId>) -> Result<Vec<Part>> {
    let mut values = vals![q.division(), order];
    let visible = levels::visible(reader, &mut values);
    let below = match parent {
        Some(parent) => {
            values.push(parent.into());
            format!("p.parent_id = ${}", values.len())
        }
        None => "1 = 1".to_owned(),
    };
    let sql = format!(
        "{} WHERE p.division_code = $1 AND p.order_id = $2 AND {visible} AND {below}
         ORDER BY CASE p.level WHEN 'police-team' THEN 0 WHEN 'team' THEN 1 ELSE 2 END, area_name, p.sent_at, p.part_id",
        select()
    );
    q.rows(&sql, values).await
}

/// The open part of a place in an order, whoever asks.
pub(crate) async fn open_at(q: &impl Query, order: OrderId, level: Level, area: &str) -> Result<Option<Part>> {
    let sql = format!(
        "{} WHERE p.division_code = $1 AND p.order_id = $2 AND p.level = $3 AND p.area = $4
         AND p.state NOT IN ('closed', 'elsewhere')",
        select()
    );
    q.row(&sql, vals![q.division(), order, level.code(), area]).await
}

/// Sends a part down to a place, with its deadlines, its notice, and for a grid its task. A place that has an open part
/// of the order already keeps that one.
pub(crate) async fn send_down(
    app: &App,
    tx: &Tx,
    order: &Order,
    parent: Option<&Part>,
    level: Level,
    target: &Target,
) -> Result<PartId> {
    if let Some(there) = open_at(tx, order.order_id, level, &target.area).await? {
        return again(tx, &there).await;
    }
    let id: PartId = tx.new_id();
    let receipt = due_at(&app.pack, &app.calendar, DeadlineId::OrderReceipt, tx.now())?;
    let due = match order.due_at.filter(|due| *due > tx.now()) {
        Some(due) => due,
        // What goes down after the order's own time gets a time of its own, and is told apart by the order's being late.
        None => due_at(&app.pack, &app.calendar, DeadlineId::OrderClosing, tx.now())?,
    };
    insert(tx, id, order, parent, level, target, (receipt.min(due), due)).await?;
    let subject = SubjectRef::new(ORIGIN, id, target.grid_id);
    let body = serde_json::json!({ "kind": order.kind, "level": level.code() });
    tx.event(NewEvent::new("order.sent", subject).body(body)).await?;
    if let Some(grid) = target.grid_id.filter(|_| order.check_id.is_none()) {
        open_task(tx, id, grid, due).await?;
    }
    let args = notice_args(&order.kind, &target.name, receipt);
    levels::tell(tx, level, &target.area, "notice-order-sent", &args, &format!("/order-parts/{id}")).await?;
    Ok(id)
}

/// More comes to a place that has an open part: it is told, and what it had answered is open again.
async fn again(tx: &Tx, part: &Part) -> Result<PartId> {
    if part.state() == PartState::Answered {
        tx.execute_one(
            "UPDATE order_part SET state = 'received', answered_at = NULL, answered_by = NULL, feedback = NULL,
             version = version + 1 WHERE division_code = $1 AND part_id = $2 AND version = $3",
            vals![tx.division(), part.part_id, part.version],
        )
        .await?;
        tx.event(NewEvent::new("order.returned", part.subject()).version(part.version + 1)).await?;
    }
    levels::tell(tx, part.level(), &part.area, "notice-order-more", &part.notice_args(), &part.href()).await?;
    Ok(part.part_id)
}

async fn insert(
    tx: &Tx,
    id: PartId,
    order: &Order,
    parent: Option<&Part>,
    level: Level,
    target: &Target,
    (receipt, due): (At, At),
) -> Result<()> {
    let columns = &[
        "division_code",
        "part_id",
        "order_id",
        "parent_id",
        "level",
        "area",
        "grid_id",
        "state",
        "held_level",
        "sent_at",
        "sent_by",
        "receipt_due_at",
        "due_at",
        "note",
        "receipt_climbed",
        "due_climbed",
        "version",
    ];
    let row = vals![
        tx.division(),
        id,
        order.order_id,
        parent.map(|p| p.part_id),
        level.code(),
        target.area.as_str(),
        target.grid_id,
        PartState::Waiting.code(),
        level.code(),
        tx.now(),
        tx.reader().account,
        receipt,
        due,
        "",
        false,
        false,
        1i64
    ];
    tx.insert_many("order_part", columns, vec![row]).await
}

/// What a grid has to do, as a task; its end is the part's feedback.
pub(crate) async fn open_task(tx: &Tx, part: PartId, grid: GridId, due: At) -> Result<()> {
    let task = NewTask {
        kind: TaskKind::Order,
        subject: SubjectRef::new(ORIGIN, part, Some(grid)),
        home_id: None,
        grid,
        origin_kind: ORIGIN,
        origin_id: part.0,
        due_at: Some(due),
        masked_note: String::new(),
        sealed_note: None,
    };
    tasks::open_many(tx, vec![task]).await.map(|_| ())
}
