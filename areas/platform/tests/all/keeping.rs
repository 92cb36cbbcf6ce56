//! Keys are exchanged while the store is open; proofs hold without it; another policy pack takes two people.

use std::{collections::BTreeMap, sync::Arc};

use http::StatusCode;
use linli_platform::{
    access::Role,
    app::{App, Installation},
    basis,
    event::{NewEvent, SubjectRef},
    key_rotation, log, log_proofs, policy,
    reader::{Purpose, Reader, Scope},
    sealed::{Bind, Sealed},
    second_factor,
    store::{Query, SealedField, migrations},
    testing::{self, Client, DIVISION, TestStore},
    vals,
};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct KeyOf {
    epoch: String,
    wrapped: Vec<u8>,
}

async fn key_of(t: &TestStore, id: Uuid) -> KeyOf {
    let sql = "SELECT epoch, wrapped FROM subject_key WHERE division_code = $1 AND subject_id = $2";
    t.store.reads().row(sql, vals![t.store.division(), id]).await.unwrap().unwrap()
}

/// Somebody's sealed name, and a reading of it that stays possible.
async fn sealed(t: &TestStore) -> (SubjectRef, Bind, Sealed) {
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    let id: Uuid = tx.new_id();
    let (subject, bind) =
        (SubjectRef::new("resident", id, None), Bind { table: "thing", column: "name_sealed", row: id });
    let sealed = tx.create_keys(&[id]).await.unwrap()[0].seal(bind, "赵测试");
    basis::open(&tx, subject, Purpose::FieldVerification, id, None, None).await.unwrap();
    tx.housekeeping("for the test");
    tx.commit().await.unwrap();
    (subject, bind, sealed)
}

async fn opens(t: &TestStore, (subject, bind, sealed): &(SubjectRef, Bind, Sealed)) -> bool {
    let reader = testing::reader(&t.store, &[Role::Coordinator], Scope::Division);
    let tx = t.store.begin(&reader).await.unwrap();
    let field = [SealedField { bind: *bind, sealed }];
    tx.unmask(*subject, Purpose::FieldVerification, &field).await.is_ok_and(|clear| clear[0].text() == "赵测试")
}

#[tokio::test]
async fn a_divisions_key_is_exchanged_under_an_open_store_and_the_old_epoch_can_then_be_destroyed() {
    for t in testing::stores_of_each_profile(migrations).await {
        let one = sealed(&t).await;
        let before = key_of(&t, one.0.id).await;
        let in_use = key_rotation::destroy_epoch(&t.store, &before.epoch).await.unwrap_err();
        assert_eq!(in_use.code, "epoch-in-use", "{}", t.engine);
        let (epoch, rows) = key_rotation::rotate_division(&t.store).await.unwrap();
        assert_eq!((epoch.as_str(), rows), ("2026-11.02", 1));
        let after = key_of(&t, one.0.id).await;
        assert_eq!(after.epoch, epoch);
        assert_ne!(after.wrapped, before.wrapped);
        assert!(opens(&t, &one).await, "{}", t.engine);
        key_rotation::destroy_epoch(&t.store, &before.epoch).await.unwrap();
        assert!(opens(&t, &one).await, "nothing was wrapped in it any more");
        assert_eq!(key_rotation::destroy_epoch(&t.store, "2020-01").await.unwrap_err().code, "epoch-unknown");
    }
}

#[tokio::test]
async fn a_subjects_own_key_is_exchanged_and_all_that_it_seals_is_sealed_again() {
    for t in testing::stores_of_each_profile(migrations).await {
        let app = testing::app(&t.store, &[]);
        let account = testing::account(&t.store, "wang.wei", &[]).await;
        let me = Reader { account, ..Reader::system() };
        let tx = t.store.begin(&me).await.unwrap();
        second_factor::begin(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let secret = second_factor::pending(&t.store.reads(), account).await.unwrap().unwrap().by_hand();
        let unlisted = sealed(&t).await;
        let (before, kept) = (key_of(&t, account.0).await, key_of(&t, unlisted.0.id).await);
        assert_eq!(key_rotation::rotate_subjects(&app).await.unwrap(), 1, "{}", t.engine);
        assert_ne!(key_of(&t, account.0).await.wrapped, before.wrapped);
        assert_eq!(key_of(&t, unlisted.0.id).await.wrapped, kept.wrapped, "what no area lists keeps its key");
        let again = second_factor::pending(&t.store.reads(), account).await.unwrap().unwrap().by_hand();
        assert_eq!(again, secret, "{}", t.engine);
        assert!(opens(&t, &unlisted).await);
    }
}

#[tokio::test]
async fn a_proof_of_a_reading_holds_for_whoever_has_the_public_key_alone() {
    for t in testing::stores_of_each_profile(migrations).await {
        let auditor = testing::account(&t.store, "auditor", &[(Role::Auditor, DIVISION)]).await;
        let client = Client::signed_in(&testing::app(&t.store, &[]), &[], auditor).await;
        let one = sealed(&t).await;
        let reader = testing::reader(&t.store, &[Role::Coordinator], Scope::Division);
        let tx = t.store.begin(&reader).await.unwrap();
        let field = [SealedField { bind: one.1, sealed: &one.2 }];
        tx.unmask(one.0, Purpose::FieldVerification, &field).await.unwrap();
        tx.events(vec![NewEvent::new("resident.changed", one.0), NewEvent::new("resident.moved", one.0)])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let page = client.get("/audit/access").await.text;
        let path = page.split('"').find(|p| p.ends_with("/proof.json")).unwrap().to_owned();
        let early = client.get(&path).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "the log takes it in within seconds");
        log::sequence(&t.store, "one").await.unwrap();
        let file = client.get(&path).await;
        let proof: log_proofs::LogProof = serde_json::from_str(&file.text).unwrap();
        let key = transparency_log::VerifierKey::parse(&proof.key).unwrap();
        assert_eq!(proof.check(&key), Ok(()), "{}", t.engine);
        assert!(proof.record.contains("field-verification") && !proof.record.contains("赵测试"));
        let changed = |change: &dyn Fn(&mut log_proofs::LogProof)| {
            let mut other = proof.clone();
            change(&mut other);
            other.check(&key)
        };
        assert!(changed(&|p| p.record = p.record.replace("field-verification", "data-check")).is_err());
        assert!(changed(&|p| p.index += 1).is_err());
        assert!(changed(&|p| p.size += 1).is_err());
        assert!(changed(&|p| p.salt = "00".repeat(16)).is_err());
        // Two events share a leaf; each has its proof.
        let events = client.get("/audit/events?kind=resident.moved").await.text;
        let path = events.split('"').find(|p| p.ends_with("/proof.json")).unwrap().to_owned();
        let proof: log_proofs::LogProof = serde_json::from_str(&client.get(&path).await.text).unwrap();
        assert_eq!((proof.beside.len(), proof.check(&key)), (2, Ok(())), "{}", t.engine);
    }
}

/// The embedded pack with one number changed.
fn other_pack() -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = Pack::embedded_files().into_iter().collect();
    let text = files.get_mut("governance.toml").unwrap();
    *text = text.replace("people_an_hour = { value = 60", "people_an_hour = { value = 61");
    files
}

#[tokio::test]
async fn another_policy_pack_is_in_force_only_after_a_second_person_approved_it() {
    for t in testing::stores_of_each_profile(migrations).await {
        let first: BTreeMap<String, String> = Pack::embedded_files().into_iter().collect();
        let begun = policy::in_force(&t.store, Pack::embedded(), &first).await.unwrap();
        assert_eq!(begun.digest(), Pack::embedded().digest(), "the first is as it is");
        let files = other_pack();
        let changed = policy::pack_of(&files).unwrap();
        assert_ne!(changed.digest(), begun.digest());
        let running = policy::in_force(&t.store, changed.clone(), &files).await.unwrap();
        assert_eq!(running.digest(), begun.digest(), "{}: what nobody approved has no effect", t.engine);

        for (name, text) in &files {
            std::fs::write(t.dir.path().join(name), text).unwrap();
        }
        let given = Installation {
            pack: Arc::new(running),
            policy_dir: Some(t.dir.path().to_owned()),
            ..testing::installation(&t.store)
        };
        let app = App::assemble(&[], given).unwrap();
        let admin = testing::account(&t.store, "admin", &[(Role::SystemAdmin, DIVISION)]).await;
        let officer = testing::account(&t.store, "officer", &[(Role::SecurityOfficer, DIVISION)]).await;
        let admin = Client::signed_in(&app, &[], admin).await;
        let officer = Client::signed_in(&app, &[], officer).await;
        assert!(admin.get("/admin/policy").await.text.contains("/admin/policy/proposals"), "it can be proposed");
        let proposal = admin.post("/admin/policy/proposals", &[]).await.location().to_owned();
        let approval = format!("{proposal}/approval");
        assert_eq!(admin.post(&approval, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "not by oneself");
        let shown = officer.get(&proposal).await.text;
        assert!(shown.contains("governance.toml") && shown.contains("1 行不同"), "{shown}");
        assert_eq!(officer.post(&approval, &[]).await.location(), proposal);
        assert!(admin.get("/admin/policy").await.text.contains("下次启动时生效"));
        let running = policy::in_force(&t.store, changed.clone(), &files).await.unwrap();
        assert_eq!(running.digest(), changed.digest(), "{}", t.engine);
        let back = policy::in_force(&t.store, Pack::embedded(), &first).await.unwrap();
        assert_eq!(back.digest(), changed.digest(), "nor does anybody go back alone");
    }
}
