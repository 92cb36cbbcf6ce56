//! The administrators' pages, and that the three are three people (R38).

use http::StatusCode;
use linli_platform::{
    access::Role,
    accounts,
    reader::Reader,
    store::{Query, Store, migrations},
    testing::{self, Client, DIVISION, PASSWORD},
    vals,
};

async fn client(store: &Store, name: &str, role: Role) -> Client {
    let id = testing::account(store, name, &[(role, DIVISION)]).await;
    Client::signed_in(&testing::app(store, &[]), &[], id).await
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map_or("", |(inner, _)| inner)
}

#[tokio::test]
async fn a_new_account_gets_a_password_once_and_must_change_it_first() {
    for t in testing::stores(migrations).await {
        let admin = client(&t.store, "admin.one", Role::SystemAdmin).await;
        let form = [("sign_in_name", "li.na"), ("display_name", "李**")];
        let made = admin.post("/admin/accounts", &form).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        let password = between(&made.text, "<code class=\"one-time\">", "</code>").to_owned();
        let again = admin.post("/admin/accounts", &form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("value=\"li.na\""), "what was typed stays");

        let new = Client::new(admin.app(), &[]);
        assert_eq!(new.post("/sign-in", &[("name", "li.na"), ("password", &password)]).await.location(), "/");
        assert_eq!(new.get("/account").await.location(), "/account/password");
        let short = [("old", password.as_str()), ("new", "short"), ("again", "short")];
        assert_eq!(new.post("/account/password", &short).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let good = [("old", password.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
        let before = new.cookie("linli");
        let changed = new.post("/account/password", &good).await;
        assert_eq!(changed.location(), "/account", "{} {}", t.engine, changed.text);
        assert_ne!(new.cookie("linli"), before, "a new session");
        let shown = new.get("/account").await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text.contains("role=\"status\""), "the message is shown");
        assert!(!new.get("/account").await.text.contains("role=\"status\""), "once");
    }
}

#[tokio::test]
async fn three_administrators_are_three_people() {
    for t in testing::stores(migrations).await {
        let officer = client(&t.store, "officer", Role::SecurityOfficer).await;
        let target = testing::account(&t.store, "li.na", &[(Role::SystemAdmin, DIVISION)]).await;
        let worker = testing::account(&t.store, "wang.wei", &[(Role::TaskForce, DIVISION)]).await;
        let own = accounts::find_by_name(&t.store.reads(), "officer").await.unwrap().unwrap().account_id;
        for (account, role) in [
            (target, "auditor"),
            (target, "security-officer"),
            (target, "task-force"),
            (worker, "auditor"),
            (own, "system-admin"),
            (own, "population-office"),
        ] {
            let form = [("role", role), ("from", "2026-11-20")];
            let answer = officer.post(&format!("/admin/roles/{account}"), &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{role} on {}", t.engine);
            assert!(answer.text.contains("必须由三个人分别担任"), "{}", answer.text);
        }
        let form = [("role", "station"), ("from", "2026-11-20"), ("last", "2026-12-31")];
        let proposed = officer.post(&format!("/admin/roles/{worker}"), &form).await;
        assert!(proposed.location().starts_with("/proposals/"), "{}", proposed.text);
    }
}

#[tokio::test]
async fn a_role_is_granted_when_a_second_person_approves_and_never_by_whoever_proposed_it() {
    for t in testing::stores(migrations).await {
        let officer = client(&t.store, "officer", Role::SecurityOfficer).await;
        let admin = client(&t.store, "admin.one", Role::SystemAdmin).await;
        let auditor = client(&t.store, "auditor", Role::Auditor).await;
        let worker = testing::account(&t.store, "wang.wei", &[]).await;
        let person = Client::signed_in(officer.app(), &[], worker).await;
        let form = [("role", "station"), ("from", "2026-11-20")];
        let proposed = officer.post(&format!("/admin/roles/{worker}"), &form).await;
        let path = proposed.location().to_owned();
        let approval = format!("{path}/approval");
        assert_eq!(person.get("/proposals").await.status, StatusCode::FORBIDDEN, "{}", t.engine);
        let own = officer.post(&approval, &[]).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(own.text.contains("不能审批自己提出的事项"), "{}", own.text);
        assert_eq!(auditor.post(&approval, &[]).await.status, StatusCode::FORBIDDEN, "R38");
        let shown = admin.get(&path).await;
        assert!(shown.text.contains("派出所") && shown.text.contains("wang.wei"), "{}", shown.text);
        assert_eq!(admin.post(&approval, &[]).await.location(), path);
        assert_eq!(person.get("/proposals").await.status, StatusCode::OK, "the role holds");
        assert_eq!(admin.post(&approval, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "once");

        let form = [("role", "data-steward"), ("from", "2026-11-20")];
        let second = officer.post(&format!("/admin/roles/{worker}"), &form).await.location().to_owned();
        t.clock.set(t.store.now().plus_s(8 * 86_400));
        let late = client(&t.store, "admin.two", Role::SystemAdmin).await;
        let lapsed = late.post(&format!("{second}/approval"), &[]).await;
        assert_eq!(lapsed.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody decided for a week");
        let held = accounts::roles_of(&t.store.reads(), worker).await.unwrap();
        assert_eq!(held.len(), 1, "{}", t.engine);
    }
}

#[tokio::test]
async fn an_administrators_role_ends_only_with_a_second_person() {
    for t in testing::stores(migrations).await {
        let officer = client(&t.store, "officer", Role::SecurityOfficer).await;
        let admin = client(&t.store, "admin.one", Role::SystemAdmin).await;
        let auditor = testing::account(&t.store, "auditor", &[(Role::Auditor, DIVISION)]).await;
        let person = Client::signed_in(officer.app(), &[], auditor).await;
        let held = accounts::roles_of(&t.store.reads(), auditor).await.unwrap();
        let end = format!("/admin/roles/{auditor}/{}/end", held[0].account_role_id);
        let path = officer.post(&end, &[]).await.location().to_owned();
        assert!(path.starts_with("/proposals/"), "{path}");
        assert_eq!(person.get("/audit/events").await.status, StatusCode::OK, "nothing has happened yet");
        assert_eq!(admin.post(&format!("{path}/refusal"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(person.get("/audit/events").await.status, StatusCode::OK, "refused");
        let path = officer.post(&end, &[]).await.location().to_owned();
        assert_eq!(admin.post(&format!("{path}/approval"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(person.get("/audit/events").await.status, StatusCode::FORBIDDEN, "{}", t.engine);
    }
}

#[tokio::test]
async fn a_role_that_ended_makes_room_for_an_administrators() {
    let t = testing::sqlite(migrations()).await;
    let officer = client(&t.store, "officer", Role::SecurityOfficer).await;
    let id = testing::account(&t.store, "li.na", &[(Role::TaskForce, DIVISION)]).await;
    let held = accounts::roles_of(&t.store.reads(), id).await.unwrap();
    let person = Client::signed_in(officer.app(), &[], id).await;
    assert_eq!(person.get("/audit/events").await.status, StatusCode::FORBIDDEN);
    let end = format!("/admin/roles/{id}/{}/end", held[0].account_role_id);
    assert_eq!(officer.post(&end, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(officer.post(&end, &[]).await.status, StatusCode::CONFLICT, "it has ended already");
    let form = [("role", "auditor"), ("from", "2026-11-20")];
    let proposed = officer.post(&format!("/admin/roles/{id}"), &form).await.location().to_owned();
    let admin = client(&t.store, "admin.one", Role::SystemAdmin).await;
    assert_eq!(admin.post(&format!("{proposed}/approval"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(person.get("/audit/events").await.status, StatusCode::OK, "from now on");
    assert_eq!(person.get("/admin/roles").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nobody_makes_two_administrators_of_one_person_in_bulk() {
    let t = testing::sqlite(migrations()).await;
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    let new = accounts::NewAccount {
        sign_in_name: "both".into(),
        display_name: "两职".into(),
        password_hash: "-".into(),
        roles: vec![(Role::Auditor, DIVISION.into()), (Role::SystemAdmin, DIVISION.into())],
        must_change: false,
    };
    assert!(accounts::create_many(&tx, vec![new]).await.unwrap_err().is("admins-apart"));
}

#[tokio::test]
async fn an_administrator_cannot_disable_the_own_account() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, "admin.one", &[(Role::SystemAdmin, DIVISION)]).await;
    let admin = Client::signed_in(&testing::app(&t.store, &[]), &[], id).await;
    let answer = admin.post(&format!("/admin/accounts/{id}/disabling"), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("account-own"));
    let other = testing::account(&t.store, "li.na", &[]).await;
    let answer = admin.post(&format!("/admin/accounts/{other}/disabling"), &[]).await;
    assert_eq!(answer.location(), format!("/admin/accounts/{other}"));
}

#[tokio::test]
async fn the_auditor_finds_what_the_others_did_and_changes_nothing() {
    for t in testing::stores(migrations).await {
        let auditor = client(&t.store, "auditor", Role::Auditor).await;
        let admin = client(&t.store, "admin.one", Role::SystemAdmin).await;
        admin.post("/admin/accounts", &[("sign_in_name", "li.na"), ("display_name", "李**")]).await;
        let all = auditor.get("/audit/events").await;
        assert!(all.text.contains("新建账号"), "{} {}", t.engine, all.text);
        let who = ("account", "admin.one");
        for (asked, rows) in [
            (&[who][..], 1),
            (&[("kind", "account.created"), who, ("from", "2026-11-20"), ("last", "2026-11-20")], 1),
            (&[who, ("from", "2026-11-21")], 0),
            (&[("kind", "account.locked")], 0),
        ] {
            let page = auditor.post("/audit/events", asked).await;
            assert_eq!(page.text.matches("<tr><td").count(), rows, "{asked:?} on {}", t.engine);
        }
        let named = auditor.get("/audit/events?account=nobody").await;
        assert!(named.text.matches("<tr><td").count() > 0, "an address names nobody, so the name is not heeded");
        let bad = auditor.get("/audit/events?from=2026-02-30&subject=x").await;
        assert!(bad.text.contains("href=\"#f-from\"") && bad.text.contains("href=\"#f-subject\""));
        for path in ["/audit/access", "/audit/log"] {
            assert_eq!(auditor.get(path).await.status, StatusCode::OK, "{path} on {}", t.engine);
        }
        let events = "SELECT COUNT(*) FROM event WHERE division_code = $1";
        let before = t.store.reads().number(events, vals![t.store.division()]).await.unwrap();
        assert_eq!(auditor.post("/admin/accounts", &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(t.store.reads().number(events, vals![t.store.division()]).await.unwrap(), before);
    }
}

#[tokio::test]
async fn a_search_for_somebody_travels_in_a_form_and_never_in_an_address() {
    for t in testing::stores(migrations).await {
        for n in 0..60 {
            testing::account(&t.store, &format!("helper.{n:02}"), &[]).await;
        }
        for (path, role) in [("/admin/accounts", Role::SystemAdmin), ("/admin/roles", Role::SecurityOfficer)] {
            let client = client(&t.store, role.code(), role).await;
            let list = client.get(path).await.text;
            let form = format!(r#"<form method="post" action="{path}/search""#);
            assert!(list.contains(&form), "{path} on {}", t.engine);
            let one = client.post(&format!("{path}/search"), &[("q", "helper.59")]).await.text;
            assert!(one.contains("helper.59") && !one.contains("helper.58"), "{path}");
            let ignored = client.get(&format!("{path}?q=helper.59")).await.text;
            assert!(ignored.contains("helper.00"), "{path}: an address with a name searches nothing");
            let next = client.post(&format!("{path}/search"), &[("q", "helper"), ("number", "2")]).await.text;
            assert!(next.contains("helper.59") && !next.contains("helper.00"), "{path}");
            assert!(!next.contains("q=helper"), "{path}: nor does a link to the next page hold it");
        }
    }
}
