//! What residents asked for: one or two cases wait in each grid, and the sample resident of the shown grid has had a
//! correction refused with its reason and another made.

use linli_declarations::{Channel, DeclarationId, Field, Kind, Refusal, content::Content, decide, requests, review};
use linli_platform::{access::Role, ids::GridId, reader::Reader, store::Query as _, vals};
use linli_register::{ResidentId, codes::CancelReason, residents};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use super::{
    accounts::{Worker, Workers, shown_grid},
    beside,
    build::World,
    people::Records,
};
use crate::failure::Outcome;

/// Somebody invented through whom the residents' own page can be tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sample {
    pub name: String,
    pub doc_no: String,
    /// Through whom the other entrances can be tried: which one, name and number.
    #[serde(default)]
    pub others: Vec<(String, String, String)>,
}

/// A sample person and its record: a grown-up of the shown grid with a mobile and a number of its own.
pub(super) struct Chosen {
    sample: Sample,
    id: ResidentId,
}

/// Chooses the sample person.
pub(super) fn choose(world: &World, records: &Records) -> Option<Chosen> {
    let shown = shown_grid(world);
    let here = |home: u32| world.town.grid_of_home(&world.town.homes()[home as usize]) == shown;
    let fits = |facts: &townsim::Facts| {
        let grown = world.today.full_years_since(facts.birth) >= 18;
        grown && facts.mobile.is_some() && facts.doc_kind == townsim::DocKind::ResidentId && here(facts.home)
    };
    let record = records.all.iter().find(|r| r.is_current() && fits(&r.facts))?;
    let sample = Sample {
        name: record.facts.name.as_str().into(),
        doc_no: record.facts.doc_no.as_str().into(),
        others: Vec::new(),
    };
    Some(Chosen { sample, id: record.id })
}

#[derive(FromQueryResult)]
struct Row {
    resident_id: ResidentId,
}

/// Files and answers; the sample person, to be named to whoever tries the demonstration.
pub(super) async fn ask(world: &World, workers: &Workers, chosen: Option<Chosen>) -> Outcome<Option<Sample>> {
    for (n, grid) in world.grids.iter().enumerate() {
        let people = people(world, *grid, 1 + i64::from(n % 3 == 0)).await?;
        for (m, person) in people.into_iter().enumerate() {
            let (kind, content) = wish(world, n + m);
            file(world, person, kind, &content).await?;
        }
    }
    let Some(chosen) = chosen else { return Ok(None) };
    let Some(coordinator) = workers.first(Role::Coordinator) else { return Ok(Some(chosen.sample)) };
    let reader = world.reader(coordinator.account, coordinator.role, &coordinator.name);
    let whole = Content::Without { field: Field::Record.code().into() };
    let refused = file(world, chosen.id, Kind::Deletion, &whole).await?;
    let tx = world.store().begin(&reader).await?;
    decide::refuse(&tx, refused, 1, Refusal::StatutoryDuty).await?;
    tx.commit().await?;
    let local = residents::find(&world.store().reads(), &Reader::system(), chosen.id).await?.is_local;
    let other = if local { "elsewhere" } else { "local" };
    let accepted = file(world, chosen.id, Kind::Correction, &fact(Field::Local, other)).await?;
    accept(world, coordinator, accepted).await?;
    let others = beside::show(world, coordinator, chosen.id).await?;
    Ok(Some(Sample { others, ..chosen.sample }))
}

fn fact(field: Field, value: &str) -> Content {
    Content::Fact { field: field.code().into(), value: value.into(), doc_kind: None, shown: None }
}

/// What somebody asks for, of several kinds in turn. Mobiles of the segment 154, which no operator has.
fn wish(world: &World, n: usize) -> (Kind, Content) {
    match n % 4 {
        0 => (Kind::Change, fact(Field::Phone, &format!("154{n:08}"))),
        1 => (Kind::Correction, fact(Field::Local, "local")),
        2 => (Kind::MoveOut, Content::MoveOut { day: world.today.plus_days(-2) }),
        _ => (Kind::Deletion, Content::Without { field: Field::Employer.code().into() }),
    }
}

async fn people(world: &World, grid: GridId, limit: i64) -> Outcome<Vec<ResidentId>> {
    let q = world.store().reads();
    let sql = format!(
        "SELECT resident_id FROM resident WHERE division_code = $1 AND grid_id = $2 AND state = 'current'
         AND employer_id IS NOT NULL ORDER BY entered_at DESC, resident_id LIMIT {limit}"
    );
    let rows: Vec<Row> = q.rows(&sql, vals![q.division(), grid]).await?;
    Ok(rows.into_iter().map(|r| r.resident_id).collect())
}

async fn file(world: &World, person: ResidentId, kind: Kind, content: &Content) -> Outcome<DeclarationId> {
    let tx = world.store().begin(&Reader::resident(person.0)).await?;
    let id = requests::file(&world.app, &tx, person, kind, content, Channel::OwnPage).await?;
    tx.commit().await?;
    Ok(id)
}

async fn accept(world: &World, worker: &Worker, id: DeclarationId) -> Outcome {
    let tx = world.store().begin(&world.reader(worker.account, worker.role, &worker.name)).await?;
    review::open(&tx, id).await?;
    decide::accept(&world.app, &tx, id, 1, CancelReason::MovedAway).await?;
    tx.commit().await?;
    Ok(())
}
