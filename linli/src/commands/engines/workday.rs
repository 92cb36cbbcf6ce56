//! `linli workday`: official working days.

use std::path::PathBuf;

use cn_workday::{Calendar, RowProblem, UnknownYear};
use jiff::{ToSpan as _, civil::Date};

use crate::{
    commands::{lines::Lines, table::Sink},
    failure::{Failure, Outcome},
};

/// Tables over the official ones.
#[derive(Debug, clap::Args)]
pub struct Tables {
    /// A further table of days off and make-up days, `date,name,kind` (kind: `off` or `work`), such as that of a year
    /// published since.
    #[arg(long, value_name = "FILE")]
    table: Vec<PathBuf>,
    /// Take Monday to Friday for working days in years that no table knows, instead of refusing.
    #[arg(long)]
    weekdays_beyond_known: bool,
}

impl Tables {
    /// The official calendar with the tables given.
    ///
    /// # Errors
    /// A table that cannot be used, with file and line.
    pub fn calendar(&self) -> Outcome<Calendar> {
        let mut calendar = Calendar::official();
        for file in &self.table {
            let table = Calendar::from_csv(&Lines::open(file)?.whole()?);
            calendar = calendar.with(table.map_err(|problems| {
                let first = problems.first();
                let reason = first.map_or(&RowProblem::NoRows, |p| &p.problem).into();
                Failure::Cell { file: file.clone(), line: first.map_or(1, |p| p.line), column: 0, reason }
            })?);
        }
        Ok(if self.weekdays_beyond_known { calendar.weekdays_beyond_known() } else { calendar })
    }

    /// The first working days from a day on, itself included.
    ///
    /// # Errors
    /// As [`Tables::calendar`]; a year whose notice is not known.
    pub fn working_days(&self, from: Date, count: u16) -> Outcome<Vec<Date>> {
        let calendar = self.calendar()?;
        let mut days = Vec::new();
        let mut day = from;
        while days.len() < usize::from(count) {
            if calendar.is_workday(day).map_err(Self::unknown_year)? {
                days.push(day);
            }
            day = day.saturating_add(1.days());
        }
        Ok(days)
    }

    /// No table knows the year.
    pub fn unknown_year(error: UnknownYear) -> Failure {
        Failure::say("cli-workday-year").arg("year", error.year)
    }
}

/// Which days are printed.
#[derive(Debug, clap::Args)]
pub struct Workday {
    /// First and last day: `2026-01-01..2026-12-31`, or one day.
    range: String,
    /// Print only how many working days the range has.
    #[arg(long, conflicts_with = "add")]
    count: bool,
    /// Print only the working day that is so many after the (last) day; with a minus, before it.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    add: Option<i32>,
    #[command(flatten)]
    tables: Tables,
}

/// Prints each day of a range, both ends included, as CSV; or what is counted from it.
///
/// # Errors
/// `cli-workday-range`; a year whose notice is not known; a table that cannot be used, with file and line.
pub fn list(asked: &Workday) -> Outcome {
    let range = &asked.range;
    let wrong = || Failure::say("cli-workday-range").arg("range", range);
    let (from, to) = range.split_once("..").unwrap_or((range, range));
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let (from, to) = day(from).zip(day(to)).filter(|(from, to)| from <= to).ok_or_else(wrong)?;
    let calendar = asked.tables.calendar()?;
    if asked.count {
        crate::say!("{}", calendar.count_workdays(from..=to).map_err(Tables::unknown_year)?);
        return Ok(());
    }
    if let Some(add) = asked.add {
        crate::say!("{}", calendar.add_workdays(to, add).map_err(Tables::unknown_year)?);
        return Ok(());
    }
    let days = calendar.days(from..=to).map_err(Tables::unknown_year)?;
    let mut sink = Sink::create(None, &[])?;
    sink.row(["date", "workday", "name"])?;
    for day in days {
        sink.row([day.date.to_string(), day.workday.to_string(), day.name.to_owned()])?;
    }
    sink.end()
}
