//! Photos of premises (房屋外观照片): taken at a visit only where the policy pack asks for one, made anew without anything but
//! the picture ([`picture`](linli_platform::picture)), sealed under a key of its own, and seen by whoever may open records in the grid, on record.
//! Beside the picture stand the time and the rule that asked for it. It goes when its time is over, or as soon as
//! somebody takes it away.

pub mod asked;
pub mod expire;
mod tables;

use linli_platform::{
    AppError, Result, basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    picture,
    reader::{Purpose, Reader},
    sealed::{Bind, Clear, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use linli_register::HomeId;
use policy_pack::Pack;
use sea_orm::FromQueryResult;

pub(crate) use tables::migration;

use crate::{
    ids::{PhotoId, VisitId},
    visit::VisitOutcome,
};

fn bind(id: PhotoId) -> Bind {
    Bind { table: "visit_photo", column: "photo_sealed", row: id.0 }
}

fn subject(id: PhotoId, grid: Option<GridId>) -> SubjectRef {
    SubjectRef::new("visit-photo", id, grid)
}

/// A photo about to be kept.
pub(crate) struct NewPhoto<'a> {
    /// The visit at which it was taken.
    pub visit: VisitId,
    /// The home.
    pub home: HomeId,
    /// How the visit ended.
    pub outcome: VisitOutcome,
    /// When it was taken.
    pub taken_at: At,
    /// Who stood at the door.
    pub account: AccountId,
    /// The picture, [made anew](linli_platform::picture), in base64.
    pub jpeg: &'a str,
}

#[derive(FromQueryResult)]
struct Lies {
    grid_id: Option<GridId>,
    label: Option<String>,
}

/// Keeps a photo if the pack asks for one at these premises after such a visit; another is dropped. Whether it was kept.
pub(crate) async fn keep(tx: &Tx, pack: &Pack, new: NewPhoto<'_>) -> Result<bool> {
    let sql = "SELECT grid_id, label FROM home WHERE division_code = $1 AND home_id = $2";
    let lies: Lies = tx.row(sql, vals![tx.division(), new.home]).await?.ok_or_else(AppError::not_found)?;
    let Some(rule) = pack.visits.photo(lies.label.as_deref(), new.outcome.code()) else { return Ok(false) };
    let id: PhotoId = tx.new_id();
    let keys = tx.create_keys(&[id.0]).await?;
    let sealed = keys.first().map(|key| key.seal(bind(id), new.jpeg));
    tx.execute(
        "INSERT INTO visit_photo (division_code, photo_id, visit_id, home_id, grid_id, account_id, rule, taken_at,
         stored_at, size_bytes, photo_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            tx.division(),
            id,
            new.visit,
            new.home,
            lies.grid_id,
            new.account,
            rule.id.as_str(),
            new.taken_at,
            tx.now(),
            picture::size_bytes(new.jpeg),
            sealed
        ],
    )
    .await?;
    basis::open(tx, subject(id, lies.grid_id), Purpose::FieldVerification, id.0, None, None).await?;
    let event = NewEvent::new("visit.photo-kept", subject(id, lies.grid_id)).seen(Some(new.taken_at));
    tx.event(event.body(serde_json::json!({ "rule": rule.id }))).await?;
    Ok(true)
}

/// A photo as lists show it: where, when, why; not the picture.
#[derive(Debug, Clone, FromQueryResult)]
pub struct PhotoRow {
    /// Its id.
    pub photo_id: PhotoId,
    /// The home.
    pub home_id: HomeId,
    /// Where it is.
    pub address_text: String,
    /// The grid that has the home now.
    pub grid_id: Option<GridId>,
    /// Who stood at the door.
    pub account_name: String,
    /// The rule of the pack that asked for it.
    pub rule: String,
    /// When it was taken.
    pub taken_at: At,
    /// Its size.
    pub size_bytes: i64,
}

/// A photo goes with its home: whoever has the home now sees it.
const GRID: &str = "COALESCE(h.grid_id, p.grid_id)";

fn select(condition: &str) -> String {
    format!(
        "SELECT p.photo_id, p.home_id, a.text AS address_text, {GRID} AS grid_id, o.display_name AS account_name, p.rule,
         p.taken_at, p.size_bytes FROM visit_photo p
         JOIN home h ON h.division_code = p.division_code AND h.home_id = p.home_id
         JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         JOIN account o ON o.division_code = p.division_code AND o.account_id = p.account_id
         WHERE p.division_code = $1 AND {condition}"
    )
}

/// The photos within the reader's scope, of one home or of all, the newest first.
pub async fn list(q: &impl Query, reader: &Reader, home: Option<HomeId>) -> Result<Vec<PhotoRow>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql(GRID, &mut values);
    let mut condition = scope;
    if let Some(home) = home {
        values.push(home.into());
        condition = format!("{condition} AND p.home_id = ${}", values.len());
    }
    q.rows(&format!("{} ORDER BY p.taken_at DESC, p.photo_id LIMIT 200", select(&condition)), values).await
}

/// One of them.
///
/// # Errors
/// `not-found` outside the scope.
pub async fn find(q: &impl Query, reader: &Reader, id: PhotoId) -> Result<PhotoRow> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql(GRID, &mut values);
    q.row(&select(&format!("p.photo_id = $2 AND {scope}")), values).await?.ok_or_else(AppError::not_found)
}

#[derive(FromQueryResult)]
struct Content {
    photo_sealed: Sealed,
}

/// Opens the picture, on record: a JPEG in base64.
///
/// # Errors
/// `not-found` outside the scope; those of [`Tx::unmask`].
pub async fn open(tx: &Tx, id: PhotoId) -> Result<Clear> {
    let one = find(tx, tx.reader(), id).await?;
    let sql = "SELECT photo_sealed FROM visit_photo WHERE division_code = $1 AND photo_id = $2";
    let row: Option<Content> = tx.row(sql, vals![tx.division(), id]).await?;
    let sealed = row.ok_or_else(AppError::not_found)?.photo_sealed;
    let fields = [SealedField { bind: bind(id), sealed: &sealed }];
    let clear = tx.unmask(subject(id, one.grid_id), Purpose::FieldVerification, &fields).await?;
    clear.into_iter().next().ok_or_else(AppError::not_found)
}

/// Takes a photo away at once: it shows what it should not, or is needed no more.
///
/// # Errors
/// `not-found` outside the scope.
pub async fn remove(tx: &Tx, id: PhotoId) -> Result<()> {
    let one = find(tx, tx.reader(), id).await?;
    forget(tx, id).await?;
    tx.event(NewEvent::new("visit.photo-removed", subject(id, one.grid_id))).await?;
    Ok(())
}

/// With the key, every copy of the picture becomes unreadable.
async fn forget(tx: &Tx, id: PhotoId) -> Result<()> {
    picture::forget(tx, id.0).await?;
    let sql = "DELETE FROM visit_photo WHERE division_code = $1 AND photo_id = $2";
    tx.execute(sql, vals![tx.division(), id]).await?;
    Ok(())
}
