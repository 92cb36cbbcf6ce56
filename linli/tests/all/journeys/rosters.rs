//! Journey 3: an employer's list becomes work for those who know the doors.

use std::path::{Path, PathBuf};

use super::{
    browser::{Browser, journey},
    files::number,
    registering::{filled, sent},
};

/// The five classes of R15 as the page names them, with their codes.
const CLASSES: [(&str, &str); 5] = [
    ("登记一致", "same-address"),
    ("居住地址不符", "other-address"),
    ("未登记", "not-registered"),
    ("请人工判断", "uncertain"),
    ("已不在册", "gone-from-roster"),
];

async fn tasks(b: &Browser) -> usize {
    b.sign_in("coordinator").await;
    b.goto("/tasks?per_page=200").await;
    b.find("#list").await;
    b.find_all("#list tbody tr").await.len()
}

async fn register(b: &Browser, name: &str, sequence: u16, address: &str, employer: &str) {
    filled(b, [name, &number(1968, sequence), &format!("154000006{sequence:02}")], address).await;
    b.fill("#f-employer", employer).await;
    sent(b).await;
}

/// The employer's list of the demonstration with four more people, of whom the register knows three in another way,
/// and without one whom it knows there.
async fn roster(b: &Browser, employer: &str, here: &str, there: &str) -> PathBuf {
    b.sign_in("population-office").await;
    b.goto("/employers").await;
    b.fill("#f-q", employer).await;
    b.click("form[action='/employers'] button[type=submit]").await;
    b.wait("the employer", async || b.find_all("#list tbody tr").await.len() == 1).await;
    let code = b.text_of("#list tbody td:nth-child(2)").await;
    register(b, "西门同住", 61, here, "").await;
    register(b, "西门迁居", 62, here, "").await;
    register(b, "西门旧名", 63, here, "").await;
    register(b, "西门离职", 64, here, &code).await;
    let sample = b.town.folder.join(format!("demo/samples/{employer}-花名册.csv"));
    let mut text = std::fs::read_to_string(sample).unwrap();
    for (n, name, sequence, address) in [
        (9_001, "西门同住", 61, here),
        (9_002, "西门迁居", 62, there),
        (9_003, "西门新来", 65, there),
        (9_004, "南宫别人", 63, here),
    ] {
        // Whoever has somebody else's number has a telephone of the own.
        let mobile = if n == 9_004 { "15400000699".to_owned() } else { format!("154000006{sequence:02}") };
        text.push_str(&format!("{n},{name},{},{mobile},{address},2026-01-05,\n", number(1968, sequence)));
    }
    // Not every driver takes a name that is not of Latin letters.
    let file = b.town.folder.join("roster.csv");
    std::fs::write(&file, text).unwrap();
    file
}

async fn send(b: &Browser, file: &Path) -> String {
    b.sign_in("hr-liaison").await;
    b.goto("/rosters").await;
    b.shot("journey-3-employer").await;
    b.click("a[href*='kind=full']").await;
    b.fill("#f-file", &file.display().to_string()).await;
    b.click("form[action='/rosters'] button[type=submit]").await;
    b.click("form[action$='/mapping'] button[type=submit]").await;
    b.find("form[action$='/sending']").await;
    b.shot("journey-3-checked").await;
    b.click("form[action$='/sending'] button[type=submit]").await;
    b.see("街道正在核对").await;
    b.path().await
}

/// Each class has rows, and each row says why it is in it.
async fn five_classes_with_reasons(b: &Browser, roster: &str) {
    for (name, code) in CLASSES {
        let results = format!("{roster}/results");
        b.goto(&results).await;
        let pill = b.text_of(&format!("a.pill[href='{results}?class={code}']")).await;
        let count: u32 = pill.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(pill.starts_with(name) && count > 0, "no row is in “{pill}”");
        b.goto(&format!("{results}?class={code}&per_page=200")).await;
        let rows = b.find_all("#list tbody tr").await;
        assert_eq!(u32::try_from(rows.len()).unwrap(), count.min(200), "{name}");
        for row in rows {
            let text = row.text().await.unwrap();
            let why = row.find(thirtyfour::By::Css("small")).await.unwrap().text().await.unwrap();
            assert!(text.contains(name) && (code == "same-address" || !why.trim().is_empty()), "{name}: {text}");
        }
    }
}

/// The class and the reason of whoever is listed under a masked name.
async fn line(b: &Browser, roster: &str, code: &str, masked: &str) -> String {
    b.goto(&format!("{roster}/results?class={code}&per_page=200")).await;
    for row in b.find_all("#list tbody tr").await {
        let text = row.text().await.unwrap();
        if text.contains(masked) {
            return text;
        }
    }
    panic!("nobody of {masked} is in {code}:\n{}", b.text().await)
}

#[test]
fn a_roster_changes_nothing_until_the_officer_confirms_and_then_the_coordinator_has_tasks() {
    journey("3-roster", async |b| {
        let before = tasks(b).await;
        // Doors of the coordinator's own grid, so that the tasks lie there.
        b.sign_in("coordinator").await;
        b.goto("/homes").await;
        let here = b.text_of("#list tbody tr:nth-child(1) td a").await;
        let there = b.text_of("#list tbody tr:nth-child(2) td a").await;
        b.sign_in("hr-liaison").await;
        b.goto("/rosters").await;
        let employer = b.text_of("h2.card-title").await;
        let file = roster(b, &employer, &here, &there).await;
        let roster = send(b, &file).await;

        b.sign_in("officer").await;
        b.goto("/rosters").await;
        b.see(&employer).await;
        b.goto(&format!("{roster}/results")).await;
        b.see("登记没有任何改动").await;
        b.shot("journey-3-compare").await;
        five_classes_with_reasons(b, &roster).await;
        for (code, masked, why) in [
            ("same-address", "西***", ""),
            ("other-address", "西***", "证件号"),
            ("not-registered", "西***", "没有相近的人员"),
            ("uncertain", "南***", "姓名"),
            ("gone-from-roster", "西***", "花名册中没有此人"),
        ] {
            let text = line(b, &roster, code, masked).await;
            assert!(text.contains(why), "{code} says why: {text}");
        }
        b.search(&number(1968, 65)).await;
        assert!(!b.shows("西***").await, "whoever is only on the roster is not in the register");
        assert_eq!(tasks(b).await, before, "nothing is asked of anybody before the officer confirms");

        b.sign_in("officer").await;
        b.goto(&format!("{roster}/results")).await;
        let button = b.text_of("form[action$='/confirmation'] button").await;
        let promised: String = button.chars().filter(char::is_ascii_digit).collect();
        b.click("form[action$='/confirmation'] button[type=submit]").await;
        b.see(&format!("生成核查任务 {promised} 项")).await;
        let after = tasks(b).await;
        assert!(after > before, "the tasks stand with the coordinator, who had {before} and has {after}");
        b.goto("/tasks?kind=roster-unregistered&per_page=200").await;
        b.see("西***").await;
        b.shot("journey-3-tasks").await;
    });
}
