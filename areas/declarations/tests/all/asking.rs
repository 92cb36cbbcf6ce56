//! What residents ask for: with a clock, a task, and nothing that a relative could see.

use linli_declarations::{Kind, content::Content, requests};
use linli_platform::web::Paging;
use linli_work::tasks;

use super::world::{NAME, World, fact, mobile, worlds};

fn all() -> Paging {
    Paging { page: 1, per_page: 50, total: 0 }
}

async fn tasks_of(world: &World) -> Vec<tasks::TaskRow> {
    let filter = tasks::Filter::default();
    tasks::list(&world.store().reads(), &world.coordinator(0), &filter, &all()).await.unwrap().0
}

#[tokio::test]
async fn a_correction_has_fifteen_days_and_a_declaration_three_working_days_each_with_a_task_in_the_grid() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let phone = fact("phone", &mobile(9));
        let correction = world.file(&own, Kind::Correction, phone.clone()).await.unwrap();
        let change = world.file(&own, Kind::Change, phone).await.unwrap();
        let q = world.store().reads();
        let due = async |id| requests::find(&q, &own, id).await.unwrap().due_at.minute_text();
        // Filed on Friday 2026-11-20.
        assert_eq!(due(correction).await, "2026-12-06 00:00", "{}", world.engine());
        assert_eq!(due(change).await, "2026-11-26 00:00");
        let tasks = tasks_of(&world).await;
        assert_eq!(tasks.len(), 2);
        assert!(tasks.iter().all(|t| t.subject_kind == "resident-record" && t.is_open()));
        assert!(tasks.iter().all(|t| t.case_page().unwrap().starts_with("/declarations/")));
        let other = tasks::list(&q, &world.coordinator(1), &tasks::Filter::default(), &all()).await.unwrap();
        assert!(other.0.is_empty(), "another grid sees nothing");
    }
}

#[tokio::test]
async fn what_is_asked_for_is_sealed_and_shown_masked() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let id = world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        let request = requests::find(&world.store().reads(), &own, id).await.unwrap();
        assert_eq!(request.content_masked, "199****0009");
        let text = format!("{request:?}");
        assert!(!text.contains(&mobile(9)));
    }
}

#[tokio::test]
async fn the_same_is_not_asked_for_twice_at_once_and_not_without_end() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        let again = world.file(&own, Kind::Correction, fact("phone", &mobile(8))).await.unwrap_err();
        assert!(again.is("declaration-repeated"), "{}", world.engine());
        for field in ["name", "sex", "birth", "local", "document", "employer", "address"] {
            world.file(&own, Kind::Correction, fact(field, "x")).await.unwrap();
        }
        let content = Content::MoveOut { day: world.store().now().day() };
        assert!(world.file(&own, Kind::MoveOut, content).await.unwrap_err().is("declarations-too-many"));
    }
}

#[tokio::test]
async fn a_relative_at_the_same_door_sees_neither_the_request_nor_the_reading() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let id = world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        linli_declarations::own::open(world.store(), &own).await.unwrap();
        let (_, relative) = world.enter(2, "欧阳山").await;
        assert_eq!(relative.resident, world.relative);
        let q = world.store().reads();
        assert!(requests::of_resident(&q, &relative).await.unwrap().is_empty(), "{}", world.engine());
        assert!(requests::find(&q, &relative, id).await.unwrap_err().is("not-found"));
        assert_eq!(linli_declarations::own::readings_total(&q, &relative).await.unwrap(), 0);
        let reading = linli_declarations::own::readings(&q, &own, 1, 0).await.unwrap()[0].access_id;
        assert!(linli_declarations::own::reading(&q, &relative, reading).await.unwrap_err().is("not-found"));
        let tx = world.store().begin(&relative.reader()).await.unwrap();
        assert!(requests::withdraw(&tx, &relative, id).await.unwrap_err().is("not-found"));
    }
}

#[tokio::test]
async fn a_request_that_is_taken_back_ends_its_task_and_its_basis() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let id = world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        let tx = world.store().begin(&own.reader()).await.unwrap();
        requests::withdraw(&tx, &own, id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(tasks_of(&world).await.iter().all(|t| !t.is_open()), "{}", world.engine());
        let open =
            "SELECT COUNT(*) FROM basis WHERE division_code = $1 AND closed_at IS NULL AND purpose <> 'own-record'";
        assert_eq!(world.count(open).await, 0);
        let tx = world.store().begin(&own.reader()).await.unwrap();
        assert!(requests::withdraw(&tx, &own, id).await.unwrap_err().is("stale-version"));
        let events =
            "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind LIKE 'declaration.%' AND role = 'resident'";
        drop(tx);
        assert_eq!(world.count(events).await, 2, "filed and taken back, by the resident");
    }
}
