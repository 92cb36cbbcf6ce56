//! `linli bench`: how fast this machine registers, searches and compares, beside the plain way of doing each.

mod assessment;
mod field;
mod load;
mod search;

use std::time::{Duration, Instant};

use cn_identity::DocumentKind;
use linli_platform::{
    AppError,
    clock::{Clock, Day},
    reader::Reader,
    store::Tx,
    texts::T,
};
use linli_register::{
    HomeId, Slice,
    codes::{SexCode, Source},
    homes,
    residents::{self, Entered, NewResident},
};
use roster_match::{Matcher, Model, Options, Register, RegisterPerson, RosterRow};
use townsim::Town;

use crate::{
    demo,
    failure::Outcome,
    start::{self, Started},
};

/// How large the measured sub-district is.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Bench {
    #[command(subcommand)]
    part: Option<Part>,
    /// Residents, about.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(500..=1_500_000))]
    pub residents: u32,
    /// PostgreSQL database to measure, empty; without it, SQLite in a folder that is removed afterwards.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// What is measured by itself.
#[derive(Debug, clap::Subcommand)]
enum Part {
    /// How long people wait while others come at a steady pace, and which pace is too much.
    Load(load::Load),
    /// How long the month's scores of all committees take, each time from a fresh start.
    Assessment(assessment::Assessment),
    /// How many entries of phones a second are taken, each sealed and applied once, and that none is lost.
    Field(field::Field),
}

/// Residents registered at once, and one by one.
const AT_ONCE: usize = 10_000;
const ONE_BY_ONE: usize = 100;
/// Rows that the plain comparison looks up.
const PLAIN_ROWS: usize = 100;
/// Measures and prints.
///
/// # Errors
/// Those of building the sub-district.
pub async fn run(options: Bench, t: &T) -> Outcome {
    match options.part {
        Some(Part::Load(load)) => return load::run(load, t).await,
        Some(Part::Assessment(assessment)) => return assessment::run(assessment, t).await,
        Some(Part::Field(field)) => return field::run(field, t).await,
        None => {}
    }
    let folder = tempfile::tempdir().map_err(AppError::from)?;
    let built = demo::Options {
        residents: options.residents,
        months: 1,
        seed: 1,
        dir: folder.path().to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        build_only: true,
        database: options.database,
        profile: "aes".into(),
    };
    demo::run(built, t, Instant::now()).await?;
    let config = start::load_config(None, Some(folder.path()), &[])?;
    let started = start::open(&config).await?;
    register(&started).await?;
    let town = Town::new(townsim::Config::new(options.residents, 1, Clock::system().today().0));
    search::run(started, &town).await?;
    compare(&town);
    Ok(())
}

fn rate(what: &str, count: usize, took: Duration) -> f64 {
    let per_s = count as f64 / took.as_secs_f64().max(1e-9);
    crate::say!("{what:<58} {per_s:>12.0} /s");
    per_s
}

fn ratio(fast: f64, plain: f64) {
    crate::say!("{:<58} {:>12.1} ×\n", "  ratio", fast / plain.max(1e-9));
}

/// Somebody whom nobody has: passports of an invented series.
fn newcomer(n: usize, home: HomeId, day: Day) -> NewResident {
    NewResident {
        resident_id: None,
        name: format!("测{}", char::from_u32(0x4E00 + (n % 5_000) as u32).unwrap_or('一')),
        doc_kind: DocumentKind::Passport,
        doc_no: format!("ZZ98{n:05}"),
        doc_confirmed: true,
        phone: Some(format!("154{n:08}")),
        sex: Some(SexCode::Female),
        birth: Some(jiff::civil::date(1990, 1, 1)),
        local: false,
        home_id: home,
        employer_id: None,
        since_day: day,
        source: Source::Import,
        seen_at: None,
        entered_at: None,
    }
}

async fn register(started: &Started) -> Outcome {
    let store = &started.app.store;
    let reader = Reader::system();
    let some = homes::list(&store.reads(), &reader, &homes::Filter::default(), Slice::first(500)).await?.rows;
    let day = Clock::system().today();
    let new = |n: usize| newcomer(n, some[n % some.len()].home_id, day);
    let begun = Instant::now();
    let tx: Tx = store.begin(&reader).await?;
    residents::register_many(&tx, (0..AT_ONCE).map(new).collect(), Entered::Now).await?;
    tx.commit().await?;
    let fast = rate("residents registered, sealed, indexed, with events", AT_ONCE, begun.elapsed());
    let begun = Instant::now();
    for n in 0..ONE_BY_ONE {
        let tx = store.begin(&reader).await?;
        residents::register(&tx, new(AT_ONCE + n)).await?;
        tx.commit().await?;
    }
    let plain = rate("  plain: one transaction each", ONE_BY_ONE, begun.elapsed());
    ratio(fast, plain);
    Ok(())
}

fn compare(town: &Town) {
    let addresses: Vec<&str> = town.addresses().iter().map(|a| &*a.text).collect();
    let people: Vec<_> = town.register().residents().collect();
    let registered = people.iter().map(|r| RegisterPerson {
        pid: u64::from(r.id),
        name: r.facts.name.as_str(),
        doc_no: r.facts.doc_no.as_str(),
        phone: r.facts.mobile.as_ref().map_or("", |m| m.as_str()),
        addr: town.homes()[r.facts.home as usize].address,
        employer: r.facts.employer.unwrap_or(u32::MAX),
    });
    let register = Register::build(registered, addresses.iter().copied(), Options::default());
    let rosters: Vec<_> = town.roster_employers().map(|e| town.roster(e)).collect();
    let rows: Vec<RosterRow<'_>> = rosters
        .iter()
        .flat_map(|roster| roster.rows.iter().map(|row| (roster.employer, row)))
        .zip(0u64..)
        .map(|((employer, cells), row)| {
            let (name, id_no, phone, address) = (&cells[1], &cells[2], &cells[3], &cells[4]);
            RosterRow { row, employer, name, id_no, phone, address }
        })
        .collect();
    let begun = Instant::now();
    let results = Matcher::new(&register, &Model::default()).compare(&rows);
    let fast = rate("roster rows compared, with reasons", results.len(), begun.elapsed());
    let begun = Instant::now();
    let found = rows.iter().take(PLAIN_ROWS).filter(|row| people.iter().any(|p| p.facts.doc_no.as_str() == row.id_no));
    let count = found.count().max(1);
    let plain = rate("  plain: looking through the register for the number", PLAIN_ROWS.max(count), begun.elapsed());
    ratio(fast, plain);
}
