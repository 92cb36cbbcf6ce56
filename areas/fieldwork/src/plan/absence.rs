//! Days on which a colleague is away (请假、不在岗): no reason is kept. What was planned for them is spread anew at once.

use std::collections::BTreeSet;

use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    ids::AccountId,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::{
    crew,
    make::{self, Spread},
    store,
};
use crate::ids::PlanId;

/// More days at once are no illness but another appointment.
const MOST_DAYS: i64 = 92;

/// An absence of a colleague, as the plan's page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Who.
    pub account: AccountId,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

/// Notes that a colleague of the plan's grid is away on these days, both included, and spreads anew what is left in every plan
/// within the reader's scope in which something was planned for them then.
///
/// # Errors
/// `not-found`; `absence-days`; `plan-not-there` for somebody who is not of the grid's team; those of
/// [`make::replan`].
pub async fn note(
    app: &App,
    tx: &Tx,
    id: PlanId,
    version: i64,
    account: AccountId,
    from: Day,
    until: Day,
) -> Result<Spread> {
    let plan = store::find(tx, tx.reader(), id).await?;
    let days = until.days_since(from);
    if !(0..MOST_DAYS).contains(&days) || until < tx.now().day() {
        return Err(AppError::rule("absence-days"));
    }
    let crew = crew::of_grid(tx, plan.grid_id, plan.first_day(), plan.last_day()).await?;
    if crew.find(account).is_none() {
        return Err(AppError::rule("plan-not-there"));
    }
    for n in 0..=days {
        tx.execute(
            "INSERT INTO field_absence (division_code, account_id, day, made_by) VALUES ($1, $2, $3, $4)
             ON CONFLICT (division_code, account_id, day) DO NOTHING",
            vals![tx.division(), account, from.plus_days(n), tx.reader().account],
        )
        .await?;
    }
    let mut all = make::replan(app, tx, id, version).await?;
    for other in touched(tx, account, from, until).await? {
        if let Some(plan) = store::find(tx, tx.reader(), other).await.ok().filter(|p| p.plan_id != id) {
            let spread = make::replan(app, tx, plan.plan_id, plan.version).await?;
            all.planned += spread.planned;
            all.kept += spread.kept;
        }
    }
    let body = json!({ "days": days + 1, "from": from });
    tx.event(plan.event("plan.absence", body)).await?;
    Ok(all)
}

/// Plans in which something is open for somebody on these days.
async fn touched(tx: &Tx, account: AccountId, from: Day, until: Day) -> Result<Vec<PlanId>> {
    #[derive(FromQueryResult)]
    struct Row {
        plan_id: PlanId,
    }
    let sql =
        "SELECT DISTINCT plan_id FROM month_stop WHERE division_code = $1 AND account_id = $2 AND done_day IS NULL
         AND day >= $3 AND day <= $4 ORDER BY plan_id";
    let rows: Vec<Row> = tx.rows(sql, vals![tx.division(), account, from, until]).await?;
    Ok(rows.into_iter().map(|r| r.plan_id).collect())
}

/// A colleague of the plan's grid is there again from a day on: later absences are taken back.
///
/// # Errors
/// `not-found`; `plan-not-there`; `stale-version`.
pub async fn end(tx: &Tx, id: PlanId, version: i64, account: AccountId, from: Day) -> Result<()> {
    let plan = store::find(tx, tx.reader(), id).await?;
    let crew = crew::of_grid(tx, plan.grid_id, plan.first_day(), plan.last_day()).await?;
    if crew.find(account).is_none() {
        return Err(AppError::rule("plan-not-there"));
    }
    store::touch(tx, id, version).await?;
    tx.execute(
        "DELETE FROM field_absence WHERE division_code = $1 AND account_id = $2 AND day >= $3",
        vals![tx.division(), account, from],
    )
    .await?;
    tx.event(plan.event("plan.back", json!({ "from": from }))).await?;
    Ok(())
}

/// The absences of a crew, each as a stretch of days.
pub fn stretches(crew: &crew::Crew) -> Vec<Absence> {
    in_stretches(crew, |colleague| &colleague.away)
}

/// The days without work that the filed shift plans (R31) have for a crew, each as a stretch of days.
pub fn off_duty(crew: &crew::Crew) -> Vec<Absence> {
    in_stretches(crew, |colleague| &colleague.off_duty)
}

fn in_stretches(crew: &crew::Crew, days: impl Fn(&crew::Colleague) -> &BTreeSet<Day>) -> Vec<Absence> {
    let mut all: Vec<Absence> = Vec::new();
    for colleague in &crew.0 {
        for day in days(colleague) {
            match all.last_mut().filter(|a| a.account == colleague.account && a.until.plus_days(1) == *day) {
                Some(stretch) => stretch.until = *day,
                None => all.push(Absence { account: colleague.account, from: *day, until: *day }),
            }
        }
    }
    all
}
