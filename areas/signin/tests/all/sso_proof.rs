//! Showing again who it is by signing in at the provider anew.

use http::StatusCode;
use linli_platform::{
    proof::AccessSettings,
    testing::{self, BEGIN, PASSWORD},
};

use super::{
    sso::{Site, Walker, location},
    world::{NAME, events, migrations},
};

/// Goes to the provider to show again who it is; the answer to coming back.
async fn proves(walker: &Walker, who: &str) -> reqwest::Response {
    let begun = walker.get("/account/proof/sso?next=/account/sso").await;
    assert_eq!(begun.status(), StatusCode::SEE_OTHER);
    let there = location(&begun);
    assert!(there.contains("prompt=login") && there.contains("max_age=0"), "{there}");
    let back = walker.at_provider(&there, who, "pwd").await;
    walker.get(&back).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_in_by_the_provider_shows_again_who_it_is_by_signing_in_there_anew() {
    for t in testing::stores(migrations).await {
        let engine = t.engine;
        let id = testing::account(&t.store, NAME, &[]).await;
        let other = testing::account(&t.store, "zhang.san", &[]).await;
        let site = Site::start(t, AccessSettings { step_up: true, ..AccessSettings::default() }, |_| {}).await;
        site.link(id, "staff-17").await;
        site.link(other, "staff-18").await;
        let walker = Walker::new(&site);
        assert_eq!(walker.sign_in("staff-17", "pwd").await.status(), StatusCode::SEE_OTHER);
        let minutes = i64::from(*site.app.pack.governance.access.step_up_minutes);
        site.store.clock.set(BEGIN.plus_s(60 * minutes));
        let asked = location(&walker.post("/account/sso/removal", &[]).await);
        assert!(asked.starts_with("/account/proof"), "{engine}: {asked}");
        let page = walker.get(&asked).await.text().await.unwrap();
        assert!(page.contains("/account/proof/sso?next=") && page.contains("通过街道统一身份重新登录验证"), "{page}");
        // Somebody else at the screen proves nothing.
        let other = Walker::new(&site);
        other.post("/sign-in", &[("name", NAME), ("password", PASSWORD)]).await;
        let refused = proves(&other, "staff-18").await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert!(refused.text().await.unwrap().contains("不是本账号关联的身份"));
        assert_eq!(events(&site.store.store, "account.proved", id).await, 0);
        // The provider remembers staff-17 and asks all the same.
        let there = location(&walker.get("/account/proof/sso").await);
        assert!(location(&walker.get(&there).await).contains("/who/"), "{engine}: it asks who it is");
        let proved = proves(&walker, "staff-17").await;
        assert_eq!((proved.status(), location(&proved).as_str()), (StatusCode::SEE_OTHER, "/account/sso"), "{engine}");
        assert_eq!(events(&site.store.store, "account.proved", id).await, 1);
        assert_eq!(location(&walker.post("/account/sso/removal", &[]).await), "/account/sso", "and is let on");
        let gone = walker.get("/account/proof/sso").await;
        assert_eq!(gone.status(), StatusCode::NOT_FOUND, "whoever is linked with nothing is not sent there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_counts_for_the_session_that_asked_alone() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, NAME, &[]).await;
    let site = Site::start(t, AccessSettings::default(), |_| {}).await;
    site.link(id, "staff-17").await;
    let walker = Walker::new(&site);
    walker.sign_in("staff-17", "pwd").await;
    let begun = walker.get("/account/proof/sso").await;
    let back = walker.at_provider(&location(&begun), "staff-17", "pwd").await;
    walker.post("/sign-out", &[]).await;
    assert_eq!(walker.get(&back).await.status(), StatusCode::BAD_REQUEST, "the session has ended");
    assert_eq!(events(&site.store.store, "account.proved", id).await, 0);
    let begun = Walker::new(&site).get("/account/proof/sso").await;
    assert!(location(&begun).starts_with("/sign-in"), "nobody proves anything without a session");
}
