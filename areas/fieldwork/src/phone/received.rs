//! What became of each entry that was received, by its id: what is sent again gets the same answer.

use linli_platform::{
    Result,
    clock::At,
    ids::{AccountId, GridId},
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::reasons::{About, Aside, Refusal, State};
use crate::ids::{ConflictId, DeviceId, EntryId};

/// What a phone is told of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The entry, as it was named.
    pub entry_id: String,
    /// [`State`].
    pub state: &'static str,
    /// A code of [`Refusal`] or [`Waiting`](super::reasons::Waiting), or `later`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// More of the reason, where there is more: [`Aside`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What of the entry it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<About>,
    /// The decision that it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict_id: Option<ConflictId>,
}

impl Answer {
    /// Only a state.
    pub fn of(entry: &str, state: State) -> Self {
        let entry_id = entry.chars().take(64).collect();
        Answer { entry_id, state: state.code(), reason: None, detail: None, fields: Vec::new(), conflict_id: None }
    }
    /// Refused without being remembered: it will be refused again.
    pub fn refused(entry: &str, reason: Refusal) -> Self {
        Answer { reason: Some(reason.code().into()), ..Answer::of(entry, State::Refused) }
    }
    /// To be sent again.
    pub fn later(entry: &str) -> Self {
        Answer { reason: Some("later".into()), ..Answer::of(entry, State::Retry) }
    }
}

/// An entry about to be remembered.
pub(super) struct NewEntry<'a> {
    pub id: EntryId,
    pub device: DeviceId,
    pub home: HomeId,
    pub grid: Option<GridId>,
    pub digest: &'a [u8],
    pub seen_at: At,
    pub corrects: Option<EntryId>,
    pub state: State,
    pub reason: Option<&'static str>,
    pub fields: &'a [About],
    pub conflict: Option<ConflictId>,
}

/// Remembers an entry of the transaction's reader. The caller records the event.
pub(super) async fn remember(tx: &Tx, new: NewEntry<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO phone_entry (division_code, entry_id, account_id, device_id, home_id, grid_id, state, reason, detail,
         fields, conflict_id, digest, seen_at, received_at, corrects)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        vals![
            tx.division(),
            new.id,
            tx.reader().account,
            new.device,
            new.home,
            new.grid,
            new.state.code(),
            new.reason,
            None::<String>,
            serde_json::to_string(new.fields)?,
            new.conflict,
            new.digest.to_vec(),
            new.seen_at,
            tx.now(),
            new.corrects
        ],
    )
    .await?;
    Ok(())
}

/// Writes what was decided about an entry that waited.
pub(super) async fn decided(tx: &Tx, id: EntryId, against: Option<Aside>) -> Result<()> {
    let (state, reason) = match against {
        None => (State::Done, None),
        Some(_) => (State::Refused, Some(Refusal::SetAside.code())),
    };
    tx.execute(
        "UPDATE phone_entry SET state = $3, reason = $4, detail = $5, fields = '[]'
         WHERE division_code = $1 AND entry_id = $2",
        vals![tx.division(), id, state.code(), reason, against.map(Aside::code)],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    account_id: AccountId,
    state: String,
    reason: Option<String>,
    detail: Option<String>,
    fields: String,
    conflict_id: Option<ConflictId>,
    digest: Vec<u8>,
}

/// An entry that was received earlier.
pub(super) struct Earlier {
    /// Whose it is.
    pub account: AccountId,
    /// Of what it was sealed as.
    pub digest: Vec<u8>,
    /// What became of it.
    pub answer: Answer,
}

/// What became of an entry, if it was received.
pub(super) async fn find(q: &impl Query, id: EntryId) -> Result<Option<Earlier>> {
    let sql = "SELECT account_id, state, reason, detail, fields, conflict_id, digest FROM phone_entry
               WHERE division_code = $1 AND entry_id = $2";
    let Some(row) = q.row::<Row>(sql, vals![q.division(), id]).await? else { return Ok(None) };
    let state = State::from_code(&row.state).unwrap_or(State::Retry);
    let answer = Answer {
        reason: row.reason,
        detail: row.detail,
        fields: serde_json::from_str(&row.fields)?,
        conflict_id: row.conflict_id.filter(|_| state == State::Conflict),
        ..Answer::of(&id.to_string(), state)
    };
    Ok(Some(Earlier { account: row.account_id, digest: row.digest, answer }))
}
