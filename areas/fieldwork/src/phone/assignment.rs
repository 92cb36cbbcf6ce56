//! The day's assignment (今日任务包): what a phone takes along. Of people only what recognises them at a door: the masked
//! name, sex, year of birth and the last two of the number.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Day},
    reader::Reader,
    store::Query,
    vals,
};
use linli_register::{
    HomeId, ResidentId,
    codes::{SexCode, document_choices},
    hazards::{self, HazardRow},
};
use linli_work::tasks::{self, TaskRow};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Note, devices::Device, keys, notes, rules, seal::encoded};
use crate::{
    due,
    pages::CHANGES,
    today::{self, Stop},
    visit::VisitOutcome,
};

/// Minutes without a touch after which the phone page locks.
const LOCK_MINUTES: i64 = 5;

/// Somebody of a household, as the phone shows it.
#[derive(Debug, Clone, FromQueryResult)]
struct Member {
    home_id: HomeId,
    resident_id: ResidentId,
    version: i64,
    name_masked: String,
    sex: String,
    birth_year: Option<i64>,
    doc_masked: String,
}

#[derive(Debug, Clone, Serialize)]
struct Person {
    resident_id: ResidentId,
    version: i64,
    name: String,
    sex: String,
    birth_year: Option<i64>,
    tail: String,
}

#[derive(Debug, Clone, FromQueryResult)]
struct Last {
    home_id: HomeId,
    outcome: String,
    seen_at: At,
    next_day: Option<Day>,
}

/// Conditions on lists of homes are put together for so many at once.
const AT_ONCE: usize = 200;

fn marks(values: &mut Vec<sea_orm::Value>, homes: &[HomeId]) -> String {
    let first = values.len() + 1;
    values.extend(homes.iter().map(|h| sea_orm::Value::from(*h)));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    marks.join(", ")
}

async fn members(q: &impl Query, reader: &Reader, homes: &[HomeId]) -> Result<HashMap<HomeId, Vec<Person>>> {
    let mut all: HashMap<HomeId, Vec<Person>> = HashMap::new();
    for some in homes.chunks(AT_ONCE) {
        let mut values = vals![q.division()];
        let marks = marks(&mut values, some);
        let scope = reader.scope.sql("r.grid_id", &mut values);
        let sql = format!(
            "SELECT r.home_id, r.resident_id, r.version, r.name_masked, r.sex, r.birth_year, r.doc_masked FROM resident r
             WHERE r.division_code = $1 AND r.home_id IN ({marks}) AND r.state = 'current' AND {scope}
             ORDER BY r.birth_year, r.resident_id"
        );
        for m in q.rows::<Member>(&sql, values).await? {
            let chars: Vec<char> = m.doc_masked.chars().collect();
            all.entry(m.home_id).or_default().push(Person {
                resident_id: m.resident_id,
                version: m.version,
                name: m.name_masked,
                sex: m.sex,
                birth_year: m.birth_year,
                tail: chars[chars.len().saturating_sub(2)..].iter().collect(),
            });
        }
    }
    Ok(all)
}

async fn last_visits(q: &impl Query, homes: &[HomeId]) -> Result<HashMap<HomeId, Last>> {
    let mut all = HashMap::new();
    for some in homes.chunks(AT_ONCE) {
        let mut values = vals![q.division()];
        let marks = marks(&mut values, some);
        let sql = format!(
            "SELECT v.home_id, v.outcome, v.seen_at, v.next_day FROM visit v
             WHERE v.division_code = $1 AND v.home_id IN ({marks}) ORDER BY v.seen_at, v.visit_id"
        );
        for last in q.rows::<Last>(&sql, values).await? {
            all.insert(last.home_id, last);
        }
    }
    Ok(all)
}

fn task(task: &TaskRow) -> Value {
    json!({
        "task_id": task.task_id,
        "version": task.version,
        "kind": task.kind,
        "text_key": format!("task-{}", task.kind),
        "due_at": task.due_at,
        "note": task.note_masked,
        // What ends with a case of its own is decided on that case's page.
        "outcomes": if task.case_page().is_some() { Vec::new() } else { task.outcomes().iter().map(|o| o.code()).collect() },
    })
}

/// The assignment of a reader on the phone, as JSON.
///
/// # Errors
/// Those of the store and of the keys.
pub async fn of(app: &App, reader: &Reader, device: &Device, epoch: &str) -> Result<Value> {
    let reads = app.store.reads();
    let now = app.store.now();
    let today = today::today(app, reader).await?;
    let ids: Vec<HomeId> = today.stops.iter().map(|s| s.home.home_id).collect();
    let known = hazards::of_homes(&reads, &ids).await?;
    let (mut people, last) = (members(&reads, reader, &ids).await?, last_visits(&reads, &ids).await?);
    let mut homes = Vec::with_capacity(today.stops.len());
    for stop in &today.stops {
        let id = stop.home.home_id;
        let of_it = if stop.home.tasks > 0 { tasks::for_home(&reads, reader, id).await? } else { Vec::new() };
        let noted = if last.contains_key(&id) { notes::of_home(&reads, id).await? } else { Vec::new() };
        let mut one = home(app, stop, people.remove(&id).unwrap_or_default(), (&of_it, &noted), last.get(&id));
        one["hazards"] = known.get(&id).map_or(Value::Array(Vec::new()), |rows| rows.iter().map(hazard).collect());
        homes.push(one);
    }
    let key = keys::current(app)?;
    Ok(json!({
        "epoch": epoch,
        "made_at": now,
        "ends_at": today.day.end(),
        "account": reader.account,
        "device_id": device.device_id,
        "key": { "key_id": key.key_id, "public": encoded(key.pair.public()) },
        "day": today.day,
        "walk_m": today.walk_m,
        "left_over": today.left_over,
        "month_percent": today.coverage_percent(),
        "grids": grids(app, reader, today.day).await?,
        "homes": homes,
        "outcomes": VisitOutcome::ALL.map(VisitOutcome::code),
        "choices": choices(app),
        "rules": { "lock_minutes": LOCK_MINUTES, "photo_required": rules::photos(&app.pack) },
    }))
}

fn hazard(row: &HazardRow) -> Value {
    json!({ "code": row.code, "until": row.until_day })
}

fn choices(app: &App) -> Value {
    let codes = |list: Vec<(&'static str, String)>| list.into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    json!({
        "doc_kinds": codes(document_choices()),
        "sexes": codes(SexCode::choices()),
        "changes": CHANGES,
        "notes": Note::OFFERED.map(Note::code),
        "hazards": rules::hazards(&app.pack),
    })
}

fn home(
    app: &App,
    stop: &Stop,
    people: Vec<Person>,
    (tasks, noted): (&[TaskRow], &[String]),
    last: Option<&Last>,
) -> Value {
    let home = &stop.home;
    let (key, n) = stop.reason_text();
    let label = home.label.as_deref();
    let gap = label.and_then(|l| due::max_gap_days(&app.pack, l));
    let refused = last.is_some_and(|l| l.outcome == VisitOutcome::Refused.code());
    json!({
        "home_id": home.home_id,
        "n": stop.n,
        "address": place(app, &home.address_text),
        "labels": label.into_iter().collect::<Vec<_>>(),
        "label": label,
        "gap_days": gap,
        "lon": home.lon,
        "lat": home.lat,
        "far_m": stop.far_m,
        "reason": { "key": key, "n": n },
        "tone": stop.tone(),
        "notes": noted,
        "last_verified_day": home.last_verified_day,
        "last_visit": last.map(|l| json!({ "at": l.seen_at, "outcome": l.outcome })),
        "next_day": last.and_then(|l| l.next_day),
        "officer_joins": refused,
        "members": people.len(),
        "people": people,
        "tasks": tasks.iter().map(task).collect::<Vec<_>>(),
    })
}

/// An address without the part that all of them share.
fn place<'a>(app: &App, address: &'a str) -> &'a str {
    match address.split_once(app.pack.meta.division_name.as_str()) {
        Some((_, rest)) if !rest.is_empty() => rest,
        _ => address,
    }
}

async fn grids(app: &App, reader: &Reader, day: Day) -> Result<Vec<Value>, AppError> {
    let shapes = linli_territory::grids_on(&app.store.reads(), day).await?;
    let names: HashMap<_, _> =
        linli_territory::grids(&app.store.reads(), reader).await?.into_iter().map(|g| (g.grid_id, g.name)).collect();
    let within = shapes.iter().filter(|g| names.contains_key(&g.grid_id) && reader.scope.contains(Some(g.grid_id)));
    Ok(within
        .map(|g| {
            let ring = g.shape.0.iter().max_by_key(|p| p.exterior().0.len());
            let outline: Vec<[f64; 2]> =
                ring.map(|p| p.exterior().coords().map(|c| [c.x, c.y]).collect()).unwrap_or_default();
            json!({ "grid_id": g.grid_id, "name": names.get(&g.grid_id), "outline": outline })
        })
        .collect())
}
