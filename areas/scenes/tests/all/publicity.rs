use axum::http::StatusCode;
use linli_platform::{
    access::{Action, Role},
    store::Tx,
    testing,
};
use linli_scenes::{
    codes::Means,
    publicity::{self, Held, NewCampaign, Reach},
};
use linli_work::outward::guard::Guard;

use super::world::worlds;

#[tokio::test]
async fn a_campaign_is_planned_held_and_its_reach_is_a_number() {
    for world in worlds().await {
        let leader = testing::in_grids(world.store(), Role::GridLeader, &[world.grids[0]]).doing(Action::Publicity);
        let today = world.store().now().day();
        let campaign = |kind: &str, grid: usize, day, place: &str| NewCampaign {
            kind: kind.into(),
            grid: world.grids[grid],
            day,
            means: Means::Stand,
            place: place.into(),
        };
        let guard = Guard::of(&world.app).await.unwrap();
        let plan = async |new: NewCampaign| {
            world.with(&leader, async |tx: &Tx| publicity::plan(&world.app, tx, &guard, &new).await).await
        };
        for (new, refused) in [
            (campaign("religion", 0, today, "小区广场"), "publicity-kind"),
            (campaign("registration", 1, today, "小区广场"), "not-found"),
            (campaign("registration", 0, today.plus_days(-1), "小区广场"), "publicity-day"),
            (campaign("registration", 0, today, " "), "publicity-place"),
            (campaign("registration", 0, today, "新府中路501弄12号301室"), "outward-door"),
        ] {
            assert_eq!(plan(new).await.unwrap_err(), refused);
        }
        let id = plan(campaign("registration", 0, today, "小区广场")).await.unwrap();
        let other = plan(campaign("fraud-prevention", 0, today.plus_days(1), "居委会")).await.unwrap();
        let record = async |day, reached| {
            let held = Held { day, reached, leaflets: 0 };
            world.with(&leader, async |tx: &Tx| publicity::record(tx, id, 1, held).await).await
        };
        assert_eq!(record(today.plus_days(1), 10).await.unwrap_err(), "publicity-held-day");
        assert_eq!(record(today, -1).await.unwrap_err(), "publicity-number");
        record(today, 86).await.unwrap();
        assert_eq!(record(today, 86).await.unwrap_err(), "stale-version", "recorded once");
        let reads = world.store().reads();
        let reach = publicity::reach(&reads, &leader, today.month()).await.unwrap();
        assert_eq!(reach, Reach { planned: 2, held: 1, reached: 86 }, "{}", world.test.engine);
        world.with(&leader, async |tx: &Tx| publicity::remove(tx, other, 1).await).await.unwrap();
        assert_eq!(publicity::reach(&reads, &leader, today.month()).await.unwrap().planned, 1);
    }
}

#[tokio::test]
async fn a_campaign_has_its_pages_without_scripts() {
    for world in worlds().await {
        let client = world.client("leader", Role::GridLeader).await;
        assert!(client.get("/publicity").await.text.contains("先安排一次"), "the empty page says what to do next");
        let grid = world.grids[0].to_string();
        let typed = |place: &'static str| {
            vec![
                ("kind", "registration".to_owned()),
                ("grid", grid.clone()),
                ("day", "2026-11-20".into()),
                ("means", "stand".into()),
                ("place", place.into()),
            ]
        };
        let post = async |place| {
            let form = typed(place);
            let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
            client.post("/publicity", &form).await
        };
        let refused = post("张阿姨家").await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("张阿姨家"));
        let made = post("小区广场").await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let path = made.location().to_owned();
        let wrong = [("version", "1"), ("day", "2026-11-20"), ("reached", "many"), ("leaflets", "5")];
        let wrong = client.post(&format!("{path}/record"), &wrong).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("many"));
        let held = [("version", "1"), ("day", "2026-11-20"), ("reached", "86"), ("leaflets", "120")];
        assert_eq!(client.post(&format!("{path}/record"), &held).await.status, StatusCode::SEE_OTHER);
        assert!(client.get("/publicity").await.text.contains("86 人"));
        let other = world.client("worker", Role::GridWorker).await;
        assert_eq!(other.get("/publicity").await.status, StatusCode::FORBIDDEN);
    }
}
