//! The interface as another system meets it: let in or not, held back, answered once, and told what is wrong.

use axum::{body::Body as Bytes, extract::State, response::Response};
use http::{HeaderMap, Request, StatusCode, header};
use linli_platform::{
    Result,
    access::Role,
    api::{
        ApiClient, ApiRoute, ApiScope, Body, ClientId, IdempotencyKey, Once, answer,
        clients::{self, NewClient},
    },
    app::App,
    area::Area,
    clock::Day,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::{Reader, Scope},
    store::{Query, Store, migrations},
    testing::{self, Answer, Client, DIVISION, TestStore},
    vals,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// A thing that a client brings.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
}

#[derive(Serialize, ToSchema)]
struct Kept {
    id: uuid::Uuid,
}

#[utoipa::path(post, path = "/api/v1/things", tag = "things", request_body = Thing, responses((status = 201, body = Kept)))]
async fn bring_thing(
    State(app): State<App>,
    client: ApiClient,
    reader: Reader,
    key: IdempotencyKey,
    body: Body<Thing>,
) -> Result<Response> {
    let once = Once::new(&client, key, "thing", body.digest);
    let tx = app.store.begin(&reader).await?;
    if let Some(answer) = once.before(&tx).await? {
        return Ok(answer);
    }
    let kept = Kept { id: tx.new_id() };
    let row = vals![tx.division(), kept.id.to_string(), body.value.name];
    tx.insert_many("setting", &["division_code", "name", "value"], vec![row]).await?;
    tx.event(NewEvent::new("thing.brought", SubjectRef::new("thing", kept.id, None))).await?;
    let response = once.keep(&tx, StatusCode::CREATED, Some("/api/v1/things"), &kept).await?;
    tx.commit().await?;
    Ok(response)
}

#[utoipa::path(get, path = "/api/v1/things", tag = "things", responses((status = 200, body = Kept)))]
async fn see_things(State(app): State<App>, reader: Reader, headers: HeaderMap) -> Result<Response> {
    let q = app.store.reads();
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("grid_id", &mut values);
    let sql = format!("SELECT COUNT(*) FROM event WHERE division_code = $1 AND {scope}");
    answer(&headers, &json!({ "events": q.number(&sql, values).await? }))
}

fn areas() -> Vec<Area> {
    let scope = Some(ApiScope::Addresses);
    let api = vec![ApiRoute::new(scope, routes!(bring_thing)), ApiRoute::new(scope, routes!(see_things))];
    vec![Area { name: "things", api, ..Area::default() }]
}

fn wanted(today: Day) -> NewClient {
    NewClient {
        name: "一网通办".into(),
        scopes: vec!["addresses".into()],
        area_kind: "division".into(),
        areas: Vec::new(),
        requests_a_minute: 600,
        from: today,
        until: None,
    }
}

struct Office {
    test: TestStore,
    client: Client,
}

impl Office {
    fn open(test: TestStore) -> Office {
        let areas = areas();
        let client = Client::new(&testing::app(&test.store, &areas), &areas);
        Office { test, client }
    }
    fn store(&self) -> &Store {
        &self.test.store
    }
    async fn admit(&self, change: impl FnOnce(&mut NewClient)) -> (ClientId, String) {
        let mut new = wanted(self.store().clock().today());
        change(&mut new);
        let tx = self.store().begin(&Reader::system()).await.unwrap();
        let id = clients::admit(&tx, &new).await.unwrap();
        let token = clients::make_token(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        (id, token)
    }
    async fn get(&self, token: &str, path: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.client.send(request.body(Bytes::empty()).unwrap()).await
    }
    async fn bring(&self, token: &str, key: Option<&str>, body: &str) -> Answer {
        let mut request = Request::post("/api/v1/things")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.client.send(request.body(Bytes::from(body.to_owned())).unwrap()).await
    }
    async fn things(&self) -> i64 {
        let sql = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'thing.brought'";
        self.store().reads().number(sql, vals![self.store().division()]).await.unwrap()
    }
}

fn problem(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
    let value: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(value["status"], answer.status.as_u16());
    assert_eq!(value["type"], format!("urn:linli:problem:{}", value["code"].as_str().unwrap()));
    value
}

#[tokio::test]
async fn whoever_has_no_valid_token_gets_one_answer() {
    for test in testing::stores(migrations).await {
        let office = Office::open(test);
        let today = office.store().clock().today();
        let (_, good) = office.admit(|_| {}).await;
        assert_eq!(office.get(&good, "/api/v1/things").await.status, StatusCode::OK);
        let (revoked, old) = office.admit(|_| {}).await;
        let tx = office.store().begin(&Reader::system()).await.unwrap();
        clients::revoke(&tx, revoked).await.unwrap();
        tx.commit().await.unwrap();
        let (_, coming) = office.admit(|c| c.from = today.plus_days(1)).await;
        let (_, ended) = office.admit(|c| (c.from, c.until) = (today.plus_days(-9), Some(today))).await;
        let mut wrong = good.clone();
        wrong.replace_range(wrong.len() - 3.., "xyz");
        let mut texts = Vec::new();
        for token in [old, coming, ended, wrong, String::new(), "linli_x_y".into(), "赵".into()] {
            let answer = office.get(&token, "/api/v1/things").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
            assert_eq!(problem(&answer)["code"], "api-client-unknown");
            texts.push(answer.text);
        }
        assert!(texts.windows(2).all(|w| w[0] == w[1]));
        // Nor does a person's session open anything here.
        let admin = testing::account(office.store(), "admin", &[(Role::PopulationOffice, DIVISION)]).await;
        let signed_in = Client::signed_in(office.client.app(), &areas(), admin).await;
        assert_eq!(signed_in.get("/api/v1/things").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_client_does_what_it_was_admitted_to_in_its_areas_alone() {
    for test in testing::stores(migrations).await {
        let office = Office::open(test);
        let (_, other) = office.admit(|c| c.scopes = vec!["figures".into()]).await;
        let refused = office.get(&other, "/api/v1/things").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(problem(&refused)["code"], "api-scope");
        assert_eq!(office.get(&other, "/api/v1/client").await.status, StatusCode::OK, "every client sees itself");

        let grid: GridId = office.store().new_id();
        let tx = office.store().begin(&Reader::system()).await.unwrap();
        tx.event(NewEvent::new("grid.opened", SubjectRef::new("grid", grid, Some(grid)))).await.unwrap();
        tx.commit().await.unwrap();
        let narrow = |areas: Vec<String>| move |c: &mut NewClient| (c.area_kind, c.areas) = ("grid".into(), areas);
        let (id, inside) = office.admit(narrow(vec![grid.to_string()])).await;
        let (_, outside) = office.admit(narrow(vec![office.store().new_id::<GridId>().to_string()])).await;
        for (token, seen) in [(&inside, 1), (&outside, 0)] {
            let answer: Value = serde_json::from_str(&office.get(token, "/api/v1/things").await.text).unwrap();
            assert_eq!(answer["events"], seen);
        }
        let client = clients::authenticate(office.client.app(), &inside).await.unwrap().unwrap();
        assert_eq!((client.client_id, client.scope), (id, Scope::Grids(vec![grid])));
        // The language of what went wrong is the client's.
        let text = |lang: &'static str| {
            let request = Request::get("/api/v1/nothing").header(header::ACCEPT_LANGUAGE, lang);
            office.client.send(request.body(Bytes::empty()).unwrap())
        };
        assert_ne!(problem(&text("zh-CN").await)["title"], problem(&text("en").await)["title"]);
    }
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_how_long_to_wait() {
    for test in testing::stores(migrations).await {
        let office = Office::open(test);
        let (_, token) = office.admit(|c| c.requests_a_minute = 3).await;
        for _ in 0..3 {
            assert_eq!(office.get(&token, "/api/v1/client").await.status, StatusCode::OK, "{}", office.test.engine);
        }
        let held = office.get(&token, "/api/v1/client").await;
        assert_eq!((held.status, held.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "20"));
        assert_eq!(problem(&held)["code"], "api-too-often");
        let (_, other) = office.admit(|_| {}).await;
        assert_eq!(office.get(&other, "/api/v1/client").await.status, StatusCode::OK, "others go on");
        office.test.clock.set(office.store().now().plus_s(20));
        assert_eq!(office.get(&token, "/api/v1/client").await.status, StatusCode::OK);
        assert_eq!(office.get(&token, "/api/v1/client").await.status, StatusCode::TOO_MANY_REQUESTS, "one in 20 s");
    }
}

#[tokio::test]
async fn a_change_that_is_sent_again_is_made_once() {
    for test in testing::stores(migrations).await {
        let office = Office::open(test);
        let (_, token) = office.admit(|_| {}).await;
        let body = json!({ "name": "䶮·甲" }).to_string();
        let first = office.bring(&token, Some("key-00000001"), &body).await;
        assert_eq!(first.status, StatusCode::CREATED, "{} {}", office.test.engine, first.text);
        let again = office.bring(&token, Some("key-00000001"), &body).await;
        assert_eq!((again.status, &again.text), (StatusCode::CREATED, &first.text));
        assert_eq!((again.location(), again.header("idempotent-replay")), ("/api/v1/things", "true"));
        assert_eq!(first.header("idempotent-replay"), "");
        let other = office.bring(&token, Some("key-00000001"), r#"{"name":"乙"}"#).await;
        assert_eq!(
            (other.status, problem(&other)["code"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("api-key-reused"))
        );
        assert_eq!(office.things().await, 1);
        // The same key of another client is another request.
        let (_, neighbour) = office.admit(|_| {}).await;
        assert_eq!(office.bring(&neighbour, Some("key-00000001"), &body).await.status, StatusCode::CREATED);
        assert_eq!(office.things().await, 2);
        // What is no longer kept is new.
        office.test.clock.set(office.store().now().plus_hours(linli_platform::api::KEPT_HOURS + 1));
        let late = office.bring(&token, Some("key-00000001"), &body).await;
        assert_eq!((late.status, office.things().await), (StatusCode::CREATED, 3));
        assert_ne!(late.text, first.text);
        for (key, code) in [(None, "missing"), (Some("short"), "value"), (Some("with space 1"), "value")] {
            let answer = office.bring(&token, key, &body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            let told = problem(&answer);
            assert_eq!(
                (&told["errors"][0]["parameter"], &told["errors"][0]["code"]),
                (&json!("Idempotency-Key"), &json!(code))
            );
        }
    }
}

#[tokio::test]
async fn two_requests_with_one_key_at_the_same_time_make_one_change() {
    for test in testing::stores(migrations).await {
        let office = Office::open(test);
        let (_, token) = office.admit(|_| {}).await;
        let body = r#"{"name":"丙"}"#;
        let bring = || office.bring(&token, Some("key-at-once"), body);
        let answers = futures::future::join_all([bring(), bring(), bring(), bring()]).await;
        let texts: Vec<_> = answers.iter().map(|a| (a.status, a.text.as_str())).collect();
        assert!(
            texts.iter().all(|t| t.0 == StatusCode::CREATED && t.1 == texts[0].1),
            "{}: {texts:?}",
            office.test.engine
        );
        assert_eq!(office.things().await, 1);
    }
}

#[tokio::test]
async fn whatever_is_wrong_is_a_problem_with_its_place_and_without_the_value() {
    let office = Office::open(testing::sqlite(migrations()).await);
    let (_, token) = office.admit(|_| {}).await;
    let large = format!("{{\"name\":\"{}\"}}", "甲".repeat(1_000_000));
    for (body, status, code, pointer) in [
        (r#"{"name":"赵六""#, 400, "api-json", None),
        (large.as_str(), 413, "too-large", None),
        (r#"{}"#, 422, "api-invalid", Some("/name")),
        (r#"{"name":["赵六"]}"#, 422, "api-invalid", Some("/name")),
        (r#"{"name":"赵六","name":"赵六"}"#, 422, "api-invalid", Some("/name")),
        (r#"{"name":"甲","ethnicity":"x"}"#, 422, "api-invalid", Some("/ethnicity")),
    ] {
        let answer = office.bring(&token, Some("key-00000002"), body).await;
        assert_eq!(answer.status.as_u16(), status, "{:.40}", body);
        let told = problem(&answer);
        assert_eq!(told["code"], code);
        assert_eq!(told["errors"][0]["pointer"].as_str(), pointer);
        assert!(!answer.text.contains("赵六"), "{}", answer.text);
        assert!(answer.text.is_ascii(), "in English: {}", answer.text);
    }
    let form = Request::post("/api/v1/things")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("idempotency-key", "key-00000003");
    let answer = office.client.send(form.body(Bytes::from("name=x")).unwrap()).await;
    assert_eq!(
        (answer.status, problem(&answer)["code"].as_str()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, Some("api-media-type"))
    );
    let put = Request::put("/api/v1/things").body(Bytes::empty()).unwrap();
    let answer = office.client.send(put).await;
    assert_eq!((answer.status, problem(&answer)["code"].as_str()), (StatusCode::METHOD_NOT_ALLOWED, Some("method")));
    assert!(answer.header("allow").contains("POST"), "{:?}", answer.headers);
    assert_eq!(problem(&office.get(&token, "/api/v1/nothing").await)["code"], "not-found");
    assert_eq!(office.things().await, 0);
}

#[tokio::test]
async fn what_has_not_changed_is_answered_without_a_body() {
    let office = Office::open(testing::sqlite(migrations()).await);
    let (_, token) = office.admit(|_| {}).await;
    let first = office.get(&token, "/api/v1/client").await;
    assert!(first.header("cache-control").contains("private"));
    let request = Request::get("/api/v1/client")
        .header(header::AUTHORIZATION, format!("bearer {token}"))
        .header(header::IF_NONE_MATCH, first.header("etag"));
    let again = office.client.send(request.body(Bytes::empty()).unwrap()).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn a_client_is_admitted_by_two_people_and_its_token_shown_once() {
    for test in testing::stores(migrations).await {
        let store = test.store.clone();
        let app = testing::app(&store, &[]);
        let system = testing::account(&store, "system.one", &[(Role::SystemAdmin, DIVISION)]).await;
        let security = testing::account(&store, "security.one", &[(Role::SecurityOfficer, DIVISION)]).await;
        let (system, security) =
            (Client::signed_in(&app, &[], system).await, Client::signed_in(&app, &[], security).await);
        let today = store.clock().today().to_string();
        let mut form = vec![
            ("name", "一网通办"),
            ("scopes", "rosters"),
            ("scopes", "territory"),
            ("area_kind", "committee"),
            ("areas", "310118003001, 310118003999"),
            ("requests", "60"),
            ("from", today.as_str()),
        ];
        let refused = system.post("/admin/clients", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "there is no such committee");
        assert!(refused.text.contains("value=\"310118003001, 310118003999\""), "what was typed stays");
        assert!(refused.text.contains("value=\"rosters\" checked"));
        form[4] = ("areas", "310118003001");
        let proposed = system.post("/admin/clients", &form).await;
        let proposal = proposed.location().to_owned();
        assert!(proposal.starts_with("/proposals/"), "{}", proposed.text);
        assert_eq!(clients::list(&store.reads()).await.unwrap().len(), 0, "nothing has happened yet");
        let own = system.post(&format!("{proposal}/approval"), &[]).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody decides on the own proposal");
        assert!(security.get(&proposal).await.text.contains("一网通办"));
        assert_eq!(security.post(&format!("{proposal}/approval"), &[]).await.status, StatusCode::SEE_OTHER);
        let client = clients::list(&store.reads()).await.unwrap().remove(0);
        let page = format!("/admin/clients/{}", client.client_id);
        let shown = system.post(&format!("{page}/tokens"), &[]).await;
        let token = shown.text.split("<code class=\"one-time\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(!system.get(&page).await.text.contains(&token), "once");
        assert!(clients::authenticate(&app, &token).await.unwrap().is_some(), "{}", test.engine);
        let renewed = system.post(&format!("{page}/tokens"), &[]).await;
        assert_eq!(renewed.status, StatusCode::OK);
        assert!(clients::authenticate(&app, &token).await.unwrap().is_none(), "the one before has ended");
        assert_eq!(system.post(&format!("{page}/revocation"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(system.post(&format!("{page}/tokens"), &[]).await.status, StatusCode::CONFLICT, "for good");
        let sql = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND subject_kind = 'client'";
        assert_eq!(store.reads().number(sql, vals![store.division()]).await.unwrap(), 4);
    }
}

#[test]
fn the_document_names_what_all_operations_have_in_common() {
    let (own, areas) = (linli_platform::web::own_areas(), areas());
    let described: Vec<_> =
        linli_platform::web::with_own(&own, &areas).flat_map(|a| &a.api).map(|r| r.described.clone()).collect();
    let texts = linli_platform::web::area().texts.unwrap();
    let texts = linli_platform::texts::Texts::new(&[("platform", texts.0, texts.1)]).unwrap();
    let t = linli_platform::texts::T::new(std::sync::Arc::new(texts), linli_platform::texts::Lang::En);
    let document = serde_json::to_value(linli_platform::api::document(&described, &t)).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let post = &document["paths"]["/api/v1/things"]["post"];
    assert_eq!(post["parameters"][0]["name"], "Idempotency-Key");
    assert_eq!(post["responses"]["429"]["$ref"], "#/components/responses/Problem429");
    assert!(document["components"]["responses"]["Problem429"].is_object());
    let get = &document["paths"]["/api/v1/things"]["get"];
    assert!(get["responses"]["304"].is_object() && get["responses"]["415"].is_null());
}
