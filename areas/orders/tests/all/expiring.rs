//! What goes, and when.

use linli_orders::{checks, expire};
use linli_platform::{erasures, store::Query as _, vals};

use super::{
    listed::{imported, rows},
    world::{door, worlds},
};

#[tokio::test]
async fn a_list_that_is_taken_back_before_it_went_down_leaves_nothing() {
    for world in worlds().await {
        let id = imported(&world, &[("未登记", 1, &door(0, 0))]).await;
        world.with(&world.steward(), async |tx| checks::remove(tx, id, 1).await).await.unwrap();
        for table in ["check_row", "subject_key"] {
            let left = world.number_of(&format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1")).await;
            assert_eq!(left, 0, "{table}");
        }
        let again = world.with(&world.steward(), async |tx| checks::remove(tx, id, 2).await).await;
        assert!(again.unwrap_err().is("stale-version"));
    }
}

#[tokio::test]
async fn a_row_about_a_record_that_was_erased_goes_with_the_days_work() {
    for world in worlds().await {
        let id = imported(&world, &[("未登记", 1, &door(0, 0)), ("未登记", 2, &door(0, 1))]).await;
        assert_eq!(expire::expire(&world.app).await.unwrap(), 0);
        let row = rows(&world, &world.steward(), id).await.remove(0);
        // A record that is no longer there.
        let gone = world.store().new_id::<uuid::Uuid>();
        world
            .with(&world.steward(), async |tx| {
                tx.housekeeping("what an erasure leaves behind");
                let sql = "UPDATE check_row SET resident_id = $3 WHERE division_code = $1 AND row_id = $2";
                tx.execute_one(sql, vals![tx.division(), row.row_id, gone]).await
            })
            .await
            .unwrap();
        assert_eq!(expire::expire(&world.app).await.unwrap(), 1);
        assert_eq!(rows(&world, &world.steward(), id).await.len(), 1);
        let keys = world.number_of("SELECT COUNT(*) FROM subject_key WHERE division_code = $1").await;
        assert_eq!(keys, 1, "its key went with it");
        assert!(!erasures::is_erased(&world.store().reads(), row.row_id.0).await.unwrap());
    }
}
