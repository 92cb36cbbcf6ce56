//! Changing a plan by hand: homes go to another day, to another colleague, or both.

use linli_platform::{
    AppError, Result,
    clock::Day,
    ids::AccountId,
    store::{Query, Tx},
    vals,
};
use serde_json::json;
use visit_plan::{Point, walking_order};

use super::{
    crew,
    store::{self, StopRow},
};
use crate::ids::{PlanId, StopId};

/// Moves visits of a plan to a day and a colleague, and orders that colleague's walk of the day anew. How many were moved.
///
/// # Errors
/// `not-found`; `plan-nothing-chosen`; `plan-day` for a day that is over or in another month; `plan-not-there` for somebody
/// who is not of the grid's team or not there on the day; `plan-done` for a visit that was made; `stale-version`.
pub async fn move_to(
    tx: &Tx,
    id: PlanId,
    version: i64,
    chosen: &[StopId],
    day: Day,
    account: AccountId,
) -> Result<usize> {
    let plan = store::find(tx, tx.reader(), id).await?;
    if chosen.is_empty() {
        return Err(AppError::rule("plan-nothing-chosen"));
    }
    if day < tx.now().day() || day.month() != plan.month {
        return Err(AppError::rule("plan-day"));
    }
    let crew = crew::of_grid(tx, plan.grid_id, plan.first_day(), plan.last_day()).await?;
    if !crew.is_there(account, day) {
        return Err(AppError::rule("plan-not-there"));
    }
    let stops = store::stops(tx, id).await?;
    for stop in chosen {
        let known = stops.iter().find(|s| s.stop_id == *stop).ok_or_else(AppError::not_found)?;
        if !known.is_open() {
            return Err(AppError::rule("plan-done"));
        }
    }
    store::touch(tx, id, version).await?;
    for stop in chosen {
        tx.execute_one(
            "UPDATE month_stop SET day = $3, account_id = $4, by_hand = TRUE WHERE division_code = $1 AND stop_id = $2",
            vals![tx.division(), *stop, day, account],
        )
        .await?;
    }
    let walk: Vec<StopRow> =
        store::stops_of_day(tx, id, day).await?.into_iter().filter(|s| s.account_id == account).collect();
    number(tx, &walk).await?;
    tx.event(plan.event("plan.moved", json!({ "visits": chosen.len(), "day": day }))).await?;
    Ok(chosen.len())
}

/// Numbers a walk anew: those without a place on the map come last.
async fn number(tx: &Tx, walk: &[StopRow]) -> Result<()> {
    let (located, elsewhere): (Vec<&StopRow>, Vec<&StopRow>) = walk.iter().partition(|s| s.point().is_some());
    let points: Vec<Point> = located.iter().filter_map(|s| s.point()).collect();
    let order = points.first().map(|start| walking_order(*start, &points).order).unwrap_or_default();
    let in_order = order.into_iter().map(|n| located[n]).chain(elsewhere);
    for (n, stop) in (1_i64..).zip(in_order) {
        tx.execute(
            "UPDATE month_stop SET seq = $3 WHERE division_code = $1 AND stop_id = $2",
            vals![tx.division(), stop.stop_id, n],
        )
        .await?;
    }
    Ok(())
}
