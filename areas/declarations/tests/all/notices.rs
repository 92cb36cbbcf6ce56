//! Notices of duty: served within the scope, acknowledged by whom they are for, with the time.

use http::StatusCode;
use linli_declarations::{
    Authority, NoticeKind, expire,
    notices::{self, Addressee},
    referrals::{self, Neglected, NewReferral},
};
use linli_platform::{
    access::Role,
    clock::Day,
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
        seen_at: None,
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
        assert!(page.text.contains("2026-11-24 24:00"), "{}", page.text);
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

fn referral(duty: NoticeKind, number: &str, day: Day) -> NewReferral {
    NewReferral { duty, authority: Authority::Labour, number: number.into(), day }
}

#[tokio::test]
async fn a_neglected_duty_is_referred_after_its_notice_and_number_and_date_go_after_their_months() {
    for world in worlds().await {
        let id = employer(&world).await;
        let of = Neglected::Employer(id);
        let today = world.store().now().day();
        let staff = |number: &str, day| referral(NoticeKind::Staff, number, day);
        let write = async |new: NewReferral| {
            let tx = world.store().begin(&office(world.store())).await.unwrap();
            let written = referrals::write(&tx, of, &new).await;
            if written.is_ok() {
                tx.commit().await.unwrap();
            }
            written
        };
        assert!(write(staff("青香移〔2026〕1号", today)).await.unwrap_err().is("referral-without-notice"));
        let tx = world.store().begin(&office(world.store())).await.unwrap();
        notices::serve(&tx, Addressee::Employer(id), NoticeKind::Staff).await.unwrap();
        tx.commit().await.unwrap();
        for (new, code) in [
            (staff("青香移〔2026〕1号", today.plus_days(-1)), "referral-without-notice"),
            (staff("青香移〔2026〕1号", today.plus_days(1)), "referral-day"),
            (staff("多次拒不配合", today), "referral-number"),
            (staff("15900010203", today), "free-text-number"),
            (referral(NoticeKind::Tenants, "1号", today), "referral-duty"),
            (referral(NoticeKind::Rosters, "1号", today), "referral-without-notice"),
        ] {
            assert!(write(new).await.unwrap_err().is(code), "{}: {code}", world.engine());
        }
        write(staff(" 青香移〔2026〕1号 ", today)).await.unwrap();
        assert!(write(staff("青香移〔2026〕1号", today)).await.unwrap_err().is("referral-known"));
        let q = world.store().reads();
        let listed = referrals::list(&q, &office(world.store())).await.unwrap();
        assert_eq!((listed.len(), listed[0].number.as_str(), listed[0].day), (1, "青香移〔2026〕1号", today));
        assert!(referrals::list(&q, &world.coordinator(1)).await.unwrap().is_empty(), "outside the scope");
        world.later_s(35 * 30 * 24 * 3600);
        expire::expire(&world.app).await.unwrap();
        assert_eq!(referrals::of(&q, of).await.unwrap().len(), 1);
        world.later_s(3 * 31 * 24 * 3600);
        expire::expire(&world.app).await.unwrap();
        assert!(referrals::of(&q, of).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_form_of_a_referral_keeps_what_was_typed_and_says_at_the_field_what_is_wrong() {
    for world in worlds().await {
        let id = employer(&world).await;
        let account =
            testing::account(world.store(), "office", &[(Role::PopulationOffice, world.store().division())]).await;
        let office = Client::signed_in(&world.app, &areas(), account).await;
        let path = format!("/declarations/referrals/employers/{id}");
        assert!(office.get(&path).await.text.contains("泽禾制造有限公司"));
        let day = world.store().now().day().to_string();
        let fields = [("duty", "staff"), ("authority", "labour"), ("number", "青香移〔2026〕1号"), ("day", &*day)];
        let early = office.post(&path, &fields).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(early.text.contains("id=\"e-duty\"") && early.text.contains("青香移〔2026〕1号"), "{}", early.text);
        office.post(&format!("/declarations/employers/{id}/notices"), &[("kind", "staff")]).await;
        assert_eq!(office.post(&path, &fields).await.location(), path, "{}", world.engine());
        assert!(office.get("/declarations/referrals").await.text.contains("青香移〔2026〕1号"));
        assert_eq!(office.get("/declarations/referrals/residents/1").await.status, StatusCode::NOT_FOUND);
    }
}
