//! `linli plan visits`, `linli plan stale`: which premises are due for a visit, and which are likeliest stale.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use linli_platform::clock::Clock;
use visit_plan::{
    CellError, Due, Hazard, PastColumns, Point, Premises, PremisesColumns, Ranked, Reason, Seen, balance, day_plan,
    day_plan_by_gain, due, likeliest_stale,
};

use super::workday::Tables;
use crate::{
    commands::table::{Sink, Table},
    failure::{Failure, Outcome},
    said::{Said, Why},
};

/// So many place-days of all premises together stand behind each type.
const PRIOR_DAYS: f64 = 1_000.0;

/// Which visits are planned.
#[derive(Debug, clap::Args)]
pub struct Visits {
    /// The premises, CSV: `id`, and as far as they are known `lon,lat,max_gap_days,last_visited,monthly,monthly_verified`;
    /// with `--past` also `kind,size,last_seen`.
    file: PathBuf,
    /// The day for which it is planned; without it, today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// So many days before its last permitted day a visit is listed.
    #[arg(long, default_value_t = 3, value_name = "DAYS")]
    soon: u16,
    /// One day's visits, no more than this, in walking order; without it, all that are due, the most urgent first.
    #[arg(long, value_name = "NUMBER", conflicts_with = "days")]
    most: Option<usize>,
    /// Spread over so many working days, each in walking order.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=62))]
    days: Option<u16>,
    /// Where the walk begins: longitude and latitude, `121.11,31.15`.
    #[arg(long, value_name = "LON,LAT", value_parser = start_point)]
    start: Option<Point>,
    /// Past checks, CSV `kind,gap_days,size,changes`: what is not yet due is chosen by what a visit is worth.
    #[arg(long, value_name = "FILE")]
    past: Option<PathBuf>,
    #[command(flatten)]
    tables: Tables,
    /// Where the table goes; without it, the screen.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Which premises are ranked.
#[derive(Debug, clap::Args)]
pub struct Stale {
    /// The premises, CSV: `id,kind,size,last_seen`; an empty `last_seen` means never.
    file: PathBuf,
    /// Past checks, CSV `kind,gap_days,size,changes`: days since the check before, people registered there, changes
    /// found.
    #[arg(long, value_name = "FILE")]
    past: PathBuf,
    /// The day for which it is ranked; without it, today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Where the table goes; without it, the screen.
    #[arg(long)]
    out: Option<PathBuf>,
}

fn start_point(text: &str) -> Result<Point, String> {
    let parts = text.split_once(',').and_then(|(lon, lat)| lon.trim().parse().ok().zip(lat.trim().parse().ok()));
    parts.and_then(|(lon, lat)| Point::new(lon, lat)).ok_or_else(|| "no longitude and latitude".to_owned())
}

/// Today, unless another day is asked for.
fn today(asked: Option<Date>) -> Date {
    asked.unwrap_or_else(|| Clock::system().today().0)
}

/// Lists the visits that are due, or plans a day, or some days.
///
/// # Errors
/// A table that cannot be read, with file, line and column; a working day in a year that no table knows.
pub fn visits(asked: &Visits) -> Outcome {
    let today = today(asked.today);
    let (premises, seen) = read_premises(&asked.file, asked.past.is_some())?;
    let open = due(&premises, today, asked.soon);
    let ranked = match &asked.past {
        Some(past) => likeliest_stale(&seen, &hazard(past)?, today),
        None => Vec::new(),
    };
    let worth: HashMap<&str, &Ranked<String>> = ranked.iter().map(|place| (place.id.as_str(), place)).collect();
    let days = asked.days.map(|count| asked.tables.working_days(today, count)).transpose()?;
    let inputs: Vec<&Path> = [&asked.file].into_iter().chain(&asked.past).map(PathBuf::as_path).collect();
    let mut sink = Sink::create(asked.out.as_deref(), &inputs)?;
    sink.row(["date", "order", "id", "reason", "days_past", "walk_m", "staleness", "gain"])?;
    match (asked.most, days) {
        (Some(most), _) if ranked.is_empty() => {
            write(&mut sink, today, &day_plan(&open, most, asked.start).visits, asked.start, &worth)?;
        }
        (Some(most), _) => {
            let gain = |id: &String| worth.get(id.as_str()).map_or(0.0, |place| place.gain);
            let plan = day_plan_by_gain(&open, most, asked.start, gain);
            write(&mut sink, today, &plan.visits, asked.start, &worth)?;
        }
        (None, Some(days)) => {
            for share in balance(&open, today, &days, asked.start) {
                write(&mut sink, share.date, &share.plan.visits, asked.start, &worth)?;
            }
        }
        (None, None) => write(&mut sink, today, &open, None, &worth)?,
    }
    sink.end()
}

/// Ranks premises by what a visit today is worth.
///
/// # Errors
/// A table that cannot be read, with file, line and column.
pub fn stale(asked: &Stale) -> Outcome {
    let (_, seen) = read_premises(&asked.file, true)?;
    let ranked = likeliest_stale(&seen, &hazard(&asked.past)?, today(asked.today));
    let mut sink = Sink::create(asked.out.as_deref(), &[&asked.file, &asked.past])?;
    sink.row(["order", "id", "staleness", "gain"])?;
    for (n, place) in (1..).zip(&ranked) {
        sink.row([format!("{n}"), place.id.clone(), format!("{:.4}", place.staleness), format!("{:.2}", place.gain)])?;
    }
    sink.end()
}

/// One day's visits in their order; `walk_m` counts straight from stop to stop.
fn write(
    sink: &mut Sink,
    date: Date,
    visits: &[Due<String>],
    start: Option<Point>,
    worth: &HashMap<&str, &Ranked<String>>,
) -> Outcome {
    let mut before = start;
    for (n, visit) in (1..).zip(visits) {
        let leg = before.zip(visit.location).map(|(from, to)| format!("{:.0}", from.distance_m(&to)));
        before = visit.location.or(before);
        let place = worth.get(visit.id.as_str());
        sink.row([
            date.to_string(),
            format!("{n}"),
            visit.id.clone(),
            code(visit.reason).to_owned(),
            visit.urgency.to_string(),
            leg.unwrap_or_default(),
            place.map_or_else(String::new, |place| format!("{:.4}", place.staleness)),
            place.map_or_else(String::new, |place| format!("{:.2}", place.gain)),
        ])?;
    }
    Ok(())
}

fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::Overdue { .. } => "overdue",
        Reason::NeverVisited => "never-visited",
        Reason::DueToday => "due-today",
        Reason::DueSoon { .. } => "due-soon",
        Reason::MonthlyVerification { .. } => "monthly",
    }
}

/// A cell or heading that is wrong, at its place.
fn wrong(file: &Path, line: u64) -> impl Fn(CellError) -> Failure + '_ {
    move |e| Failure::Cell { file: file.into(), line, column: e.column as u64, reason: (&e.problem).into() }
}

type Places = (Vec<Premises<String>>, Vec<Seen<String, String>>);

/// The premises as the rules see them, and as the hazard does.
fn read_premises(file: &Path, by_hazard: bool) -> Outcome<Places> {
    let mut table = Table::held(file)?;
    let columns = PremisesColumns::of(table.headings());
    let columns = if by_hazard { columns.and_then(PremisesColumns::with_kind) } else { columns };
    let columns = columns.map_err(wrong(file, 1))?;
    let (mut premises, mut seen) = (Vec::new(), Vec::new());
    table.each(|line, row| {
        let row: Vec<&str> = row.iter().collect();
        premises.push(columns.premises(&row).map_err(wrong(file, line))?);
        if by_hazard {
            seen.push(columns.seen(&row).map_err(wrong(file, line))?);
        }
        Ok(())
    })?;
    Ok((premises, seen))
}

/// What past checks say of the types of premises.
fn hazard(file: &Path) -> Outcome<Hazard<String>> {
    let mut table = Table::held(file)?;
    let columns = PastColumns::of(table.headings()).map_err(wrong(file, 1))?;
    let mut past = Vec::new();
    table.each(|line, row| {
        let row: Vec<&str> = row.iter().collect();
        past.push(columns.check(&row).map_err(wrong(file, line))?);
        Ok(())
    })?;
    if past.is_empty() {
        let reason = Why::new("the table has no row to learn from", Said::plain("cli-visits-no-past"));
        return Err(Failure::Cell { file: file.into(), line: 0, column: 0, reason });
    }
    Ok(Hazard::estimate(&past, PRIOR_DAYS))
}
