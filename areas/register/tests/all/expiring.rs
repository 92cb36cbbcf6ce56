//! What is kept of somebody who has left goes when the pack's months are over.

use linli_platform::{store::Query as _, vals};
use linli_register::{
    codes::{CancelReason, Source},
    expire, residents,
};

use super::world::worlds;

#[tokio::test]
async fn a_cancelled_record_is_erased_with_its_key_when_its_months_are_over_and_not_before() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let gone = residents::register(&tx, w.person("曾小明", 2, 0)).await.unwrap();
        let stays = residents::register(&tx, w.person("王大力", 4, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.office()).await.unwrap();
        let day = w.store().now().day();
        residents::cancel(&tx, gone, 1, CancelReason::Left, day, Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        let months = i64::from(w.app.pack.retention(policy_pack::RetentionId::FormerResident).keep_months);
        w.test.clock.set(day.plus_days(months * 30).start());
        assert_eq!(expire::expire(&w.app).await.unwrap(), 0, "{}: not yet", w.test.engine);
        w.test.clock.set(day.plus_days(months * 31 + 1).start());
        let due = linli_platform::retention::due(&w.app).await.unwrap();
        assert_eq!(due.iter().find(|d| d.key == "former-resident").unwrap().rows, 1, "told before it is done");
        assert_eq!(expire::expire(&w.app).await.unwrap(), 1, "{}", w.test.engine);
        let reads = w.store().reads();
        let kinds = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND subject_id = $2";
        assert_eq!(reads.number(kinds, vals![reads.division(), gone]).await.unwrap(), 1, "that it was erased");
        assert!(reads.number(kinds, vals![reads.division(), stays]).await.unwrap() > 0);
        linli_platform::log::sequence(w.store(), "one").await.unwrap();
        let verified = linli_platform::log::verify(w.store(), None).await.unwrap().unwrap();
        assert!(verified.erased >= 2, "the log still proves that they were: {verified:?}");
        for (table, column) in
            [("resident", "resident_id"), ("residence", "resident_id"), ("subject_key", "subject_id")]
        {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND {column} = $2");
            assert_eq!(reads.number(&sql, vals![reads.division(), gone]).await.unwrap(), 0, "{table}");
            assert_eq!(reads.number(&sql, vals![reads.division(), stays]).await.unwrap(), 1, "{table}");
        }
    }
}
