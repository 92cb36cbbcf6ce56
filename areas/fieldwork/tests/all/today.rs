use linli_fieldwork::{
    desk, own, today,
    visit::{Choice, VisitOutcome},
};
use linli_platform::{access::Role, testing};
use linli_work::TaskKind;
use visit_plan::Reason;

use super::world::{office, worlds};

#[tokio::test]
async fn the_day_lists_what_presses_first_in_the_readers_grids_alone() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let day = today(&world.app, &reader).await.unwrap();
        let homes: Vec<_> = day.stops.iter().map(|s| s.home.home_id).collect();
        assert!(homes.contains(&world.homes[1]), "labelled and never visited: {homes:?}");
        assert!(!homes.contains(&world.homes[2]));
        let crowded = day.stops.iter().find(|s| s.home.home_id == world.homes[1]).unwrap();
        assert_eq!((crowded.reason, crowded.tone()), (Reason::NeverVisited, "late"));
        assert_eq!((day.done_homes(), day.coverage_percent()), (0, 0));
        assert!(today(&world.app, &office(world.store())).await.unwrap().stops.is_empty(), "no field work, no plan");
    }
}

#[tokio::test]
async fn a_late_task_puts_a_verified_home_back_on_the_list() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        world.record(&reader, world.visit(0, Choice::StillHere).await).await.unwrap();
        world.test.clock.set(world.store().now().plus_hours(24));
        let has = async || today(&world.app, &reader).await.unwrap().is_open(world.homes[0]);
        assert!(!has().await);
        world.task(TaskKind::SurveyError, world.home(0, 0), 0, -30).await;
        assert!(has().await, "{}", world.test.engine);
        let day = today(&world.app, &reader).await.unwrap();
        let stop = day.stops.iter().find(|s| s.home.home_id == world.homes[0]).unwrap();
        assert_eq!((stop.tone(), stop.reason_text().0, stop.home.tasks), ("late", "due-overdue", 1));
    }
}

#[tokio::test]
async fn a_door_that_nobody_opened_is_done_for_today_and_due_again_tomorrow() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let mut new = world.visit(1, Choice::StillHere).await;
        new.outcome = VisitOutcome::NobodyHome;
        world.record(&reader, new).await.unwrap();
        let day = today(&world.app, &reader).await.unwrap();
        assert_eq!(day.done_homes(), 1);
        assert!(!day.stops.iter().any(|s| s.home.home_id == world.homes[1]));
        world.test.clock.set(world.store().now().plus_hours(24));
        let day = today(&world.app, &reader).await.unwrap();
        assert!(day.stops.iter().any(|s| s.home.home_id == world.homes[1]), "{}", world.test.engine);
    }
}

#[tokio::test]
async fn premises_past_their_gap_are_counted_by_label_within_the_scope() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let other = world.coordinator(1);
        let crowded = async |reader| {
            let lines = desk::labels(&world.app, &world.store().reads(), reader).await.unwrap();
            let line = lines.into_iter().find(|l| l.label == "crowded").unwrap();
            (line.homes, line.overdue)
        };
        assert_eq!(crowded(&reader).await, (1, 1), "{}", world.test.engine);
        assert_eq!(crowded(&other).await, (0, 0));
        world.record(&reader, world.visit(1, Choice::StillHere).await).await.unwrap();
        assert_eq!(crowded(&reader).await, (1, 0));
        world.test.clock.set(world.store().now().plus_hours(24 * 10));
        assert_eq!(crowded(&reader).await, (1, 0), "the tenth day is the last permitted");
        world.test.clock.set(world.store().now().plus_hours(24));
        assert_eq!(crowded(&reader).await, (1, 1));
    }
}

#[tokio::test]
async fn a_workers_own_month_counts_that_workers_visits() {
    for world in worlds().await {
        let (reader, colleague) = (world.coordinator(0), world.coordinator(0));
        let mut new = world.visit(0, Choice::StillHere).await;
        new.newcomers = vec![world.person(7, 0)];
        world.record(&reader, new).await.unwrap();
        let month = world.store().now().day().month();
        let mine = own::month(&world.store().reads(), reader.account, month).await.unwrap();
        assert_eq!((mine.visits, mine.verified, mine.registered), (1, 1, 1), "{}", world.test.engine);
        let theirs = own::month(&world.store().reads(), colleague.account, month).await.unwrap();
        assert_eq!(theirs, own::OwnMonth::default());
        assert!(!desk::sees_share(&reader));
        assert!(desk::sees_share(&testing::in_grids(world.store(), Role::GridLeader, &[world.grids[0]])));
    }
}
