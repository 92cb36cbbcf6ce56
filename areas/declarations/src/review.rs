//! The queue of staff (受理): what waits in their grids, one case, and its content opened for deciding it.

use linli_platform::{
    AppError, Result,
    clock::At,
    event::SubjectRef,
    ids::GridId,
    reader::Reader,
    sealed::Sealed,
    store::{Query, SealedField, Tx},
    vals,
    web::Paging,
};
use linli_register::{
    ResidentId,
    residents::{self, OpenResident},
};
use sea_orm::{FromQueryResult, Value};

use crate::{
    codes::{Field, Kind, State},
    content::Content,
    ids::DeclarationId,
    requests::{bind, subject},
};

/// A case as staff see it in lists, masked.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Case {
    /// Its id.
    pub declaration_id: DeclarationId,
    /// [`Kind`].
    pub kind: String,
    /// [`Field`].
    pub field: Option<String>,
    /// [`Channel`](crate::codes::Channel).
    pub channel: String,
    /// [`State`].
    pub state: String,
    /// What is asked for, masked.
    pub content_masked: String,
    /// Whose record it is about.
    pub resident_id: ResidentId,
    /// Name, masked; none once the record is gone.
    pub name_masked: Option<String>,
    /// State of that record; none where there is none, or not yet.
    pub record_state: Option<String>,
    /// Address of the main residence.
    pub address_text: Option<String>,
    /// The grid it belongs to now.
    pub grid_id: Option<GridId>,
    /// Name of the grid.
    pub grid_name: Option<String>,
    /// When it came.
    pub made_at: At,
    /// By when it is answered.
    pub due_at: At,
    /// When it was answered.
    pub decided_at: Option<At>,
    /// The colleague who answered.
    pub decided_name: Option<String>,
    /// [`Refusal`](crate::codes::Refusal).
    pub refusal: Option<String>,
    /// What was done.
    pub outcome: Option<String>,
    /// Version.
    pub version: i64,
}

impl Case {
    /// What is asked for.
    pub fn asked(&self) -> Option<Kind> {
        Kind::from_code(&self.kind)
    }
    /// The fact it is about.
    pub fn fact(&self) -> Option<Field> {
        self.field.as_deref().and_then(Field::from_code)
    }
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

/// A case follows the record: what came from a home that another grid has now is that grid's.
const GRID: &str = "COALESCE(r.grid_id, d.grid_id)";

fn select(condition: &str) -> String {
    format!(
        "SELECT d.declaration_id, d.kind, d.field, d.channel, d.state, d.content_masked, d.resident_id,
         COALESCE(p.name_masked, r.name_masked) AS name_masked, r.state AS record_state,
         a.text AS address_text, {GRID} AS grid_id, g.name AS grid_name, d.made_at, d.due_at, d.decided_at,
         o.display_name AS decided_name, d.refusal, d.outcome, d.version {FROM}
         LEFT JOIN home h ON h.division_code = d.division_code AND h.home_id = COALESCE(p.home_id, r.home_id)
         LEFT JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         LEFT JOIN micro_grid g ON g.division_code = d.division_code AND g.grid_id = {GRID}
         LEFT JOIN account o ON o.division_code = d.division_code AND o.account_id = d.decided_by
         WHERE {condition}"
    )
}

const FROM: &str = "FROM declaration d
 LEFT JOIN resident r ON r.division_code = d.division_code AND r.resident_id = d.resident_id
 LEFT JOIN declaration_place p ON p.division_code = d.division_code AND p.declaration_id = d.declaration_id";

/// What the queue is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Waiting, by deadline.
    Open,
    /// Waiting and over its time.
    Late,
    /// Answered or taken back, the last first.
    Closed,
}

impl Tab {
    /// Every one, in order.
    pub const ALL: [Tab; 3] = [Tab::Open, Tab::Late, Tab::Closed];
    /// Its code in addresses. Text: `declarations-tab-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Tab::Open => "open",
            Tab::Late => "late",
            Tab::Closed => "closed",
        }
    }
    fn sql(self, now: At, values: &mut Vec<Value>) -> String {
        match self {
            Tab::Open => "d.state = 'open'".into(),
            Tab::Closed => "d.state <> 'open'".into(),
            Tab::Late => {
                values.push(now.into());
                format!("d.state = 'open' AND d.due_at <= ${}", values.len())
            }
        }
    }
    fn order(self) -> &'static str {
        match self {
            Tab::Closed => "d.decided_at DESC, d.declaration_id DESC",
            _ => "d.due_at, d.declaration_id",
        }
    }
}

/// A page of the queue within the reader's scope, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, tab: Tab, paging: &Paging) -> Result<(Vec<Case>, i64)> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql(GRID, &mut values);
    let narrowed = tab.sql(q.store().now(), &mut values);
    let condition = format!("d.division_code = $1 AND {scope} AND {narrowed}");
    let total = q.number(&format!("SELECT COUNT(*) {FROM} WHERE {condition}"), values.clone()).await?;
    let sql =
        format!("{} ORDER BY {} LIMIT {} OFFSET {}", select(&condition), tab.order(), paging.limit(), paging.offset());
    Ok((q.rows(&sql, values).await?, total))
}

/// One case within the reader's scope.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: DeclarationId) -> Result<Case> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql(GRID, &mut values);
    let sql = select(&format!("d.division_code = $1 AND d.declaration_id = $2 AND {scope}"));
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// What is asked for beside what the register holds, opened for the one who decides.
#[derive(Debug)]
pub struct Opened {
    /// What is asked for.
    pub content: Content,
    /// The record; none where the case is about a home.
    pub record: Option<OpenResident>,
}

#[derive(FromQueryResult)]
pub(crate) struct SealedContent {
    pub content_sealed: Sealed,
}

pub(crate) async fn sealed(q: &impl Query, id: DeclarationId) -> Result<SealedContent> {
    let row: Option<SealedContent> = q
        .row(
            "SELECT content_sealed FROM declaration WHERE division_code = $1 AND declaration_id = $2",
            vals![q.division(), id],
        )
        .await?;
    row.ok_or_else(AppError::not_found)
}

/// Opens a case and the record it is about, on record where the resident sees it.
///
/// # Errors
/// `not-found` outside the scope; `forbidden`; `basis-missing` once it was answered.
pub async fn open(tx: &Tx, id: DeclarationId) -> Result<Opened> {
    let case = find(tx, tx.reader(), id).await?;
    let purpose = case.asked().ok_or_else(AppError::not_found)?.purpose();
    let row = sealed(tx, id).await?;
    let fields = [SealedField { bind: bind(id), sealed: &row.content_sealed }];
    // Neither a home nor somebody else is a reason to open the record of whoever declares.
    let of_no_record = case.asked().is_some_and(|kind| kind.is_of_a_home() || kind.is_for_another());
    // Whoever is registered by it later sees this reading among the others.
    let about = SubjectRef::new("resident", case.resident_id, case.grid_id);
    let clear =
        tx.unmask_concerning(subject(id, case.grid_id), of_no_record.then_some(about), purpose, &fields).await?;
    let text = clear.first().ok_or_else(AppError::not_found)?;
    let content = serde_json::from_str(text.text())?;
    let record = if of_no_record { None } else { Some(residents::open(tx, case.resident_id, purpose).await?) };
    Ok(Opened { content, record })
}

/// Whether the account has opened the case: nobody accepts what they have not read.
pub(crate) async fn was_read(q: &impl Query, reader: &Reader, id: DeclarationId) -> Result<bool> {
    let read = q
        .number(
            "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND subject_id = $2 AND account_id = $3",
            vals![q.division(), id, reader.account],
        )
        .await?;
    Ok(read > 0)
}
