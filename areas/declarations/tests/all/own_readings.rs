//! Who reads the own record stands out in no list of the auditor's.

use linli_platform::{
    audit::patterns,
    reader::{Purpose, Reader},
};
use linli_register::{counter, residents};

use super::world::{NAME, worlds};

#[tokio::test]
async fn reading_the_own_record_at_night_is_no_unusual_reading_and_that_of_staff_is() {
    for world in worlds().await {
        let today = world.store().now().day();
        world.test.clock.set(today.end().plus_hours(-1));
        let (_, own) = world.enter(1, NAME).await;
        for _ in 0..6 {
            linli_declarations::own::open(world.store(), &own).await.unwrap();
        }
        let q = world.store().reads();
        let found = patterns::of_days(&q, &world.app.calendar, today, today).await.unwrap();
        assert_eq!(found, [], "{}", world.engine());
        let staff: Reader = world.coordinator(0);
        let tx = world.store().begin(&staff).await.unwrap();
        counter::open(&tx, world.person).await.unwrap();
        residents::open(&tx, world.person, Purpose::CounterService).await.unwrap();
        tx.commit().await.unwrap();
        let found = patterns::of_days(&q, &world.app.calendar, today, today).await.unwrap();
        assert_eq!(found.iter().map(|f| f.number).collect::<Vec<_>>(), [1], "the reading by staff alone");
    }
}
