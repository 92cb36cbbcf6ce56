//! Linking accounts with identities: by oneself, and by the system administrator.

use http::StatusCode;
use linli_platform::{
    access::Role,
    notices,
    proof::AccessSettings,
    store::Query as _,
    testing::{self, BEGIN, DIVISION, PASSWORD},
    vals,
    web::Paging,
};

use super::{
    sso::{Site, Walker, location},
    world::{NAME, events, migrations},
};

async fn signed_in(site: &Site, name: &str) -> Walker {
    let walker = Walker::new(site);
    let answer = walker.post("/sign-in", &[("name", name), ("password", PASSWORD)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    walker
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {text}")).split(after).next().unwrap()
}

/// Goes to the provider to be linked; the page that asks to confirm.
async fn asked_to_confirm(walker: &Walker, who: &str) -> reqwest::Response {
    let going = walker.post("/account/sso/link", &[]).await;
    assert_eq!(going.status(), StatusCode::OK);
    let page = going.text().await.unwrap();
    let href = format!("http://127.0.0.1{}", between(&page, "href=\"http://127.0.0.1", "\"")).replace("&#38;", "&");
    let back = walker.at_provider(&href, who, "pwd").await;
    walker.get(&back).await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_links_the_own_account_after_reading_whose_identity_it_is() {
    for t in testing::stores(migrations).await {
        let engine = t.engine;
        let id = testing::account(&t.store, NAME, &[]).await;
        testing::account(&t.store, "zhang.san", &[]).await;
        let site = Site::start(t, AccessSettings::default(), |_| {}).await;
        let walker = signed_in(&site, NAME).await;
        let page = asked_to_confirm(&walker, "17").await.text().await.unwrap();
        assert!(page.contains("<b>某 17</b>"), "{engine}: {page}");
        let ceremony = between(&page, "name=\"ceremony\" value=\"", "\"").to_owned();
        let stored = "SELECT COUNT(*) FROM sign_in_ceremony WHERE division_code = $1 AND state LIKE $2";
        let store = &site.store.store;
        let clear = store.reads().number(stored, vals![store.division(), "%某 17%"]).await.unwrap();
        assert_eq!(clear, 0, "who it is is shown and not kept");

        let other = signed_in(&site, "zhang.san").await;
        let stolen = other.post("/account/sso/confirmation", &[("ceremony", &ceremony)]).await;
        assert_eq!(stolen.status(), StatusCode::BAD_REQUEST, "another's confirmation");
        let linked = walker.post("/account/sso/confirmation", &[("ceremony", &ceremony)]).await;
        assert_eq!(location(&linked), "/account/sso");
        let again = walker.post("/account/sso/confirmation", &[("ceremony", &ceremony)]).await;
        assert_eq!(again.status(), StatusCode::BAD_REQUEST, "once");
        assert_eq!(events(store, "account.identity-linked", id).await, 1);
        let (told, _) = notices::list(&store.reads(), Paging::default()).await.unwrap();
        assert!(told.is_empty(), "nobody need hear of what somebody did to the own account");
        assert_eq!(asked_to_confirm(&other, "17").await.status(), StatusCode::UNPROCESSABLE_ENTITY, "it is taken");
        let by_provider = Walker::new(&site).sign_in("17", "pwd").await;
        assert_eq!(location(&by_provider), "/account/sessions");

        let ended = walker.post("/account/sso/removal", &[]).await;
        assert_eq!(location(&ended), "/account/sso");
        assert_eq!(Walker::new(&site).sign_in("17", "pwd").await.status(), StatusCode::FORBIDDEN);
        assert_eq!(events(store, "account.identity-unlinked", id).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn linking_begins_with_a_form_of_ours_and_a_recent_password() {
    let t = testing::sqlite(migrations()).await;
    testing::account(&t.store, NAME, &[]).await;
    let site = Site::start(t, AccessSettings::default(), |_| {}).await;
    let walker = signed_in(&site, NAME).await;
    assert_eq!(walker.get("/account/sso/link").await.status(), StatusCode::METHOD_NOT_ALLOWED, "no link begins it");
    let foreign = walker.client.post(format!("{}/account/sso/link", site.url)).header("origin", "https://elsewhere");
    assert_eq!(foreign.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let minutes = i64::from(*site.app.pack.governance.access.step_up_minutes);
    site.store.clock.set(BEGIN.plus_s(60 * minutes));
    for path in ["/account/sso/link", "/account/sso/removal"] {
        assert!(location(&walker.post(path, &[]).await).starts_with("/account/proof"), "{path}");
    }
    walker.post("/account/proof", &[("given", PASSWORD)]).await;
    assert_eq!(asked_to_confirm(&walker, "17").await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_system_administrator_links_ordinary_accounts_and_the_security_officer_hears_of_it() {
    for t in testing::stores(migrations).await {
        let engine = t.engine;
        let person = testing::account(&t.store, NAME, &[]).await;
        let admin = testing::account(&t.store, "sysadmin", &[(Role::SystemAdmin, DIVISION)]).await;
        let auditor = testing::account(&t.store, "audadmin", &[(Role::Auditor, DIVISION)]).await;
        let site = Site::start(t, AccessSettings::default(), |_| {}).await;
        let walker = signed_in(&site, "sysadmin").await;
        let path = |id| format!("/admin/accounts/{id}/sso");
        for own in [admin, auditor] {
            let refused = walker.post(&path(own), &[("subject", "17")]).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "R38, {engine}");
        }
        let empty = walker.post(&path(person), &[("subject", " ")]).await;
        assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text().await.unwrap().contains("href=\"#f-subject\""), "the message is at the field");
        assert_eq!(location(&walker.post(&path(person), &[("subject", "17")]).await), path(person));
        let page = walker.get(&path(person)).await.text().await.unwrap();
        assert!(page.contains("1***") && !page.contains(">17<"), "{page}");
        let store = &site.store.store;
        let (told, _) = notices::list(&store.reads(), Paging::default()).await.unwrap();
        assert_eq!((told.len(), told[0].kind.as_str(), told[0].account_id), (1, "identity-linked", person));
        let third = testing::account(store, "zhang.san", &[]).await;
        let taken = walker.post(&path(third), &[("subject", "17")]).await;
        assert_eq!(taken.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text().await.unwrap().contains("value=\"17\""), "what was typed stays");
        assert_eq!(location(&Walker::new(&site).sign_in("17", "pwd").await), "/account/sessions");
        assert_eq!(location(&walker.post(&format!("{}/removal", path(person)), &[]).await), path(person));
        assert_eq!(Walker::new(&site).sign_in("17", "pwd").await.status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_there_is_nothing_of_all_this() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, NAME, &[(Role::SystemAdmin, DIVISION)]).await;
    let app = super::world::app(&t.store, AccessSettings::default());
    let client = testing::Client::signed_in(&app, &super::world::areas(), id).await;
    for path in ["/account/sso", "/sign-in/sso", "/sign-in/sso/ended", &format!("/admin/accounts/{id}/sso")] {
        assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!client.get("/account").await.text.contains("/account/sso"));
}
