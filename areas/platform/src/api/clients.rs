//! Clients (接入方): admitted by two people, known by a token of which the store holds a digest alone.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{ApiScope, ClientId};
use crate::{
    access::AreaKind,
    app::App,
    clock::{At, Day},
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::{Query, Tx},
    vals,
};

/// Characters of a client's name at most.
pub const NAME_MAX_CHARS: usize = 60;
/// Requests a minute unless something else is agreed.
pub const REQUESTS_A_MINUTE: i64 = 120;
/// Requests a minute at most.
pub const REQUESTS_A_MINUTE_MAX: i64 = 60_000;
/// A token begins with this, so that programs that look for leaked secrets find it.
const PREFIX: &str = "linli";
/// A secret as text: 32 bytes in base64.
const SECRET_CHARS: usize = 43;

/// The client of a request.
#[derive(Debug, Clone)]
pub struct ApiClient {
    /// Id.
    pub client_id: ClientId,
    /// Name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// The grids it sees.
    pub scope: Scope,
    /// The employers it sends for.
    pub employers: Vec<Uuid>,
    /// How often it may ask.
    pub requests_a_minute: i64,
}

impl ApiClient {
    /// As the store's functions take it: no role, no person behind it, and nothing to unmask with.
    pub fn reader(&self) -> Reader {
        Reader {
            account: AccountId(self.client_id.0),
            name: self.name.clone(),
            scope: self.scope.clone(),
            employers: self.employers.clone(),
            client: Some(self.scopes.clone().into()),
            ..Reader::system()
        }
    }
}

/// A client about to be admitted; also what its proposal holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClient {
    /// Name of the system.
    pub name: String,
    /// Codes of [`ApiScope`].
    pub scopes: Vec<String>,
    /// Code of [`AreaKind`]: the division, committees, grids or employers.
    pub area_kind: String,
    /// The areas; empty for the division.
    pub areas: Vec<String>,
    /// Requests a minute.
    pub requests_a_minute: i64,
    /// First day.
    pub from: Day,
    /// The first day on which it no longer holds.
    pub until: Option<Day>,
}

/// A client as the administrator sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ClientRow {
    /// Id.
    pub client_id: ClientId,
    /// Name.
    pub name: String,
    /// How often it may ask.
    pub requests_a_minute: i64,
    /// First day.
    pub from_day: Day,
    /// The first day on which it no longer holds.
    pub until_day: Option<Day>,
    /// When its token was made.
    pub secret_at: Option<At>,
    /// When it was revoked.
    pub revoked_at: Option<At>,
    /// When it was admitted.
    pub made_at: At,
    /// When it last asked.
    pub used_at: Option<At>,
}

impl ClientRow {
    /// The last day.
    pub fn last_day(&self) -> Option<Day> {
        self.until_day.map(|d| d.plus_days(-1))
    }
    /// `revoked`, `ended`, `coming`, `without-token` or `open`. Fluent text: `client-state-<code>`.
    pub fn state(&self, today: Day) -> &'static str {
        match self {
            c if c.revoked_at.is_some() => "revoked",
            c if c.until_day.is_some_and(|d| d <= today) => "ended",
            c if c.from_day > today => "coming",
            c if c.secret_at.is_none() => "without-token",
            _ => "open",
        }
    }
}

fn subject(id: ClientId) -> SubjectRef {
    SubjectRef::new("client", id, None)
}

fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Admits a client. It has no token yet.
pub async fn admit(tx: &Tx, new: &NewClient) -> Result<ClientId> {
    let id: ClientId = tx.new_id();
    tx.execute(
        "INSERT INTO api_client (division_code, client_id, name, requests_a_minute, from_day, until_day, secret_hash,
         secret_at, revoked_at, made_at, paced_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL, $7, 0, NULL)",
        vals![tx.division(), id, new.name.as_str(), new.requests_a_minute, new.from, new.until, tx.now()],
    )
    .await?;
    let scopes = new.scopes.iter().map(|s| vals![tx.division(), id, s.as_str()]).collect();
    tx.insert_many("api_client_scope", &["division_code", "client_id", "scope"], scopes).await?;
    let areas = match new.areas.is_empty() {
        true => vec![tx.division().to_owned()],
        false => new.areas.clone(),
    };
    let areas = areas.into_iter().map(|a| vals![tx.division(), id, new.area_kind.as_str(), a]).collect();
    tx.insert_many("api_client_area", &["division_code", "client_id", "area_kind", "area"], areas).await?;
    let body = serde_json::json!({ "scopes": new.scopes.join(" "), "area_kind": new.area_kind });
    tx.event(NewEvent::new("client.admitted", subject(id)).body(body)).await?;
    Ok(id)
}

/// Makes a token, which takes the place of the one before; it is shown once and stored as a digest.
///
/// # Errors
/// `not-found`; `stale-version` for a client that was revoked.
pub async fn make_token(tx: &Tx, id: ClientId) -> Result<String> {
    find(tx, id).await?;
    let secret = URL_SAFE_NO_PAD.encode(tx.store().rng().bytes::<32>());
    tx.execute_one(
        "UPDATE api_client SET secret_hash = $3, secret_at = $4
         WHERE division_code = $1 AND client_id = $2 AND revoked_at IS NULL",
        vals![tx.division(), id, digest(&secret), tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("client.token-made", subject(id))).await?;
    Ok(format!("{PREFIX}_{}_{secret}", id.0.simple()))
}

/// Ends a client at once and for good.
///
/// # Errors
/// `not-found`; `stale-version` if it was revoked before.
pub async fn revoke(tx: &Tx, id: ClientId) -> Result<()> {
    find(tx, id).await?;
    tx.execute_one(
        "UPDATE api_client SET revoked_at = $3, secret_hash = NULL
         WHERE division_code = $1 AND client_id = $2 AND revoked_at IS NULL",
        vals![tx.division(), id, tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("client.revoked", subject(id))).await?;
    Ok(())
}

const COLUMNS: &str =
    "client_id, name, requests_a_minute, from_day, until_day, secret_at, revoked_at, made_at, used_at";

/// Every client, those that hold first.
pub async fn list(q: &impl Query) -> Result<Vec<ClientRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM api_client WHERE division_code = $1
         ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, made_at DESC, client_id LIMIT 500"
    );
    q.rows(&sql, vals![q.division()]).await
}

/// One of them.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, id: ClientId) -> Result<ClientRow> {
    let sql = format!("SELECT {COLUMNS} FROM api_client WHERE division_code = $1 AND client_id = $2");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

/// What a client may do.
pub async fn scopes(q: &impl Query, id: ClientId) -> Result<Vec<ApiScope>> {
    #[derive(FromQueryResult)]
    struct Row {
        scope: String,
    }
    let sql = "SELECT scope FROM api_client_scope WHERE division_code = $1 AND client_id = $2";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), id]).await?;
    let mut scopes: Vec<ApiScope> = rows.iter().filter_map(|r| ApiScope::from_code(&r.scope)).collect();
    scopes.sort();
    Ok(scopes)
}

/// One area that a client was admitted for.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ClientArea {
    /// Code of [`AreaKind`].
    pub area_kind: String,
    /// Committee code, id, or the division's code.
    pub area: String,
}

/// The areas that a client was admitted for.
pub async fn areas(q: &impl Query, id: ClientId) -> Result<Vec<ClientArea>> {
    let sql = "SELECT area_kind, area FROM api_client_area WHERE division_code = $1 AND client_id = $2
               ORDER BY area_kind, area";
    q.rows(sql, vals![q.division(), id]).await
}

/// The client of a token, if it holds today.
pub async fn authenticate(app: &App, token: &str) -> Result<Option<ApiClient>> {
    let Some((id, secret)) = split(token) else { return Ok(None) };
    let q = app.store.reads();
    let today = app.store.clock().today();
    let sql = format!(
        "SELECT {COLUMNS} FROM api_client WHERE division_code = $1 AND client_id = $2 AND secret_hash = $3
         AND revoked_at IS NULL AND from_day <= $4 AND (until_day IS NULL OR until_day > $4)"
    );
    let row: Option<ClientRow> = q.row(&sql, vals![q.division(), id, digest(secret), today]).await?;
    let Some(row) = row else { return Ok(None) };
    let (scope, employers) = reach(app, areas(&q, id).await?).await?;
    Ok(Some(ApiClient {
        client_id: id,
        name: row.name,
        scopes: scopes(&q, id).await?,
        scope,
        employers,
        requests_a_minute: row.requests_a_minute,
    }))
}

fn split(token: &str) -> Option<(ClientId, &str)> {
    let (prefix, rest) = token.split_once('_')?;
    let (id, secret) = rest.split_once('_')?;
    let id = Uuid::try_parse(id).ok()?;
    (prefix == PREFIX && secret.len() == SECRET_CHARS).then_some((ClientId(id), secret))
}

/// The grids and employers that areas open.
async fn reach(app: &App, areas: Vec<ClientArea>) -> Result<(Scope, Vec<Uuid>)> {
    let of = |kind: AreaKind| areas.iter().filter(move |a| a.area_kind == kind.code()).map(|a| a.area.as_str());
    if of(AreaKind::Division).next().is_some() {
        return Ok((Scope::Division, Vec::new()));
    }
    let mut grids: Vec<GridId> = of(AreaKind::Grid).filter_map(|g| g.parse().ok()).collect();
    let committees: Vec<String> = of(AreaKind::Committee).map(str::to_owned).collect();
    if !committees.is_empty() {
        grids.extend(app.scopes.grids_of(&app.store, &committees).await?);
    }
    grids.sort_unstable();
    grids.dedup();
    Ok((Scope::Grids(grids), of(AreaKind::Employer).filter_map(|e| e.parse().ok()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_client_and_its_secret() {
        let secret = "s".repeat(SECRET_CHARS);
        let id = Uuid::from_u128(7);
        assert_eq!(split(&format!("linli_{}_{secret}", id.simple())), Some((ClientId(id), secret.as_str())));
        // A secret of base64 may hold the sign that parts it from the id.
        let odd = format!("_{}", &secret[1..]);
        assert_eq!(split(&format!("linli_{}_{odd}", id.simple())), Some((ClientId(id), odd.as_str())));
        for bad in
            ["", "linli", "linli_x_y", &format!("other_{}_{secret}", id.simple()), &format!("linli_{}_s", id.simple())]
        {
            assert_eq!(split(bad), None, "{bad}");
        }
    }
}
