//! Liaisons on file.

use linli_platform::{
    AppError, Result,
    clock::At,
    event::{NewEvent, SubjectRef},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use sea_orm::FromQueryResult;

use super::homes;
use crate::{
    codes::LiaisonKind,
    door::Visitor,
    ids::LiaisonId,
    person::{self, Identity},
};

/// A liaison, masked.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Liaison {
    /// Id.
    pub liaison_id: LiaisonId,
    /// [`LiaisonKind`].
    pub kind: String,
    /// The agency, of an agent.
    pub organisation: Option<String>,
    /// Name, masked.
    pub name_masked: String,
    /// Document, masked.
    pub doc_masked: String,
    /// Mobile, masked.
    pub phone_masked: String,
    /// When the terms were accepted; none before the first use.
    pub terms_at: Option<At>,
    /// Which text.
    pub terms_digest: Option<String>,
    /// Since when on file.
    pub added_at: At,
    /// When it ended.
    pub ended_at: Option<At>,
}

const COLUMNS: &str = "s.liaison_id, s.kind, s.organisation, s.name_masked, s.doc_masked, s.phone_masked, s.terms_at,
 s.terms_digest, s.added_at, s.ended_at";

pub(super) fn subject(id: LiaisonId) -> SubjectRef {
    SubjectRef::new("liaison", id, None)
}

/// Staff see the liaisons of homes in their grids.
const SEEN: &str = "EXISTS (SELECT 1 FROM letting_home l
 JOIN home h ON h.division_code = l.division_code AND h.home_id = l.home_id
 WHERE l.division_code = s.division_code AND l.liaison_id = s.liaison_id AND ";

/// The liaisons that a member of staff sees, by when they were added.
pub async fn list(q: &impl Query, reader: &Reader) -> Result<Vec<Liaison>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("h.grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM letting_liaison s WHERE s.division_code = $1 AND {SEEN}{scope})
         ORDER BY CASE WHEN s.ended_at IS NULL THEN 0 ELSE 1 END, s.added_at DESC, s.liaison_id LIMIT 500"
    );
    q.rows(&sql, values).await
}

/// One of them.
///
/// # Errors
/// `not-found` outside the scope.
pub async fn find(q: &impl Query, reader: &Reader, id: LiaisonId) -> Result<Liaison> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("h.grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM letting_liaison s
         WHERE s.division_code = $1 AND s.liaison_id = $2 AND {SEEN}{scope})"
    );
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// The liaison of a visit, as long as it is on file.
pub async fn of_visitor(q: &impl Query, visitor: &Visitor) -> Result<Option<Liaison>> {
    match visitor.subject_id {
        Some(id) => by_id(q, LiaisonId(id)).await,
        None => Ok(None),
    }
}

/// A liaison, as long as it is on file, for the liaison's own dealings.
pub(crate) async fn by_id(q: &impl Query, id: LiaisonId) -> Result<Option<Liaison>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM letting_liaison s
         WHERE s.division_code = $1 AND s.liaison_id = $2 AND s.ended_at IS NULL"
    );
    q.row(&sql, vals![q.division(), id]).await
}

#[derive(FromQueryResult)]
struct Known {
    liaison_id: LiaisonId,
    kind: String,
    organisation: Option<String>,
}

/// Puts a landlord or agent on file for a home within the scope of the transaction's reader; whoever is on file already
/// answers for this home too.
///
/// # Errors
/// `not-found`; `liaison-other` where the register names somebody else for this home; `liaison-kind` where the document
/// is on file for another kind or agency; those of [`homes::add_home`].
pub async fn add(tx: &Tx, home: HomeId, kind: LiaisonKind, who: &Identity) -> Result<LiaisonId> {
    let facts = homes::facts(tx, home).await?;
    let organisation = match kind {
        LiaisonKind::Landlord => {
            homes::same_landlord(tx, home, who).await?;
            None
        }
        LiaisonKind::Agent => Some(facts.agent_name.ok_or_else(|| AppError::rule("liaison-other"))?),
    };
    let keys = tx.store().keys().clone();
    let mut values = vals![tx.division()];
    let same = person::is_one_of("doc_blind", &who.blinds(&keys), &mut values);
    let sql = format!(
        "SELECT liaison_id, kind, organisation FROM letting_liaison
         WHERE division_code = $1 AND {same} AND ended_at IS NULL"
    );
    let known: Option<Known> = tx.row(&sql, values).await?;
    let id = match known {
        Some(k) if k.kind == kind.code() && k.organisation == organisation => k.liaison_id,
        Some(_) => return Err(AppError::rule("liaison-kind")),
        None => insert(tx, kind, organisation, who).await?,
    };
    homes::add_home(tx, id, home).await?;
    Ok(id)
}

async fn insert(tx: &Tx, kind: LiaisonKind, organisation: Option<String>, who: &Identity) -> Result<LiaisonId> {
    let id: LiaisonId = tx.new_id();
    let keys = tx.store().keys().clone();
    let key = tx.create_keys(&[id.0]).await?.pop().ok_or_else(AppError::not_found)?;
    let mut columns = vec!["division_code", "liaison_id", "kind", "organisation"];
    columns.extend(person::COLUMNS);
    columns.extend(["added_by", "added_at", "version"]);
    let mut row = vals![tx.division(), id, kind.code(), organisation];
    row.extend(who.values(&keys, &key, "letting_liaison", id.0));
    row.extend(vals![tx.reader().account, tx.now(), 1i64]);
    tx.insert_many("letting_liaison", &columns, vec![row]).await?;
    let body = serde_json::json!({ "kind": kind.code() });
    tx.event(NewEvent::new("liaison.added", subject(id)).body(body)).await?;
    Ok(id)
}

/// Takes a liaison off file: nothing opens to them any more, at once.
///
/// # Errors
/// `not-found` outside the scope; `stale-version` once it is ended.
pub async fn end(tx: &Tx, id: LiaisonId) -> Result<()> {
    find(tx, tx.reader(), id).await?;
    tx.execute_one(
        "UPDATE letting_liaison SET ended_at = $3, version = version + 1
         WHERE division_code = $1 AND liaison_id = $2 AND ended_at IS NULL",
        vals![tx.division(), id, tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("liaison.ended", subject(id))).await?;
    Ok(())
}
