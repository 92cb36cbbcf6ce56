//! Hand-overs: between grids, out of the jurisdiction, with offer, answer, deadline and withdrawal.

use http::StatusCode;
use linli_platform::{
    access::Role,
    testing::{self, Client},
};
use linli_register::{
    codes::{CancelReason, Source},
    history, outward, residents, transfers,
};

use super::world::{World, areas, worlds};

async fn client(w: &World, name: &str, grid: usize) -> Client {
    let account = testing::account(w.store(), name, &[(Role::Coordinator, &w.grids[grid].to_string())]).await;
    Client::signed_in(&w.app, &areas(), account).await
}

#[tokio::test]
async fn somebody_handed_over_elsewhere_stays_registered_until_the_other_office_accepts() {
    for w in worlds().await {
        let (q, office) = (w.store().reads(), w.office());
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let due = tx.now().plus_hours(48);
        for (to, code) in [("", "transfer-office"), ("张三", "free-text-person")] {
            assert_eq!(outward::offer(&tx, id, to, due).await.unwrap_err().code, code, "{to} {}", w.engine());
        }
        let offer = outward::offer(&tx, id, "华新镇社区服务中心", due).await.unwrap();
        let second = transfers::offer(&tx, id, w.grids[1], due).await.unwrap_err();
        assert_eq!(second.code, "transfer-open", "nobody is handed over twice at a time");
        tx.commit().await.unwrap();
        assert_eq!(outward::list(&q, &w.coordinator(1)).await.unwrap().len(), 0, "another grid's");
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        outward::refuse(&tx, offer, 1, "not-found-there").await.unwrap();
        assert_eq!(residents::find(&tx, &office, id).await.unwrap().state, "current");
        let again = outward::offer(&tx, id, "华新镇社区服务中心", due).await.unwrap();
        assert_eq!(outward::accept(&tx, again, 1, " ", Source::DataCheck).await.unwrap_err().code, "transfer-receipt");
        outward::accept(&tx, again, 1, "HX-2026-118", Source::DataCheck).await.unwrap();
        tx.commit().await.unwrap();
        let row = residents::find(&q, &office, id).await.unwrap();
        assert_eq!((row.state.as_str(), row.cancel_reason.as_deref()), ("cancelled", Some("moved-away")));
        let list = outward::list(&q, &office).await.unwrap();
        let states: Vec<&str> = list.iter().map(|t| t.state.as_str()).collect();
        assert!(states.contains(&"accepted") && states.contains(&"refused"), "{states:?}");
        let steps = history::of_resident(&q, &office, id).await.unwrap();
        assert!(steps.iter().any(|s| s.reason_key().as_deref() == Some("refusal-not-found-there")));
    }
}

#[tokio::test]
async fn an_offer_is_withdrawn_by_its_side_and_ends_with_the_registration() {
    for w in worlds().await {
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let due = tx.now().plus_hours(48);
        let offer = transfers::offer(&tx, id, w.grids[1], due).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(1)).await.unwrap();
        assert_eq!(transfers::withdraw(&tx, offer, 1).await.unwrap_err().code, "not-found", "{}", w.engine());
        drop(tx);
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        transfers::withdraw(&tx, offer, 1).await.unwrap();
        let outside = outward::offer(&tx, id, "华新镇社区服务中心", due).await.unwrap();
        outward::withdraw(&tx, outside, 1).await.unwrap();
        transfers::offer(&tx, id, w.grids[1], due).await.unwrap();
        residents::cancel(&tx, id, 1, CancelReason::Left, w.today(), Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        let open = transfers::list(&w.store().reads(), &w.office()).await.unwrap();
        assert!(open.iter().all(|t| t.state == "withdrawn"), "no offer waits for somebody who is gone");
    }
}

#[tokio::test]
async fn the_receiving_side_sees_whom_it_takes_over_on_record_and_refuses_or_accepts_by_pages() {
    for w in worlds().await.into_iter().take(1) {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let (here, there) = (client(&w, "here", 0).await, client(&w, "there", 1).await);
        let grid = w.grids[1].to_string();
        let offer = async || here.post(&format!("/residents/{id}/transfer"), &[("grid", &grid)]).await;
        assert_eq!(offer().await.status, StatusCode::SEE_OTHER);
        let list = there.get("/transfers").await.text;
        assert!(list.contains("王**") && !list.contains("王小明") && !list.contains(&format!("/residents/{id}")));
        let path =
            |text: &str| format!("/transfers/{}", text.split("/transfers/").nth(1).unwrap().split('/').next().unwrap());
        let first = path(&list);
        let read = there.post(&format!("{first}/reading"), &[("version", "1")]).await;
        assert!(read.text.contains("王小明") && read.text.contains("跨网格移交"), "{}", read.text);
        assert!(here.get(&format!("/residents/{id}/access")).await.text.contains("跨网格移交"), "on record");
        let refused = there.post(&format!("{first}/refusal"), &[("version", "1"), ("reason", "not-found-there")]).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.text);
        let mine = here.get("/transfers").await.text;
        assert!(mine.contains("上门未见此人") && mine.contains("重新移交"), "{mine}");
        assert_eq!(offer().await.status, StatusCode::SEE_OTHER, "offered again");
        let second = there.get("/transfers").await.text;
        let second = path(second.split("/reading").next().unwrap());
        let no_home = there.post(&format!("{second}/acceptance"), &[("version", "1"), ("address", "某某路1号")]).await;
        assert_eq!(no_home.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [("version", "1"), ("address", "大盈村3组12号")];
        let accepted = there.post(&format!("{second}/acceptance"), &form).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
        assert_eq!(there.get(&format!("/residents/{id}")).await.status, StatusCode::OK);
        assert_eq!(here.get(&format!("/residents/{id}")).await.status, StatusCode::NOT_FOUND);
        let outward = there.post(&format!("/residents/{id}/outward-transfer"), &[("office", "华新镇")]).await;
        assert_eq!(outward.status, StatusCode::SEE_OTHER, "{}", outward.text);
        let list = there.get("/transfers").await.text;
        let sent = list.split("/outward-transfers/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let empty = there.post(&format!("/outward-transfers/{sent}/acceptance"), &[("version", "1")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [("version", "1"), ("receipt", "HX-118")];
        let done = there.post(&format!("/outward-transfers/{sent}/acceptance"), &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(there.get(&format!("/residents/{id}")).await.text.contains("已注销"));
    }
}
