//! The overview answers every role, also in a sub-district where nothing has happened yet.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use linli_platform::{access::Role, area::Area, reader::Reader, store::Migration, testing};
use policy_pack::Pack;

fn areas() -> Vec<Area> {
    vec![
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_fieldwork::area(),
        linli_surveys::area(),
        linli_overview::area(),
    ]
}

fn migrations() -> Vec<Migration> {
    let own = linli_platform::web::own_areas();
    own.into_iter().chain(areas()).flat_map(|a| a.migrations).collect()
}

#[tokio::test]
async fn every_role_is_told_what_to_do_now_on_the_first_day() {
    for test in testing::stores(migrations).await {
        let app = testing::app(&test.store, &areas());
        let tx = test.store.begin(&Reader::system()).await.unwrap();
        linli_territory::setup_from_pack(&tx, &Pack::embedded()).await.unwrap();
        tx.commit().await.unwrap();
        for role in Role::ALL {
            let area = match role {
                Role::CommitteeSecretary | Role::TeamLeader => app.pack.territory.committees[0].code.clone(),
                _ => testing::DIVISION.to_owned(),
            };
            let account = testing::account(&test.store, role.code(), &[(*role, &area)]).await;
            let client = testing::Client::signed_in(&app, &areas(), account).await;
            for path in ["/overview", "/duties"] {
                let answer = client.get(path).await;
                assert_eq!(answer.status.as_u16(), 200, "{path} as {role} on {}", test.engine);
                assert!(answer.text.contains("<h1"), "{path} as {role}");
            }
            let map = client.get("/map").await.status.as_u16();
            let expected = if role.allows(linli_platform::access::Action::TerritoryRead) { 200 } else { 403 };
            assert_eq!(map, expected, "/map as {role}");
        }
    }
}
