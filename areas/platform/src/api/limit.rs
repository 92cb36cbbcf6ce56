//! How often a client may ask: so many requests a minute, reckoned in the database, so that several processes share
//! it. One number a client says when all requests so far would have been through at the steady rate; a request may
//! come up to a minute ahead of it.

use http::StatusCode;
use sea_orm::FromQueryResult;

use super::ApiClient;
use crate::{
    error::{AppError, Result},
    reader::Reader,
    store::{Query, Store},
    vals,
};

/// A minute in microseconds.
const MINUTE_US: i64 = 60_000_000;

/// Counts one request.
///
/// # Errors
/// `api-too-often` (429) with the seconds to wait.
pub(super) async fn take(store: &Store, client: &ApiClient) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        paced_at: i64,
    }
    let step = MINUTE_US / client.requests_a_minute.max(1);
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("a client's request was counted");
    let now = tx.now();
    let taken = tx
        .execute(
            "UPDATE api_client SET paced_at = CASE WHEN paced_at > $3 THEN paced_at ELSE $3 END + $4, used_at = $3
             WHERE division_code = $1 AND client_id = $2
               AND CASE WHEN paced_at > $3 THEN paced_at ELSE $3 END + $4 <= $5",
            vals![tx.division(), client.client_id, now, step, now.0 + MINUTE_US],
        )
        .await?;
    if taken == 1 {
        return tx.commit().await;
    }
    let sql = "SELECT paced_at FROM api_client WHERE division_code = $1 AND client_id = $2";
    let row: Option<Row> = tx.row(sql, vals![tx.division(), client.client_id]).await?;
    let wait_us = row.map_or(MINUTE_US, |r| r.paced_at + step - MINUTE_US - now.0).clamp(0, MINUTE_US);
    let seconds = (wait_us + 999_999) / 1_000_000;
    Err(AppError::with("api-too-often", StatusCode::TOO_MANY_REQUESTS).arg("seconds", seconds.max(1)))
}
