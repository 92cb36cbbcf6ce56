use linli_platform::{access::Role, testing};
use linli_register::{
    codes::Source,
    figures, homes,
    residents::{self, Change},
};

use super::world::worlds;

#[tokio::test]
async fn coverage_and_both_shares_move_with_the_work() {
    for w in worlds().await {
        let worker = testing::in_grids(w.store(), Role::GridWorker, &[w.grids[0]]);
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let id = residents::register(&tx, w.person("曾小明", 2, 0)).await.unwrap();
        let late = linli_register::Told::seen(Source::DoorVisit, tx.now().plus_hours(-25));
        let change = Change { local: Some(true), ..Change::default() };
        residents::change(&tx, id, 1, change, late).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&worker).await.unwrap();
        let change = Change { phone: Some("13800001234".into()), ..Change::default() };
        let now = linli_register::Told::seen(Source::DoorVisit, tx.now());
        residents::change(&tx, id, 2, change, now).await.unwrap();
        homes::mark_verified(&tx, w.homes[0], w.today()).await.unwrap();
        homes::mark_verified(&tx, w.homes[0], w.today().plus_days(-40)).await.unwrap();
        // What a table brought in is no work of the month.
        let imported = residents::NewResident { seen_at: None, source: Source::Import, ..w.person("李四", 4, 1) };
        residents::register(&tx, imported).await.unwrap();
        tx.commit().await.unwrap();

        let month = w.today().month();
        let rows = figures::month(&w.store().reads(), &w.coordinator(0), month).await.unwrap();
        assert_eq!(rows.len(), 1, "{}", w.engine());
        let c = rows[0].counts;
        assert_eq!(rows[0].grid_id, Some(w.grids[0]));
        assert_eq!((c.homes, c.homes_verified, c.residents), (2, 1, 2));
        assert_eq!((c.entered, c.entered_within_24h), (3, 2));
        assert_eq!((c.changes, c.changes_by_grid_worker), (3, 1));
        assert_eq!(c.coverage_percent(), Some(50.0));
        let before = figures::month(&w.store().reads(), &w.office(), month.previous()).await.unwrap();
        assert_eq!(figures::total(&before).changes, 0);
        assert_eq!(figures::total(&before).homes_verified, 0);
        assert_eq!(figures::total(&before).timely_percent(), None);
    }
}
