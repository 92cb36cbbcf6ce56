use linli_platform::{clock::Day, reader::Reader, store::Tx};
use linli_team::{NewStaff, Post, StaffId};
use linli_volunteers::{codes::Topic, guidance};

use super::world::{World, worlds};

async fn hire(world: &World) -> Vec<StaffId> {
    let from = world.store().now().day();
    let member = |name: &str, post, grid: usize| NewStaff {
        name: name.into(),
        mobile: None,
        post,
        areas: vec![world.grids[grid].to_string()],
        grid: Some(world.grids[grid]),
        account: None,
        from_day: from,
        until_day: None,
        agreement_day: Some(from),
        trained_day: None,
    };
    let staff = vec![
        member("甲", Post::Volunteer, 0),
        member("乙", Post::PropertyGuard, 0),
        member("丙", Post::Coordinator, 0),
        member("丁", Post::Volunteer, 1),
    ];
    world.with(&Reader::system(), async |tx: &Tx| linli_team::bulk(tx, staff).await).await.unwrap()
}

#[tokio::test]
async fn every_n_member_is_instructed_once_a_month_and_who_was_not_is_seen() {
    for world in worlds().await {
        let staff = hire(&world).await;
        let (officer, today) = (world.officer(), world.store().now().day());
        let counts =
            async || guidance::counts(&world.store().reads(), &world.app, &officer, today.month()).await.unwrap();
        assert_eq!(counts().await, (2, 0), "the coordinator is none of the N, and the other grid is not theirs");
        let record = async |grid: usize, day: Day, who: &[StaffId]| {
            let act =
                async |tx: &Tx| guidance::record(&world.app, tx, world.grids[grid], day, Topic::Hazards, who).await;
            world.with(&officer, act).await.map_err(|e| e.code)
        };
        assert_eq!(record(0, today.plus_days(1), &staff[..1]).await.unwrap_err(), "guidance-day");
        assert_eq!(record(0, today.plus_days(-40), &staff[..1]).await.unwrap_err(), "guidance-day");
        assert_eq!(record(0, today, &[]).await.unwrap_err(), "guidance-nobody");
        assert_eq!(record(0, today, &staff[3..]).await.unwrap_err(), "guidance-nobody", "of another grid");
        assert_eq!(record(1, today, &staff[3..]).await.unwrap_err(), "not-found");
        record(0, today, &staff[..1]).await.unwrap();
        assert_eq!(counts().await, (2, 1));
        record(0, today, &staff[..2]).await.unwrap();
        assert_eq!(counts().await, (2, 2), "twice in a month counts once");
        let held = guidance::of_month(&world.store().reads(), &officer, today.month()).await.unwrap();
        assert_eq!(held.iter().map(|h| h.present).sum::<i64>(), 3);
        let next = guidance::counts(&world.store().reads(), &world.app, &officer, today.month().next()).await.unwrap();
        assert_eq!(next, (2, 0), "each month anew");
    }
}
