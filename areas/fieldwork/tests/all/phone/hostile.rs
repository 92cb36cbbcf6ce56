//! Bodies that no phone of ours sends.

use axum::body::Body;
use http::{Request, StatusCode};
use linli_fieldwork::{
    EntryId,
    phone::{entry::Envelope, seal},
};
use linli_platform::access::Role;
use serde_json::{Value, json};

use super::{
    revoked::send_json,
    rig::{Phone, Rig, rigs, sealed},
};

async fn raw(rig: &Rig, phone: &Phone, body: impl Into<Body>) -> (StatusCode, String) {
    let client = rig.client(phone.account).await;
    let request = Request::post("/field/entries").header("accept", "application/json").body(body.into());
    let answer = client.send(request.unwrap()).await;
    (answer.status, answer.text)
}

fn code(text: &str) -> String {
    serde_json::from_str::<Value>(text).ok().and_then(|v| v["code"].as_str().map(str::to_owned)).unwrap_or_default()
}

#[tokio::test]
async fn a_body_that_is_none_is_refused_with_a_code_and_without_a_word_of_what_it_held() {
    for rig in rigs().await {
        let phone = rig.phone(rig.colleague("one", &[(Role::Coordinator, 0)]).await).await;
        let entry = rig.sealed(&phone, &rig.entry(&phone, rig.world.homes[0], "here").await);
        for body in ["", "张测0 990101", "{\"device_id\":\"赵六\"}", "[]", "{\"entries\":[]}"] {
            let (status, text) = raw(&rig, &phone, body.to_owned()).await;
            assert_eq!((status, code(&text).as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "malformed"), "{body}");
            assert!(!text.contains("赵六") && !text.contains("990101"), "{text}");
        }
        let many = json!({ "device_id": phone.device, "entries": vec![entry; 51] });
        let (status, text) = raw(&rig, &phone, many.to_string()).await;
        assert_eq!((status, code(&text).as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "too-many"));
        let (status, _) = raw(&rig, &phone, vec![b' '; 3 << 20]).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{}", rig.world.test.engine);
        assert_eq!(rig.world.count("phone_entry").await, 0);
    }
}

#[tokio::test]
async fn one_bad_entry_hinders_no_other_and_each_has_its_answer_in_order() {
    for rig in rigs().await {
        let phone = rig.phone(rig.colleague("one", &[(Role::Coordinator, 0)]).await).await;
        let home = rig.world.homes[0];
        let good = || async { rig.sealed(&phone, &rig.entry(&phone, home, "here").await) };
        let base = good().await;
        let id: EntryId = rig.world.store().new_id();
        let other =
            Phone { device: rig.world.store().new_id(), account: phone.account, assignment: phone.assignment.clone() };
        let of_other_device = rig.sealed(&other, &rig.entry(&phone, home, "here").await);
        let mut flipped = seal::decoded(&base.ct).unwrap();
        flipped[0] ^= 1;
        let wrong = [
            (Envelope { entry_id: "not-an-id".into(), ..base.clone() }, "malformed"),
            (Envelope { ct: "**".into(), ..base.clone() }, "malformed"),
            (Envelope { enc: "=".into(), ..base.clone() }, "malformed"),
            (Envelope { ct: "A".repeat(800_000), ..base.clone() }, "malformed"),
            (Envelope { key_id: "2026-11-00000000".into(), ..base.clone() }, "unknown-key"),
            (Envelope { key_id: "2019-01-00000000".into(), ..base.clone() }, "unknown-key"),
            (Envelope { key_id: "x".repeat(1000), ..base.clone() }, "unknown-key"),
            (Envelope { entry_id: id.to_string(), ..base.clone() }, "broken-seal"),
            (Envelope { ct: seal::encoded(&flipped), ..base.clone() }, "broken-seal"),
            (Envelope { enc: seal::encoded(&[4; 65]), ..base.clone() }, "broken-seal"),
            (Envelope { enc: String::new(), ..base.clone() }, "broken-seal"),
            (of_other_device, "broken-seal"),
            (sealed(&phone, id, b"{\"v\":1}"), "malformed"),
            (sealed(&phone, id, "张测0".as_bytes()), "malformed"),
            (sealed(&phone, id, b""), "malformed"),
        ];
        let mut entries = vec![good().await];
        entries.extend(wrong.iter().map(|(envelope, _)| envelope.clone()));
        entries.push(base);
        let client = rig.client(phone.account).await;
        let sending = json!({ "device_id": phone.device, "epoch": "other", "entries": entries });
        let (status, told) = send_json(&client, "/field/entries", &sending).await;
        assert_eq!((status, &told["epoch"]), (StatusCode::OK, &json!("first")));
        let results = told["results"].as_array().unwrap();
        assert_eq!(results.len(), entries.len());
        assert_eq!((&results[0]["state"], &results[entries.len() - 1]["state"]), (&json!("done"), &json!("done")));
        for ((_, reason), result) in wrong.iter().zip(&results[1..]) {
            assert_eq!((&result["state"], &result["reason"]), (&json!("refused"), &json!(reason)), "{told}");
        }
        assert_eq!(rig.world.count("visit").await, 2, "{}", rig.world.test.engine);
    }
}

#[tokio::test]
async fn another_entry_under_a_used_id_is_refused_and_the_first_stays_what_it_was() {
    for rig in rigs().await {
        let one = rig.phone(rig.colleague("one", &[(Role::Coordinator, 0)]).await).await;
        let two = rig.phone(rig.colleague("two", &[(Role::Coordinator, 0)]).await).await;
        let entry = rig.entry(&one, rig.world.homes[0], "here").await;
        assert_eq!(rig.send(&one, &rig.sealed(&one, &entry)).await.state, "done");
        // Sealed anew it has other bytes, and is another entry.
        for phone in [&one, &two] {
            let answer = rig.send(phone, &rig.sealed(phone, &entry)).await;
            assert_eq!((answer.state, answer.reason.as_deref()), ("refused", Some("entry-id-reused")));
        }
        assert_eq!(rig.world.count("visit").await, 1, "{}", rig.world.test.engine);
        // What became of it is told to whose it is, and to nobody else.
        let path = format!("/field/entries/{}", entry.entry_id);
        let own = super::revoked::get_json(&rig.client(one.account).await, &path).await;
        assert_eq!((own.0, &own.1["state"]), (StatusCode::OK, &json!("done")));
        assert_eq!(super::revoked::get_json(&rig.client(two.account).await, &path).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_breaks_a_rule_of_the_register_is_refused_with_the_field_and_writes_nothing() {
    for rig in rigs().await {
        let phone = rig.phone(rig.colleague("one", &[(Role::Coordinator, 0)]).await).await;
        let tomorrow = rig.now().day().plus_days(1);
        type Break = fn(&mut linli_fieldwork::phone::entry::Entry, linli_platform::clock::Day);
        let cases: [(&str, &str, Break); 7] = [
            ("bad-number", "doc_no", |e, _| e.newcomers[0].doc_no = "990101199003070024".into()),
            ("bad-name", "name", |e, _| e.newcomers[0].name = String::new()),
            ("bad-phone", "phone", |e, _| e.newcomers[0].phone = Some("123".into())),
            ("employer-unknown", "employer", |e, _| e.newcomers[0].employer = Some("9131".into())),
            ("future-day", "since", |e, day| e.newcomers[0].since = Some(day)),
            ("future-day", "day", |e, day| {
                e.people[0].choice = "moved-out".into();
                e.people[0].day = Some(day);
            }),
            ("nothing-changed", "choice", |e, _| e.people[0].choice = "changed".into()),
        ];
        for (n, (reason, field, breaks)) in (50..).zip(cases) {
            let mut entry = rig.entry(&phone, rig.world.homes[0], "here").await;
            entry.newcomers = vec![rig.newcomer(n)];
            breaks(&mut entry, tomorrow);
            let envelope = rig.sealed(&phone, &entry);
            let answer = rig.send(&phone, &envelope).await;
            assert_eq!((answer.state, answer.reason.as_deref()), ("refused", Some(reason)), "{field}");
            assert_eq!(answer.fields[0].field, field);
            assert_eq!(rig.send(&phone, &envelope).await, answer, "the same answer again");
        }
        assert_eq!((rig.world.count("visit").await, rig.members_of(rig.world.homes[0]).await.len()), (0, 2));
    }
}
