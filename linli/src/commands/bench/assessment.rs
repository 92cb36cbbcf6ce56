//! `linli bench assessment`: how long the month's scores of all committees take, from a program that has just been started
//! and knows nothing yet, and again.
//!
//! Every run opens the database anew: its own caches are empty. What the operating system or PostgreSQL keeps of the files is
//! not this program's to throw away; the documentation says how to do it before a run.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use linli_assessment::{round, scores};
use linli_platform::{AppError, clock::Month, store::Query as _, texts::T, vals};

use super::super::reader_of;
use crate::{
    demo,
    failure::Outcome,
    start::{self, Started},
};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Assessment {
    /// Residents of the register, about.
    #[arg(long, default_value_t = 150_000, value_parser = clap::value_parser!(u32).range(500..=1_500_000))]
    pub residents: u32,
    /// Folder for the register, kept for the next run; without it, one that is removed afterwards.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// PostgreSQL database to build the register in, empty; without it, SQLite in the folder.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// How often; each time from the beginning.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub runs: u32,
}

/// Whose session computes.
const ASSESSOR: &str = "assessor";

/// Builds the register unless it is kept, and computes the newest month that is not final, as often as asked.
///
/// # Errors
/// Those of building and of computing.
pub async fn run(options: Assessment, t: &T) -> Outcome {
    let made = tempfile::tempdir().map_err(AppError::from)?;
    let dir = options.keep.clone().unwrap_or_else(|| made.path().to_owned());
    let built = demo::Options {
        residents: options.residents,
        months: 3,
        seed: 1,
        dir: dir.clone(),
        listen: ([127, 0, 0, 1], 0).into(),
        build_only: true,
        database: options.database.clone(),
        profile: "aes".into(),
    };
    demo::run(built, t, Instant::now()).await?;
    for _ in 0..options.runs {
        once(&dir).await?;
    }
    Ok(())
}

async fn once(dir: &Path) -> Outcome {
    let started = start::open(&start::load_config(None, Some(dir), &[])?).await?;
    let reader = reader_of(&started.app, ASSESSOR).await?;
    let month = newest_open(&started).await?;
    let (app, q) = (&started.app, started.app.store.reads());
    let begun = Instant::now();
    let tx = app.store.begin(&reader).await?;
    let committees = scores::compute(app, &tx, month).await?;
    tx.commit().await?;
    let computed = begun.elapsed();
    let begun = Instant::now();
    let shown = scores::of_month(&q, month).await?.len();
    let read = begun.elapsed();
    let events = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND entered_at >= $2 AND entered_at < $3";
    let events = q.number(events, vals![q.division(), month.start(), month.end()]).await?;
    let residents = "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND state = 'current'";
    let residents = q.number(residents, vals![q.division()]).await?;
    crate::say!(
        "{month}: {committees} committees, {residents} residents, {events} events of the month: computed and stored in {:.0} ms, {shown} scores read in {:.1} ms",
        computed.as_secs_f64() * 1_000.0,
        read.as_secs_f64() * 1_000.0
    );
    Ok(())
}

/// The newest month whose scores may be computed again; this month, if all others are final.
async fn newest_open(started: &Started) -> Outcome<Month> {
    let rounds = round::all(&started.app.store.reads()).await?;
    let open = rounds.into_iter().find(|r| r.state != "final").map(|r| r.month);
    Ok(open.unwrap_or_else(|| started.app.store.clock().today().month()))
}
