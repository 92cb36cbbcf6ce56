//! Photos on findings (督查照片): of papers, signs and premises, never of persons. Made anew without anything but the
//! picture ([`picture`]), sealed, seen on record by whoever sees the finding. The group shows what it found, the grid what
//! it put right. Whoever took one takes it away until the finding is settled; it goes by itself when its time is over.

use linli_platform::{
    AppError, Result,
    access::Action,
    basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, BasisId, GridId},
    picture::{self, Picture},
    reader::{Purpose, Reader},
    sealed::{Bind, Clear, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    codes::{FindingState, PhotoOf},
    findings::{self, FindingRow},
    ids::{FindingId, PhotoId},
    inspections,
};

/// Photos of one kind that a finding carries at most.
pub const PHOTOS_MAX: i64 = 6;

const TABLE: &str = "finding_photo";

fn bind(column: &'static str, id: PhotoId) -> Bind {
    Bind { table: TABLE, column, row: id.0 }
}

fn subject(id: PhotoId, grid: GridId) -> SubjectRef {
    SubjectRef::new("finding-photo", id, Some(grid))
}

/// A photo as the finding's page lists it; not the picture.
#[derive(Debug, Clone, FromQueryResult)]
pub struct PhotoRow {
    /// Its id.
    pub photo_id: PhotoId,
    /// Code of what it is of: [`PhotoOf`].
    pub photo_of: String,
    /// When it was taken in.
    pub taken_at: At,
    /// Who took it.
    pub account_id: AccountId,
    /// That colleague's name (R3).
    pub account_name: String,
    /// The finding's grid.
    pub grid_id: GridId,
}

/// Whether the transaction's reader may add a photo of this kind: the group to what it found, the grid to what it is
/// putting right.
///
/// # Errors
/// `not-found`; `finding-settled-already`; `inspection-not-member`; `finding-own-grid`, `finding-not-open`.
pub async fn may_add(q: &impl Query, reader: &Reader, id: FindingId, of: PhotoOf) -> Result<FindingRow> {
    let row = findings::find(q, reader, id).await?;
    if row.state() == FindingState::Settled {
        return Err(AppError::rule("finding-settled-already"));
    }
    match of {
        PhotoOf::Found if !inspections::is_member(q, row.inspection_id, reader.account).await? => {
            Err(AppError::rule("inspection-not-member"))
        }
        PhotoOf::Corrected if !reader.scope.contains(Some(row.grid_id)) => Err(AppError::rule("finding-own-grid")),
        PhotoOf::Corrected if row.state() != FindingState::Open => Err(AppError::rule("finding-not-open")),
        _ => Ok(row),
    }
}

/// Keeps a photo.
///
/// # Errors
/// Those of [`may_add`]; `finding-photos-full` with the most.
pub async fn keep(tx: &Tx, id: FindingId, of: PhotoOf, large: &Picture, small: &Picture) -> Result<PhotoId> {
    let row = may_add(tx, tx.reader(), id, of).await?;
    let sql = "SELECT COUNT(*) FROM finding_photo WHERE division_code = $1 AND finding_id = $2 AND photo_of = $3";
    if tx.number(sql, vals![tx.division(), id, of.code()]).await? >= PHOTOS_MAX {
        return Err(AppError::rule("finding-photos-full").arg("max", PHOTOS_MAX));
    }
    let photo: PhotoId = tx.new_id();
    let keys = tx.create_keys(&[photo.0]).await?;
    let sealed = |column, picture: &Picture| keys.first().map(|k| k.seal(bind(column, photo), picture.base64()));
    tx.execute(
        "INSERT INTO finding_photo (division_code, photo_id, finding_id, photo_of, account_id, taken_at, size_bytes,
         photo_sealed, small_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            tx.division(),
            photo,
            id,
            of.code(),
            tx.reader().account,
            tx.now(),
            large.size_bytes(),
            sealed("photo_sealed", large),
            sealed("small_sealed", small)
        ],
    )
    .await?;
    let seen_by = seers(tx, &row).await?;
    let ground = |account| (tx.new_id::<BasisId>(), subject(photo, row.grid_id), account);
    let grounds = seen_by.into_iter().map(ground);
    let rows = grounds.map(|(basis, of, account)| (basis, of, Purpose::Inspection, photo.0, account, None)).collect();
    basis::open_many(tx, rows).await?;
    let body = serde_json::json!({ "of": of.code() });
    tx.event(NewEvent::new("finding.photo-kept", subject(photo, row.grid_id)).body(body)).await?;
    Ok(photo)
}

/// Whoever has the grid in scope, and the group, which does not.
async fn seers(tx: &Tx, row: &FindingRow) -> Result<Vec<Option<AccountId>>> {
    let group = inspections::members(tx, row.inspection_id).await?;
    let mut all: Vec<Option<AccountId>> = group.into_iter().map(|m| m.account_id).filter(Option::is_some).collect();
    all.push(None);
    Ok(all)
}

async fn select(q: &impl Query, reader: &Reader, of: &str, id: sea_orm::Value) -> Result<Vec<PhotoRow>> {
    let mut values = vals![q.division(), id];
    let seen = findings::seen(reader, &mut values);
    let sql = format!(
        "SELECT p.photo_id, p.photo_of, p.taken_at, p.account_id, o.display_name AS account_name, f.grid_id
         FROM finding_photo p
         JOIN finding f ON f.division_code = p.division_code AND f.finding_id = p.finding_id
         JOIN account o ON o.division_code = p.division_code AND o.account_id = p.account_id
         WHERE p.division_code = $1 AND {of} = $2 AND {seen} ORDER BY p.taken_at, p.photo_id"
    );
    q.rows(&sql, values).await
}

/// The photos of a finding that the reader sees, the first taken first.
pub async fn of_finding(q: &impl Query, reader: &Reader, id: FindingId) -> Result<Vec<PhotoRow>> {
    select(q, reader, "p.finding_id", id.into()).await
}

async fn find(q: &impl Query, reader: &Reader, id: PhotoId) -> Result<PhotoRow> {
    select(q, reader, "p.photo_id", id.into()).await?.into_iter().next().ok_or_else(AppError::not_found)
}

#[derive(FromQueryResult)]
struct Content {
    sealed: Sealed,
}

async fn opened(tx: &Tx, row: &PhotoRow, column: &'static str) -> Result<Clear> {
    let sql = format!("SELECT {column} AS sealed FROM finding_photo WHERE division_code = $1 AND photo_id = $2");
    let content: Option<Content> = tx.row(&sql, vals![tx.division(), row.photo_id]).await?;
    let sealed = content.ok_or_else(AppError::not_found)?.sealed;
    let fields = [SealedField { bind: bind(column, row.photo_id), sealed: &sealed }];
    let clear = tx.unmask(subject(row.photo_id, row.grid_id), Purpose::Inspection, &fields).await?;
    clear.into_iter().next().ok_or_else(AppError::not_found)
}

/// Opens the small pictures of a finding, on record: JPEGs in base64.
///
/// # Errors
/// Those of [`Tx::unmask`].
pub async fn open_small(tx: &Tx, id: FindingId) -> Result<Vec<(PhotoId, Clear)>> {
    let mut all = Vec::new();
    for row in of_finding(tx, tx.reader(), id).await? {
        all.push((row.photo_id, opened(tx, &row, "small_sealed").await?));
    }
    Ok(all)
}

/// Opens one picture in full, on record: a JPEG in base64.
///
/// # Errors
/// `not-found` outside of what the reader sees; those of [`Tx::unmask`].
pub async fn open(tx: &Tx, id: PhotoId) -> Result<Clear> {
    let row = find(tx, tx.reader(), id).await?;
    opened(tx, &row, "photo_sealed").await
}

/// Takes a photo away at once: whoever took it, until the finding is settled.
///
/// # Errors
/// `not-found`; `finding-photo-not-own`; `finding-settled-already`.
pub async fn remove(tx: &Tx, finding: FindingId, id: PhotoId) -> Result<()> {
    let row = find(tx, tx.reader(), id).await?;
    if row.account_id != tx.reader().account {
        return Err(AppError::rule("finding-photo-not-own"));
    }
    if findings::find(tx, tx.reader(), finding).await?.state() == FindingState::Settled {
        return Err(AppError::rule("finding-settled-already"));
    }
    forget(tx, id).await?;
    tx.event(NewEvent::new("finding.photo-removed", subject(id, row.grid_id))).await?;
    Ok(())
}

/// Takes a photo away with its key. The caller says why.
pub(crate) async fn forget(tx: &Tx, id: PhotoId) -> Result<()> {
    picture::forget(tx, id.0).await?;
    let sql = "DELETE FROM finding_photo WHERE division_code = $1 AND photo_id = $2";
    tx.execute(sql, vals![tx.division(), id]).await?;
    Ok(())
}

/// Which photo of a finding the reader adds, if any: the group to what it found, the grid to what it puts right.
pub async fn adds(q: &impl Query, reader: &Reader, id: FindingId) -> Result<Option<PhotoOf>> {
    for (of, action) in [(PhotoOf::Found, Action::InspectionRecord), (PhotoOf::Corrected, Action::FindingCorrect)] {
        if reader.may(action) && may_add(q, &reader.clone().doing(action), id, of).await.is_ok() {
            return Ok(Some(of));
        }
    }
    Ok(None)
}
