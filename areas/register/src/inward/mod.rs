//! Hand-over from another jurisdiction (转入, R11): an office elsewhere says that somebody now lives here. The offer is
//! entered with who offers it and an answer's deadline; the grid where the address lies accepts it, which registers the
//! person, or refuses it with a reason for the other office.
//!
//! What is offered is sealed under a key of the offer's own, and key and values go with the answer. Somebody who is
//! registered by an offer keeps its id, so that whoever read the offer stands among the readings of the own record.

mod answer;

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    free_text,
    ids::GridId,
    reader::Reader,
    sealed::Bind,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

pub(crate) use answer::follow;
pub use answer::{Acceptance, OpenInward, accept, open, refuse, withdraw};

use crate::{
    employer_change::grid_at,
    ids::{AddressId, ResidentId, TransferId},
    outward::short,
    residents::friendly,
    rules::Person,
};

/// The kind of subject.
const KIND: &str = "inward-transfer";

/// Why an offer is refused. Text: `refusal-<code>`.
pub const REFUSALS: &[&str] = &["not-found-there", "lives-elsewhere", "address-unclear"];

/// An offer about to be entered. `Debug` is masked.
#[derive(Debug, Clone)]
pub struct NewInward {
    /// The office that offers.
    pub from_office: String,
    /// Its reference.
    pub reference: String,
    /// The person, checked by the rules of a registration.
    pub person: Person,
    /// The address that the person is said to live at.
    pub address: AddressId,
    /// The day on which it was offered.
    pub offered_day: Day,
}

/// An offer as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct InwardRow {
    /// Id.
    pub transfer_id: TransferId,
    /// The office that offers.
    pub from_office: String,
    /// Its reference.
    pub reference: String,
    /// Name, masked.
    pub name_masked: String,
    /// Kind of document.
    pub doc_kind: String,
    /// Number, masked.
    pub doc_masked: String,
    /// Mobile, masked.
    pub phone_masked: Option<String>,
    /// The address.
    pub address_id: AddressId,
    /// Its text.
    pub address_text: String,
    /// Its grid, whose work the answer is.
    pub grid_id: Option<GridId>,
    /// `offered`, `accepted`, `refused`, `withdrawn`.
    pub state: String,
    /// The day on which it was offered.
    pub offered_day: Day,
    /// When it was entered.
    pub entered_at: At,
    /// When an answer is due.
    pub due_at: At,
    /// When it was answered.
    pub decided_at: Option<At>,
    /// Coded reason of a refusal.
    pub refusal: Option<String>,
    /// The registration that it became, or that was there already.
    pub resident_id: Option<ResidentId>,
    /// Version.
    pub version: i64,
}

impl InwardRow {
    /// Whether the answer is overdue.
    pub fn is_late(&self, now: &At) -> bool {
        self.state == "offered" && self.due_at < *now
    }
    /// The number by which the other office is answered: the end of the offer's id, which names nobody.
    pub fn receipt(&self) -> String {
        let id = self.transfer_id.0.simple().to_string();
        id[id.len() - 12..].to_uppercase()
    }
}

const SELECT: &str = "SELECT t.transfer_id, t.from_office, t.reference, t.name_masked, t.doc_kind, t.doc_masked,
 t.phone_masked, t.address_id, a.text AS address_text, t.grid_id, t.state, t.offered_day, t.entered_at, t.due_at,
 t.decided_at, t.refusal, t.resident_id, t.version
 FROM inward_transfer t JOIN address a ON a.division_code = t.division_code AND a.address_id = t.address_id
 WHERE t.division_code = $1";

const COLUMNS: &[&str] = &[
    "division_code",
    "transfer_id",
    "from_office",
    "reference",
    "name_sealed",
    "name_masked",
    "doc_kind",
    "doc_sealed",
    "doc_masked",
    "doc_blind",
    "phone_sealed",
    "phone_masked",
    "address_id",
    "grid_id",
    "state",
    "offered_day",
    "entered_by",
    "entered_at",
    "due_at",
    "version",
];

fn subject(id: TransferId, grid: Option<GridId>) -> SubjectRef {
    SubjectRef::new(KIND, id, grid)
}

fn bind(column: &'static str, id: TransferId) -> Bind {
    Bind { table: "inward_transfer", column, row: id.0 }
}

/// Checks the words of an offer: the office, its reference, and the day.
///
/// # Errors
/// `transfer-office`, `transfer-reference`, `free-text-…`, `since-future`.
pub fn check_words(office: &str, reference: &str, offered: Day, today: Day) -> Result<(String, String)> {
    if offered > today {
        return Err(AppError::rule("since-future"));
    }
    let reference = short(reference, "transfer-reference")?;
    Ok((short(office, "transfer-office")?, reference))
}

/// Enters an offer.
///
/// # Errors
/// As [`check_words`]; `premises-elsewhere` for an address outside the reader's scope, `inward-open` where the person is
/// offered already.
pub async fn enter(tx: &Tx, new: NewInward, due: At) -> Result<TransferId> {
    enter_many(tx, vec![new], due).await?.pop().ok_or_else(AppError::not_found)
}

/// Enters many offers. Errors as [`enter`].
pub async fn enter_many(tx: &Tx, new: Vec<NewInward>, due: At) -> Result<Vec<TransferId>> {
    let ids: Vec<TransferId> = new.iter().map(|_| tx.new_id()).collect();
    let keys = tx.create_keys(&ids.iter().map(|id| id.0).collect::<Vec<_>>()).await?;
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for ((new, id), key) in new.into_iter().zip(&ids).zip(keys) {
        let (office, reference) = check_words(&new.from_office, &new.reference, new.offered_day, tx.now().day())?;
        let grid = grid_at(tx, Some(new.address)).await?;
        let (person, phone) = (&new.person, new.person.phone.as_ref());
        rows.push(vals![
            tx.division(),
            *id,
            office,
            reference,
            key.seal(bind("name_sealed", *id), &person.name),
            cn_identity::mask::name(&person.name),
            person.doc.kind.code(),
            key.seal(bind("doc_sealed", *id), &person.doc.number),
            person.doc.masked(),
            tx.store().keys().blind_index("doc", &person.doc.number),
            phone.map(|p| key.seal(bind("phone_sealed", *id), p.as_str())),
            phone.map(|p| p.masked()),
            new.address,
            grid,
            "offered",
            new.offered_day,
            tx.reader().account,
            tx.now(),
            due,
            1i64
        ]);
        events.push(NewEvent::new("resident.inward-offered", subject(*id, grid)));
    }
    tx.insert_many("inward_transfer", COLUMNS, rows).await.map_err(|e| friendly(e, "inward-open"))?;
    tx.events(events).await?;
    Ok(ids)
}

/// One offer within the reader's scope.
pub async fn find(q: &impl Query, reader: &Reader, id: TransferId) -> Result<InwardRow> {
    let mut values = vals![q.division(), id];
    let scope = crate::sql::scope_of_found(&reader.scope, "t.grid_id", &mut values);
    let row: Option<InwardRow> = q.row(&format!("{SELECT} AND t.transfer_id = $2 AND {scope}"), values).await?;
    row.ok_or_else(AppError::not_found)
}

/// Offers to the reader's grids, open ones first.
pub async fn list(q: &impl Query, reader: &Reader, limit: i64) -> Result<Vec<InwardRow>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("t.grid_id", &mut values);
    let order = "ORDER BY CASE WHEN t.state = 'offered' THEN 0 ELSE 1 END, t.due_at, t.transfer_id";
    q.rows(&format!("{SELECT} AND {scope} {order} LIMIT {}", limit.clamp(1, 200_000)), values).await
}

/// Whether the office's name may be kept; for a cell of a table.
pub(crate) fn check_office(text: &str) -> Result<(), free_text::FreeTextFault> {
    free_text::check_organisation(text)
}
