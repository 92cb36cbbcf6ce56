//! Readings that an auditor looks at twice: late at the counter, and many people on one day. They are readings like all
//! others, on record, with an explanation that somebody can be asked for: a queue before a closing time.

use linli_platform::{
    access::Role,
    ids::GridId,
    reader::{Purpose, Reader, Scope},
    store::Query as _,
    vals,
};
use linli_register::{ResidentId, counter, residents};
use sea_orm::FromQueryResult;

use super::{
    accounts::{Worker, Workers, shown_grid},
    build::World,
};
use crate::failure::Outcome;

/// Days ago on which somebody was served late, and how many people; then the day on which many came.
const LATE: (i64, i64) = (3, 2);
const MANY: (i64, i64) = (5, 14);
/// The usual day at the counter, so that much is seen to be much.
const USUAL: (i64, i64) = (6, 3);

/// Serves people at the counter, at the hours that they came.
pub(super) async fn write(world: &World, workers: &Workers) -> Outcome {
    let Some(coordinator) = workers.first(Role::Coordinator) else { return Ok(()) };
    let clock = world.store().clock();
    let now = clock.now();
    let grid = world.grids[shown_grid(world) as usize];
    for ((days, people), hour) in [(USUAL, 10), (MANY, 15), (LATE, 22)] {
        clock.set(world.today.plus_days(-days).start().plus_hours(hour).plus_s(25 * 60));
        serve(world, coordinator, grid, people).await?;
    }
    clock.set(now);
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    resident_id: ResidentId,
}

async fn serve(world: &World, worker: &Worker, grid: GridId, people: i64) -> Outcome {
    let reader = Reader {
        account: worker.account,
        name: worker.name.clone(),
        roles: vec![worker.role],
        scope: Scope::Grids(vec![grid]),
        ..Reader::system()
    };
    let tx = world.store().begin(&reader).await?;
    let sql = format!(
        "SELECT r.resident_id FROM resident r
         JOIN residence l ON l.division_code = r.division_code AND l.resident_id = r.resident_id AND l.until_day IS NULL
         WHERE r.division_code = $1 AND r.grid_id = $2 AND r.state = 'current' AND l.from_day < $3
         ORDER BY r.resident_id LIMIT {people}"
    );
    let rows: Vec<Row> = tx.rows(&sql, vals![tx.division(), grid, tx.now().day()]).await?;
    for row in rows {
        counter::open(&tx, row.resident_id).await?;
        residents::open(&tx, row.resident_id, Purpose::CounterService).await?;
        counter::close(&tx, row.resident_id).await?;
    }
    tx.commit().await?;
    Ok(())
}
