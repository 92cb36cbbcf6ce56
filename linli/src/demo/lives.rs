//! What records live through besides their changes: doubts about an address, hand-overs, a fact put right, a house with a
//! new number, and yesterday's file for the official register.

use linli_platform::store::Tx;
use linli_register::{
    Told, address_life, addresses,
    codes::{CorrectionReason, DoubtCause, Source},
    daily, doubts, outward,
    residents::{self, Change},
    transfers,
};

use super::{
    accounts::Workers,
    build::World,
    people::{Record, Records},
};
use crate::failure::Outcome;

/// One record in so many has something of it.
const EVERY: usize = 37;

/// The records that something happens to here.
pub(super) fn chosen(records: &Records) -> impl Iterator<Item = &Record> {
    records.all.iter().filter(|r| r.is_current()).step_by(EVERY).take(40)
}

/// Writes it in the office's name.
pub(super) async fn write(world: &World, workers: &Workers, records: &Records) -> Outcome {
    let office = &workers.office;
    let reader = world.reader(office.account, office.role, &office.name);
    let tx = world.store().begin(&reader).await?;
    for (n, record) in chosen(records).enumerate() {
        live(world, &tx, n, record).await?;
    }
    let address = world.addresses.last().copied();
    if let Some((id, known)) = address.zip(world.town.addresses().last()) {
        let text = format!("{}甲", known.text);
        let version = addresses::find(&tx, &reader, id).await?.version;
        address_life::renumber(&tx, id, version, &text, world.today.plus_days(-3), Source::DoorVisit).await?;
    }
    tx.commit().await?;
    let tx = world.store().begin(&reader).await?;
    daily::make(&tx, world.today.plus_days(-1)).await?;
    tx.commit().await?;
    Ok(())
}

async fn live(world: &World, tx: &Tx, n: usize, record: &Record) -> Outcome {
    let own = world.grid_of_home(record.facts.home);
    match n % 5 {
        0 => {
            let cause = DoubtCause::ALL[n / 5 % DoubtCause::ALL.len()];
            doubts::raise(tx, record.id, cause, doubts::due_at(&world.app)?).await?;
        }
        1 => {
            if let Some(to) = world.grids.iter().find(|g| **g != own) {
                transfers::offer(tx, record.id, *to, transfers::due_at(&world.app)?).await?;
            }
        }
        2 => {
            let id = outward::offer(tx, record.id, "华新镇社区事务受理中心", transfers::due_at(&world.app)?).await?;
            if n.is_multiple_of(2) {
                outward::refuse(tx, id, 1, outward::REFUSALS[0]).await?;
            }
        }
        3 => {
            let change = Change { name: Some(record.facts.name.as_str().to_owned()), ..Change::default() };
            let told = Told::seen(Source::Counter, tx.now());
            residents::correct(tx, record.id, record.version, change, CorrectionReason::Mistyped, told).await?;
        }
        _ => {
            if let Some(to) = world.grids.iter().rfind(|g| **g != own) {
                let id = transfers::offer(tx, record.id, *to, transfers::due_at(&world.app)?).await?;
                transfers::refuse(tx, id, 1, transfers::REFUSALS[0]).await?;
            }
        }
    }
    Ok(())
}
