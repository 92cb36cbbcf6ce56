//! The month's plan of the shown grid, made by its leader: some of its visits were left behind, and a colleague is away from
//! tomorrow on. The other grids have none yet, so that making one can be tried.

use linli_fieldwork::{
    PlanId,
    plan::{absence, crew, make, store},
};
use linli_platform::{
    access::Role,
    clock::Day,
    reader::{Reader, Scope},
    store::{Query as _, Tx},
    vals,
};

use super::{
    accounts::{Workers, shown_grid},
    build::World,
};
use crate::failure::Outcome;

/// How long a colleague is away.
const AWAY_DAYS: i64 = 2;
/// So many visits of each colleague were left behind.
const LEFT_BEHIND: usize = 4;

/// Makes it.
pub(super) async fn write(world: &World, workers: &Workers) -> Outcome {
    let shown = shown_grid(world);
    let (Some(account), Some(grid)) = (workers.leader_of(world, shown), world.grids.get(shown as usize)) else {
        return Ok(());
    };
    let reader = world.reader(account, Role::GridLeader, "");
    let reader = Reader { scope: Scope::Grids(vec![*grid]), ..reader };
    let tx = world.store().begin(&reader).await?;
    match make::make(&world.app, &tx, *grid, world.today.month()).await {
        Ok((plan, _)) => {
            away(world, &tx, plan).await?;
            leave_behind(world, &tx, plan).await?;
            tx.commit().await?;
            Ok(())
        }
        // On a month's last days nobody may have a working day left.
        Err(e) if e.is("plan-nobody") => Ok(()),
        Err(e) => Err(e.into()),
    }
}

/// One of several is away from tomorrow on, and the others have that colleague's homes.
async fn away(world: &World, tx: &Tx, plan: PlanId) -> Outcome {
    let from = world.today.plus_days(1);
    let until = from.plus_days(AWAY_DAYS - 1);
    let plan = store::find(tx, tx.reader(), plan).await?;
    if until >= plan.last_day() {
        return Ok(());
    }
    let crew = crew::of_grid(tx, plan.grid_id, plan.first_day(), plan.last_day()).await?;
    if let [_, .., last] = crew.shared_among().as_slice() {
        absence::note(&world.app, tx, plan.plan_id, plan.version, last.account, from, until).await?;
    }
    Ok(())
}

/// Puts a few visits on the working day before, on which nobody came to them.
async fn leave_behind(world: &World, tx: &Tx, plan: PlanId) -> Outcome {
    let works = |day: &Day| world.app.calendar.is_workday(day.0).unwrap_or(true);
    let before = (1..8).map(|n| world.today.plus_days(-n)).find(works);
    let Some(before) = before.filter(|day| day.month() == world.today.month()) else { return Ok(()) };
    let mut stops = store::stops(tx, plan).await?;
    stops.retain(|s| s.is_open());
    stops.sort_by_key(|s| (s.account_id, s.day, s.seq));
    for own in stops.chunk_by(|a, b| a.account_id == b.account_id) {
        for stop in own.iter().rev().take(LEFT_BEHIND) {
            tx.execute(
                "UPDATE month_stop SET day = $3 WHERE division_code = $1 AND stop_id = $2",
                vals![tx.division(), stop.stop_id, before],
            )
            .await?;
        }
    }
    Ok(())
}
