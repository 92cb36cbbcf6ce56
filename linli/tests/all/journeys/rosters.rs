//! Journey 3: an employer's list becomes work for those who know the doors.

use super::browser::{Browser, journey};

async fn tasks(b: &Browser) -> u32 {
    b.sign_in("coordinator").await;
    b.goto("/tasks").await;
    let all = b.text_of("#list").await;
    let total = all.rsplit_once("共 ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    total.unwrap_or(0)
}

#[test]
fn a_roster_changes_nothing_until_the_officer_confirms_and_then_the_coordinator_has_tasks() {
    journey("3-roster", async |b| {
        let before = tasks(b).await;
        b.sign_in("hr-liaison").await;
        b.goto("/rosters").await;
        let employer = b.text_of("h2.card-title").await;
        b.shot("journey-3-employer").await;
        b.click("a[href*='kind=full']").await;
        // Not every driver takes a name that is not of Latin letters.
        let file = b.town.folder.join("roster.csv");
        std::fs::copy(b.town.folder.join(format!("demo/samples/{employer}-花名册.csv")), &file).unwrap();
        b.fill("#f-file", &file.display().to_string()).await;
        b.click("form[action='/rosters'] button[type=submit]").await;
        b.click("form[action$='/mapping'] button[type=submit]").await;
        b.find("form[action$='/sending']").await;
        b.shot("journey-3-checked").await;
        b.click("form[action$='/sending'] button[type=submit]").await;
        b.see("街道正在核对").await;
        let roster = b.path().await;

        b.sign_in("officer").await;
        b.goto("/rosters").await;
        b.see(&employer).await;
        b.goto(&format!("{roster}/results")).await;
        b.see("登记没有任何改动").await;
        for class in ["登记一致", "居住地址不符", "未登记", "请人工判断", "已不在册"] {
            b.see(class).await;
        }
        let reason = b.text_of("#list tbody td small").await;
        assert!(!reason.is_empty(), "each result says why");
        b.shot("journey-3-compare").await;
        assert_eq!(tasks(b).await, before, "nothing is asked of anybody before the officer confirms");

        b.sign_in("officer").await;
        b.goto(&format!("{roster}/results")).await;
        b.click("form[action$='/confirmation'] button[type=submit]").await;
        b.see("已确认").await;
        assert!(tasks(b).await > before, "the tasks stand with the coordinator");
        b.see("核对花名册").await;
        b.shot("journey-3-tasks").await;
    });
}
