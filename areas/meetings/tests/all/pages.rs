//! A monthly meeting by its pages, as a leader and a coordinator walk through it without scripts.

use http::StatusCode;
use linli_platform::{testing::Client, web::encode_query};

use super::town::{Town, hour, towns};

#[tokio::test]
async fn a_monthly_meeting_from_agenda_to_tasks() {
    for town in towns().await {
        let id = town.convened("monthly").await;
        let path = format!("/meetings/{id}");
        let (leader, coordinator) = (town.client("leader").await, town.client("coordinator").await);
        let list = leader.get("/meetings").await;
        assert!(list.text.contains(&path) && list.text.contains("月例会"), "{}", list.text);
        assert_eq!(town.client("other-leader").await.get(&path).await.status, StatusCode::NOT_FOUND);
        let before = leader.get(&format!("{path}/attendance")).await;
        assert!(before.text.contains("会议当天这里显示签到二维码"), "{}", before.text);

        town.test.clock.set(hour("2026-11-30", 14));
        let (leader, coordinator2) = (town.client("leader").await, town.client("coordinator").await);
        drop(coordinator);
        let coordinator = coordinator2;
        assert_eq!(coordinator.get(&format!("{path}/attendance")).await.status, StatusCode::FORBIDDEN);
        let page = leader.get(&format!("{path}/attendance")).await;
        assert!(page.text.contains("<svg class=\"qr\""), "{}", page.text);
        let link = linli_meetings::link(town.store(), id, town.store().now());
        let opened = coordinator.get(&format!("{path}/presence?t={}", encode_query(&link))).await;
        assert!(opened.text.contains("我已到会"), "{}", opened.text);
        let bad = coordinator.post(&format!("{path}/presence"), &[("t", "1-x")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(coordinator.post(&format!("{path}/presence"), &[("t", &link)]).await.status, StatusCode::SEE_OTHER);

        let mut marks = vec![];
        for (name, value) in [("leader", "present"), ("officer", "on-duty"), ("guard", "leave")] {
            marks.push((format!("who-{}", town.staff(name).await), value));
        }
        let form: Vec<(&str, &str)> = marks.iter().map(|(k, v)| (k.as_str(), *v)).collect();
        assert_eq!(leader.post(&format!("{path}/attendance"), &form).await.status, StatusCode::SEE_OTHER);

        let owner = town.staff("coordinator").await.to_string();
        let decide = format!("{path}/decisions");
        let wrong =
            leader.post(&decide, &[("words", "找 13900001111"), ("owner", &owner), ("due", "2026-12-05")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("href=\"#f-words\"") && wrong.text.contains("value=\"找 13900001111\""));
        let form = [("words", "十日内走访完三号楼"), ("owner", owner.as_str()), ("due", "2026-12-10")];
        assert_eq!(leader.post(&decide, &form).await.status, StatusCode::SEE_OTHER);
        let empty = leader.post(&format!("{path}/closure"), &[("version", "1"), ("summary", "")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let closed = leader.post(&format!("{path}/closure"), &[("version", "1"), ("summary", "月末小结")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);

        let tasks = coordinator.get("/tasks").await;
        assert!(tasks.text.contains("会议议定事项"), "{}", tasks.text);
        let shown = coordinator.get(&path).await;
        for text in ["十日内走访完三号楼", "月末小结", "兜底核查覆盖", "值班值守"] {
            assert!(shown.text.contains(text), "{text}: {}", shown.text);
        }
        let printed = coordinator.get(&format!("{path}/record")).await;
        assert!(printed.text.contains("十日内走访完三号楼"));

        is_issued(&town, &path, &leader, &coordinator).await;
    }
}

/// The record of a held meeting gets a number from its convener alone, once.
async fn is_issued(town: &Town, path: &str, leader: &Client, coordinator: &Client) {
    let draft = coordinator.get(&format!("{path}/record.pdf")).await;
    assert!(draft.text.starts_with("%PDF") && !draft.text.contains("青香网会"), "a draft bears no number");
    let word = coordinator.get(&format!("{path}/record.docx")).await;
    assert!(word.text.contains("十日内走访完三号楼") && !word.text.contains("青香网会"), "{}", word.text);
    assert_eq!(coordinator.post(&format!("{path}/paper"), &[]).await.status, StatusCode::FORBIDDEN);
    let other = town.client("other-leader").await;
    assert_eq!(other.post(&format!("{path}/paper"), &[]).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(leader.post(&format!("{path}/paper"), &[]).await.status, StatusCode::SEE_OTHER);
    }
    for form in ["pdf", "docx"] {
        let issued = coordinator.get(&format!("{path}/record.{form}")).await;
        for text in ["青香网会〔2026〕1号", "第 1 版", "十日内走访完三号楼", "值班值守", "月末小结"]
        {
            assert!(issued.text.contains(text), "{form}: {text}: {}", issued.text);
        }
    }
    assert_eq!(other.get(&format!("{path}/record.docx")).await.status, StatusCode::NOT_FOUND);
    assert!(leader.get(&format!("{path}/record")).await.text.contains("青香网会〔2026〕1号 第 1 版"));
}

#[tokio::test]
async fn the_convener_says_where_and_the_feeds_say_it_too() {
    for town in towns().await {
        let path = format!("/meetings/{}", town.convened("weekly").await);
        let (leader, guard) = (town.client("leader").await, town.client("guard").await);
        let place =
            async |text: &str| leader.post(&format!("{path}/place"), &[("version", "1"), ("place", text)]).await;
        let wrong = place("请致电 13900001111").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", town.test.engine);
        assert!(wrong.text.contains("href=\"#f-place\"") && wrong.text.contains("value=\"请致电 13900001111\""));
        assert_eq!(guard.post(&format!("{path}/place"), &[("place", "活动室")]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(place("社区活动室, 二楼").await.status, StatusCode::SEE_OTHER);
        assert!(guard.get(&path).await.text.contains("社区活动室, 二楼"));
        let made = guard.post("/meetings/calendar", &[]).await;
        let (_, rest) = made.text.split_once("/calendar/").expect("the address is shown");
        let feed = guard.get(&format!("/calendar/{}", rest.split('<').next().unwrap())).await;
        assert!(feed.text.contains("LOCATION:社区活动室\\, 二楼\r\n"), "{}", feed.text);
    }
}

#[tokio::test]
async fn a_leader_convenes_by_hand_and_is_told_what_is_wrong_at_the_field() {
    for town in towns().await {
        let leader = town.client("leader").await;
        let grid = town.grids[0].to_string();
        let convene = async |day: &str, area: &str| {
            leader.post("/meetings", &[("kind", "weekly"), ("area", area), ("day", day), ("time", "10:00")]).await
        };
        let weekend = convene("2026-11-28", &grid).await;
        assert_eq!(weekend.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", town.test.engine);
        assert!(weekend.text.contains("不是法定工作日") && weekend.text.contains("value=\"2026-11-28\""));
        let other = convene("2026-11-25", &town.grids[1].to_string()).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "another grid's leader convenes there");
        assert_eq!(convene("2026-11-25", &grid).await.status, StatusCode::SEE_OTHER);
        let twice = convene("2026-11-26", &grid).await;
        assert!(twice.text.contains("已经召集"), "{}", twice.text);
        let guard = town.client("guard").await;
        assert_eq!(guard.post("/meetings", &[]).await.status, StatusCode::FORBIDDEN);
        assert!(guard.get("/notices").await.text.contains("周例会（L1微网格）定于 2026-11-25 10:00 召开"));
    }
}
