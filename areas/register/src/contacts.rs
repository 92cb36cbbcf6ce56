//! Opening who can be reached about premises or an employer (联系人): owner and landlord of a home, the liaison of an
//! employer. They are no residents here, and are protected as residents are: masked in every list, opened one at a time,
//! by purpose, in scope, and on record.

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    basis,
    clock::At,
    event::SubjectRef,
    ids::GridId,
    reader::{Purpose, Reader},
    sealed::{Bind, Clear, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::ids::{EmployerId, HomeId};
pub use crate::pages::contacts::opened;

/// Whose contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A home's: owner, landlord, the landlord's mobile.
    Home(HomeId),
    /// An employer's: its liaison, the liaison's mobile.
    Employer(EmployerId),
}

impl Of {
    fn kind(self) -> &'static str {
        match self {
            Of::Home(_) => "home",
            Of::Employer(_) => "employer",
        }
    }
    fn id(self) -> Uuid {
        match self {
            Of::Home(id) => id.0,
            Of::Employer(id) => id.0,
        }
    }
}

/// A value in clear, with the key of its text.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Fluent key.
    pub key: &'static str,
    /// The value.
    pub value: Clear,
}

struct Row {
    grid: Option<GridId>,
    /// Column, text's key, value.
    sealed: Vec<(&'static str, &'static str, Option<Sealed>)>,
}

#[derive(FromQueryResult)]
struct HomeRow {
    grid_id: Option<GridId>,
    owner_sealed: Option<Sealed>,
    landlord_sealed: Option<Sealed>,
    landlord_phone_sealed: Option<Sealed>,
}

#[derive(FromQueryResult)]
struct EmployerRow {
    grid_id: Option<GridId>,
    liaison_sealed: Option<Sealed>,
    liaison_phone_sealed: Option<Sealed>,
}

async fn row(tx: &Tx, of: Of) -> Result<Option<Row>> {
    let values = vals![tx.division(), of.id()];
    match of {
        Of::Home(_) => {
            let sql = "SELECT grid_id, owner_sealed, landlord_sealed, landlord_phone_sealed FROM home
                       WHERE division_code = $1 AND home_id = $2";
            let row: Option<HomeRow> = tx.row(sql, values).await?;
            Ok(row.map(|r| Row {
                grid: r.grid_id,
                sealed: vec![
                    ("owner_sealed", "column-home-owner", r.owner_sealed),
                    ("landlord_sealed", "column-home-landlord", r.landlord_sealed),
                    ("landlord_phone_sealed", "column-home-landlord-phone", r.landlord_phone_sealed),
                ],
            }))
        }
        Of::Employer(_) => {
            let sql = "SELECT grid_id, liaison_sealed, liaison_phone_sealed FROM employer
                       WHERE division_code = $1 AND employer_id = $2";
            let row: Option<EmployerRow> = tx.row(sql, values).await?;
            Ok(row.map(|r| Row {
                grid: r.grid_id,
                sealed: vec![
                    ("liaison_sealed", "column-employer-liaison", r.liaison_sealed),
                    ("liaison_phone_sealed", "column-employer-liaison-phone", r.liaison_phone_sealed),
                ],
            }))
        }
    }
}

/// Opens the contacts of a home or an employer for the transaction's reader and records the reading in the same
/// transaction.
///
/// # Errors
/// `forbidden`, `not-found` outside the scope or where nobody is named, `basis-missing` without an open task of this
/// purpose, and those of [`Tx::unmask`].
pub async fn open(tx: &Tx, of: Of, purpose: Purpose) -> Result<Vec<Contact>> {
    let found = row(tx, of).await?;
    let grid = found.as_ref().and_then(|r| r.grid);
    let subject = SubjectRef::new(of.kind(), of.id(), grid);
    let named: Vec<_> =
        found.iter().flat_map(|r| &r.sealed).filter_map(|(c, k, s)| Some((*c, *k, s.as_ref()?))).collect();
    if named.is_empty() {
        // What is not there answers and costs as what is hidden.
        let absent = tx.basis_for(subject, purpose).await;
        return Err(absent.err().filter(|e| e.is("forbidden")).unwrap_or_else(AppError::not_found));
    }
    let field = |column, sealed| SealedField { bind: Bind { table: of.kind(), column, row: of.id() }, sealed };
    let fields: Vec<SealedField<'_>> = named.iter().map(|(column, _, sealed)| field(*column, *sealed)).collect();
    let opened = tx.unmask(subject, purpose, &fields).await?;
    Ok(named.iter().zip(opened).map(|((_, key, _), value)| Contact { key, value }).collect())
}

/// The purposes for which a reader could open a subject in a grid now: those with an open task on it, and an emergency.
pub async fn purposes(app: &App, reader: &Reader, id: Uuid, grid: Option<GridId>) -> Result<Vec<&'static str>> {
    if !reader.may(Action::RegisterUnmask) {
        return Ok(Vec::new());
    }
    let now: At = app.store.now();
    let mut all = basis::purposes(&app.store.reads(), reader.account, id, now).await?;
    // The counter's is for the person who stands there, and no person stands behind premises.
    all.retain(|p| *p != Purpose::CounterService);
    if reader.emergency_in(grid, now).is_some() {
        all.push(Purpose::Emergency);
    }
    Ok(all.into_iter().map(Purpose::code).collect())
}

/// One reading, for whoever it is about.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ContactReading {
    /// When.
    pub at: At,
    /// The reader's role.
    pub role: String,
    /// Code of the purpose.
    pub purpose: String,
}

/// Who opened the contacts of a subject, the latest first: for its own liaison, to whom roles are told and no names.
pub async fn readings(q: &impl Query, subject: Uuid) -> Result<Vec<ContactReading>> {
    let sql = "SELECT at, role, purpose FROM access_record WHERE division_code = $1 AND subject_id = $2
               ORDER BY at DESC, access_id DESC LIMIT 100";
    q.rows(sql, vals![q.division(), subject]).await
}
