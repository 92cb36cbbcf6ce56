//! The compared rows: lists within scope, one row, and its values for a person's eyes.

use linli_platform::{
    AppError, Result,
    access::Action,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    import::table::StagedRow,
    reader::{Purpose, Reader},
    sealed::{Bind, Sealed},
    store::{Query, SealedField, Tx},
    vals,
    web::Paging,
};
use linli_register::{AddressId, HomeId, ResidentId, residents::OpenResident};
use linli_work::TaskId;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use crate::{
    codes::{Class, Decided, State},
    columns::{ADDRESS, DOC, NAME, PHONE},
    compare::Compared,
    ids::RosterId,
    reasons::StoredReason,
    store::{self, Roster, place, rows_visible},
};

/// A row as it was sent, sealed one by one, so that reading one does not open the others.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ClearRow {
    pub name: String,
    pub doc_no: String,
    pub phone: String,
    pub address: String,
}

pub(crate) fn clear_row(row: &StagedRow) -> String {
    let text = |column| row.text(column).to_owned();
    let clear = ClearRow { name: text(NAME), doc_no: text(DOC), phone: text(PHONE), address: text(ADDRESS) };
    serde_json::to_string(&clear).expect("four texts are JSON")
}

pub(crate) fn row_bind(roster: RosterId, row_no: i64) -> Bind {
    Bind { table: "roster_result", column: "row_sealed", row: place(roster, row_no) }
}

const WRITTEN: &[&str] = &[
    "division_code",
    "roster_id",
    "row_no",
    "class",
    "decision",
    "has_left",
    "resident_id",
    "resident_version",
    "probability",
    "reasons",
    "name_masked",
    "doc_masked",
    "phone_masked",
    "road",
    "row_sealed",
    "grid_id",
    "home_grid_id",
    "home_id",
    "address_id",
];

/// Writes the rows of a comparison.
pub(crate) async fn insert(tx: &Tx, id: RosterId, compared: Vec<Compared>) -> Result<()> {
    let key = tx.key_of(id.0).await?;
    let mut rows = Vec::with_capacity(compared.len());
    for c in compared {
        rows.push(vals![
            tx.division(),
            id,
            c.row_no,
            c.class.code(),
            c.decision,
            c.has_left,
            c.resident,
            c.resident_version,
            c.probability,
            serde_json::to_string(&c.reasons)?,
            c.name_masked,
            c.doc_masked,
            c.phone_masked,
            c.road,
            c.clear.map(|clear| key.seal(row_bind(id, c.row_no), &clear)),
            c.grid,
            c.home_grid,
            c.home,
            c.address
        ]);
    }
    tx.insert_many("roster_result", WRITTEN, rows).await
}

/// A compared row as pages show it: masked, with what the register says where the reader's scope reaches.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ResultRow {
    /// Row number in the file; negative for who is gone from the roster.
    pub row_no: i64,
    /// [`Class`].
    pub class: String,
    /// What the machine decided: `match`, `review`, `none`.
    pub decision: String,
    /// The row says that the person left.
    pub has_left: bool,
    /// The registered person; of an uncertain row the likeliest.
    pub resident_id: Option<ResidentId>,
    /// How probable it is that both are the same person, 0 to 1.
    pub probability: f64,
    /// [`StoredReason`]s as JSON.
    pub reasons: String,
    /// Name as sent, masked.
    pub name_masked: String,
    /// Number as sent, masked.
    pub doc_masked: String,
    /// Mobile as sent, masked.
    pub phone_masked: String,
    /// Claimed address down to its road.
    pub road: String,
    /// Whose work it is.
    pub grid_id: Option<GridId>,
    /// Its name.
    pub grid_name: Option<String>,
    /// Where the person is registered.
    pub home_grid_id: Option<GridId>,
    /// Its name.
    pub home_grid_name: Option<String>,
    /// The home to be visited.
    pub home_id: Option<HomeId>,
    /// The standard address claimed.
    pub address_id: Option<AddressId>,
    /// Registered name, masked.
    pub register_name: Option<String>,
    /// Registered number, masked.
    pub register_doc: Option<String>,
    /// Registered mobile, masked.
    pub register_phone: Option<String>,
    /// Registered address.
    pub register_address: Option<String>,
    /// [`Decided`].
    pub decided: Option<String>,
    /// The task opened for it.
    pub task_id: Option<TaskId>,
    /// State of that task.
    pub task_state: Option<String>,
}

impl ResultRow {
    /// Its class.
    pub fn class(&self) -> Option<Class> {
        Class::from_code(&self.class)
    }
    /// Why, with weights.
    pub fn reasons(&self) -> Vec<StoredReason> {
        serde_json::from_str(&self.reasons).unwrap_or_default()
    }
    /// Whether it stands in the file.
    pub fn is_in_file(&self) -> bool {
        self.row_no > 0
    }
}

const COLUMNS: &str = "x.row_no, x.class, x.decision, x.has_left, x.resident_id, x.probability, x.reasons,
 x.name_masked, x.doc_masked, x.phone_masked, x.road, x.grid_id, g.name AS grid_name, x.home_grid_id,
 hg.name AS home_grid_name, x.home_id, x.address_id, p.name_masked AS register_name, p.doc_masked AS register_doc,
 p.phone_masked AS register_phone, a.text AS register_address, x.decided, rt.task_id, t.state AS task_state";
const FROM: &str = "FROM roster_result x
 LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
 LEFT JOIN micro_grid hg ON hg.division_code = x.division_code AND hg.grid_id = x.home_grid_id
 LEFT JOIN resident p ON p.division_code = x.division_code AND p.resident_id = x.resident_id
  AND (p.grid_id = x.home_grid_id OR (p.grid_id IS NULL AND x.home_grid_id IS NULL))
 LEFT JOIN home h ON h.division_code = p.division_code AND h.home_id = p.home_id
 LEFT JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
 LEFT JOIN roster_task rt ON rt.division_code = x.division_code AND rt.roster_id = x.roster_id AND rt.row_no = x.row_no
 LEFT JOIN task t ON t.division_code = rt.division_code AND t.task_id = rt.task_id";

fn may_review(reader: &Reader) -> Result<()> {
    if reader.may(Action::RosterReview) || reader.is_system() { Ok(()) } else { Err(AppError::forbidden()) }
}

/// Takes away what the register says of somebody registered outside the reader's scope.
fn within(reader: &Reader, mut row: ResultRow) -> ResultRow {
    if !reader.scope.contains(row.home_grid_id) {
        row.register_name = None;
        row.register_doc = None;
        row.register_phone = None;
        row.register_address = None;
    }
    row
}

/// The rows that the reader sees, of one class or of all; and how many.
///
/// # Errors
/// `forbidden` without the right to review.
pub async fn list(
    q: &impl Query,
    reader: &Reader,
    id: RosterId,
    class: Option<Class>,
    paging: &Paging,
) -> Result<(Vec<ResultRow>, i64)> {
    may_review(reader)?;
    let mut values: Vec<Value> = vals![q.division(), id];
    let mut condition =
        format!("WHERE x.division_code = $1 AND x.roster_id = $2 AND {}", rows_visible(reader, &mut values));
    if let Some(class) = class {
        values.push(class.code().into());
        condition.push_str(&format!(" AND x.class = ${}", values.len()));
    }
    let total = q.number(&format!("SELECT COUNT(*) FROM roster_result x {condition}"), values.clone()).await?;
    let sql = format!(
        "SELECT {COLUMNS} {FROM} {condition} ORDER BY CASE WHEN x.row_no < 0 THEN 1 ELSE 0 END, ABS(x.row_no)
         LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    let rows: Vec<ResultRow> = q.rows(&sql, values).await?;
    Ok((rows.into_iter().map(|r| within(reader, r)).collect(), total))
}

/// One row that the reader sees.
pub async fn find(q: &impl Query, reader: &Reader, id: RosterId, row_no: i64) -> Result<ResultRow> {
    may_review(reader)?;
    let mut values: Vec<Value> = vals![q.division(), id, row_no];
    let visible = rows_visible(reader, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE x.division_code = $1 AND x.roster_id = $2 AND x.row_no = $3 AND {visible}"
    );
    let row: Option<ResultRow> = q.row(&sql, values).await?;
    row.map(|r| within(reader, r)).ok_or_else(AppError::not_found)
}

/// How many rows of each class the reader sees, every class in the order of R15.
pub async fn counts(q: &impl Query, reader: &Reader, id: RosterId) -> Result<Vec<(Class, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        class: String,
        n: i64,
    }
    may_review(reader)?;
    let mut values: Vec<Value> = vals![q.division(), id];
    let visible = rows_visible(reader, &mut values);
    let rows: Vec<Row> = q
        .rows(
            &format!(
                "SELECT x.class, COUNT(*) AS n FROM roster_result x
                 WHERE x.division_code = $1 AND x.roster_id = $2 AND {visible} GROUP BY x.class"
            ),
            values,
        )
        .await?;
    let of = |class: Class| rows.iter().find(|r| r.class == class.code()).map_or(0, |r| r.n);
    Ok(Class::ALL.iter().map(|c| (*c, of(*c))).collect())
}

/// Writes what a person decided about an uncertain row (R15).
///
/// # Errors
/// `forbidden` for others than officers; `not-found` outside scope; `roster-not-uncertain`; `stale-version` once the
/// roster is confirmed.
pub async fn decide(tx: &Tx, id: RosterId, row_no: i64, decided: Decided) -> Result<()> {
    let reader = tx.reader();
    if !reader.may(Action::RosterConfirm) {
        return Err(AppError::forbidden());
    }
    let roster = store::find(tx, reader, id).await?;
    let row = find(tx, reader, id, row_no).await?;
    // The roster's row is held until the commit, so that a confirmation comes before or after, not between.
    tx.execute_one(
        "UPDATE roster SET version = version WHERE division_code = $1 AND roster_id = $2 AND state = $3",
        vals![tx.division(), id, State::Compared.code()],
    )
    .await?;
    if row.class() != Some(Class::Uncertain) {
        return Err(AppError::rule("roster-not-uncertain"));
    }
    tx.execute_one(
        "UPDATE roster_result SET decided = $4, decided_by = $5, decided_at = $6
         WHERE division_code = $1 AND roster_id = $2 AND row_no = $3",
        vals![tx.division(), id, row_no, decided.code(), reader.account, tx.now()],
    )
    .await?;
    let event = NewEvent::new("roster.row-decided", SubjectRef::new("roster", id, row.grid_id));
    tx.event(event.version(roster.version).body(serde_json::json!({ "row": row_no, "decided": decided.code() })))
        .await?;
    Ok(())
}

/// Both sides of a row, opened for the reader's eyes.
pub struct OpenRow {
    sent: Option<ClearRow>,
    /// The registered record, where it lies in the reader's scope.
    pub registered: Option<OpenResident>,
}

impl OpenRow {
    /// Name as sent.
    pub fn name(&self) -> &str {
        self.sent.as_ref().map_or("", |s| &s.name)
    }
    /// Number as sent.
    pub fn doc_no(&self) -> &str {
        self.sent.as_ref().map_or("", |s| &s.doc_no)
    }
    /// Mobile as sent.
    pub fn phone(&self) -> &str {
        self.sent.as_ref().map_or("", |s| &s.phone)
    }
    /// Address as sent.
    pub fn address(&self) -> &str {
        self.sent.as_ref().map_or("", |s| &s.address)
    }
}

/// Opens a row and the record beside it, for the purpose of the review, on record (boundary 7).
///
/// # Errors
/// `forbidden`; `not-found` outside scope; `basis-missing` once the roster is confirmed.
pub async fn open(tx: &Tx, roster: &Roster, row: &ResultRow) -> Result<OpenRow> {
    #[derive(FromQueryResult)]
    struct Row {
        row_sealed: Option<Sealed>,
    }
    let id = roster.roster_id;
    let stored: Option<Row> = tx
        .row(
            "SELECT row_sealed FROM roster_result WHERE division_code = $1 AND roster_id = $2 AND row_no = $3",
            vals![tx.division(), id, row.row_no],
        )
        .await?;
    let mut sent = None;
    if let Some(sealed) = stored.and_then(|r| r.row_sealed) {
        // Of a row whose claimed address lies elsewhere, the registered home is what brings it into scope.
        let grid = if tx.reader().scope.contains(row.grid_id) { row.grid_id } else { row.home_grid_id };
        let subject = SubjectRef::new("roster", id, grid);
        let field = SealedField { bind: row_bind(id, row.row_no), sealed: &sealed };
        // An uncertain row may be about somebody else; opening the record beside it is recorded there on its own.
        let known = row.resident_id.filter(|_| row.class() != Some(Class::Uncertain));
        let resident = known.map(|r| SubjectRef::new("resident", r, row.home_grid_id));
        let opened = tx.unmask_concerning(subject, resident, Purpose::RosterReview, &[field]).await?;
        sent = opened.first().map(|clear| serde_json::from_str(clear.text())).transpose()?;
    }
    let registered = match row.resident_id {
        Some(resident) if row.class() == Some(Class::Uncertain) && tx.reader().scope.contains(row.home_grid_id) => {
            Some(linli_register::residents::open(tx, resident, Purpose::RosterReview).await?)
        }
        _ => None,
    };
    Ok(OpenRow { sent, registered })
}

/// How many uncertain rows that the reader sees nobody has decided.
pub async fn undecided(q: &impl Query, reader: &Reader, id: RosterId) -> Result<i64> {
    let mut values: Vec<Value> = vals![q.division(), id, Class::Uncertain.code()];
    let visible = rows_visible(reader, &mut values);
    let sql = format!(
        "SELECT COUNT(*) FROM roster_result x
         WHERE x.division_code = $1 AND x.roster_id = $2 AND x.class = $3 AND x.decided IS NULL AND {visible}"
    );
    q.number(&sql, values).await
}

/// The first of them.
pub async fn next_undecided(q: &impl Query, reader: &Reader, id: RosterId) -> Result<Option<i64>> {
    let mut values: Vec<Value> = vals![q.division(), id, Class::Uncertain.code()];
    let visible = rows_visible(reader, &mut values);
    let sql = format!(
        "SELECT MIN(x.row_no) FROM roster_result x
         WHERE x.division_code = $1 AND x.roster_id = $2 AND x.class = $3 AND x.decided IS NULL AND {visible}"
    );
    // Uncertain rows stand in the file, so their numbers begin above 0.
    Ok(Some(q.number(&sql, values).await?).filter(|row| *row > 0))
}
