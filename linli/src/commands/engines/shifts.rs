//! `linli plan shifts`: a team's week of shifts under the scheme (R31), proposed or checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use jiff::{
    ToSpan as _,
    civil::{Date, Time},
};
use policy_pack::{Pack, Ruled};
use serde::Deserialize;
use shift_plan::{Broken, Limit, Person, Plan, ProposeError, Role, Rules, Shift, Turn, Week, propose, validate};

use super::workday::Tables;
use crate::{
    commands::{
        cells::Cells,
        table::{Sink, Table},
        toml_file,
    },
    failure::{Failure, Outcome},
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

/// A week as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    monday: Date,
    /// When the plan is filed; else on the last day on which it may be.
    filed_on: Option<Date>,
    most_hours: Option<u32>,
    rest_days: Option<u32>,
    on_duty: Option<u32>,
    weekend_duty: Option<u32>,
    people: Vec<WrittenPerson>,
    #[serde(default)]
    shifts: Vec<WrittenShift>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPerson {
    id: String,
    role: WrittenRole,
    #[serde(default)]
    grids: Vec<u32>,
    #[serde(default)]
    away: BTreeSet<Date>,
    from: Option<Time>,
    to: Option<Time>,
    #[serde(default)]
    weekend_turns: u32,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WrittenRole {
    Officer,
    Coordinator,
    Other,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenShift {
    name: String,
    starts: Time,
    ends: Time,
    #[serde(default)]
    break_minutes: u32,
    round_starts: Option<Time>,
}

/// Proposes the week, or says what a plan of it breaks.
///
/// # Errors
/// A file that cannot be read, with line and column; rules that cannot be kept together, each with whom and when it is
/// about; a checked plan that breaks a rule.
pub fn run(asked: &Shifts) -> Outcome {
    let text = fs::read_to_string(&asked.file).map_err(Failure::file(&asked.file))?;
    let written: Written = toml_file::parse(&asked.file, &text)?;
    let pack = asked.policy.as_deref().map(start::read_pack).transpose()?;
    let filed_on = written.filed_on;
    let week = week(asked, written, &pack.unwrap_or_else(Pack::embedded))?;
    let ahead = i64::from(week.rules.plan_ahead_days.value);
    let filed_on = filed_on.unwrap_or_else(|| week.days()[0].saturating_sub(ahead.days()));
    match &asked.check {
        Some(plan) => check(asked, plan, &week, filed_on),
        None => {
            let plan = propose(&week, filed_on).map_err(|e| match e {
                ProposeError::Collides(collision) => whole(&asked.file, collision.to_string()),
                other => whole(&asked.file, other.to_string()),
            })?;
            write(asked.out.as_deref(), &week, &plan)
        }
    }
}

fn whole(file: &Path, reason: String) -> Failure {
    Failure::Cell { file: file.into(), line: 0, column: 0, reason }
}

/// The week with its working days and rules.
fn week(asked: &Shifts, written: Written, pack: &Pack) -> Outcome<Week<String>> {
    let mut names = BTreeSet::new();
    if let Some(twice) = written.people.iter().find(|person| !names.insert(person.id.as_str())) {
        return Err(whole(&asked.file, format!("`{}` is there twice", twice.id)));
    }
    let rules = rules(pack, &written);
    let people = written.people.into_iter().map(person).collect();
    let mut week = Week::usual(written.monday, people, rules);
    let calendar = asked.tables.calendar()?;
    week.workdays = BTreeSet::new();
    for day in week.days() {
        if calendar.is_workday(day).map_err(Tables::unknown_year)? {
            week.workdays.insert(day);
        }
    }
    if !written.shifts.is_empty() {
        let shift = |it: WrittenShift| Shift {
            name: it.name,
            starts: it.starts,
            ends: it.ends,
            break_minutes: it.break_minutes,
            round_starts: it.round_starts,
        };
        week.shifts = written.shifts.into_iter().map(shift).collect();
    }
    Ok(week)
}

fn person(written: WrittenPerson) -> Person<String> {
    let role = match written.role {
        WrittenRole::Officer => Role::Officer,
        WrittenRole::Coordinator => Role::Coordinator,
        WrittenRole::Other => Role::Other,
    };
    let hours = (written.from.is_some() || written.to.is_some())
        .then(|| (written.from.unwrap_or(Time::MIN), written.to.unwrap_or(Time::MAX)));
    let (away, weekend_turns) = (written.away, written.weekend_turns);
    Person { away, hours, weekend_turns, ..Person::new(written.id, role, written.grids) }
}

/// The scheme's numbers with their clauses, and what the week asks for besides.
fn rules(pack: &Pack, written: &Written) -> Rules {
    fn limit<T: Clone>(ruled: &Ruled<T>) -> Limit<T> {
        Limit::new(ruled.value.clone(), ruled.clause.as_str())
    }
    let own = |value: Option<u32>| value.map(|value| Limit::new(value, ""));
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
        most_hours: own(written.most_hours),
        rest_days: own(written.rest_days),
        on_duty: own(written.on_duty),
        weekend_duty: own(written.weekend_duty),
    }
}

fn write(out: Option<&Path>, week: &Week<String>, plan: &Plan<String>) -> Outcome {
    let mut sink = Sink::create(out)?;
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
fn check(asked: &Shifts, file: &Path, week: &Week<String>, filed_on: Date) -> Outcome {
    let broken = validate(week, &Plan { filed_on, turns: read_plan(file, week)? });
    let mut sink = Sink::create(asked.out.as_deref())?;
    sink.row(["rule", "who", "date", "grid", "found", "limit", "clause", "text"])?;
    for one in &broken {
        sink.row(cells(one))?;
    }
    sink.end()?;
    match broken.len() {
        0 => Ok(()),
        count => Err(whole(file, format!("the plan breaks {count} rules"))),
    }
}

fn cells(broken: &Broken<String>) -> [String; 8] {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    [
        broken.rule.to_string(),
        text(broken.who.as_ref()),
        text(broken.date),
        text(broken.grid),
        text(broken.found),
        text(broken.limit),
        broken.clause.clone(),
        broken.to_string(),
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
            cells.wrong(Some(shift), format!("there is no shift `{name}`; there are {}", known.join(", ")))
        })?;
        let date = cells.required(date, "a date such as 2026-05-31")?;
        turns.push(Turn { who: cells.required(who, "somebody's name")?, date, shift });
        Ok(())
    })?;
    Ok(turns)
}
