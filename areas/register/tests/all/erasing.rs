//! Erasing one record for good: by two people, with a proof, and again after an older backup.

use http::StatusCode;
use linli_platform::{
    access::Role,
    accounts,
    app::{App, Installation},
    area::Area,
    erasures, log, log_proofs,
    store::Query as _,
    testing::{self, Client, DIVISION},
    vals,
};
use linli_register::{counter, residents};

use super::world::{World, worlds};

/// The world's application with a folder of keys.
fn with_keys(w: &World) -> App {
    let given = Installation { key_dir: Some(w.test.dir.path().to_owned()), ..testing::installation(w.store()) };
    App::assemble(&[linli_territory::area(), linli_register::area()], given).unwrap()
}

async fn count(w: &World, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
    w.store().reads().number(&sql, vals![w.store().division()]).await.unwrap()
}

#[tokio::test]
async fn two_people_erase_a_record_with_its_key_and_the_log_proves_it() {
    for w in worlds().await {
        let app = with_keys(&w);
        let areas = [linli_territory::area(), linli_register::area()];
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("曾小明", 2, 0)).await.unwrap();
        let stays = residents::register(&tx, w.person("王大力", 4, 2)).await.unwrap();
        counter::open(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let account = async |name: &str, role| {
            let id = testing::account(w.store(), name, &[(role, DIVISION)]).await;
            Client::signed_in(&app, &areas, id).await
        };
        let office = account("office", Role::PopulationOffice).await;
        let station = account("station", Role::Station).await;
        let coordinator = account("coordinator", Role::Coordinator).await;
        let path = format!("/residents/{id}/erasure");
        let form = [("reason", "asked")];
        assert_eq!(coordinator.post(&path, &form).await.status, StatusCode::FORBIDDEN, "{}", w.engine());
        assert_eq!(office.post(&path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "without a reason");
        let proposal = office.post(&path, &form).await.location().to_owned();
        let approval = format!("{proposal}/approval");
        let shown = station.get(&proposal).await.text;
        assert!(shown.contains("曾**") && !shown.contains("曾小明"), "masked: {shown}");
        assert_eq!(office.post(&approval, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "not by oneself");
        let busy = station.post(&approval, &[]).await;
        assert_eq!(busy.status, StatusCode::UNPROCESSABLE_ENTITY, "work on it is open");
        let until = w.store().now().plus_s(counter::CASE_S);
        w.test.clock.set(until);
        let station = again(&w, &app, &areas, "station").await;
        assert_eq!(station.post(&approval, &[]).await.location(), proposal, "{}", w.engine());

        assert_eq!((count(&w, "resident").await, count(&w, "residence").await), (1, 1));
        let keys = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1 AND subject_id = $2";
        let reads = w.store().reads();
        assert_eq!(reads.number(keys, vals![reads.division(), id]).await.unwrap(), 0, "the key is gone");
        assert_eq!(reads.number(keys, vals![reads.division(), stays]).await.unwrap(), 1);
        assert!(erasures::is_erased(&reads, id.0).await.unwrap());
        let waits = log_proofs::of_erasure(&reads, id.0).await.unwrap_err();
        assert_eq!(waits.code, "log-waits");
        log::sequence(w.store(), "one").await.unwrap();
        let proof = log_proofs::of_erasure(&reads, id.0).await.unwrap();
        let key = log::verifier(w.store()).unwrap();
        assert_eq!(proof.check(&key), Ok(()));
        assert!(proof.record.contains("resident.erased") && proof.record.contains(&id.to_string()));
        let forged =
            log_proofs::LogProof { record: proof.record.replace(&id.to_string(), &stays.to_string()), ..proof };
        assert!(forged.check(&key).is_err(), "another record is not proved by it");
        let listed = tombstones(&w);
        assert!(listed.contains(&id.to_string()) && !listed.contains(&stays.to_string()), "{listed}");
    }
}

/// Signed in anew: the clock has gone on for as long as a session lasts without use.
async fn again(w: &World, app: &App, areas: &[Area], name: &str) -> Client {
    let account = accounts::find_by_name(&w.store().reads(), name).await.unwrap().unwrap().account_id;
    Client::signed_in(app, areas, account).await
}

fn tombstones(w: &World) -> String {
    std::fs::read_to_string(w.test.dir.path().join(erasures::FILE)).unwrap()
}

#[tokio::test]
async fn what_was_erased_is_erased_again_in_a_database_that_is_older() {
    for w in worlds().await {
        let app = with_keys(&w);
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("曾小明", 2, 0)).await.unwrap();
        let stays = residents::register(&tx, w.person("王大力", 4, 2)).await.unwrap();
        tx.commit().await.unwrap();
        // The list beside the keys is of today, the database of before the erasure.
        let line = format!("{id} resident {}\n", w.store().now().0);
        std::fs::write(w.test.dir.path().join(erasures::FILE), line).unwrap();
        assert_eq!(erasures::replay(&app).await.unwrap(), 1, "{}", w.engine());
        assert!(residents::find(&w.store().reads(), &w.office(), id).await.is_err());
        assert!(residents::find(&w.store().reads(), &w.office(), stays).await.is_ok());
        assert_eq!(erasures::replay(&app).await.unwrap(), 0, "once");
        assert_eq!(tombstones(&w).lines().count(), 1, "nothing is listed twice");
    }
}
