//! Work that waits: in each grid, some of the homes that nobody has checked for longest.

use linli_platform::event::SubjectRef;
use linli_work::{
    TaskKind, task_due_at,
    tasks::{self, NewTask},
};

use super::{accounts::Workers, build::World, premises};
use crate::failure::Outcome;

/// Homes of each grid that wait as tasks.
const A_GRID: usize = 4;

/// Opens the tasks.
pub(super) async fn open(world: &World, workers: &Workers) -> Outcome {
    let office = &workers.office;
    let tx = world.store().begin(&world.reader(office.account, office.role, &office.name)).await?;
    let kind = TaskKind::HomeVerification;
    let due = task_due_at(&world.app.pack, &world.app.calendar, kind, tx.now())?;
    let verified = premises::last_verified(world);
    let mut new = Vec::new();
    for (n, grid) in (0u32..).zip(&world.grids) {
        let longest = premises::longest_unverified(world, &verified, n, A_GRID);
        new.extend(longest.into_iter().map(|home| {
            let home_id = world.homes[home as usize];
            let address = &world.town.addresses()[world.town.homes()[home as usize].address as usize];
            NewTask {
                kind,
                subject: SubjectRef::new("home", home_id, Some(*grid)),
                home_id: Some(home_id),
                grid: *grid,
                origin_kind: "month",
                origin_id: home_id.0,
                due_at: Some(due),
                masked_note: address.text.to_string(),
                sealed_note: None,
            }
        }));
    }
    tasks::open_many(&tx, new).await?;
    tx.commit().await?;
    Ok(())
}
