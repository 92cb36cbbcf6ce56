//! What happened in the months: events in the name, and at the instant, of whoever entered them.

use std::collections::BTreeMap;

use linli_fieldwork::{EntryId, VisitId, visit::VisitOutcome};
use linli_platform::{
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    reader::Reader,
    vals,
};
use linli_register::codes::CancelReason;
use sea_orm::Value;
use serde_json::json;
use townsim::{Act, ActKind, Field, Outcome as Visited};

use super::{
    accounts::{Worker, Workers},
    build::World,
    people::{Records, at, source},
    premises::label_code,
};
use crate::failure::Outcome;

/// Writes the events of changes, moves, cancellations and labels, one transaction for each person who entered them.
pub(super) async fn write(world: &World, workers: &Workers, records: &Records) -> Outcome {
    let mut by_writer: BTreeMap<AccountId, (Worker, Vec<(NewEvent, At)>)> = BTreeMap::new();
    let mut visits = Vec::new();
    for (n, act) in world.town.acts().iter().enumerate() {
        if let Some(row) = visit_of(world, workers, records, n, act) {
            visits.push(row);
        }
        let Some(event) = event_of(world, records, n, act) else { continue };
        let worker = workers.writer(act.by_staff);
        let entry = by_writer.entry(worker.account).or_insert_with(|| (worker.clone(), Vec::new()));
        entry.1.push((event, at(act.entered_at_s)));
    }
    for (worker, events) in by_writer.into_values() {
        let tx = world.store().begin(&world.reader(worker.account, worker.role, &worker.name)).await?;
        tx.events_entered(events).await?;
        tx.commit().await?;
    }
    write_visits(world, visits).await
}

/// The rows of the visits, whose events are written already.
async fn write_visits(world: &World, rows: Vec<Vec<Value>>) -> Outcome {
    let tx = world.store().begin(&Reader::system()).await?;
    tx.housekeeping("the past of a demonstration; each visit's event is written in its own visitor's name");
    tx.insert_many("visit", VISIT, rows).await?;
    tx.execute(
        "UPDATE home SET last_visited_day = last_verified_day WHERE division_code = $1",
        vals![world.store().division()],
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

const VISIT: &[&str] = &[
    "division_code",
    "visit_id",
    "entry_id",
    "home_id",
    "grid_id",
    "account_id",
    "role",
    "seen_at",
    "received_at",
    "entered_at",
    "outcome",
    "people_checked",
    "registered",
    "changed",
    "cancelled",
    "day",
    "next_day",
];

/// How a visit ended, as field work writes it. A vacant home counts as checked: nobody is there to be checked.
fn visit_outcome(outcome: Visited) -> VisitOutcome {
    match outcome {
        Visited::Verified | Visited::Vacant => VisitOutcome::Verified,
        Visited::NobodyHome => VisitOutcome::NobodyHome,
        Visited::Refused => VisitOutcome::Refused,
    }
}

fn visit_of(world: &World, workers: &Workers, records: &Records, n: usize, act: &Act) -> Option<Vec<Value>> {
    let ActKind::HomeVerified { home, outcome } = act.kind else { return None };
    let worker = workers.writer(act.by_staff);
    let (seen, entered) = (at(act.seen_at_s), at(act.entered_at_s));
    let brought = records.brought.get(&(home, act.seen_at_s)).copied().unwrap_or_default();
    let checked = if outcome == Visited::Verified { records.of_visit.get(&n).copied().unwrap_or(0) } else { 0 };
    Some(vals![
        world.store().division(),
        world.store().new_id::<VisitId>(),
        world.store().new_id::<EntryId>(),
        world.homes[home as usize],
        world.grid_of_home(home),
        worker.account,
        worker.role.code(),
        seen,
        entered,
        entered,
        visit_outcome(outcome).code(),
        i64::from(checked) + brought.registered,
        brought.registered,
        brought.changed,
        brought.cancelled,
        seen.day(),
        None::<Day>
    ])
}

fn event_of(world: &World, records: &Records, n: usize, act: &Act) -> Option<NewEvent> {
    let seen = Some(at(act.seen_at_s));
    if let ActKind::HomeVerified { home, .. } = act.kind {
        let subject = SubjectRef::new("home", world.homes[home as usize], Some(world.grid_of_home(home)));
        return Some(NewEvent::new("home.visited", subject).seen(seen));
    }
    if let ActKind::Labelled { home, label } = &act.kind {
        let subject = SubjectRef::new("home", world.homes[*home as usize], Some(world.grid_of_home(*home)));
        let body = json!({ "to": label.map(|l| label_code(l).code()), "reason": "facts-changed" });
        return Some(NewEvent::new("home.labelled", subject).seen(seen).body(body));
    }
    let (place, version, left) = *records.of_act.get(&n)?;
    let record = &records.all[place];
    let source = source(act.source).code();
    let from = world.homes[left as usize];
    let (kind, home, body) = match &act.kind {
        ActKind::Changed { field, .. } => {
            let field = match field {
                Field::Name(_) => "name",
                Field::Mobile(_) => "phone",
                Field::Employer(_) => "employer",
            };
            ("resident.changed", left, json!({ "source": source, "fields": [field] }))
        }
        ActKind::MovedWithin { home, .. } => {
            let body = json!({ "source": source, "from": from, "home": world.homes[*home as usize],
                "grid_from": world.grid_of_home(left) });
            ("resident.moved", *home, body)
        }
        ActKind::Cancelled { .. } => {
            let body = json!({ "source": source, "reason": CancelReason::MovedAway.code(), "from": from });
            ("resident.cancelled", left, body)
        }
        ActKind::Registered { .. } | ActKind::HomeVerified { .. } | ActKind::Labelled { .. } => return None,
    };
    let subject = SubjectRef::new("resident", record.id, Some(world.grid_of_home(home)));
    Some(NewEvent::new(kind, subject).seen(seen).version(version).body(body))
}
