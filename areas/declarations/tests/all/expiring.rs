//! What is over its time goes, and nothing before.

use linli_declarations::{Kind, expire, receipt, requests};
use linli_platform::reader::Reader;

use super::world::{NAME, fact, mobile, worlds};

#[tokio::test]
async fn answered_requests_go_after_the_months_of_the_pack_and_codes_and_visits_after_a_day() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let taken_back = world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        let waiting = world.file(&own, Kind::Correction, fact("name", "欧阳若冰")).await.unwrap();
        let tx = world.store().begin(&own.reader()).await.unwrap();
        requests::withdraw(&tx, &own, taken_back).await.unwrap();
        tx.commit().await.unwrap();
        let (cases, keys) = (
            "SELECT COUNT(*) FROM declaration WHERE division_code = $1",
            "SELECT COUNT(*) FROM subject_key WHERE division_code = $1",
        );
        let entrance = "SELECT (SELECT COUNT(*) FROM own_attempt WHERE division_code = $1)
                        + (SELECT COUNT(*) FROM own_session WHERE division_code = $1)";
        let before = world.count(keys).await;
        expire::expire(&world.app).await.unwrap();
        assert_eq!((world.count(cases).await, world.count(entrance).await), (2, 2), "{}", world.engine());
        world.later_s(26 * 3600);
        expire::expire(&world.app).await.unwrap();
        assert_eq!((world.count(cases).await, world.count(entrance).await), (2, 0));
        world.later_s(370 * 24 * 3600);
        expire::expire(&world.app).await.unwrap();
        assert_eq!(world.count(cases).await, 1, "what waits for its answer stays");
        assert_eq!(world.count(keys).await, before - 1, "its key is gone with it");
        assert!(requests::find(&world.store().reads(), &own, waiting).await.is_ok());
        assert!(
            linli_platform::log::verify(world.store(), None).await.unwrap().is_ok(),
            "the log can still be checked"
        );
    }
}

#[tokio::test]
async fn what_an_erased_person_asked_for_goes_with_the_record() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        receipt::issue(&world.app, &world.t(), &own, "https://linli.test").await.unwrap();
        let keys = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1";
        let before = world.count(keys).await;
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        let eraser = linli_platform::erasures::eraser(&world.app, "resident").unwrap();
        assert!(eraser.erase(&world.app, &tx, world.person.0).await.unwrap(), "{}", world.engine());
        tx.commit().await.unwrap();
        // In that very transaction: no job has run since.
        assert_eq!(world.count(keys).await, before - 2, "the record's key and the request's");
        for table in ["declaration", "own_receipt", "own_session", "own_attempt"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
            assert_eq!(world.count(&sql).await, 0, "{}: {table}", world.engine());
        }
        assert!(world.ask(1, NAME).await.is_ok(), "the entrance answers as for anybody");
        assert!(world.letter().await.is_none());
    }
}
