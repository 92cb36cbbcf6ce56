//! How stale grids are, and what climbs when it is overdue.

use linli_fieldwork::{
    climb,
    stale::{self, Measure, Staleness, is_past},
    visit::Choice,
};
use linli_platform::{access::Role, clock::Day, store::Query as _, testing, vals};
use linli_work::notices;

use super::world::{office, worlds};

#[test]
fn a_home_is_past_its_interval_by_its_labels_gap_or_when_a_whole_month_went_by() {
    let pack = policy_pack::Pack::embedded();
    let day = |text: &str| -> Option<Day> { (!text.is_empty()).then(|| text.parse().unwrap()) };
    let today: Day = "2026-11-20".parse().unwrap();
    for (label, verified, visited, past) in [
        (None, "2026-11-02", "", false),
        (None, "2026-10-01", "", false),
        (None, "2026-09-30", "", true),
        (None, "", "", true),
        (Some("crowded"), "2026-11-10", "2026-11-10", false),
        (Some("crowded"), "2026-11-09", "2026-11-09", true),
        (Some("crowded"), "2026-11-01", "2026-11-15", false),
        (Some("vacant"), "2026-10-25", "2026-10-25", false),
        (Some("vacant"), "2026-09-20", "2026-11-01", true),
        (Some("care"), "2026-11-01", "", false),
    ] {
        assert_eq!(is_past(&pack, label, day(verified), day(visited), today), past, "{label:?} {verified} {visited}");
    }
}

#[test]
fn a_level_is_reached_above_its_end() {
    for (measure, percent, level) in [
        (Measure::Past, 0.0, 0),
        (Measure::Past, 0.1, 1),
        (Measure::Past, 5.0, 1),
        (Measure::Past, 15.1, 3),
        (Measure::Past, 100.0, 4),
        (Measure::Expected, 10.0, 0),
        (Measure::Expected, 35.5, 3),
        (Measure::Expected, 50.1, 4),
    ] {
        assert_eq!(measure.level(percent), level, "{measure} {percent}");
    }
    assert_eq!(Staleness::default().past_percent(), None);
}

#[tokio::test]
async fn staleness_is_of_the_readers_grids_and_falls_when_a_home_is_verified() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let of = async || stale::by_grid(&world.app, &world.store().reads(), &reader).await.unwrap();
        let (before, checks) = of().await;
        assert_eq!((before.len(), checks), (1, 0), "{}", world.test.engine);
        let grid = before[&world.grids[0]];
        assert_eq!((grid.homes, grid.past), (2, 2));
        assert!(grid.expected > 0.0 && grid.expected < 2.0);
        world.record(&reader, world.visit(0, Choice::StillHere).await).await.unwrap();
        let after = of().await.0[&world.grids[0]];
        assert_eq!((after.homes, after.past), (2, 1));
        assert!(after.expected < grid.expected);
        let (all, _) = stale::by_grid(&world.app, &world.store().reads(), &office(world.store())).await.unwrap();
        assert_eq!(all.len(), 2);
    }
}

#[tokio::test]
async fn what_checks_found_teaches_how_fast_premises_change() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        for n in 0..3 {
            let mut new = world.visit(0, Choice::StillHere).await;
            new.newcomers = if n == 2 { vec![world.person(9, 0)] } else { Vec::new() };
            world.record(&reader, new).await.unwrap();
            world.test.clock.set(world.store().now().plus_hours(24 * 7));
        }
        let (_, checks) = stale::by_grid(&world.app, &world.store().reads(), &reader).await.unwrap();
        assert_eq!(checks, 2, "the first visit has nothing before it: {}", world.test.engine);
    }
}

#[tokio::test]
async fn overdue_rounds_climb_once_to_the_police_team_leader_as_a_number() {
    for world in worlds().await {
        world.territory().await;
        let leader = testing::in_grids(world.store(), Role::TeamLeader, &[world.grids[0]]);
        let unread = async || notices::list(&world.store().reads(), &leader, 9).await.unwrap();
        assert_eq!(climb::climb(&world.app).await.unwrap(), 0, "on the day of its label nothing is overdue");
        world.test.clock.set(world.store().now().plus_hours(24));
        assert_eq!(climb::climb(&world.app).await.unwrap(), 1, "{}", world.test.engine);
        let notices = unread().await;
        assert_eq!(notices.len(), 1);
        assert!(notices[0].text_key == "notice-overdue-premises" && notices[0].args.contains("第1微网格"));
        assert_eq!(climb::climb(&world.app).await.unwrap(), 0, "each deadline once");
        world.record(&world.coordinator(0), world.visit(1, Choice::StillHere).await).await.unwrap();
        world.test.clock.set(world.store().now().plus_hours(24 * 10));
        // A month has ended too, and the other home of the grid was not verified in it.
        let sent = climb::climb(&world.app).await.unwrap();
        assert_eq!(sent, 1, "the tenth day is the last permitted; the month is another matter");
        world.test.clock.set(world.store().now().plus_hours(24));
        assert_eq!(climb::climb(&world.app).await.unwrap(), 1, "a new deadline is reported anew");
        assert_eq!(climb::climb(&world.app).await.unwrap(), 0);
        let q = world.store().reads();
        let events = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'premises.overdue-climbed'";
        assert_eq!(q.number(events, vals![q.division()]).await.unwrap(), 3);
    }
}
