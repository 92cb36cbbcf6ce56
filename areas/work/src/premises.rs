//! When boundaries change, open work goes with its premises: the grid that has them is the grid that works on them.

use std::collections::HashMap;

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    event::NewEvent,
    ids::GridId,
    reader::Reader,
    store::{Query, Store, Tx},
    vals,
};
use linli_register::RegisterPremises;
use linli_territory::{PremisesPoint, PremisesPoints};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{ids::TaskId, tasks::task_subject};

/// The register's premises with the open tasks that lie on them.
pub struct WorkPremises;

#[derive(FromQueryResult)]
struct Moved {
    task_id: TaskId,
    version: i64,
}

/// Open tasks at some addresses go to a grid. Whoever had taken one works in the old grid, so it waits for somebody
/// of the new one.
async fn move_tasks(tx: &Tx, to: GridId, addresses: &[Uuid]) -> Result<()> {
    let mut values = vals![tx.division(), to];
    let first = values.len() + 1;
    values.extend(addresses.iter().map(|a| (*a).into()));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    let marks = marks.join(", ");
    let homes = format!("SELECT h.home_id FROM home h WHERE h.division_code = $1 AND h.address_id IN ({marks})");
    let sql = format!(
        "UPDATE task SET grid_id = $2, account_id = NULL, version = version + 1
         WHERE division_code = $1 AND state = 'open' AND grid_id <> $2 AND (home_id IN ({homes}) OR (home_id IS NULL AND (
           subject_id IN ({marks}) OR subject_id IN ({homes})
           OR subject_id IN (SELECT e.employer_id FROM employer e WHERE e.division_code = $1 AND e.address_id IN ({marks}))
           OR subject_id IN (SELECT r.resident_id FROM resident r WHERE r.division_code = $1 AND r.home_id IN ({homes})))))
         RETURNING task_id, version"
    );
    let moved: Vec<Moved> = tx.rows(&sql, values).await?;
    let event = |m: &Moved| NewEvent::new("task.regridded", task_subject(m.task_id, to)).version(m.version);
    tx.events(moved.iter().map(event).collect()).await?;
    Ok(())
}

impl PremisesPoints for WorkPremises {
    fn points<'a>(&'a self, store: &'a Store, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<PremisesPoint>>> {
        RegisterPremises.points(store, reader)
    }
    fn reassign<'a>(&'a self, tx: &'a Tx, moves: &'a [(Uuid, GridId)]) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let moved = RegisterPremises.reassign(tx, moves).await?;
            let mut by_grid: HashMap<GridId, Vec<Uuid>> = HashMap::new();
            for (address, grid) in moves {
                by_grid.entry(*grid).or_default().push(*address);
            }
            for (grid, addresses) in by_grid {
                for addresses in addresses.chunks(1_000) {
                    move_tasks(tx, grid, addresses).await?;
                }
            }
            Ok(moved)
        })
    }
}
