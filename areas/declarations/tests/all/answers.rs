//! Answers: accepted, the register is written; refused, a reason is told.

use linli_declarations::{DeclarationId, Kind, Refusal, content::Content, decide, own, requests, review};
use linli_platform::{AppError, reader::Reader, web::Paging};
use linli_register::{
    codes::CancelReason,
    residents::{self, MaskedResident},
    transfers,
};
use linli_work::Outcome;

use super::world::{ADDRESSES, NAME, World, fact, mobile, number, worlds};

async fn read(world: &World, reader: &Reader, id: DeclarationId) {
    let tx = world.store().begin(reader).await.unwrap();
    review::open(&tx, id).await.unwrap();
    tx.commit().await.unwrap();
}

async fn accept(world: &World, reader: &Reader, id: DeclarationId) -> Result<Outcome, AppError> {
    let tx = world.store().begin(reader).await?;
    let became = decide::accept(&world.app, &tx, id, 1, CancelReason::MovedAway).await?;
    tx.commit().await?;
    Ok(became)
}

async fn record(world: &World) -> MaskedResident {
    residents::find(&world.store().reads(), &Reader::system(), world.person).await.unwrap()
}

#[tokio::test]
async fn an_accepted_correction_changes_the_register_with_its_source_and_ends_the_task() {
    for world in worlds().await {
        let (_, person) = world.enter(1, NAME).await;
        let id = world.file(&person, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        let staff = world.coordinator(0);
        assert!(accept(&world, &staff, id).await.unwrap_err().is("declaration-unread"), "nobody accepts unread");
        read(&world, &staff, id).await;
        assert_eq!(accept(&world, &staff, id).await.unwrap(), Outcome::Changed, "{}", world.engine());
        let now = record(&world).await;
        assert_eq!(now.phone_masked.as_deref(), Some("199****0009"));
        assert_eq!(now.source, "self-declaration");
        let request = requests::find(&world.store().reads(), &person, id).await.unwrap();
        assert_eq!((request.state.as_str(), request.decided_role.as_deref()), ("accepted", Some("coordinator")));
        let open = "SELECT COUNT(*) FROM task WHERE division_code = $1 AND state = 'open'";
        assert_eq!(world.count(open).await, 0);
        assert!(accept(&world, &staff, id).await.unwrap_err().is("stale-version"));
        let readings = own::readings(&world.store().reads(), &person, 10, 0).await.unwrap();
        assert_eq!(readings.len(), 1, "the resident sees who opened the record to decide");
        assert_eq!(readings[0].purpose, "correction-request");
    }
}

#[tokio::test]
async fn a_refusal_has_a_reason_of_its_kind_and_changes_nothing() {
    for world in worlds().await {
        let (_, person) = world.enter(1, NAME).await;
        let id = world.file(&person, Kind::Deletion, Content::Without { field: "record".into() }).await.unwrap();
        let staff = world.coordinator(0);
        let tx = world.store().begin(&staff).await.unwrap();
        let wrong = decide::refuse(&tx, id, 1, Refusal::NotThere).await.unwrap_err();
        assert!(wrong.is("refusal-unknown"), "{}", world.engine());
        decide::refuse(&tx, id, 1, Refusal::StatutoryDuty).await.unwrap();
        tx.commit().await.unwrap();
        let request = requests::find(&world.store().reads(), &person, id).await.unwrap();
        assert_eq!((request.state.as_str(), request.refusal.as_deref()), ("refused", Some("statutory-duty")));
        let now = record(&world).await;
        assert_eq!((now.state.as_str(), now.version), ("current", 1));
        let tx = world.store().begin(&staff).await.unwrap();
        assert!(review::open(&tx, id).await.is_err(), "once it is answered, nothing opens by it");
    }
}

#[tokio::test]
async fn another_grids_staff_do_not_find_it() {
    for world in worlds().await {
        let (_, person) = world.enter(1, NAME).await;
        let id = world.file(&person, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        let stranger = world.coordinator(1);
        let q = world.store().reads();
        let paging = Paging { page: 1, per_page: 50, total: 0 };
        assert_eq!(review::list(&q, &stranger, review::Tab::Open, &paging).await.unwrap().1, 0);
        assert!(review::find(&q, &stranger, id).await.unwrap_err().is("not-found"), "{}", world.engine());
        assert!(accept(&world, &stranger, id).await.unwrap_err().is("not-found"));
        assert_eq!(review::list(&q, &world.coordinator(0), review::Tab::Open, &paging).await.unwrap().1, 1);
    }
}

#[tokio::test]
async fn a_move_within_the_grid_is_written_and_one_to_another_grid_is_handed_over() {
    for world in worlds().await {
        let (_, person) = world.enter(1, NAME).await;
        let (staff, day) = (world.coordinator(0), world.store().now().day());
        let to = |n: usize| Content::Move { home: world.homes[n], address: ADDRESSES[n].into(), day };
        let near = world.file(&person, Kind::Move, to(1)).await.unwrap();
        read(&world, &staff, near).await;
        assert_eq!(accept(&world, &staff, near).await.unwrap(), Outcome::Moved, "{}", world.engine());
        assert_eq!(record(&world).await.home_id, Some(world.homes[1]));
        let far = world.file(&person, Kind::Move, to(2)).await.unwrap();
        read(&world, &staff, far).await;
        assert_eq!(accept(&world, &staff, far).await.unwrap(), Outcome::HandedOver);
        assert_eq!(record(&world).await.home_id, Some(world.homes[1]), "nothing moves before the other grid accepts");
        let offered = transfers::list(&world.store().reads(), &world.coordinator(1)).await.unwrap();
        assert_eq!(offered.len(), 1);
    }
}

#[tokio::test]
async fn a_household_member_is_registered_and_somebody_who_leaves_is_cancelled() {
    for world in worlds().await {
        let (_, person) = world.enter(1, NAME).await;
        let staff = world.coordinator(0);
        let joins: Content = serde_json::from_value(serde_json::json!({
            "what": "move-in", "name": "欧阳小禾", "doc_kind": "resident", "doc_no": number(30), "phone": "",
            "sex": null, "birth": null, "local": false, "home": world.homes[0], "day": "2026-11-18", "guardian": true
        }))
        .unwrap();
        let id = world.file(&person, Kind::MoveIn, joins).await.unwrap();
        read(&world, &staff, id).await;
        assert_eq!(accept(&world, &staff, id).await.unwrap(), Outcome::Registered, "{}", world.engine());
        let members = residents::of_home(&world.store().reads(), &staff, world.homes[0]).await.unwrap();
        assert_eq!(members.len(), 3);
        let day = world.store().now().day();
        let id = world.file(&person, Kind::MoveOut, Content::MoveOut { day }).await.unwrap();
        read(&world, &staff, id).await;
        assert_eq!(accept(&world, &staff, id).await.unwrap(), Outcome::Cancelled);
        assert_eq!(record(&world).await.state, "cancelled");
        // Whoever has left may still see what is kept, and ask for its deletion.
        world.later_s(3600);
        let (_, former) = world.enter(1, NAME).await;
        assert_eq!(former.resident, world.person);
        let record = Content::Without { field: "record".into() };
        assert!(world.file(&former, Kind::Deletion, record).await.is_ok());
        let again = world.file(&former, Kind::MoveOut, Content::MoveOut { day }).await.unwrap_err();
        assert!(again.is("already-cancelled"));
    }
}
