//! Hand-over between grids (移交, R11): offered by the grid that has the person, accepted or refused by the grid that
//! the person turns out to live in. Until it is accepted the registration stays where it is, so nothing is lost
//! between the two.

use linli_platform::{
    AppError, Result,
    app::App,
    basis,
    clock::{At, Day},
    deadline,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::{Purpose, Reader},
    store::{Query, Tx},
    vals,
};
use policy_pack::DeadlineId;
use sea_orm::FromQueryResult;

use crate::{
    ids::{HomeId, ResidentId, TransferId},
    residents::{self, friendly, grid_of, relocate},
    told::Told,
};

/// A hand-over as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct TransferRow {
    /// Id.
    pub transfer_id: TransferId,
    /// Who is handed over.
    pub resident_id: ResidentId,
    /// Name, masked.
    pub name_masked: String,
    /// The grid that has the person.
    pub from_grid_id: Option<GridId>,
    /// The grid it is offered to.
    pub to_grid_id: Option<GridId>,
    /// `offered`, `accepted`, `refused`, `withdrawn`.
    pub state: String,
    /// Who offered it.
    pub offered_by: AccountId,
    /// When.
    pub offered_at: At,
    /// When an answer is due.
    pub due_at: At,
    /// Coded reason of a refusal.
    pub refusal: Option<String>,
    /// Version of the hand-over.
    pub version: i64,
}

impl TransferRow {
    /// Whether the answer is overdue.
    pub fn is_late(&self, now: &At) -> bool {
        self.state == "offered" && self.due_at < *now
    }
}

const COLUMNS: &str =
    "t.transfer_id, t.resident_id, r.name_masked, t.from_grid_id, t.to_grid_id, t.state, t.offered_by,
 t.offered_at, t.due_at, t.refusal, t.version";
const FROM: &str =
    "FROM transfer t JOIN resident r ON r.division_code = t.division_code AND r.resident_id = t.resident_id";

/// Why a hand-over is refused. Text: `refusal-<code>`.
pub const REFUSALS: &[&str] = &["not-found-there", "lives-elsewhere", "address-unclear"];

/// Why a hand-over came back by itself: the receiving grid was closed by a new set of boundaries.
const GRID_CLOSED: &str = "grid-closed";

/// Offers a resident to another grid, with a deadline for the answer. The receiving grid may open the record for the
/// purpose of the hand-over as long as it is open.
///
/// # Errors
/// `not-found`, `already-cancelled`, `same-grid`, `transfer-open` where one is under way.
pub async fn offer(tx: &Tx, resident: ResidentId, to: GridId, due: At) -> Result<TransferId> {
    let row = residents::find(tx, tx.reader(), resident).await?;
    if row.state != "current" {
        return Err(AppError::rule("already-cancelled"));
    }
    if row.grid_id == Some(to) {
        return Err(AppError::rule("same-grid"));
    }
    refuse_second(tx, resident).await?;
    let id: TransferId = tx.new_id();
    let columns = &[
        "division_code",
        "transfer_id",
        "resident_id",
        "from_grid_id",
        "to_grid_id",
        "state",
        "offered_by",
        "offered_at",
        "due_at",
        "version",
    ];
    let values =
        vals![tx.division(), id, resident, row.grid_id, to, "offered", tx.reader().account, tx.now(), due, 1i64];
    tx.insert_many("transfer", columns, vec![values]).await.map_err(|e| friendly(e, "transfer-open"))?;
    let subject = SubjectRef::new("resident", resident, row.grid_id);
    let body = serde_json::json!({ "transfer": id, "grid_to": to });
    tx.event(NewEvent::new("resident.transfer-offered", subject).version(row.version).body(body)).await?;
    Ok(id)
}

/// Nobody is handed over twice at a time, wherever to.
pub(crate) async fn refuse_second(tx: &Tx, resident: ResidentId) -> Result<()> {
    for table in ["transfer", "outward_transfer"] {
        let sql =
            format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND resident_id = $2 AND state = 'offered'");
        if tx.number(&sql, vals![tx.division(), resident]).await? > 0 {
            return Err(AppError::rule("transfer-open"));
        }
    }
    Ok(())
}

/// By when an offer that is made now is to be answered, by the policy pack.
///
/// # Errors
/// `workday-year` where working days of that year are not known yet.
pub fn due_at(app: &App) -> Result<At> {
    deadline::due_at(&app.pack, &app.calendar, DeadlineId::TransferAcceptance, app.store.now())
}

/// Takes an offer back before it was answered: for the grid that made it.
///
/// # Errors
/// `not-found` where the hand-over is not from one of the reader's grids, `stale-version`.
pub async fn withdraw(tx: &Tx, id: TransferId, version: i64) -> Result<()> {
    let mut values = vals![tx.division(), id];
    let scope = tx.reader().scope.sql("t.from_grid_id", &mut values);
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE t.division_code = $1 AND t.transfer_id = $2 AND {scope}");
    let row: TransferRow = tx.row(&sql, values).await?.ok_or_else(AppError::not_found)?;
    if row.state != "offered" || row.version != version {
        return Err(AppError::stale());
    }
    decide(tx, &row, "withdrawn", None, None).await
}

/// Takes the open offer of somebody back whose registration ends otherwise.
pub(crate) async fn end(tx: &Tx, resident: ResidentId) -> Result<()> {
    let sql =
        format!("SELECT {COLUMNS} {FROM} WHERE t.division_code = $1 AND t.resident_id = $2 AND t.state = 'offered'");
    let open: Option<TransferRow> = tx.row(&sql, vals![tx.division(), resident]).await?;
    match open {
        Some(row) => decide(tx, &row, "withdrawn", None, None).await,
        None => Ok(()),
    }
}

/// Hand-overs from or to the reader's grids, open ones first.
pub async fn list(q: &impl Query, reader: &Reader) -> Result<Vec<TransferRow>> {
    list_first(q, reader, 200).await
}

/// The same, so many of them at most.
pub async fn list_first(q: &impl Query, reader: &Reader, limit: i64) -> Result<Vec<TransferRow>> {
    let mut values = vals![q.division()];
    let from = reader.scope.sql("t.from_grid_id", &mut values);
    let to = reader.scope.sql("t.to_grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE t.division_code = $1 AND ({from} OR {to})
         ORDER BY CASE WHEN t.state = 'offered' THEN 0 ELSE 1 END, t.due_at LIMIT {}",
        limit.clamp(1, 200_000)
    );
    q.rows(&sql, values).await
}

/// An open hand-over to one of the reader's grids.
async fn offered_here(tx: &Tx, id: TransferId, version: i64) -> Result<TransferRow> {
    let mut values = vals![tx.division(), id];
    let scope = tx.reader().scope.sql("t.to_grid_id", &mut values);
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE t.division_code = $1 AND t.transfer_id = $2 AND {scope}");
    let row: TransferRow = tx.row(&sql, values).await?.ok_or_else(AppError::not_found)?;
    if row.state != "offered" || row.version != version {
        return Err(AppError::stale());
    }
    Ok(row)
}

/// Opens the record's basis for the deciding account, so that the receiving side can see whom it takes over. It ends with
/// the answer, also with a late one.
///
/// # Errors
/// `not-found` where the hand-over is not to one of the reader's grids.
pub async fn begin_review(tx: &Tx, id: TransferId, version: i64) -> Result<ResidentId> {
    let row = offered_here(tx, id, version).await?;
    let subject = SubjectRef::new("resident", row.resident_id, row.from_grid_id);
    basis::open(tx, subject, Purpose::Transfer, id.0, Some(tx.reader().account), None).await?;
    tx.event(NewEvent::new("resident.transfer-reviewed", subject).body(serde_json::json!({ "transfer": id }))).await?;
    Ok(row.resident_id)
}

/// Accepts a hand-over: the resident moves to a home of the receiving grid.
///
/// # Errors
/// `not-found`, `stale-version`, `since-future`.
pub async fn accept(
    tx: &Tx,
    id: TransferId,
    version: i64,
    home: HomeId,
    day: Day,
    told: impl Into<Told>,
) -> Result<()> {
    let row = offered_here(tx, id, version).await?;
    let grid = grid_of(tx, home).await?;
    if !tx.reader().scope.contains(grid) {
        return Err(AppError::not_found());
    }
    if day > tx.now().day() {
        return Err(AppError::rule("since-future"));
    }
    // The offer is what entitles the receiving grid to this one record outside its own.
    let resident = residents::find(tx, &Reader::system(), row.resident_id).await?;
    if resident.state != "current" {
        return Err(AppError::stale());
    }
    relocate(tx, &resident, home, grid, day, told.into()).await?;
    decide(tx, &row, "accepted", Some(home), None).await
}

/// Refuses a hand-over with a coded reason; the registration stays where it is.
///
/// # Errors
/// `refusal-unknown`, `not-found`, `stale-version`.
pub async fn refuse(tx: &Tx, id: TransferId, version: i64, reason: &str) -> Result<()> {
    let reason = REFUSALS.iter().copied().find(|r| *r == reason).ok_or_else(|| AppError::rule("refusal-unknown"))?;
    let row = offered_here(tx, id, version).await?;
    decide(tx, &row, "refused", None, Some(reason)).await
}

async fn decide(
    tx: &Tx,
    row: &TransferRow,
    state: &'static str,
    home: Option<HomeId>,
    refusal: Option<&'static str>,
) -> Result<()> {
    tx.execute_one(
        "UPDATE transfer SET state = $4, to_home_id = $5, refusal = $6, decided_by = $7, decided_at = $8,
         version = version + 1 WHERE division_code = $1 AND transfer_id = $2 AND version = $3",
        vals![tx.division(), row.transfer_id, row.version, state, home, refusal, tx.reader().account, tx.now()],
    )
    .await?;
    basis::close(tx, row.transfer_id.0).await?;
    let kind = match state {
        "accepted" => "resident.transfer-accepted",
        "refused" => "resident.transfer-refused",
        _ => "resident.transfer-withdrawn",
    };
    let subject = SubjectRef::new("resident", row.resident_id, row.to_grid_id);
    tx.event(NewEvent::new(kind, subject).body(serde_json::json!({ "transfer": row.transfer_id, "reason": refusal })))
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Followed {
    transfer_id: TransferId,
    resident_id: ResidentId,
    version: i64,
}

/// Open hand-overs of people whose premises came into another grid: that grid offers them now, and answers for them.
pub(crate) async fn follow(tx: &Tx, addresses: &[uuid::Uuid], to: GridId) -> Result<()> {
    let mut values = vals![tx.division(), to];
    let marks = crate::sql::marks(&mut values, addresses.iter().copied());
    let sql = format!(
        "UPDATE transfer SET from_grid_id = $2, version = version + 1
         WHERE division_code = $1 AND state = 'offered' AND resident_id IN (
           SELECT r.resident_id FROM resident r
           JOIN home h ON h.division_code = r.division_code AND h.home_id = r.home_id
           WHERE r.division_code = $1 AND r.state = 'current' AND h.address_id IN ({marks}))
         RETURNING transfer_id, resident_id, version"
    );
    let followed: Vec<Followed> = tx.rows(&sql, values).await?;
    let event = |f: &Followed| {
        NewEvent::new("resident.transfer-regridded", SubjectRef::new("resident", f.resident_id, Some(to)))
            .version(f.version)
            .body(serde_json::json!({ "transfer": f.transfer_id }))
    };
    tx.events(followed.iter().map(event).collect()).await?;
    Ok(())
}

/// Open hand-overs to grids that are no more go back to whoever offered them, so that none waits for nobody.
pub(crate) async fn return_from_closed_grids(tx: &Tx) -> Result<()> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} JOIN micro_grid g ON g.division_code = t.division_code AND g.grid_id = t.to_grid_id
         WHERE t.division_code = $1 AND t.state = 'offered' AND g.until_day IS NOT NULL AND g.until_day <= $2"
    );
    let waiting: Vec<TransferRow> = tx.rows(&sql, vals![tx.division(), tx.now().day()]).await?;
    for row in &waiting {
        decide(tx, row, "refused", None, Some(GRID_CLOSED)).await?;
    }
    Ok(())
}
