//! `linli roster`: an employer's list, compared with the register, and confirmed where asked.

use std::path::PathBuf;

use linli_platform::{Result, access::Action, app::App, reader::Reader, texts::T};
use linli_register::{EmployerId, Slice, employers};
use linli_rosters::run_file;

use super::{import::pair, reader_of};
use crate::{
    failure::{Failure, Outcome},
    start::Started,
};

/// What is compared.
#[derive(Debug, clap::Args)]
pub struct Roster {
    /// `.xlsx` or `.csv`.
    pub file: PathBuf,
    /// The employer: its unified social credit code, or its name.
    #[arg(long)]
    pub employer: String,
    /// The account in whose name and scope it happens.
    #[arg(long = "as", value_name = "ACCOUNT")]
    pub account: String,
    /// A column by its heading, over what is guessed: `--map "heading=column"`.
    #[arg(long, value_name = "HEADING=COLUMN")]
    pub map: Vec<String>,
    /// Confirm the comparison: tasks appear in the grids.
    #[arg(long)]
    pub confirm: bool,
}

/// Compares a roster and prints what was found, masked.
///
/// # Errors
/// `cli-employer`; those of the comparison.
pub async fn run(started: &Started, roster: Roster, t: &T) -> Outcome {
    let app = &started.app;
    let reader = reader_of(app, &roster.account).await?;
    let employer = employer(app, &reader, &roster.employer).await?;
    let employer = employer.ok_or_else(|| Failure::say("cli-employer").arg("employer", &roster.employer))?;
    let named = roster.map.iter().map(|m| pair(m)).collect::<Outcome<Vec<_>>>()?;
    let quiet = |_: linli_rosters::Stage, _: u64, _: u64| {};
    let report = run_file(app, &reader, employer, &roster.file, Some(&named), roster.confirm, t.lang, &quiet).await?;
    for line in &report.lines {
        let class = line.class.map_or_else(|| "-".to_owned(), |c| t.code("roster-class", c.code()));
        crate::say!("{}\t{class}\t{}\t{}\t{}", line.row, line.name, line.doc, line.reasons.join("; "));
    }
    for (class, count) in &report.counts {
        crate::say!("  {}: {count}", t.code("roster-class", class.code()));
    }
    let args = [("rows", report.rows.to_string()), ("bad", report.bad_rows.to_string())];
    crate::say!("{}", t.all("cli-roster-done", &args));
    if report.confirmed.is_some() {
        crate::say!("{}", t.s("cli-roster-confirmed"));
    }
    Ok(())
}

async fn employer(app: &App, reader: &Reader, written: &str) -> Result<Option<EmployerId>> {
    let reads = app.store.reads();
    if let Some(id) = employers::find_by_code(&reads, written).await? {
        return Ok(Some(id));
    }
    if !reader.may(Action::RegisterRead) {
        return Ok(None);
    }
    let filter = employers::Filter { text: written.into(), ..employers::Filter::default() };
    let found = employers::list(&reads, reader, &filter, Slice::first(2)).await?;
    Ok(found.rows.first().filter(|_| found.total == 1).map(|e| e.employer_id))
}
