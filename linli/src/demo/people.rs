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

impl Record {
    /// Whether it has not ended.
    pub(super) fn is_current(&self) -> bool {
        self.ended.is_none()
    }
    /// Whether it stood before the first simulated day.
    pub(super) fn is_from_the_start(&self) -> bool {
        self.registered.is_none()
    }
}

/// The records, and which of them each act was about and made of which version.
pub(super) struct Records {
    pub all: Vec<Record>,
    /// By position in the town's acts: record, version after it, and the home that was left.
    pub of_act: HashMap<usize, (usize, i64, u32)>,
    /// By position of a visit in the town's acts: how many people were registered at the home.
    pub of_visit: HashMap<usize, u32>,
    /// What a visit brought, by home and second of seeing.
    pub brought: HashMap<(u32, i64), Brought>,
}

/// What a visit brought.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Brought {
    pub registered: i64,
    pub changed: i64,
    pub cancelled: i64,
}

/// An instant of the town.
pub(super) fn at(seconds: i64) -> At {
    At(seconds.saturating_mul(1_000_000))
}

/// Follows the acts from the register at the start.
pub(super) fn follow(world: &World) -> Records {
    let town = &world.town;
    let mut follower = Follower::new(world);
    for resident in town.register_at_start().residents() {
        follower.begin(resident.id, &resident.facts, None);
    }
    for (n, act) in town.acts().iter().enumerate() {
        match &act.kind {
            ActKind::Registered { resident } => {
                follower.brought(act, resident.facts.home).registered += 1;
                follower.begin(resident.id, &resident.facts, Some(n));
            }
            ActKind::Changed { resident, .. }
            | ActKind::MovedWithin { resident, .. }
            | ActKind::Cancelled { resident, .. } => follower.change(*resident, n, act),
            ActKind::HomeVerified { home, .. } => {
                follower.records.of_visit.insert(n, follower.at_home[*home as usize]);
            }
            ActKind::Labelled { .. } => {}
        }
    }
    follower.records
}

struct Follower<'a> {
    world: &'a World,
    records: Records,
    /// The current record of each person.
    current: HashMap<u32, usize>,
    /// How many records each person has had.
    rounds: HashMap<u32, usize>,
    /// People registered at each home.
    at_home: Vec<u32>,
}

impl<'a> Follower<'a> {
    fn new(world: &'a World) -> Self {
        let records =
            Records { all: Vec::new(), of_act: HashMap::new(), of_visit: HashMap::new(), brought: HashMap::new() };
        let at_home = vec![0; world.town.homes().len()];
        Follower { world, records, current: HashMap::new(), rounds: HashMap::new(), at_home }
    }
    fn brought(&mut self, act: &Act, home: u32) -> &mut Brought {
        self.records.brought.entry((home, act.seen_at_s)).or_default()
    }
    fn begin(&mut self, person: u32, facts: &Facts, registered: Option<usize>) {
        let round = self.rounds.entry(person).or_default();
        self.current.insert(person, self.records.all.len());
        self.at_home[facts.home as usize] += 1;
        let id = self.world.store().new_id();
        let (facts, round_of) = (facts.clone(), *round);
        *round += 1;
        self.records.all.push(Record { id, facts, registered, ended: None, round: round_of, version: 1 });
    }
    fn change(&mut self, person: u32, n: usize, act: &Act) {
        let Some(place) = self.current.get(&person).copied() else { return };
        let record = &mut self.records.all[place];
        let left = record.facts.home;
        record.version += 1;
        apply(&mut record.facts, &act.kind);
        self.records.of_act.insert(n, (place, record.version, left));
        let home = record.facts.home;
        match &act.kind {
            ActKind::Cancelled { .. } => {
                record.ended = Some(n);
                self.current.remove(&person);
                self.at_home[left as usize] = self.at_home[left as usize].saturating_sub(1);
                self.brought(act, left).cancelled += 1;
            }
            ActKind::MovedWithin { .. } => {
                self.at_home[left as usize] = self.at_home[left as usize].saturating_sub(1);
                self.at_home[home as usize] += 1;
                self.brought(act, left).changed += 1;
            }
            _ => self.brought(act, home).changed += 1,
        }
    }
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
        entered_at: act.map(|a| at(a.entered_at_s)).or_else(|| before_the_first_day(world)),
    }
}

/// When those were entered whom the register had before the first simulated day: the morning of the day before it.
fn before_the_first_day(world: &World) -> Option<At> {
    let first = world.town.acts().first()?;
    let day = at(first.seen_at_s.min(first.entered_at_s)).day().plus_days(-1);
    Some(day.start().plus_hours(9))
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
