//! Phones of the shown grid: two in use, one that was lost and revoked, and an entry that waits because the office changed
//! the same record while it lay in the outbox, a visit with a photo and a hazard of the premises.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use linli_fieldwork::{
    DeviceId, EntryId,
    phone::{
        apply, assignment,
        devices::{self, Device, Label},
        entry::{Entry, Envelope},
        epoch, keys,
        seal::{self, Place},
    },
};
use linli_platform::{
    AppError,
    access::{Action, Role},
    ids::AccountId,
    reader::Reader,
    sessions,
};
use linli_register::{
    ResidentId, Slice,
    codes::{self, Source},
    hazards,
    homes::{self, Filter},
    residents::{self, Change, MaskedResident},
};
use serde_json::{Value, json};

use super::{
    accounts::{Worker, Workers, shown_grid},
    build::World,
};
use crate::failure::Outcome;

/// Somebody of the shown grid's team.
fn of_team<'a>(world: &World, workers: &'a Workers, role: Role) -> Option<&'a Worker> {
    let shown = shown_grid(world);
    let here = |n: usize| world.town.staff().get(n).is_some_and(|s| s.grids.contains(&shown));
    let mut all = workers.staff.iter().enumerate().filter_map(|(n, w)| Some((n, w.as_ref()?)));
    all.find(|(n, w)| w.role == role && here(*n)).map(|(_, w)| w)
}

async fn reader(world: &World, account: AccountId, name: &str, doing: Action) -> Outcome<Reader> {
    let today = world.store().clock().today();
    Ok(sessions::reader(&world.app, account, name.to_owned(), today).await?.doing(doing))
}

/// Writes them.
pub(super) async fn write(world: &World, workers: &Workers) -> Outcome {
    let Some(coordinator) = of_team(world, workers, Role::Coordinator) else { return Ok(()) };
    let doing = reader(world, coordinator.account, &coordinator.name, Action::FieldWork).await?;
    let phone = phone(world, &doing, Label::Phone).await?;
    let lost = self::phone(world, &doing, Label::Tablet).await?;
    if let Some(worker) = of_team(world, workers, Role::GridWorker) {
        let other = reader(world, worker.account, &worker.name, Action::FieldWork).await?;
        self::phone(world, &other, Label::Phone).await?;
    }
    waiting(world, workers, &doing, &phone).await?;
    premises(world, &doing, &phone).await?;
    if let Some(leader) = of_team(world, workers, Role::GridLeader) {
        let leads = reader(world, leader.account, &leader.name, Action::PhoneManage).await?;
        let tx = world.store().begin(&leads).await?;
        devices::revoke(&tx, lost.device_id).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn phone(world: &World, reader: &Reader, label: Label) -> Outcome<Device> {
    let id: DeviceId = world.store().new_id();
    let device = devices::register(&world.app, reader, id, label).await?;
    Ok(device.map_err(|_| AppError::internal("a new phone is nobody else's"))?)
}

/// An invented house.
const HOUSE: &[u8] = include_bytes!("house.jpg");

/// A visit to an informal dwelling, with the photo that the rule asks for and a dog; works at a home that is due today.
async fn premises(world: &World, reader: &Reader, device: &Device) -> Outcome {
    let reads = world.store().reads();
    let informal = Filter { label: Some(codes::Label::Informal), ..Filter::default() };
    let found = homes::list(&reads, reader, &informal, Slice::first(1)).await?.rows;
    if let Some(home) = found.first() {
        let members = residents::of_home(&reads, reader, home.home_id).await?;
        let here = |m: &MaskedResident| json!({ "resident_id": m.resident_id, "version": m.version, "choice": "here" });
        let (id, now): (EntryId, _) = (world.store().new_id(), world.store().now());
        let entry = json!({
            "v": 1, "entry_id": id, "kind": "visit", "made_at": now, "home_id": home.home_id, "outcome": "verified",
            "people": members.iter().map(here).collect::<Vec<_>>(), "hazards": [{ "code": "dog" }],
            "photo": { "at": now, "jpeg": STANDARD.encode(HOUSE) },
        });
        send(world, reader, device, id, &entry).await?;
    }
    let day = assignment::of(&world.app, reader, device, &epoch::current(&reads).await?).await?;
    let home = day["homes"].as_array().and_then(|homes| homes.first()).map(|h| h["home_id"].clone());
    let Some(home) = home.and_then(|id| serde_json::from_value(id).ok()) else { return Ok(()) };
    let tx = world.store().begin(reader).await?;
    hazards::note(&tx, &world.app.pack, home, "building-works", tx.now(), None).await?;
    tx.commit().await?;
    Ok(())
}

/// One changed number that the office changed too.
async fn waiting(world: &World, workers: &Workers, reader: &Reader, device: &Device) -> Outcome {
    let epoch = epoch::current(&world.store().reads()).await?;
    let day = assignment::of(&world.app, reader, device, &epoch).await?;
    let homes = day["homes"].as_array().cloned().unwrap_or_default();
    let lived_in = |home: &&Value| home["people"].as_array().is_some_and(|people| !people.is_empty());
    let Some(home) = homes.iter().find(lived_in) else { return Ok(()) };
    let id: EntryId = world.store().new_id();
    let people: Vec<Value> = (0..)
        .zip(home["people"].as_array().into_iter().flatten())
        .map(|(n, p)| {
            let mut said = json!({ "resident_id": p["resident_id"], "version": p["version"], "choice": "here" });
            if n == 0 {
                said["choice"] = "changed".into();
                said["changes"] = json!({ "phone": "15400009001" });
            }
            said
        })
        .collect();
    let entry = json!({
        "v": 1, "entry_id": id, "kind": "visit", "made_at": day["made_at"], "assignment_made_at": day["made_at"],
        "home_id": home["home_id"], "outcome": "verified", "people": people, "notes": ["come-evening"],
    });
    let first: ResidentId = serde_json::from_value(people[0]["resident_id"].clone()).map_err(AppError::from)?;
    let version = people[0]["version"].as_i64().unwrap_or(1);
    let office = world.reader(workers.office.account, workers.office.role, &workers.office.name);
    let tx = world.store().begin(&office).await?;
    let change = Change { phone: Some("15400009002".into()), ..Change::default() };
    residents::change(&tx, first, version, change, Source::Counter).await?;
    tx.commit().await?;
    send(world, reader, device, id, &entry).await
}

/// Seals an entry as a phone does, and hands it in.
async fn send(world: &World, reader: &Reader, device: &Device, id: EntryId, entry: &Value) -> Outcome {
    let clear = serde_json::to_vec(entry).map_err(AppError::from)?;
    Entry::read(&clear, id).ok_or_else(|| AppError::internal("the demonstration's entry is one"))?;
    let key = keys::current(&world.app)?;
    let place = Place { entry: id, key: &key.key_id, device: device.device_id };
    let (enc, ct) = seal::seal(key.pair.public(), &clear, &place).map_err(AppError::internal)?;
    let (enc, ct) = (seal::encoded(&enc), seal::encoded(&ct));
    let envelope = Envelope { entry_id: id.to_string(), key_id: key.key_id, enc, ct };
    apply::receive(&world.app, reader, device, &envelope).await;
    Ok(())
}
