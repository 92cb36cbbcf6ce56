//! Opening one record for a person's eyes, by purpose, recorded.

use linli_platform::{
    AppError, Result,
    event::SubjectRef,
    ids::GridId,
    reader::Purpose,
    sealed::{Clear, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{bind, list::MaskedResident};
use crate::ids::ResidentId;

/// A record opened unmasked: shown once, on the page that the access record was written for.
#[derive(Debug, Clone)]
pub struct OpenResident {
    /// The masked form of it.
    pub masked: MaskedResident,
    /// Name.
    pub name: Clear,
    /// Number of the document.
    pub doc: Clear,
    /// Mobile.
    pub phone: Option<Clear>,
    /// Birth date, `YYYY-MM-DD`, if known.
    birth: Clear,
}

impl OpenResident {
    /// Birth date, `YYYY-MM-DD`, if known.
    pub fn birth(&self) -> Option<String> {
        let facts: serde_json::Value = serde_json::from_str(self.birth.text()).ok()?;
        facts.get("birth")?.as_str().map(str::to_owned)
    }
}

#[derive(FromQueryResult)]
struct Row {
    grid_id: Option<GridId>,
    name_sealed: Sealed,
    doc_sealed: Sealed,
    phone_sealed: Option<Sealed>,
    facts_sealed: Sealed,
}

/// Opens a record for the transaction's reader and records the reading in the same transaction.
///
/// # Errors
/// `forbidden`, `not-found` outside scope and assignment, `basis-missing` without an open task of this purpose.
pub async fn open(tx: &Tx, id: ResidentId, purpose: Purpose) -> Result<OpenResident> {
    let row: Option<Row> = tx
        .row(
            "SELECT grid_id, name_sealed, doc_sealed, phone_sealed, facts_sealed FROM resident
             WHERE division_code = $1 AND resident_id = $2",
            vals![tx.division(), id],
        )
        .await?;
    let Some(row) = row else {
        // What is not there answers and costs as what is hidden.
        let absent = tx.basis_for(SubjectRef::new("resident", id, None), purpose).await;
        return Err(absent.err().filter(|e| e.is("forbidden")).unwrap_or_else(AppError::not_found));
    };
    let field = |column, sealed| SealedField { bind: bind(column, id), sealed };
    let mut fields = vec![
        field("name_sealed", &row.name_sealed),
        field("doc_sealed", &row.doc_sealed),
        field("facts_sealed", &row.facts_sealed),
    ];
    if let Some(phone) = &row.phone_sealed {
        fields.push(field("phone_sealed", phone));
    }
    let subject = SubjectRef::new("resident", id, row.grid_id);
    let mut opened = tx.unmask(subject, purpose, &fields).await?.into_iter();
    let mut next = || opened.next().ok_or_else(AppError::not_found);
    let (name, doc, birth) = (next()?, next()?, next()?);
    let phone = if row.phone_sealed.is_some() { Some(next()?) } else { None };
    // Whoever got here is entitled to this very record, if only by a dated assignment.
    let everywhere = linli_platform::reader::Reader::system();
    let masked = super::find(tx, &everywhere, id).await?;
    Ok(OpenResident { masked, name, doc, phone, birth })
}
