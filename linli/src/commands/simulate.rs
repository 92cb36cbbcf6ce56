//! `linli simulate`: how right a register stays under a policy, month by month, in towns whose truth is known.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use linli_platform::texts::T;
use serde::Deserialize;
use townsim::{ActKind, Churn, Town, TrueRates, VisitRules};

use crate::{
    commands::{table::Sink, text, toml_file, town::Residents},
    failure::{Failure, Outcome},
    start,
};

/// What is simulated.
#[derive(clap::Args, Debug)]
pub struct Simulate {
    /// A policy pack's folder, whose visit intervals count, or an experiment as TOML (`[visits]`, `[churn]`); may be
    /// given several times, each lived from the same beginning. Without one, the scheme's own.
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,
    /// How many months.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=120))]
    months: u32,
    #[command(flatten)]
    people: Residents,
    /// CSV into this file instead of a table on the screen; `-` for CSV on the screen.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What an experiment varies; what it does not name stays as it is by default.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Experiment {
    visits: VisitRules,
    churn: Churn,
}

/// A month of one policy: how things stand at its end; month 0 is the evening before the start.
#[derive(Clone, Copy, Debug, Default)]
struct Month {
    rates: TrueRates,
    visits: u64,
    entries: u64,
}

const COLUMNS: [&str; 10] = [
    "policy",
    "month",
    "day",
    "people",
    "records",
    "registration_rate",
    "accuracy_rate",
    "registered",
    "visits",
    "entries",
];

/// Lives the towns under each policy and prints the true rates.
///
/// # Errors
/// A policy that cannot be read or is out of range, with file, line and column; a file that cannot be written.
pub fn run(options: &Simulate, t: &T) -> Outcome {
    let mut policies = Vec::new();
    for file in &options.policy {
        policies.push((file.display().to_string(), experiment(file)?));
    }
    if policies.is_empty() {
        policies.push((t.s("cli-simulate-default"), Experiment::default()));
    }
    let inputs: Vec<&Path> = options.policy.iter().map(PathBuf::as_path).collect();
    let csv = options.out.as_deref().map(|file| Sink::create(Some(file).filter(|f| *f != Path::new("-")), &inputs));
    let mut csv = csv.transpose()?;
    match &mut csv {
        Some(sink) => sink.row(COLUMNS)?,
        None => crate::say!("{}", t.s("cli-simulate-heading")),
    }
    for (name, experiment) in &policies {
        for (number, month) in live(options, experiment).iter().enumerate() {
            match &mut csv {
                Some(sink) => sink.row(cells(options, name, number, month))?,
                None => crate::say!("{}", line(options, name, number, month)),
            }
        }
    }
    csv.map_or(Ok(()), Sink::end)
}

/// An experiment: of a policy pack its intervals, of a TOML file whatever it names.
fn experiment(path: &Path) -> Outcome<Experiment> {
    if path.is_dir() {
        let pack = start::read_pack(path)?;
        let mut visits = VisitRules::default();
        for category in &pack.visits.categories {
            match category.id.as_str() {
                "crowded" => visits.crowded_days = category.max_gap_days,
                "informal" => visits.informal_days = category.max_gap_days,
                "vacant" => visits.vacant_days = category.max_gap_days,
                _ => {}
            }
        }
        return Ok(Experiment { visits, ..Experiment::default() });
    }
    let text = text::small(path)?;
    let experiment: Experiment = toml_file::parse(path, &text)?;
    match experiment.visits.problem().or_else(|| experiment.churn.problem()) {
        Some(problem) => {
            let at = text.lines().position(|line| line.trim_start().starts_with(&problem.field));
            let line = at.map_or(0, |at| at as u64 + 1);
            Err(Failure::Cell { file: path.into(), line, column: 0, reason: (&problem).into() })
        }
        None => Ok(experiment),
    }
}

/// The towns one after the other; their months added up.
fn live(options: &Simulate, experiment: &Experiment) -> Vec<Month> {
    let mut city = options.people.city();
    city.visits = experiment.visits.clone();
    city.churn = experiment.churn.clone();
    let mut months = vec![Month::default(); options.months as usize + 1];
    for number in 0..city.districts() {
        let mut town = Town::new(city.config(number));
        let mut seen = 0;
        for (number, month) in months.iter_mut().enumerate() {
            town.live(u32::from(number > 0));
            let new = &town.acts()[seen..];
            let visits = new.iter().filter(|act| matches!(act.kind, ActKind::HomeVerified { .. })).count();
            month.visits += visits as u64;
            month.entries += (new.len() - visits) as u64;
            month.rates = month.rates + town.true_rates_of_town();
            seen = town.acts().len();
        }
    }
    months
}

fn day(options: &Simulate, number: usize) -> Date {
    let span = jiff::Span::new().months(i64::try_from(number).unwrap_or(0));
    options.people.start.saturating_add(span)
}

fn cells(options: &Simulate, name: &str, number: usize, month: &Month) -> [String; 10] {
    let rates = &month.rates;
    let share = |rate: Option<f64>| rate.map_or_else(String::new, |rate| format!("{rate:.6}"));
    [
        name.to_owned(),
        number.to_string(),
        day(options, number).to_string(),
        rates.living.to_string(),
        rates.records.to_string(),
        share(rates.registration_rate()),
        share(rates.accuracy_rate()),
        rates.registered.to_string(),
        month.visits.to_string(),
        month.entries.to_string(),
    ]
}

fn line(options: &Simulate, name: &str, number: usize, month: &Month) -> String {
    let rates = &month.rates;
    let percent = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), |rate| format!("{:.2} %", rate * 100.0));
    let (registration, accuracy) = (percent(rates.registration_rate()), percent(rates.accuracy_rate()));
    let day = day(options, number);
    format!("{day}\t{}\t{}\t{registration}\t{accuracy}\t{}\t{name}", rates.living, rates.records, month.visits)
}
