//! Entering with a code.

use linli_platform::{
    Result,
    app::App,
    event::NewEvent,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::ResidentId;
use sea_orm::FromQueryResult;

use super::{TOKEN_CHARS, code_fits, digest, session, subject};
use crate::{browser, ids::AttemptId};

/// Guesses at one code.
pub const TRIES: i64 = 5;

/// Somebody has entered. No `Debug`: it holds tokens.
pub struct Opened {
    /// The token of the visit.
    pub session: String,
    /// The mark by which this browser is known afterwards; none where the code went to a mobile that was typed.
    pub browser: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    attempt_id: AttemptId,
    resident_id: Option<uuid::Uuid>,
    doc_blind: Vec<u8>,
    code_mac: Vec<u8>,
    tries: i64,
}

/// Begins a session if the code is right. `None` where it is wrong, used, too old or guessed at too often,
/// and where nobody was asked for; which of these is not told.
pub async fn enter(app: &App, token: &str, code: &str) -> Result<Option<Opened>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let tx = app.store.begin(&Reader::system()).await?;
    // Counted before it is compared, so that guesses sent at the same moment are counted one by one.
    let counted: Option<Row> = tx
        .row(
            "UPDATE own_attempt SET tries = tries + 1
             WHERE division_code = $1 AND token_hash = $2 AND state = 'open' AND tries < $3 AND until_at > $4
             RETURNING attempt_id, resident_id, doc_blind, code_mac, tries",
            vals![tx.division(), digest(token), TRIES, tx.now()],
        )
        .await?;
    let Some(row) = counted else { return Ok(None) };
    let right = code_fits(tx.store().keys(), token, code.trim(), &row.code_mac);
    let entered = match row.resident_id.filter(|_| right) {
        Some(resident) => {
            let session = begin(&tx, row.attempt_id, ResidentId(resident)).await?;
            Some(Opened { session, browser: Some(browser::mark(&app.store, &row.doc_blind)) })
        }
        None => {
            let kind = if row.tries >= TRIES { "own-entrance.locked" } else { "own-entrance.code-wrong" };
            tx.event(NewEvent::new(kind, subject(row.attempt_id))).await?;
            None
        }
    };
    tx.commit().await?;
    Ok(entered)
}

async fn begin(tx: &Tx, attempt: AttemptId, resident: ResidentId) -> Result<String> {
    tx.execute_one(
        "UPDATE own_attempt SET state = 'used' WHERE division_code = $1 AND attempt_id = $2 AND state = 'open'",
        vals![tx.division(), attempt],
    )
    .await?;
    tx.event(NewEvent::new("own-entrance.entered", subject(attempt))).await?;
    session::begin(tx, resident).await
}
