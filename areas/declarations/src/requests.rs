//! What residents ask for (申报、更正、删除): filed from the own page or at the counter, each with its clock, its task
//! and its answer.

use linli_platform::{
    AppError, Result,
    app::App,
    basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    sealed::Bind,
    store::{Query, Tx},
    vals,
};
use linli_register::{HomeId, ResidentId, residents};
use linli_work::{
    due_at,
    tasks::{self, NewTask},
};
use sea_orm::FromQueryResult;

use crate::{
    codes::{Channel, Field, Kind, State},
    content::Content,
    entrance::Own,
    ids::DeclarationId,
};

/// What one resident may have waiting at once.
pub const OPEN_AT_ONCE: i64 = 8;
/// What a task and its basis name as origin.
pub const ORIGIN: &str = "declaration";

/// Where the content of a case lives.
pub(crate) fn bind(id: DeclarationId) -> Bind {
    Bind { table: "declaration", column: "content_sealed", row: id.0 }
}

/// A case as a subject.
pub(crate) fn subject(id: DeclarationId, grid: Option<GridId>) -> SubjectRef {
    SubjectRef::new("declaration", id, grid)
}

/// A case as its resident sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Request {
    /// Its id.
    pub declaration_id: DeclarationId,
    /// [`Kind`].
    pub kind: String,
    /// [`Field`].
    pub field: Option<String>,
    /// [`Channel`].
    pub channel: String,
    /// [`State`].
    pub state: String,
    /// What was asked for, masked.
    pub content_masked: String,
    /// When it came.
    pub made_at: At,
    /// By when it is answered.
    pub due_at: At,
    /// When it was answered.
    pub decided_at: Option<At>,
    /// The role of whoever answered.
    pub decided_role: Option<String>,
    /// [`Refusal`](crate::codes::Refusal).
    pub refusal: Option<String>,
    /// What was done, an outcome of its task.
    pub outcome: Option<String>,
    /// Version.
    pub version: i64,
}

impl Request {
    /// Whether it waits for its answer.
    pub fn is_open(&self) -> bool {
        self.state == State::Open.code()
    }
    /// Whether its time is over, now if it is open or when it was answered.
    pub fn is_late(&self, now: At) -> bool {
        self.due_at <= self.decided_at.unwrap_or(now)
    }
    /// Whether it is open and due within a day.
    pub fn is_soon(&self, now: At) -> bool {
        self.is_open() && !self.is_late(now) && self.due_at <= now.plus_hours(24)
    }
}

pub(crate) const COLUMNS: &str = "d.declaration_id, d.kind, d.field, d.channel, d.state, d.content_masked, d.made_at,
 d.due_at, d.decided_at, d.decided_role, d.refusal, d.outcome, d.version";

const INSERTED: &[&str] = &[
    "division_code",
    "declaration_id",
    "kind",
    "field",
    "channel",
    "resident_id",
    "grid_id",
    "state",
    "content_sealed",
    "content_masked",
    "made_at",
    "due_at",
    "version",
];

/// Files a request of a resident: sealed, with its clock, its basis and its task, in one transaction.
///
/// # Errors
/// `declarations-too-many`; `declaration-repeated` where the same is waiting already; `already-cancelled` for anything
/// but a deletion of a record that has ended; `workday-year`.
pub async fn file(
    app: &App,
    tx: &Tx,
    resident: ResidentId,
    kind: Kind,
    content: &Content,
    channel: Channel,
) -> Result<DeclarationId> {
    // The visit, or the case at the counter, is what entitles to this one record.
    let person = residents::find(tx, &Reader::system(), resident).await?;
    if person.state != "current" && kind != Kind::Deletion {
        return Err(AppError::rule("already-cancelled"));
    }
    let field = content.field().map(Field::code);
    refuse_repetition(tx, resident, kind, field).await?;
    let case = NewCase {
        resident,
        kind,
        content,
        channel,
        grid: person.grid_id,
        on: SubjectRef::new("resident-record", resident, person.grid_id),
        home: None,
        note: person.name_masked,
    };
    let id = insert(app, tx, case).await?;
    if person.grid_id.is_none() {
        let record = SubjectRef::new("resident", resident, None);
        basis::open(tx, record, kind.purpose(), id.0, None, None).await?;
    }
    Ok(id)
}

/// Files the own request and those for others, each a case of its own with its own answer.
///
/// # Errors
/// As [`file`].
pub async fn file_all(
    app: &App,
    tx: &Tx,
    resident: ResidentId,
    all: &[(Kind, Content)],
    channel: Channel,
) -> Result<Vec<DeclarationId>> {
    let mut ids = Vec::with_capacity(all.len());
    for (kind, content) in all {
        ids.push(file(app, tx, resident, *kind, content, channel).await?);
    }
    Ok(ids)
}

/// A case about to be written.
pub(crate) struct NewCase<'a> {
    /// Whose record it is about; of somebody who is not registered, the id that the record will have.
    pub resident: ResidentId,
    pub kind: Kind,
    pub content: &'a Content,
    pub channel: Channel,
    /// Whose work it is.
    pub grid: Option<GridId>,
    /// What its task lies on; the case itself where there is no record.
    pub on: SubjectRef,
    /// The home to be visited.
    pub home: Option<HomeId>,
    /// What the task shows, masked.
    pub note: String,
}

/// Writes a case: sealed, with its clock, its basis and its task.
pub(crate) async fn insert(app: &App, tx: &Tx, case: NewCase<'_>) -> Result<DeclarationId> {
    let NewCase { kind, grid, .. } = case;
    let id: DeclarationId = tx.new_id();
    let due = due_at(&app.pack, &app.calendar, kind.deadline(), tx.now())?;
    let key = tx.create_keys(&[id.0]).await?.pop().ok_or_else(AppError::not_found)?;
    let field = case.content.field().map(Field::code);
    let row = vals![
        tx.division(),
        id,
        kind.code(),
        field,
        case.channel.code(),
        case.resident,
        grid,
        State::Open.code(),
        key.seal(bind(id), &serde_json::to_string(case.content)?),
        case.content.masked(),
        tx.now(),
        due,
        1i64
    ];
    tx.insert_many("declaration", INSERTED, vec![row]).await?;
    basis::open(tx, subject(id, grid), kind.purpose(), id.0, None, None).await?;
    let body = serde_json::json!({ "kind": kind.code(), "fields": field, "channel": case.channel.code() });
    tx.event(NewEvent::new("declaration.filed", subject(id, grid)).body(body)).await?;
    // A home outside every grid has nobody in the field; the office sees it in its own list.
    if let Some(grid) = grid {
        let on = if kind.is_of_a_home() { subject(id, Some(grid)) } else { case.on };
        let task = NewTask {
            kind: kind.task(),
            subject: on,
            home_id: case.home,
            grid,
            origin_kind: ORIGIN,
            origin_id: id.0,
            due_at: Some(due),
            masked_note: case.note,
            sealed_note: None,
        };
        tasks::open_many(tx, vec![task]).await?;
    }
    Ok(id)
}

async fn refuse_repetition(tx: &Tx, resident: ResidentId, kind: Kind, field: Option<&str>) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Open {
        kind: String,
        field: Option<String>,
    }
    let open: Vec<Open> = tx
        .rows(
            "SELECT kind, field FROM declaration WHERE division_code = $1 AND resident_id = $2 AND state = 'open'",
            vals![tx.division(), resident],
        )
        .await?;
    // Several people may join a home; everything else is asked for once at a time.
    let several = kind == Kind::MoveIn || kind.is_for_another();
    let same = |o: &Open| !several && o.kind == kind.code() && o.field.as_deref() == field;
    if open.iter().any(same) {
        return Err(AppError::rule("declaration-repeated"));
    }
    refuse_too_many(&open)?;
    Ok(())
}

fn refuse_too_many<O>(open: &[O]) -> Result<()> {
    let waiting = i64::try_from(open.len()).unwrap_or(i64::MAX);
    if waiting >= OPEN_AT_ONCE {
        return Err(AppError::rule("declarations-too-many").arg("n", OPEN_AT_ONCE));
    }
    Ok(())
}

/// Everything that a resident asked for and that is still kept, the latest first.
pub async fn of_resident(q: &impl Query, own: &Own) -> Result<Vec<Request>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM declaration d WHERE d.division_code = $1 AND d.resident_id = $2
         ORDER BY d.made_at DESC, d.declaration_id DESC LIMIT 100"
    );
    q.rows(&sql, vals![q.division(), own.resident]).await
}

/// One of them.
///
/// # Errors
/// `not-found` for everybody else's.
pub async fn find(q: &impl Query, own: &Own, id: DeclarationId) -> Result<Request> {
    let sql = format!(
        "SELECT {COLUMNS} FROM declaration d
         WHERE d.division_code = $1 AND d.resident_id = $2 AND d.declaration_id = $3"
    );
    let row: Option<Request> = q.row(&sql, vals![q.division(), own.resident, id]).await?;
    row.ok_or_else(AppError::not_found)
}

/// Takes a request back before it was answered.
///
/// # Errors
/// `not-found`; `stale-version` once it was answered.
pub async fn withdraw(tx: &Tx, own: &Own, id: DeclarationId) -> Result<()> {
    let request = find(tx, own, id).await?;
    tx.execute_one(
        "UPDATE declaration SET state = 'withdrawn', decided_at = $3, version = version + 1
         WHERE division_code = $1 AND declaration_id = $2 AND state = 'open'",
        vals![tx.division(), id, tx.now()],
    )
    .await?;
    basis::close(tx, id.0).await?;
    tasks::overtake(tx, ORIGIN, id.0).await?;
    let event = NewEvent::new("declaration.withdrawn", subject(id, None)).version(request.version + 1);
    tx.event(event).await?;
    Ok(())
}
