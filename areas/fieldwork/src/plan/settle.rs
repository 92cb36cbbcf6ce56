//! What a visit does to the plan: the first visit that was planned for the home is done, or put off to the day that was
//! agreed at the door.

use linli_platform::{
    Result,
    clock::Day,
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use sea_orm::FromQueryResult;

use crate::{ids::StopId, visit::VisitOutcome};

#[derive(FromQueryResult)]
struct First {
    stop_id: StopId,
}

/// Settles the plan after a visit. The visit's own event tells of it.
pub(crate) async fn settle(
    tx: &Tx,
    home: HomeId,
    day: Day,
    outcome: VisitOutcome,
    next_day: Option<Day>,
) -> Result<()> {
    let month = day.month();
    let sql = "SELECT s.stop_id FROM month_stop s
         JOIN month_plan p ON p.division_code = s.division_code AND p.plan_id = s.plan_id
         WHERE s.division_code = $1 AND s.home_id = $2 AND p.month = $3 AND s.done_day IS NULL
         ORDER BY s.day, s.stop_id LIMIT 1";
    let Some(first) = tx.row::<First>(sql, vals![tx.division(), home, month]).await? else { return Ok(()) };
    if outcome.visits() {
        let done = "UPDATE month_stop SET done_day = $3 WHERE division_code = $1 AND stop_id = $2";
        tx.execute(done, vals![tx.division(), first.stop_id, day]).await?;
    } else if let Some(next) = next_day.filter(|next| *next > day && next.month() == month) {
        let later = "UPDATE month_stop SET day = $3, by_hand = TRUE WHERE division_code = $1 AND stop_id = $2";
        tx.execute(later, vals![tx.division(), first.stop_id, next]).await?;
    }
    Ok(())
}
