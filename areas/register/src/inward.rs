//! Hand-over from another jurisdiction (转入, R11): an office elsewhere says that somebody now lives here. The offer is
//! entered with who offers it and an answer's deadline; the grid where the address lies accepts it, which registers the
//! person, or refuses it with a reason for the other office.
//!
//! What is offered is sealed under a key of the offer's own, and key and values go with the answer. Somebody who is
//! registered by an offer keeps its id, so that whoever read the offer stands among the readings of the own record.

use linli_platform::{
    AppError, Result, basis,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    free_text,
    ids::GridId,
    keys::WrappedKey,
    reader::{Purpose, Reader},
    sealed::{Bind, Clear, KeyRow, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    employer_change::grid_at,
    ids::{AddressId, HomeId, ResidentId, TransferId},
    outward::short,
    residents::{self, NewResident, friendly},
    rules::Person,
    told::Told,
};

/// The kind of subject.
const KIND: &str = "inward-transfer";
/// The machine run that registers an accepted person.
const RUN: &str = "inward-registration";

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

async fn offered(tx: &Tx, id: TransferId, version: i64) -> Result<InwardRow> {
    let row = find(tx, tx.reader(), id).await?;
    if row.state == "offered" && row.version == version { Ok(row) } else { Err(AppError::stale()) }
}

/// What is offered, sealed, with its key.
#[derive(FromQueryResult)]
struct Offer {
    name_sealed: Sealed,
    doc_sealed: Sealed,
    phone_sealed: Option<Sealed>,
    doc_blind: Vec<u8>,
    epoch: String,
    wrapped: WrappedKey,
}

impl Offer {
    async fn of(tx: &Tx, id: TransferId) -> Result<Offer> {
        tx.row(
            "SELECT t.name_sealed, t.doc_sealed, t.phone_sealed, t.doc_blind, k.epoch, k.wrapped FROM inward_transfer t
             JOIN subject_key k ON k.division_code = t.division_code AND k.subject_id = t.transfer_id
             WHERE t.division_code = $1 AND t.transfer_id = $2 AND t.state = 'offered'",
            vals![tx.division(), id],
        )
        .await?
        .ok_or_else(AppError::not_found)
    }
    fn fields(&self, id: TransferId) -> Vec<(Bind, &Sealed)> {
        let mut fields = vec![(bind("name_sealed", id), &self.name_sealed), (bind("doc_sealed", id), &self.doc_sealed)];
        fields.extend(self.phone_sealed.as_ref().map(|phone| (bind("phone_sealed", id), phone)));
        fields
    }
}

#[derive(FromQueryResult)]
struct Known {
    resident_id: ResidentId,
    grid_id: Option<GridId>,
}

/// The current registration of the person who is offered, if there is one.
async fn known(tx: &Tx, blind: &[u8]) -> Result<Option<Known>> {
    let sql = "SELECT resident_id, grid_id FROM resident WHERE division_code = $1 AND doc_blind = $2 AND state = 'current'";
    tx.row(sql, vals![tx.division(), blind.to_vec()]).await
}

/// An offer opened for whoever is to answer it.
#[derive(Debug, Clone)]
pub struct OpenInward {
    /// The masked form of it.
    pub row: InwardRow,
    /// Name.
    pub name: Clear,
    /// Number of the document.
    pub doc: Clear,
    /// Mobile.
    pub phone: Option<Clear>,
}

/// Opens an offer for the transaction's reader, for the purpose of the hand-over and on record: for the person, too, where
/// a registration is there already.
///
/// # Errors
/// `forbidden`, `not-found` outside the scope, `stale-version`.
pub async fn open(tx: &Tx, id: TransferId, version: i64) -> Result<OpenInward> {
    let row = offered(tx, id, version).await?;
    let offer = Offer::of(tx, id).await?;
    let subject = subject(id, row.grid_id);
    basis::open(tx, subject, Purpose::Transfer, id.0, Some(tx.reader().account), None).await?;
    let known = known(tx, &offer.doc_blind).await?;
    let person = known.map(|k| SubjectRef::new("resident", k.resident_id, k.grid_id));
    let fields: Vec<SealedField<'_>> =
        offer.fields(id).into_iter().map(|(bind, sealed)| SealedField { bind, sealed }).collect();
    let mut opened = tx.unmask_concerning(subject, person, Purpose::Transfer, &fields).await?.into_iter();
    let mut next = || opened.next().ok_or_else(AppError::not_found);
    let (name, doc) = (next()?, next()?);
    Ok(OpenInward { row, name, doc, phone: opened.next() })
}

/// How an accepted person is registered.
#[derive(Debug, Clone, Copy)]
pub struct Acceptance {
    /// The home that the person was found to live at.
    pub home: HomeId,
    /// Since when.
    pub since: Day,
    /// Household registration local or elsewhere.
    pub local: bool,
}

/// Accepts an offer: the person is registered at a home of the reader's grids. Somebody who is registered there already
/// stays registered, and the offer leads to that record. The registration.
///
/// # Errors
/// `two-main-residences` where the person is registered outside the scope, the errors of registering, `not-found`,
/// `stale-version`.
pub async fn accept(
    tx: &Tx,
    id: TransferId,
    version: i64,
    how: Acceptance,
    told: impl Into<Told>,
) -> Result<ResidentId> {
    let told = told.into();
    let row = offered(tx, id, version).await?;
    let offer = Offer::of(tx, id).await?;
    if let Some(known) = known(tx, &offer.doc_blind).await? {
        if !tx.reader().scope.contains(known.grid_id) {
            return Err(AppError::rule("two-main-residences"));
        }
        decide(tx, &row, Decision::Accepted(known.resident_id)).await?;
        return Ok(known.resident_id);
    }
    let run = tx.machine_run(RUN).await?;
    let key = KeyRow { subject_id: id.0, epoch: offer.epoch.clone(), wrapped: offer.wrapped.clone() };
    let opened = run.open(&key, &offer.fields(id))?;
    let text = |n: usize| opened.get(n).map(|text| text.for_engine().to_owned());
    let resident = ResidentId(id.0);
    let new = NewResident {
        resident_id: Some(resident),
        name: text(0).ok_or_else(AppError::not_found)?,
        doc_kind: cn_identity::DocumentKind::from_code(&row.doc_kind).unwrap_or(cn_identity::DocumentKind::Other),
        doc_no: text(1).ok_or_else(AppError::not_found)?,
        // It was checked when the offer was entered.
        doc_confirmed: true,
        phone: text(2),
        sex: None,
        birth: None,
        local: how.local,
        home_id: how.home,
        employer_id: None,
        since_day: how.since,
        source: told.source,
        seen_at: told.seen_at,
        entered_at: None,
    };
    decide(tx, &row, Decision::Accepted(resident)).await?;
    residents::register(tx, new).await
}

/// Refuses an offer with a coded reason, for the other office to be answered.
///
/// # Errors
/// `refusal-unknown`, `not-found`, `stale-version`.
pub async fn refuse(tx: &Tx, id: TransferId, version: i64, reason: &str) -> Result<()> {
    let reason = REFUSALS.iter().copied().find(|r| *r == reason).ok_or_else(|| AppError::rule("refusal-unknown"))?;
    let row = offered(tx, id, version).await?;
    decide(tx, &row, Decision::Refused(reason)).await
}

/// Takes an offer out that the other office withdrew, or that was entered by mistake.
///
/// # Errors
/// `not-found`, `stale-version`.
pub async fn withdraw(tx: &Tx, id: TransferId, version: i64) -> Result<()> {
    let row = offered(tx, id, version).await?;
    decide(tx, &row, Decision::Withdrawn).await
}

#[derive(Clone, Copy)]
enum Decision {
    Accepted(ResidentId),
    Refused(&'static str),
    Withdrawn,
}

/// Notes the answer. What was offered is needed no more: the sealed values and their key go.
async fn decide(tx: &Tx, row: &InwardRow, decision: Decision) -> Result<()> {
    let (state, kind, refusal, resident) = match decision {
        Decision::Accepted(resident) => ("accepted", "resident.inward-accepted", None, Some(resident)),
        Decision::Refused(reason) => ("refused", "resident.inward-refused", Some(reason), None),
        Decision::Withdrawn => ("withdrawn", "resident.inward-withdrawn", None, None),
    };
    tx.execute_one(
        "UPDATE inward_transfer SET state = $4, refusal = $5, resident_id = $6, decided_by = $7, decided_at = $8,
         name_sealed = NULL, doc_sealed = NULL, doc_blind = NULL, phone_sealed = NULL, version = version + 1
         WHERE division_code = $1 AND transfer_id = $2 AND version = $3",
        vals![tx.division(), row.transfer_id, row.version, state, refusal, resident, tx.reader().account, tx.now()],
    )
    .await?;
    let key = "DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2";
    tx.execute(key, vals![tx.division(), row.transfer_id]).await?;
    basis::close(tx, row.transfer_id.0).await?;
    let late = row.due_at < tx.now();
    let body = serde_json::json!({ "reason": refusal, "late": late });
    tx.event(NewEvent::new(kind, subject(row.transfer_id, row.grid_id)).version(row.version + 1).body(body)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Followed {
    transfer_id: TransferId,
    version: i64,
}

/// Offers of people at premises that came into another grid: that grid answers them now.
pub(crate) async fn follow(tx: &Tx, addresses: &[uuid::Uuid], to: GridId) -> Result<()> {
    let mut values = vals![tx.division(), to];
    let marks = crate::sql::marks(&mut values, addresses.iter().copied());
    let sql = format!(
        "UPDATE inward_transfer SET grid_id = $2, version = version + 1
         WHERE division_code = $1 AND state = 'offered' AND address_id IN ({marks}) RETURNING transfer_id, version"
    );
    let followed: Vec<Followed> = tx.rows(&sql, values).await?;
    let event = |f: &Followed| {
        NewEvent::new("resident.transfer-regridded", subject(f.transfer_id, Some(to))).version(f.version)
    };
    tx.events(followed.iter().map(event).collect()).await?;
    Ok(())
}

/// Whether the office's name may be kept; for a cell of a table.
pub(crate) fn check_office(text: &str) -> Result<(), free_text::FreeTextFault> {
    free_text::check_organisation(text)
}
