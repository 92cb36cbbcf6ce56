//! Answering an offer of another jurisdiction: looked at on record, accepted, refused, taken out.

use linli_platform::{
    AppError, Result, basis,
    clock::Day,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    keys::WrappedKey,
    reader::Purpose,
    sealed::{Bind, Clear, KeyRow, MachineText, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{InwardRow, REFUSALS, bind, find, subject};
use crate::{
    ids::{HomeId, ResidentId, TransferId},
    residents::{self, NewResident},
    sql,
    told::Told,
};

/// The machine run that registers an accepted person.
const RUN: &str = "inward-registration";

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
    epoch: String,
    wrapped: WrappedKey,
}

impl Offer {
    async fn of(tx: &Tx, id: TransferId) -> Result<Offer> {
        tx.row(
            "SELECT t.name_sealed, t.doc_sealed, t.phone_sealed, k.epoch, k.wrapped FROM inward_transfer t
             JOIN subject_key k ON k.division_code = t.division_code AND k.subject_id = t.transfer_id
             WHERE t.division_code = $1 AND t.transfer_id = $2 AND t.state = 'offered'",
            vals![tx.division(), id],
        )
        .await?
        .ok_or_else(AppError::not_found)
    }
    /// Name, number and mobile, for a recorded run.
    async fn opened(&self, tx: &Tx, id: TransferId) -> Result<Vec<MachineText>> {
        let run = tx.machine_run(RUN).await?;
        let key = KeyRow { subject_id: id.0, epoch: self.epoch.clone(), wrapped: self.wrapped.clone() };
        run.open(&key, &self.fields(id))
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

/// The current registration of the person who is offered, if there is one. The number is opened for the comparison: while
/// the indexes' key is exchanged, the two may stand under different keys.
async fn known(tx: &Tx, number: &str) -> Result<Option<Known>> {
    let mut values = vals![tx.division()];
    let marks = sql::marks(&mut values, tx.store().keys().blind_forms("doc", number));
    let sql = format!(
        "SELECT resident_id, grid_id FROM resident
         WHERE division_code = $1 AND doc_blind IN ({marks}) AND state = 'current'"
    );
    tx.row(&sql, values).await
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
    let text = offer.opened(tx, id).await?;
    let known = known(tx, text.get(1).ok_or_else(AppError::not_found)?.for_engine()).await?;
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
    let opened = offer.opened(tx, id).await?;
    if let Some(known) = known(tx, opened.get(1).ok_or_else(AppError::not_found)?.for_engine()).await? {
        if !tx.reader().scope.contains(known.grid_id) {
            return Err(AppError::rule("two-main-residences"));
        }
        decide(tx, &row, Decision::Accepted(known.resident_id)).await?;
        return Ok(known.resident_id);
    }
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
