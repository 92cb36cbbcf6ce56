use axum::http::StatusCode;
use linli_platform::{access::Role, store::Tx, web::Paging};
use linli_scenes::{
    SceneId,
    codes::SceneResult,
    scenes::{self, NewScene, Rate, Which},
};

use super::world::{COMMITTEE, World, worlds};

impl World {
    async fn open(&self, by: usize, code: &str, at: usize) -> Result<SceneId, &'static str> {
        let (grid, address) = (self.grids[at], self.doors[at]);
        let new = NewScene { id: self.store().new_id(), code: code.into(), grid, address };
        self.with(&self.coordinator(by), async |tx: &Tx| scenes::open(&self.app, tx, &new).await).await
    }
    async fn close(&self, id: SceneId, version: i64, result: SceneResult) -> Result<(), &'static str> {
        self.with(&self.coordinator(0), async |tx: &Tx| scenes::close(tx, id, version, result).await).await
    }
    async fn pass(&self, id: SceneId) -> Result<(), &'static str> {
        self.with(&self.coordinator(0), async |tx: &Tx| scenes::pass_on(&self.app, tx, id, 1).await).await
    }
}

#[tokio::test]
async fn a_clue_goes_to_whoever_can_solve_it_and_its_closing_counts_for_the_committee() {
    for world in worlds().await {
        assert_eq!(world.open(0, "somebody-suspicious", 0).await.unwrap_err(), "scene-code", "the pack's list alone");
        assert_eq!(world.open(0, "gas-hazard", 1).await.unwrap_err(), "not-found", "another grid's premises");
        let gas = world.open(0, "gas-hazard", 0).await.unwrap();
        assert_eq!(world.open(0, "gas-hazard", 0).await.unwrap_err(), "scene-already");
        let sign = world.open(0, "sign-damaged", 0).await.unwrap();
        assert_eq!(world.pass(sign).await.unwrap_err(), "scene-own", "the grid solves it itself");
        assert_eq!(world.close(gas, 1, SceneResult::TakenOver).await.unwrap_err(), "scene-not-passed");
        world.pass(gas).await.unwrap();
        let reads = world.store().reads();
        let reader = world.coordinator(0);
        let (passed, n) = scenes::list(&reads, &reader, Which::Passed, &Paging::default()).await.unwrap();
        assert_eq!((n, passed[0].scene_id), (1, gas), "{}", world.test.engine);
        assert_eq!(scenes::list(&reads, &world.coordinator(1), Which::Passed, &Paging::default()).await.unwrap().1, 0);
        world.close(gas, 2, SceneResult::TakenOver).await.unwrap();
        assert_eq!(world.close(gas, 2, SceneResult::Removed).await.unwrap_err(), "stale-version");
        let month = world.store().now().day().month();
        let rates = scenes::rates(&reads, month).await.unwrap();
        assert_eq!(rates[COMMITTEE], Rate { opened: 2, closed: 1 });
        assert_eq!(rates[COMMITTEE].percent(), Some(50.0));
        assert!(scenes::rates(&reads, month.next()).await.unwrap().is_empty());
        assert_eq!(scenes::rate(&reads, &world.coordinator(1), month).await.unwrap(), Rate::default());
        world.test.clock.set(world.store().now().plus_hours(24 * 20));
        let (late, _) = scenes::list(&reads, &reader, Which::Late, &Paging::default()).await.unwrap();
        assert_eq!(late.iter().map(|s| s.scene_id).collect::<Vec<_>>(), [sign]);
        let duties = linli_scenes::area().duties[0].duties(&world.app, &reader).await.unwrap();
        assert_eq!(duties.iter().find(|d| d.key == "scenes").unwrap().late, 1);
    }
}

#[tokio::test]
async fn a_scene_is_recorded_passed_on_and_closed_without_scripts() {
    for world in worlds().await {
        let client = world.client("coordinator", Role::Coordinator).await;
        assert!(client.get("/scenes").await.text.contains("在这里登记"), "the empty page says what to do next");
        let wrong = client.post("/scenes", &[("code", "gas-hazard"), ("address", "某处棚屋")]).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("某处棚屋"));
        let foreign = client.post("/scenes", &[("code", "gas-hazard"), ("address", "新府中路502弄12号301室")]).await;
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY, "another grid's address is none here");
        assert!(!foreign.text.contains("最接近的地址"), "nor is it suggested");
        let made = client.post("/scenes", &[("code", "gas-hazard"), ("address", "新府中路501弄12号301室")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let path = made.location().to_owned();
        assert!(client.get(&path).await.text.contains("流转给：消防"));
        let passed = client.post(&format!("{path}/passing"), &[("version", "1")]).await;
        assert_eq!(passed.status, StatusCode::SEE_OTHER);
        let none = client.post(&format!("{path}/closure"), &[("version", "2")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let closed = client.post(&format!("{path}/closure"), &[("version", "2"), ("result", "removed")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER);
        let list = client.get("/scenes?tab=closed").await;
        assert!(list.text.contains("燃气使用隐患") && list.text.contains("100%"), "{}", list.text);
    }
}
