//! `linli bench load`: how long people wait while others come at a steady pace, and from which pace on it is too long.
//!
//! An open loop: when a question is asked does not depend on whether earlier ones were answered. A wait is counted from
//! the instant at which the question was *due*, so that a server that stands still is not spared the questions it
//! kept from being asked. The server is a process of its own, as it is in an office; so is this client.

mod pace;
mod sample;
pub(super) mod server;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use linli_platform::{app::App, texts::T};

use self::{
    pace::{Arrivals, Kind, Run},
    sample::Samples,
    server::Server,
};
use crate::{
    demo,
    failure::{Failure, Outcome},
    serve,
    start::{self, Started},
};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Load {
    /// Residents of the register, about.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(500..=1_500_000))]
    pub residents: u32,
    /// Folder for the register, kept for the next run; without it, one that is removed afterwards.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// PostgreSQL database to build the register in, empty; without it, SQLite in the folder.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Requests a second.
    #[arg(long, default_value_t = 50.0)]
    pub rate: f64,
    /// Seconds that are measured.
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// Seconds of each step towards saturation; 0 leaves them out.
    #[arg(long, default_value_t = 10)]
    pub step_seconds: u64,
    /// How requests arrive: as people do, independently of each other, or evenly.
    #[arg(long, value_enum, default_value_t = Arrivals::Poisson)]
    pub arrivals: Arrivals,
    /// Seed of the arrivals and of what is asked.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Before it counts.
const WARM_UP: Duration = Duration::from_secs(5);
/// Each step asks so much faster than the one before.
const STEP: f64 = 1.25;
/// So many steps at most: fifty a second become some 11,000.
const STEPS: u32 = 24;
/// The server is saturated when one request in twenty waits longer than this: more arrive than are answered.
const TOO_LONG: Duration = Duration::from_secs(1);

/// Builds the register unless it is kept, starts the server, measures, and looks for the pace that is too much.
///
/// # Errors
/// A folder that holds something else; a server that does not start; an answer that is none.
pub async fn run(options: Load, t: &T) -> Outcome {
    serve::install_crypto();
    let made = tempfile::tempdir().map_err(linli_platform::AppError::from)?;
    let dir = options.keep.clone().unwrap_or_else(|| made.path().to_owned());
    build(&options, &dir, t).await?;
    let started = start::open(&start::load_config(None, Some(&dir), &[])?).await?;
    directory(&started.app).await?;
    let samples = Samples::take(&started.app, options.seed).await?;
    describe(&started, &options, &samples).await?;
    drop(started);
    let server = Server::start(&dir)?;
    server.wait_until_warm(&samples).await?;
    let mut seed = options.seed;
    let mut go = async |rate: f64, lasting: Duration| {
        seed += 1;
        pace::run(&server, &samples, options.arrivals, rate, lasting, seed).await
    };
    go(options.rate, WARM_UP).await?;
    let before = server.used();
    let measured = go(options.rate, Duration::from_secs(options.seconds)).await?;
    say(&measured, options.rate);
    let used = server.used() - before;
    crate::say!(
        "server: {:.1} ms of processor time a request, {:.0} % of one processor; {} MB of its own, {} MB at most with mapped files\n",
        used.as_secs_f64() * 1_000.0 / measured.answers.len().max(1) as f64,
        used.as_secs_f64() * 100.0 / options.seconds.max(1) as f64,
        server.resident_mb("RssAnon:"),
        server.resident_mb("VmHWM:"),
    );
    if options.step_seconds > 0 {
        saturate(&options, go).await?;
    }
    Ok(())
}

/// Asks faster and faster until too many wait too long.
async fn saturate(options: &Load, mut go: impl AsyncFnMut(f64, Duration) -> Outcome<Run>) -> Outcome {
    let mut rate = options.rate;
    let mut held = 0.0;
    for _ in 0..STEPS {
        let run = go(rate, Duration::from_secs(options.step_seconds)).await?;
        let (p50, p95) = (run.at(None, 0.5), run.at(None, 0.95));
        crate::say!("{rate:>8.0} a second: p50 {:.1} ms, p95 {:.1} ms", ms(p50), ms(p95));
        if p95 > TOO_LONG {
            crate::say!("saturated between {held:.0} and {rate:.0} requests a second");
            return Ok(());
        }
        held = rate;
        rate *= STEP;
    }
    crate::say!("not saturated at {held:.0} requests a second");
    Ok(())
}

async fn build(options: &Load, dir: &Path, t: &T) -> Outcome {
    let empty = std::fs::read_dir(dir).map(|mut entries| entries.next().is_none()).unwrap_or(true);
    if !empty && !demo::is_demonstration(dir) {
        // People in it may be real: nothing is asked of them, and no sessions are made.
        return Err(Failure::say("cli-demo-other").arg("dir", dir.display()));
    }
    let built = demo::Options {
        residents: options.residents,
        months: 1,
        seed: 1,
        dir: dir.to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        build_only: true,
        database: options.database.clone(),
        profile: "aes".into(),
    };
    demo::run(built, t, Instant::now()).await
}

/// How long the name directory takes to fill, and how much memory it holds.
async fn directory(app: &App) -> Outcome {
    let (begun, before) = (Instant::now(), server::resident_mb(std::process::id(), "RssAnon:"));
    let directory = linli_register::directory::directory(app).await?;
    let grown = server::resident_mb(std::process::id(), "RssAnon:").saturating_sub(before);
    crate::say!(
        "name directory: {} names, {} MB by its own count, {grown} MB more in this process with what filling it left, filled in {:.1} s",
        directory.len(),
        directory.bytes() / 1_000_000,
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn describe(started: &Started, options: &Load, samples: &Samples) -> Outcome {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let engine =
        if options.database.is_some() || started.config.database_url.is_some() { "PostgreSQL" } else { "SQLite" };
    let profile = if cfg!(debug_assertions) { "daily" } else { "release" };
    let residents = samples.residents;
    crate::say!(
        "{residents} current residents, {engine}, {processors} processors shared with this client, {profile} profile"
    );
    crate::say!("mix: {}", Kind::ALL.map(|k| format!("{} {} %", k.label(), k.share())).join(", "));
    Ok(())
}

fn say(run: &Run, rate: f64) {
    crate::say!("\nopen loop, {rate:.0} a second, {} answered; waits from when each was due, in ms", run.answers.len());
    crate::say!("{:<22} {:>7} {:>8} {:>8} {:>8} {:>8}  target p95", "", "", "p50", "p95", "p99", "most");
    for kind in Kind::ALL.into_iter().map(Some).chain([None]) {
        let count = run.of(kind).count();
        let at = |share| ms(run.at(kind, share));
        let target = kind.and_then(Kind::target_ms).map_or_else(String::new, |target| {
            format!("{target} {}", if at(0.95) <= f64::from(target) { "met" } else { "missed" })
        });
        let label = kind.map_or("all", Kind::label);
        crate::say!(
            "{label:<22} {count:>7} {:>8.1} {:>8.1} {:>8.1} {:>8.1}  {target}",
            at(0.5),
            at(0.95),
            at(0.99),
            at(1.0)
        );
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
