//! What is over its time goes, and the log can still be checked.

use linli_platform::{
    access::Role,
    accounts, basis,
    event::{NewEvent, SubjectRef},
    log,
    reader::{Purpose, Reader, Scope},
    retention::{self, Due},
    sealed::Bind,
    sessions,
    store::{Query, SealedField, Store, migrations},
    testing, vals,
};
use policy_pack::RetentionId;
use uuid::Uuid;

async fn count(store: &Store, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
    store.reads().number(&sql, vals![store.division()]).await.unwrap()
}

/// Somebody signs in and opens one record.
async fn read_something(store: &Store) -> Uuid {
    let officer = testing::reader(store, &[Role::Coordinator], Scope::Division);
    let tx = store.begin(&officer).await.unwrap();
    let id: Uuid = tx.new_id();
    let subject = SubjectRef::new("resident", id, None);
    let bind = Bind { table: "thing", column: "name_sealed", row: id };
    let sealed = tx.create_keys(&[id]).await.unwrap()[0].seal(bind, "赵测试");
    basis::open(&tx, subject, Purpose::FieldVerification, id, None, None).await.unwrap();
    tx.unmask(subject, Purpose::FieldVerification, &[SealedField { bind, sealed: &sealed }]).await.unwrap();
    tx.machine_run("test").await.unwrap();
    basis::close(&tx, id).await.unwrap();
    tx.event(NewEvent::new("resident.registered", subject)).await.unwrap();
    tx.commit().await.unwrap();
    let account = testing::account(store, &id.simple().to_string()[..12], &[]).await;
    let tx = store.begin(&Reader::system()).await.unwrap();
    sessions::begin(&tx, account).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn rows(due: &[Due], key: &str) -> i64 {
    due.iter().find(|d| d.key == key).unwrap_or_else(|| panic!("{key} is listed")).rows
}

#[tokio::test]
async fn readings_and_the_security_log_go_after_their_months_and_the_log_still_holds() {
    for t in testing::stores_of_each_profile(migrations).await {
        let app = testing::app(&t.store, &[]);
        read_something(&t.store).await;
        log::sequence(&t.store, "one").await.unwrap();
        let kept = log::newest(&t.store.reads()).await.unwrap().unwrap().note;
        let (events, begun) = (count(&t.store, "event").await, t.store.now());
        let months = |id| i64::from(app.pack.retention(id).keep_months);
        assert_eq!(months(RetentionId::AccessRecord), months(RetentionId::SecurityLog), "one clock serves both here");

        t.clock.set(begun.day().plus_days(months(RetentionId::AccessRecord) * 30).start());
        let due = retention::due(&app).await.unwrap();
        assert_eq!((rows(&due, "access-record"), rows(&due, "security-log")), (0, 0), "{}: not yet", t.engine);
        retention::erase(&app).await.unwrap();
        assert_eq!(count(&t.store, "access_record").await, 1);

        t.clock.set(begun.day().plus_days(months(RetentionId::AccessRecord) * 31 + 1).start());
        read_something(&t.store).await;
        let due = retention::due(&app).await.unwrap();
        assert_eq!((rows(&due, "access-record"), rows(&due, "machine-run")), (1, 1), "{}", t.engine);
        assert_eq!(rows(&due, "security-log"), 1, "the account that was made then");
        assert_eq!(count(&t.store, "access_record").await, 2, "telling what would go deletes nothing");
        assert_eq!(retention::erase(&app).await.unwrap(), due);
        for (table, left) in [("access_record", 1), ("machine_run", 1), ("basis", 1), ("session", 1)] {
            assert_eq!(count(&t.store, table).await, left, "{table} on {}", t.engine);
        }
        assert!(retention::due(&app).await.unwrap().iter().all(|d| d.rows == 0));
        let registrations = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'resident.registered'";
        let registrations = t.store.reads().number(registrations, vals![t.store.division()]).await.unwrap();
        assert_eq!(registrations, 2, "what is no security log stays");
        assert!(count(&t.store, "event").await > events, "that something was deleted is on record");

        log::sequence(&t.store, "one").await.unwrap();
        let verified = log::verify(&t.store, Some(&kept)).await.unwrap().unwrap();
        assert_eq!((verified.readings, verified.erased), (1, 2), "{}", t.engine);
    }
}

#[tokio::test]
async fn what_was_deleted_leaves_no_way_to_change_the_rest() {
    for t in testing::stores_of_each_profile(migrations).await {
        let app = testing::app(&t.store, &[]);
        read_something(&t.store).await;
        log::sequence(&t.store, "one").await.unwrap();
        let months = i64::from(app.pack.retention(RetentionId::AccessRecord).keep_months);
        t.clock.set(t.store.now().day().plus_days(months * 31 + 1).start());
        retention::expire(&app).await.unwrap();
        log::sequence(&t.store, "one").await.unwrap();
        assert!(log::verify(&t.store, None).await.unwrap().is_ok(), "{}", t.engine);
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        tx.execute("DELETE FROM erased_record WHERE division_code = $1 AND kind = 'access'", vals![tx.division()])
            .await
            .unwrap();
        tx.housekeeping("somebody removes a digest");
        tx.commit().await.unwrap();
        assert!(log::verify(&t.store, None).await.unwrap().is_err(), "a missing digest shows on {}", t.engine);
    }
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_kept() {
    let t = testing::sqlite(migrations()).await;
    let app = testing::app(&t.store, &[]);
    let account = testing::account(&t.store, "somebody", &[]).await;
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    sessions::begin(&tx, account).await.unwrap();
    tx.commit().await.unwrap();
    retention::expire(&app).await.unwrap();
    assert_eq!(count(&t.store, "session").await, 1);
    t.clock.set(t.store.now().plus_s(sessions::ABSOLUTE_S + 1));
    assert_eq!(rows(&retention::due(&app).await.unwrap(), "session"), 1);
    retention::expire(&app).await.unwrap();
    assert_eq!(count(&t.store, "session").await, 0);
    assert!(accounts::find(&t.store.reads(), account).await.is_ok());
}
