//! What happened in the months: events in the name, and at the instant, of whoever entered them.

use std::collections::BTreeMap;

use linli_platform::{
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::AccountId,
};
use linli_register::codes::CancelReason;
use serde_json::json;
use townsim::{Act, ActKind, Field};

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
    for (n, act) in world.town.acts().iter().enumerate() {
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
    Ok(())
}

fn event_of(world: &World, records: &Records, n: usize, act: &Act) -> Option<NewEvent> {
    let seen = Some(at(act.seen_at_s));
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
