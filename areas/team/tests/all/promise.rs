//! The agreement on the screen, the yearly training, and emergency access.

use axum::http::StatusCode;
use linli_platform::{
    access::{Action, Role},
    emergency,
    event::SubjectRef,
    notices,
    reader::Purpose,
    sealed::Bind,
    sessions,
    store::SealedField,
    testing::{self, Client, DIVISION},
    web::Paging,
};
use linli_team::{Post, promise};
use uuid::Uuid;

use super::{Town, areas, towns};

#[tokio::test]
async fn whoever_has_not_signed_is_led_to_the_agreement_signs_with_the_own_name_and_goes_on() {
    for town in towns().await {
        let (id, account) = town.with_account("周芷若", false).await;
        town.appoint(town.to(id, Post::Coordinator, town.grids[0])).await.unwrap();
        let client = Client::signed_in(&town.app, &areas(), account).await;
        assert_eq!(client.get("/team").await.location(), "/agreement", "{}", town.t.engine);
        let page = client.get("/agreement").await;
        assert!(page.text.contains("只为分派给本人的工作查看登记信息") && page.text.contains("name=\"name\""));
        for (form, field) in [
            (&[("agreed", "true"), ("name", "周若芷")][..], "f-name"),
            (&[("name", "周芷若")], "f-agreed"),
            (&[("agreed", "true")], "f-name"),
        ] {
            let refused = client.post("/agreement", form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(&format!("href=\"#{field}\"")), "{form:?}");
        }
        let signed = client.post("/agreement", &[("agreed", "true"), ("name", " 周芷若 ")]).await;
        assert_eq!(signed.location(), "/", "{}", signed.text);
        assert_eq!(client.get("/team").await.status, StatusCode::OK, "access opens at once");
        let kept = promise::signatures(&town.t.store.reads(), id).await.unwrap();
        assert_eq!((kept.len(), kept[0].text_digest.len()), (1, 64));
        let again = client.post("/agreement", &[("agreed", "true"), ("name", "周芷若")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "one is in force");
        assert!(client.get("/agreement").await.text.contains("保密承诺书有效"));
    }
}

async fn office(town: &Town, name: &str) -> Client {
    let (id, account) = town.with_account(name, true).await;
    town.appoint(town.to(id, Post::PopulationOffice, "")).await.unwrap();
    Client::signed_in(&town.app, &areas(), account).await
}

#[tokio::test]
async fn one_training_of_several_people_is_put_on_file_at_once() {
    for town in towns().await {
        let client = office(&town, "办公室").await;
        let (one, two) = (town.person("甲一").await.to_string(), town.person("乙二").await.to_string());
        let nobody = client.post("/team/trainings", &[("day", "2026-11-19")]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        let both = [("day", "2026-11-19"), ("staff", one.as_str()), ("staff", two.as_str())];
        assert_eq!(client.post("/team/trainings", &both).await.location(), "/team/trainings", "{}", town.t.engine);
        let future = [("day", "2026-11-21"), ("staff", one.as_str())];
        let refused = client.post("/team/trainings", &future).await;
        assert!(refused.text.contains("href=\"#f-day\"") && refused.text.contains("checked"), "what was ticked stays");
        let listed = client.get("/team/trainings").await.text;
        assert_eq!(listed.matches("2026-11-19</td>").count(), 2, "{listed}");
    }
}

#[tokio::test]
async fn an_emergency_access_takes_two_people_opens_one_grid_for_its_hours_and_is_seen_by_its_team() {
    for town in towns().await {
        let (mine, theirs) = (town.grids[0], town.grids[2]);
        let (id, account) = town.with_account("陆警官", true).await;
        town.appoint(town.to(id, Post::Officer, mine)).await.unwrap();
        let (there, leader) = town.with_account("何网格长", true).await;
        town.appoint(town.to(there, Post::GridLeader, theirs)).await.unwrap();
        let security = testing::account(&town.t.store, "sec", &[(Role::SecurityOfficer, DIVISION)]).await;
        let client = async |account| Client::signed_in(&town.app, &areas(), account).await;
        let (officer, leader, security) = (client(account).await, client(leader).await, client(security).await);

        let own = mine.to_string();
        let form = [("grid", own.as_str()), ("reason", "fire"), ("hours", "2")];
        assert_eq!(officer.post("/emergency", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the own grid");
        let grid = theirs.to_string();
        let form = [("grid", grid.as_str()), ("reason", "fire"), ("hours", "99")];
        let long = officer.post("/emergency", &form).await;
        assert!(long.text.contains("href=\"#f-hours\"") && long.text.contains("value=\"99\""), "{}", long.text);
        let form = [("grid", grid.as_str()), ("reason", "fire"), ("hours", "2")];
        let proposal = officer.post("/emergency", &form).await.location().to_owned();
        assert!(proposal.starts_with("/proposals/"));
        let reader = async || {
            let today = town.t.store.clock().today();
            sessions::reader(&town.app, account, "陆警官".into(), today).await.unwrap().doing(Action::RegisterUnmask)
        };
        assert!(!reader().await.scope.contains(Some(theirs)), "nothing opens before it is approved");
        assert_eq!(officer.post(&format!("{proposal}/approval"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(security.post(&format!("{proposal}/approval"), &[]).await.location(), proposal);

        let reader_now = reader().await;
        assert!(reader_now.scope.contains(Some(theirs)) && !reader_now.works_in(Some(theirs)), "{}", town.t.engine);
        let writes = reader_now.clone().doing(Action::RegisterWrite);
        assert!(!writes.works_in(Some(theirs)), "reading alone");
        let tx = town.t.store.begin(&reader_now).await.unwrap();
        let subject = SubjectRef::new("resident", tx.new_id::<Uuid>(), Some(theirs));
        let bind = Bind { table: "thing", column: "name_sealed", row: subject.id };
        let sealed = tx.create_keys(&[subject.id]).await.unwrap()[0].seal(bind, "赵测试");
        let field = [SealedField { bind, sealed: &sealed }];
        let other = tx.unmask(subject, Purpose::FieldVerification, &field).await.unwrap_err();
        assert_eq!(other.code, "basis-missing", "for no other purpose");
        tx.unmask(subject, Purpose::Emergency, &field).await.unwrap();
        tx.commit().await.unwrap();

        for (who, client) in [("the officer", &officer), ("the grid's own team", &leader), ("security", &security)] {
            let page = client.get("/emergency").await;
            assert!(page.text.contains("<td data-label=\"情形\">火灾</td>"), "{who}: {}", page.text);
        }
        let (told, _) = notices::list(&town.t.store.reads(), Paging::default()).await.unwrap();
        assert_eq!(told[0].kind, "emergency-begun");
        let cases = emergency::list(&town.t.store.reads(), &reader_now).await.unwrap();
        assert_eq!((cases.len(), cases[0].readings), (1, 1));
        town.t.clock.set(town.t.store.now().plus_s(2 * 3_600));
        assert!(!reader().await.scope.contains(Some(theirs)), "it ends by itself");
    }
}
