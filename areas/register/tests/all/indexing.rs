//! The key of the blind indexes is exchanged while people are looked for and registered.

use std::{sync::Arc, time::Duration};

use linli_platform::{
    clock::Rng,
    key_rotation,
    keys::{KeyRing, KeySettings, Profile},
    log,
    reader::Reader,
    store::{DatabaseUrl, Query as _, Store},
    testing, vals,
};
use linli_register::{
    Slice,
    residents::{self, Change, SearchKind},
};
use sea_orm::FromQueryResult;

use super::world::{World, migrations, mobile, number};

#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
struct Blinds {
    doc_blind: Vec<u8>,
    phone_blind: Option<Vec<u8>>,
}

async fn blinds(w: &World, id: linli_register::ResidentId) -> Blinds {
    let sql = "SELECT doc_blind, phone_blind FROM resident WHERE division_code = $1 AND resident_id = $2";
    let q = w.store().reads();
    q.row(sql, vals![q.division(), id]).await.unwrap().unwrap()
}

async fn found(w: &World, seq: u16) -> (usize, usize) {
    let of = async |text: &str, kind: SearchKind| {
        let found = residents::search(&w.app, &w.office(), text, Slice::first(10)).await.unwrap();
        assert_eq!(found.kind, kind);
        found.rows.len()
    };
    (of(&number(seq), SearchKind::Number).await, of(&mobile(seq), SearchKind::Mobile).await)
}

/// The seconds in which every process comes to know a new key pass.
async fn while_time_goes_on<T>(w: &World, work: impl Future<Output = T>) -> T {
    let clock = w.test.clock.clone();
    let passing = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            clock.set(clock.now().plus_s(1));
        }
    });
    let done = work.await;
    passing.abort();
    done
}

async fn register(w: &World, name: &str, seq: u16, home: usize) -> Result<linli_register::ResidentId, String> {
    let tx = w.store().begin(&w.office()).await.unwrap();
    match residents::register(&tx, w.person(name, seq, home)).await {
        Ok(id) => tx.commit().await.map(|()| id).map_err(|e| e.code.into()),
        Err(e) => Err(e.code.into()),
    }
}

#[tokio::test]
async fn while_the_index_key_is_exchanged_everybody_is_found_and_nobody_is_registered_twice() {
    for test in testing::stores_of_each_profile(migrations).await {
        let w = World::found(test).await;
        let first = register(&w, "曾小明", 2, 0).await.unwrap();
        let before = blinds(&w, first).await;
        while_time_goes_on(&w, async {
            // The new key is known, and nothing is written with it yet.
            let begun = key_rotation::rotate_blind(&w.app);
            let meanwhile = async {
                tokio::time::sleep(Duration::from_millis(60)).await;
                assert_eq!(found(&w, 2).await, (1, 1), "{}", w.engine());
                assert_eq!(register(&w, "曾小明", 2, 1).await, Err("two-main-residences".into()));
                register(&w, "王大力", 4, 1).await.unwrap()
            };
            let (computed, second) = tokio::join!(begun, meanwhile);
            assert_eq!(computed.unwrap(), 4, "{}: numbers and mobiles of two", w.engine());
            assert_ne!(blinds(&w, first).await, before);
            for seq in [2, 4] {
                assert_eq!(found(&w, seq).await, (1, 1), "{}", w.engine());
            }
            assert_eq!(register(&w, "王大力", 4, 0).await, Err("two-main-residences".into()));
            let tx = w.store().begin(&w.office()).await.unwrap();
            let kind = cn_identity::DocumentKind::Resident;
            let change = Change { doc: Some((kind, number(2), false)), ..Change::default() };
            let told = linli_register::codes::Source::DoorVisit;
            let taken = residents::change(&tx, second, 1, change, told).await.unwrap_err();
            assert_eq!(taken.code, "two-main-residences");
        })
        .await;
        let other = key_rotation::rotate_blind(&w.app).await.unwrap_err();
        assert!(other.is("keys-exchange-open"), "one exchange at a time");
        assert_eq!(key_rotation::reindex(&w.app).await.unwrap(), 0, "all is done");
        w.test.clock.set(w.store().now().plus_s(60));
        key_rotation::end_blind(&w.app).await.unwrap();
        assert_eq!((found(&w, 2).await, found(&w, 4).await), ((1, 1), (1, 1)));
        assert!(key_rotation::end_blind(&w.app).await.unwrap_err().is("keys-no-exchange"));
        let runs = "SELECT COUNT(*) FROM machine_run WHERE division_code = $1 AND kind = 'keys-reindex'";
        let q = w.store().reads();
        assert!(q.number(runs, vals![q.division()]).await.unwrap() > 0, "each look of the machine is on record");
        assert!(log::verify(w.store(), None).await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn an_exchange_that_was_broken_off_is_finished_by_the_daily_work_before_the_former_key_can_go() {
    for test in testing::stores_of_each_profile(migrations).await {
        let w = World::found(test).await;
        let first = register(&w, "曾小明", 2, 0).await.unwrap();
        while_time_goes_on(&w, key_rotation::rotate_blind(&w.app)).await.unwrap();
        let done = blinds(&w, first).await;
        // As if the run had ended before this row.
        let tx = w.store().begin(&Reader::system()).await.unwrap();
        tx.housekeeping("for the test");
        let stale = w.store().keys().blind_forms("doc", &number(2)).pop().unwrap();
        let sql = "UPDATE resident SET doc_blind = $3 WHERE division_code = $1 AND resident_id = $2";
        tx.execute(sql, vals![tx.division(), first, stale]).await.unwrap();
        tx.commit().await.unwrap();
        w.test.clock.set(w.store().now().plus_s(60));
        assert_eq!(found(&w, 2).await, (1, 1), "{}: both keys are searched by", w.engine());
        assert!(key_rotation::end_blind(&w.app).await.unwrap_err().is("keys-indexes-left"), "{}", w.engine());
        assert_eq!(key_rotation::reindex(&w.app).await.unwrap(), 1);
        assert_eq!(blinds(&w, first).await, done);
        key_rotation::end_blind(&w.app).await.unwrap();
    }
}

#[tokio::test]
async fn a_division_moves_from_one_profile_to_the_other_by_exchanging_its_keys_under_a_running_server() {
    for (from, to) in [(Profile::Aes, Profile::Sm), (Profile::Sm, Profile::Aes)] {
        let mut test = testing::sqlite(migrations()).await;
        let folder = KeySettings::folder(&test.dir.path().join("keys"));
        KeyRing::create(&folder, test.store.rng()).unwrap();
        let connect = async |profile: Profile| {
            let (url, rng) = (DatabaseUrl::sqlite(&test.dir.path().join("linli.db")), Rng::system());
            let keys = Arc::new(KeyRing::open(&folder.clone().of_profile(profile), &rng, &test.clock).unwrap());
            Store::connect(&url, testing::DIVISION, keys, test.clock.clone(), rng).await.unwrap()
        };
        let (server, other) = (connect(from).await, connect(to).await);
        test.store = server;
        let w = World::found(test).await;
        register(&w, "曾小明", 2, 0).await.unwrap();
        let app = testing::app(&other, &super::world::areas());
        key_rotation::rotate_division(&other).await.unwrap();
        key_rotation::rotate_subjects(&app).await.unwrap();
        key_rotation::rotate_log(&other).await.unwrap();
        while_time_goes_on(&w, key_rotation::rotate_blind(&app)).await.unwrap();
        w.test.clock.set(w.store().now().plus_s(60));
        key_rotation::end_blind(&app).await.unwrap();
        key_rotation::end_log(&other).await.unwrap();
        key_rotation::destroy_epoch(&other, "2026-11").await.unwrap();
        assert!(other.keys().held().iter().all(|key| key.profile == to));
        // The server comes to know the keys by itself; the test does not wait for it.
        w.store().keys().refresh(w.store().rng(), w.today().month()).unwrap();
        assert_eq!(found(&w, 2).await, (1, 1));
        let second = register(&w, "王大力", 4, 1).await.unwrap();
        let tx = other.begin(&w.office()).await.unwrap();
        let run = tx.machine_run("test").await.unwrap();
        let names = residents::machine_names(&tx, &run, &[second]).await.unwrap();
        assert_eq!(names[0].name.for_engine(), "王大力", "each reads what the other sealed");
        tx.commit().await.unwrap();
        assert!(log::verify(w.store(), None).await.unwrap().is_ok());
    }
}
