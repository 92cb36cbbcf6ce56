//! Convening ahead, moving with notice, and what happens to records in the end.

use linli_meetings::{Tab, convene_ahead, find, list, move_to, roll_of};
use linli_platform::{jobs, reader::Reader, store::Query as _, vals, web::Paging};

use super::town::{hour, towns};

#[tokio::test]
async fn regular_meetings_are_convened_once_and_ahead_on_working_days() {
    for town in towns().await {
        // Friday the 20th: next week's meetings, the month's on Monday the 30th, the year's on 15 December.
        assert_eq!(convene_ahead(&town.app).await.unwrap(), 5, "{}", town.test.engine);
        assert_eq!(convene_ahead(&town.app).await.unwrap(), 0);
        let (all, total) =
            list(&town.store().reads(), &Reader::system(), Tab::Coming, &Paging::default()).await.unwrap();
        let days: Vec<(String, String)> = all.iter().map(|m| (m.kind.clone(), m.starts_at.minute_text())).collect();
        assert_eq!(total, 5);
        assert_eq!(days[0], ("weekly".into(), "2026-11-23 14:00".into()));
        assert_eq!(days[2], ("monthly".into(), "2026-11-30 14:00".into()));
        assert_eq!(days[4], ("yearly".into(), "2026-12-15 14:00".into()));
        assert_eq!(all[4].convener_role, "team-leader");
        assert_eq!(all[4].area_name.as_deref(), Some("柳塘村"));
        let told = "SELECT COUNT(*) FROM channel_post WHERE division_code = $1 AND kind = 'channel-meeting'";
        assert_eq!(town.count(told).await, 4, "each grid's channel tells of its meetings");
    }
}

#[tokio::test]
async fn a_grids_team_is_invited_and_to_the_years_meeting_the_three_with_those_above() {
    for town in towns().await {
        let weekly = town.convened("weekly").await;
        let names = |all: Vec<linli_meetings::Attendee>| all.into_iter().map(|a| a.name).collect::<Vec<_>>();
        let reads = town.store().reads();
        assert_eq!(
            names(roll_of(&reads, weekly).await.unwrap()),
            ["leader", "officer", "coordinator", "guard"],
            "the whole team, in the order of posts"
        );
        let (all, _) = list(&reads, &Reader::system(), Tab::Coming, &Paging::default()).await.unwrap();
        let yearly = all.iter().find(|m| m.kind == "yearly").unwrap();
        let mut invited = names(roll_of(&reads, yearly.meeting_id).await.unwrap());
        invited.sort();
        assert_eq!(
            invited,
            ["coordinator", "leader", "officer", "other-coordinator", "other-leader", "secretary", "team-leader"]
        );
    }
}

#[tokio::test]
async fn who_leaves_the_team_is_taken_off_the_roll_of_a_near_meeting() {
    for town in towns().await {
        let weekly = town.convened("weekly").await;
        let tx = town.store().begin(&Reader::system()).await.unwrap();
        linli_team::leave(&tx, town.staff("guard").await).await.unwrap();
        tx.commit().await.unwrap();
        convene_ahead(&town.app).await.unwrap();
        let all = roll_of(&town.store().reads(), weekly).await.unwrap();
        assert!(all.iter().all(|a| a.name != "guard"), "{}: {all:?}", town.test.engine);
        assert_eq!(all.len(), 3);
    }
}

#[tokio::test]
async fn a_meeting_is_moved_with_notice_by_its_convener_and_everybody_is_told() {
    for town in towns().await {
        let weekly = town.convened("weekly").await;
        let leader = town.reader("leader").await;
        let attempt = async |who: &Reader, to: &str, reason: &str| {
            let tx = town.store().begin(who).await.unwrap();
            let version = find(&tx, who, weekly).await?.version;
            move_to(&town.app, &tx, weekly, version, hour(to, 10), reason).await?;
            tx.commit().await
        };
        let coordinator = town.reader("coordinator").await;
        for (who, to, reason, refused) in [
            (&coordinator, "2026-11-24", "orders", "meeting-not-convener"),
            (&leader, "2026-11-24", "because", "meeting-move-reason"),
            (&leader, "2026-11-28", "orders", "meeting-no-workday"),
            (&leader, "2026-11-30", "orders", "meeting-out-of-period"),
        ] {
            assert!(attempt(who, to, reason).await.unwrap_err().is(refused), "{to} {refused}");
        }
        let elsewhere = town.reader("other-leader").await;
        assert!(attempt(&elsewhere, "2026-11-24", "orders").await.unwrap_err().is("not-found"));
        attempt(&leader, "2026-11-24", "orders").await.unwrap();
        let moved = find(&town.store().reads(), &leader, weekly).await.unwrap();
        assert_eq!(moved.starts_at.minute_text(), "2026-11-24 10:00");
        assert_eq!(moved.moved_from.unwrap().minute_text(), "2026-11-23 14:00");
        let told = "SELECT COUNT(*) FROM notice WHERE division_code = $1 AND text_key = 'notice-meeting-moved'";
        assert_eq!(town.count(told).await, 4, "everybody on the roll who signs in");
        let said = "SELECT COUNT(*) FROM channel_post WHERE division_code = $1 AND kind = 'channel-meeting-moved'";
        assert_eq!(town.count(said).await, 1, "and the grid's channel says it once");
        // On the eve less than 24 hours are left.
        town.test.clock.set(hour("2026-11-23", 11));
        assert!(attempt(&leader, "2026-11-26", "orders").await.unwrap_err().is("meeting-move-late"));
    }
}

#[tokio::test]
async fn a_meeting_whose_day_is_over_without_minutes_shows_as_missed_and_is_a_late_duty() {
    for town in towns().await {
        town.convened("weekly").await;
        town.test.clock.set(hour("2026-11-24", 9));
        let leader = town.reader("leader").await;
        let (missed, total) = list(&town.store().reads(), &leader, Tab::Missed, &Paging::default()).await.unwrap();
        assert_eq!(total, 1, "only the own grid's: {}", town.test.engine);
        assert!(missed[0].is_missed(town.store().clock().today()));
        let mut duties = Vec::new();
        for source in linli_meetings::area().duties {
            duties.extend(source.duties(&town.app, &leader).await.unwrap());
        }
        let own = duties.iter().find(|d| d.key == "meetings").unwrap();
        assert_eq!((own.due, own.done, own.late), (2, 0, 1));
    }
}

#[tokio::test]
async fn records_go_when_their_time_is_over() {
    for town in towns().await {
        town.convened("weekly").await;
        town.test.clock.set(hour("2031-12-01", 9));
        let tx = town.store().begin(&Reader::system()).await.unwrap();
        jobs::enqueue(&tx, "meetings.expire", "test", serde_json::json!({})).await.unwrap();
        tx.commit().await.unwrap();
        assert!(jobs::run_one(&town.app).await.unwrap());
        let reads = town.store().reads();
        for table in ["meeting_attendee", "meeting_grid", "meeting_decision", "meeting_agenda"] {
            let sql = format!(
                "SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND meeting_id NOT IN
                               (SELECT m.meeting_id FROM meeting m WHERE m.division_code = $1)"
            );
            assert_eq!(reads.number(&sql, vals![reads.division()]).await.unwrap(), 0, "{table}");
        }
        let left = "SELECT COUNT(*) FROM meeting WHERE division_code = $1 AND kind <> 'yearly'";
        assert_eq!(town.count(left).await, 0, "{}", town.test.engine);
    }
}
