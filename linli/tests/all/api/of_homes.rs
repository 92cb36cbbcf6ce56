//! Declarations of newcomers, landlords and agents in: filed as behind their own entrances, and told alike whoever they
//! are from.

use http::StatusCode;
use linli_declarations::{Identity, LiaisonKind, letting};
use linli_platform::{api::ApiScope, reader::Reader, store::Query as _, texts::Lang, vals};
use linli_register::{
    HomeId, Told,
    codes::Source,
    home_change::{self, HomeChange},
};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

use super::{Interface, parsed};

const PATH: &str = "/api/v1/declarations";

#[derive(FromQueryResult)]
struct Place {
    home_id: HomeId,
    text: String,
}

/// Two homes that nobody answers for yet, each the only one at its door.
async fn places(interface: &Interface) -> Vec<Place> {
    let store = &interface.started.app.store;
    let sql = "SELECT h.home_id, a.text FROM home h
               JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
               WHERE h.division_code = $1 AND a.state = 'current' AND h.agent_name IS NULL AND h.grid_id IS NOT NULL
               AND (SELECT COUNT(*) FROM home o WHERE o.division_code = h.division_code AND o.address_id = h.address_id) = 1
               ORDER BY a.text LIMIT 2";
    store.reads().rows(sql, vals![store.division()]).await.unwrap()
}

fn number(seq: u16) -> String {
    cn_identity::make::resident_number("990101", (1989, 3, 8), seq).as_str().to_owned()
}

fn person(name: &str, seq: u16) -> Value {
    json!({ "name": name, "doc_kind": "resident", "doc_no": number(seq), "local": false })
}

fn declared(interface: &Interface, kind: &str, (name, seq): (&str, u16), more: Value) -> Value {
    let day = interface.started.app.store.clock().today().plus_days(-1).to_string();
    let declarant = json!({ "name": name, "doc_kind": "resident", "doc_no": number(seq) });
    let mut body = json!({ "declarant": declarant, "kind": kind, "day": day });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// How a declaration was taken in: `filed`, or why it waits.
async fn stopped(interface: &Interface, answer: &Value) -> String {
    #[derive(FromQueryResult)]
    struct Row {
        state: String,
        stopped: Option<String>,
    }
    let store = &interface.started.app.store;
    let id: uuid::Uuid = answer["id"].as_str().unwrap().parse().unwrap();
    let sql = "SELECT state, stopped FROM inbound_declaration WHERE division_code = $1 AND inbound_id = $2";
    let row: Row = store.reads().row(sql, vals![store.division(), id]).await.unwrap().unwrap();
    row.stopped.unwrap_or(row.state)
}

/// An answer without what names this one declaration.
fn shape(answer: &Value) -> Value {
    let mut shape = answer.clone();
    shape["id"] = Value::Null;
    shape["received_at"] = Value::Null;
    shape
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomers_household_comes_in_as_one_case_and_a_fourth_for_one_document_waits_for_the_office() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Declarations], |_| {}).await;
    let place = places(&interface).await.remove(0);
    let people = json!([person("司徒新来", 41), person("司徒同住", 42)]);
    let body = declared(&interface, "newcomer", ("司徒新来", 41), json!({ "address": place.text, "people": people }));
    let mut answers = Vec::new();
    for n in 0..4 {
        let sent = interface.post(&token, &format!("newcomer-{n}"), PATH, &body).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
        assert!(!sent.text.contains(&number(41)) && !sent.text.contains(&place.text), "{}", sent.text);
        answers.push(parsed(&sent));
    }
    assert!(answers.windows(2).all(|w| shape(&w[0]) == shape(&w[1])), "{answers:?}");
    let mut became = Vec::new();
    for answer in &answers {
        became.push(stopped(&interface, answer).await);
    }
    assert_eq!(became, ["filed", "filed", "filed", "declarations-too-many"]);
    let store = &interface.started.app.store;
    let sql = "SELECT COUNT(*) FROM declaration d JOIN declaration_place p
               ON p.division_code = d.division_code AND p.declaration_id = d.declaration_id
               WHERE d.division_code = $1 AND p.home_id = $2 AND d.channel = 'api' AND d.kind = 'newcomer'";
    assert_eq!(store.reads().number(sql, vals![store.division(), place.home_id]).await.unwrap(), 3);
}

/// A landlord on file for a home, whom the register names.
async fn landlord(interface: &Interface, place: &Place, seq: u16, accepts: bool) {
    let app = &interface.started.app;
    let who = Identity {
        name: "上官出租".into(),
        doc_kind: "resident".into(),
        doc_no: number(seq),
        phone: "15400010999".into(),
    };
    let tx = app.store.begin(&Reader::system()).await.unwrap();
    let home = linli_register::homes::find(&tx, &Reader::system(), place.home_id).await.unwrap();
    let change = HomeChange { landlord: Some(Some(who.name.clone())), ..HomeChange::default() };
    let told = Told::seen(Source::Landlord, tx.now());
    home_change::change(&tx, place.home_id, home.version, change, None, told).await.unwrap();
    let id = letting::add(&tx, place.home_id, LiaisonKind::Landlord, &who).await.unwrap();
    if accepts {
        let liaison = letting::find(&tx, &Reader::system(), id).await.unwrap();
        letting::accept(&tx, &liaison, &letting::Terms::load(&app.data_dir, Lang::Zh)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_landlord_declares_of_the_own_homes_and_everybody_else_is_answered_alike() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Declarations], |_| {}).await;
    let all = places(&interface).await;
    landlord(&interface, &all[0], 51, true).await;
    let own = |kind: &str, more: Value| {
        let mut more = more;
        more["address"] = json!(all[0].text);
        declared(&interface, kind, ("上官出租", 51), more)
    };
    let elsewhere = declared(&interface, "tenancy-end", ("上官出租", 51), json!({ "address": all[1].text }));
    let nobody = declared(&interface, "tenancy-end", ("上官无此人", 52), json!({ "address": all[0].text }));
    let misnamed = declared(&interface, "tenancy-end", ("上官改名", 51), json!({ "address": all[0].text }));
    for (n, (body, became)) in [
        (own("tenant-in", json!({ "people": [person("夏侯租客", 61)] })), "filed"),
        (own("tenant-out", json!({ "tenant": "夏侯旧客" })), "filed"),
        (own("tenancy-start", json!({})), "filed"),
        (own("tenancy-start", json!({})), "declaration-repeated"),
        (elsewhere, "not-their-home"),
        (nobody, "no-liaison"),
        (misnamed, "no-liaison"),
    ]
    .into_iter()
    .enumerate()
    {
        let sent = interface.post(&token, &format!("letting-{n}"), PATH, &body).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
        let told = parsed(&sent);
        assert_eq!((&told["state"], &told["refusal"]), (&json!("open"), &Value::Null), "told alike");
        assert_eq!(stopped(&interface, &told).await, became, "{}", body["kind"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_landlord_declares_before_accepting_the_terms_waits() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Declarations], |_| {}).await;
    let place = places(&interface).await.remove(0);
    landlord(&interface, &place, 53, false).await;
    let body = declared(&interface, "tenancy-start", ("上官出租", 53), json!({ "address": place.text }));
    let sent = interface.post(&token, "letting-terms", PATH, &body).await;
    assert_eq!(stopped(&interface, &parsed(&sent)).await, "no-terms");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_matter_of_a_home_has_its_place() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Declarations], |_| {}).await;
    let place = places(&interface).await.remove(0);
    let who = ("司徒新来", 41);
    let with = |kind: &str, more: Value| declared(&interface, kind, who, more);
    let address = place.text.as_str();
    let many: Vec<Value> = (0..9).map(|n| person("司徒众多", 70 + n)).collect();
    let child = json!({ "name": "小司徒", "doc_kind": "resident", "local": false,
        "doc_no": cn_identity::make::resident_number("990101", (2020, 5, 20), 6).as_str() });
    let mut by_child = with("newcomer", json!({ "address": address, "people": [child.clone()] }));
    by_child["declarant"]["doc_no"] = child["doc_no"].clone();
    by_child["people"][0]["guardian"] = json!(true);
    for (i, (body, at, code)) in [
        (by_child, "/people/0/guardian", "declarant-child"),
        (with("newcomer", json!({ "people": [person("司徒新来", 41)] })), "/address", "missing"),
        (with("newcomer", json!({ "address": address })), "/people", "missing"),
        (with("newcomer", json!({ "address": address, "people": many })), "/people", "length"),
        (
            with("newcomer", json!({ "address": address, "people": [person("别人", 43)] })),
            "/people/0/doc_no",
            "declarant",
        ),
        (
            with("newcomer", json!({ "address": address, "people": [person("司徒新来", 41), child] })),
            "/people/1/guardian",
            "guardian-missing",
        ),
        (
            with("tenant-in", json!({ "address": address, "people": [person("甲", 44), person("甲", 44)] })),
            "/people/1/doc_no",
            "household-twice",
        ),
        (
            with("tenant-in", json!({ "address": address, "people": [person("一", 45)], "tenant": "一" })),
            "/tenant",
            "superfluous",
        ),
        (with("tenant-out", json!({ "address": address })), "/tenant", "missing"),
        (with("tenancy-end", json!({ "address": "火星路1号" })), "/address", "address-unknown"),
        (with("move-out", json!({ "people": [person("一", 45)] })), "/people", "superfluous"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = interface.post(&token, &format!("fault-{i:04}"), PATH, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{at} {code}: {}", answer.text);
        let told = parsed(&answer);
        let errors = told["errors"].as_array().unwrap();
        assert!(errors.iter().any(|e| e["pointer"] == at && e["code"] == code), "{at} {code}: {}", answer.text);
        assert!(answer.text.is_ascii(), "{}", answer.text);
    }
}
