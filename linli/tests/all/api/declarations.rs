//! Declarations in: the client learns nothing of anybody, and the office loses none.

use http::StatusCode;
use linli_platform::{api::ApiScope, store::Query as _, testing::Client, vals};
use serde_json::{Value, json};

use super::{Interface, parsed};
use crate::all::world::account;

const PATH: &str = "/api/v1/declarations";

/// The person of the demonstration through whom the own page can be tried.
fn sample(interface: &Interface) -> (String, String) {
    let done = std::fs::read_to_string(interface.demo.path().join("demo.json")).unwrap();
    let done: Value = serde_json::from_str(&done).unwrap();
    let text = |name: &str| done["resident"][name].as_str().unwrap().to_owned();
    (text("name"), text("doc_no"))
}

fn moving_out(interface: &Interface, name: &str, number: &str) -> Value {
    let day = interface.started.app.store.clock().today().plus_days(-1).to_string();
    json!({ "declarant": { "name": name, "doc_kind": "resident", "doc_no": number }, "kind": "move-out", "day": day })
}

fn stranger(seq: u16) -> String {
    cn_identity::make::resident_number("990101", (1991, 5, 20), seq).as_str().to_owned()
}

/// An answer without what names this one declaration.
fn shape(answer: &Value) -> Value {
    let mut shape = answer.clone();
    shape["id"] = Value::Null;
    shape["received_at"] = Value::Null;
    shape
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_is_taken_in_alike_whoever_it_is_about_and_its_state_is_told_to_its_client_alone() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Declarations], |_| {}).await;
    let (_, other) = interface.admit(&[ApiScope::Declarations], |_| {}).await;
    let (name, number) = sample(&interface);
    let mut answers = Vec::new();
    for (i, (name, number)) in [(&*name, &*number), ("不是她", &*number), ("无此人", &*stranger(3))].iter().enumerate()
    {
        let body = moving_out(&interface, name, number);
        let answer = interface.post(&token, &format!("declare-{i:04}"), PATH, &body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        assert!(!answer.text.contains(number) && !answer.text.contains(name), "{}", answer.text);
        answers.push(parsed(&answer));
    }
    assert!(answers.windows(2).all(|w| shape(&w[0]) == shape(&w[1])), "{answers:?}");
    assert_eq!(answers[0]["state"], "open");

    let place = |n: usize| format!("{PATH}/{}", answers[n]["id"].as_str().unwrap());
    let hidden = interface.get(&other, &place(0)).await;
    let absent = interface.get(&other, &format!("{PATH}/01932c00-0000-7000-8000-000000000000")).await;
    assert_eq!((hidden.status, &hidden.text), (StatusCode::NOT_FOUND, &absent.text));

    // The office finds the two that fit no record, opens one on record, refuses it, and the client hears of it.
    let started = &interface.started;
    let officer = account(&started.app.store, "population-office").await;
    let office = Client::signed_in(&started.app, &started.areas, officer).await;
    let list = office.get("/declarations/received").await;
    let at = |n: usize| format!("/declarations/received/{}", answers[n]["id"].as_str().unwrap());
    assert!(!list.text.contains(&at(0)) && list.text.contains(&at(1)) && list.text.contains(&at(2)));
    assert!(!list.text.contains("无此人"), "masked");
    let opened = office.post(&format!("{}/reading", at(2)), &[]).await;
    assert!(opened.text.contains("无此人") && opened.text.contains(&stranger(3)), "{}", opened.status);
    let again = office.post(&format!("{}/matching", at(2)), &[("version", "1")]).await;
    assert_eq!(again.location(), at(2), "there is still no such record: {}", again.text);
    assert_eq!(office.post(&format!("{}/refusal", at(2)), &[("version", "1")]).await.status, StatusCode::SEE_OTHER);
    let told = interface.json(&token, &place(2)).await;
    assert_eq!((&told["state"], &told["refusal"]), (&json!("refused"), &json!("not-in-register")));
    assert!(told["decided_at"].is_string());
    assert_eq!(interface.json(&token, &place(0)).await["state"], "open");
    // Nothing that was declared stands in clear in the database.
    let sql = "SELECT COUNT(*) FROM inbound_declaration WHERE division_code = $1 AND content_sealed IS NOT NULL";
    let store = &started.app.store;
    // One of the two, and the one that the demonstration itself brought.
    assert_eq!(store.reads().number(sql, vals![store.division()]).await.unwrap(), 2);
    // Staff of one grid see none of them: whose they are is not known.
    let coordinator = Client::signed_in(&started.app, &started.areas, account(store, "coordinator").await).await;
    assert_eq!(coordinator.get(&at(1)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_declaration_has_its_place_and_no_value() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Declarations], |_| {}).await;
    let good = stranger(4);
    let wrong = format!("{}{}", &good[..17], if good.ends_with('1') { '2' } else { '1' });
    let declarant = json!({ "name": "无此人", "doc_kind": "resident", "doc_no": good });
    let person = json!({ "name": "小无", "doc_kind": "resident", "doc_no": stranger(5), "local": false });
    let child = cn_identity::make::resident_number("990101", (2020, 5, 20), 6).as_str().to_owned();
    let today = interface.started.app.store.clock().today();
    let with = |change: Value| {
        let mut body = json!({ "declarant": declarant.clone(), "kind": "move-out", "day": today.to_string() });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let with_child = |guardian: bool| {
        json!({ "kind": "move-in", "person": {
        "name": "小无", "doc_kind": "resident", "doc_no": child, "local": true, "guardian": guardian } })
    };
    for (i, (change, place, code)) in [
        (json!({ "declarant": { "name": "无此人", "doc_kind": "resident", "doc_no": wrong } }), "/declarant/doc_no", "number-check"),
        (json!({ "declarant": { "name": "一".repeat(51), "doc_kind": "resident", "doc_no": good } }), "/declarant/name", "name-too-long"),
        (json!({ "declarant": { "name": "无此人", "doc_kind": "license", "doc_no": good } }), "/declarant/doc_kind", "choice"),
        (json!({ "day": today.plus_days(1).to_string() }), "/day", "range"),
        (json!({ "day": "昨天" }), "/day", "value"),
        (json!({ "address": "火星路1号" }), "/address", "superfluous"),
        (json!({ "kind": "move", "address": "火星路1号" }), "/address", "address-unknown"),
        (json!({ "kind": "move-in" }), "/person", "missing"),
        (with_child(false), "/person/guardian", "guardian-missing"),
        (json!({ "kind": "move-in", "person": { "name": "", "doc_kind": "resident", "doc_no": stranger(5), "local": false } }), "/person/name", "name-empty"),
        (json!({ "kind": "change", "fact": "sex", "value": "male", "day": null }), "/fact", "choice"),
        (json!({ "kind": "change", "fact": "phone", "value": "1990", "day": null }), "/value", "phone-length"),
        (json!({ "kind": "change", "fact": "phone", "day": null }), "/value", "missing"),
        (json!({ "kind": "deletion", "day": null }), "/fact", "missing"),
        (json!({ "person": person }), "/person", "superfluous"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = interface.post(&token, &format!("fault-{i:05}"), PATH, &with(change)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{place} {code}: {}", answer.text);
        let told = parsed(&answer);
        let errors = told["errors"].as_array().unwrap();
        assert!(errors.iter().any(|e| e["pointer"] == place && e["code"] == code), "{place} {code}: {}", answer.text);
        assert!(!answer.text.contains("无此人") && !answer.text.contains(&good[6..]) && answer.text.is_ascii(), "{}", answer.text);
    }
    let ok = interface.post(&token, "fault-fixed", PATH, &with(with_child(true))).await;
    assert_eq!(ok.status, StatusCode::ACCEPTED, "{}", ok.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_names_come_in_whole() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Declarations], |_| {}).await;
    let started = &interface.started;
    let officer = account(&started.app.store, "population-office").await;
    let office = Client::signed_in(&started.app, &started.areas, officer).await;
    let fifty = format!("{}·{}", "阿".repeat(24), "里".repeat(25));
    for (i, name) in ["䶮明", "<script>alert(1)</script>", "=HYPERLINK(\"x\")", &fifty].into_iter().enumerate() {
        let number = stranger(20 + u16::try_from(i).unwrap());
        let answer =
            interface.post(&token, &format!("names-{i:04}"), PATH, &moving_out(&interface, name, &number)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{name}: {}", answer.text);
        let at = format!("/declarations/received/{}/reading", parsed(&answer)["id"].as_str().unwrap());
        let page = office.post(&at, &[]).await.text;
        let escaped = name.replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;");
        assert!(page.contains(&escaped) && !page.contains("<script>alert"), "{name}");
    }
}
