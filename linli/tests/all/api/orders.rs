//! Orders in: drafts for the offices, and their way told to the system that brought them.

use http::StatusCode;
use linli_platform::{api::ApiScope, testing::Client};
use serde_json::{Value, json};

use super::{Interface, parsed};
use crate::all::world::account;

const PATH: &str = "/api/v1/orders";

fn order(text: &str) -> Value {
    json!({ "kind": "hazard", "text": text })
}

/// The value of the form's hidden version.
fn version(page: &str) -> String {
    let at = page.find("name=\"version\" value=\"").expect("the form names the version") + 22;
    page[at..].split('"').next().unwrap().to_owned()
}

async fn office(interface: &Interface) -> Client {
    let started = &interface.started;
    let officer = account(&started.app.store, "population-office").await;
    Client::signed_in(&started.app, &started.areas, officer).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_brought_issued_by_an_office_and_followed_by_its_own_system_alone() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Orders, ApiScope::Territory], |_| {}).await;
    let (_, other) = interface.admit(&[ApiScope::Orders], |_| {}).await;
    let committees = interface.json(&token, "/api/v1/committees").await;
    let code = committees["items"][0]["code"].as_str().unwrap().to_owned();
    let mut body = order("本周内排查沿街商铺住人情况，并反馈完成数。");
    body["committees"] = json!([code.clone(), code.clone()]);
    let sent = interface.post(&token, "order-0001", PATH, &body).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
    let told = parsed(&sent);
    assert_eq!((&told["state"], &told["committees"]), (&json!("received"), &json!([code])));
    assert_eq!(interface.post(&token, "order-0001", PATH, &body).await.text, sent.text, "brought once");
    let place = sent.location().to_owned();
    let (hidden, absent) =
        (interface.get(&other, &place).await, interface.get(&other, &format!("{PATH}/{}", uuid::Uuid::nil())).await);
    assert_eq!((hidden.status, &hidden.text), (StatusCode::NOT_FOUND, &absent.text));
    assert_eq!(interface.json(&other, PATH).await["items"], json!([]));

    // The office is told of it, finds the police team ticked that the committee belongs to, and issues it.
    let office = office(&interface).await;
    let page = format!("/orders/{}", told["id"].as_str().unwrap());
    assert!(office.get("/duties").await.text.contains("其他系统报来待下发的指令"));
    let shown = office.get(&page).await.text;
    assert!(shown.contains("别的系统") && shown.contains("排查沿街商铺"), "{shown}");
    let ticked: Vec<&str> = shown.split("name=\"to-").skip(1).filter(|p| p.starts_with_checked()).collect();
    assert_eq!(ticked.len(), 1, "one police team is named by the committee");
    let team = ticked[0].split('"').next().unwrap();
    let removed = office.post(&format!("{page}/removal"), &[("version", &version(&shown))]).await;
    assert_eq!(removed.status, StatusCode::UNPROCESSABLE_ENTITY, "it is not removed without a reason");
    let tick = format!("to-{team}");
    let issued = office.post(&format!("{page}/issuance"), &[("version", &version(&shown)), (&tick, "true")]).await;
    assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}", issued.text);
    let now = interface.json(&token, &place).await;
    assert_eq!((&now["state"], &now["parts"][0]["state"]), (&json!("issued"), &json!("waiting")), "{now}");
    assert_eq!(now["parts"][0]["police_team"], json!(team));
    assert!(now["due_at"].is_string() && now["parts"].as_array().unwrap().len() == 1);
    // Whoever issued it owns it from then on.
    assert!(!office.get(&page).await.text.contains("role-client"));
    let listed = interface.json(&token, PATH).await;
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["state"]), (1, &json!("issued")));
}

/// A box of the form as far as its tag goes.
trait Ticked {
    fn starts_with_checked(&self) -> bool;
}
impl Ticked for &str {
    fn starts_with_checked(&self) -> bool {
        self.split('>').next().is_some_and(|tag| tag.contains(" checked"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_not_taken_goes_back_with_a_reason_of_the_list() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Orders], |_| {}).await;
    let sent = interface.post(&token, "order-0002", PATH, &order("请整治河道漂浮物。")).await;
    let told = parsed(&sent);
    let page = format!("/orders/{}", told["id"].as_str().unwrap());
    let office = office(&interface).await;
    let version = version(&office.get(&page).await.text);
    let without = office.post(&format!("{page}/refusal"), &[("version", &version), ("reason", "")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.text.contains("id=\"e-reason\""), "the message stands at the field");
    let refused = office.post(&format!("{page}/refusal"), &[("version", &version), ("reason", "not-ours")]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.text);
    assert_eq!(office.get(&page).await.status, StatusCode::NOT_FOUND, "the draft has gone");
    let now = interface.json(&token, sent.location()).await;
    assert_eq!((&now["state"], &now["refusal"]), (&json!("not-taken"), &json!("not-ours")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_speaks_of_somebody_or_of_unknown_places_is_refused_at_its_place_and_not_quoted() {
    let interface = Interface::open().await;
    let (_, token) = interface.admit(&[ApiScope::Orders], |_| {}).await;
    let number = cn_identity::make::resident_number("990101", (1991, 5, 20), 9).as_str().to_owned();
    for (i, (body, place, code)) in [
        (order(&format!("核查 {number}")), "/text", "free-text-number"),
        (order("请联系王小明先生"), "/text", "order-text-named"),
        (order("到新府中路501弄12号301室看一下"), "/text", "order-text-door"),
        (order("  "), "/text", "missing"),
        (order(&"字".repeat(501)), "/text", "order-text-long"),
        (json!({ "kind": "data-check", "text": "核查" }), "/kind", "choice"),
        (
            json!({ "kind": "other", "text": "走访", "committees": ["000000000000"] }),
            "/committees/0",
            "committee-unknown",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = interface.post(&token, &format!("unfit-{i:04}"), PATH, &body).await;
        let told = parsed(&answer);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!((&told["errors"][0]["pointer"], &told["errors"][0]["code"]), (&json!(place), &json!(code)));
        assert!(!answer.text.contains(&number) && !answer.text.contains("王小明"), "{}", answer.text);
    }
}
