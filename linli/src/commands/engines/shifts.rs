//! `linli plan shifts`: a team's week of shifts under the scheme (R31), proposed or checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use jiff::{
    ToSpan as _,
    civil::{Date, Time},
};
use linli_platform::texts::T;
use policy_pack::{Pack, Ruled};
use shift_plan::{Broken, Limit, Plan, ProposeError, Rules, Turn, Week, WrittenError, WrittenWeek, propose, validate};

use super::workday::Tables;
use crate::{
    commands::{
        cells::Cells,
        table::{Sink, Table},
        text,
    },
    failure::{Failure, Outcome},
    said::{Said, Wanted, Why, broken_text, collision_text, rule_name, written},
    start,
};

/// What is planned.
#[derive(Debug, clap::Args)]
pub struct Shifts {
    /// The week, TOML: `monday`, `[[people]]` with `id`, `role` (`officer`, `coordinator` or `other`) and `grids`; see
    /// `docs/engines.md`.
    file: PathBuf,
    /// A policy pack whose rules of shifts count; without it, the one built in.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,
    /// Check this plan, CSV `date,who,shift`, instead of proposing one: prints the rules that it breaks.
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
    #[command(flatten)]
    tables: Tables,
    /// Where the table goes; without it, the screen.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Proposes the week, or says what a plan of it breaks.
///
/// # Errors
/// A file that cannot be read, with line and column; rules that cannot be kept together, each with whom and when it is
/// about; a checked plan that breaks a rule.
pub fn run(asked: &Shifts, t: &T) -> Outcome {
    let written = WrittenWeek::parse(&text::small(&asked.file)?).map_err(unwritten(&asked.file))?;
    let pack = asked.policy.as_deref().map(start::read_pack).transpose()?;
    let filed_on = written.filed_on;
    let week = week(asked, written, &pack.unwrap_or_else(Pack::embedded))?;
    let ahead = i64::from(week.rules.plan_ahead_days.value);
    let filed_on = filed_on.unwrap_or_else(|| week.days()[0].saturating_sub(ahead.days()));
    match &asked.check {
        Some(plan) => check(asked, plan, &week, filed_on, t),
        None => {
            let plan = propose(&week, filed_on).map_err(|e| match e {
                ProposeError::Collides(collision) => whole(&asked.file, collision_text(t, &collision)),
                other => whole(&asked.file, other.to_string()),
            })?;
            write(asked, &week, &plan)
        }
    }
}

fn whole(file: &Path, reason: impl Into<Why>) -> Failure {
    Failure::Cell { file: file.into(), line: 0, column: 0, reason: reason.into() }
}

fn unwritten(file: &Path) -> impl Fn(WrittenError) -> Failure + '_ {
    move |e| match e {
        WrittenError::Toml { line, column, message } => {
            Failure::Cell { file: file.into(), line, column, reason: written(&message) }
        }
        WrittenError::Twice(ref name) => whole(file, Why::new(&e, Said::plain("cli-shift-twice").arg("name", name))),
    }
}

/// The week with its working days and rules.
fn week(asked: &Shifts, written: WrittenWeek, pack: &Pack) -> Outcome<Week<String>> {
    let mut week = written.week(scheme(pack)).map_err(unwritten(&asked.file))?;
    let calendar = asked.tables.calendar()?;
    week.workdays = BTreeSet::new();
    for day in week.days() {
        if calendar.is_workday(day).map_err(Tables::unknown_year)? {
            week.workdays.insert(day);
        }
    }
    Ok(week)
}

/// The scheme's numbers with their clauses.
fn scheme(pack: &Pack) -> Rules {
    fn limit<T: Clone>(ruled: &Ruled<T>) -> Limit<T> {
        Limit::new(ruled.value.clone(), ruled.clause.as_str())
    }
    let shifts = &pack.shifts;
    Rules {
        plan_ahead_days: limit(&shifts.plan_ahead_days),
        officer_rounds: limit(&shifts.officer_off_hours_rounds_per_week),
        coordinator_weekend_days: limit(&shifts.coordinator_weekend_days_per_week),
        coordinator_rounds: limit(&shifts.coordinator_off_hours_rounds_per_week),
        normal_hours: limit(&shifts.normal_hours_per_week),
        workday_starts: limit(&shifts.workday_starts),
        workday_ends: limit(&shifts.workday_ends),
        last_visit_starts: limit(&shifts.last_visit_starts),
        most_hours: None,
        rest_days: None,
        on_duty: None,
        weekend_duty: None,
    }
}

fn write(asked: &Shifts, week: &Week<String>, plan: &Plan<String>) -> Outcome {
    let mut sink = Sink::create(asked.out.as_deref(), &[&asked.file])?;
    sink.row(["date", "who", "shift", "starts", "ends", "hours", "round_starts"])?;
    let mut turns: Vec<&Turn<String>> = plan.turns.iter().collect();
    turns.sort_by(|a, b| (a.date, &a.who).cmp(&(b.date, &b.who)));
    for turn in turns {
        let Some(shift) = week.shifts.get(turn.shift) else { continue };
        sink.row([
            turn.date.to_string(),
            turn.who.clone(),
            shift.name.clone(),
            clock(shift.starts),
            clock(shift.ends),
            format!("{:.1}", f64::from(shift.minutes()) / 60.0),
            shift.round_starts.map(clock).unwrap_or_default(),
        ])?;
    }
    sink.end()
}

fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Prints the rules that a plan breaks.
fn check(asked: &Shifts, file: &Path, week: &Week<String>, filed_on: Date, t: &T) -> Outcome {
    let broken = validate(week, &Plan { filed_on, turns: read_plan(file, week)? });
    let mut sink = Sink::create(asked.out.as_deref(), &[&asked.file, file])?;
    sink.row(["rule", "who", "date", "grid", "found", "limit", "clause", "text"])?;
    for one in &broken {
        sink.row(cells(one, t))?;
    }
    sink.end()?;
    match broken.len() {
        0 => Ok(()),
        count => {
            let said = Said::plain("cli-shift-breaks").arg("count", count);
            Err(whole(file, Why::new(format!("the plan breaks {count} rules"), said)))
        }
    }
}

fn cells(broken: &Broken<String>, t: &T) -> [String; 8] {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    [
        rule_name(t, broken.rule),
        text(broken.who.as_ref()),
        text(broken.date),
        text(broken.grid),
        text(broken.found),
        text(broken.limit),
        broken.clause.clone(),
        broken_text(t, broken),
    ]
}

/// The turns of a plan; a shift goes by its name.
fn read_plan(file: &Path, week: &Week<String>) -> Outcome<Vec<Turn<String>>> {
    let mut table = Table::open(file)?;
    let [date, who, shift] = ["date", "who", "shift"].map(|name| table.column(name));
    let (date, who, shift) = (date?, who?, shift?);
    let names: BTreeMap<&str, usize> = week.shifts.iter().zip(0..).map(|(it, n)| (it.name.as_str(), n)).collect();
    let mut turns = Vec::new();
    table.each(|line, row| {
        let cells = Cells::new(file, line, row);
        let name = cells.text(Some(shift));
        let shift = *names.get(name).ok_or_else(|| {
            let known: Vec<&str> = names.keys().copied().collect();
            let known = known.join(", ");
            let english = format!("there is no shift `{name}`; there are {known}");
            let said = Said::plain("cli-shift-unknown").arg("name", name).arg("known", known);
            cells.wrong(Some(shift), Why::new(english, said))
        })?;
        let date = cells.required(date, Wanted::DATE)?;
        turns.push(Turn { who: cells.required(who, Wanted::PERSON)?, date, shift });
        Ok(())
    })?;
    Ok(turns)
}
