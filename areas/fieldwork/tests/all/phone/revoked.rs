//! A lost phone.

use axum::body::Body;
use http::{Request, StatusCode};
use linli_platform::{access::Role, testing::Client};
use serde_json::{Value, json};

use super::rig::{Rig, rigs};

pub async fn send_json(client: &Client, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(path)
        .header("accept", "application/json")
        .header("content-type", "application/json")
        .header("origin", "http://linli.test")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.to_string()));
    let answer = client.send(request.unwrap()).await;
    (answer.status, serde_json::from_str(&answer.text).unwrap_or(Value::Null))
}

pub async fn get_json(client: &Client, path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).header("accept", "application/json").body(Body::empty());
    let answer = client.send(request.unwrap()).await;
    (answer.status, serde_json::from_str(&answer.text).unwrap_or(Value::Null))
}

async fn revoke(rig: &Rig, device: &str) -> StatusCode {
    let leader = rig.colleague("leader", &[(Role::GridLeader, 0)]).await;
    let client = rig.client(leader).await;
    let page = client.get("/field/devices").await;
    assert!(page.text.contains(device) && page.text.contains("停用意味着什么"), "{}", page.text);
    client.post(&format!("/field/devices/{device}/revocation"), &[]).await.status
}

#[tokio::test]
async fn a_revoked_phone_gets_nothing_learns_of_it_without_a_session_and_what_it_sends_waits() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let client = rig.client(one).await;
        let entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        let device = phone.device.to_string();
        let state = format!("/field/devices/{device}/state");
        let assignment = format!("/field/assignment?device={device}");
        assert_eq!(get_json(&client, &state).await.1, json!({ "revoked": false }));
        assert_eq!(revoke(&rig, &device).await, StatusCode::SEE_OTHER);
        // The session on the lost phone has ended with it; its state is told all the same.
        let (status, told) = get_json(&client, &assignment).await;
        assert_eq!((status, told), (StatusCode::UNAUTHORIZED, json!({ "sign_in": true })));
        assert_eq!(get_json(&client, &state).await.1, json!({ "revoked": true }));
        // Whoever knows the password signs in again on it: no assignment, and entries wait for a colleague.
        let again = rig.client(one).await;
        assert_eq!(get_json(&again, &assignment).await, (StatusCode::GONE, json!({ "revoked": true })));
        let register = json!({ "device_id": device, "label": "phone" });
        assert_eq!(send_json(&again, "/field/devices", &register).await.0, StatusCode::GONE);
        let sending = json!({ "device_id": device, "epoch": null, "entries": [rig.sealed(&phone, &entry)] });
        let (status, told) = send_json(&again, "/field/entries", &sending).await;
        assert_eq!((status, &told["revoked"]), (StatusCode::OK, &json!(true)));
        assert_eq!(told["results"][0]["reason"], "device-revoked", "{told}");
        assert_eq!((rig.world.count("visit").await, rig.world.count("phone_conflict").await), (0, 1));
        let kinds =
            "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind IN ('phone.revoked', 'phone.entry-waits')";
        assert_eq!(rig.count(kinds).await, 2, "{}", rig.world.test.engine);
    }
}

#[tokio::test]
async fn a_leader_of_another_grid_neither_sees_nor_revokes_the_phone() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let other = rig.client(rig.colleague("other", &[(Role::GridLeader, 1)]).await).await;
        assert!(!other.get("/field/devices").await.text.contains(&phone.device.to_string()));
        let path = format!("/field/devices/{}/revocation", phone.device);
        assert_eq!(other.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        let colleague = rig.client(one).await;
        assert_eq!(colleague.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
        assert!(rig.device(&phone).await.revoked_at.is_none(), "{}", rig.world.test.engine);
    }
}

#[tokio::test]
async fn a_phone_of_another_account_is_told_so_and_nothing_is_read() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let two = rig.colleague("two", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let client = rig.client(two).await;
        let entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        let of_another = (StatusCode::CONFLICT, json!({ "other_account": true }));
        let device = phone.device.to_string();
        assert_eq!(get_json(&client, &format!("/field/assignment?device={device}")).await, of_another);
        let sending = json!({ "device_id": device, "entries": [rig.sealed(&phone, &entry)] });
        assert_eq!(send_json(&client, "/field/entries", &sending).await, of_another);
        assert_eq!(send_json(&client, "/field/devices", &json!({ "device_id": device })).await, of_another);
        let unknown: uuid::Uuid = rig.world.store().new_id();
        let (status, told) = get_json(&client, &format!("/field/assignment?device={unknown}")).await;
        assert_eq!((status, told), (StatusCode::NOT_FOUND, json!({ "device": "unknown" })));
        assert_eq!(rig.world.count("phone_entry").await, 0, "{}", rig.world.test.engine);
    }
}
