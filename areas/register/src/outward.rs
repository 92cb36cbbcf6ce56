//! Hand-over out of the jurisdiction (跨辖区移交, R11): offered to the office that the person turns out to live with, and
//! entered as accepted or refused when that office answers. Until it has accepted, the registration stays here.

use linli_platform::{
    AppError, Result,
    clock::At,
    event::{NewEvent, SubjectRef},
    free_text,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    codes::CancelReason,
    ids::{ResidentId, TransferId},
    residents::{self, friendly},
    told::Told,
    transfers,
};

/// The longest name of an office, and of its reference.
pub(crate) const MAX_CHARS: usize = 60;

/// A hand-over to another jurisdiction as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct OutwardRow {
    /// Id.
    pub transfer_id: TransferId,
    /// Who is handed over.
    pub resident_id: ResidentId,
    /// Name, masked.
    pub name_masked: String,
    /// The office that it is offered to.
    pub to_office: String,
    /// `offered`, `accepted`, `refused`, `withdrawn`.
    pub state: String,
    /// When it was offered.
    pub offered_at: At,
    /// When an answer is due.
    pub due_at: At,
    /// Coded reason of a refusal.
    pub refusal: Option<String>,
    /// The other office's reference.
    pub receipt: Option<String>,
    /// Version.
    pub version: i64,
}

impl OutwardRow {
    /// Whether the answer is overdue.
    pub fn is_late(&self, now: &At) -> bool {
        self.state == "offered" && self.due_at < *now
    }
}

const SELECT: &str = "SELECT t.transfer_id, t.resident_id, r.name_masked, t.to_office, t.state, t.offered_at, t.due_at,
 t.refusal, t.receipt, t.version
 FROM outward_transfer t JOIN resident r ON r.division_code = t.division_code AND r.resident_id = t.resident_id
 WHERE t.division_code = $1";

/// Why another office refuses. Text: `refusal-<code>`.
pub const REFUSALS: &[&str] = &["not-found-there", "lives-elsewhere", "address-unclear"];

pub(crate) fn short(text: &str, code: &'static str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_CHARS {
        return Err(AppError::rule(code));
    }
    free_text::check_organisation(text)?;
    Ok(text.to_owned())
}

/// Offers a resident to the office of another jurisdiction, with a deadline for its answer.
///
/// # Errors
/// `not-found`, `already-cancelled`, `transfer-open` where a hand-over is under way, `transfer-office` where the office is
/// not named or too long, `free-text-…`.
pub async fn offer(tx: &Tx, resident: ResidentId, office: &str, due: At) -> Result<TransferId> {
    let office = short(office, "transfer-office")?;
    let row = residents::find(tx, tx.reader(), resident).await?;
    if row.state != "current" {
        return Err(AppError::rule("already-cancelled"));
    }
    transfers::refuse_second(tx, resident).await?;
    let id: TransferId = tx.new_id();
    let columns = [
        "division_code",
        "transfer_id",
        "resident_id",
        "to_office",
        "state",
        "offered_by",
        "offered_at",
        "due_at",
        "version",
    ];
    let values = vals![tx.division(), id, resident, office, "offered", tx.reader().account, tx.now(), due, 1i64];
    tx.insert_many("outward_transfer", &columns, vec![values]).await.map_err(|e| friendly(e, "transfer-open"))?;
    let subject = SubjectRef::new("resident", resident, row.grid_id);
    let body = serde_json::json!({ "transfer": id });
    tx.event(NewEvent::new("resident.outward-offered", subject).version(row.version).body(body)).await?;
    Ok(id)
}

/// Hand-overs of people of the reader's grids, open ones first.
pub async fn list(q: &impl Query, reader: &Reader) -> Result<Vec<OutwardRow>> {
    list_first(q, reader, 200).await
}

/// The same, so many of them at most.
pub async fn list_first(q: &impl Query, reader: &Reader, limit: i64) -> Result<Vec<OutwardRow>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("r.grid_id", &mut values);
    let order = "ORDER BY CASE WHEN t.state = 'offered' THEN 0 ELSE 1 END, t.due_at";
    q.rows(&format!("{SELECT} AND {scope} {order} LIMIT {}", limit.clamp(1, 200_000)), values).await
}

async fn offered(tx: &Tx, id: TransferId, version: i64) -> Result<OutwardRow> {
    let mut values = vals![tx.division(), id];
    let scope = tx.reader().scope.sql("r.grid_id", &mut values);
    let sql = format!("{SELECT} AND t.transfer_id = $2 AND {scope}");
    let row: OutwardRow = tx.row(&sql, values).await?.ok_or_else(AppError::not_found)?;
    if row.state == "offered" && row.version == version { Ok(row) } else { Err(AppError::stale()) }
}

async fn decide(
    tx: &Tx,
    row: &OutwardRow,
    state: &'static str,
    refusal: Option<&'static str>,
    receipt: Option<String>,
) -> Result<()> {
    tx.execute_one(
        "UPDATE outward_transfer SET state = $4, refusal = $5, receipt = $6, decided_by = $7, decided_at = $8,
         version = version + 1 WHERE division_code = $1 AND transfer_id = $2 AND version = $3",
        vals![tx.division(), row.transfer_id, row.version, state, refusal, receipt, tx.reader().account, tx.now()],
    )
    .await?;
    let kind = match state {
        "accepted" => "resident.outward-accepted",
        "refused" => "resident.outward-refused",
        _ => "resident.outward-withdrawn",
    };
    let resident = residents::find(tx, &Reader::system(), row.resident_id).await?;
    let subject = SubjectRef::new("resident", row.resident_id, resident.grid_id);
    let body = serde_json::json!({ "transfer": row.transfer_id, "reason": refusal });
    tx.event(NewEvent::new(kind, subject).version(resident.version).body(body)).await?;
    Ok(())
}

/// Enters that the other office has accepted, with its reference: the registration here is cancelled in the same
/// transaction, so that the person is registered somewhere at every instant. `told` says when the answer was learnt.
///
/// # Errors
/// `transfer-receipt` where the reference is missing or too long, `free-text-…`, `not-found`, `stale-version`.
pub async fn accept(tx: &Tx, id: TransferId, version: i64, receipt: &str, told: impl Into<Told>) -> Result<()> {
    let receipt = short(receipt, "transfer-receipt")?;
    let row = offered(tx, id, version).await?;
    decide(tx, &row, "accepted", None, Some(receipt)).await?;
    let resident = residents::find(tx, tx.reader(), row.resident_id).await?;
    let today = tx.now().day();
    residents::cancel(tx, row.resident_id, resident.version, CancelReason::MovedAway, today, told).await?;
    Ok(())
}

/// Enters that the other office has refused; the registration stays here and can be offered again.
///
/// # Errors
/// `refusal-unknown`, `not-found`, `stale-version`.
pub async fn refuse(tx: &Tx, id: TransferId, version: i64, reason: &str) -> Result<()> {
    let reason = REFUSALS.iter().copied().find(|r| *r == reason).ok_or_else(|| AppError::rule("refusal-unknown"))?;
    let row = offered(tx, id, version).await?;
    decide(tx, &row, "refused", Some(reason), None).await
}

/// Takes an offer back before it was answered.
///
/// # Errors
/// `not-found`, `stale-version`.
pub async fn withdraw(tx: &Tx, id: TransferId, version: i64) -> Result<()> {
    let row = offered(tx, id, version).await?;
    decide(tx, &row, "withdrawn", None, None).await
}

/// Takes the open offer of somebody back whose registration ends otherwise.
pub(crate) async fn end(tx: &Tx, resident: ResidentId) -> Result<()> {
    let sql = format!("{SELECT} AND t.resident_id = $2 AND t.state = 'offered'");
    let open: Option<OutwardRow> = tx.row(&sql, vals![tx.division(), resident]).await?;
    match open {
        Some(row) => decide(tx, &row, "withdrawn", None, None).await,
        None => Ok(()),
    }
}
