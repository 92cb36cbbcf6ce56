//! Splitting: a record mixed two people; the second one gets a record of their own.

use linli_platform::{
    Result,
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};

use crate::{
    codes::CorrectionReason,
    ids::{ResidentId, SplitId},
    residents::{self, Change, NewResident},
    told::Told,
};

/// A record that mixed two people.
#[derive(Debug, Clone)]
pub struct Split {
    /// The record, and its version.
    pub from: (ResidentId, i64),
    /// What is put right on it: facts that were the other person's.
    pub own: Change,
    /// The other person.
    pub other: NewResident,
}

/// Splits a record within the scope of the transaction's reader; the other person's new record. Who read the record
/// before is shown to both, because nobody can tell whose facts were meant.
///
/// # Errors
/// Those of [`residents::correct`] and [`residents::register`].
pub async fn split(tx: &Tx, split: Split) -> Result<ResidentId> {
    let (from, version) = split.from;
    let row = residents::find(tx, tx.reader(), from).await?;
    let told = Told { source: split.other.source, seen_at: split.other.seen_at, entered_at: split.other.entered_at };
    // First the mixed record gives up what is not its own, so that the number is free for the other person.
    let version = match split.own.fields().is_empty() {
        false => residents::correct(tx, from, version, split.own, CorrectionReason::OthersFact, told).await?,
        true if row.version == version && row.state == "current" => version,
        true => return Err(linli_platform::AppError::stale()),
    };
    let other = residents::register(tx, split.other).await?;
    let id: SplitId = tx.new_id();
    tx.insert_many(
        "record_split",
        &["division_code", "split_id", "from_id", "new_id", "made_by", "made_at"],
        vec![vals![tx.division(), id, from, other, tx.reader().account, tx.now()]],
    )
    .await?;
    let grid = residents::find(tx, tx.reader(), other).await?.grid_id;
    let event = |kind, id: ResidentId, grid, version, other: ResidentId| {
        let body = serde_json::json!({ "other": other });
        NewEvent::new(kind, SubjectRef::new("resident", id, grid)).version(version).body(body)
    };
    tx.events(vec![
        event("resident.split", from, row.grid_id, version, other),
        event("resident.split-off", other, grid, 1, from),
    ])
    .await?;
    Ok(other)
}
