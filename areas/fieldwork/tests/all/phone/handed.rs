//! Entries of homes and of work that are somebody else's by the time they arrive.

use http::StatusCode;
use linli_fieldwork::phone::conflict;
use linli_platform::{access::Role, ids::AccountId, reader::Reader};
use linli_register::{RegisterPremises, homes};
use linli_territory::PremisesPoints;
use serde_json::json;

use super::{
    revoked::{get_json, send_json},
    rig::{Rig, rigs},
};

/// A new set of boundaries puts the address of a home into another grid.
async fn regrid(rig: &Rig, home: usize, to: usize) {
    let reads = rig.world.store().reads();
    let row = homes::find(&reads, &Reader::system(), rig.world.homes[home]).await.unwrap();
    let tx = rig.world.store().begin(&Reader::system()).await.unwrap();
    RegisterPremises.reassign(&tx, &[(row.address_id.0, rig.world.grids[to])]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn sees(rig: &Rig, account: AccountId) -> usize {
    conflict::list(&rig.world.store().reads(), &rig.reader(account).await, true).await.unwrap().len()
}

#[tokio::test]
async fn an_entry_of_a_home_that_new_boundaries_gave_to_another_grid_goes_with_the_home() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let there = rig.colleague("there", &[(Role::Coordinator, 1)]).await;
        let phone = rig.phone(one).await;
        rig.later(3600);
        let entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        let envelope = rig.sealed(&phone, &entry);
        rig.later(3600);
        regrid(&rig, 0, 1).await;
        rig.later(24 * 3600);
        let answer = rig.send(&phone, &envelope).await;
        assert_eq!(
            (answer.state, answer.reason.as_deref()),
            ("conflict", Some("handed-over")),
            "{}",
            rig.world.test.engine
        );
        assert_eq!((sees(&rig, there).await, sees(&rig, one).await), (1, 0));
        // Whoever has the home now applies it, in the name of who stood at the door.
        let client = rig.client(there).await;
        let path = format!("/field/conflicts/{}", answer.conflict_id.unwrap());
        assert_eq!(client.post(&format!("{path}/reading"), &[]).await.status, StatusCode::OK);
        let done = client.post(&format!("{path}/decision"), &[("version", "1")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(rig.world.count("visit").await, 1);
    }
}

#[tokio::test]
async fn a_home_that_had_been_given_away_before_the_assignment_was_taken_is_not_the_senders() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let mut phone = rig.phone(one).await;
        rig.later(3600);
        regrid(&rig, 0, 1).await;
        rig.later(3600);
        rig.take(&mut phone).await;
        let entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        let answer = rig.send(&phone, &rig.sealed(&phone, &entry)).await;
        assert_eq!((answer.state, answer.reason.as_deref()), ("refused", Some("not-your-home")));
    }
}

#[tokio::test]
async fn somebody_who_works_in_both_grids_is_not_asked_about_a_home_that_went_from_one_to_the_other() {
    for rig in rigs().await {
        let both = rig.colleague("both", &[(Role::Coordinator, 0), (Role::Coordinator, 1)]).await;
        let phone = rig.phone(both).await;
        let entry = rig.entry(&phone, rig.world.homes[1], "here").await;
        let envelope = rig.sealed(&phone, &entry);
        regrid(&rig, 1, 1).await;
        assert_eq!(rig.send(&phone, &envelope).await.state, "done", "{}", rig.world.test.engine);
    }
}

#[tokio::test]
async fn whose_field_work_ended_takes_nothing_more_along_and_still_hands_in_what_was_made_before() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let next = rig.colleague("next", &[(Role::Coordinator, 0)]).await;
        rig.later(24 * 3600);
        let phone = rig.phone(one).await;
        rig.later(600);
        let entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        let envelope = rig.sealed(&phone, &entry);
        // Ended in the course of the day on which it was made.
        rig.ends(one, 0, rig.now().day()).await;
        rig.later(2 * 24 * 3600);
        let client = rig.client(one).await;
        let device = phone.device.to_string();
        assert_eq!(get_json(&client, &format!("/field/assignment?device={device}")).await.0, StatusCode::FORBIDDEN);
        assert_eq!(client.get("/field").await.status, StatusCode::OK, "the frame opens");
        let sending = json!({ "device_id": device, "entries": [envelope] });
        let (status, told) = send_json(&client, "/field/entries", &sending).await;
        assert_eq!((status, &told["results"][0]["reason"]), (StatusCode::OK, &json!("handed-over")), "{told}");
        assert_eq!(sees(&rig, next).await, 1, "{}", rig.world.test.engine);
        assert_eq!(rig.world.count("visit").await, 0, "nothing is applied by itself");
        let stored = get_json(&client, &format!("/field/entries/{}", entry.entry_id)).await;
        assert_eq!((stored.0, &stored.1["state"]), (StatusCode::OK, &json!("conflict")));
        // What is made after the role is nobody's work.
        let mut later = rig.entry(&phone, rig.world.homes[0], "here").await;
        later.assignment_made_at = Some(rig.now());
        let sending = json!({ "device_id": device, "entries": [rig.sealed(&phone, &later)] });
        let (_, told) = send_json(&client, "/field/entries", &sending).await;
        assert_eq!(told["results"][0]["reason"], "not-your-home", "{told}");
        assert_eq!(rig.world.count("phone_conflict").await, 1);
    }
}
