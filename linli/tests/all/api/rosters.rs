//! Rosters in: the sender hears of the own rows, at their places, and of nothing else.

use http::StatusCode;
use linli_platform::{api::ApiScope, jobs, store::Query as _, vals};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Interface, parsed};

const PATH: &str = "/api/v1/rosters";

#[derive(FromQueryResult)]
struct Employer {
    employer_id: Uuid,
    org_code: String,
}

async fn employers(interface: &Interface) -> Vec<Employer> {
    let store = &interface.started.app.store;
    let sql = "SELECT employer_id, org_code FROM employer WHERE division_code = $1 AND state = 'current' ORDER BY employer_id";
    store.reads().rows(sql, vals![store.division()]).await.unwrap()
}

fn number(seq: u16) -> String {
    cn_identity::make::resident_number("990101", (1990, 3, 7), seq).as_str().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_is_checked_cell_by_cell_sent_once_and_seen_by_its_client_alone() {
    let interface = Interface::open().await;
    let all = employers(&interface).await;
    let own = all[0].employer_id.to_string();
    let (_, token) = interface
        .admit(&[ApiScope::Rosters], |c| (c.area_kind, c.areas) = ("employer".into(), vec![own.clone()]))
        .await;
    let today = interface.started.app.store.clock().today().to_string();
    let roster = |employer: &str| {
        json!({ "employer": employer, "kind": "full", "day": today, "rows": [
            { "name": "赵䶮", "doc_no": number(1), "phone": "19900000001", "address": "某路1号" },
            { "name": "钱二", "doc_no": "12", "address": "某路2号" },
            { "name": "孙三", "doc_no": number(3), "phone": "1990", "left": true },
        ] })
    };
    let sent = interface.post(&token, "roster-0001", PATH, &roster(&all[0].org_code)).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
    let told = parsed(&sent);
    assert_eq!((&told["state"], &told["rows"], &told["rows_to_correct"]), (&json!("sent"), &json!(3), &json!(2)));
    let at = |pointer: &str| told["messages"].as_array().unwrap().iter().find(|m| m["pointer"] == pointer).cloned();
    assert_eq!(at("/rows/1/doc_no").unwrap()["code"], "number-length");
    assert_eq!(at("/rows/2/phone").unwrap()["code"], "phone-length");
    assert!(at("/rows/0/name").is_none());
    assert!(!sent.text.contains('赵') && !sent.text.contains(&number(1)), "{}", sent.text);
    assert_eq!(interface.post(&token, "roster-0001", PATH, &roster(&all[0].org_code)).await.text, sent.text);

    let place = sent.location().to_owned();
    while jobs::run_one(&interface.started.app).await.unwrap() {}
    assert_eq!(interface.json(&token, &place).await["state"], "compared");
    let (_, other) = interface.admit(&[ApiScope::Rosters], |_| {}).await;
    let (hidden, absent) =
        (interface.get(&other, &place).await, interface.get(&other, &format!("{PATH}/{}", Uuid::nil())).await);
    assert_eq!((hidden.status, &hidden.text), (StatusCode::NOT_FOUND, &absent.text));

    // Another's employer and none at all are refused alike.
    let foreign = all.iter().find(|e| e.org_code != all[0].org_code).unwrap();
    let refused = [&foreign.org_code, "91310118MA00000000"].map(roster);
    let mut texts = Vec::new();
    for (i, body) in refused.iter().enumerate() {
        let answer = interface.post(&token, &format!("foreign-{i:03}"), PATH, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        texts.push(answer.text);
    }
    assert_eq!(texts[0], texts[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_said_once_a_day_and_a_roster_fits_its_kind() {
    let interface = Interface::open().await;
    let employer = employers(&interface).await.remove(0).org_code;
    let (_, token) = interface.admit(&[ApiScope::Rosters], |_| {}).await;
    let today = interface.started.app.store.clock().today();
    let roster =
        |kind: &str, day: String, rows: Value| json!({ "employer": employer, "kind": kind, "day": day, "rows": rows });
    let none = roster("no-change", today.to_string(), json!([]));
    let first = interface.post(&token, "nothing-01", PATH, &none).await;
    assert_eq!((first.status, &parsed(&first)["state"]), (StatusCode::ACCEPTED, &json!("confirmed")), "{}", first.text);
    let second = interface.post(&token, "nothing-02", PATH, &none).await;
    assert_eq!((second.status, &parsed(&second)["code"]), (StatusCode::CONFLICT, &json!("roster-said-before")));
    let row = json!([{ "name": "赵一", "doc_no": number(1) }]);
    let long = json!([{ "name": "赵".repeat(201), "doc_no": number(1) }]);
    for (i, (body, place, code)) in [
        (roster("no-change", today.to_string(), row.clone()), "/rows", "superfluous"),
        (roster("full", today.to_string(), json!([])), "/rows", "missing"),
        (roster("daily", today.plus_days(1).to_string(), row.clone()), "/day", "roster-day-future"),
        (roster("daily", today.plus_days(-40).to_string(), row.clone()), "/day", "roster-day-past"),
        (roster("daily", today.to_string(), long), "/rows/0/name", "length"),
        (roster("yearly", today.to_string(), row), "/kind", "choice"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = interface.post(&token, &format!("unfit-{i:04}"), PATH, &body).await;
        let told = parsed(&answer);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!((&told["errors"][0]["pointer"], &told["errors"][0]["code"]), (&json!(place), &json!(code)));
    }
}
