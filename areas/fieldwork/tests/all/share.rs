//! The grid workers' part of the month as it grows (R17).

use linli_fieldwork::{
    share::{self, DayChanges, Until},
    visit::Choice,
};
use linli_platform::{access::Role, testing};

use super::world::worlds;

fn row(day: i64, changes: i64, by_workers: i64) -> DayChanges {
    DayChanges { grid_id: None, day, changes, by_workers, own: 0 }
}

#[test]
fn a_share_grows_with_the_days_and_is_nothing_of_nothing() {
    let rows = [row(0, 2, 0), row(2, 3, 1), row(2, 0, 0), row(4, 5, 4)];
    let line = share::growth(rows.iter(), 4, |r| r.by_workers);
    let table: Vec<(i64, i64, i64)> = line.iter().map(|u| (u.day, u.changes, u.part)).collect();
    assert_eq!(table, [(1, 2, 0), (2, 2, 0), (3, 5, 1), (4, 5, 1)], "the fifth day is not over yet");
    assert_eq!((line[2].percent(), Until::default().percent()), (Some(20.0), None));
}

#[tokio::test]
async fn what_a_worker_registers_counts_on_its_day_and_for_that_worker_alone() {
    for world in worlds().await {
        let worker = testing::in_grids(world.store(), Role::GridWorker, &[world.grids[0]]);
        let colleague = testing::in_grids(world.store(), Role::GridWorker, &[world.grids[0]]);
        let mut new = world.visit(0, Choice::StillHere).await;
        new.newcomers = vec![world.person(7, 0)];
        world.record(&worker, new).await.unwrap();
        let mut new = world.visit(1, Choice::StillHere).await;
        new.newcomers = vec![world.person(8, 1)];
        world.record(&world.coordinator(0), new).await.unwrap();
        let today = world.store().now().day();
        let month = today.month();
        let of = async |reader| share::of_month(&world.store().reads(), reader, month).await.unwrap();
        let told = |r: &DayChanges| (r.grid_id, r.day + 1, r.changes, r.by_workers, r.own);
        let day = i64::from(today.0.day());
        let grid = Some(world.grids[0]);
        let mine: Vec<_> = of(&worker).await.iter().map(told).collect();
        assert_eq!(mine, [(grid, day, 2, 1, 1)], "{}", world.test.engine);
        assert_eq!(of(&colleague).await.iter().map(told).collect::<Vec<_>>(), [(grid, day, 2, 1, 0)]);
        assert!(of(&world.coordinator(1)).await.is_empty(), "another grid's changes are not seen");
    }
}
