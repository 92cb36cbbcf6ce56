//! `linli workday`: official working days.

use std::path::PathBuf;

use cn_workday::Calendar;
use jiff::civil::Date;

use crate::{
    commands::{lines::Lines, table::Sink},
    failure::{Failure, Outcome},
};

/// Which days are printed.
#[derive(Debug, clap::Args)]
pub struct Workday {
    /// First and last day: `2026-01-01..2026-12-31`.
    pub range: String,
    /// A further table `date,name,kind` (kind: `off` or `work`), such as that of a year published since.
    #[arg(long, value_name = "FILE")]
    pub table: Vec<PathBuf>,
    /// Take Monday to Friday for working days in years that no table knows, instead of refusing.
    #[arg(long)]
    pub weekdays_beyond_known: bool,
}

/// Prints each day of a range, both ends included, as CSV.
///
/// # Errors
/// `cli-workday-range`; a year whose notice is not known; a table that cannot be used, with file and line.
pub fn list(asked: &Workday) -> Outcome {
    let range = &asked.range;
    let wrong = || Failure::say("cli-workday-range").arg("range", range);
    let (from, to) = range.split_once("..").unwrap_or((range, range));
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let (from, to) = day(from).zip(day(to)).filter(|(from, to)| from <= to).ok_or_else(wrong)?;
    let calendar = calendar(asked)?;
    let days = calendar.days(from..=to).map_err(|e| Failure::say("cli-workday-year").arg("year", e.year))?;
    let mut sink = Sink::create(None)?;
    sink.row(["date", "workday", "name"])?;
    for day in days {
        sink.row([day.date.to_string(), day.workday.to_string(), day.name.to_owned()])?;
    }
    sink.end()
}

/// The official calendar with the tables given.
fn calendar(asked: &Workday) -> Outcome<Calendar> {
    let mut calendar = Calendar::official();
    for file in &asked.table {
        let table = Calendar::from_csv(&Lines::open(file)?.whole()?);
        calendar = calendar.with(table.map_err(|problems| {
            let first = problems.first();
            let reason = first.map_or_else(String::new, |p| p.problem.to_string());
            Failure::Cell { file: file.clone(), line: first.map_or(1, |p| p.line), column: 0, reason }
        })?);
    }
    Ok(if asked.weekdays_beyond_known { calendar.weekdays_beyond_known() } else { calendar })
}
