//! Days on which a filed shift plan (错时计划, R31) has a colleague not at work: leave, or a working day off for one at the
//! weekend. The shifts lie on a floor above and say so here; what was planned for these days is spread anew at once, and
//! where nobody is left to take it, the page of the plan says so. No reason is kept.

use std::collections::BTreeSet;

use linli_platform::{
    Result,
    access::Role,
    app::App,
    clock::Day,
    ids::AccountId,
    reader::{Reader, Scope},
    store::{Query, Tx},
    vals,
};
use linli_work::notices::{self, Arg, To, args};
use sea_orm::FromQueryResult;

use super::{
    make::{self, Spread},
    store,
};
use crate::ids::PlanId;

/// What a shift plan says of a colleague's days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffDuty {
    /// Who.
    pub account: AccountId,
    /// Days of the week without work.
    pub days: BTreeSet<Day>,
}

/// What it did to the visit plans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// Plans that were spread anew.
    pub spread: usize,
    /// Plans in which nobody is left to take over: somebody has to stand in.
    pub nobody: usize,
}

/// Takes over what the shift plan of the week from `monday` says of these colleagues, in place of what it said before; days
/// that are over and today's stay as they are. Visits that were planned for somebody on a day that has become free go to
/// colleagues and days that are there, and the grid's leader is told.
///
/// # Errors
/// Those of the store.
pub async fn take_over(app: &App, tx: &Tx, monday: Day, all: &[OffDuty]) -> Result<Reached> {
    let (first, last) = (monday.max(tx.now().day().plus_days(1)), monday.plus_days(6));
    let mut touched: BTreeSet<PlanId> = BTreeSet::new();
    for one in all {
        let known = known(tx, one.account, first, last).await?;
        let wanted: BTreeSet<Day> = one.days.range(first..=last.max(first)).copied().filter(|d| *d <= last).collect();
        for day in known.difference(&wanted) {
            let gone = "DELETE FROM field_off_duty WHERE division_code = $1 AND account_id = $2 AND day = $3";
            tx.execute(gone, vals![tx.division(), one.account, *day]).await?;
        }
        let new: Vec<Day> = wanted.difference(&known).copied().collect();
        let row = |day: &Day| vals![tx.division(), one.account, *day];
        tx.insert_many("field_off_duty", &["division_code", "account_id", "day"], new.iter().map(row).collect())
            .await?;
        for day in new {
            touched.extend(planned_on(tx, one.account, day).await?);
        }
    }
    let mut reached = Reached::default();
    for plan in touched {
        match spread(app, tx, plan).await? {
            Some(_) => reached.spread += 1,
            None => reached.nobody += 1,
        }
    }
    Ok(reached)
}

#[derive(FromQueryResult)]
struct OneDay {
    day: Day,
}

async fn known(tx: &Tx, account: AccountId, first: Day, last: Day) -> Result<BTreeSet<Day>> {
    let sql = "SELECT day FROM field_off_duty WHERE division_code = $1 AND account_id = $2 AND day >= $3 AND day <= $4";
    let rows: Vec<OneDay> = tx.rows(sql, vals![tx.division(), account, first, last]).await?;
    Ok(rows.into_iter().map(|r| r.day).collect())
}

/// Plans in which something is open for somebody on a day.
async fn planned_on(tx: &Tx, account: AccountId, day: Day) -> Result<Vec<PlanId>> {
    #[derive(FromQueryResult)]
    struct Row {
        plan_id: PlanId,
    }
    let sql = "SELECT DISTINCT plan_id FROM month_stop WHERE division_code = $1 AND account_id = $2 AND day = $3
         AND done_day IS NULL";
    let rows: Vec<Row> = tx.rows(sql, vals![tx.division(), account, day]).await?;
    Ok(rows.into_iter().map(|r| r.plan_id).collect())
}

/// Spreads a plan anew, whoever files the shifts; none where nobody is left in it.
async fn spread(app: &App, tx: &Tx, id: PlanId) -> Result<Option<Spread>> {
    let everywhere = Reader { scope: Scope::Division, ..tx.reader().clone() };
    let plan = store::find(tx, &everywhere, id).await?;
    let spread = match make::replan_found(app, tx, &plan, plan.version).await {
        Ok(spread) => Some(spread),
        Err(e) if e.is("plan-nobody") => None,
        Err(e) => return Err(e),
    };
    let planned = spread.map_or(0, |s| i64::try_from(s.planned).unwrap_or(i64::MAX));
    let said = args(&[
        ("grid", Arg::Name(plan.grid_name.clone())),
        ("month", Arg::Name(plan.month.to_string())),
        ("n", Arg::Number(planned)),
    ]);
    let key = if spread.is_some() { "notice-visits-spread" } else { "notice-visits-nobody" };
    notices::send(tx, To::Role(Role::GridLeader, plan.grid_id), key, &said, &format!("/plans/{id}")).await?;
    Ok(spread)
}
