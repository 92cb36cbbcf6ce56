//! A grid's notice sign: a sample for whoever sees the grid, a numbered one by its leader, in each language.

use http::StatusCode;
use linli_platform::{
    access::Role,
    store::Query as _,
    testing::{self, Client},
    vals,
};

use super::world::{World, areas, worlds};

async fn client(world: &World, name: &str, role: Role, grid: usize) -> Client {
    let account = testing::account(world.store(), name, &[(role, &world.grids[grid].to_string())]).await;
    Client::signed_in(&world.app, &areas(), account).await
}

#[tokio::test]
async fn a_sign_is_issued_once_in_each_language_by_the_leader_of_its_grid() {
    for world in worlds().await {
        let leader = client(&world, "sign-leader", Role::GridLeader, 0).await;
        let base = format!("/declarations/signs/{}", world.grids[0]);
        let sample = leader.get(&format!("{base}/sign.pdf")).await;
        assert!(sample.status.is_success() && sample.text.starts_with("%PDF"), "{}", sample.text);
        for (lang, number) in [("zh-CN", "青香网牌〔2026〕1号"), ("en", "青香网牌〔2026〕2号")] {
            for _ in 0..2 {
                let issued = leader.post(&format!("{base}/paper"), &[("lang", lang)]).await;
                assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}: {}", world.engine(), issued.text);
                let page = leader.get(issued.location()).await.text;
                assert!(page.contains(number) && page.contains("第 1 版"), "the same again is the same: {page}");
                assert!(!page.contains(".docx"), "a sign is a page of its own");
            }
        }
        let list = leader.get("/declarations/signs").await.text;
        assert!(list.contains("青香网牌〔2026〕1号") && list.contains("青香网牌〔2026〕2号"), "{list}");
        let q = world.store().reads();
        let issued = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'paper.issued'";
        assert_eq!(q.number(issued, vals![q.division()]).await.unwrap(), 2);

        let elsewhere = client(&world, "sign-other", Role::GridLeader, 1).await;
        assert_eq!(elsewhere.post(&format!("{base}/paper"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(elsewhere.get(&format!("{base}/sign.pdf")).await.status, StatusCode::NOT_FOUND);
        let coordinator = client(&world, "sign-coordinator", Role::Coordinator, 0).await;
        assert_eq!(coordinator.post(&format!("{base}/paper"), &[]).await.status, StatusCode::FORBIDDEN);
    }
}
