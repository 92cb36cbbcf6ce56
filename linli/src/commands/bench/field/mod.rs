//! `linli bench field`: many phones come back to the network at once, each with a day's visits.
//!
//! An open loop, as in `bench load`: when a phone sends does not depend on how earlier ones fared, and a wait counts from
//! the instant at which the sending was *due*. What is sent was sealed before the clock starts, as phones seal it at the
//! door. The server is a process of its own. Afterwards every entry is looked for in the database.

mod outbox;
mod send;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use linli_platform::{AppError, store::Query as _, texts::T, vals};

use self::outbox::Phones;
use super::load::server::Server;
use crate::{
    demo,
    failure::{Failure, Outcome},
    start,
};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Field {
    /// Phones.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub phones: u32,
    /// Visits of each.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub visits: u32,
    /// Seconds within which all of them send, evenly spread.
    #[arg(long, default_value_t = 600)]
    pub seconds: u64,
    /// Entries of one sending.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub batch: u32,
    /// Residents of the register, about.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(500..=1_500_000))]
    pub residents: u32,
    /// Folder for the register, which must be empty and is kept; without it, one that is removed afterwards.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// PostgreSQL database to build the register in, empty; without it, SQLite in the folder.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Seed of who visits what and when.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Builds the register and the phones, starts the server, sends everything, and looks for what was lost.
///
/// # Errors
/// Those of building; `cli-demo-other` for a folder that holds something; entries that were lost.
pub async fn run(options: Field, t: &T) -> Outcome {
    let made = tempfile::tempdir().map_err(AppError::from)?;
    let dir = options.keep.clone().unwrap_or_else(|| made.path().to_owned());
    if std::fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::say("cli-demo-other").arg("dir", dir.display()));
    }
    let built = demo::Options {
        residents: options.residents,
        months: 1,
        seed: 1,
        dir: dir.clone(),
        listen: ([127, 0, 0, 1], 0).into(),
        build_only: true,
        database: options.database.clone(),
        profile: "aes".into(),
    };
    demo::run(built, t, Instant::now()).await?;
    let started = start::open(&start::load_config(None, Some(&dir), &[])?).await?;
    let begun = Instant::now();
    let phones = Phones::prepare(&started.app, &options).await?;
    let entries = phones.entries();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let engine = if options.database.is_some() { "PostgreSQL" } else { "SQLite" };
    let profile = if cfg!(debug_assertions) { "daily" } else { "release" };
    crate::say!("{engine}, {processors} processors shared with this client, {profile} profile");
    crate::say!(
        "{} phones with {} visits each: {entries} entries sealed beforehand in {:.1} s ({} with a newcomer, {} where nobody opened), {} of a sending, over {} s",
        options.phones,
        options.visits,
        begun.elapsed().as_secs_f64(),
        phones.newcomers,
        phones.absent,
        options.batch,
        options.seconds
    );
    let server = Server::start(&dir)?;
    let used = server.used();
    let run = send::all(&server.address, &phones, &options).await?;
    say(&run, server.used() - used, server.resident_mb("VmHWM:"));
    drop(server);
    let lost = lost(&started.app, &phones).await?;
    crate::say!("looked for in the database: {entries} entries, {lost} lost");
    if lost > 0 { Err(AppError::internal(format!("{lost} entries were lost")).into()) } else { Ok(()) }
}

fn say(run: &send::Run, used: Duration, most_mb: u64) {
    let count: usize = run.states.values().sum();
    let per_s = count as f64 / run.took.as_secs_f64().max(1e-9);
    let states: Vec<String> = run.states.iter().map(|(state, n)| format!("{state} {n}")).collect();
    crate::say!(
        "{count} entries answered in {:.1} s: {per_s:.0} a second; {}",
        run.took.as_secs_f64(),
        states.join(", ")
    );
    crate::say!("sent again because the server asked for it: {}", run.again);
    crate::say!(
        "waits of a sending from when it was due, in ms: p50 {:.1}, p95 {:.1}, p99 {:.1}, most {:.1}",
        run.at_ms(0.5),
        run.at_ms(0.95),
        run.at_ms(0.99),
        run.at_ms(1.0)
    );
    crate::say!(
        "server: {:.1} ms of processor time an entry, {most_mb} MB at most with mapped files",
        used.as_secs_f64() * 1_000.0 / count.max(1) as f64
    );
}

/// Entries that the database knows neither as done nor as waiting; of those done, the visit must be there too.
async fn lost(app: &linli_platform::app::App, phones: &Phones) -> Outcome<i64> {
    let q = app.store.reads();
    let kept = "SELECT COUNT(*) FROM phone_entry e WHERE e.division_code = $1 AND e.received_at >= $2
                AND (e.state = 'conflict' OR (e.state = 'done' AND EXISTS (SELECT 1 FROM visit v
                     WHERE v.division_code = e.division_code AND v.entry_id = e.entry_id)))";
    let kept = q.number(kept, vals![q.division(), phones.prepared_at]).await?;
    Ok(i64::try_from(phones.entries()).unwrap_or(i64::MAX) - kept)
}
