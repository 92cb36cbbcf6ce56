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
use crate::{
    codes::Channel,
    ids::{OwnSessionId, RepresentativeId},
};

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
    /// Somebody whom the resident appointed, who acts in this visit (委托代办人).
    pub by: Option<RepresentativeId>,
}

impl Own {
    /// The reader that this person is: entitled to the own record and to nothing else. Somebody appointed is told apart
    /// from the resident in everything that is recorded.
    pub fn reader(&self) -> Reader {
        match self.by {
            Some(by) => Reader::representative(by.0, self.resident.0),
            None => Reader::resident(self.resident.0),
        }
    }
    /// How what is filed in this visit was brought.
    pub fn channel(&self) -> Channel {
        if self.by.is_some() { Channel::Representative } else { Channel::OwnPage }
    }
    /// The own record as a subject.
    pub fn subject(&self) -> SubjectRef {
        SubjectRef::new("resident", self.resident, None)
    }
}

/// Begins a visit; the token for its cookie.
pub async fn begin(tx: &Tx, resident: ResidentId) -> Result<String> {
    begin_for(tx, resident, None).await
}

/// Begins a visit of the resident, or of somebody appointed; the token for its cookie.
pub async fn begin_for(tx: &Tx, resident: ResidentId, by: Option<RepresentativeId>) -> Result<String> {
    let token = URL_SAFE_NO_PAD.encode(tx.store().rng().bytes::<32>());
    let (id, until): (OwnSessionId, At) = (tx.new_id(), tx.now().plus_s(SESSION_S));
    let columns = &["division_code", "session_id", "token_hash", "resident_id", "made_at", "until_at"];
    let row = vals![tx.division(), id, digest(&token), resident, tx.now(), until];
    tx.insert_many("own_session", columns, vec![row]).await?;
    let subject = SubjectRef::new("resident", resident, None);
    if let Some(by) = by {
        let row = vals![tx.division(), id, by];
        tx.insert_many("own_session_by", &["division_code", "session_id", "representative_id"], vec![row]).await?;
    }
    let reads = AccountId(by.map_or(resident.0, |by| by.0));
    basis::open(tx, subject, Purpose::OwnRecord, id.0, Some(reads), Some(until)).await?;
    tx.housekeeping("visits come and go; entering has its own event");
    Ok(token)
}

#[derive(FromQueryResult)]
struct Row {
    session_id: OwnSessionId,
    resident_id: ResidentId,
    until_at: At,
    representative_id: Option<RepresentativeId>,
}

/// The visit of a token, if it has not ended and the record is still there; of somebody appointed, as long as the
/// appointment lasts.
pub async fn load(store: &Store, token: &str) -> Result<Option<Own>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let row: Option<Row> = store
        .reads()
        .row(
            "SELECT s.session_id, s.resident_id, s.until_at, b.representative_id FROM own_session s
             JOIN resident r ON r.division_code = s.division_code AND r.resident_id = s.resident_id
             LEFT JOIN own_session_by b ON b.division_code = s.division_code AND b.session_id = s.session_id
             LEFT JOIN representative p ON p.division_code = b.division_code
              AND p.representative_id = b.representative_id
             WHERE s.division_code = $1 AND s.token_hash = $2 AND s.until_at > $3
              AND (b.session_id IS NULL OR (p.ended_at IS NULL AND p.until_day >= $4 AND p.resident_id = s.resident_id))",
            vals![store.division(), digest(token), store.now(), store.now().day()],
        )
        .await?;
    Ok(row.map(|r| Own { resident: r.resident_id, session: r.session_id, until: r.until_at, by: r.representative_id }))
}

/// Ends a visit: nothing opens by it any more.
pub async fn end(tx: &Tx, own: &Own) -> Result<()> {
    for table in ["own_session", "own_session_by"] {
        let sql = format!("DELETE FROM {table} WHERE division_code = $1 AND session_id = $2");
        tx.execute(&sql, vals![tx.division(), own.session]).await?;
    }
    basis::close(tx, own.session.0).await?;
    tx.housekeeping("visits come and go");
    Ok(())
}
