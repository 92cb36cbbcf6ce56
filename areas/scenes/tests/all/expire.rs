//! Scenes and campaigns go when their time is over, and the page tells of it before.

use linli_platform::{
    access::{Action, Role},
    clock::At,
    retention,
    store::Tx,
    testing,
};
use linli_scenes::{
    codes::{Means, SceneResult},
    expire::{KIND, expire},
    publicity::{self, NewCampaign},
    scenes::{self, NewScene},
};
use linli_work::outward::guard::Guard;

use super::world::{World, worlds};

/// 36 months, and a little.
const OVER_S: i64 = 1_100 * 24 * 3600;

impl World {
    async fn due(&self) -> Vec<(&'static str, i64)> {
        let job = self.app.jobs.iter().find(|j| j.kind() == KIND).unwrap();
        job.due(&self.app).await.unwrap().into_iter().map(|d| (d.key, d.rows)).collect()
    }
    fn later(&self, seconds: i64) -> At {
        self.store().now().plus_s(seconds)
    }
}

#[tokio::test]
async fn a_closed_scene_and_a_campaign_go_after_their_months_and_an_open_scene_stays() {
    for world in worlds().await {
        let (grid, address) = (world.grids[0], world.doors[0]);
        for code in ["gas-hazard", "fire-exit-blocked"] {
            let new = NewScene { id: world.store().new_id(), code: code.into(), grid, address };
            let act = async |tx: &Tx| scenes::open(&world.app, tx, &new).await;
            let id = world.with(&world.coordinator(0), act).await.unwrap();
            if code == "gas-hazard" {
                let act = async |tx: &Tx| scenes::close(tx, id, 1, SceneResult::Removed).await;
                world.with(&world.coordinator(0), act).await.unwrap();
            }
        }
        let leader = testing::in_grids(world.store(), Role::GridLeader, &[grid]).doing(Action::Publicity);
        let kind = world.app.pack.work.campaigns[0].id.clone();
        let day = world.store().now().day();
        let new = NewCampaign { kind, grid, day, means: Means::Stand, place: "小区广场".into() };
        let guard = Guard::of(&world.app).await.unwrap();
        let act = async |tx: &Tx| publicity::plan(&world.app, tx, &guard, &new).await;
        world.with(&leader, act).await.unwrap();

        assert_eq!(world.due().await, [("scene", 0), ("campaign", 0)], "{}", world.test.engine);
        assert_eq!(expire(&world.app).await.unwrap(), 0);
        world.test.clock.set(world.later(OVER_S));
        assert_eq!(world.due().await, [("scene", 1), ("campaign", 1)], "told before it goes");
        assert!(retention::due(&world.app).await.unwrap().iter().any(|d| d.key == "scene" && d.rows == 1));
        assert_eq!(expire(&world.app).await.unwrap(), 2);
        assert_eq!(world.due().await, [("scene", 0), ("campaign", 0)]);
        assert_eq!(expire(&world.app).await.unwrap(), 0, "the open one stays, however old");
    }
}
