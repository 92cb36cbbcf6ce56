//! The pages, as a browser without scripts sees them.

use axum::http::StatusCode;
use linli_orders::Level;
use linli_platform::{
    access::Role,
    reader::Reader,
    testing::{self, Client, DIVISION},
};

use super::{
    listed::{imported, rows, sent},
    world::{TEAMS, World, areas, door, worlds},
};

async fn client(world: &World, name: &str, role: Role, area: &str) -> Client {
    let account = testing::account(world.store(), name, &[(role, area)]).await;
    Client::signed_in(&world.app, &areas(), account).await
}

#[tokio::test]
async fn an_order_is_drafted_guarded_issued_and_seen_on_the_board_without_scripts() {
    for world in worlds().await {
        let office = client(&world, "office", Role::PopulationOffice, DIVISION).await;
        assert!(office.get("/orders").await.text.contains("还没有指令"), "the empty page says what to do next");
        let typed = "请报送租客的手机号码";
        let bad = office.post("/orders", &[("kind", "premises"), ("text", typed)]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("个人信息") && bad.text.contains(typed), "what was typed is kept");
        let kindless = office.post("/orders", &[("kind", "data-check"), ("text", "x")]).await;
        assert_eq!(kindless.status, StatusCode::UNPROCESSABLE_ENTITY, "the program alone makes those");
        let made = office.post("/orders", &[("kind", "premises"), ("text", "本周走访群租房。")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let path = made.location().to_owned();
        let none = office.post(&format!("{path}/issuance"), &[("version", "1")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let to = format!("to-{}", TEAMS[1]);
        let issued = office.post(&format!("{path}/issuance"), &[("version", "1"), (to.as_str(), "true")]).await;
        assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}", issued.text);
        let page = office.get(&path).await;
        assert!(page.text.contains("第二警务队") && page.text.contains("待签收") && !page.text.contains("第一警务队"));
        let early = office.post(&format!("{path}/closure"), &[("version", "2")]).await;
        assert!(early.status == StatusCode::UNPROCESSABLE_ENTITY && early.text.contains("还有 1 项未办结"));
        let force = client(&world, "force", Role::TaskForce, DIVISION).await;
        for page in ["/orders", "/orders?tab=late", "/orders?level=team", "/orders?tab=closed"] {
            assert_eq!(force.get(page).await.status, StatusCode::OK, "{page}");
        }
        let worker = client(&world, "worker", Role::GridWorker, &world.grids[0].to_string()).await;
        assert!(worker.get("/orders").await.text.contains("这里没有要办的指令"));
        assert_eq!(worker.get(&path).await.status, StatusCode::NOT_FOUND, "not of their level and place");
    }
}

#[tokio::test]
async fn a_row_is_opened_on_record_visited_and_decided_without_scripts() {
    for world in worlds().await {
        let id = imported(&world, &[("未登记", 1, &door(0, 0)), ("未登记", 2, "某处")]).await;
        let steward = client(&world, "steward", Role::DataSteward, DIVISION).await;
        let list = steward.get(&format!("/data-checks/{id}")).await;
        assert!(list.text.contains("待确定网格") && list.text.contains("下派 1 条"), "{}", list.text);
        assert!(!list.text.contains("欧阳若水"), "masked");
        sent(&world, id).await;
        let grid = world.grids[0].to_string();
        let coordinator = client(&world, "coordinator", Role::Coordinator, &grid).await;
        let row = rows(&world, &world.coordinator(0), id).await.remove(0);
        let path = format!("/check-rows/{}", row.row_id);
        let masked = coordinator.get(&path).await;
        assert!(masked.text.contains("首次上门") && !masked.text.contains("欧阳若水"), "{}", masked.text);
        assert!(coordinator.post(&format!("{path}/reading"), &[]).await.text.contains("欧阳若水"));
        let nothing = coordinator.post(&format!("{path}/visit"), &[("version", "1")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let version = row.version.to_string();
        let done = coordinator.post(&format!("{path}/visit"), &[("version", &version), ("found", "nobody")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let twice = coordinator.post(&format!("{path}/visit"), &[("version", &version), ("found", "nobody")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "sent twice has one effect");
        let officer = client(&world, "officer", Role::Officer, &grid).await;
        let desk = officer.get(&path).await;
        assert!(desk.text.contains("登记中没有这个证件号码"), "{}", desk.text);
        let version = rows(&world, &world.officer(0), id).await[0].version.to_string();
        let form = [("version", version.as_str()), ("desk", "second-visit")];
        assert_eq!(officer.post(&format!("{path}/desk-check"), &form).await.status, StatusCode::SEE_OTHER);
        let order = linli_orders::checks::find(&world.store().reads(), &Reader::system(), id).await.unwrap();
        let part = world.parts_at(order.order_id.unwrap(), Level::Grid).await.remove(0);
        let page = coordinator.get(&part.href()).await;
        assert!(page.text.contains("1 条中已办结 0 条"), "{}", page.text);
        assert!(coordinator.get("/data-checks").await.text.contains("核查中"));
        let duties = {
            let reader = world.coordinator(0);
            linli_orders::area().duties[0].duties(&world.app, &reader).await.unwrap()
        };
        let visits = duties.iter().find(|d| d.key == "check-visits").unwrap();
        assert_eq!((visits.due, visits.late), (1, 0));
    }
}
