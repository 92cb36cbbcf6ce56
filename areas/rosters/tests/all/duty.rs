//! Missing, late and stale rosters show (R14); what is past its time goes.

use linli_platform::clock::At;
use linli_rosters::{
    Kind, confirm, expire, send,
    standing::{self, Standing},
};

use super::world::{ADDRESSES, World, number, worlds};

async fn standings(world: &World) -> (Standing, Standing) {
    let duties = standing::list(&world.app, &world.officer(0)).await.unwrap();
    assert_eq!(duties.len(), 1, "only the employer in the officer's grid");
    (duties[0].full, duties[0].daily)
}

fn later(world: &World, days: i64) -> At {
    world.store().now().plus_hours(24 * days)
}

#[tokio::test]
async fn a_sender_is_in_time_then_late_then_stale_and_missing_if_it_never_sent() {
    for world in worlds().await {
        assert_eq!(standings(&world).await, (Standing::InTime, Standing::InTime), "the duty began today");
        world.test.clock.set(later(&world, 3));
        assert_eq!(standings(&world).await, (Standing::InTime, Standing::Missing));
        let liaison = world.liaison(world.employer);
        let today = world.store().now().day();
        assert!(send::no_change(&world.app, &liaison, world.employer, today).await.unwrap());
        assert!(!send::no_change(&world.app, &liaison, world.employer, today).await.unwrap(), "once is enough");
        assert_eq!(standings(&world).await, (Standing::InTime, Standing::InTime));
        world.test.clock.set(later(&world, 3));
        assert_eq!(standings(&world).await.1, Standing::Late);
        world.test.clock.set(later(&world, 3));
        assert_eq!(standings(&world).await.1, Standing::Stale);
        world.test.clock.set(later(&world, 30));
        assert_eq!(standings(&world).await.0, Standing::Missing, "never a full list");
        let refused =
            send::no_change(&world.app, &liaison, world.employer, world.store().now().day().plus_days(1)).await;
        assert_eq!(refused.unwrap_err().code, "roster-day-future");
    }
}

#[tokio::test]
async fn a_roster_tells_of_the_last_month_at_most() {
    for world in worlds().await {
        let liaison = world.liaison(world.employer);
        let today = world.store().now().day();
        for (days_ago, refused) in
            [(0, None), (31, None), (32, Some("roster-day-past")), (3_000, Some("roster-day-past"))]
        {
            let day = today.plus_days(-days_ago);
            let told = send::no_change(&world.app, &liaison, world.employer, day).await;
            assert_eq!(told.err().map(|e| e.code), refused, "{days_ago} days ago");
            let sheet = linli_platform::sheet::read_bytes("姓名\n甲\n".as_bytes(), &["姓名"]).unwrap();
            let new = send::NewRoster {
                employer: world.employer,
                kind: Kind::Full,
                as_of_day: day,
                file_name: "名单.csv".into(),
            };
            let sent = send::upload(world.store(), &liaison, new, sheet).await;
            assert_eq!(sent.err().map(|e| e.code), refused, "{} {days_ago} days ago", world.engine());
        }
    }
}

#[tokio::test]
async fn rows_go_when_their_retention_time_is_over_and_the_figures_stay() {
    for world in worlds().await {
        let csv = format!("姓名,证件号码,居住地址\n王未登,{},{}\n", number(500), ADDRESSES[0]);
        let id = world.compared(Kind::Full, &csv).await;
        confirm::confirm(&world.app, &world.officer(0), id, world.version(id).await).await.unwrap();
        assert_eq!(expire::expire(&world.app).await.unwrap(), 0);
        world.test.clock.set(later(&world, 366));
        expire::expire(&world.app).await.unwrap();
        for (table, rows) in [("roster_chunk", 0), ("roster_result", 0), ("roster_count", 1), ("roster", 1)] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
            assert_eq!(world.number_of(&sql).await, rows, "{table}");
        }
    }
}
