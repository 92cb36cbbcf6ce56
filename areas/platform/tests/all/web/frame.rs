//! What is on every page and in every answer: headers, languages, the menu, errors, assets.

use axum::body::Body;
use http::{Request, StatusCode};
use linli_platform::{
    access::{Action, Role},
    app::App,
    area::{Area, NavGroup, NavItem, Route},
    error::{AppError, Result},
    jobs,
    reader::Reader,
    store::migrations,
    testing::{self, Client, DIVISION},
    web,
};

/// An area with routes that fail in every way.
fn failing() -> Area {
    Area {
        name: "failing",
        routes: vec![
            Route::get("/failing/panic", Action::Own, panics),
            Route::get("/failing/inner", Action::Own, async || -> Result<String> {
                Err(AppError::internal("张三 310118199001010000"))
            }),
            Route::get("/failing/stale", Action::Own, async || -> Result<String> { Err(AppError::stale()) }),
            Route::get("/api/failing", Action::Audit, async || "secret"),
            Route::post("/failing/text", Action::Own, async |body: String| body.len().to_string()),
            Route::post("/failing/upload", Action::Own, async |body: String| body.len().to_string())
                .accepts_bytes(4 * 1024 * 1024),
        ],
        ..Area::default()
    }
}

async fn panics() -> String {
    panic!("张三 is on no page")
}

async fn visitor(app: &App, role: Role) -> Client {
    let id = testing::account(&app.store, "visitor", &[(role, DIVISION)]).await;
    Client::signed_in(app, &[failing()], id).await
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let t = testing::sqlite(migrations()).await;
    let mut given = testing::installation(&t.store);
    given.secure_cookies = true;
    let app = App::assemble(&[], given).unwrap();
    let client = Client::new(&app, &[]);
    for path in ["/sign-in", "/nowhere", "/", "/static/css/desk.css", "/healthz"] {
        let answer = client.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=(self)"), "{path}");
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{path}");
        if !path.starts_with("/static") {
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
    testing::account(&t.store, "visitor", &[]).await;
    client.post("/sign-in", &[("name", "visitor"), ("password", testing::PASSWORD)]).await;
    assert!(client.cookie("__Host-linli").is_some(), "the cookie is bound to the host");
}

#[tokio::test]
async fn another_sites_form_changes_nothing() {
    let t = testing::sqlite(migrations()).await;
    let client = visitor(&testing::app(&t.store, &[failing()]), Role::Auditor).await;
    for (name, value) in [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")] {
        let request = Request::post("/sign-out").header(name, value).body(Body::empty()).unwrap();
        let answer = client.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        assert!(answer.text.contains("other-site"), "{}", answer.text);
    }
    assert_eq!(client.get("/account").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn a_role_sees_its_own_menu_and_is_refused_the_rest() {
    let t = testing::sqlite(migrations()).await;
    let client = visitor(&testing::app(&t.store, &[failing()]), Role::Auditor).await;
    let page = client.get("/audit/access").await;
    assert!(page.text.contains(r#"href="/audit/access" aria-current="page""#), "{}", page.text);
    assert!(page.text.contains(r#"href="/audit/events""#));
    assert!(!page.text.contains(r#"href="/admin/roles""#));
    let refused = client.get("/admin/roles").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("<code>forbidden</code>"));
}

/// An area with more entries than a menu shows unfolded.
fn crowded() -> Area {
    let groups = [NavGroup::Daily, NavGroup::Visits, NavGroup::Register];
    let item = |at: usize| NavItem {
        group: groups[at % groups.len()],
        order: 1,
        key: "notices",
        href: "/notices",
        action: Action::Own,
    };
    Area { name: "crowded", nav: (0..24).map(item).collect(), ..Area::default() }
}

#[tokio::test]
async fn a_long_menu_is_folded_but_for_today_and_the_group_of_the_page() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, "visitor", &[(Role::Auditor, DIVISION)]).await;
    let menu_of = async |areas: &[Area]| {
        let client = Client::signed_in(&testing::app(&t.store, areas), areas, id).await;
        client.get("/audit/log").await.text
    };
    let long = menu_of(&[crowded()]).await;
    for (heading, open) in [("今日工作", true), ("上门与走访", false), ("登记底册", false), ("审计", true)]
    {
        let group = format!("<details{}><summary>{heading}</summary>", if open { " open" } else { "" });
        assert!(long.contains(&group), "{heading}: {long}");
    }
    let short = menu_of(&[failing()]).await;
    assert!(short.contains("<details open><summary>审计</summary>"), "{short}");
    assert!(!short.contains("<details><summary>"), "a short menu is not folded: {short}");
}

#[tokio::test]
async fn errors_are_pages_with_a_code_and_without_the_cause() {
    let t = testing::sqlite(migrations()).await;
    let client = visitor(&testing::app(&t.store, &[failing()]), Role::TaskForce).await;
    for (path, status, code) in [
        ("/nowhere", 404, "not-found"),
        ("/jobs/not-an-id", 400, "bad-request"),
        ("/jobs/00000000-0000-7000-8000-000000000000", 404, "not-found"),
        ("/sign-out", 405, "method"),
        ("/failing/stale", 409, "stale-version"),
        ("/failing/inner", 500, "internal"),
        ("/failing/panic", 500, "internal"),
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert!(answer.text.contains(&format!("<code>{code}</code>")), "{path}: {}", answer.text);
        assert!(!answer.text.contains("张三"), "{path} shows its cause");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
}

#[tokio::test]
async fn a_body_over_two_megabytes_is_for_uploads() {
    let t = testing::sqlite(migrations()).await;
    let client = visitor(&testing::app(&t.store, &[failing()]), Role::TaskForce).await;
    let big = "x".repeat(3 * 1024 * 1024);
    for (path, status) in [("/failing/text", 413), ("/failing/upload", 200)] {
        let request = Request::post(path).header("content-type", "text/plain").body(Body::from(big.clone())).unwrap();
        let answer = client.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        if status == 413 {
            assert!(answer.text.contains("<code>too-large</code>"));
        }
    }
}

#[tokio::test]
async fn programs_get_statuses_and_codes_instead_of_pages() {
    let t = testing::sqlite(migrations()).await;
    let app = testing::app(&t.store, &[failing()]);
    let nobody = Client::new(&app, &[failing()]);
    let answer = nobody.get("/api/failing").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::UNAUTHORIZED, "application/problem+json"));
    assert!(answer.text.contains("\"not-signed-in\""));
    let client = visitor(&app, Role::TaskForce).await;
    assert_eq!(client.get("/api/failing").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_part_of_a_page_asked_for_without_a_session_sends_the_whole_browser_to_sign_in() {
    let t = testing::sqlite(migrations()).await;
    let client = Client::new(&testing::app(&t.store, &[]), &[]);
    let request = Request::get("/account").header("hx-request", "true").body(Body::empty()).unwrap();
    let answer = client.send(request).await;
    assert_eq!((answer.status, answer.header("hx-redirect")), (StatusCode::UNAUTHORIZED, "/sign-in?next=/account"));
    let request = Request::get("/nowhere").header("hx-request", "true").body(Body::empty()).unwrap();
    assert_eq!(client.send(request).await.header("hx-retarget"), "#page");
}

#[tokio::test]
async fn the_language_is_chosen_by_anybody_and_kept_with_the_account() {
    let t = testing::sqlite(migrations()).await;
    let app = testing::app(&t.store, &[failing()]);
    let client = Client::new(&app, &[]);
    assert!(client.get("/sign-in").await.text.contains("<html lang=\"zh-CN\">"));
    let back = client.post("/language", &[("lang", "en"), ("next", "/sign-in")]).await;
    assert_eq!(back.location(), "/sign-in");
    assert!(client.get("/sign-in").await.text.contains("<html lang=\"en\">"));
    assert_eq!(client.post("/language", &[("lang", "en"), ("next", "//elsewhere")]).await.location(), "/");

    let client = visitor(&app, Role::Auditor).await;
    client.post("/language", &[("lang", "en"), ("next", "/account")]).await;
    let id = linli_platform::accounts::find_by_name(&t.store.reads(), "visitor").await.unwrap().unwrap();
    assert_eq!(id.language, "en");
    let elsewhere = Client::signed_in(&app, &[], id.account_id).await;
    assert!(elsewhere.get("/account").await.text.contains("My account"), "also in another browser");
}

#[tokio::test]
async fn assets_are_kept_for_good_under_their_hash_and_have_their_type() {
    let t = testing::sqlite(migrations()).await;
    let client = Client::new(&testing::app(&t.store, &[]), &[]);
    for (path, kind) in [
        ("css/desk.css", "text/css; charset=utf-8"),
        ("vendor/htmx.min.js", "text/javascript; charset=utf-8"),
        ("vendor/leaflet/images/layers.png", "image/png"),
        ("img/linli.svg", "image/svg+xml"),
    ] {
        let href = web::assets::href(path);
        assert!(href.contains("?v="), "{path} is there");
        let answer = client.get(&href).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, kind), "{path}");
        assert!(answer.header("cache-control").contains("immutable"), "{path}");
        let plain = client.get(&format!("/static/{path}")).await;
        assert_eq!(plain.header("cache-control"), "no-cache", "{path} without its hash");
        let tag = answer.header("etag").to_owned();
        let request = Request::get(&href).header("if-none-match", tag).body(Body::empty()).unwrap();
        assert_eq!(client.send(request).await.status, StatusCode::NOT_MODIFIED);
    }
    assert_eq!(client.get("/static/../Cargo.toml").await.status, StatusCode::NOT_FOUND);
    let zipped = Request::get("/static/vendor/tabler.min.css").header("accept-encoding", "gzip").body(Body::empty());
    assert_eq!(client.send(zipped.unwrap()).await.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn pages_hold_no_inline_script_style_or_handler() {
    let t = testing::sqlite(migrations()).await;
    let app = testing::app(&t.store, &[]);
    for (role, paths) in [
        (
            Role::SystemAdmin,
            &["/account", "/account/password", "/admin/accounts", "/admin/accounts/new", "/admin/jobs"][..],
        ),
        (Role::SecurityOfficer, &["/admin/roles"]),
        (Role::Auditor, &["/audit/events", "/audit/access", "/audit/log", "/nowhere"]),
    ] {
        let id = testing::account(&t.store, role.code(), &[(role, DIVISION)]).await;
        let client = Client::signed_in(&app, &[], id).await;
        for path in paths {
            let page = client.get(path).await.text;
            assert!(page.contains("<main id=\"main\""), "{path}");
            for banned in [" style=", " onclick=", " onsubmit=", "<style", "<script>", "javascript:"] {
                assert!(!page.contains(banned), "{path} holds {banned}");
            }
        }
    }
}

#[tokio::test]
async fn a_job_shows_to_whoever_asked_for_it_how_far_it_is() {
    let t = testing::sqlite(migrations()).await;
    let app = testing::app(&t.store, &[]);
    let id = testing::account(&t.store, "visitor", &[(Role::TaskForce, DIVISION)]).await;
    let other = testing::account(&t.store, "li.na", &[(Role::TaskForce, DIVISION)]).await;
    let reader = Reader { account: id, ..Reader::system() };
    let tx = t.store.begin(&reader).await.unwrap();
    let job = jobs::enqueue(&tx, "nothing-of-the-kind", "", serde_json::Value::Null).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("/jobs/{job}");
    let client = Client::signed_in(&app, &[], id).await;
    let waiting = client.get(&path).await.text;
    assert!(waiting.contains("hx-trigger=\"every 1s\"") && waiting.contains("http-equiv=\"refresh\""), "{waiting}");
    assert_eq!(Client::signed_in(&app, &[], other).await.get(&path).await.status, StatusCode::NOT_FOUND);
    jobs::run_one(&app).await.unwrap();
    let ended = client.get(&path).await.text;
    assert!(ended.contains("<code>job-unknown</code>") && !ended.contains("every 1s"), "{ended}");
}

#[tokio::test]
async fn the_list_of_jobs_names_each_in_words() {
    let t = testing::sqlite(migrations()).await;
    let app = testing::app(&t.store, &[]);
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    jobs::enqueue(&tx, "import.check", "", serde_json::Value::Null).await.unwrap();
    jobs::enqueue(&tx, "platform.expire", "", serde_json::Value::Null).await.unwrap();
    tx.commit().await.unwrap();
    let id = testing::account(&t.store, "admin", &[(Role::SystemAdmin, DIVISION)]).await;
    let page = Client::signed_in(&app, &[], id).await.get("/admin/jobs").await.text;
    assert!(page.contains("核对导入的表格") && page.contains("删除到期的查阅记录和安全日志"), "{page}");
    assert!(!page.contains("job-import") && !page.contains("job-platform"), "{page}");
}
