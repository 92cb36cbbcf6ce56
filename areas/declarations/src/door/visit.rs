//! A visit at one of these entrances, from the right code to its end.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    event::NewEvent,
    keys::WrappedKey,
    reader::Reader,
    sealed::{KeyRow, Sealed},
    store::{Query, Store, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{bind, subject};
use crate::{
    browser,
    codes::Door,
    entrance::{Opened, TOKEN_CHARS, TRIES, code_mac, digest},
    ids::{DeclarationId, DoorVisitId},
    person::Identity,
};

/// A visit ends this long after the code was entered, whatever is done in it.
pub const VISIT_S: i64 = 30 * 60;

/// Somebody behind one of the entrances.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Visitor {
    /// Which visit.
    pub visit_id: DoorVisitId,
    /// The row on file: liaison, person appointed; none for a newcomer.
    pub subject_id: Option<Uuid>,
    /// The blind index of the document.
    pub doc_blind: Vec<u8>,
    /// What a newcomer filed in this visit.
    pub declaration_id: Option<DeclarationId>,
    /// When it ends.
    pub until_at: At,
}

#[derive(FromQueryResult)]
struct Asked {
    visit_id: DoorVisitId,
    door: String,
    doc_blind: Vec<u8>,
    code_mac: Vec<u8>,
    tries: i64,
}

/// Begins a visit if the code is right. `None` where it is wrong, used, too old or guessed at too often, and
/// where nobody was asked for; which of these is not told.
pub async fn enter(app: &App, door: Door, token: &str, code: &str) -> Result<Option<Opened>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let tx = app.store.begin(&Reader::system()).await?;
    // Counted before it is compared, so that guesses sent at the same moment are counted one by one.
    let counted: Option<Asked> = tx
        .row(
            "UPDATE door_visit SET tries = tries + 1
             WHERE division_code = $1 AND token_hash = $2 AND state = 'open' AND tries < $3 AND until_at > $4
             RETURNING visit_id, door, doc_blind, code_mac, tries",
            vals![tx.division(), digest(token), TRIES, tx.now()],
        )
        .await?;
    let Some(row) = counted else { return Ok(None) };
    let right = row.door == door.code() && code_mac(tx.store().keys(), token, code.trim()) == row.code_mac;
    let entered = if right {
        let session = begin(&tx, row.visit_id).await?;
        // A mobile that was typed does not prove whose the number is.
        let proven = door != Door::Newcomer;
        Some(Opened { session, browser: proven.then(|| browser::mark(&app.store, &row.doc_blind)) })
    } else {
        let kind = if row.tries >= TRIES { "own-entrance.locked" } else { "own-entrance.code-wrong" };
        tx.event(NewEvent::new(kind, subject(row.visit_id))).await?;
        None
    };
    tx.commit().await?;
    Ok(entered)
}

async fn begin(tx: &Tx, id: DoorVisitId) -> Result<String> {
    let token = URL_SAFE_NO_PAD.encode(tx.store().rng().bytes::<32>());
    tx.execute_one(
        "UPDATE door_visit SET state = 'entered', token_hash = $3, until_at = $4
         WHERE division_code = $1 AND visit_id = $2 AND state = 'open'",
        vals![tx.division(), id, digest(&token), tx.now().plus_s(VISIT_S)],
    )
    .await?;
    tx.event(NewEvent::new("own-entrance.entered", subject(id))).await?;
    Ok(token)
}

/// The visit of a token at this entrance, if it has not ended.
pub async fn load(store: &Store, door: Door, token: &str) -> Result<Option<Visitor>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    store
        .reads()
        .row(
            "SELECT visit_id, subject_id, doc_blind, declaration_id, until_at FROM door_visit
             WHERE division_code = $1 AND token_hash = $2 AND door = $3 AND state = 'entered' AND until_at > $4",
            vals![store.division(), digest(token), door.code(), store.now()],
        )
        .await
}

/// What a newcomer typed at the entrance, for the machine that files it; one recorded run.
///
/// # Errors
/// `not-found` once it is gone.
pub async fn identity(tx: &Tx, id: DoorVisitId) -> Result<Identity> {
    #[derive(FromQueryResult)]
    struct Row {
        identity_sealed: Sealed,
        epoch: String,
        wrapped: WrappedKey,
    }
    let run = tx.machine_run("newcomer-files").await?;
    let row: Option<Row> = tx
        .row(
            "SELECT v.identity_sealed, k.epoch, k.wrapped FROM door_visit v
             JOIN subject_key k ON k.division_code = v.division_code AND k.subject_id = v.visit_id
             WHERE v.division_code = $1 AND v.visit_id = $2 AND v.identity_sealed IS NOT NULL",
            vals![tx.division(), id],
        )
        .await?;
    let row = row.ok_or_else(AppError::not_found)?;
    let key = KeyRow { subject_id: id.0, epoch: row.epoch, wrapped: row.wrapped };
    let opened = run.open(&key, &[(bind(id), &row.identity_sealed)])?;
    let text = opened.first().ok_or_else(AppError::not_found)?;
    Ok(serde_json::from_str(text.for_engine())?)
}

/// Ends a visit: nothing opens by its token any more, and what was typed at the entrance becomes unreadable.
pub async fn end(tx: &Tx, id: DoorVisitId) -> Result<()> {
    tx.execute(
        "UPDATE door_visit SET state = 'ended' WHERE division_code = $1 AND visit_id = $2",
        vals![tx.division(), id],
    )
    .await?;
    tx.execute("DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2", vals![tx.division(), id])
        .await?;
    tx.housekeeping("visits come and go");
    Ok(())
}
