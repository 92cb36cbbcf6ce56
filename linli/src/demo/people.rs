//! Residents: one record from each registration to its end, in the name of whoever entered it.

use std::collections::{BTreeMap, HashMap};

use cn_identity::DocumentKind;
use linli_platform::{
    clock::{At, Day},
    store::Tx,
    vals,
};
use linli_register::{
    EmployerId, HomeId, ResidentId,
    codes::{CancelReason, SexCode, Source},
    residents::{self, Entered, NewResident},
};
use townsim::{Act, ActKind, DocKind, Facts, Field, Sex};

use super::{
    accounts::{Worker, Workers},
    build::World,
};
use crate::failure::Outcome;

/// One record of one person. Somebody who left and came back has two.
pub(super) struct Record {
    pub id: ResidentId,
    /// What the record says at its end, or now.
    pub facts: Facts,
    /// The act that made it; none for those who were registered before the first simulated day.
    registered: Option<usize>,
    /// The act that ended it.
    ended: Option<usize>,
    /// How many records the person had before.
    round: usize,
    /// Grows with each change.
    pub version: i64,
}

/// The records, and which of them each act was about and made of which version.
pub(super) struct Records {
    pub all: Vec<Record>,
    /// By position in the town's acts: record, version after it, and the home that was left.
    pub of_act: HashMap<usize, (usize, i64, u32)>,
}

/// An instant of the town.
pub(super) fn at(seconds: i64) -> At {
    At(seconds.saturating_mul(1_000_000))
}

/// Follows the acts from the register at the start.
pub(super) fn follow(world: &World) -> Records {
    let town = &world.town;
    let mut records = Records { all: Vec::new(), of_act: HashMap::new() };
    let mut current: HashMap<u32, usize> = HashMap::new();
    let mut rounds: HashMap<u32, usize> = HashMap::new();
    let record = |facts: &Facts, registered, round| Record {
        id: world.store().new_id(),
        facts: facts.clone(),
        registered,
        ended: None,
        round,
        version: 1,
    };
    for resident in town.register_at_start().residents() {
        current.insert(resident.id, records.all.len());
        rounds.insert(resident.id, 1);
        records.all.push(record(&resident.facts, None, 0));
    }
    for (n, act) in town.acts().iter().enumerate() {
        let person = match &act.kind {
            ActKind::Registered { resident } => {
                let round = rounds.entry(resident.id).or_default();
                current.insert(resident.id, records.all.len());
                records.all.push(record(&resident.facts, Some(n), *round));
                *round += 1;
                continue;
            }
            ActKind::Changed { resident, .. }
            | ActKind::MovedWithin { resident, .. }
            | ActKind::Cancelled { resident, .. } => *resident,
            ActKind::HomeVerified { .. } | ActKind::Labelled { .. } => continue,
        };
        let Some(place) = current.get(&person).copied() else { continue };
        let record = &mut records.all[place];
        let left = record.facts.home;
        record.version += 1;
        apply(&mut record.facts, &act.kind);
        if matches!(act.kind, ActKind::Cancelled { .. }) {
            record.ended = Some(n);
            current.remove(&person);
        }
        records.of_act.insert(n, (place, record.version, left));
    }
    records
}

fn apply(facts: &mut Facts, kind: &ActKind) {
    match kind {
        ActKind::Changed { field: Field::Name(name), .. } => facts.name = name.clone(),
        ActKind::Changed { field: Field::Mobile(mobile), .. } => facts.mobile = mobile.clone(),
        ActKind::Changed { field: Field::Employer(employer), .. } => facts.employer = *employer,
        ActKind::MovedWithin { home, household, since, .. } => {
            (facts.home, facts.household, facts.since) = (*home, *household, *since);
        }
        _ => {}
    }
}

/// Registers everybody: ended records first, so that at no time two current ones have the same number.
pub(super) async fn register(world: &World, workers: &Workers, records: &Records) -> Outcome {
    let rounds = records.all.iter().filter(|r| r.ended.is_some()).map(|r| r.round + 1).max().unwrap_or(0);
    for round in 0..rounds {
        let ended: Vec<&Record> = records.all.iter().filter(|r| r.ended.is_some() && r.round == round).collect();
        register_all(world, workers, &ended).await?;
        end_all(world, workers, &ended).await?;
    }
    let current: Vec<&Record> = records.all.iter().filter(|r| r.ended.is_none()).collect();
    register_all(world, workers, &current).await?;
    set_versions(world, workers, &current).await
}

async fn register_all(world: &World, workers: &Workers, records: &[&Record]) -> Outcome {
    let mut by_writer: BTreeMap<linli_platform::ids::AccountId, (Worker, Vec<NewResident>)> = BTreeMap::new();
    for record in records {
        let act = record.registered.map(|n| &world.town.acts()[n]);
        let worker = act.map_or(&workers.office, |a| workers.writer(a.by_staff));
        let entry = by_writer.entry(worker.account).or_insert_with(|| (worker.clone(), Vec::new()));
        entry.1.push(new_resident(world, record, act));
    }
    for (worker, new) in by_writer.into_values() {
        let tx = world.store().begin(&world.reader(worker.account, worker.role, &worker.name)).await?;
        residents::register_many(&tx, new, Entered::AsGiven).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn new_resident(world: &World, record: &Record, act: Option<&Act>) -> NewResident {
    let facts = &record.facts;
    NewResident {
        resident_id: Some(record.id),
        name: facts.name.as_str().into(),
        doc_kind: match facts.doc_kind {
            DocKind::ResidentId => DocumentKind::Resident,
            DocKind::HmtResidencePermit => DocumentKind::HmtPermit,
            DocKind::HmtTravelPermit => DocumentKind::TravelPermit,
            DocKind::Passport => DocumentKind::Passport,
        },
        doc_no: facts.doc_no.as_str().into(),
        doc_confirmed: true,
        phone: facts.mobile.as_ref().map(|m| m.as_str().to_owned()),
        sex: Some(match facts.sex {
            Sex::Female => SexCode::Female,
            Sex::Male => SexCode::Male,
        }),
        birth: Some(facts.birth),
        local: facts.local,
        home_id: world.homes[facts.home as usize],
        employer_id: facts.employer.map(|e| world.employers[e as usize]),
        // What was known before the first simulated day was registered by then.
        since_day: Day(facts.since).min(world.today),
        source: act.map_or(Source::Import, |a| source(a.source)),
        seen_at: act.map(|a| at(a.seen_at_s)),
        entered_at: act.map(|a| at(a.entered_at_s)),
    }
}

/// Where a fact comes from, as the register writes it.
pub(super) fn source(source: townsim::Source) -> Source {
    match source {
        townsim::Source::Visit => Source::DoorVisit,
        townsim::Source::Landlord => Source::Landlord,
        townsim::Source::Employer => Source::Employer,
        townsim::Source::SelfDeclared => Source::SelfDeclaration,
    }
}

/// Ends records as a cancellation does; its event follows in the name of whoever entered it.
async fn end_all(world: &World, workers: &Workers, records: &[&Record]) -> Outcome {
    let office = &workers.office;
    let tx = world.store().begin(&world.reader(office.account, office.role, &office.name)).await?;
    tx.housekeeping("the past of a demonstration; each cancellation's event is written in its own writer's name");
    for record in records {
        let Some(act) = record.ended.map(|n| &world.town.acts()[n]) else { continue };
        end(&tx, record, act).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn end(tx: &Tx, record: &Record, act: &Act) -> Outcome {
    let (day, entered) = (at(act.seen_at_s).day(), at(act.entered_at_s));
    tx.execute_one(
        "UPDATE resident SET state = 'cancelled', home_id = $3, employer_id = $4, cancel_reason = $5,
         cancelled_day = $6, source = $7, seen_at = $8, entered_at = $9, version = $10
         WHERE division_code = $1 AND resident_id = $2",
        vals![
            tx_division(tx),
            record.id,
            None::<HomeId>,
            None::<EmployerId>,
            CancelReason::MovedAway.code(),
            day,
            source(act.source).code(),
            at(act.seen_at_s),
            entered,
            record.version
        ],
    )
    .await?;
    tx.execute(
        "UPDATE residence SET until_day = CASE WHEN from_day > $3 THEN from_day ELSE $4 END
         WHERE division_code = $1 AND resident_id = $2 AND until_day IS NULL",
        vals![tx_division(tx), record.id, day, day],
    )
    .await?;
    Ok(())
}

/// Records that were changed since they were made have grown their version.
async fn set_versions(world: &World, workers: &Workers, records: &[&Record]) -> Outcome {
    let office = &workers.office;
    let tx = world.store().begin(&world.reader(office.account, office.role, &office.name)).await?;
    tx.housekeeping("the past of a demonstration; each change's event is written in its own writer's name");
    for record in records.iter().filter(|r| r.version > 1) {
        tx.execute_one(
            "UPDATE resident SET version = $3 WHERE division_code = $1 AND resident_id = $2",
            vals![tx_division(&tx), record.id, record.version],
        )
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

fn tx_division(tx: &Tx) -> &str {
    linli_platform::store::Query::division(tx)
}
