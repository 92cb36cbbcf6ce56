//! The pages, as a browser sees them.

use axum::http::StatusCode;
use linli_platform::{
    access::Role,
    testing::{self, Client, DIVISION},
};
use linli_team::Post;

use super::{JINGYANG, Town, areas, towns};

async fn office(town: &Town) -> Client {
    let account = testing::account(&town.t.store, "office", &[(Role::PopulationOffice, DIVISION)]).await;
    let id = town.person("办公室").await;
    let tx = town.t.store.begin(&town.office).await.unwrap();
    linli_team::link_account(&tx, id, account).await.unwrap();
    linli_team::sign_agreement(&tx, id, town.today).await.unwrap();
    tx.commit().await.unwrap();
    Client::signed_in(&town.app, &areas(), account).await
}

#[tokio::test]
async fn somebody_is_entered_appointed_stood_in_for_and_leaves_without_scripts() {
    for town in towns().await {
        let client = office(&town).await;
        let bad = client.post("/team/staff", &[("name", "钱多"), ("mobile", "123"), ("from", "2026-11-20")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("手机号不对") && bad.text.contains("value=\"钱多\""), "{}", bad.text);
        let form = [("name", "钱多"), ("mobile", "19900002222"), ("from", "2026-11-20")];
        let made = client.post("/team/staff", &form).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let path = made.location().to_owned();
        let page = client.get(&path).await;
        assert!(page.text.contains("199****2222") && !page.text.contains("19900002222"), "{}", town.t.engine);
        assert!(page.text.contains("还没有签保密承诺书"));
        assert_eq!(client.post(&format!("{path}/agreements"), &[("day", "2026-11-21")]).await.status, 422);
        assert_eq!(client.post(&format!("{path}/agreements"), &[("day", "2026-11-20")]).await.status, 303);
        assert_eq!(client.post(&format!("{path}/trainings"), &[("day", "2026-11-19")]).await.status, 303);

        let id = path.rsplit('/').next().unwrap().to_owned();
        let grid = town.grids[0].to_string();
        let form = [("staff", id.as_str()), ("post", "coordinator"), ("from", "2026-11-20")];
        let missing = client.post("/team/appointments", &form).await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(missing.text.contains("href=\"#f-grid\""), "the summary leads to the field");
        let form = [form.as_slice(), &[("grid", grid.as_str())]].concat();
        let done = client.post("/team/appointments", &form).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, path.as_str()), "{}", done.text);
        let team = client.get(&format!("/team?committee={JINGYANG}")).await;
        assert!(team.text.contains("钱多") && team.text.contains("缺微网格长") && team.text.contains("N 类成员不足"));

        let page = client.get(&path).await.text;
        let start = page.find("/team/appointments/0").expect("a link to the appointment");
        let appointment: String = page[start..].chars().take_while(|c| *c != '"').collect();
        assert_eq!(client.get(&appointment).await.status, 200);
        let other = town.person("孙代").await.to_string();
        let form = [("staff", other.as_str()), ("from", "2026-11-23"), ("last_day", "2026-11-22")];
        let refused = client.post(&format!("{appointment}/stand-ins"), &form).await;
        assert!(refused.text.contains("应在原任职之内"), "{}", refused.text);
        let form = [("staff", other.as_str()), ("from", "2026-11-20"), ("last_day", "2026-11-22")];
        assert_eq!(client.post(&format!("{appointment}/stand-ins"), &form).await.status, 303);
        assert!(client.get(&format!("/team?committee={JINGYANG}")).await.text.contains("（代）"));
        assert_eq!(client.post(&format!("{appointment}/end"), &[("end_day", "2026-11-01")]).await.status, 422);
        assert_eq!(client.post(&format!("{appointment}/end"), &[("end_day", "")]).await.status, 303);
        assert!(!client.get(&format!("/team?committee={JINGYANG}")).await.text.contains("钱多"));
        assert_eq!(client.post(&format!("{path}/leaving"), &[]).await.status, 303);
        assert!(client.get(&path).await.text.contains("2026-11-20 离岗"));
        assert!(client.post("/team/staff/search", &[("q", "钱")]).await.text.contains("钱多"));
    }
}

#[tokio::test]
async fn the_first_person_of_an_office_enters_themselves_and_sees_nothing_before_the_agreement() {
    for town in towns().await {
        let account = testing::account(&town.t.store, "first", &[(Role::PopulationOffice, DIVISION)]).await;
        let client = Client::signed_in(&town.app, &areas(), account).await;
        let other = town.person("在岗").await;
        town.appoint(town.to(other, Post::Coordinator, town.grids[0])).await.unwrap();
        assert_eq!(client.get(&format!("/team/staff/{other}")).await.status, StatusCode::NOT_FOUND);
        let made = client.post("/team/staff", &[("name", "第一人"), ("from", "2026-11-20")]).await;
        let path = made.location().to_owned();
        assert_eq!(client.get(&path).await.status, StatusCode::OK, "{}", town.t.engine);
        let unposted = town.person("无任职").await;
        assert_eq!(client.get(&format!("/team/staff/{unposted}")).await.status, StatusCode::NOT_FOUND);
        for (path, form) in [
            ("/team/staff".to_owned(), vec![("name", "第二人"), ("from", "2026-11-20")]),
            (format!("/team/staff/{other}/agreements"), vec![("day", "2026-11-20")]),
        ] {
            let status = client.post(&path, &form).await.status;
            assert!(status.is_client_error(), "{path}: for oneself alone, not for others: {status}");
        }
        for path in ["/team", "/overview", "/team/appointments/new", "/residents", "/surveys"] {
            let refused = client.get(path).await;
            if refused.status != StatusCode::NOT_FOUND {
                assert_eq!(refused.location(), "/agreement", "{path} leads to what is missing");
            }
        }
        assert_eq!(client.post("/team/staff/search", &[("q", "在")]).await.status, StatusCode::FORBIDDEN);
        assert!(!town.scope(account, town.today).await.agreed);
        assert_eq!(client.post(&format!("{path}/agreements"), &[("day", "2026-11-20")]).await.status, 303);
        assert!(town.scope(account, town.today).await.division);
        assert_eq!(client.get(&format!("/team/staff/{other}")).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_volunteer_sees_the_own_team_but_no_staff_file() {
    for town in towns().await {
        let (id, account) = town.with_account("志愿者甲", true).await;
        town.appoint(town.to(id, Post::Volunteer, town.grids[0])).await.unwrap();
        let client = Client::signed_in(&town.app, &areas(), account).await;
        let team = client.get("/team").await;
        assert!(
            team.text.contains("志愿者甲") && team.text.contains("第a1微网格") && !team.text.contains("第b1微网格")
        );
        for path in ["/team/staff".to_owned(), format!("/team/staff/{id}"), "/team/appointments/new".into()] {
            assert_eq!(client.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}

#[tokio::test]
async fn bodies_are_shown_and_changed() {
    for town in towns().await {
        let client = office(&town).await;
        assert!(client.get("/team/bodies").await.text.contains("领导小组"));
        let form = [("seat", "leading-group/political-legal-secretary"), ("name", "周书记"), ("from", "2026-11-20")];
        assert_eq!(client.post("/team/bodies/members", &form).await.status, 303);
        let shown = client.get("/team/bodies").await.text;
        assert!(shown.contains("周书记") && shown.contains("街道政法书记"));
        let again = client.post("/team/bodies/members", &form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("已有组长"));
    }
}

#[tokio::test]
async fn the_teams_of_a_whole_sub_district_are_shown_a_few_committees_at_a_time() {
    for town in towns().await {
        let client = office(&town).await;
        let sections = |text: &str| text.matches("<section").count();
        let first = client.get("/team").await.text;
        assert_eq!(sections(&first), 5, "{}", town.t.engine);
        assert!(first.contains("/team?page=2") && !first.contains("/team?page=0"));
        let last = client.get("/team?page=7").await.text;
        assert_eq!(sections(&last), 5, "35 committees make seven pages");
        assert_eq!(sections(&client.get("/team?page=8").await.text), 0);
        assert_eq!(sections(&client.get(&format!("/team?committee={JINGYANG}")).await.text), 1);
    }
}
