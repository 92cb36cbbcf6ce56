//! Checking a registration receipt (登记凭证核验) from another system, as the public page does.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use linli_platform::{
    AppError, Result,
    api::{ApiClient, Body, IdempotencyKey, Once, answer},
    app::App,
    reader::Reader,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::receipt;

/// A receipt that holds. No personal data.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiptStanding {
    /// The day of issue.
    #[schema(format = Date)]
    issued_day: String,
    /// The last day on which it can be checked.
    #[schema(format = Date)]
    until_day: String,
}

#[utoipa::path(get, path = "/api/v1/receipts/{code}", tag = "receipts",
    params(("code" = String, Path, description = "The code of the paper: the end of the address in its QR code",
        pattern = "^[A-Za-z0-9_-]{22}$")),
    responses((status = 200, body = ReceiptStanding)))]
pub(super) async fn look_at_receipt(
    State(app): State<App>,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<Response> {
    let issued = receipt::look(&app.store, &code).await?.ok_or_else(AppError::not_found)?;
    let (issued_day, until_day) = (issued.issued_day.to_string(), issued.until_day.to_string());
    answer(&headers, &ReceiptStanding { issued_day, until_day })
}

/// The words on a paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaperWords {
    /// The name on it.
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    /// The last four characters of the document number on it.
    #[schema(min_length = 4, max_length = 4)]
    last_four: String,
}

impl std::fmt::Debug for PaperWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PaperWords(***)")
    }
}

/// Whether a paper is the one that was issued.
#[derive(Debug, Serialize, ToSchema)]
struct Comparison {
    /// Whether the words are those of the paper.
    agrees: bool,
}

/// A paper can be compared twenty times.
#[utoipa::path(post, path = "/api/v1/receipts/{code}/comparisons", tag = "receipts", request_body = PaperWords,
    params(("code" = String, Path, description = "The code of the paper", pattern = "^[A-Za-z0-9_-]{22}$")),
    responses((status = 200, body = Comparison)))]
pub(super) async fn compare_receipt(
    State(app): State<App>,
    client: ApiClient,
    reader: Reader,
    Path(code): Path<String>,
    key: IdempotencyKey,
    body: Body<PaperWords>,
) -> Result<Response> {
    let words = &body.value;
    let mut error = AppError::invalid();
    for (pointer, there) in [
        ("/name", (1..=50).contains(&words.name.chars().count())),
        ("/last_four", words.last_four.chars().count() == 4),
    ] {
        if !there {
            error = error.field(pointer, "length", "api-field-value");
        }
    }
    if !error.fields.is_empty() {
        return Err(error);
    }
    // The code is part of what makes one request another.
    let digest = Sha256::new().chain_update(body.digest).chain_update(code.as_bytes()).finalize();
    let once = Once::new(&client, key, "receipt", digest.into());
    let tx = app.store.begin(&reader).await?;
    if let Some(answer) = once.before(&tx).await? {
        return Ok(answer);
    }
    let agrees = receipt::compare_in(&tx, &code, &words.name, &words.last_four).await?;
    let agrees = agrees.ok_or_else(|| AppError::with("receipt-too-often", StatusCode::TOO_MANY_REQUESTS))?;
    let response = once.keep(&tx, StatusCode::OK, None, &Comparison { agrees }).await?;
    tx.commit().await?;
    Ok(response)
}
