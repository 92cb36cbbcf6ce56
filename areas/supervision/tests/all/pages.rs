//! The pages without scripts.

use http::StatusCode;
use linli_platform::access::Action;

use super::town::{Town, hour, towns};

async fn planned(town: &Town) -> String {
    let force = town.client("task-force").await;
    let grid = format!("grid-{}", town.grids[0]);
    let who = [town.staff("far-officer").await, town.staff("far-coordinator").await].map(|s| format!("who-{s}"));
    let form = [("day", "2026-11-16"), ("mode", "spot"), (grid.as_str(), "true"), (who[0].as_str(), "true")];
    let few = force.post("/inspections", &form).await;
    assert_eq!(few.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", town.test.engine);
    assert!(few.text.contains("href=\"#f-who\"") && few.text.contains("至少要有 1 名协管员"), "{}", few.text);
    let kept = format!("name=\"{grid}\" value=\"true\" checked");
    assert!(few.text.contains(&kept), "what was ticked stays ticked: {}", few.text);
    let mut all = form.to_vec();
    all.push((who[1].as_str(), "true"));
    let made = force.post("/inspections", &all).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    made.location().to_owned()
}

#[tokio::test]
async fn an_inspection_by_its_pages_from_plan_to_settled_fault() {
    for town in towns().await {
        let path = planned(&town).await;
        let (group, leader) = (town.client("far-officer").await, town.client("leader").await);
        assert!(group.get("/inspections").await.text.contains(&path));
        let grid = town.grids[0].to_string();
        let wrong = [("kind", "fault"), ("grid", grid.as_str()), ("item", "unregistered"), ("words", "三号楼")];
        let told = group.post(&format!("{path}/findings"), &wrong).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.text.contains("href=\"#f-records\"") && told.text.contains("三号楼"), "{}", told.text);
        let mut right = wrong.to_vec();
        right.push(("records", "2"));
        assert_eq!(group.post(&format!("{path}/findings"), &right).await.status, StatusCode::SEE_OTHER);
        let own = leader.post(&format!("{path}/findings"), &right).await;
        assert!(own.status == StatusCode::UNPROCESSABLE_ENTITY && own.text.contains("不在这次督查的督查组里"));
        let shown = leader.get("/inspections").await;
        let finding = shown.text.split("href=\"/findings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let finding = format!("/findings/{finding}");
        let tasks = leader.get("/tasks").await;
        assert!(tasks.text.contains("督查问题整改"), "{}", tasks.text);
        let done = leader.post(&format!("{finding}/correction"), &[("version", "1"), ("feedback", "已登记")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(group.get("/notices").await.text.contains("已整改，请复查"));
        assert_eq!(
            group.post(&format!("{finding}/settlement"), &[("version", "2")]).await.status,
            StatusCode::SEE_OTHER
        );
        assert!(leader.get(&finding).await.text.contains("已销号"));
        let ticked = [("grid", grid.as_str()), ("item-meetings", "true"), ("item-shifts", "true")];
        assert_eq!(group.post(&format!("{path}/checks"), &ticked).await.status, StatusCode::SEE_OTHER);
        let shown = group.get(&path).await.text;
        assert!(
            shown.contains("已看 3 项") && shown.contains("name=\"item-meetings\" value=\"true\" checked"),
            "{shown}"
        );
        let nowhere = group.post(&format!("{path}/checks"), &[("item-meetings", "true")]).await;
        assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nowhere.text);
        let force = town.client("task-force").await;
        let begun = force.post(&format!("{path}/withdrawal"), &[("version", "1")]).await;
        assert!(begun.status == StatusCode::UNPROCESSABLE_ENTITY && begun.text.contains("已经记录了内容"));
        assert!(leader.get(&path).await.text.contains("无问题"), "the grid sees what is in order");
        let closed = group.post(&format!("{path}/closure"), &[("version", "1"), ("summary", "总体较好")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
        let bulletin = leader.get("/inspections/bulletin/2026-11").await;
        assert!(bulletin.text.contains("柳塘村") && bulletin.text.contains("通报只到村居"), "{}", bulletin.text);
        assert_eq!(leader.get("/inspections/bulletin/x").await.status, StatusCode::NOT_FOUND);
        let outside = town.client("guard").await;
        assert_eq!(outside.get(&path).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_suggestion_by_its_pages_and_what_the_duty_board_says_of_it() {
    for town in towns().await {
        let (guard, force) = (town.client("guard").await, town.client("task-force").await);
        let empty = guard.post("/suggestions", &[("kind", "suggestion"), ("words", "")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", town.test.engine);
        let made = guard.post("/suggestions", &[("kind", "suggestion"), ("words", "错时走访改在周二")]).await;
        let path = made.location().to_owned();
        assert!(guard.get(&path).await.text.contains("专班还没有答复"));
        town.test.clock.set(hour("2026-11-20", 9));
        let force_now = town.client("task-force").await;
        drop(force);
        assert!(force_now.get("/suggestions").await.text.contains("逾期"), "the clock has run out");
        let bad = force_now.post(&format!("{path}/answer"), &[("version", "1"), ("answer", "打 13900001111")]).await;
        assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.text.contains("打 13900001111"));
        let sent = force_now.post(&format!("{path}/answer"), &[("version", "1"), ("answer", "同意")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let guard = town.client("guard").await;
        assert!(guard.get(&path).await.text.contains("同意"));
        assert_eq!(guard.post(&format!("{path}/answer"), &[]).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_measure_by_its_pages_lets_the_colleague_speak() {
    for town in towns().await {
        let (office, anna) = (town.client("population-office").await, town.client("anna").await);
        let staff = town.staff("anna").await.to_string();
        let form =
            [("staff", staff.as_str()), ("kind", "bonus-withheld"), ("neglect", "not-corrected"), ("words", "逾期")];
        let wrong = [("staff", staff.as_str()), ("kind", "talk"), ("neglect", "not-corrected"), ("words", "逾期")];
        let told = office.post("/measures", &wrong).await;
        assert!(told.status == StatusCode::UNPROCESSABLE_ENTITY && told.text.contains("href=\"#f-kind\""));
        let made = office.post("/measures", &form).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}: {}", town.test.engine, made.text);
        let path = made.location().to_owned();
        let early = office.post(&format!("{path}/decision"), &[("version", "1"), ("words", "决定")]).await;
        assert!(
            early.status == StatusCode::UNPROCESSABLE_ENTITY && early.text.contains("还没有陈述"),
            "{}",
            early.text
        );
        let said = anna.post(&format!("{path}/statement"), &[("version", "1"), ("words", "当天在培训")]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
        assert!(office.get(&path).await.text.contains("当天在培训"));
        assert_eq!(anna.post(&format!("{path}/decision"), &[]).await.status, StatusCode::FORBIDDEN);
        let ended = office.post(&format!("{path}/decision"), &[("version", "2"), ("words", "仍予处理")]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
        assert!(anna.get(&path).await.text.contains("仍予处理"));
        assert_eq!(town.client("leader").await.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_bulletin_of_a_month_that_is_over_is_a_numbered_paper_of_how_things_stood_at_its_end() {
    for town in towns().await {
        let id = town.planned().await;
        let finding = town.note(id, town.fault("notice-sign", 0)).await.unwrap();
        let officer = town.reader("far-officer", Action::InspectionRecord).await;
        let tx = town.store().begin(&officer).await.unwrap();
        linli_supervision::close(&town.app, &tx, id, 1, "总体较好").await.unwrap();
        tx.commit().await.unwrap();
        let path = "/inspections/bulletin/2026-11";
        let office = town.client("population-office").await;
        let early = office.post(&format!("{path}/paper"), &[]).await;
        assert!(
            early.status == StatusCode::UNPROCESSABLE_ENTITY && early.text.contains("还没有结束"),
            "{}",
            early.text
        );
        town.test.clock.set(hour("2026-12-01", 9));
        let office = town.client("population-office").await;
        let leader = town.client("leader").await;
        let draft = office.get(&format!("{path}/paper.pdf")).await.text;
        for words in ["2026年11月督查涉及 1 个村居，发现问题 1 个", "已销号 0 个，逾期 1 个", "柳塘村"]
        {
            assert!(draft.contains(words), "{}: {words} in {draft}", town.test.engine);
        }
        assert_eq!(
            leader.get(&format!("{path}/paper.pdf")).await.status,
            StatusCode::NOT_FOUND,
            "a part is no bulletin"
        );
        let word = office.get(&format!("{path}/paper.docx")).await;
        assert!(word.text.contains("柳塘村") && !word.text.contains("青香人"), "{}", word.text);
        assert_eq!(leader.get(&format!("{path}/paper.docx")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(leader.post(&format!("{path}/paper"), &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(office.get("/inspections/bulletin/2026-10/paper.pdf").await.status, StatusCode::NOT_FOUND);
        let issued = office.post(&format!("{path}/paper"), &[]).await;
        assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}", issued.text);
        let kept = office.get(&format!("{path}/paper.pdf")).await.text;
        assert!(kept.contains("青香人〔2026〕1号"), "{kept}");
        assert!(office.get(&format!("{path}/paper.docx")).await.text.contains("青香人〔2026〕1号"));
        // What is put right in December was late at the end of November.
        let said = [("version", "1"), ("feedback", "已补装")];
        let fixed = leader.post(&format!("/findings/{finding}/correction"), &said).await;
        assert_eq!(fixed.status, StatusCode::SEE_OTHER, "{}", fixed.text);
        let group = town.client("far-officer").await;
        let settled = group.post(&format!("/findings/{finding}/settlement"), &[("version", "2")]).await;
        assert_eq!(settled.status, StatusCode::SEE_OTHER, "{}", settled.text);
        let shown = office.get(path).await.text;
        assert!(shown.contains("青香人〔2026〕1号") && !shown.contains(&format!("action=\"{path}/paper\"")), "{shown}");
        assert_eq!(office.get(&format!("{path}/paper.pdf")).await.text, kept);
    }
}
