use linli_platform::{
    event::{NewEvent, SubjectRef},
    store::Tx,
};
use linli_work::{Outcome, TaskKind, channel, tasks};

use super::{
    wecom,
    world::{ALL, worlds},
};

#[tokio::test]
async fn a_day_is_summed_from_the_work_itself_and_posted_once() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let ids = world.open(vec![world.task(0, TaskKind::SurveyError, world.home(0), 24)]).await;
        let tx = world.store().begin(&reader).await.unwrap();
        tasks::close(&tx, ids[0], 1, Outcome::Confirmed).await.unwrap();
        tx.commit().await.unwrap();
        let day = world.store().now().day();
        let sums = channel::day_sums(&world.store().reads(), day, Some(reader.account)).await.unwrap();
        assert_eq!(sums.len(), 1, "{}", world.test.engine);
        assert_eq!((sums[0].tasks, sums[0].visited, sums[0].grid_id), (1, 0, world.grids[0]));
        for _ in 0..2 {
            let tx = world.store().begin(&reader).await.unwrap();
            assert_eq!(channel::post_day(&tx, day, Some(reader.account)).await.unwrap(), 1);
            tx.commit().await.unwrap();
        }
        let reads = world.store().reads();
        let (posts, total) = channel::list(&reads, &reader, None, &ALL).await.unwrap();
        assert_eq!((posts.len(), total, posts[0].kind.as_str()), (1, 1, channel::DAY_POST));
        assert!(posts[0].args.contains("\"tasks\":{\"number\":1}"), "{}", posts[0].args);
        assert_eq!(channel::list(&reads, &world.coordinator(1), None, &ALL).await.unwrap().1, 0);
        let tx = world.store().begin(&world.coordinator(1)).await.unwrap();
        assert_eq!(channel::post_day(&tx, day, Some(tx.reader().account)).await.unwrap(), 0);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_day_of_work_writes_its_report_and_one_without_is_late_on_the_board() {
    for world in wecom::worlds().await {
        let (store, grid) = (world.test.store.clone(), world.grids[0]);
        let visit = async |tx: &Tx| {
            let home = SubjectRef::new("home", tx.new_id::<uuid::Uuid>(), Some(grid));
            tx.event(NewEvent::new("home.visited", home)).await
        };
        let board = async || {
            let mut all = Vec::new();
            for source in linli_work::area().duties {
                all.extend(source.duties(&world.app, &world.coordinator()).await.unwrap());
            }
            all.into_iter().find(|d| d.key == "daily-reports").map(|d| (d.due, d.done, d.late)).unwrap()
        };
        world.with(&world.coordinator(), visit).await.unwrap();
        assert_eq!(board().await, (0, 0, 0), "{}", world.test.engine);
        let today = store.now().day();
        world.test.clock.set(store.now().plus_s(2 * 24 * 3600));
        assert_eq!(board().await, (1, 0, 1), "worked, and nothing written");
        let own = async |tx: &Tx| channel::post_day(tx, today, Some(world.coordinator)).await;
        assert_eq!(world.with(&world.coordinator(), own).await.unwrap(), 1);
        assert_eq!(board().await, (1, 1, 0));
    }
}
