//! The channel's way outside, against a real HTTP endpoint that answers as WeCom's robots do.

use linli_platform::{
    access::Role,
    clock::At,
    reader::Scope,
    store::Tx,
    testing::{self, Client},
};
use linli_work::{
    announcements::{self, Meeting, NewAnnouncement},
    channel::{self, NewPost},
    notices::{Arg, args},
    outward::{
        guard::Guard,
        outbox,
        robot::{self, ADDRESS},
    },
};

use super::wecom::{KEY, areas, worlds};

#[tokio::test]
async fn what_is_announced_reaches_the_group_once_and_the_members_who_have_read_it_are_seen() {
    for world in worlds().await {
        world.enter_robot().await;
        let meeting = Meeting {
            day: world.test.store.now().day().plus_days(1),
            time: "14:30".into(),
            place: "居委会会议室".into(),
        };
        let new = NewAnnouncement {
            grid: world.grids[0], body: "周例会，请带台账。".into(), meeting: Some(meeting)
        };
        let guard = Guard::of(&world.app).await.unwrap();
        let act = async |tx: &Tx| announcements::announce(tx, &guard, &new).await;
        let id = world.with(&world.coordinator(), act).await.unwrap();
        assert_eq!((world.after_s(0).await, world.after_s(60).await), (1, 0), "{}", world.test.engine);
        let got = world.group.got();
        assert!(got.len() == 1 && got[0].contains("第1微网格") && got[0].contains("14:30"), "{got:?}");
        assert_eq!(*world.group.keys.lock().unwrap(), [KEY]);
        let reads = world.test.store.reads();
        let seen = announcements::find(&reads, &world.leader(), id).await.unwrap();
        assert_eq!((seen.read_at, seen.outward.as_deref()), (None, Some("sent")));
        let receipts = announcements::receipts(&reads, &seen).await.unwrap();
        assert!(receipts.len() == 2 && receipts.iter().all(|r| r.read_at.is_none()), "both members, unread");
        let told = linli_work::notices::list(&reads, &world.leader(), 9).await.unwrap();
        assert_eq!(told.len(), 1, "every other member is told");
        assert_eq!(announcements::counts(&reads, &world.leader(), At(0)).await.unwrap(), (1, 0));
        world.with(&world.leader(), async |tx| announcements::mark_read(tx, id).await).await.unwrap();
        assert_eq!(announcements::counts(&reads, &world.leader(), At(0)).await.unwrap(), (1, 1));
        let stranger = testing::in_grids(&world.test.store, Role::Coordinator, &[world.grids[1]]);
        assert!(announcements::find(&reads, &stranger, id).await.unwrap_err().is("not-found"));
    }
}

#[tokio::test]
async fn a_robot_gets_twenty_messages_a_minute_and_none_is_lost() {
    for world in worlds().await {
        world.enter_robot().await;
        for n in 0..50 {
            world.announce(&format!("第 {n} 条")).await.unwrap();
            world.test.clock.set(world.test.store.now().plus_s(1));
        }
        let mut got = Vec::new();
        for seconds in [0, 1, 30, 31, 60, 1] {
            world.after_s(seconds).await;
            got.push(world.group.got().len());
        }
        assert_eq!(got, [20, 20, 20, 40, 50, 50], "{}", world.test.engine);
        let order: Vec<String> = world.group.got().iter().map(|t| t.rsplit("第 ").next().unwrap().to_owned()).collect();
        assert_eq!(order, (0..50).map(|n| format!("{n} 条")).collect::<Vec<_>>(), "in the order they were written");
    }
}

#[tokio::test]
async fn what_fails_is_tried_again_with_growing_gaps_and_given_up_where_the_leader_sees_it() {
    for world in worlds().await {
        world.enter_robot().await;
        world.group.will_say(&[45009, -1]);
        world.announce("请补齐台账。").await.unwrap();
        assert_eq!((world.after_s(0).await, world.after_s(59).await), (0, 0));
        assert_eq!((world.after_s(1).await, world.after_s(119).await), (0, 0), "the second gap is twice the first");
        assert_eq!(world.after_s(1).await, 1);
        world.group.will_say(&[45009; 8]);
        world.announce("请补齐公示牌。").await.unwrap();
        for attempt in 0..outbox::ATTEMPTS {
            assert_eq!(world.after_s(outbox::pause_s(attempt)).await, 0);
        }
        let stuck = outbox::stuck(&world.test.store.reads(), &world.leader()).await.unwrap();
        assert_eq!((stuck.len(), stuck[0].state.as_str(), stuck[0].attempts), (1, "given-up", outbox::ATTEMPTS));
        let told = linli_work::notices::list(&world.test.store.reads(), &world.leader(), 9).await.unwrap();
        assert!(told.iter().any(|n| n.text_key == "notice-outward-ended"), "the leader is told");
        world.with(&world.leader(), async |tx| outbox::again(tx, stuck[0].outward_id).await).await.unwrap();
        assert_eq!(world.after_s(61).await, 1, "tried again by hand");
    }
}

#[tokio::test]
async fn a_robot_that_wecom_knows_no_more_gets_nothing_until_another_address_is_entered() {
    for world in worlds().await {
        world.enter_robot().await;
        world.group.will_say(&[93000]);
        world.announce("第一条").await.unwrap();
        world.announce("第二条").await.unwrap();
        world.after_s(0).await;
        world.after_s(600).await;
        assert_eq!(world.group.keys.lock().unwrap().len(), 1, "one question was enough");
        let robots = robot::of_grids(&world.test.store.reads(), &world.leader()).await.unwrap();
        assert!(robots[0].is_gone() && robots[0].waiting == 1);
        world.enter_robot().await;
        assert_eq!(world.after_s(1).await, 1, "what waited goes");
        world.with(&world.leader(), async |tx| robot::remove(tx, world.grids[0]).await).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM channel_robot WHERE division_code = $1").await, 0);
        assert_eq!(world.announce("第三条").await.map(|_| ()), Ok(()), "the channel goes on without");
        assert_eq!(world.after_s(600).await, 0);
    }
}

#[tokio::test]
async fn two_grids_with_one_group_share_its_limit() {
    for world in worlds().await {
        let both = Scope::Grids(world.grids.to_vec());
        let leader = testing::reader(&world.test.store, &[Role::GridLeader], both);
        let address = format!("{ADDRESS}{KEY}");
        for grid in world.grids {
            world.with(&leader, async |tx: &Tx| robot::enter(tx, grid, &address).await).await.unwrap();
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM channel_robot WHERE division_code = $1").await, 1);
        let guard = Guard::of(&world.app).await.unwrap();
        for n in 0..30 {
            let new = NewAnnouncement { grid: world.grids[n % 2], body: format!("第 {n} 条"), meeting: None };
            world.with(&leader, async |tx: &Tx| announcements::announce(tx, &guard, &new).await).await.unwrap();
        }
        assert_eq!((world.after_s(0).await, world.after_s(61).await), (20, 10));
    }
}

#[tokio::test]
async fn a_name_of_the_register_is_refused_when_written_and_held_back_when_it_came_later() {
    for world in worlds().await {
        world.enter_robot().await;
        world.register("欧阳若水").await;
        assert_eq!(world.announce("请通知欧阳 若水来居委会").await.unwrap_err(), "outward-name");
        assert_eq!(world.announce("请打 13900001111").await.unwrap_err(), "free-text-number");
        assert_eq!(world.announce("请到新府中路501弄12号301室").await.unwrap_err(), "outward-door");
        assert_eq!(world.announce("  ").await.unwrap_err(), "announcement-empty");
        // Whatever came into the queue is looked at once more before it leaves.
        let said = args(&[("grid", Arg::Name("第1微网格".into())), ("text", Arg::Name("欧阳若水已搬走".into()))]);
        let new = outbox::NewOutward {
            grid: world.grids[0],
            origin: world.test.store.new_id(),
            text_key: "outward-announcement",
            args: said,
        };
        let queue = async |tx: &Tx| {
            tx.housekeeping("a test");
            outbox::queue(tx, &new).await
        };
        assert!(world.with(&world.coordinator(), queue).await.unwrap());
        assert_eq!(world.after_s(0).await, 0);
        let stuck = outbox::stuck(&world.test.store.reads(), &world.leader()).await.unwrap();
        assert_eq!((stuck[0].state.as_str(), stuck[0].error.as_deref()), ("refused", Some("outward-name")));
        assert!(world.group.keys.lock().unwrap().is_empty(), "nothing left the house");
    }
}

#[tokio::test]
async fn a_days_sum_goes_out_in_numbers_and_a_correction_before_it_left_replaces_it() {
    for world in worlds().await {
        world.enter_robot().await;
        let post = |visited: i64| {
            let figures = ["registered", "changed", "cancelled", "tasks"].map(|name| (name, Arg::Number(0)));
            let mut list = vec![("visited", Arg::Number(visited)), ("day", Arg::Day(world.test.store.now().day()))];
            list.extend(figures);
            NewPost {
                grid: world.grids[0],
                author: world.coordinator,
                kind: channel::DAY_POST,
                topic: String::new(),
                day: world.test.store.now().day(),
                args: args(&list),
            }
        };
        for visited in [5, 8] {
            let act = async |tx: &Tx| channel::post_many(tx, vec![post(visited)]).await;
            world.with(&world.coordinator(), act).await.unwrap();
        }
        assert_eq!(world.after_s(0).await, 1);
        let got = world.group.got();
        assert!(got[0].contains("走访 8 户") && got[0].contains("第1微网格"), "{got:?}");
    }
}

#[tokio::test]
async fn the_address_is_entered_by_the_leader_and_never_shown_again() {
    for world in worlds().await {
        let leader = Client::signed_in(&world.app, &areas(), world.leader).await;
        let path = format!("/channel/robots/{}", world.grids[0]);
        let wrong = leader.post(&path, &[("address", "https://example.cn/secret-place")]).await;
        assert_eq!(wrong.status, 422);
        assert!(!wrong.text.contains("secret-place") && wrong.text.contains("f-address"), "not even where it is wrong");
        let right = leader.post(&path, &[("address", &format!("{ADDRESS}{KEY}"))]).await;
        assert_eq!(right.status, 303, "{}", right.text);
        let page = leader.get("/channel/robots").await;
        assert!(page.text.contains("…5aaa") && !page.text.contains(&KEY[..20]), "{}", page.text);
        let coordinator = Client::signed_in(&world.app, &areas(), world.coordinator).await;
        assert_eq!(coordinator.get("/channel/robots").await.status, 403);
        let elsewhere = leader.post(&format!("/channel/robots/{}", world.grids[1]), &[("address", ADDRESS)]).await;
        assert_eq!(elsewhere.status, 404);
        let form = [("grid", world.grids[0].to_string()), ("body", "张阿姨家本周走访".to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let refused = coordinator.post("/channel/announcements", &form).await;
        assert!(refused.status == 422 && refused.text.contains("张阿姨家本周走访"), "what was typed is kept");
        let form = [("grid", world.grids[0].to_string()), ("body", "本周集中走访。".to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let made = coordinator.post("/channel/announcements", &form).await;
        assert_eq!(made.status, 303, "{}", made.text);
        let path = made.location().to_owned();
        assert!(leader.get("/channel").await.text.contains("本周集中走访"));
        assert!(leader.get(&path).await.text.contains("未读"));
        assert_eq!(leader.post(&format!("{path}/receipt"), &[]).await.status, 303);
        assert_eq!(coordinator.post(&format!("{path}/withdrawal"), &[]).await.status, 303);
        assert!(!leader.get("/channel").await.text.contains("本周集中走访"));
    }
}
