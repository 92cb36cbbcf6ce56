//! The comparison of a roster with the register, by machine and on record (R15). It proposes; nothing in the register
//! changes before an officer confirms.

use std::{collections::HashMap, sync::Arc};

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::Role,
    app::App,
    basis,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    import::table::StagedRow,
    jobs::{Job, JobKind},
    reader::{Purpose, Reader},
    store::{Query, Store, Tx},
    vals,
};
use linli_register::{
    AddressId, EmployerId, HomeId, ResidentId,
    addresses::{self, AddressBook},
    residents::{self, MachineResident},
};
use linli_work::notices::{self, Arg};
use roster_match::{Decision, Matcher, Model, Options, Register, RegisterPerson, RosterRow, RowResult};
use sea_orm::FromQueryResult;
use serde::Deserialize;

use crate::{
    codes::{Class, Kind, State},
    columns::{ADDRESS, Claim as _, DOC, NAME, PHONE, masked, road},
    ids::RosterId,
    reasons::StoredReason,
    results,
    send::count,
    store::{self, Roster},
};

/// Name of the job.
pub(crate) const KIND: &str = "rosters.compare";

/// The job.
pub(crate) struct Compare;

#[derive(Deserialize)]
struct Payload {
    roster_id: RosterId,
}

impl JobKind for Compare {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let Payload { roster_id } = job.payload()?;
            compare(app, roster_id, Some(job)).await?;
            Ok(format!("/rosters/{roster_id}"))
        })
    }
}

/// What a row of the comparison is, before it is sealed and written.
pub(crate) struct Compared {
    pub row_no: i64,
    pub class: Class,
    pub decision: &'static str,
    pub has_left: bool,
    pub resident: Option<ResidentId>,
    pub resident_version: Option<i64>,
    pub probability: f64,
    pub reasons: Vec<StoredReason>,
    pub name_masked: String,
    pub doc_masked: String,
    pub phone_masked: String,
    pub road: String,
    /// The row as sent, to be sealed; `None` for who is gone from the roster.
    pub clear: Option<String>,
    pub grid: Option<GridId>,
    pub home_grid: Option<GridId>,
    pub home: Option<HomeId>,
    pub address: Option<AddressId>,
}

/// Compares a sent roster. Does nothing if it is past that, so a job may run twice.
pub async fn compare(app: &App, id: RosterId, job: Option<&Job>) -> Result<()> {
    let store = &app.store;
    let everywhere = Reader::system();
    let roster = store::find(&store.reads(), &everywhere, id).await?;
    if roster.state() != Some(State::Sent) {
        return Ok(());
    }
    let tx = store.begin(&everywhere).await?;
    let run = Arc::new(tx.machine_run("roster-comparison").await?);
    tx.commit().await?;
    let reads = store.reads();
    let rows = store::open_chunks(&reads, &run, id).await?;
    if let Some(job) = job {
        job.progress(store, "roster-stage-register", 0, count(rows.len())).await?;
    }
    let mut people = Vec::new();
    residents::machine_rows(&reads, &run, |resident| people.push(resident)).await?;
    let ground = Ground::read(app).await?;
    if let Some(job) = job {
        job.progress(store, "roster-stage-compare", 0, count(rows.len())).await?;
    }
    let total = count(rows.len());
    let sent = roster.clone();
    let compared =
        tokio::task::spawn_blocking(move || judge(&sent, &rows, &people, &ground)).await.map_err(AppError::internal)?;
    if let Some(job) = job {
        job.progress(store, "roster-stage-write", total, total).await?;
    }
    save(store, &roster, compared).await
}

/// The addresses and homes that claims are read against.
struct Ground {
    book: Arc<AddressBook>,
    addresses: Vec<AddressRow>,
    by_id: HashMap<AddressId, u32>,
    /// The home at an address that has exactly one.
    homes: HashMap<AddressId, HomeId>,
}

#[derive(FromQueryResult)]
struct AddressRow {
    address_id: AddressId,
    text: String,
    grid_id: Option<GridId>,
}

impl Ground {
    async fn read(app: &App) -> Result<Ground> {
        #[derive(FromQueryResult)]
        struct HomeRow {
            home_id: HomeId,
            address_id: AddressId,
        }
        let reads = app.store.reads();
        let addresses: Vec<AddressRow> = reads
            .rows("SELECT address_id, text, grid_id FROM address WHERE division_code = $1", vals![reads.division()])
            .await?;
        let homes: Vec<HomeRow> = reads
            .rows("SELECT home_id, address_id FROM home WHERE division_code = $1", vals![reads.division()])
            .await?;
        let mut at: HashMap<AddressId, Option<HomeId>> = HashMap::new();
        for home in homes {
            at.entry(home.address_id).and_modify(|only| *only = None).or_insert(Some(home.home_id));
        }
        let by_id = (0u32..).zip(&addresses).map(|(n, a)| (a.address_id, n)).collect();
        let homes = at.into_iter().filter_map(|(address, home)| Some((address, home?))).collect();
        Ok(Ground { book: addresses::book(app).await?, addresses, by_id, homes })
    }
    fn grid_of(&self, address: Option<AddressId>) -> Option<GridId> {
        self.addresses.get(*self.by_id.get(&address?)? as usize)?.grid_id
    }
}

const NO_EMPLOYER: u32 = u32::MAX;
const THIS_EMPLOYER: u32 = 0;

/// The engine at work: blocking, without the store.
fn judge(roster: &Roster, rows: &[StagedRow], people: &[MachineResident], ground: &Ground) -> Vec<Compared> {
    let mut employers: HashMap<EmployerId, u32> = HashMap::from([(roster.employer_id, THIS_EMPLOYER)]);
    let persons: Vec<RegisterPerson<'_>> = (0u64..)
        .zip(people)
        .map(|(pid, p)| {
            let next = u32::try_from(employers.len()).unwrap_or(NO_EMPLOYER);
            RegisterPerson {
                pid,
                name: p.name.for_engine(),
                doc_no: p.doc.for_engine(),
                phone: p.phone.as_ref().map_or("", |t| t.for_engine()),
                addr: p.address_id.and_then(|a| ground.by_id.get(&a).copied()).unwrap_or(u32::MAX),
                employer: p.employer_id.map_or(NO_EMPLOYER, |e| *employers.entry(e).or_insert(next)),
            }
        })
        .collect();
    let register = Register::build(persons, ground.addresses.iter().map(|a| a.text.as_str()), Options::default());
    let matcher = Matcher::new(&register, &Model::default());
    let staged: Vec<&StagedRow> = rows.iter().filter(|r| r.names_somebody()).collect();
    let asked: Vec<RosterRow<'_>> = staged
        .iter()
        .map(|r| RosterRow {
            row: r.row,
            employer: THIS_EMPLOYER,
            name: r.text(NAME),
            id_no: r.text(DOC),
            phone: r.text(PHONE),
            address: r.text(ADDRESS),
        })
        .collect();
    let results = matcher.compare(&asked);
    let judge = Judge { roster, people, ground };
    let mut compared: Vec<Compared> = staged.iter().zip(&results).map(|(row, result)| judge.row(row, result)).collect();
    if roster.kind() == Some(Kind::Full) {
        let gone = matcher.missing(&asked, &results);
        compared.extend((1i64..).zip(gone).filter_map(|(n, (_, pid))| judge.gone(-n, pid)));
    }
    compared
}

struct Judge<'a> {
    roster: &'a Roster,
    people: &'a [MachineResident],
    ground: &'a Ground,
}

impl Judge<'_> {
    fn person(&self, pid: Option<u64>) -> Option<&MachineResident> {
        self.people.get(usize::try_from(pid?).ok()?)
    }
    fn row(&self, row: &StagedRow, result: &RowResult) -> Compared {
        let person = self.person(result.pid);
        let class = self.class(row, result, person);
        let claimed = self.ground.book.resolve(row.text(ADDRESS)).door;
        let home_grid = person.and_then(|p| p.grid_id);
        let (address, home, grid) = match class {
            Class::SameAddress | Class::GoneFromRoster => {
                (person.and_then(|p| p.address_id), person.and_then(|p| p.home_id), home_grid)
            }
            _ => (claimed, claimed.and_then(|a| self.ground.homes.get(&a).copied()), self.ground.grid_of(claimed)),
        };
        let parser = self.ground.book.parser();
        Compared {
            row_no: i64::try_from(row.row).unwrap_or(i64::MAX),
            class,
            decision: match result.decision {
                Decision::Match => "match",
                Decision::Review => "review",
                Decision::None => "none",
            },
            has_left: row.has_left(),
            resident: person.map(|p| p.resident_id),
            resident_version: person.map(|p| p.version),
            probability: result.probability,
            reasons: result.reasons.iter().map(StoredReason::from).collect(),
            name_masked: masked(parser, NAME, row.text(NAME)),
            doc_masked: masked(parser, DOC, row.text(DOC)),
            phone_masked: masked(parser, PHONE, row.text(PHONE)),
            road: road(parser, row.text(ADDRESS)),
            clear: Some(results::clear_row(row)),
            grid: grid.or(self.roster.employer_grid),
            home_grid,
            home,
            address,
        }
    }
    /// The class of R15. A claim that cannot be compared is for a person to decide; none at all is no discrepancy.
    fn class(&self, row: &StagedRow, result: &RowResult, person: Option<&MachineResident>) -> Class {
        let here = person.is_some_and(|p| p.employer_id == Some(self.roster.employer_id));
        match (result.decision, row.has_left()) {
            (Decision::Review, _) => Class::Uncertain,
            (Decision::Match, true) if here => Class::GoneFromRoster,
            // Left, and the register has nobody of the kind at this employer: the two agree.
            (_, true) => Class::SameAddress,
            (Decision::None, false) => Class::NotRegistered,
            (Decision::Match, false) => match result.class {
                roster_match::Class::Same => Class::SameAddress,
                roster_match::Class::Diff => Class::OtherAddress,
                roster_match::Class::NotGiven if row.text(ADDRESS).is_empty() => Class::SameAddress,
                roster_match::Class::NotGiven => Class::Uncertain,
            },
        }
    }
    fn gone(&self, row_no: i64, pid: u64) -> Option<Compared> {
        let person = self.person(Some(pid))?;
        let parser = self.ground.book.parser();
        let address = person.address_id.and_then(|a| self.ground.by_id.get(&a));
        let text = address.and_then(|n| self.ground.addresses.get(*n as usize)).map_or("", |a| a.text.as_str());
        Some(Compared {
            row_no,
            class: Class::GoneFromRoster,
            decision: "none",
            has_left: false,
            resident: Some(person.resident_id),
            resident_version: Some(person.version),
            probability: 1.0,
            reasons: Vec::new(),
            name_masked: masked(parser, NAME, person.name.for_engine()),
            doc_masked: masked(parser, DOC, person.doc.for_engine()),
            phone_masked: person.phone.as_ref().map(|p| masked(parser, PHONE, p.for_engine())).unwrap_or_default(),
            road: road(parser, text),
            clear: None,
            grid: person.grid_id.or(self.roster.employer_grid),
            home_grid: person.grid_id,
            home: person.home_id,
            address: person.address_id,
        })
    }
}

async fn save(store: &Store, roster: &Roster, compared: Vec<Compared>) -> Result<()> {
    let id = roster.roster_id;
    let tx = store.begin(&Reader::system()).await?;
    let moved = tx
        .execute(
            "UPDATE roster SET state = 'compared', compared_at = $3, version = version + 1
             WHERE division_code = $1 AND roster_id = $2 AND state = 'sent' AND version = $4",
            vals![tx.division(), id, tx.now(), roster.version],
        )
        .await?;
    if moved == 0 {
        // Another run was faster; leaving without a commit writes nothing.
        return Ok(());
    }
    store::clear_results(&tx, id).await?;
    basis::close(&tx, id.0).await?;
    // While the roster is in review, its rows and the records of its uncertain rows may be opened (boundary 7).
    let mut bases = vec![(tx.new_id(), SubjectRef::new("roster", id, None), Purpose::RosterReview, id.0, None, None)];
    let mut asked: Vec<(ResidentId, Option<GridId>)> = compared
        .iter()
        .filter(|c| c.class == Class::Uncertain)
        .filter_map(|c| Some((c.resident?, c.home_grid)))
        .collect();
    asked.sort();
    asked.dedup();
    bases.extend(asked.into_iter().map(|(resident, grid)| {
        let subject = SubjectRef::new("resident", resident, grid);
        (tx.new_id(), subject, Purpose::RosterReview, id.0, None, None)
    }));
    basis::open_many(&tx, bases).await?;
    let mut counts: HashMap<&str, i64> = HashMap::new();
    for c in &compared {
        *counts.entry(c.class.code()).or_default() += 1;
    }
    results::insert(&tx, id, compared).await?;
    let event = NewEvent::new("roster.compared", roster.subject()).version(roster.version + 1);
    tx.event(event.body(serde_json::json!({ "counts": counts }))).await?;
    tell(&tx, roster).await?;
    tx.commit().await
}

/// The coordinator receives the roster, the officer confirms it (R15).
async fn tell(tx: &Tx, roster: &Roster) -> Result<()> {
    let Some(grid) = roster.employer_grid else { return Ok(()) };
    let args =
        notices::args(&[("employer", Arg::Name(roster.employer_name.clone())), ("day", Arg::Day(roster.as_of_day))]);
    let href = format!("/rosters/{}/results", roster.roster_id);
    for (role, key) in [(Role::Officer, "notice-roster-to-confirm"), (Role::Coordinator, "notice-roster-compared")] {
        notices::send(tx, notices::To::Role(role, grid), key, &args, &href).await?;
    }
    Ok(())
}
