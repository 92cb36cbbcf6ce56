//! Making a plan, and spreading what is left anew (重新编排): over the colleagues who are there and the working days left.
//! What was done stays. So does what colleagues have in hand today, because their phones took it along, and
//! what somebody put where it is by hand, as long as its colleague is there.

use std::collections::{BTreeMap, HashMap, HashSet};

use linli_platform::{
    AppError, Result,
    app::App,
    clock::{Day, Month},
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use sea_orm::FromQueryResult;
use serde_json::json;
use visit_plan::{Premises, Reason, Turn, TurnShare, period_plan};

use super::{
    Why,
    crew::{self, Crew},
    store::{self, NewStop, PlanRow, StopRow},
    workdays,
};
use crate::{due, ids::PlanId};

/// So many rows are taken out by one statement.
const AT_ONCE: usize = 200;

/// What a new spreading did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    /// Visits that were shared out.
    pub planned: usize,
    /// Visits that stayed where they were: done, in hand today, or put there by hand.
    pub kept: usize,
}

/// Makes the plan of a grid's month. Only this month's and the next one's can be made.
///
/// # Errors
/// `not-found` outside the scope; `plan-month`; `plan-exists`; `plan-nobody` where no colleague is there on any working day
/// left.
pub async fn make(app: &App, tx: &Tx, grid: GridId, month: Month) -> Result<(PlanId, Spread)> {
    let today = tx.now().day();
    if month != today.month() && month != today.month().next() {
        return Err(AppError::rule("plan-month"));
    }
    if !tx.reader().scope.contains(Some(grid)) {
        return Err(AppError::not_found());
    }
    if linli_territory::store::grids::find(tx, grid).await?.until_day.is_some() {
        return Err(AppError::not_found());
    }
    let id: PlanId = tx.new_id();
    let digest = app.pack.digest().to_string();
    let inserted = tx
        .execute(
            "INSERT INTO month_plan (division_code, plan_id, grid_id, month, made_at, made_by, changed_at, pack_digest,
             version) VALUES ($1, $2, $3, $4, $5, $6, $5, $7, 1) ON CONFLICT (division_code, grid_id, month) DO NOTHING",
            vals![tx.division(), id, grid, month, tx.now(), tx.reader().account, digest],
        )
        .await?;
    if inserted == 0 {
        return Err(AppError::rule("plan-exists"));
    }
    let plan = store::find(tx, tx.reader(), id).await?;
    visited_before(tx, &plan).await?;
    let spread = spread(app, tx, &plan).await?;
    let body = json!({ "month": month.to_string(), "visits": spread.planned });
    tx.event(plan.event("plan.made", body).version(1)).await?;
    Ok((id, spread))
}

/// What was verified in the month before the plan was made stands in it as done, so that it shows the month whole.
async fn visited_before(tx: &Tx, plan: &PlanRow) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Done {
        home_id: HomeId,
        account_id: AccountId,
        day: Day,
        label: Option<String>,
    }
    let sql = "SELECT v.home_id, v.account_id, v.day, h.label FROM visit v
         JOIN home h ON h.division_code = v.division_code AND h.home_id = v.home_id
         WHERE v.division_code = $1 AND v.grid_id = $2 AND v.day >= $3 AND v.day <= $4 AND v.outcome = 'verified'
         ORDER BY v.day, v.seen_at, v.visit_id";
    let values = vals![tx.division(), plan.grid_id, plan.first_day(), plan.last_day()];
    let rows: Vec<Done> = tx.rows(sql, values).await?;
    let stop = |(n, row): (usize, Done)| NewStop {
        home: row.home_id,
        day: row.day,
        account: row.account_id,
        seq: i64::try_from(n + 1).unwrap_or(i64::MAX),
        why: if row.label.is_some() { Why::Round } else { Why::Month },
        done_day: Some(row.day),
    };
    let stops: Vec<NewStop> = rows.into_iter().enumerate().map(stop).collect();
    store::insert(tx, plan.plan_id, &stops).await
}

/// Spreads what is left of a plan anew.
///
/// # Errors
/// `not-found`; `stale-version`; `plan-over` for a month that is over; `plan-nobody`.
pub async fn replan(app: &App, tx: &Tx, id: PlanId, version: i64) -> Result<Spread> {
    let plan = store::find(tx, tx.reader(), id).await?;
    replan_found(app, tx, &plan, version).await
}

/// The same for a plan that the caller has found and may change.
///
/// # Errors
/// `plan-over` and `plan-nobody`, before anything is changed; `stale-version`.
pub(crate) async fn replan_found(app: &App, tx: &Tx, plan: &PlanRow, version: i64) -> Result<Spread> {
    let spread = spread(app, tx, plan).await?;
    store::touch(tx, plan.plan_id, version).await?;
    tx.event(plan.event("plan.spread", json!({ "visits": spread.planned, "kept": spread.kept }))).await?;
    Ok(spread)
}

/// Shares out what is left.
async fn spread(app: &App, tx: &Tx, plan: &PlanRow) -> Result<Spread> {
    let today = tx.now().day();
    if plan.last_day() < today {
        return Err(AppError::rule("plan-over"));
    }
    let crew = crew::of_grid(tx, plan.grid_id, plan.first_day(), plan.last_day()).await?;
    let known = store::stops(tx, plan.plan_id).await?;
    let (kept, gone): (Vec<&StopRow>, Vec<&StopRow>) = known.iter().partition(|s| stays(s, &crew, today));
    let turns = turns(app, plan, &crew, &kept, today);
    if turns.is_empty() {
        return Err(AppError::rule("plan-nobody"));
    }
    remove(tx, &gone).await?;
    let premises = premises(app, tx, plan, &kept).await?;
    let shares = period_plan(&premises, &turns, due::SOON_DAYS);
    let stops = stops(&shares);
    store::insert(tx, plan.plan_id, &stops).await?;
    Ok(Spread { planned: stops.len(), kept: kept.len() })
}

async fn remove(tx: &Tx, gone: &[&StopRow]) -> Result<()> {
    for some in gone.chunks(AT_ONCE) {
        let mut values = vals![tx.division()];
        values.extend(some.iter().map(|s| sea_orm::Value::from(s.stop_id)));
        let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
        let sql = format!("DELETE FROM month_stop WHERE division_code = $1 AND stop_id IN ({})", marks.join(", "));
        tx.execute(&sql, values).await?;
    }
    Ok(())
}

fn stays(stop: &StopRow, crew: &Crew, today: Day) -> bool {
    let there = stop.day >= today && crew.is_there(stop.account_id, stop.day);
    !stop.is_open() || (there && (stop.by_hand || stop.day == today))
}

/// Who can take something when: everybody on each working day left. Today only who has nothing in hand yet, unless there is
/// no other day.
fn turns(app: &App, plan: &PlanRow, crew: &Crew, kept: &[&StopRow], today: Day) -> Vec<Turn<AccountId>> {
    let days = workdays(app, today.max(plan.first_day()), plan.last_day());
    let busy: HashSet<AccountId> =
        kept.iter().filter(|s| s.day == today || s.done_day == Some(today)).map(|s| s.account_id).collect();
    let (mut all, mut spare) = (Vec::new(), Vec::new());
    for day in days {
        for colleague in crew.shared_among().into_iter().filter(|c| c.is_there(day)) {
            let turn = Turn { date: day.0, worker: colleague.account, weight: colleague.weight };
            let idle = day > today || !busy.contains(&colleague.account);
            if idle { &mut all } else { &mut spare }.push(turn);
        }
    }
    if all.is_empty() { spare } else { all }
}

/// The grid's homes as the engine sees them; where a visit stays planned, it counts as made on its day.
async fn premises(app: &App, tx: &Tx, plan: &PlanRow, kept: &[&StopRow]) -> Result<Vec<Premises<HomeId>>> {
    let of_grid = Reader { scope: Scope::Grids(vec![plan.grid_id]), ..tx.reader().clone() };
    let homes = due::candidates(tx, &of_grid).await?;
    let mut fixed: HashMap<HomeId, Day> = HashMap::new();
    for stop in kept.iter().filter(|s| s.is_open()) {
        let day = fixed.entry(stop.home_id).or_insert(stop.day);
        *day = (*day).max(stop.day);
    }
    let mut all = due::premises(&app.pack, &homes);
    for place in &mut all {
        if let Some(day) = fixed.get(&place.id) {
            (place.last_visited, place.monthly_verified) = (Some(day.0), Some(day.0));
        }
    }
    Ok(all)
}

fn stops(shares: &[TurnShare<HomeId, AccountId>]) -> Vec<NewStop> {
    let mut counted: BTreeMap<(AccountId, Day), i64> = BTreeMap::new();
    let mut all = Vec::new();
    for share in shares {
        let day = Day(share.date);
        for visit in &share.visits {
            let seq = counted.entry((share.worker, day)).or_default();
            *seq += 1;
            let why = match visit.reason {
                Reason::MonthlyVerification { .. } => Why::Month,
                _ => Why::Round,
            };
            all.push(NewStop { home: visit.id, day, account: share.worker, seq: *seq, why, done_day: None });
        }
    }
    all
}
