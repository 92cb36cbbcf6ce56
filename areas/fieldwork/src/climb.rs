//! What is overdue at the premises climbs one level (逾期上报, R20): labelled premises past their gap (R18), each deadline
//! once, and after a month's end its homes that were not verified (R16), each grid and month once. The level above the grid's
//! team, the police-team leader, hears a grid's name and a number.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    ids::GridId,
    jobs::{Job, JobKind},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::escalation;
use linli_work::notices::{self, Arg, To, args};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::due::max_gap_days;

/// The job that reports what became overdue; asked for once an hour. Fluent text: `job-fieldwork-climb`.
pub struct Climb;

impl Climb {
    /// Its kind.
    pub const KIND: &'static str = "fieldwork.climb";
}

/// Premises past their label's gap, in the list of what has climbed.
pub(crate) const ROUND: &str = "premises-round";
/// A grid's month that ended without all of its homes.
pub(crate) const MONTH: &str = "month-verification";

impl JobKind for Climb {
    fn kind(&self) -> &'static str {
        Self::KIND
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            climb(app).await?;
            Ok("/fieldwork".into())
        })
    }
}

/// Something whose deadline is over.
struct Overdue {
    subject: SubjectRef,
    version: i64,
    grid: GridId,
    due_at: At,
    number: i64,
}

/// Reports what became overdue since the last time; how many notices went out.
pub async fn climb(app: &App) -> Result<usize> {
    let tx = app.store.begin(&Reader::system()).await?;
    tx.housekeeping("nothing is overdue");
    let grids: HashMap<GridId, String> =
        linli_territory::all_grids(&tx).await?.into_iter().map(|g| (g.grid_id, g.name)).collect();
    let month = tx.now().day().month().previous();
    let mut sent = 0;
    for (kind, key, found) in [
        (ROUND, "notice-overdue-premises", rounds(&tx, &app.pack).await?),
        (MONTH, "notice-overdue-verification", months(&tx).await?),
    ] {
        for (grid, number) in report(&tx, kind, found).await? {
            let name = grids.get(&grid).cloned().unwrap_or_default();
            let said = [("grid", Arg::Name(name)), ("n", Arg::Number(number)), ("month", Arg::Name(month.to_string()))];
            notices::send(&tx, To::Role(escalation::ABOVE, grid), key, &args(&said), "/fieldwork").await?;
            sent += 1;
        }
    }
    tx.commit().await?;
    Ok(sent)
}

#[derive(FromQueryResult)]
struct Labelled {
    home_id: Uuid,
    grid_id: GridId,
    label: String,
    label_at: Option<At>,
    visited: Option<Day>,
    version: i64,
}

/// Labelled premises past their gap. Those that nobody has visited yet were due when they got the label.
async fn rounds(q: &impl Query, pack: &Pack) -> Result<Vec<Overdue>> {
    let today = q.store().clock().today();
    let sql = "SELECT h.home_id, h.grid_id, h.label, h.label_at,
           COALESCE(h.last_visited_day, h.last_verified_day) AS visited, h.version
         FROM home h JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         WHERE h.division_code = $1 AND h.label IS NOT NULL AND h.grid_id IS NOT NULL AND a.state = 'current'";
    let rows: Vec<Labelled> = q.rows(sql, vals![q.division()]).await?;
    let overdue = |row: Labelled| {
        let gap = i64::from(max_gap_days(pack, &row.label)?);
        let due_at = match row.visited {
            Some(day) if today.days_since(day) > gap => day.plus_days(gap).end(),
            Some(_) => return None,
            // The day on which it got the label is over.
            None => row.label_at.unwrap_or(At(0)).day().end(),
        };
        let subject = SubjectRef::new("home", row.home_id, Some(row.grid_id));
        let late = Overdue { subject, version: row.version, grid: row.grid_id, due_at, number: 1 };
        (due_at <= today.start()).then_some(late)
    };
    Ok(rows.into_iter().filter_map(overdue).collect())
}

#[derive(FromQueryResult)]
struct Missed {
    grid_id: GridId,
    homes: i64,
}

/// Grids whose last month ended without all homes; grids in which nobody went from door to door then had no month to miss.
async fn months(q: &impl Query) -> Result<Vec<Overdue>> {
    let month = q.store().clock().today().month().previous();
    let sql = "SELECT h.grid_id, COUNT(*) AS homes
         FROM home h JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         WHERE h.division_code = $1 AND a.state = 'current' AND h.kind <> 'workplace' AND h.grid_id IS NOT NULL
           AND (h.last_verified_day IS NULL OR h.last_verified_day < $2)
           AND h.grid_id IN (SELECT v.grid_id FROM visit v WHERE v.division_code = $1 AND v.day >= $2 AND v.day <= $3)
         GROUP BY h.grid_id";
    let rows: Vec<Missed> = q.rows(sql, vals![q.division(), month.first_day(), month.last_day()]).await?;
    let missed = |row: Missed| Overdue {
        subject: SubjectRef::new("grid", row.grid_id, Some(row.grid_id)),
        version: 1,
        grid: row.grid_id,
        due_at: month.end(),
        number: row.homes,
    };
    Ok(rows.into_iter().map(missed).collect())
}

/// Writes down what is new among it, with an event each; the numbers by grid.
async fn report(tx: &Tx, kind: &'static str, found: Vec<Overdue>) -> Result<BTreeMap<GridId, i64>> {
    #[derive(FromQueryResult)]
    struct Reported {
        subject_id: Uuid,
        due_at: At,
    }
    let sql = "SELECT subject_id, due_at FROM escalation WHERE division_code = $1 AND kind = $2";
    let known: Vec<Reported> = tx.rows(sql, vals![tx.division(), kind]).await?;
    let known: HashSet<(Uuid, At)> = known.into_iter().map(|r| (r.subject_id, r.due_at)).collect();
    let new: Vec<Overdue> = found.into_iter().filter(|o| !known.contains(&(o.subject.id, o.due_at))).collect();
    if new.is_empty() {
        return Ok(BTreeMap::new());
    }
    let role = escalation::ABOVE.code();
    let row = |o: &Overdue| vals![tx.division(), kind, o.subject.id, o.due_at, o.grid, role, tx.now()];
    let columns = ["division_code", "kind", "subject_id", "due_at", "grid_id", "role", "climbed_at"];
    tx.insert_many("escalation", &columns, new.iter().map(row).collect()).await?;
    let event = |o: &Overdue| {
        let body = serde_json::json!({ "what": kind, "role": role, "homes": o.number });
        NewEvent::new("premises.overdue-climbed", o.subject).version(o.version).body(body)
    };
    tx.events(new.iter().map(event).collect()).await?;
    let mut numbers = BTreeMap::new();
    for one in &new {
        *numbers.entry(one.grid).or_default() += one.number;
    }
    Ok(numbers)
}
