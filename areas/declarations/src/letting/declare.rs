//! What a liaison declares of a home, and how it stands.

use linli_platform::{
    AppError, Result,
    app::App,
    store::{Query, Tx},
    vals,
};

use super::{homes, liaison::Liaison};
use crate::{
    codes::{Channel, Kind},
    content::Content,
    ids::{DeclarationId, LiaisonId},
    newcomers::{Place, insert},
    requests::Request,
};

/// What one liaison may have waiting at once.
pub const OPEN_AT_ONCE: i64 = 100;

/// Files a declaration of a home that the liaison answers for.
///
/// # Errors
/// `not-found` for every other home; `declarations-too-many`; `declaration-repeated` where just the same waits.
pub async fn file(
    app: &App,
    tx: &Tx,
    liaison: &Liaison,
    (kind, content): (Kind, &Content),
    channel: Channel,
) -> Result<DeclarationId> {
    let home = content.home().filter(|_| Kind::OF_LETTING.contains(&kind)).ok_or_else(AppError::not_found)?;
    homes::find(tx, liaison.liaison_id, home).await?;
    let open = "FROM declaration d JOIN declaration_place p
                ON p.division_code = d.division_code AND p.declaration_id = d.declaration_id
                WHERE d.division_code = $1 AND p.liaison_id = $2 AND d.state = 'open'";
    let waiting = tx.number(&format!("SELECT COUNT(*) {open}"), vals![tx.division(), liaison.liaison_id]).await?;
    if waiting >= OPEN_AT_ONCE {
        return Err(AppError::rule("declarations-too-many").arg("n", OPEN_AT_ONCE));
    }
    let same = format!("SELECT COUNT(*) {open} AND d.kind = $3 AND d.content_masked = $4");
    let values = vals![tx.division(), liaison.liaison_id, kind.code(), content.masked()];
    if tx.number(&same, values).await? > 0 {
        return Err(AppError::rule("declaration-repeated"));
    }
    let name_masked = match content {
        Content::Household { members, .. } => crate::content::masked_names(members),
        Content::TenantOut { name, .. } => cn_identity::mask::name(name),
        _ => String::new(),
    };
    let place = Place { home, name_masked, doc_blind: None, liaison: Some(liaison.liaison_id) };
    insert(app, tx, (kind, content), channel, place).await
}

/// What a liaison declared, the latest first.
pub async fn list(q: &impl Query, liaison: LiaisonId) -> Result<Vec<Request>> {
    q.rows(&select(""), vals![q.division(), liaison]).await
}

/// One of them.
///
/// # Errors
/// `not-found` for everybody else's.
pub async fn find(q: &impl Query, liaison: LiaisonId, id: DeclarationId) -> Result<Request> {
    let row: Option<Request> = q.row(&select("AND d.declaration_id = $3"), vals![q.division(), liaison, id]).await?;
    row.ok_or_else(AppError::not_found)
}

fn select(and: &str) -> String {
    format!(
        "SELECT {} FROM declaration d
         JOIN declaration_place p ON p.division_code = d.division_code AND p.declaration_id = d.declaration_id
         WHERE d.division_code = $1 AND p.liaison_id = $2 {and}
         ORDER BY d.made_at DESC, d.declaration_id DESC LIMIT 200",
        crate::requests::COLUMNS
    )
}
