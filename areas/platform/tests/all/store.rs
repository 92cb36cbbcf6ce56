//! The store keeps its promises on both engines: sealed values, recorded readings, events, the log.

use linli_platform::{
    access::Role,
    basis,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    log, log_proofs,
    reader::{Purpose, Reader, Scope},
    sealed::{Bind, KeyRow, Sealed},
    store::{Query, SchemaState, SealedField, Store, migrations},
    testing, vals,
};
use uuid::Uuid;

const NAME: &str = "欧阳测试";

fn bind(row: Uuid) -> Bind {
    Bind { table: "thing", column: "name_sealed", row }
}

/// A subject with a sealed name, and who may see it.
async fn subject(store: &Store) -> (SubjectRef, Sealed) {
    let tx = store.begin(&Reader::system()).await.unwrap();
    let id: Uuid = tx.new_id();
    let subject = SubjectRef::new("resident", id, Some(GridId(tx.new_id())));
    let key = tx.create_keys(&[id]).await.unwrap().remove(0);
    let sealed = key.seal(bind(id), NAME);
    tx.event(NewEvent::new("test.made", subject)).await.unwrap();
    tx.commit().await.unwrap();
    (subject, sealed)
}

async fn give_basis(store: &Store, subject: SubjectRef) -> Uuid {
    let tx = store.begin(&Reader::system()).await.unwrap();
    let task: Uuid = tx.new_id();
    basis::open(&tx, subject, Purpose::FieldVerification, task, None, None).await.unwrap();
    tx.event(NewEvent::new("test.task", subject)).await.unwrap();
    tx.commit().await.unwrap();
    task
}

async fn readings(store: &Store) -> i64 {
    store
        .reads()
        .number("SELECT COUNT(*) FROM access_record WHERE division_code = $1", vals![store.division()])
        .await
        .unwrap()
}

#[tokio::test]
async fn a_reading_needs_role_scope_and_basis_and_leaves_a_record() {
    for t in testing::stores_of_each_profile(migrations).await {
        let (subject, sealed) = subject(&t.store).await;
        let grid = subject.grid.unwrap();
        let coordinator = testing::in_grids(&t.store, Role::Coordinator, &[grid]);
        let elsewhere = testing::in_grids(&t.store, Role::Coordinator, &[GridId(t.store.new_id())]);
        let volunteer = testing::in_grids(&t.store, Role::Volunteer, &[grid]);
        let field = [SealedField { bind: bind(subject.id), sealed: &sealed }];
        let attempt = async |reader: &Reader| {
            let tx = t.store.begin(reader).await.unwrap();
            let outcome = tx.unmask(subject, Purpose::FieldVerification, &field).await;
            if outcome.is_ok() {
                tx.commit().await.unwrap();
            }
            outcome.map(|clear| clear[0].text().to_owned()).map_err(|e| e.code)
        };
        assert_eq!(attempt(&coordinator).await, Err("basis-missing"), "{}", t.engine);
        let task = give_basis(&t.store, subject).await;
        assert_eq!(attempt(&elsewhere).await, Err("not-found"));
        assert_eq!(attempt(&volunteer).await, Err("forbidden"));
        assert_eq!(attempt(&Reader::system()).await, Err("forbidden"));
        assert_eq!(readings(&t.store).await, 0);
        assert_eq!(attempt(&coordinator).await.as_deref(), Ok(NAME));
        assert_eq!(readings(&t.store).await, 1);
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        basis::close(&tx, task).await.unwrap();
        tx.event(NewEvent::new("test.task-closed", subject)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(attempt(&coordinator).await, Err("basis-missing"), "a closed task entitles nobody");
    }
}

#[tokio::test]
async fn a_reading_that_is_rolled_back_leaves_neither_value_nor_record() {
    for t in testing::stores_of_each_profile(migrations).await {
        let (subject, sealed) = subject(&t.store).await;
        give_basis(&t.store, subject).await;
        let reader = testing::in_grids(&t.store, Role::Coordinator, &[subject.grid.unwrap()]);
        let tx = t.store.begin(&reader).await.unwrap();
        let field = [SealedField { bind: bind(subject.id), sealed: &sealed }];
        tx.unmask(subject, Purpose::FieldVerification, &field).await.unwrap();
        drop(tx);
        assert_eq!(readings(&t.store).await, 0, "{}", t.engine);
    }
}

#[tokio::test]
async fn a_write_without_an_event_is_refused_at_commit() {
    for t in testing::stores_of_each_profile(migrations).await {
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        tx.execute("INSERT INTO setting (division_code, name, value) VALUES ($1, 'a', 'b')", vals![t.store.division()])
            .await
            .unwrap();
        assert!(tx.commit().await.unwrap_err().is("internal"), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_sealed_value_opens_only_in_its_own_place() {
    let t = testing::sqlite(migrations()).await;
    let (subject, sealed) = subject(&t.store).await;
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    let run = tx.machine_run("test").await.unwrap();
    let key: KeyRow = tx
        .row(
            "SELECT subject_id, epoch, wrapped FROM subject_key WHERE division_code = $1 AND subject_id = $2",
            vals![t.store.division(), subject.id],
        )
        .await
        .unwrap()
        .unwrap();
    assert_eq!(run.open(&key, &[(bind(subject.id), &sealed)]).unwrap()[0].for_engine(), NAME);
    let moved = Bind { column: "doc_sealed", ..bind(subject.id) };
    assert!(run.open(&key, &[(moved, &sealed)]).is_err());
    let other = Bind { row: t.store.new_id(), ..bind(subject.id) };
    assert!(run.open(&key, &[(other, &sealed)]).is_err());
}

#[tokio::test]
async fn the_log_takes_every_leaf_once_and_finds_what_was_changed_behind_its_back() {
    for t in testing::stores_of_each_profile(migrations).await {
        for _ in 0..3 {
            subject(&t.store).await;
        }
        assert_eq!(log::sequence(&t.store, "one").await.unwrap(), 3, "{}", t.engine);
        assert_eq!(log::sequence(&t.store, "one").await.unwrap(), 0);
        let kept = log::newest(&t.store.reads()).await.unwrap().unwrap().note;
        subject(&t.store).await;
        assert_eq!(log::sequence(&t.store, "two").await.unwrap(), 0, "the lease is held by another process");
        t.clock.set(t.store.now().plus_s(60));
        assert_eq!(log::sequence(&t.store, "two").await.unwrap(), 1);
        let found = log::verify(&t.store, Some(&kept)).await.unwrap().unwrap();
        assert_eq!((found.leaves, found.waiting, found.events), (4, 0, 4));
        let tamper = async |sql: &str| {
            let tx = t.store.begin(&Reader::system()).await.unwrap();
            tx.housekeeping("tampering for the test");
            tx.execute(sql, vals![t.store.division()]).await.unwrap();
            tx.commit().await.unwrap();
            log::verify(&t.store, Some(&kept)).await.unwrap()
        };
        assert!(tamper("UPDATE event SET role = 'auditor' WHERE division_code = $1").await.is_err());
        assert!(
            tamper("UPDATE event SET role = 'system' WHERE division_code = $1").await.is_ok(),
            "put back as it was"
        );
        assert!(tamper("DELETE FROM event WHERE division_code = $1").await.is_err());
        assert!(tamper("DELETE FROM log_leaf WHERE division_code = $1 AND position = 3").await.is_err());
    }
}

#[tokio::test]
async fn the_proof_of_a_reading_verifies_against_the_signed_checkpoint() {
    for t in testing::stores_of_each_profile(migrations).await {
        let (subject, sealed) = subject(&t.store).await;
        give_basis(&t.store, subject).await;
        let reader = testing::reader(&t.store, &[Role::Coordinator], Scope::Grids(vec![subject.grid.unwrap()]));
        let tx = t.store.begin(&reader).await.unwrap();
        let field = [SealedField { bind: bind(subject.id), sealed: &sealed }];
        tx.unmask(subject, Purpose::FieldVerification, &field).await.unwrap();
        tx.commit().await.unwrap();
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            access_id: linli_platform::ids::AccessId,
            hash: Vec<u8>,
        }
        let row: Row = t
            .store
            .reads()
            .row(
                "SELECT a.access_id, l.hash FROM access_record a JOIN log_leaf l ON l.leaf_id = a.leaf_id
                 WHERE a.division_code = $1",
                vals![t.store.division()],
            )
            .await
            .unwrap()
            .unwrap();
        let early = log_proofs::of_access(&t.store.reads(), row.access_id.0).await.unwrap_err();
        assert!(early.is("log-waits"), "not sequenced yet");
        log::sequence(&t.store, "one").await.unwrap();
        let proof = log_proofs::of_access(&t.store.reads(), row.access_id.0).await.unwrap();
        let key = log::verifier(&t.store).unwrap();
        assert_eq!(proof.key, key.to_string());
        // Checked once more by hand, as somebody without this program would.
        let checkpoint = transparency_log::Checkpoint::parse_and_verify(&proof.checkpoint, &key).unwrap();
        let leaf: [u8; 32] = row.hash.try_into().unwrap();
        let bytes =
            |hex: &String| (0..64).step_by(2).map(|n| u8::from_str_radix(&hex[n..n + 2], 16).unwrap()).collect();
        let path: Vec<[u8; 32]> = proof.path.iter().map(|h| Vec::try_into(bytes(h)).unwrap()).collect();
        transparency_log::verify_inclusion(&leaf, proof.index, proof.size, &path, &checkpoint.root).unwrap();
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    for t in testing::stores_of_each_profile(migrations).await {
        assert_eq!(t.store.schema_state(&migrations()).await.unwrap(), SchemaState::Current);
        assert_eq!(t.store.schema_state(&[]).await.unwrap(), SchemaState::Newer("platform-0001".into()));
        assert!(t.store.migrate(&[]).await.unwrap_err().is("schema-newer"), "{}", t.engine);
    }
}

#[tokio::test]
async fn nothing_personal_lies_open_in_the_database_file() {
    for t in testing::stores_of_each_profile(migrations).await.into_iter().filter(|t| t.engine == "sqlite") {
        let (subject, sealed) = subject(&t.store).await;
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        tx.housekeeping("a sealed value on disk");
        tx.execute(
            "INSERT INTO import_chunk (division_code, import_id, chunk, rows_sealed, problems)
             VALUES ($1, $2, 0, $3, '')",
            vals![t.store.division(), subject.id, sealed],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let needle = NAME.as_bytes();
        for entry in std::fs::read_dir(t.dir.path()).unwrap().flatten() {
            let bytes = std::fs::read(entry.path()).unwrap();
            assert!(!bytes.windows(needle.len()).any(|w| w == needle), "{:?}", entry.path());
        }
    }
}
