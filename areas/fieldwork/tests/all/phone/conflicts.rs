//! Deciding about entries that wait.

use http::StatusCode;
use linli_fieldwork::phone::{
    entry::{Changes, Entry},
    received::Answer,
};
use linli_platform::{access::Role, store::Query, testing::Client, vals};
use linli_register::residents::Change;

use super::{
    super::world::office,
    rig::{Phone, Rig, rigs},
};

/// An entry with a changed phone number and a newcomer, which waits because the office changed the record meanwhile.
async fn waiting(rig: &Rig, phone: &Phone) -> (Entry, Answer) {
    let mut entry = rig.entry(phone, rig.world.homes[0], "here").await;
    entry.people[0].choice = "changed".into();
    let changes = Changes { phone: Some("19900001111".into()), local: Some(true), ..Changes::default() };
    entry.people[0].changes = Some(changes);
    entry.newcomers = vec![rig.newcomer(61)];
    entry.notes = vec!["dog-in-yard".into()];
    let (id, version) = (entry.people[0].resident_id, entry.people[0].version);
    let tx = rig.world.store().begin(&office(rig.world.store())).await.unwrap();
    let change = Change { phone: Some("19900003333".into()), ..Change::default() };
    linli_register::residents::change(&tx, id, version, change, linli_register::codes::Source::Counter).await.unwrap();
    tx.commit().await.unwrap();
    let answer = rig.send(phone, &rig.sealed(phone, &entry)).await;
    assert_eq!((answer.state, answer.reason.as_deref()), ("conflict", Some("changed-meanwhile")));
    (entry, answer)
}

async fn masked_phone(rig: &Rig, entry: &Entry) -> (String, bool) {
    let members = rig.members_of(rig.world.homes[0]).await;
    let member = members.iter().find(|m| m.resident_id == entry.people[0].resident_id).unwrap();
    (member.phone_masked.clone().unwrap_or_default(), member.is_local)
}

async fn opened(client: &Client, path: &str) -> String {
    let masked = client.get(path).await;
    assert_eq!(masked.status, StatusCode::OK);
    assert!(!masked.text.contains("19900001111") && !masked.text.contains("张测61"), "{}", masked.text);
    client.post(&format!("{path}/reading"), &[]).await.text
}

#[tokio::test]
async fn an_entry_is_opened_on_record_decided_field_by_field_and_counts_for_who_stood_at_the_door() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let (entry, answer) = waiting(&rig, &phone).await;
        let path = format!("/field/conflicts/{}", answer.conflict_id.unwrap());
        let client = rig.client(rig.colleague("leader", &[(Role::GridLeader, 0)]).await).await;
        let decision = format!("{path}/decision");
        let unread = client.post(&decision, &[("version", "1")]).await;
        assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody decides what they have not read");
        let readings = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND subject_kind = 'resident'";
        assert_eq!(rig.count(readings).await, 0);
        let page = opened(&client, &path).await;
        assert!(page.contains("19900001111") && page.contains("张测61") && page.contains("199****3333"), "{page}");
        assert!(!page.contains("19900003333"), "what the register has stays masked");
        assert_eq!(rig.count(readings).await, 1, "{}", rig.world.test.engine);

        let id = entry.people[0].resident_id;
        let (phone_field, local_field) = (format!("f-{id}-phone"), format!("f-{id}-local"));
        let some = [("version", "1"), (phone_field.as_str(), "register"), ("n-0", "register")];
        let missing = client.post(&decision, &some).await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(missing.text.contains(&format!("id=\"e-{local_field}\"")), "{}", missing.text);
        assert!(missing.text.contains("value=\"register\" checked"), "what was chosen stays");
        assert_eq!(rig.world.count("visit").await, 0);

        let all = [some[0], some[1], some[2], (local_field.as_str(), "phone")];
        let done = client.post(&decision, &all).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/field/conflicts"), "{}", done.text);
        assert_eq!(masked_phone(&rig, &entry).await, ("199****3333".into(), true));
        assert_eq!(rig.members_of(rig.world.homes[0]).await.len(), 3);
        let reads = rig.world.store().reads();
        let own = "SELECT COUNT(*) FROM visit WHERE division_code = $1 AND account_id = $2 AND entry_id = $3";
        assert_eq!(reads.number(own, vals![reads.division(), one, entry.entry_id]).await.unwrap(), 1);
        assert_eq!(rig.world.count("visit_note").await, 1);
        // What was entered is gone, and the phone gets its answer.
        let left = "SELECT COUNT(*) FROM phone_conflict WHERE division_code = $1 AND content_sealed IS NOT NULL";
        assert_eq!((rig.count(left).await, rig.world.count("phone_conflict_person").await), (0, 0));
        let again = rig.client(one).await;
        let told = super::revoked::get_json(&again, &format!("/field/entries/{}", entry.entry_id)).await.1;
        assert_eq!(told["state"], "done", "{told}");
        assert!(client.get("/field/conflicts?tab=decided").await.text.contains("已采用"));
        assert_eq!(client.post(&decision, &all).await.status, StatusCode::CONFLICT, "decided once");
    }
}

#[tokio::test]
async fn an_entry_that_is_set_aside_needs_a_reason_of_the_list_and_its_phone_is_told() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let (entry, answer) = waiting(&rig, &phone).await;
        let path = format!("/field/conflicts/{}", answer.conflict_id.unwrap());
        let client = rig.client(one).await;
        opened(&client, &path).await;
        let aside = format!("{path}/setting-aside");
        for reason in ["", "resident-erased", "because"] {
            let refused = client.post(&aside, &[("version", "1"), ("reason", reason)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        }
        let done = client.post(&aside, &[("version", "1"), ("reason", "mistake")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!((rig.world.count("visit").await, masked_phone(&rig, &entry).await.1), (0, false));
        let told = super::revoked::get_json(&client, &format!("/field/entries/{}", entry.entry_id)).await.1;
        assert_eq!((&told["state"], &told["reason"]), (&"refused".into(), &"set-aside".into()));
        assert_eq!(told["detail"], "mistake", "{}", rig.world.test.engine);
    }
}

#[tokio::test]
async fn another_grids_entry_does_not_exist_and_a_newcomer_registered_elsewhere_can_be_left_out() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let mut entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        // The person of the other grid's home.
        entry.newcomers = vec![rig.newcomer(2)];
        let answer = rig.send(&phone, &rig.sealed(&phone, &entry)).await;
        assert_eq!((answer.state, answer.reason.as_deref()), ("conflict", Some("registered-elsewhere")));
        let path = format!("/field/conflicts/{}", answer.conflict_id.unwrap());
        let other = rig.client(rig.colleague("other", &[(Role::Coordinator, 1)]).await).await;
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(&format!("{path}/reading"), &[]).await.status, StatusCode::NOT_FOUND);
        let client = rig.client(one).await;
        opened(&client, &path).await;
        let decision = format!("{path}/decision");
        let still = client.post(&decision, &[("version", "1"), ("n-0", "register")]).await;
        assert_eq!(still.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(still.text.contains("id=\"e-n-0\""), "{}", still.text);
        let done = client.post(&decision, &[("version", "1"), ("n-0", "leave")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!((rig.world.count("visit").await, rig.members_of(rig.world.homes[0]).await.len()), (1, 2));
    }
}

#[tokio::test]
async fn with_a_record_that_is_erased_for_good_the_entry_that_waits_for_it_goes() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let (entry, _) = waiting(&rig, &phone).await;
        super::super::visits::erase_in(&rig.app, &rig.world, entry.people[0].resident_id).await;
        let left = "SELECT COUNT(*) FROM phone_conflict WHERE division_code = $1 AND (state = 'open' OR content_sealed IS NOT NULL)";
        assert_eq!(rig.count(left).await, 0, "{}", rig.world.test.engine);
        let again = rig.send(&phone, &rig.sealed(&phone, &entry)).await;
        assert_eq!(again.reason.as_deref(), Some("entry-id-reused"), "sealed anew it is another");
        let told =
            super::revoked::get_json(&rig.client(one).await, &format!("/field/entries/{}", entry.entry_id)).await.1;
        assert_eq!((&told["reason"], &told["detail"]), (&"set-aside".into(), &"resident-erased".into()));
    }
}
