use linli_platform::{access::Role, area::Duty, reader::Reader, testing};
use linli_volunteers::{
    codes::{Hazard, NoticeKind, NoticeResult},
    expire,
    notices::{self, Which},
    places,
};
use linli_work::notices as told;

use super::world::{World, worlds};

fn duty<'a>(duties: &'a [Duty], key: &str) -> &'a Duty {
    duties.iter().find(|d| d.key == key).unwrap_or_else(|| panic!("{key} is a duty"))
}

async fn duties(world: &World, reader: &Reader) -> Vec<Duty> {
    linli_volunteers::area().duties[0].duties(&world.app, reader).await.unwrap()
}

#[tokio::test]
async fn what_a_volunteer_tells_becomes_a_task_and_thanks_with_the_result_come_back() {
    for world in worlds().await {
        let place = world.place().await;
        let new = world.notice(place, NoticeKind::MovedIn, Some(2));
        let id = world.tell(&new).await.unwrap();
        assert_eq!(world.tell(&new).await.unwrap(), id, "what is sent twice is one notice");
        assert_eq!(world.count("SELECT COUNT(*) FROM volunteer_notice WHERE division_code = $1").await, 1);
        let open =
            "SELECT COUNT(*) FROM task WHERE division_code = $1 AND kind = 'volunteer-notice' AND state = 'open'";
        assert_eq!(world.count(open).await, 1, "{}", world.test.engine);
        let all = linli_platform::web::Paging::default();
        let reads = world.store().reads();
        let (seen, n) = notices::list(&reads, &world.coordinator(), Which::Open, &all).await.unwrap();
        assert_eq!((n, seen[0].place()), (1, "新府中路501弄1号301室"));
        assert_eq!(notices::list(&reads, &world.stranger(), Which::Open, &all).await.unwrap().1, 0);
        assert!(notices::find(&reads, &world.stranger(), id).await.unwrap_err().is("not-found"));
        assert_eq!(duty(&duties(&world, &world.coordinator()).await, "volunteer-notices").due, 1);
        let wrong = async |tx: &_| notices::check(tx, id, 1, NoticeResult::Cancelled).await;
        assert!(world.with(&world.coordinator(), wrong).await.unwrap_err().is("volunteer-result"));
        let right = async |tx: &_| notices::check(tx, id, 1, NoticeResult::Registered).await;
        world.with(&world.coordinator(), right).await.unwrap();
        let again = async |tx: &_| notices::check(tx, id, 1, NoticeResult::Registered).await;
        assert!(world.with(&world.coordinator(), again).await.unwrap_err().is("stale-version"));
        assert_eq!(world.count(open).await, 0);
        let thanks = told::list(&reads, &world.volunteer(), 9).await.unwrap();
        assert_eq!(thanks[0].text_key, "notice-volunteer-confirmed");
        let own = notices::own(&reads, &world.volunteer(), 9).await.unwrap();
        assert_eq!(own[0].result.as_deref(), Some("registered"));
        let mine = duties(&world, &world.volunteer()).await;
        assert_eq!((duty(&mine, "volunteer-told").due, duty(&mine, "volunteer-told").done), (1, 1));
    }
}

#[tokio::test]
async fn only_premises_that_one_looks_after_can_be_told_of_and_the_same_once_at_a_time() {
    for world in worlds().await {
        let place = world.place().await;
        let told = async |kind, home| world.tell(&world.notice(place, kind, home)).await.map_err(|e| e.code);
        assert_eq!(told(NoticeKind::MovedOut, None).await.unwrap_err(), "volunteer-home");
        assert_eq!(told(NoticeKind::MovedOut, Some(7)).await.unwrap_err(), "volunteer-home", "another building");
        assert_eq!(told(NoticeKind::Hazard, None).await.unwrap_err(), "volunteer-hazard");
        told(NoticeKind::MovedOut, Some(1)).await.unwrap();
        assert_eq!(told(NoticeKind::MovedOut, Some(1)).await.unwrap_err(), "volunteer-already");
        told(NoticeKind::WantsHelp, Some(1)).await.unwrap();
        let gas = notices::NewNotice { hazard: Some(Hazard::Gas), ..world.notice(place, NoticeKind::Hazard, None) };
        let common = world.tell(&gas).await.unwrap();
        let shown = notices::find(&world.store().reads(), &world.coordinator(), common).await.unwrap();
        assert_eq!((shown.place(), shown.home_id), ("新府中路501弄1号", None), "the building itself");
        world.with(&world.coordinator(), async |tx| places::end(tx, place).await).await.unwrap();
        assert_eq!(told(NoticeKind::MovedIn, Some(1)).await.unwrap_err(), "not-found", "not theirs any more");
    }
}

#[tokio::test]
async fn premises_are_given_to_volunteers_of_the_grid_down_to_a_whole_part_of_the_address() {
    for world in worlds().await {
        let give = async |account, text: &str| {
            let act = async |tx: &_| places::assign(tx, account, world.grids[0], text).await;
            world.with(&world.coordinator(), act).await.map_err(|e| e.code)
        };
        for (text, refused) in [
            ("新府中路501弄1", "volunteer-place-text"),
            ("新府中路502弄", "volunteer-place-none"),
            ("", "volunteer-place-text"),
        ] {
            assert_eq!(give(world.volunteer, text).await.unwrap_err(), refused, "{text}");
        }
        assert_eq!(give(world.leader, "新府中路501弄").await.unwrap_err(), "volunteer-who", "no volunteer");
        give(world.volunteer, "新府中路501弄2号").await.unwrap();
        assert_eq!(give(world.volunteer, "新府中路501弄2号").await.unwrap_err(), "volunteer-place-held");
        let reads = world.store().reads();
        let own = places::own(&reads, &world.volunteer()).await.unwrap();
        assert_eq!((own.len(), own[0].homes), (1, 4));
        let homes = places::homes(&reads, &own[0]).await.unwrap();
        assert!(homes.len() == 4 && homes.iter().all(|h| h.text.starts_with("新府中路501弄2号")));
    }
}

#[tokio::test]
async fn city_and_sub_district_may_be_left_out_where_the_standard_addresses_have_them() {
    for world in worlds().await {
        let area = world.grids[1].to_string();
        let other = testing::account(world.store(), "other", &[(Role::Volunteer, &area)]).await;
        let give = async |text: &str| {
            let act = async |tx: &_| places::assign(tx, other, world.grids[1], text).await;
            world.with(&world.stranger(), act).await.map_err(|e| e.code)
        };
        assert_eq!(give("502弄1号").await.unwrap_err(), "volunteer-place-none", "the road belongs to it");
        give("新府中路502弄1号").await.unwrap();
        let places = places::list(&world.store().reads(), &world.stranger()).await.unwrap();
        assert_eq!((places[0].prefix.as_str(), places[0].homes), ("上海市青浦区香花桥街道新府中路502弄1号", 4));
    }
}

#[tokio::test]
async fn notices_go_a_year_after_their_check_and_open_ones_stay() {
    for world in worlds().await {
        let place = world.place().await;
        world.confirmed(place, 0).await;
        world.tell(&world.notice(place, NoticeKind::MovedOut, Some(1))).await.unwrap();
        assert_eq!(expire::expire(&world.app).await.unwrap(), 0);
        world.test.clock.set(world.store().now().plus_hours(24 * 364));
        assert_eq!(expire::expire(&world.app).await.unwrap(), 0, "not a day early");
        world.test.clock.set(world.store().now().plus_hours(24 * 3));
        assert_eq!(expire::expire(&world.app).await.unwrap(), 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM volunteer_notice WHERE division_code = $1").await, 1);
    }
}
