//! Merging.

use linli_platform::{
    AppError, Result,
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    store::{Query, Tx},
    vals,
};
use sea_orm::Value;

use super::{
    COLUMNS, DECIDED,
    rows::{self, Whole, value, whole},
};
use crate::{
    codes::{CancelReason, Fact, Source},
    ids::{EmployerId, HomeId, MergeId, ResidenceId, ResidentId},
    residents::{RESIDENCE, friendly},
};

/// Two records of one person, and which of the facts the kept one takes over.
#[derive(Debug, Clone)]
pub struct Merge {
    /// The record that stays, and its version.
    pub kept: (ResidentId, i64),
    /// The record that goes into it, and its version.
    pub absorbed: (ResidentId, i64),
    /// Facts of [`DECIDED`] in which the absorbed record is right.
    pub take: Vec<Fact>,
}

/// Merges two current records within the scope of the transaction's reader.
///
/// # Errors
/// `merge-same` of a record with itself; `transfer-open`, `doubt-open` where something is under way on either;
/// `already-cancelled`, `not-found`, `stale-version`.
pub async fn merge(tx: &Tx, merge: Merge) -> Result<MergeId> {
    if merge.kept.0 == merge.absorbed.0 {
        return Err(AppError::rule("merge-same"));
    }
    let kept = whole(tx, merge.kept.0, merge.kept.1).await?;
    let absorbed = whole(tx, merge.absorbed.0, merge.absorbed.1).await?;
    for id in [kept.resident_id, absorbed.resident_id] {
        refuse_under_way(tx, id).await?;
    }
    let take: Vec<Fact> = DECIDED.into_iter().filter(|f| merge.take.contains(f)).collect();
    let run = tx.machine_run("record-merge").await?;
    let key = tx.key_of(kept.resident_id.0).await?;
    let taken = rows::resealed(&absorbed, &run, kept.resident_id, &key)?;
    // First the absorbed one ends, so that at no instant two current records have one number or one main residence.
    absorb(tx, &absorbed).await?;
    let moves = take.contains(&Fact::Residence) && absorbed.home_id != kept.home_id;
    let made = if moves { Some(take_home(tx, &kept, &absorbed).await?) } else { None };
    take_facts(tx, &kept, &taken, &take, moves).await?;
    let id: MergeId = tx.new_id();
    note(tx, id, &kept, &absorbed, &take, made).await?;
    let fields: Vec<&str> = take.iter().map(|f| f.code()).collect();
    let grid = if moves { absorbed.grid_id } else { kept.grid_id };
    let subject = |id: ResidentId, grid| SubjectRef::new("resident", id, grid);
    let body = serde_json::json!({ "merge": id, "other": absorbed.resident_id, "fields": fields });
    let other = serde_json::json!({ "merge": id, "other": kept.resident_id });
    tx.events(vec![
        NewEvent::new("resident.merged", subject(kept.resident_id, grid)).version(kept.version + 1).body(body),
        NewEvent::new("resident.absorbed", subject(absorbed.resident_id, absorbed.grid_id))
            .version(absorbed.version + 1)
            .body(other),
    ])
    .await?;
    Ok(id)
}

/// What is under way on a record is ended first: it would be about somebody else afterwards.
async fn refuse_under_way(tx: &Tx, id: ResidentId) -> Result<()> {
    for (table, state, code) in [
        ("transfer", "offered", "transfer-open"),
        ("outward_transfer", "offered", "transfer-open"),
        ("doubt", "open", "doubt-open"),
    ] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND resident_id = $2 AND state = $3");
        if tx.number(&sql, vals![tx.division(), id, state]).await? > 0 {
            return Err(AppError::rule(code));
        }
    }
    Ok(())
}

async fn absorb(tx: &Tx, row: &Whole) -> Result<()> {
    let today = tx.now().day();
    rows::end(tx, row.residence_id, today).await?;
    tx.execute_one(
        "UPDATE resident SET state = 'merged', home_id = $4, employer_id = $5, cancel_reason = $6, cancelled_day = $7,
         changed_at = $8, version = version + 1
         WHERE division_code = $1 AND resident_id = $2 AND version = $3 AND state = 'current'",
        vals![
            tx.division(),
            row.resident_id,
            row.version,
            None::<HomeId>,
            None::<EmployerId>,
            CancelReason::Duplicate.code(),
            today,
            tx.now()
        ],
    )
    .await
}

/// The kept record goes on at the absorbed one's home, since when the person lives there.
async fn take_home(tx: &Tx, kept: &Whole, absorbed: &Whole) -> Result<ResidenceId> {
    rows::end(tx, kept.residence_id, tx.now().day()).await?;
    let made: ResidenceId = tx.new_id();
    let values = vals![
        tx.division(),
        made,
        kept.resident_id,
        absorbed.home_id,
        absorbed.grid_id,
        true,
        absorbed.from_day,
        None::<linli_platform::clock::Day>,
        Source::DataCheck.code()
    ];
    tx.insert_many("residence", RESIDENCE, vec![values]).await.map_err(|e| friendly(e, "two-main-residences"))?;
    Ok(made)
}

async fn take_facts(tx: &Tx, kept: &Whole, taken: &Whole, take: &[Fact], moves: bool) -> Result<()> {
    let mut values = vals![tx.division(), kept.resident_id, kept.version, tx.now()];
    let mut set = rows::setting(taken, take, &mut values);
    if moves {
        let (home, grid) = (crate::sql::mark(&mut values, taken.home_id), crate::sql::mark(&mut values, taken.grid_id));
        set.push_str(&format!("home_id = {home}, grid_id = {grid}, "));
    }
    let sql = format!(
        "UPDATE resident SET {set}changed_at = $4, version = version + 1
         WHERE division_code = $1 AND resident_id = $2 AND version = $3 AND state = 'current'"
    );
    tx.execute_one(&sql, values).await.map_err(|e| friendly(e, "two-main-residences"))
}

async fn note(
    tx: &Tx,
    id: MergeId,
    kept: &Whole,
    absorbed: &Whole,
    take: &[Fact],
    made: Option<ResidenceId>,
) -> Result<()> {
    let taken: Vec<&str> = take.iter().map(|f| f.code()).collect();
    let mut columns = vec![
        "division_code",
        "merge_id",
        "kept_id",
        "absorbed_id",
        "state",
        "taken",
        "kept_version",
        "made_by",
        "made_at",
        "undone_by",
        "absorbed_home_id",
        "absorbed_employer_id",
        "absorbed_residence_id",
        "kept_residence_id",
        "made_residence_id",
        "version",
        "home_id",
    ];
    let mut values: Vec<Value> = vals![
        tx.division(),
        id,
        kept.resident_id,
        absorbed.resident_id,
        "merged",
        taken.join(","),
        kept.version + 1,
        tx.reader().account,
        tx.now(),
        None::<AccountId>,
        absorbed.home_id,
        absorbed.employer_id,
        absorbed.residence_id,
        kept.residence_id,
        made,
        1i64,
        kept.home_id
    ];
    for column in COLUMNS.iter().flat_map(|(_, columns)| columns.iter()) {
        columns.push(column);
        values.push(value(kept, column));
    }
    tx.insert_many("record_merge", &columns, vec![values]).await
}
