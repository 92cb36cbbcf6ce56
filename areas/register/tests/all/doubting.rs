//! The address of a registration under investigation.

use http::StatusCode;
use linli_platform::{
    access::Role,
    testing::{self, Client},
};
use linli_register::{
    ResidentId, Slice,
    codes::{CancelReason, CorrectionReason, DoubtCause, DoubtOutcome, Source},
    doubts, homes,
    residents::{self, Change},
};

use super::world::{World, areas, worlds};

async fn doubted(w: &World, seq: u16, home: usize) -> ResidentId {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let id = residents::register(&tx, w.person("王小明", seq, home)).await.unwrap();
    doubts::raise(&tx, id, DoubtCause::LandlordReport, tx.now().plus_hours(24)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn outcome(w: &World, id: ResidentId) -> Option<String> {
    let all = doubts::of_resident(&w.store().reads(), &w.office(), id).await.unwrap();
    all[0].outcome.clone()
}

#[tokio::test]
async fn a_doubt_is_settled_by_whatever_settles_the_address_and_by_nothing_else() {
    for w in worlds().await {
        let office = w.office();
        let (reason, source) = (CorrectionReason::Mistyped, Source::DoorVisit);
        for (seq, expected) in
            [(2, "moved"), (4, "corrected"), (6, "cancelled"), (8, "confirmed"), (10, "unfounded"), (12, "")]
        {
            let id = doubted(&w, seq, 0).await;
            let tx = w.store().begin(&office).await.unwrap();
            match expected {
                "moved" => drop(residents::move_to(&tx, id, 1, w.homes[1], w.today(), source).await.unwrap()),
                "corrected" => {
                    residents::correct_residence(&tx, id, 1, w.homes[2], None, reason, source).await.unwrap();
                }
                "cancelled" => {
                    residents::cancel(&tx, id, 1, CancelReason::Left, w.today(), source).await.unwrap();
                }
                "confirmed" => homes::mark_verified(&tx, w.homes[0], w.today()).await.unwrap(),
                "unfounded" => {
                    let open = doubts::of_resident(&tx, &office, id).await.unwrap().remove(0);
                    let outcome = DoubtOutcome::Unfounded;
                    doubts::settle(&tx, id, open.doubt_id, open.version, outcome).await.unwrap();
                    let again = doubts::settle(&tx, id, open.doubt_id, 2, outcome).await.unwrap_err();
                    assert_eq!(again.code, "doubt-settled");
                }
                _ => {
                    let phone = Change { phone: Some("13800001234".into()), ..Change::default() };
                    residents::change(&tx, id, 1, phone, source).await.unwrap();
                }
            }
            tx.commit().await.unwrap();
            assert_eq!(outcome(&w, id).await.unwrap_or_default(), expected, "{}", w.engine());
        }
    }
}

#[tokio::test]
async fn doubts_are_listed_by_premises_within_the_scope_and_name_nobody() {
    for w in worlds().await {
        let here = doubted(&w, 2, 0).await;
        doubted(&w, 4, 0).await;
        doubted(&w, 6, 2).await;
        let tx = w.store().begin(&w.office()).await.unwrap();
        let twice = doubts::raise(&tx, here, DoubtCause::NotMet, tx.now()).await.unwrap_err();
        assert_eq!(twice.code, "doubt-open", "{}", w.engine());
        drop(tx);
        let all = doubts::homes(&w.store().reads(), &w.office(), Slice::first(10)).await.unwrap();
        assert_eq!((all.total, all.rows.len()), (2, 2), "{}", w.engine());
        let mine = doubts::homes(&w.store().reads(), &w.coordinator(0), Slice::first(10)).await.unwrap();
        assert_eq!((mine.total, mine.rows[0].doubts, mine.rows[0].home_id), (1, 2, w.homes[0]));
        let text = format!("{:?}", mine.rows);
        assert!(!text.contains('王') && !text.contains(&here.to_string()), "{text}");
    }
}

#[tokio::test]
async fn the_flag_stands_on_the_record_and_at_the_door_and_in_no_list_of_people() {
    for w in worlds().await.into_iter().take(1) {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let account = testing::account(w.store(), "me", &[(Role::Coordinator, &w.grids[0].to_string())]).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let free = me.post(&format!("/residents/{id}/doubts"), &[("cause", "suspicious")]).await;
        assert_eq!(free.status, StatusCode::UNPROCESSABLE_ENTITY, "causes are a closed list");
        let raised = me.post(&format!("/residents/{id}/doubts"), &[("cause", "not-met")]).await;
        assert_eq!(raised.status, StatusCode::SEE_OTHER, "{}", raised.text);
        let record = me.get(&format!("/residents/{id}")).await.text;
        assert!(record.contains("住址核实中") && record.contains("多次上门未遇"), "{record}");
        assert!(me.get(&format!("/homes/{}", w.homes[0])).await.text.contains("住址核实中"));
        assert!(!me.get("/residents").await.text.contains("住址核实中"), "no list of people shows it");
        let list = me.get("/doubts").await.text;
        assert!(list.contains(&w.homes[0].to_string()) && !list.contains(&id.to_string()) && !list.contains("王**"));
        // Fifteen days by the law's clock, then it is late.
        w.test.clock.set(w.today().plus_days(16).start().plus_hours(9));
        let late = Client::signed_in(&w.app, &areas(), account).await;
        assert!(late.get("/doubts").await.text.contains("已超期"));
        let settlement = record.split("/doubts/").nth(1).unwrap().split('"').next().unwrap();
        let path = format!("/residents/{id}/doubts/{settlement}");
        let moved = late.post(&path, &[("version", "1"), ("outcome", "moved")]).await;
        assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY, "a move is made, not said");
        let settled = late.post(&path, &[("version", "1"), ("outcome", "confirmed")]).await;
        assert_eq!(settled.status, StatusCode::SEE_OTHER, "{}", settled.text);
        assert!(late.get("/doubts").await.text.contains("没有待核实的住址"));
    }
}
