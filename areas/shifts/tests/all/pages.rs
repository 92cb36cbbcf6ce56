//! The pages without scripts: a plan that breaks a rule says which, and is filed; a swap; the duty board.

use http::StatusCode;
use linli_shifts::{Cell, rules};

use super::town::{C1, WEEK, day, hour, towns};

#[tokio::test]
async fn a_plan_that_breaks_a_rule_says_which_and_is_filed_a_week_ahead() {
    for town in towns().await {
        let officer = town.client("officer").await;
        let list = officer.get("/shifts").await;
        assert!(list.text.contains("柳塘村") && !list.text.contains("荷渡村"), "{}", list.text);
        assert!(list.text.contains("应在 2026-11-16 前报备警务队长"), "{}", list.text);
        let made = officer.post("/shifts/plans", &[("committee", C1), ("monday", WEEK)]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let path = made.location().to_owned();
        let empty = officer.get(&path).await;
        assert!(empty.text.contains("<select") && empty.text.contains("shift-grid.js"), "{}", empty.text);

        let anna = town.staff("anna").await;
        let names: Vec<String> = (0..5).map(|n| format!("c-{anna}-{n}")).collect();
        let mut form: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "day")).collect();
        form.push(("version", "1"));
        assert_eq!(officer.post(&format!("{path}/cells"), &form).await.status, StatusCode::SEE_OTHER);
        let shown = officer.get(&path).await;
        for text in ["anna：本周周末上班 0 天，应至少 1 天（附件2）", "anna：本周错时 0 次，应至少 2 次（附件2）"]
        {
            assert!(shown.text.contains(text), "{text}: {}", shown.text);
        }
        let refused = officer.post(&format!("{path}/filing"), &[("version", "2")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("href=\"#f-knowingly\""), "{}", refused.text);

        let proposed = officer.post(&format!("{path}/proposal"), &[("version", "2")]).await;
        assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
        assert!(officer.get(&path).await.text.contains("符合全部规定"), "{}", town.test.engine);
        assert_eq!(officer.post(&format!("{path}/filing"), &[("version", "3")]).await.status, StatusCode::SEE_OTHER);

        let leader = town.client("team-leader").await;
        assert!(leader.get("/notices").await.text.contains("柳塘村 2026-11-23 起一周的错时计划已报备"));
        let noted = leader.post(&format!("{path}/acknowledgement"), &[("version", "4")]).await;
        assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text);
        assert!(officer.get("/shifts").await.text.contains("警务队长已阅"));
        assert_eq!(town.client("elsewhere").await.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(town.client("guard").await.get(&path).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_swap_shows_what_it_would_break_before_it_is_accepted() {
    for town in towns().await {
        let id = town.filed().await;
        let (anna, bela) = (town.staff("anna").await, town.staff("bela").await);
        let cells = town.cells(id).await;
        let (own, theirs) = (rules::row(&cells, anna, day(WEEK)), rules::row(&cells, bela, day(WEEK)));
        let n = (0..7).find(|n| own[*n].is_shift() && theirs[*n] == Cell::Off).unwrap();
        let give = day(WEEK).plus_days(n as i64).to_string();
        let me = town.client("anna").await;
        let page = me.get("/shifts/mine").await;
        assert!(page.text.contains(&format!("value=\"{give}\"")), "{}", page.text);
        let wrong = me.post("/shifts/swaps", &[("give", &give), ("take", "")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = me.post("/shifts/swaps", &[("give", &give), ("take", &bela.to_string())]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let other = town.client("bela").await;
        let offered = other.get("/shifts/mine").await;
        assert!(offered.text.contains("anna：本周 32.0 小时，应不少于 40.0 小时"), "{}", offered.text);
        let (_, rest) = offered.text.split_once("/shifts/swaps/").unwrap();
        let path = format!("/shifts/swaps/{}/acceptance", &rest[..36]);
        assert_eq!(other.post(&path, &[("version", "1")]).await.status, StatusCode::SEE_OTHER, "{}", town.test.engine);
        assert!(other.get("/shifts/mine").await.text.contains(&give));
    }
}

#[tokio::test]
async fn what_was_worked_is_seen_by_oneself_and_the_teams_leaders() {
    for town in towns().await {
        let id = town.filed().await;
        let (first, _) = town.first(id, town.staff("anna").await).await;
        town.test.clock.set(hour("2026-11-29", 20));
        let me = town.client("anna").await;
        let day = first.to_string();
        let said = me.post("/shifts/mine/days", &[("day", &day), ("worked", "off")]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
        let path = format!("/shifts/plans/{id}");
        for (who, sees) in [("officer", true), ("team-leader", true), ("bela", false)] {
            let page = town.client(who).await.get(&path).await;
            assert_eq!(page.text.contains("实际 休"), sees, "{who}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn the_duty_board_has_the_plan_to_file_and_the_days_to_confirm() {
    for town in towns().await {
        let duty = async |who: &str, key: &str| {
            let reader = town.reader(who).await;
            let mut all = Vec::new();
            for source in linli_shifts::area().duties {
                all.extend(source.duties(&town.app, &reader).await.unwrap());
            }
            all.into_iter().find(|d| d.key == key).map(|d| (d.due, d.done, d.late))
        };
        assert_eq!(duty("officer", "shift-plans").await, Some((1, 0, 0)), "{}", town.test.engine);
        town.filed().await;
        assert_eq!(duty("officer", "shift-plans").await, Some((1, 1, 0)));
        assert_eq!(duty("team-leader", "shift-notes").await, Some((1, 0, 0)));
        assert_eq!(duty("anna", "shift-worked").await, None);
        town.test.clock.set(hour("2026-11-30", 9));
        let (due, done, late) = duty("anna", "shift-worked").await.unwrap();
        assert!(due >= 5 && done == 0 && late == 0, "{due} {done} {late}");
        // The week of 7 December was to be filed by today; that of 30 November begins without a plan.
        assert_eq!(duty("officer", "shift-plans").await, Some((1, 0, 0)));
    }
}
