//! Liaisons of an employer (R14): named for good, replaced from a day on, ended; by the office and the grid's officer.

use std::sync::Arc;

use axum::http::StatusCode;
use linli_platform::{
    access::Role,
    app::{App, Installation},
    clock::Day,
    ids::AccountId,
    testing::{self, Client, DIVISION},
};
use linli_rosters::liaisons::{self, Liaison};
use linli_team::TeamScopes;

use super::world::{World, areas, worlds};

async fn client(world: &World, name: &str, role: Role, area: &str) -> Client {
    let account = testing::account(world.store(), name, &[(role, area)]).await;
    Client::signed_in(&world.app, &areas(), account).await
}

fn path(world: &World) -> String {
    format!("/rosters/employers/{}/liaisons", world.employer)
}

async fn named(client: &Client, world: &World, who: [&str; 2], from: Day, replaces: &str) -> StatusCode {
    let from = from.to_string();
    let form =
        [("name", who[0]), ("mobile", "15400000051"), ("account", who[1]), ("from", &from), ("replaces", replaces)];
    client.post(&path(world), &form).await.status
}

async fn all(world: &World) -> Vec<Liaison> {
    liaisons::of_employer(world.store(), world.employer).await.unwrap()
}

/// The same place with the scopes that an installation has.
async fn in_earnest(world: &World, account: AccountId) -> Client {
    let installation = Installation { scopes: Arc::new(TeamScopes), ..testing::installation(world.store()) };
    let app = App::assemble(&areas(), installation).unwrap();
    Client::signed_in(&app, &areas(), account).await
}

#[tokio::test]
async fn a_liaison_is_named_and_accepts_the_terms_before_anything_is_opened() {
    for world in worlds().await {
        let officer = client(&world, "officer", Role::Officer, &world.grids[0].to_string()).await;
        let today = world.store().now().day();
        let account = testing::account(world.store(), "quanlin", &[]).await;
        let employers = officer.get(&format!("/employers/{}", world.employer)).await;
        assert!(employers.text.contains(&path(&world)), "linked from the employer: {}", world.engine());
        let empty = officer.get(&path(&world)).await;
        assert!(empty.text.contains("还没有指定联络员") && empty.text.contains("至少要有一名"), "{}", empty.text);
        assert_eq!(named(&officer, &world, ["江听澜", "quanlin"], today, "").await, 303);
        let shown = officer.get(&path(&world)).await.text;
        assert!(shown.contains("江听澜") && shown.contains("154****0051") && shown.contains("尚未接受保密承诺"));
        assert!(officer.get(&format!("/employers/{}", world.employer)).await.text.contains("指定联络员"), "on record");

        let liaison = in_earnest(&world, account).await;
        assert_eq!(liaison.get("/rosters").await.location(), "", "nothing before the terms");
        assert!(!liaison.get("/rosters").await.text.contains("泉林电子有限公司"));
        let signed = liaison.post("/agreement", &[("agreed", "true"), ("name", "江听澜")]).await;
        assert_eq!(signed.status, 303, "{}", signed.text);
        assert!(liaison.get("/rosters").await.text.contains("泉林电子有限公司"));
        assert!(officer.get(&path(&world)).await.text.contains("可以报送"));
    }
}

#[tokio::test]
async fn one_is_replaced_from_a_day_and_another_ended_at_once() {
    for world in worlds().await {
        let office = client(&world, "office", Role::PopulationOffice, DIVISION).await;
        let today = world.store().now().day();
        for name in ["first", "second"] {
            testing::account(world.store(), name, &[]).await;
        }
        assert_eq!(named(&office, &world, ["江听澜", "first"], today, "").await, 303);
        let first = all(&world).await[0].appointment.appointment_id;
        let later = today.plus_days(10);
        assert_eq!(named(&office, &world, ["江望舒", "second"], later, &first.to_string()).await, 303);
        let both = all(&world).await;
        assert_eq!((both.len(), both[1].appointment.until_day), (2, Some(later)), "{}", world.engine());
        assert_eq!((both[0].appointment.from_day, both[0].appointment.until_day), (later, None));

        let end = |id| format!("{}/{id}/end", path(&world));
        assert_eq!(office.post(&end(first), &[("end_day", "2020-01-01")]).await.status, 422);
        assert_eq!(office.post(&end(first), &[]).await.status, 303);
        assert!(all(&world).await.iter().any(|l| l.appointment.appointment_id == first && !l.open));
        assert_eq!(office.post(&end(first), &[]).await.status, 404, "it has ended");
        let history = office.get(&format!("/employers/{}", world.employer)).await.text;
        for said in ["指定联络员", "更换联络员", "终止联络员"] {
            assert!(history.contains(said), "{said}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_is_said_beside_the_field_and_what_was_typed_stays() {
    for world in worlds().await {
        let office = client(&world, "office", Role::PopulationOffice, DIVISION).await;
        let today = world.store().now().day();
        testing::account(world.store(), "first", &[]).await;
        let day = today.to_string();
        let typed = [("name", "江听澜"), ("mobile", "12"), ("account", "first"), ("from", day.as_str())];
        let refused = office.post(&path(&world), &typed).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("手机号不对") && refused.text.contains("value=\"江听澜\""), "{}", refused.text);
        assert_eq!(named(&office, &world, ["江听澜", "nobody"], today, "").await, 422, "no such account");
        assert_eq!(named(&office, &world, ["江听澜", "office"], today, "").await, 422, "not oneself");
        assert_eq!(named(&office, &world, ["江听澜", "first"], today.plus_days(-1), "").await, 422, "not in the past");
        assert_eq!(named(&office, &world, ["江听澜", "first"], today, "").await, 303);
        assert_eq!(named(&office, &world, ["江听澜", "first"], today, "").await, 422, "held already");
        assert_eq!(named(&office, &world, ["江望舒", "first"], today, "").await, 422, "another's account");
        assert_eq!(all(&world).await.len(), 1);
    }
}

#[tokio::test]
async fn only_the_office_and_the_officer_of_the_grid_name_liaisons() {
    for world in worlds().await {
        let elsewhere = client(&world, "elsewhere", Role::Officer, &world.grids[1].to_string()).await;
        assert_eq!(elsewhere.get(&path(&world)).await.status, 404, "{}", world.engine());
        let today = world.store().now().day();
        assert_eq!(named(&elsewhere, &world, ["江听澜", "elsewhere"], today, "").await, 404);
        let coordinator = client(&world, "coordinator", Role::Coordinator, &world.grids[0].to_string()).await;
        assert_eq!(coordinator.get(&path(&world)).await.status, 403);
        for page in ["/rosters".to_owned(), format!("/employers/{}", world.employer)] {
            let text = coordinator.get(&page).await.text;
            assert!(!text.contains(&path(&world)), "{page}: no link to what is refused");
        }
    }
}
