use http::StatusCode;
use linli_platform::{
    access::Role,
    testing::{self, Client},
};
use linli_register::residents;

use super::world::{World, areas, mobile, number, worlds};

async fn client(w: &World, name: &str, role: Role, area: &str) -> Client {
    let account = testing::account(w.store(), name, &[(role, area)]).await;
    Client::signed_in(&w.app, &areas(), account).await
}

#[tokio::test]
async fn a_coordinator_registers_finds_opens_changes_moves_and_cancels() {
    for w in worlds().await.into_iter().take(1) {
        let me = client(&w, "coordinator", Role::Coordinator, &w.grids[0].to_string()).await;
        for path in ["/residents", "/residents/new", "/homes", "/addresses", "/employers", "/transfers"] {
            let page = me.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {}", page.text);
            assert!(!page.text.contains("style="), "{path} has an inline style");
        }
        let bad = me.post("/residents", &[("name", "王小明"), ("doc_kind", "resident"), ("doc_no", "12")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("#f-doc_no") && bad.text.contains("#f-address") && bad.text.contains("王小明"));
        let (no, phone) = (number(2), mobile(2));
        let form = [
            ("name", "王小明"),
            ("doc_kind", "resident"),
            ("doc_no", &no),
            ("phone", &phone),
            ("local", "elsewhere"),
            ("address", "新府中路501弄12号301室"),
            ("source", "door-visit"),
        ];
        let made = me.post("/residents", &form).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let record = made.location().to_owned();
        let twice = me.post("/residents", &form).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(twice.text.contains("主要居住地"));

        let page = me.get(&record).await;
        assert!(page.text.contains("王**") && !page.text.contains("王小明") && !page.text.contains(&no), "masked");
        let found = me.post("/residents/search", &[("q", "wxm")]).await;
        assert!(found.text.contains(&record) && !found.text.contains("王小明"));
        let hint = me.post("/residents/candidates", &[("doc_no", &no)]).await;
        assert!(hint.text.contains("证件号码相同"));

        let unsaid = me.post(&format!("{record}/reading"), &[("purpose", "curiosity")]).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        let no_task = me.post(&format!("{record}/reading"), &[("purpose", "survey-interview")]).await;
        assert_eq!(no_task.status, StatusCode::UNPROCESSABLE_ENTITY, "no survey task on this record");
        let open = me.post(&format!("{record}/reading"), &[("purpose", "counter-service")]).await;
        assert!(open.text.contains("王小明") && open.text.contains(&no), "{}", open.text);
        assert!(open.header("cache-control").contains("no-store"));
        let title = open.text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(!title.contains("王"), "the title names nobody");
        assert!(me.get(&format!("{record}/access")).await.text.contains("本人到场办理"));

        for form in ["change", "move", "cancellation"] {
            assert_eq!(me.get(&format!("{record}/{form}")).await.status, StatusCode::OK, "{form}");
        }
        let changed = me
            .post(&format!("{record}/change"), &[("version", "1"), ("phone", "13800001234"), ("local", "elsewhere")])
            .await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
        let stale = me.post(&format!("{record}/change"), &[("version", "1"), ("phone", "13800009999")]).await;
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        let moved =
            me.post(&format!("{record}/move"), &[("version", "2"), ("address", "新府中路501弄12号302室")]).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
        let gone = me.post(&format!("{record}/cancellation"), &[("version", "3"), ("reason", "left")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
        let home = me.get(&format!("/homes/{}", w.homes[0])).await;
        assert_eq!(home.status, StatusCode::OK, "{}", home.text);
        let version = [("version", "1"), ("label", "crowded"), ("reason", "ten-or-more")];
        let label = me.post(&format!("/homes/{}/label", w.homes[0]), &version).await;
        assert_eq!(label.status, StatusCode::SEE_OTHER, "{}", label.text);
        assert_eq!(me.get("/residents/export.xlsx").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn outside_the_grid_a_page_is_as_absent_as_one_that_never_was() {
    for w in worlds().await.into_iter().take(1) {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let nobody: linli_register::ResidentId = tx.new_id();
        tx.commit().await.unwrap();
        let other = client(&w, "other", Role::Coordinator, &w.grids[1].to_string()).await;
        for path in ["", "/access", "/change", "/move", "/cancellation"] {
            let hidden = other.get(&format!("/residents/{id}{path}")).await;
            let absent = other.get(&format!("/residents/{nobody}{path}")).await;
            assert_eq!((hidden.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{path}");
            assert_eq!(hidden.text.replace(&id.to_string(), ""), absent.text.replace(&nobody.to_string(), ""));
        }
        let reading = other.post(&format!("/residents/{id}/reading"), &[("purpose", "counter-service")]).await;
        assert_eq!(reading.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_export_is_masked_watermarked_and_logged() {
    for w in worlds().await.into_iter().take(1) {
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let office = client(&w, "office", Role::PopulationOffice, w.store().division()).await;
        let file = office.get("/residents/export.xlsx").await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.header("content-disposition").contains("residents-2026-"));
        use linli_platform::store::Query as _;
        let made = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'export.made'";
        let count = w.store().reads().number(made, linli_platform::vals![w.store().division()]).await.unwrap();
        assert_eq!(count, 1);
        let employer = office.get(&format!("/employers/{}", w.employer)).await;
        assert!(employer.text.contains("盈港电子") && !employer.text.contains("钱多多"));
    }
}

#[tokio::test]
async fn the_counter_is_offered_to_those_who_serve_one() {
    for w in worlds().await.into_iter().take(1) {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let grid = w.grids[0].to_string();
        for (role, offered) in [(Role::Coordinator, true), (Role::GridLeader, false), (Role::Officer, false)] {
            let client = client(&w, role.code(), role, &grid).await;
            let page = client.get(&format!("/residents/{id}")).await;
            assert_eq!(page.text.contains("counter-service"), offered, "{role}");
            let reading = client.post(&format!("/residents/{id}/reading"), &[("purpose", "counter-service")]).await;
            assert_eq!(reading.status == StatusCode::OK, offered, "{role}: {}", reading.status);
        }
    }
}

#[tokio::test]
async fn a_home_shows_the_last_day_of_a_visit_and_no_trail_of_visits() {
    use linli_platform::event::{NewEvent, SubjectRef};
    for w in worlds().await.into_iter().take(1) {
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let subject = SubjectRef::new("home", w.homes[0], Some(w.grids[0]));
        for hours in [-50, -26] {
            let body = serde_json::json!({ "outcome": "nobody-home" });
            let seen = Some(w.store().now().plus_hours(hours));
            tx.event(NewEvent::new("home.visited", subject).seen(seen).body(body)).await.unwrap();
        }
        linli_register::homes::mark_visited(&tx, w.homes[0], w.today().plus_days(-1)).await.unwrap();
        tx.commit().await.unwrap();
        let me = client(&w, "me", Role::Coordinator, &w.grids[0].to_string()).await;
        let page = me.get(&format!("/homes/{}", w.homes[0])).await;
        assert!(page.text.contains(&w.today().plus_days(-1).to_string()), "the last day");
        assert!(page.text.contains("房屋建档"), "the history of the home itself");
        assert!(!page.text.contains("home-visited") && !page.text.contains(">走访<"), "no visit by visit");
        assert!(!page.text.contains(&w.store().now().plus_hours(-50).minute_text()), "{}", page.text);
    }
}
