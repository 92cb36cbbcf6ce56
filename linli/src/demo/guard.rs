//! What needed a second person: a role that waits for the system administrator, and an emergency access of a flooded
//! night that is over.

use linli_platform::{
    access::Role,
    emergency::{self, Asked, EmergencyReason},
    proposals::{self, Decision, Wanted},
    reader::{Reader, Scope},
};

use super::{
    accounts::{Worker, Workers},
    build::World,
};
use crate::failure::Outcome;

fn reader(worker: &Worker, scope: Scope) -> Reader {
    Reader { account: worker.account, name: worker.name.clone(), roles: vec![worker.role], scope, ..Reader::system() }
}

/// Proposes, approves, ends.
pub(super) async fn write(world: &World, workers: &Workers) -> Outcome {
    let (Some(security), Some(steward), Some(officer)) =
        (workers.first(Role::SecurityOfficer), workers.first(Role::DataSteward), workers.first(Role::Officer))
    else {
        return Ok(());
    };
    let security = reader(security, Scope::Division);
    let tx = world.store().begin(&security).await?;
    let wanted = Wanted {
        account: steward.account,
        role: Role::Assessor.code().into(),
        area: world.store().division().into(),
        from: world.today,
        until: None,
    };
    let payload = serde_json::to_value(wanted).map_err(linli_platform::AppError::from)?;
    proposals::propose(&world.app, &tx, proposals::GRANT, payload).await?;
    tx.commit().await?;

    let names = linli_territory::grid_names(&world.store().reads()).await?;
    let (own, elsewhere) = (world.grids.first().copied(), world.grids.last().copied());
    let (Some(own), Some(grid)) = (own, elsewhere.filter(|g| Some(*g) != own)) else { return Ok(()) };
    let officer = reader(officer, Scope::Grids(vec![own]));
    let tx = world.store().begin(&officer).await?;
    let place = names.get(&grid).cloned().unwrap_or_default();
    let asked = Asked { grid, place, reason: EmergencyReason::Flood.code().into(), hours: 2 };
    let proposal = emergency::ask(&world.app, &tx, asked).await?;
    tx.commit().await?;
    let tx = world.store().begin(&security).await?;
    proposals::decide(&world.app, &tx, proposal, Decision::Approve).await?;
    for case in emergency::list(&tx, &security).await? {
        emergency::end(&tx, case.case_id).await?;
    }
    tx.commit().await?;
    Ok(())
}
