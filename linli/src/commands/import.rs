//! `linli import`: tables and boundaries without pages.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressStyle};
use linli_platform::{
    AppError,
    clock::Day,
    import::{CellProblem, ImportReport, Stage, run_file},
    reader::Reader,
    texts::T,
};
use linli_territory::{Datum, Uploaded, boundary::read::BoundaryFault, effect, upload};

use super::reader_of;
use crate::{
    failure::{Failure, Outcome},
    start::Started,
};

/// Messages printed at most; the pages make a workbook of all.
const SHOWN: usize = 200;

/// What is imported, and how.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// What the table holds: `committees`, `addresses`, `homes`, `employers`, `residents`, `staff`; or `grids`.
    pub kind: String,
    /// `.xlsx` or `.csv`; for grids GeoJSON.
    pub file: PathBuf,
    /// A column by its heading, over what is guessed: `--map "heading=column"`; `heading=` leaves it out.
    #[arg(long, value_name = "HEADING=COLUMN")]
    pub map: Vec<String>,
    /// Check and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Import the good rows although others have messages.
    #[arg(long)]
    pub leave_out_bad: bool,
    /// The account in whose name and scope it happens.
    #[arg(long = "as", value_name = "ACCOUNT")]
    pub account: String,
    /// For grids: the day on which the boundaries take effect.
    #[arg(long, value_name = "DAY")]
    pub effective: Option<Day>,
    /// For grids: coordinates are GCJ-02, as map services of mainland China show them.
    #[arg(long)]
    pub gcj02: bool,
}

/// Imports a table or a set of boundaries.
///
/// # Errors
/// `cli-import-bad` if rows have messages and were not to be left out: nothing was written then.
pub async fn run(started: &Started, import: Import, t: &T) -> Outcome {
    let reader = reader_of(&started.app, &import.account).await?;
    if import.kind == "grids" {
        return grids(started, &reader, &import, t).await;
    }
    readable(&import.file)?;
    let named = import.map.iter().map(|m| pair(m)).collect::<Outcome<Vec<_>>>()?;
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {elapsed}") {
        bar.set_style(style);
    }
    let progress = |stage: Stage, done: u64, total: u64| {
        bar.set_length(total);
        bar.set_position(done);
        bar.set_message(t.s(match stage {
            Stage::Read => "cli-import-read",
            Stage::Check => "cli-import-check",
            Stage::Apply => "cli-import-apply",
        }));
    };
    let (app, leave_out) = (&started.app, import.leave_out_bad);
    let report =
        run_file(app, &reader, &import.kind, &import.file, Some(&named), leave_out, import.dry_run, &progress).await;
    bar.finish_and_clear();
    let report = report.map_err(|e| in_file(&import.file, e, t))?;
    say(&import.file, &report, t);
    match report.applied {
        None if !import.dry_run => Err(Failure::say("cli-import-bad").arg("n", report.bad_rows)),
        _ => Ok(()),
    }
}

/// Whether the file is there and can be read, before anything of it is looked at.
fn readable(file: &Path) -> Outcome {
    let found = fs::File::open(file).and_then(|opened| opened.metadata());
    match found.map_err(Failure::file(file))? {
        found if found.is_dir() => Err(Failure::file(file)(io::ErrorKind::IsADirectory.into())),
        _ => Ok(()),
    }
}

/// What is wrong with the table, with its place: file, line and column as far as they are known.
fn in_file(file: &Path, e: AppError, t: &T) -> Failure {
    if !["sheet-", "import-column-", "import-no-longer-"].iter().any(|kind| e.code.starts_with(kind)) {
        return Failure::App(e);
    }
    let number = |name: &str| e.args.iter().find(|(k, _)| *k == name).and_then(|(_, v)| v.parse().ok()).unwrap_or(0);
    let line = number("line").max(number("row"));
    Failure::Cell { file: file.into(), line, column: number("column"), reason: t.error(&e).into() }
}

/// `heading=column`.
pub(super) fn pair(text: &str) -> Outcome<(String, String)> {
    match text.split_once('=') {
        Some((heading, column)) => Ok((heading.trim().into(), column.trim().into())),
        None => Err(Failure::say("cli-map").arg("map", text)),
    }
}

fn say(file: &Path, report: &ImportReport, t: &T) {
    for (heading, column) in &report.mapped_columns {
        crate::say!("  {heading} → {}", t.message(format!("column-{column}")));
    }
    for dropped in &report.dropped_columns {
        crate::say!("  {} ✗ {}", dropped.heading, t.code("import-dropped", drop_code(dropped)));
    }
    for problem in report.problems.iter().take(SHOWN) {
        crate::say!("{}", problem_line(file, problem, t));
    }
    if report.problems.len() > SHOWN {
        crate::say!("{}", t.n("cli-import-more", report.problems.len() - SHOWN));
    }
    for (key, count) in &report.counts {
        crate::say!("  {}: {count}", t.message(format!("import-count-{key}")));
    }
    let args = [
        ("rows", report.rows.to_string()),
        ("bad", report.bad_rows.to_string()),
        ("applied", report.applied.unwrap_or(0).to_string()),
    ];
    crate::say!("{}", t.all("cli-import-done", &args));
}

fn drop_code(dropped: &linli_platform::import::DroppedColumn) -> &'static str {
    match dropped.reason {
        linli_platform::import::DropReason::Forbidden => "forbidden",
        linli_platform::import::DropReason::Unmapped => "unmapped",
    }
}

fn problem_line(file: &Path, problem: &CellProblem, t: &T) -> String {
    let args: Vec<(&str, String)> = problem.args.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    let text = t.all(format!("cell-{}", problem.code), &args);
    let column =
        if problem.column.is_empty() { String::new() } else { t.message(format!("column-{}", problem.column)) };
    format!("{}:{}:{column}: {text}", file.display(), problem.row)
}

async fn grids(started: &Started, reader: &Reader, import: &Import, t: &T) -> Outcome {
    let day = import.effective.ok_or_else(|| Failure::say("cli-grids-day"))?;
    if !reader.may(linli_platform::access::Action::TerritoryWrite) {
        return Err(linli_platform::AppError::forbidden().into());
    }
    let text = fs::read_to_string(&import.file).map_err(Failure::file(&import.file))?;
    let datum = if import.gcj02 { Datum::Gcj02 } else { Datum::Wgs84 };
    let name = import.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let set = match upload(&started.app, reader, &name, datum, text).await? {
        Uploaded::Draft(set) => set,
        Uploaded::Faults(faults) => {
            let reason = |fault: &BoundaryFault| {
                let (key, args) = fault.text();
                let number = fault.number().map(|n| format!("{n}: ")).unwrap_or_default();
                format!("{number}{}", t.all(format!("boundary-fault-{key}"), &args))
            };
            let reasons: Vec<String> = faults.iter().map(reason).collect();
            let file = import.file.clone();
            return Err(Failure::Cell { file, line: 0, column: 0, reason: reasons.join("\n").into() });
        }
    };
    let preview = effect::preview(&started.app, reader, set).await?;
    let args = [
        ("grids", preview.new.grids().len().to_string()),
        ("overlaps", preview.geometry.overlaps.len().to_string()),
        ("gaps", preview.geometry.gaps.len().to_string()),
        ("moves", preview.handover.moves.len().to_string()),
        ("outside", preview.handover.outside.len().to_string()),
    ];
    crate::say!("{}", t.all("cli-grids-preview", &args));
    if import.dry_run {
        return Ok(());
    }
    effect::schedule(&started.app, reader, set, day, import.leave_out_bad).await?;
    crate::say!("{}", t.a("cli-grids-done", "day", day));
    Ok(())
}
