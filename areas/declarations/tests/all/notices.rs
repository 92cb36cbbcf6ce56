//! Notices of duty: served within the scope, acknowledged by whom they are for, with the time.

use http::StatusCode;
use linli_declarations::{
    NoticeKind,
    notices::{self, Addressee},
};
use linli_platform::{
    access::Role,
    testing::{self, Client},
};
use linli_register::{
    EmployerId,
    codes::Source,
    employers::{self, NewEmployer},
};

use super::world::{World, areas, office, worlds};

async fn employer(world: &World) -> EmployerId {
    let new = NewEmployer {
        employer_id: None,
        org_code: "91110000600037341L".into(),
        name: "泽禾制造有限公司".into(),
        business: "制造业".into(),
        site: String::new(),
        address_id: None,
        staff_declared: 60,
        roster_duty: true,
        liaison: None,
        liaison_phone: None,
        source: Source::Import,
    };
    let tx = world.store().begin(&office(world.store())).await.unwrap();
    let id = employers::insert_many(&tx, vec![new]).await.unwrap()[0];
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_notice_is_served_and_acknowledged_by_the_employers_own_liaison_with_the_time() {
    for world in worlds().await {
        let id = employer(&world).await;
        let to = Addressee::Employer(id);
        let tx = world.store().begin(&office(world.store())).await.unwrap();
        assert!(notices::serve(&tx, to, NoticeKind::Tenants).await.unwrap_err().is("notice-kind"));
        notices::serve(&tx, to, NoticeKind::Staff).await.unwrap();
        assert!(notices::serve(&tx, to, NoticeKind::Staff).await.unwrap_err().is("notice-open"), "{}", world.engine());
        tx.commit().await.unwrap();
        let account = testing::account(world.store(), "liaison", &[(Role::HrLiaison, &id.to_string())]).await;
        let liaison = Client::signed_in(&world.app, &areas(), account).await;
        let page = liaison.get("/employer").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("用人单位申报义务告知") && page.text.contains("两个工作日"));
        // Friday's change is declared by the end of Tuesday.
        assert!(page.text.contains("2026-11-25 00:00"), "{}", page.text);
        let receipt = page.text.split("action=\"").find(|l| l.starts_with("/employer/notices/")).unwrap();
        let receipt = receipt.split('"').next().unwrap().to_owned();
        let stranger =
            testing::account(world.store(), "stranger", &[(Role::HrLiaison, &world.grids[0].to_string())]).await;
        let stranger = Client::signed_in(&world.app, &areas(), stranger).await;
        assert_eq!(stranger.post(&receipt, &[]).await.status, StatusCode::NOT_FOUND, "{}", world.engine());
        assert_eq!(liaison.post(&receipt, &[]).await.location(), "/employer");
        let kept = notices::of(&world.store().reads(), &[to]).await.unwrap();
        assert_eq!(kept[0].receipted_at, Some(world.store().now()));
        assert_eq!(liaison.post(&receipt, &[]).await.status, StatusCode::CONFLICT, "once");
        assert!(notices::list(&world.store().reads(), &world.coordinator(1)).await.unwrap().is_empty());
    }
}
