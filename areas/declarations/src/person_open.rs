//! Opening somebody who is no resident to us, for whoever works with them: a landlord or agent on file, somebody whom a
//! resident appointed. By purpose, in scope and on record, as residents' records are opened.

use linli_platform::{
    AppError, Result, basis,
    event::SubjectRef,
    ids::GridId,
    reader::{Purpose, Reader},
    sealed::{Bind, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use linli_register::{ResidentId, contacts::Contact, counter, residents};
use sea_orm::FromQueryResult;

use crate::{
    ids::{LiaisonId, RepresentativeId},
    letting,
};

#[derive(FromQueryResult)]
struct Row {
    name_sealed: Sealed,
    doc_sealed: Sealed,
    phone_sealed: Sealed,
}

/// The columns of a person with the keys of their texts.
const LINES: [(&str, &str); 3] =
    [("name_sealed", "own-name"), ("doc_sealed", "own-doc-no"), ("phone_sealed", "declaration-field-phone")];

async fn open(
    tx: &Tx,
    (table, id_column): (&'static str, &str),
    subject: SubjectRef,
    resident: Option<SubjectRef>,
    purpose: Purpose,
) -> Result<Vec<Contact>> {
    let sql = format!(
        "SELECT name_sealed, doc_sealed, phone_sealed FROM {table} WHERE division_code = $1 AND {id_column} = $2"
    );
    let row: Option<Row> = tx.row(&sql, vals![tx.division(), subject.id]).await?;
    let row = row.ok_or_else(AppError::not_found)?;
    let sealed = [&row.name_sealed, &row.doc_sealed, &row.phone_sealed];
    let at = |column| Bind { table, column, row: subject.id };
    let fields: Vec<SealedField<'_>> =
        LINES.iter().zip(sealed).map(|((column, _), sealed)| SealedField { bind: at(*column), sealed }).collect();
    let opened = tx.unmask_concerning(subject, resident, purpose, &fields).await?;
    Ok(LINES.iter().zip(opened).map(|((_, key), value)| Contact { key, value }).collect())
}

/// A grid of a reader's scope in which a liaison answers for a home; the liaison itself lies in none.
pub async fn grid_of_liaison(q: &impl Query, reader: &Reader, id: LiaisonId) -> Result<Option<GridId>> {
    #[derive(FromQueryResult)]
    struct Home {
        grid_id: Option<GridId>,
    }
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("h.grid_id", &mut values);
    let sql = format!(
        "SELECT h.grid_id FROM letting_home l
         JOIN home h ON h.division_code = l.division_code AND h.home_id = l.home_id
         WHERE l.division_code = $1 AND l.liaison_id = $2 AND {scope} ORDER BY l.until_day, l.letting_id LIMIT 1"
    );
    let home: Option<Home> = q.row(&sql, values).await?;
    Ok(home.and_then(|h| h.grid_id))
}

/// Opens a landlord or agent on file.
///
/// # Errors
/// `not-found` outside the scope; `basis-missing` without an open notice of duty or another open task on them; those of
/// [`Tx::unmask`].
pub async fn liaison(tx: &Tx, id: LiaisonId, purpose: Purpose) -> Result<Vec<Contact>> {
    letting::find(tx, tx.reader(), id).await?;
    let grid = grid_of_liaison(tx, tx.reader(), id).await?;
    open(tx, ("letting_liaison", "liaison_id"), SubjectRef::new("liaison", id, grid), None, purpose).await
}

/// Opens somebody whom a resident appointed, at the counter; the resident sees the reading.
///
/// # Errors
/// `forbidden` for a role that serves no counter; `not-found` outside the scope and for another resident's; those of
/// [`Tx::unmask`].
pub async fn representative(tx: &Tx, resident: ResidentId, id: RepresentativeId) -> Result<Vec<Contact>> {
    let case = counter::open(tx, resident).await?;
    let record = residents::find(tx, tx.reader(), resident).await?;
    let theirs = "SELECT COUNT(*) FROM representative
                  WHERE division_code = $1 AND representative_id = $2 AND resident_id = $3";
    if tx.number(theirs, vals![tx.division(), id, resident]).await? == 0 {
        return Err(AppError::not_found());
    }
    let subject = SubjectRef::new("representative", id, record.grid_id);
    let open_now = basis::purposes(tx, tx.reader().account, id.0, tx.now()).await?;
    if !open_now.contains(&Purpose::CounterService) {
        let until = tx.now().plus_s(counter::CASE_S);
        basis::open(tx, subject, Purpose::CounterService, case.0, Some(tx.reader().account), Some(until)).await?;
    }
    let about = SubjectRef::new("resident", resident, record.grid_id);
    open(tx, ("representative", "representative_id"), subject, Some(about), Purpose::CounterService).await
}
