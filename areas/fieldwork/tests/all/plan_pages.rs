//! The plan's pages as leaders and colleagues meet them, without scripts.

use http::StatusCode;
use linli_fieldwork::plan::store::{self, StopRow};
use linli_platform::{access::Role, clock::Day, reader::Reader, store::Query as _, vals};
use linli_team::{NewStaff, Post};

use super::{
    pages::{Site, site_as},
    world::worlds,
};

fn field(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

/// A leader's and a coordinator's view of the same grid: the account that signs in is of the team.
async fn sites(role: Role, post: Post) -> Vec<Site> {
    let mut all = Vec::new();
    for world in worlds().await {
        world.test.clock.set("2026-12-01".parse::<Day>().unwrap().start().plus_hours(8));
        world.territory().await;
        world.more_homes(8).await;
        let site = site_as(world, role).await;
        let tx = site.world.store().begin(&Reader::system()).await.unwrap();
        let today = site.world.store().now().day();
        let new = NewStaff {
            name: "谢同事".into(),
            mobile: None,
            post,
            areas: vec![site.world.grids[0].to_string()],
            grid: None,
            account: Some(site.account),
            from_day: today,
            until_day: None,
            agreement_day: Some(today),
            trained_day: None,
        };
        linli_team::bulk(&tx, vec![new]).await.unwrap();
        tx.commit().await.unwrap();
        all.push(site);
    }
    all
}

impl Site {
    async fn stops(&self) -> Vec<StopRow> {
        let q = self.world.store().reads();
        let month = self.world.store().now().day().month();
        store::open_stops(&q, &Reader::system(), month).await.unwrap()
    }
    async fn version(&self) -> i64 {
        let q = self.world.store().reads();
        q.number("SELECT version FROM month_plan WHERE division_code = $1", vals![q.division()]).await.unwrap()
    }
}

#[tokio::test]
async fn a_leader_makes_the_plan_with_one_command_and_sees_who_goes_where() {
    for site in sites(Role::GridLeader, Post::GridLeader).await {
        let (status, body) = site.get("/plans").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("编排计划") && body.contains("第1微网格"), "{body}");
        let grid = site.world.grids[0];
        let form = [field("grid", grid), field("month", "2026-12")];
        let (status, to, _) = site.post("/plans", &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{}", site.world.test.engine);
        let (status, body) = site.get(&to).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("谢同事") && body.contains(&format!("{to}/days/2026-12-01")), "{body}");
        let (status, _, body) = site.post("/plans", &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("已有计划"), "{body}");
    }
}

#[tokio::test]
async fn homes_are_moved_by_ticking_them_and_a_mistake_keeps_what_was_chosen() {
    for site in sites(Role::GridLeader, Post::GridLeader).await {
        let form = [field("grid", site.world.grids[0]), field("month", "2026-12")];
        let (_, to, _) = site.post("/plans", &form).await;
        let stop = site.stops().await.remove(0);
        let path = format!("{to}/days/{}/moves", stop.day);
        let version = site.version().await;
        let tick = field(&format!("stop-{}", stop.stop_id), "true");
        let wrong = [field("version", version), tick.clone(), field("to_day", "2026-12-15"), field("to", "")];
        let (status, _, body) = site.post(&path, &wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{}", site.world.test.engine);
        assert!(
            body.contains("请选择人员") && body.contains("checked") && body.contains("value=\"2026-12-15\" selected")
        );
        let nothing = [field("version", version), field("to_day", "2026-12-15"), field("to", site.account)];
        let (status, _, body) = site.post(&path, &nothing).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            body.contains("href=\"#f-stops\"") && body.contains("id=\"f-stops\""),
            "the message leads to the homes"
        );
        let right = [field("version", version), tick, field("to_day", "2026-12-15"), field("to", site.account)];
        let (status, _, _) = site.post(&path, &right).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let moved = site.stops().await.into_iter().find(|s| s.stop_id == stop.stop_id).unwrap();
        assert_eq!((moved.day.to_string().as_str(), moved.by_hand), ("2026-12-15", true));
        let (status, _, _) = site.post(&path, &right).await;
        assert_eq!(status, StatusCode::CONFLICT, "the plan was changed since");
    }
}

#[tokio::test]
async fn an_absence_without_a_day_comes_back_with_its_message_and_one_with_days_empties_them() {
    for site in sites(Role::GridLeader, Post::GridLeader).await {
        let form = [field("grid", site.world.grids[0]), field("month", "2026-12")];
        let (_, to, _) = site.post("/plans", &form).await;
        let version = field("version", site.version().await);
        let path = format!("{to}/absences");
        let (status, _, body) = site.post(&path, &[version.clone(), field("account", site.account)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{}", site.world.test.engine);
        assert!(body.contains("href=\"#f-from\""), "{body}");
        let days = [field("from", "2026-12-02"), field("until", "2026-12-04")];
        let all = [version, field("account", site.account), days[0].clone(), days[1].clone()];
        let (status, _, _) = site.post(&path, &all).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let on_them = |s: &StopRow| s.day > "2026-12-01".parse().unwrap() && s.day < "2026-12-05".parse().unwrap();
        assert!(!site.stops().await.iter().any(on_them));
        let (_, body) = site.get(&to).await;
        assert!(body.contains("2026-12-02 – 2026-12-04"), "{body}");
        let back =
            [field("version", site.version().await), field("account", site.account), field("from", "2026-12-02")];
        let (status, _, _) = site.post(&format!("{to}/returns"), &back).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, body) = site.get(&to).await;
        assert!(body.contains("本月没有登记不在岗"), "{body}");
    }
}

#[tokio::test]
async fn a_coordinator_sees_the_own_days_and_can_change_nothing() {
    for site in sites(Role::Coordinator, Post::Coordinator).await {
        let leader = linli_platform::testing::in_grids(site.world.store(), Role::GridLeader, &site.world.grids[..1]);
        let tx = site.world.store().begin(&leader).await.unwrap();
        let month = "2026-12".parse().unwrap();
        let made = linli_fieldwork::plan::make::make(&site.world.app, &tx, site.world.grids[0], month).await.unwrap();
        tx.commit().await.unwrap();
        let (status, body) = site.get(&format!("/plans/{}", made.0)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("您本人的安排") && !body.contains("/spreading") && !body.contains("/absences"), "{body}");
        let (status, body) = site.get(&format!("/plans/{}/days/2026-12-01", made.0)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!body.contains("type=\"checkbox\" name=\"stop-"), "{}", site.world.test.engine);
        let (status, _, _) =
            site.post("/plans", &[field("grid", site.world.grids[0]), field("month", "2026-12")]).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let (status, _) = site.get(&format!("/plans/{}/days/2027-01-05", made.0)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "a day of another month");
    }
}

#[tokio::test]
async fn the_map_of_stale_premises_says_in_words_what_it_shows_in_colour() {
    for site in sites(Role::GridLeader, Post::GridLeader).await {
        for measure in ["past", "expected"] {
            let (status, body) = site.get(&format!("/fieldwork/stale?measure={measure}")).await;
            assert_eq!(status, StatusCode::OK, "{}", site.world.test.engine);
            assert!(body.contains("失准风险图") && body.contains("第1微网格") && body.contains("没有生效的网格边界"));
        }
        let (status, body) = site.get("/fieldwork").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("/fieldwork/stale") && body.contains("/fieldwork/shares"));
        let (status, body) = site.get("/fieldwork/shares").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("第1微网格"), "{body}");
    }
}

#[tokio::test]
async fn the_map_draws_the_grids_of_the_scope_with_their_levels_and_leads_to_the_table() {
    for site in sites(Role::GridLeader, Post::GridLeader).await {
        site.world.boundaries().await;
        let (_, body) = site.get("/fieldwork/stale").await;
        let grid = site.world.grids[0];
        assert!(body.contains(&format!("href=\"#grid-{grid}\"")) && body.contains(&format!("id=\"grid-{grid}\"")));
        assert_eq!(body.matches("<polygon").count(), 1, "the other grid is not the reader's: {body}");
        assert!(body.contains("class=\"heat-4\"") && body.contains(">4</text>"), "nobody was ever here: {body}");
    }
}

#[tokio::test]
async fn a_grid_worker_sees_the_own_part_alone_and_a_coordinator_none() {
    for site in sites(Role::GridWorker, Post::GridWorker).await {
        let (status, _) = site.get("/fieldwork/shares").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{}", site.world.test.engine);
        let (status, body) = site.get("/field/me").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("我完成的当月变动"), "{body}");
    }
    for site in sites(Role::Coordinator, Post::Coordinator).await {
        let (_, body) = site.get("/field/me").await;
        assert!(!body.contains("我完成的当月变动"), "{body}");
    }
}
