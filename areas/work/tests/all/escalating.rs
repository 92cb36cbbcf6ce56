//! What is overdue in the register is told to the level above, by number.

use linli_platform::{access::Role, testing};
use linli_register::{codes::DoubtCause, doubts};
use linli_work::{escalate, notices};

use super::world::{office, worlds};

#[tokio::test]
async fn the_level_above_is_told_once_how_much_is_overdue_and_of_nobody() {
    for world in worlds().await {
        let store = world.store();
        let areas = [linli_territory::area(), linli_register::area(), linli_work::area()];
        let app = testing::app(store, &areas);
        let tx = store.begin(&office(store)).await.unwrap();
        doubts::raise(&tx, world.residents[0], DoubtCause::NotMet, tx.now().plus_hours(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(escalate::climb(&app).await.unwrap(), 0, "not overdue yet: {}", world.test.engine);
        world.test.clock.set(store.now().plus_hours(2));
        assert_eq!(escalate::climb(&app).await.unwrap(), 1);
        assert_eq!(escalate::climb(&app).await.unwrap(), 0, "once");
        let reads = store.reads();
        let leader = |grid: usize| testing::in_grids(store, Role::TeamLeader, &[world.grids[grid]]);
        let told = notices::list(&reads, &leader(0), 10).await.unwrap();
        assert_eq!(told.len(), 1, "{}", world.test.engine);
        assert_eq!((told[0].text_key.as_str(), told[0].href.as_str()), ("notice-overdue-doubt", "/doubts"));
        assert!(!told[0].args.contains("张测"), "a number and a grid: {}", told[0].args);
        assert!(notices::list(&reads, &leader(1), 10).await.unwrap().is_empty(), "another grid's leader");
        assert!(notices::list(&reads, &world.coordinator(0), 10).await.unwrap().is_empty(), "the level above alone");
    }
}
