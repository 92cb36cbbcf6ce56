//! What goes out, and to whom.

use std::collections::{BTreeSet, HashMap};

use http::StatusCode;
use linli_platform::{
    api::ApiScope,
    store::{Query as _, Store},
    vals,
};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use super::{Interface, filled, parsed};

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_documented_served_and_closed_to_whoever_was_not_admitted_to_it() {
    let interface = Interface::open().await;
    let operations = interface.operations().await;
    assert!(operations.len() >= 18, "only {} operations", operations.len());
    let documented: BTreeSet<&str> = operations.iter().map(|o| o.path.as_str()).collect();
    let (own, areas) = (linli_platform::web::own_areas(), linli::areas());
    let routes: Vec<_> = linli_platform::web::with_own(&own, &areas).flat_map(|a| &a.api).collect();
    let served: BTreeSet<&str> = routes.iter().map(|r| r.path()).collect();
    assert_eq!(documented, served);
    let ids: BTreeSet<&str> = operations.iter().map(|o| o.id.as_str()).collect();
    assert_eq!(ids.len(), operations.len(), "each operation has a name of its own");

    let mut schemas: HashMap<String, String> = HashMap::new();
    for (name, schema) in routes.iter().flat_map(|r| r.described.schemas()) {
        let there = schemas.entry(name.to_owned()).or_insert_with(|| schema.clone());
        assert_eq!(*there, schema, "{name} names two things");
    }

    let (_, all) = interface.admit(ApiScope::ALL, |_| {}).await;
    let (_, none) = interface.admit(&[], |_| {}).await;
    for o in &operations {
        let path = filled(&o.path);
        let place = format!("{} {path}", o.method);
        let send = async |token: &str| match o.method {
            "GET" => interface.get(token, &path).await,
            _ => interface.post(token, "walk-0000", &path, &Value::Null).await,
        };
        assert_eq!(send("nobody").await.status, StatusCode::UNAUTHORIZED, "{place}");
        let needed = routes.iter().find(|r| r.path() == o.path).unwrap().described.scope;
        let expected = if needed.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
        assert_eq!(send(&none).await.status, expected, "{place}");
        let answer = send(&all).await;
        assert!(!answer.status.is_server_error() && answer.status != StatusCode::FORBIDDEN, "{place} {}", answer.text);
        assert!(!o.summary.starts_with("api-"), "{place} has a text");
        if !answer.status.is_success() {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{place}");
        }
    }
    let page = interface.client.get("/api").await;
    assert_eq!(page.status, StatusCode::OK);
    for o in &operations {
        assert!(page.text.contains(&format!("<code>{} {}</code>", o.method, o.path)), "{} is on the page", o.path);
    }
}

#[derive(FromQueryResult)]
struct Person {
    name_masked: String,
    doc_masked: String,
}

async fn people(store: &Store) -> Vec<Person> {
    let sql = "SELECT name_masked, doc_masked FROM resident WHERE division_code = $1";
    store.reads().rows(sql, vals![store.division()]).await.unwrap()
}

/// Whether a text anywhere in it is a resident number or a mobile.
fn has_personal_number(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            (text.len() == 18 && digits >= 17) || (text.len() == 11 && digits == 11 && text.starts_with('1'))
        }
        Value::Array(all) => all.iter().any(has_personal_number),
        Value::Object(all) => all.values().any(has_personal_number),
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_out_names_nobody() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(ApiScope::ALL, |_| {}).await;
    let month = interface.started.app.store.clock().today().month();
    let surveys = interface.json(&token, "/api/v1/surveys").await;
    let survey = surveys["items"][0]["id"].as_str().expect("the demonstration has a locked survey").to_owned();
    let assessed = interface.json(&token, "/api/v1/assessments").await;
    let assessed = assessed["items"][0]["month"].as_str().expect("and a published month").to_owned();
    let mut all = String::new();
    for path in [
        "/api/v1/client".to_owned(),
        "/api/v1/committees".into(),
        "/api/v1/grids".into(),
        "/api/v1/addresses?limit=500".into(),
        format!("/api/v1/figures/{month}/grids"),
        format!("/api/v1/figures/{}/committees", month.previous()),
        format!("/api/v1/surveys/{survey}/results"),
        format!("/api/v1/surveys/{survey}/receipt"),
        format!("/api/v1/assessments/{assessed}/scores"),
    ] {
        let value = interface.json(&token, &path).await;
        assert_ne!(value["items"], serde_json::json!([]), "{path} has rows");
        assert!(!has_personal_number(&value), "{path} has what looks like a number of a person");
        all.push_str(&value.to_string());
    }
    let people = people(&interface.started.app.store).await;
    assert!(people.len() > 300);
    for person in &people {
        assert!(!all.contains(&person.doc_masked), "{}", person.doc_masked);
        assert!(!all.contains(&format!("\"{}\"", person.name_masked)), "{}", person.name_masked);
    }
    let pdf = interface.get(&token, &format!("/api/v1/assessments/{assessed}/bulletin.pdf")).await;
    assert!(pdf.status == StatusCode::OK || parsed(&pdf)["code"] == "fonts-missing", "{}", pdf.status);
    let draft = interface.get(&token, &format!("/api/v1/assessments/{}/scores", month.next())).await;
    assert_eq!(draft.status, StatusCode::NOT_FOUND, "what is not published is not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_read_by_key_without_a_gap_and_within_the_clients_areas() {
    let interface = Interface::open().await;
    let store = &interface.started.app.store;
    let (_, all) = interface.admit(&[ApiScope::Addresses, ApiScope::Territory], |_| {}).await;
    let walk = async |token: &str, query: &str| {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = interface.json(token, &format!("/api/v1/addresses?limit=37{query}{cursor}")).await;
            ids.extend(page["items"].as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    };
    let ids = walk(&all, "").await;
    let sql = "SELECT COUNT(*) FROM address WHERE division_code = $1";
    let total = store.reads().number(sql, vals![store.division()]).await.unwrap();
    assert_eq!(ids.len() as i64, total);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "each once");
    assert!(walk(&all, "&updated_since=2099-01-01T00:00:00Z").await.is_empty());
    assert_eq!(walk(&all, "&updated_since=2000-01-01T00:00:00Z").await.len(), ids.len());

    let grids = interface.json(&all, "/api/v1/grids?limit=1").await;
    let grid = &grids["items"][0];
    let (grid, committee) = (grid["id"].as_str().unwrap().to_owned(), grid["committee"].as_str().unwrap().to_owned());
    let inside = walk(&all, &format!("&grid={grid}")).await;
    let own = grid.clone();
    let (_, narrow) = interface
        .admit(&[ApiScope::Addresses, ApiScope::Territory], |c| (c.area_kind, c.areas) = ("grid".into(), vec![own]))
        .await;
    assert_eq!(walk(&narrow, "").await, inside, "a client of one grid sees that grid alone");
    let hidden = ids.iter().find(|id| !inside.contains(id)).unwrap();
    let answers = [hidden.clone(), Uuid::nil().to_string()].map(|id| format!("/api/v1/addresses/{id}"));
    let (hidden, absent) = (interface.get(&narrow, &answers[0]).await, interface.get(&narrow, &answers[1]).await);
    assert_eq!((hidden.status, &hidden.text), (StatusCode::NOT_FOUND, &absent.text), "hidden is absent");
    assert_eq!(interface.get(&all, &answers[0]).await.status, StatusCode::OK);
    let (_, of_committee) = interface
        .admit(&[ApiScope::Territory], |c| (c.area_kind, c.areas) = ("committee".into(), vec![committee.clone()]))
        .await;
    let seen = interface.json(&of_committee, "/api/v1/grids").await;
    let whole = interface.json(&all, &format!("/api/v1/grids?committee={committee}")).await;
    assert_eq!(seen, whole);
}
