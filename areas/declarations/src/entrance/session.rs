//! A resident's visit to the own page: a short session with a token of its own, and the basis on which the own record
//! opens for as long as it lasts.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::{
    Result, basis,
    clock::At,
    event::SubjectRef,
    ids::AccountId,
    reader::{Purpose, Reader},
    store::{Query, Store, Tx},
    vals,
};
use linli_register::ResidentId;
use sea_orm::FromQueryResult;

use super::{TOKEN_CHARS, digest};
use crate::ids::OwnSessionId;

/// A visit ends this long after it began, whatever is done in it.
pub const SESSION_S: i64 = 20 * 60;

/// Somebody on the own page.
#[derive(Debug, Clone)]
pub struct Own {
    /// Who.
    pub resident: ResidentId,
    /// Which visit.
    pub session: OwnSessionId,
    /// When it ends.
    pub until: At,
}

impl Own {
    /// The reader that this person is: entitled to the own record and to nothing else.
    pub fn reader(&self) -> Reader {
        Reader::resident(self.resident.0)
    }
    /// The own record as a subject.
    pub fn subject(&self) -> SubjectRef {
        SubjectRef::new("resident", self.resident, None)
    }
}

/// Begins a visit; the token for its cookie.
pub async fn begin(tx: &Tx, resident: ResidentId) -> Result<String> {
    let token = URL_SAFE_NO_PAD.encode(tx.store().rng().bytes::<32>());
    let (id, until): (OwnSessionId, At) = (tx.new_id(), tx.now().plus_s(SESSION_S));
    let columns = &["division_code", "session_id", "token_hash", "resident_id", "made_at", "until_at"];
    let row = vals![tx.division(), id, digest(&token), resident, tx.now(), until];
    tx.insert_many("own_session", columns, vec![row]).await?;
    let subject = SubjectRef::new("resident", resident, None);
    basis::open(tx, subject, Purpose::OwnRecord, id.0, Some(AccountId(resident.0)), Some(until)).await?;
    tx.housekeeping("visits come and go; entering has its own event");
    Ok(token)
}

#[derive(FromQueryResult)]
struct Row {
    session_id: OwnSessionId,
    resident_id: ResidentId,
    until_at: At,
}

/// The visit of a token, if it has not ended and the record is still there.
pub async fn load(store: &Store, token: &str) -> Result<Option<Own>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let row: Option<Row> = store
        .reads()
        .row(
            "SELECT s.session_id, s.resident_id, s.until_at FROM own_session s
             JOIN resident r ON r.division_code = s.division_code AND r.resident_id = s.resident_id
             WHERE s.division_code = $1 AND s.token_hash = $2 AND s.until_at > $3",
            vals![store.division(), digest(token), store.now()],
        )
        .await?;
    Ok(row.map(|r| Own { resident: r.resident_id, session: r.session_id, until: r.until_at }))
}

/// Ends a visit: nothing opens by it any more.
pub async fn end(tx: &Tx, own: &Own) -> Result<()> {
    tx.execute(
        "DELETE FROM own_session WHERE division_code = $1 AND session_id = $2",
        vals![tx.division(), own.session],
    )
    .await?;
    basis::close(tx, own.session.0).await?;
    tx.housekeeping("visits come and go");
    Ok(())
}
