//! Signing in by a real provider, over real sockets.

use http::StatusCode;
use linli_platform::{
    access::Role,
    accounts,
    app::App,
    config::Oidc,
    ids::AccountId,
    proof::AccessSettings,
    reader::Reader,
    testing::{self, DIVISION, TestStore},
    web,
};
use linli_signin::sso::{
    Provider,
    identity::{self, Subject},
};
use reqwest::{Client, Response, redirect::Policy};

use super::{
    provider::{Running, SECRET, free_port},
    world::{NAME, app_with, areas, asks_admins, events, migrations, rows_with},
};

/// A server of ours, and the provider that it trusts.
pub struct Site {
    pub app: App,
    pub url: String,
    pub provider: Option<Running>,
    pub store: TestStore,
}

impl Site {
    /// Serves on a store. `settle` changes the settings of the single sign-on.
    pub async fn start(store: TestStore, access: AccessSettings, settle: impl FnOnce(&mut Oidc)) -> Site {
        // An error only says that one is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = free_port();
        let url = format!("http://localhost:{port}");
        let running = Running::start(&url);
        let mut oidc = Oidc {
            issuer: running.issuer(),
            client_id: "linli".into(),
            client_secret: Some(SECRET.into()),
            client_secret_file: None,
            name: Some("街道统一身份".into()),
            claim: "sub".into(),
            scopes: vec!["profile".into()],
            second_factor_amr: Vec::new(),
            second_factor_acr: Vec::new(),
            timeout_s: 5,
        };
        settle(&mut oidc);
        let provider = Provider::new(&oidc, &url).unwrap();
        let app = app_with(&store.store, access, Some(provider));
        let router = web::router(app.clone(), &areas());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Site { app, url, provider: Some(running), store }
    }
    pub async fn link(&self, account: AccountId, value: &str) {
        let issuer = self.provider.as_ref().unwrap().issuer();
        let me = Reader { account, ..Reader::system() };
        let tx = self.store.store.begin(&me).await.unwrap();
        let subject = Subject::of(&self.store.store, &issuer, value).unwrap();
        identity::link(&tx, account, &issuer, &subject).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A browser that goes where it is sent, and types at the provider who somebody is.
pub struct Walker {
    pub client: Client,
    pub site: String,
}

impl Walker {
    pub fn new(site: &Site) -> Walker {
        let client = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
        Walker { client, site: site.url.clone() }
    }
    /// Opens an address here or there.
    pub async fn get(&self, to: &str) -> Response {
        let url = if to.starts_with('/') { format!("{}{to}", self.site) } else { to.to_owned() };
        self.client.get(url).send().await.unwrap()
    }
    /// Sends a form of ours.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let body: Vec<String> = form.iter().map(|(k, v)| format!("{k}={}", web::encode_query(v))).collect();
        let request = self.client.post(format!("{}{path}", self.site)).header("origin", &self.site);
        request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&")).send().await.unwrap()
    }
    /// Signs in at the provider, beginning at its address; the address that it sends back to.
    pub async fn at_provider(&self, start: &str, who: &str, methods: &str) -> String {
        let base = start.split("/auth").next().unwrap().to_owned();
        let mut to = start.to_owned();
        for _ in 0..6 {
            let answer = if to.contains("/who/") {
                self.get(&to).await;
                let body = format!("who={}&methods={}", web::encode_query(who), web::encode_query(methods));
                let typed = self.client.post(&to).header("content-type", "application/x-www-form-urlencoded");
                typed.body(body).send().await.unwrap()
            } else {
                self.get(&to).await
            };
            to = location(&answer);
            if to.starts_with('/') {
                to = format!("{base}{to}");
            }
            if to.starts_with(&self.site) {
                return to;
            }
        }
        panic!("the provider does not send back; it is at {to}");
    }
    /// The whole way of signing in; the answer to coming back.
    pub async fn sign_in(&self, who: &str, methods: &str) -> Response {
        let begun = self.get("/sign-in/sso?next=/account/sessions").await;
        assert_eq!(begun.status(), StatusCode::SEE_OTHER);
        let back = self.at_provider(&location(&begun), who, methods).await;
        self.get(&back).await
    }
}

/// What a page says, without its frame.
async fn said(answer: Response) -> String {
    answer.text().await.unwrap().split("<main").nth(1).unwrap().to_owned()
}

pub fn location(answer: &Response) -> String {
    answer.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_linked_identity_signs_in_and_the_provider_is_left_on_the_way_out() {
    for t in testing::stores(migrations).await {
        let engine = t.engine;
        let id = testing::account(&t.store, NAME, &[(Role::Coordinator, DIVISION)]).await;
        let site = Site::start(t, AccessSettings::default(), |_| {}).await;
        site.link(id, "staff-17").await;
        let walker = Walker::new(&site);
        let page = walker.get("/sign-in").await.text().await.unwrap();
        assert!(page.contains("通过街道统一身份登录"), "{page}");
        let done = walker.sign_in("staff-17", "pwd").await;
        assert_eq!((done.status().as_u16(), location(&done).as_str()), (303, "/account/sessions"), "{engine}");
        let sessions = walker.get("/account/sessions").await.text().await.unwrap();
        assert!(sessions.contains("<small>统一身份</small>"), "the way is told: {sessions}");
        assert_eq!(events(&site.store.store, "account.signed-in", id).await, 1);
        assert_eq!(rows_with(&site.store.store, "sso_identity", "label_masked", "staff-17").await, 0, "masked alone");

        let out = walker.post("/sign-out", &[]).await;
        assert_eq!(location(&out), "/sign-in/sso/ended");
        let page = walker.get("/sign-in/sso/ended").await.text().await.unwrap();
        let there = page.split("href=\"http://127.0.0.1").nth(1).unwrap().split('"').next().unwrap();
        assert!(there.contains("/session/end?client_id=linli&#38;post_logout_redirect_uri="), "{there}");
        let there = format!("http://127.0.0.1{}", there.replace("&#38;", "&"));
        assert_eq!(walker.get(&there).await.status(), StatusCode::OK, "the provider understands it");
        assert_eq!(location(&walker.get("/account").await), "/sign-in?next=/account");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_whom_nobody_linked_and_the_answer_is_the_same_for_a_disabled_account() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, NAME, &[]).await;
    let site = Site::start(t, AccessSettings::default(), |_| {}).await;
    site.link(id, "staff-17").await;
    let tx = site.store.store.begin(&Reader::system()).await.unwrap();
    accounts::set_disabled(&tx, id, true).await.unwrap();
    tx.commit().await.unwrap();
    let mut texts = Vec::new();
    for who in ["staff-17", "staff-18"] {
        let walker = Walker::new(&site);
        let refused = walker.sign_in(who, "pwd").await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{who}");
        let text = said(refused).await;
        assert!(text.contains("没有账号与此身份关联") && !text.contains(who) && !text.contains("127.0.0.1"), "{text}");
        texts.push(text);
        assert_eq!(location(&walker.get("/account").await), "/sign-in?next=/account");
    }
    assert_eq!(texts[0], texts[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_for_the_browser_that_asked_and_counts_once() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, NAME, &[]).await;
    let site = Site::start(t, AccessSettings::default(), |_| {}).await;
    site.link(id, "staff-17").await;
    let (asking, other) = (Walker::new(&site), Walker::new(&site));
    let begun = asking.get("/sign-in/sso").await;
    let back = asking.at_provider(&location(&begun), "staff-17", "pwd").await;
    assert_eq!(other.get(&back).await.status(), StatusCode::BAD_REQUEST, "without the cookie");
    other.get("/sign-in/sso").await;
    assert_eq!(other.get(&back).await.status(), StatusCode::BAD_REQUEST, "with the cookie of another question");
    assert_eq!(asking.get(&back).await.status(), StatusCode::SEE_OTHER, "and it was not spent by that");
    assert_eq!(asking.get(&back).await.status(), StatusCode::BAD_REQUEST, "a second time");

    let begun = asking.get("/sign-in/sso").await;
    assert_eq!(location(&begun), "/", "whoever is signed in need not");
    let third = Walker::new(&site);
    let begun = third.get("/sign-in/sso").await;
    let back = third.at_provider(&location(&begun), "staff-17", "pwd").await;
    let elsewhere = back.replace("iss=http%3A%2F%2F127.0.0.1", "iss=https%3A%2F%2Felsewhere");
    assert_ne!(elsewhere, back);
    assert_eq!(third.get(&elsewhere).await.status(), StatusCode::FORBIDDEN, "another provider's answer");
    let fourth = Walker::new(&site);
    let begun = fourth.get("/sign-in/sso").await;
    let back = fourth.at_provider(&location(&begun), "", "").await;
    let refused = fourth.get(&back).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN, "refused at the provider");
    assert!(!said(refused).await.contains("access_denied"), "its words are not ours");
    let fifth = Walker::new(&site);
    let begun = fifth.get("/sign-in/sso").await;
    let back = fifth.at_provider(&location(&begun), "staff-17", "pwd").await;
    let (before, after) = back.split_once("code=").unwrap();
    let forged = format!("{before}code=forged{after}");
    assert_eq!(fifth.get(&forged).await.status(), StatusCode::FORBIDDEN, "a code that it never gave");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_changes_its_keys_signs_nobody_out() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, NAME, &[]).await;
    let mut site = Site::start(t, AccessSettings::default(), |_| {}).await;
    site.link(id, "staff-17").await;
    assert_eq!(Walker::new(&site).sign_in("staff-17", "pwd").await.status(), StatusCode::SEE_OTHER);
    let other = site.provider.take().unwrap().with_new_keys();
    site.provider = Some(other);
    let again = Walker::new(&site).sign_in("staff-17", "pwd").await;
    assert_eq!((again.status().as_u16(), location(&again).as_str()), (303, "/account/sessions"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_answer_is_said_to_be_so_and_the_password_remains() {
    let t = testing::sqlite(migrations()).await;
    testing::account(&t.store, NAME, &[]).await;
    let mut site = Site::start(t, AccessSettings::default(), |_| {}).await;
    drop(site.provider.take());
    let walker = Walker::new(&site);
    let refused = walker.get("/sign-in/sso").await;
    assert_eq!(refused.status(), StatusCode::BAD_GATEWAY);
    let text = refused.text().await.unwrap();
    assert!(text.contains("统一身份认证没有应答") && !text.contains("127.0.0.1"), "{text}");
    let signed_in = walker.post("/sign-in", &[("name", NAME), ("password", testing::PASSWORD)]).await;
    assert_eq!(location(&signed_in), "/");
    assert_eq!(walker.get("/sign-in/sso/ended").await.status(), StatusCode::OK, "as true without the link");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_providers_second_factor_counts_only_where_the_settings_say_so() {
    for (trusted, methods, opens) in
        [(&[][..], "pwd otp", false), (&["otp"][..], "pwd otp", true), (&["otp"][..], "pwd", false)]
    {
        let t = testing::sqlite(migrations()).await;
        let id = testing::account(&t.store, NAME, &[(Role::SystemAdmin, DIVISION)]).await;
        let own = |oidc: &mut Oidc| {
            oidc.claim = "staff_no".into();
            oidc.second_factor_amr = trusted.iter().map(ToString::to_string).collect();
        };
        let site = Site::start(t, asks_admins(), own).await;
        site.link(id, "no-17").await;
        let walker = Walker::new(&site);
        assert_eq!(walker.sign_in("17", methods).await.status(), StatusCode::SEE_OTHER);
        let page = walker.get("/admin/accounts").await;
        let expected = if opens { "" } else { "/account/second-factor" };
        assert_eq!(location(&page), expected, "{trusted:?} and {methods}");
    }
}
