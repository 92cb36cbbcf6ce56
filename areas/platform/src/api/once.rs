//! A change is made once, however often it is sent (Idempotency-Key): what was answered is kept beside the effect, in
//! its transaction. After a broken connection a client sends the same again and gets the same answer.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
    request::Parts,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::{ApiClient, ClientId};
use crate::{
    clock::At,
    error::{AppError, Result},
    key_rotation::KeyedUse,
    store::{Query, Tx},
    vals,
};

/// How long an answer is kept; the same key is a new request afterwards.
pub const KEPT_HOURS: i64 = 72;
/// Answers are kept under the indexes' key, and end by themselves.
pub const KEYED: KeyedUse = KeyedUse {
    what: "api-request",
    // KEPT_HOURS in microseconds.
    sql: "SELECT COUNT(*) FROM api_request WHERE division_code = $1 AND made_at < $2 AND made_at > $3 - 259200000000",
    by_day: false,
};
/// The header.
const HEADER: &str = "idempotency-key";

/// The key of a request: 8 to 64 letters, digits, `-` and `_`, chosen by the client, best a UUID.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    fn read(parts: &Parts) -> Result<Self> {
        let bad = |code: &str, text: &str| {
            AppError::with("api-idempotency-key", StatusCode::BAD_REQUEST).parameter("Idempotency-Key", code, text)
        };
        let mut given = parts.headers.get_all(HEADER).iter();
        let (Some(value), None) = (given.next(), given.next()) else {
            return Err(bad("missing", "api-field-missing"));
        };
        let text = value.to_str().unwrap_or("");
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if plain && (8..=64).contains(&text.len()) {
            Ok(IdempotencyKey(text.to_owned()))
        } else {
            Err(bad("value", "api-field-key"))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        IdempotencyKey::read(parts)
    }
}

/// One change that a client asks for.
pub struct Once {
    client: ClientId,
    key: String,
    operation: &'static str,
    digest: [u8; 32],
}

#[derive(FromQueryResult)]
struct Kept {
    operation: String,
    fingerprint: Vec<u8>,
    status: i64,
    location: Option<String>,
    answer: String,
}

impl Once {
    /// A request of a client with its key; `digest` is of its body and of whatever else tells it from others.
    pub fn new(client: &ApiClient, key: IdempotencyKey, operation: &'static str, digest: [u8; 32]) -> Self {
        Once { client: client.client_id, key: key.0, operation, digest }
    }
    /// Under the installation's key, because a bare digest of a short body could be guessed: the one that is written
    /// first, and while that key is exchanged the other.
    fn fingerprints(&self, tx: &Tx) -> Vec<Vec<u8>> {
        let hex: String = self.digest.iter().map(|b| format!("{b:02x}")).collect();
        tx.store().keys().blind_forms("api-request", &format!("{}\n{hex}", self.operation))
    }
    /// The answer to the same request, if it was made before. Otherwise its place is taken in this transaction, and a
    /// second one at the same time waits for it.
    ///
    /// # Errors
    /// `api-key-reused` where the key stood at another request.
    pub async fn before(&self, tx: &Tx) -> Result<Option<Response>> {
        forget(tx).await?;
        let fingerprints = self.fingerprints(tx);
        let taken = tx
            .execute(
                "INSERT INTO api_request (division_code, client_id, idempotency_key, operation, fingerprint, status,
                 location, answer, made_at) VALUES ($1, $2, $3, $4, $5, 0, NULL, '', $6)
                 ON CONFLICT (division_code, client_id, idempotency_key) DO NOTHING",
                vals![tx.division(), self.client, self.key.as_str(), self.operation, fingerprints[0].clone(), tx.now()],
            )
            .await?;
        if taken == 1 {
            return Ok(None);
        }
        let kept: Option<Kept> = tx
            .row(
                "SELECT operation, fingerprint, status, location, answer FROM api_request
                 WHERE division_code = $1 AND client_id = $2 AND idempotency_key = $3",
                vals![tx.division(), self.client, self.key.as_str()],
            )
            .await?;
        let kept = kept.ok_or_else(|| AppError::with("api-key-busy", StatusCode::CONFLICT))?;
        if kept.operation != self.operation || !fingerprints.contains(&kept.fingerprint) {
            return Err(AppError::rule("api-key-reused"));
        }
        let status = u16::try_from(kept.status).ok().and_then(|s| StatusCode::from_u16(s).ok());
        let status = status.ok_or_else(|| AppError::internal("a kept answer without a status"))?;
        let mut response = respond(status, kept.location.as_deref(), kept.answer);
        response.headers_mut().insert("idempotent-replay", HeaderValue::from_static("true"));
        Ok(Some(response))
    }
    /// Keeps the answer, to be committed with what it is about. It holds no personal value.
    pub async fn keep<T: Serialize>(
        &self,
        tx: &Tx,
        status: StatusCode,
        location: Option<&str>,
        value: &T,
    ) -> Result<Response> {
        let answer = serde_json::to_string(value)?;
        tx.execute_one(
            "UPDATE api_request SET status = $4, location = $5, answer = $6
             WHERE division_code = $1 AND client_id = $2 AND idempotency_key = $3 AND status = 0",
            vals![
                tx.division(),
                self.client,
                self.key.as_str(),
                i64::from(status.as_u16()),
                location.map(str::to_owned),
                answer.as_str()
            ],
        )
        .await?;
        Ok(respond(status, location, answer))
    }
}

/// The instant before which answers are no longer kept.
pub(crate) fn kept_since(now: At) -> At {
    now.plus_hours(-KEPT_HOURS)
}

/// Takes out the answers that are no longer kept; how many.
pub(crate) async fn forget(tx: &Tx) -> Result<u64> {
    let sql = "DELETE FROM api_request WHERE division_code = $1 AND made_at < $2";
    tx.execute(sql, vals![tx.division(), kept_since(tx.now())]).await
}

fn respond(status: StatusCode, location: Option<&str>, body: String) -> Response {
    let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(location) = location.and_then(|l| HeaderValue::from_str(l).ok()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}
