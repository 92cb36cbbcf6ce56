//! The calendar link of a member.

use http::StatusCode;
use linli_platform::testing::Client;

use super::town::{areas, towns};

fn address_in(text: &str) -> String {
    let (_, rest) = text.split_once("/calendar/").expect("the address is shown");
    format!("/calendar/{}", rest.split('<').next().unwrap())
}

#[tokio::test]
async fn a_members_link_opens_the_own_meetings_until_it_is_revoked() {
    for town in towns().await {
        town.convened("weekly").await;
        let guard = town.client("guard").await;
        let made = guard.post("/meetings/calendar", &[]).await;
        let address = address_in(&made.text);
        assert!(!guard.get("/meetings/calendar").await.text.contains(&address), "it is shown once");
        let program = Client::new(&town.app, &areas());
        let feed = program.get(&address).await;
        assert_eq!(feed.status, StatusCode::OK, "{}", town.test.engine);
        assert!(feed.header("content-type").starts_with("text/calendar"));
        assert_eq!(feed.text.matches("BEGIN:VEVENT").count(), 2, "the week's and the month's: {}", feed.text);
        assert!(feed.text.contains("DTSTART:20261123T060000Z\r\n"), "{}", feed.text);
        assert!(feed.text.contains("SUMMARY:周例会 · L1微网格\r\n"), "{}", feed.text);
        for name in ["guard", "leader", "coordinator", "测试"] {
            assert!(!feed.text.contains(name), "nobody's name: {}", feed.text);
        }
        let again = address_in(&guard.post("/meetings/calendar", &[]).await.text);
        assert_eq!(program.get(&address).await.status, StatusCode::NOT_FOUND, "another link ends the one before");
        assert_eq!(program.get(&again).await.status, StatusCode::OK);
        assert_eq!(guard.post("/meetings/calendar/revocation", &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(program.get(&again).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn leaving_the_team_ends_the_feed_at_once() {
    for town in towns().await {
        let guard = town.client("guard").await;
        let address = address_in(&guard.post("/meetings/calendar", &[]).await.text);
        let program = Client::new(&town.app, &areas());
        assert_eq!(program.get(&address).await.status, StatusCode::OK);
        let tx = town.store().begin(&linli_platform::reader::Reader::system()).await.unwrap();
        linli_team::leave(&tx, town.staff("guard").await).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(program.get(&address).await.status, StatusCode::NOT_FOUND, "{}", town.test.engine);
    }
}
