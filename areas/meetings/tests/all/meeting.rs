//! A meeting from its roll to tasks, and back into the next agenda.

use linli_meetings::{
    Attendee, Mark, NewDecision, close, decide, draw, excuse, find, follow_ups, is_valid_link, link, mark, of_meeting,
    present, roll_of,
};
use linli_platform::{Result, store::Query as _, vals};
use linli_work::{Outcome, tasks};

use super::town::{Town, day, hour, towns};

async fn attend(town: &Town, id: linli_meetings::MeetingId, marks: &[(&str, Mark)]) -> Result<usize> {
    let leader = town.reader("leader").await;
    let mut noted = Vec::new();
    for (name, mark) in marks {
        noted.push((town.staff(name).await, mark.clone()));
    }
    let tx = town.store().begin(&leader).await?;
    let n = mark_all(&tx, id, &noted).await?;
    tx.commit().await?;
    Ok(n)
}

async fn mark_all(
    tx: &linli_platform::store::Tx,
    id: linli_meetings::MeetingId,
    marks: &[(linli_team::StaffId, Mark)],
) -> Result<usize> {
    mark(tx, id, marks).await
}

async fn hold(town: &Town, id: linli_meetings::MeetingId, summary: &str) -> Result<usize> {
    let leader = town.reader("leader").await;
    let meeting = find(&town.store().reads(), &leader, id).await?;
    let agenda = draw(&town.app, &meeting).await?;
    let tx = town.store().begin(&leader).await?;
    let tasks = close(&tx, id, meeting.version, summary, &agenda).await?;
    tx.commit().await?;
    Ok(tasks)
}

async fn decided(town: &Town, id: linli_meetings::MeetingId, words: &str, who: &str) -> Result<()> {
    let leader = town.reader("leader").await;
    let staff = town.staff(who).await;
    let tx = town.store().begin(&leader).await?;
    decide(&tx, id, NewDecision { words: words.into(), staff, due_day: day("2026-11-27") }).await?;
    tx.commit().await
}

fn absent() -> Mark {
    Mark::Absent("on-duty".into())
}

#[tokio::test]
async fn a_colleague_is_noted_by_the_link_while_it_is_good_and_the_meeting_is_on() {
    for town in towns().await {
        let id = town.convened("weekly").await;
        let coordinator = town.reader("coordinator").await;
        let come = async |link: &str| {
            let tx = town.store().begin(&coordinator).await.unwrap();
            present(&tx, id, link).await?;
            tx.commit().await
        };
        let early = link(town.store(), id, town.store().now());
        assert!(come(&early).await.unwrap_err().is("meeting-not-now"), "{}", town.test.engine);
        town.test.clock.set(hour("2026-11-23", 14));
        assert!(come(&early).await.unwrap_err().is("meeting-link"), "the link of Friday is over");
        let good = link(town.store(), id, town.store().now());
        let other = link(town.store(), linli_meetings::MeetingId(uuid::Uuid::nil()), town.store().now());
        assert!(come(&other).await.unwrap_err().is("meeting-link"), "another meeting's");
        let (until, mac) = good.split_once('-').unwrap();
        let later = format!("{}-{mac}", until.parse::<i64>().unwrap() + 3_600);
        assert!(come(&later).await.unwrap_err().is("meeting-link"), "a link cannot be made to last");
        come(&good).await.unwrap();
        let line = |all: &[Attendee]| all.iter().find(|a| a.name == "coordinator").cloned().unwrap();
        let all = roll_of(&town.store().reads(), id).await.unwrap();
        assert_eq!((line(&all).state.as_str(), line(&all).how.as_deref()), ("present", Some("link")));
        assert!(is_valid_link(town.store(), id, &good, hour("2026-11-23", 14).plus_s(599)));
        assert!(!is_valid_link(town.store(), id, &good, hour("2026-11-23", 14).plus_s(600)), "ten minutes");
        assert!(!is_valid_link(town.store(), id, "", town.store().now()));
    }
}

#[tokio::test]
async fn somebody_of_another_team_cannot_be_noted_by_the_link() {
    for town in towns().await {
        let id = town.convened("weekly").await;
        town.test.clock.set(hour("2026-11-23", 14));
        let good = link(town.store(), id, town.store().now());
        let stranger = town.reader("other-coordinator").await;
        let tx = town.store().begin(&stranger).await.unwrap();
        assert!(present(&tx, id, &good).await.unwrap_err().is("not-found"), "{}", town.test.engine);
        drop(tx);
        let above = town.reader("team-leader").await;
        let tx = town.store().begin(&above).await.unwrap();
        assert!(present(&tx, id, &good).await.unwrap_err().is("meeting-not-invited"));
    }
}

#[tokio::test]
async fn a_colleague_says_beforehand_why_they_cannot_come() {
    for town in towns().await {
        let id = town.convened("weekly").await;
        let guard = town.reader("guard").await;
        let tx = town.store().begin(&guard).await.unwrap();
        assert!(excuse(&tx, &town.app.pack, id, "present").await.unwrap_err().is("meeting-reason"));
        assert!(excuse(&tx, &town.app.pack, id, "sick").await.unwrap_err().is("meeting-reason"), "only the pack's");
        excuse(&tx, &town.app.pack, id, "training").await.unwrap();
        tx.commit().await.unwrap();
        let all = roll_of(&town.store().reads(), id).await.unwrap();
        let own = all.iter().find(|a| a.name == "guard").unwrap();
        assert_eq!((own.chosen(), own.how.as_deref()), ("training", Some("own")));
    }
}

#[tokio::test]
async fn minutes_need_a_complete_roll_and_hold_no_persons_number() {
    for town in towns().await {
        let id = town.convened("weekly").await;
        assert!(hold(&town, id, "早").await.unwrap_err().is("meeting-not-yet"), "{}", town.test.engine);
        let early = attend(&town, id, &[("guard", Mark::Present)]).await;
        assert!(early.unwrap_err().is("meeting-not-yet"), "nobody comes three days before");
        assert_eq!(attend(&town, id, &[("guard", absent())]).await.unwrap(), 1, "a reason can be noted before");
        town.test.clock.set(hour("2026-11-23", 15));
        let open = hold(&town, id, "研究了走访").await.unwrap_err();
        assert!(open.is("meeting-roll-open") && open.args[0].1 == "3", "{open:?}");
        let everybody = [("leader", absent()), ("officer", absent()), ("coordinator", absent())];
        attend(&town, id, &everybody).await.unwrap();
        assert!(hold(&town, id, "研究了走访").await.unwrap_err().is("meeting-nobody"));
        attend(&town, id, &[("leader", Mark::Present), ("coordinator", Mark::Present)]).await.unwrap();
        for (summary, refused) in
            [("", "meeting-summary"), ("请联系 13900001111", "free-text-number"), ("重点人员", "free-text-word")]
        {
            assert!(hold(&town, id, summary).await.unwrap_err().is(refused), "{summary}");
        }
        assert!(decided(&town, id, "回访 13900001111", "coordinator").await.unwrap_err().is("free-text-number"));
        assert!(decided(&town, id, "回访三号楼", "guard").await.unwrap_err().is("meeting-decision-owner"));
        hold(&town, id, "研究了走访").await.unwrap();
        assert!(hold(&town, id, "再来").await.unwrap_err().is("meeting-held"), "minutes stand");
        assert!(decided(&town, id, "回访三号楼", "coordinator").await.unwrap_err().is("meeting-held"));
    }
}

#[tokio::test]
async fn decisions_become_tasks_and_return_in_the_next_agenda_until_they_are_done() {
    for town in towns().await {
        let id = town.convened("weekly").await;
        town.test.clock.set(hour("2026-11-23", 15));
        decided(&town, id, "本周走访完三号楼", "coordinator").await.unwrap();
        town.test.clock.set(hour("2026-11-23", 15).plus_s(60));
        decided(&town, id, "更新公示牌", "leader").await.unwrap();
        let marks =
            [("leader", Mark::Present), ("coordinator", Mark::Present), ("officer", absent()), ("guard", absent())];
        attend(&town, id, &marks).await.unwrap();
        assert_eq!(hold(&town, id, "布置两件事").await.unwrap(), 2, "{}", town.test.engine);
        let reads = town.store().reads();
        let taken = of_meeting(&reads, id).await.unwrap();
        let coordinator = town.reader("coordinator").await;
        let task = tasks::find(&reads, &coordinator, taken[0].task_id.unwrap()).await.unwrap();
        assert_eq!((task.kind.as_str(), task.account_id), ("meeting-decision", Some(coordinator.account)));
        assert_eq!(task.meeting_page(), Some(format!("/meetings/{id}")));
        let bases = "SELECT COUNT(*) FROM basis WHERE division_code = $1";
        assert_eq!(reads.number(bases, vals![reads.division()]).await.unwrap(), 0, "it opens nobody's record");

        let monthly = find(&reads, &coordinator, town.convened("monthly").await).await.unwrap();
        let next = follow_ups(&reads, &monthly).await.unwrap();
        assert_eq!(next.iter().filter(|f| f.is_open()).count(), 2, "the monthly meeting sees both");
        assert!(next.iter().any(|f| f.words == "本周走访完三号楼" && f.is_late(day("2026-11-28"))));
        let tx = town.store().begin(&coordinator).await.unwrap();
        tasks::close(&tx, task.task_id, task.version, Outcome::CarriedOut).await.unwrap();
        tx.commit().await.unwrap();
        let next = follow_ups(&reads, &monthly).await.unwrap();
        let done = next.iter().find(|f| f.words == "本周走访完三号楼").unwrap();
        assert_eq!((done.is_open(), done.outcome.as_deref()), (false, Some("carried-out")));
        assert!(follow_ups(&reads, &find(&reads, &coordinator, id).await.unwrap()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_agenda_is_drawn_from_the_data_and_kept_as_it_was() {
    for town in towns().await {
        let id = town.convened("monthly").await;
        town.test.clock.set(hour("2026-11-30", 15));
        let leader = town.reader("leader").await;
        let meeting = find(&town.store().reads(), &leader, id).await.unwrap();
        let agenda = draw(&town.app, &meeting).await.unwrap();
        let codes: Vec<&str> = agenda.iter().map(|p| p.code.as_str()).collect();
        let pack = town.app.pack.meetings.meetings.iter().find(|m| m.id.code() == "monthly").unwrap();
        assert_eq!(codes, pack.agenda, "the points are the pack's");
        assert!(agenda.iter().all(|p| !p.lines.is_empty()), "each says something: {agenda:?}");
        let marks = [("leader", Mark::Present), ("coordinator", absent()), ("officer", absent()), ("guard", absent())];
        attend(&town, id, &marks).await.unwrap();
        hold(&town, id, "月末小结").await.unwrap();
        town.test.clock.set(hour("2026-12-20", 9));
        let record = linli_meetings::record(&town.app, &leader, id).await.unwrap();
        assert_eq!(record.agenda, agenda, "{}", town.test.engine);
        assert_eq!((record.came(), record.roll.len()), (1, 4));
    }
}
