use linli_platform::access::Role;
use linli_work::notices::{self, Arg, To, args};

use super::world::worlds;

#[tokio::test]
async fn a_notice_reaches_the_role_in_its_grid_and_nobody_else() {
    for world in worlds().await {
        let tx = world.store().begin(&world.coordinator(0)).await.unwrap();
        let place = args(&[("place", Arg::Name("大盈村3组12号".into())), ("n", Arg::Number(2))]);
        let to = To::Role(Role::Coordinator, world.grids[0]);
        let id = notices::send(&tx, to, "notices-title", &place, "/tasks").await.unwrap();
        tx.commit().await.unwrap();
        let reads = world.store().reads();
        let (reader, colleague) = (world.coordinator(0), world.coordinator(0));
        assert_eq!(notices::count_unread(&reads, &reader).await.unwrap(), 1, "{}", world.test.engine);
        assert_eq!(notices::count_unread(&reads, &world.coordinator(1)).await.unwrap(), 0);
        let tx = world.store().begin(&reader).await.unwrap();
        assert_eq!(notices::mark_read(&tx, id).await.unwrap(), "/tasks");
        assert_eq!(notices::mark_read(&tx, id).await.unwrap(), "/tasks");
        tx.commit().await.unwrap();
        assert_eq!(notices::count_unread(&reads, &reader).await.unwrap(), 0);
        assert!(notices::list(&reads, &reader, 10).await.unwrap()[0].read_at.is_some());
        assert_eq!(notices::count_unread(&reads, &colleague).await.unwrap(), 1);
        let tx = world.store().begin(&world.coordinator(1)).await.unwrap();
        assert!(notices::mark_read(&tx, id).await.unwrap_err().is("not-found"));
    }
}
