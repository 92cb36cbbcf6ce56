//! The pages, as a browser without scripts sees them.

use axum::http::StatusCode;
use linli_platform::{ids::AccountId, testing::Client};

use super::world::{World, areas, worlds};

async fn client(world: &World, account: AccountId) -> Client {
    Client::signed_in(&world.app, &areas(), account).await
}

/// The value of the hidden field `id`.
fn hidden_id(html: &str) -> &str {
    let at = html.find("name=\"id\" value=\"").unwrap() + 17;
    &html[at..at + 36]
}

#[tokio::test]
async fn a_volunteer_tells_without_training_and_a_crime_leads_to_110_and_is_stored_nowhere() {
    for world in worlds().await {
        let volunteer = client(&world, world.volunteer).await;
        assert!(volunteer.get("/volunteer").await.text.contains("请联系微网格长"), "says what to do next");
        let place = world.place().await;
        let form = volunteer.get("/volunteer/new?kind=moved-in").await;
        assert!(form.text.contains("新府中路501弄1号301室") && !form.text.contains("<textarea"), "{}", form.text);
        let id = hidden_id(&form.text).to_owned();
        let at = format!("{place} {}", world.homes[2]);
        let send = async |at: &str| {
            let typed = [("id", id.as_str()), ("kind", "moved-in"), ("at", at), ("seen", "yesterday")];
            volunteer.post("/volunteer/notices", &typed).await
        };
        let empty = send("").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text.contains("请选择是哪一户") && empty.text.contains("yesterday\" selected"), "{}", empty.text);
        for _ in 0..2 {
            assert_eq!(send(&at).await.status, StatusCode::SEE_OTHER, "twice is once");
        }
        let own = volunteer.get("/volunteer").await;
        assert!(own.text.contains("待核实") && own.text.contains("新府中路501弄1号301室"));
        let events = "SELECT COUNT(*) FROM event WHERE division_code = $1";
        let before = world.count(events).await;
        let crime = volunteer.get("/volunteer/crime").await;
        assert!(crime.text.contains("tel:110") && !crime.text.contains("<form"), "nothing can be entered");
        assert_eq!(world.count(events).await, before);
        assert_eq!(volunteer.get("/volunteer-notices").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_notice_is_checked_applied_for_approved_and_paid_without_scripts() {
    for world in worlds().await {
        let place = world.place().await;
        let new = world.notice(place, linli_volunteers::codes::NoticeKind::MovedIn, Some(0));
        let path = format!("/volunteer-notices/{}", world.tell(&new).await.unwrap());
        let coordinator = client(&world, world.coordinator).await;
        assert!(coordinator.get("/volunteer-notices").await.text.contains("有人搬入"));
        let none = coordinator.post(&format!("{path}/check"), &[("version", "1")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = coordinator.post(&format!("{path}/check"), &[("version", "1"), ("result", "registered")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let much = coordinator.post(&format!("{path}/stipend"), &[("yuan", "9999")]).await;
        assert!(
            much.status == StatusCode::UNPROCESSABLE_ENTITY && much.text.contains("9999"),
            "what was typed is kept"
        );
        let applied = coordinator.post(&format!("{path}/stipend"), &[("yuan", "30")]).await;
        assert_eq!(applied.status, StatusCode::SEE_OTHER);
        let (leader, office) = (client(&world, world.leader).await, client(&world, world.office).await);
        let list = leader.get("/stipends").await;
        let at = list.text.find("/stipends/0").unwrap();
        let stipend = list.text[at..at + 46].to_owned();
        let approve = format!("{stipend}/approval");
        assert_eq!(leader.post(&approve, &[("version", "1")]).await.status, StatusCode::SEE_OTHER);
        let short = office.post(&approve, &[("version", "2")]).await;
        assert!(short.status == StatusCode::UNPROCESSABLE_ENTITY && short.text.contains("请先拨入"), "{}", short.text);
        let set = office.post("/stipends/accounts", &[("kind", "allotment"), ("yuan", "500")]).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER);
        assert_eq!(office.post(&approve, &[("version", "2")]).await.status, StatusCode::SEE_OTHER);
        let paid = office.post(&format!("{stipend}/payment"), &[("version", "3")]).await;
        assert_eq!(paid.status, StatusCode::SEE_OTHER);
        let accounts = office.get("/stipends/accounts").await;
        assert!(accounts.text.contains("账目平衡") && accounts.text.contains("470"), "{}", accounts.text);
        for file in ["/stipends/accounts.xlsx", "/stipends/payments.xlsx"] {
            let file = office.get(file).await;
            assert!(file.status == StatusCode::OK && file.text.starts_with("PK"), "a workbook");
        }
        let taken = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'export.made'";
        assert_eq!(world.count(taken).await, 2, "taking a file is on record");
        let volunteer = client(&world, world.volunteer).await;
        assert!(volunteer.get("/volunteer").await.text.contains("30 元，已发放"));
        assert_eq!(leader.get("/stipends/accounts").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn premises_and_instruction_have_their_pages() {
    for world in worlds().await {
        let coordinator = client(&world, world.coordinator).await;
        let who = format!("{} {}", world.volunteer, world.grids[0]);
        let half = coordinator.post("/volunteer-places", &[("who", &who), ("prefix", "新府中路501弄1")]).await;
        assert!(half.status == StatusCode::UNPROCESSABLE_ENTITY && half.text.contains("value=\"新府中路501弄1\""));
        let given = coordinator.post("/volunteer-places", &[("who", &who), ("prefix", "新府中路501弄")]).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER);
        assert!(coordinator.get("/volunteer-places").await.text.contains("新府中路501弄"));
        let officer = client(&world, world.officer).await;
        assert!(officer.get("/guidance").await.text.contains("还没有 N 类成员"));
        let nobody = [("grid", world.grids[0].to_string()), ("day", "2026-11-20".into()), ("topic", "hazards".into())];
        let nobody: Vec<(&str, &str)> = nobody.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let refused = officer.post("/guidance", &nobody).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(coordinator.post("/guidance", &nobody).await.status, StatusCode::FORBIDDEN, "the officer instructs");
    }
}
