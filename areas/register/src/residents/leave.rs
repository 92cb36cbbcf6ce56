//! Moving within the sub-district, and cancelling.

use linli_platform::{
    AppError, Result,
    clock::Day,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{change::event_of, find, list::MaskedResident, register::RESIDENCE};
use crate::{
    codes::{CancelReason, CorrectionReason, DoubtOutcome, Fact},
    doubts,
    ids::{HomeId, ResidenceId, ResidentId},
    told::Told,
};

async fn current(tx: &Tx, id: ResidentId, version: i64, day: Day) -> Result<MaskedResident> {
    let row = find(tx, tx.reader(), id).await?;
    if row.state != "current" {
        return Err(AppError::rule("already-cancelled"));
    }
    if row.version != version {
        return Err(AppError::stale());
    }
    if day > tx.now().day() {
        return Err(AppError::rule("since-future"));
    }
    Ok(row)
}

/// Ends the main residence; a move or departure cannot lie before the day it began.
async fn end_residence(tx: &Tx, id: ResidentId, day: Day) -> Result<()> {
    tx.execute_one(
        "UPDATE residence SET until_day = CASE WHEN from_day > $3 THEN from_day ELSE $4 END
         WHERE division_code = $1 AND resident_id = $2 AND is_main = TRUE AND until_day IS NULL",
        vals![tx.division(), id, day, day],
    )
    .await
}

/// Moves a resident to another home: the old main residence ends, the new one begins, in one transaction. The new
/// version.
///
/// # Errors
/// `not-found` where the person or the home lies outside the scope (another grid takes over by a
/// [transfer](crate::transfers)), `same-home`, `already-cancelled`, `since-future`, `stale-version`.
pub async fn move_to(
    tx: &Tx,
    id: ResidentId,
    version: i64,
    home: HomeId,
    day: Day,
    told: impl Into<Told>,
) -> Result<i64> {
    let row = current(tx, id, version, day).await?;
    let grid = grid_of(tx, home).await?;
    if !tx.reader().scope.contains(grid) {
        return Err(AppError::not_found());
    }
    relocate(tx, &row, home, grid, day, told.into()).await
}

/// Puts the home of the main residence right that was entered wrongly (更正), and since when the person lives there. The
/// residence goes on: nobody moved. The new version.
///
/// # Errors
/// As [`move_to`], and `nothing-changed`.
pub async fn correct_residence(
    tx: &Tx,
    id: ResidentId,
    version: i64,
    home: HomeId,
    since: Option<Day>,
    reason: CorrectionReason,
    told: impl Into<Told>,
) -> Result<i64> {
    let told = told.into();
    let row = current(tx, id, version, since.unwrap_or(tx.now().day())).await?;
    let grid = grid_of(tx, home).await?;
    if !tx.reader().scope.contains(grid) {
        return Err(AppError::not_found());
    }
    if row.home_id == Some(home) && since.is_none() {
        return Err(AppError::rule("nothing-changed"));
    }
    let from = since.map(|day| (day, "from_day = $5")).unzip();
    let mut values = vals![tx.division(), id, home, grid];
    values.extend(from.0.map(sea_orm::Value::from));
    let setting: Vec<&str> = ["home_id = $3", "grid_id = $4"].into_iter().chain(from.1).collect();
    let sql = format!(
        "UPDATE residence SET {} WHERE division_code = $1 AND resident_id = $2 AND is_main = TRUE AND until_day IS NULL",
        setting.join(", ")
    );
    tx.execute_one(&sql, values).await?;
    let entered = told.entered_at.unwrap_or(tx.now());
    tx.execute_one(
        "UPDATE resident SET home_id = $4, grid_id = $5, source = $6, seen_at = $7, entered_at = $8, changed_at = $9,
         version = version + 1 WHERE division_code = $1 AND resident_id = $2 AND version = $3 AND state = 'current'",
        vals![tx.division(), id, version, home, grid, told.source.code(), told.seen_at, entered, tx.now()],
    )
    .await?;
    doubts::end(tx, id, DoubtOutcome::Corrected).await?;
    let (kind, body) = event_of(told, &[Fact::Residence.code()], Some(reason));
    let event = NewEvent::new(kind, SubjectRef::new("resident", id, grid)).seen(told.seen_at).version(version + 1);
    tx.events_entered(vec![(event.body(body), entered)]).await?;
    Ok(version + 1)
}

pub(crate) async fn grid_of(tx: &Tx, home: HomeId) -> Result<Option<GridId>> {
    #[derive(FromQueryResult)]
    struct Row {
        grid_id: Option<GridId>,
    }
    let row: Option<Row> = tx
        .row("SELECT grid_id FROM home WHERE division_code = $1 AND home_id = $2", vals![tx.division(), home])
        .await?;
    row.map(|r| r.grid_id).ok_or_else(AppError::not_found)
}

/// The move itself, for a resident and a home that the caller has checked.
pub(crate) async fn relocate(
    tx: &Tx,
    row: &MaskedResident,
    home: HomeId,
    grid: Option<GridId>,
    day: Day,
    told: Told,
) -> Result<i64> {
    if row.home_id == Some(home) {
        return Err(AppError::rule("same-home"));
    }
    let id = row.resident_id;
    let entered = told.entered_at.unwrap_or(tx.now());
    end_residence(tx, id, day).await?;
    let residence: ResidenceId = tx.new_id();
    let values = vals![tx.division(), residence, id, home, grid, true, day, None::<Day>, told.source.code()];
    tx.insert_many("residence", RESIDENCE, vec![values]).await?;
    tx.execute_one(
        "UPDATE resident SET home_id = $4, grid_id = $5, source = $6, seen_at = $7, entered_at = $8, changed_at = $9,
         version = version + 1 WHERE division_code = $1 AND resident_id = $2 AND version = $3 AND state = 'current'",
        vals![tx.division(), id, row.version, home, grid, told.source.code(), told.seen_at, entered, tx.now()],
    )
    .await?;
    doubts::end(tx, id, DoubtOutcome::Moved).await?;
    let event = NewEvent::new("resident.moved", SubjectRef::new("resident", id, grid))
        .seen(told.seen_at)
        .version(row.version + 1)
        .body(serde_json::json!({ "source": told.source.code(), "from": row.home_id, "home": home, "grid_from": row.grid_id }));
    tx.events_entered(vec![(event, entered)]).await?;
    Ok(row.version + 1)
}

/// Cancels a registration: the residence ends and the record leaves every list of current residents (来登去销). The
/// new version.
///
/// # Errors
/// `not-found`, `already-cancelled`, `since-future`, `stale-version`.
pub async fn cancel(
    tx: &Tx,
    id: ResidentId,
    version: i64,
    reason: CancelReason,
    day: Day,
    told: impl Into<Told>,
) -> Result<i64> {
    let told = told.into();
    let row = current(tx, id, version, day).await?;
    let entered = told.entered_at.unwrap_or(tx.now());
    end_residence(tx, id, day).await?;
    tx.execute_one(
        "UPDATE resident SET state = 'cancelled', home_id = $4, employer_id = $5, cancel_reason = $6, cancelled_day = $7,
         source = $8, seen_at = $9, entered_at = $10, changed_at = $11, version = version + 1
         WHERE division_code = $1 AND resident_id = $2 AND version = $3 AND state = 'current'",
        vals![
            tx.division(),
            id,
            version,
            None::<HomeId>,
            None::<crate::ids::EmployerId>,
            reason.code(),
            day,
            told.source.code(),
            told.seen_at,
            entered,
            tx.now()
        ],
    )
    .await?;
    doubts::end(tx, id, DoubtOutcome::Cancelled).await?;
    crate::transfers::end(tx, id).await?;
    crate::outward::end(tx, id).await?;
    let event = NewEvent::new("resident.cancelled", SubjectRef::new("resident", id, row.grid_id))
        .seen(told.seen_at)
        .version(version + 1)
        .body(serde_json::json!({ "source": told.source.code(), "reason": reason.code(), "from": row.home_id }));
    tx.events_entered(vec![(event, entered)]).await?;
    Ok(version + 1)
}
