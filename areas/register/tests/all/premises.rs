//! The life of standard addresses: found, renumbered, gone, and standing after all.

use http::StatusCode;
use linli_platform::{
    access::Role,
    testing::{self, Client},
};
use linli_register::{
    Slice, address_life,
    addresses::{self, NewAddress},
    codes::{CancelReason, HomeKind, Source},
    figures, homes, residents,
};

use super::world::{COMMITTEE, World, areas, worlds};

fn found(w: &World, text: &str) -> NewAddress {
    NewAddress {
        address_id: None,
        text: text.into(),
        committee_code: COMMITTEE.into(),
        grid_id: Some(w.grids[0]),
        lon: None,
        lat: None,
        source: Source::DoorVisit,
    }
}

#[tokio::test]
async fn an_old_name_leads_to_the_house_until_another_house_has_it() {
    for w in worlds().await {
        let old = "香花桥街道新府中路501弄12号301室";
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let new = "香花桥街道新府中路501弄15号301室";
        address_life::renumber(&tx, w.addresses[0], 1, new, w.today(), Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        for text in [old, new, "新府中路501弄15-301", "新府中路501弄12号301室"] {
            let resolved = addresses::resolve(&w.app, text).await.unwrap();
            assert_eq!(resolved.door, Some(w.addresses[0]), "{text} {}", w.engine());
        }
        let q = w.store().reads();
        let resident = w.store().begin(&w.coordinator(0)).await.unwrap();
        let id = residents::register(&resident, w.person("王小明", 2, 0)).await.unwrap();
        resident.commit().await.unwrap();
        for (part, found) in [("12号301", 1), ("15号301", 1), ("17号301", 0)] {
            let filter = addresses::Filter { text: part.into(), ..addresses::Filter::default() };
            let listed = addresses::list(&q, &w.coordinator(0), &filter, Slice::first(9)).await.unwrap();
            assert_eq!(listed.rows.iter().filter(|a| a.address_id == w.addresses[0]).count(), found, "{part}");
            let filter = homes::Filter { text: part.into(), ..homes::Filter::default() };
            let listed = homes::list(&q, &w.coordinator(0), &filter, Slice::first(9)).await.unwrap();
            assert_eq!(listed.total, i64::try_from(found).unwrap(), "{part} {}", w.engine());
            let people = residents::search(&w.app, &w.coordinator(0), part, Slice::first(9)).await.unwrap();
            assert_eq!(people.rows.iter().filter(|r| r.resident_id == id).count(), found, "{part} {}", w.engine());
        }
        let elsewhere = addresses::Filter { text: "12号301".into(), ..addresses::Filter::default() };
        let listed = addresses::list(&q, &w.coordinator(1), &elsewhere, Slice::first(9)).await.unwrap();
        assert_eq!(listed.total, 0, "an old name tells nothing outside the scope");
        let names = address_life::old_names(&w.store().reads(), w.addresses[0]).await.unwrap();
        assert_eq!((names.len(), names[0].text.as_str(), names[0].until_day), (1, old, w.today()));
        // Another house gets the number: from now on it is meant.
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        w.test.clock.set(w.store().now().plus_s(1));
        let (other, _) = address_life::add(&tx, found(&w, old), HomeKind::Flat, tx.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(addresses::resolve(&w.app, old).await.unwrap().door, Some(other), "{}", w.engine());
    }
}

#[tokio::test]
async fn a_house_is_gone_only_when_nobody_is_registered_there_and_counts_no_more() {
    for w in worlds().await {
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let day = w.today();
        let lived_in = address_life::demolish(&tx, w.addresses[0], 1, day, Source::DoorVisit).await.unwrap_err();
        assert_eq!(lived_in.code, "address-lived-in", "{}", w.engine());
        residents::cancel(&tx, id, 1, CancelReason::Left, day, Source::DoorVisit).await.unwrap();
        address_life::demolish(&tx, w.addresses[0], 1, day, Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        let text = "香花桥街道新府中路501弄12号301室";
        assert_eq!(addresses::resolve(&w.app, text).await.unwrap().door, None);
        let homes = |month: Vec<figures::GridCounts>| figures::total(&month).homes;
        let count = figures::month(&w.store().reads(), &w.office(), day.month()).await.unwrap();
        assert_eq!(homes(count), 2, "{}", w.engine());
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        address_life::restore(&tx, w.addresses[0], 2, Source::DoorVisit).await.unwrap();
        let again = address_life::restore(&tx, w.addresses[0], 3, Source::DoorVisit).await.unwrap_err();
        assert_eq!(again.code, "address-state");
        tx.commit().await.unwrap();
        let count = figures::month(&w.store().reads(), &w.office(), day.month()).await.unwrap();
        assert_eq!(homes(count), 3);
    }
}

#[tokio::test]
async fn what_is_written_by_hand_is_checked() {
    for w in worlds().await {
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        for (text, code) in [
            ("", "address-empty"),
            ("香花桥街道新府中路501弄12号301室", "address-known"),
            ("新府中路501弄12号302", "address-known"),
            ("新府中路 王先生 13900001111", "free-text-number"),
        ] {
            let refused = address_life::add(&tx, found(&w, text), HomeKind::Flat, tx.now()).await.unwrap_err();
            assert_eq!(refused.code, code, "{text} {}", w.engine());
        }
        let outside = NewAddress { grid_id: Some(w.grids[1]), ..found(&w, "大盈村5组7号") };
        assert_eq!(address_life::add(&tx, outside, HomeKind::House, tx.now()).await.unwrap_err().code, "not-found");
        let same = "香花桥街道新府中路501弄12号301室";
        let nothing = address_life::renumber(&tx, w.addresses[0], 1, same, w.today(), Source::DoorVisit).await;
        assert_eq!(nothing.unwrap_err().code, "nothing-changed");
        let tomorrow = w.today().plus_days(1);
        let early = address_life::renumber(&tx, w.addresses[0], 1, "新府中路9号", tomorrow, Source::DoorVisit).await;
        assert_eq!(early.unwrap_err().code, "since-future");
    }
}

#[tokio::test]
async fn an_address_lives_by_pages() {
    for w in worlds().await.into_iter().take(1) {
        let grid = w.grids[0].to_string();
        let account = testing::account(w.store(), "me", &[(Role::Coordinator, &grid)]).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let bad = me.post("/addresses", &[("text", "新府中路8号"), ("kind", "flat")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("新府中路8号") && bad.text.contains("#f-grid"), "{}", bad.text);
        let form = [("text", "香花桥街道新府中路8号"), ("grid", &grid), ("kind", "shop")];
        let made = me.post("/addresses", &form).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let path = made.location().to_owned();
        let renumbered =
            me.post(&format!("{path}/renumbering"), &[("version", "1"), ("text", "香花桥街道新府中路10号")]).await;
        assert_eq!(renumbered.status, StatusCode::SEE_OTHER, "{}", renumbered.text);
        let page = me.get(&path).await.text;
        assert!(page.contains("新府中路8号") && page.contains("曾用地址") && page.contains("沿街商铺"), "{page}");
        let stale = me.post(&format!("{path}/demolition"), &[("version", "1")]).await;
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(me.post(&format!("{path}/demolition"), &[("version", "2")]).await.status, StatusCode::SEE_OTHER);
        assert!(me.get(&path).await.text.contains("已拆除"));
        assert_eq!(me.post(&format!("{path}/restoration"), &[("version", "3")]).await.status, StatusCode::SEE_OTHER);
        let hidden = me.get(&format!("/addresses/{}", w.addresses[2])).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND, "another grid's");
    }
}
