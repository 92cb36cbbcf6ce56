//! The rows of a list: masked on the way, opened one by one and on record.

use cn_address::{Element, Parser};
use linli_platform::{
    AppError, Result,
    clock::At,
    event::SubjectRef,
    ids::GridId,
    reader::{Purpose, Reader},
    sealed::{Bind, Sealed},
    store::{Query, SealedField, Tx},
    vals,
    web::Paging,
};
use linli_register::{AddressId, HomeId, ResidentId};
use linli_work::TaskId;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use super::codes::RowState;
use crate::ids::{CheckId, RowId};

/// What a task and a basis name as origin.
pub const ORIGIN: &str = "check-row";

/// What a row says, in clear. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    pub name: String,
    pub doc_no: String,
    pub phone: String,
    pub address: String,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(***)")
    }
}

/// Where a row's content lives.
pub(crate) fn bind(id: RowId) -> Bind {
    Bind { table: "check_row", column: "content_sealed", row: id.0 }
}

/// A row as a subject.
pub(crate) fn subject(id: RowId, grid: Option<GridId>) -> SubjectRef {
    SubjectRef::new(ORIGIN, id, grid)
}

/// An address down to its road, village or site, as written; empty where none is recognised.
pub(crate) fn road(parser: &Parser, text: &str) -> String {
    let address = parser.parse(text);
    let span = [Element::Road, Element::Village, Element::Site, Element::Hamlet]
        .into_iter()
        .find_map(|element| address.span(element));
    span.and_then(|span| text.get(span)).unwrap_or_default().to_owned()
}

/// A row as lists show it, masked.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Row {
    /// Id.
    pub row_id: RowId,
    /// Its list.
    pub check_id: CheckId,
    /// Row in the file.
    pub row_no: i64,
    /// The list's own number of it.
    pub reference: String,
    /// [`Discrepancy`](super::Discrepancy).
    pub kind: String,
    /// [`RowState`].
    pub state: String,
    /// Name, masked.
    pub name_masked: String,
    /// Number, masked.
    pub doc_masked: String,
    /// Address down to its road.
    pub road: String,
    /// The register's record that it is about, if that lies in the same grid.
    pub resident_id: Option<ResidentId>,
    /// The door, if it is known.
    pub address_id: Option<AddressId>,
    /// The home there, if there is one.
    pub home_id: Option<HomeId>,
    /// The grid.
    pub grid_id: Option<GridId>,
    /// Its name.
    pub grid_name: Option<String>,
    /// The grid of the nearest address, to suggest.
    pub near_grid_id: Option<GridId>,
    /// The task that is open now.
    pub task_id: Option<TaskId>,
    /// [`Found`](super::Found) at the first visit.
    pub first_found: Option<String>,
    /// At the second.
    pub second_found: Option<String>,
    /// The result.
    pub result: Option<String>,
    /// By when the next step is done.
    pub due_at: Option<At>,
    /// When it was settled.
    pub settled_at: Option<At>,
    /// Version.
    pub version: i64,
}

impl Row {
    /// Its state.
    pub fn state(&self) -> RowState {
        RowState::from_code(&self.state).unwrap_or(RowState::Settled)
    }
    /// Whether it has ended.
    pub fn is_final(&self) -> bool {
        self.state().is_final()
    }
    /// Whether the next step is over its time.
    pub fn is_late(&self, now: At) -> bool {
        !self.is_final() && self.due_at.is_some_and(|due| due <= now)
    }
    /// As a subject of events.
    pub(crate) fn subject(&self) -> SubjectRef {
        subject(self.row_id, self.grid_id)
    }
}

pub(super) const SELECT: &str = "SELECT r.row_id, r.check_id, r.row_no, r.ref AS reference, r.kind, r.state, r.name_masked,
 r.doc_masked, r.road, r.resident_id, r.address_id, r.home_id, r.grid_id, g.name AS grid_name, r.near_grid_id, r.task_id,
 r.first_found, r.second_found, r.result, r.due_at, r.settled_at, r.version
 FROM check_row r LEFT JOIN micro_grid g ON g.division_code = r.division_code AND g.grid_id = r.grid_id";

/// What a list of rows is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct RowFilter {
    /// One list.
    pub check: Option<CheckId>,
    /// One state.
    pub state: Option<RowState>,
}

fn condition(reader: &Reader, filter: RowFilter, values: &mut Vec<Value>) -> String {
    let mut sql = format!("r.division_code = $1 AND {}", reader.scope.sql("r.grid_id", values));
    if let Some(check) = filter.check {
        values.push(check.into());
        sql.push_str(&format!(" AND r.check_id = ${}", values.len()));
    }
    if let Some(state) = filter.state {
        values.push(state.code().into());
        sql.push_str(&format!(" AND r.state = ${}", values.len()));
    }
    // What has not gone down yet is the steward's alone.
    if !reader.is_system() && reader.scope != linli_platform::reader::Scope::Division {
        sql.push_str(" AND r.state NOT IN ('waiting', 'placed')");
    }
    sql
}

/// A page of the rows that the reader sees, and how many there are.
pub async fn list_rows(q: &impl Query, reader: &Reader, filter: RowFilter, paging: &Paging) -> Result<(Vec<Row>, i64)> {
    let mut values = vals![q.division()];
    let condition = condition(reader, filter, &mut values);
    let total = q.number(&format!("SELECT COUNT(*) FROM check_row r WHERE {condition}"), values.clone()).await?;
    let sql = format!(
        "{SELECT} WHERE {condition}
         ORDER BY CASE WHEN r.state IN ('settled', 'elsewhere') THEN 1 ELSE 0 END, COALESCE(r.due_at, 0), r.row_no, r.row_id
         LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// One row that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find_row(q: &impl Query, reader: &Reader, id: RowId) -> Result<Row> {
    let mut values = vals![q.division()];
    let condition = condition(reader, RowFilter::default(), &mut values);
    values.push(id.into());
    let sql = format!("{SELECT} WHERE {condition} AND r.row_id = ${}", values.len());
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// A row opened for a person's eyes. `Debug` is masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRow(Content);

impl OpenRow {
    /// Name.
    pub fn name(&self) -> &str {
        &self.0.name
    }
    /// Number.
    pub fn doc_no(&self) -> &str {
        &self.0.doc_no
    }
    /// Mobile.
    pub fn phone(&self) -> &str {
        &self.0.phone
    }
    /// Address as written.
    pub fn address(&self) -> &str {
        &self.0.address
    }
}

/// Opens a row for whoever has to place, visit or check it, and records the reading; where the register knows the
/// person, that resident sees it too.
///
/// # Errors
/// `not-found` outside the scope; `forbidden`; `basis-missing` once it is settled; those of [`Tx::unmask`].
pub async fn open_row(tx: &Tx, id: RowId) -> Result<OpenRow> {
    #[derive(FromQueryResult)]
    struct SealedRow {
        content_sealed: Sealed,
    }
    let row = find_row(tx, tx.reader(), id).await?;
    let sql = "SELECT content_sealed FROM check_row WHERE division_code = $1 AND row_id = $2";
    let sealed: Option<SealedRow> = tx.row(sql, vals![tx.division(), id]).await?;
    let sealed = sealed.ok_or_else(AppError::not_found)?;
    let resident = row.resident_id.map(|r| SubjectRef::new("resident", r, row.grid_id));
    let field = SealedField { bind: bind(id), sealed: &sealed.content_sealed };
    let clear = tx.unmask_concerning(row.subject(), resident, Purpose::DataCheck, &[field]).await?;
    let text = clear.first().ok_or_else(AppError::not_found)?;
    let content = serde_json::from_str(text.text()).map_err(|_| AppError::internal("a row's content is no object"))?;
    Ok(OpenRow(content))
}
