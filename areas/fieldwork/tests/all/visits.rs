use linli_fieldwork::visit::{self, Choice, VisitError, VisitOutcome};
use linli_platform::{access::Role, clock::At, reader::Reader, store::Query, testing, vals};
use linli_register::{figures, homes, residents::Change};
use linli_work::{TaskKind, notices, tasks};
use sea_orm::FromQueryResult;

use super::world::{World, worlds};

async fn verified(world: &World, grid: usize) -> i64 {
    let reader = world.coordinator(grid);
    let month = world.store().now().day().month();
    figures::total(&figures::month(&world.store().reads(), &reader, month).await.unwrap()).homes_verified
}

#[tokio::test]
async fn a_visit_with_one_person_unsettled_is_refused_and_nothing_is_written() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let (events, visits) = (world.count("event").await, world.count("visit").await);
        let day = world.store().now().day();
        let mut new = world.visit(0, Choice::MovedOut { day }).await;
        new.people.remove(0);
        let refused = world.record(&reader, new).await.unwrap_err();
        assert!(matches!(&refused, VisitError::Unsettled(left) if left.len() == 1), "{refused}");
        assert_eq!((world.count("event").await, world.count("visit").await), (events, visits));
        assert_eq!(world.members(0).await.len(), 2);
        assert_eq!(verified(&world, 0).await, 0);
    }
}

#[derive(FromQueryResult)]
struct Visited {
    seen_at: At,
    received_at: At,
    entered_at: At,
    grid_id: Option<linli_platform::ids::GridId>,
}

#[tokio::test]
async fn a_full_visit_moves_coverage_at_once_and_leaves_when_it_was_seen_and_entered() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let now = world.store().now();
        let done = world.record(&reader, world.visit(0, Choice::StillHere).await).await.unwrap();
        assert_eq!((done.people_checked, done.repeated), (2, false));
        assert_eq!(verified(&world, 0).await, 1, "{}", world.test.engine);
        let home = homes::find(&world.store().reads(), &reader, world.homes[0]).await.unwrap();
        assert_eq!(home.last_verified_day, Some(now.day()));
        assert_eq!(home.last_visited_day, Some(now.day()));
        let reads = world.store().reads();
        let sql = "SELECT seen_at, received_at, entered_at, grid_id FROM event
                   WHERE division_code = $1 AND subject_id = $2 AND kind = 'home.visited'";
        let rows: Vec<Visited> = reads.rows(sql, vals![reads.division(), world.homes[0]]).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].seen_at, rows[0].received_at, rows[0].entered_at), (now.plus_hours(-1), now, now));
        assert_eq!(rows[0].grid_id, Some(world.grids[0]));
        // Boundary 11: "still here" leaves nothing on anybody's record.
        let people = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND subject_kind = 'resident'
                      AND kind <> 'resident.registered'";
        assert_eq!(reads.number(people, vals![reads.division()]).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn one_visit_registers_changes_and_cancels_together() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let day = world.store().now().day();
        let mut new = world.visit(0, Choice::MovedOut { day }).await;
        let change = Change { phone: Some("19900009999".into()), ..Change::default() };
        new.people[1].choice = Choice::Changed(Box::new(change));
        new.newcomers = vec![world.person(7, 2)];
        let done = world.record(&reader, new).await.unwrap();
        assert_eq!((done.registered, done.changed, done.cancelled, done.people_checked), (1, 1, 1, 3));
        // The newcomer lives at the door that was visited, whatever the entry said.
        assert_eq!(world.members(0).await.len(), 2);
        assert_eq!(world.members(2).await.len(), 1);
        let month = figures::month(&world.store().reads(), &reader, day.month()).await.unwrap();
        let counts = figures::total(&month);
        assert_eq!((counts.changes, counts.entered_within_24h), (3, 3), "{}", world.test.engine);
    }
}

#[tokio::test]
async fn what_one_newcomer_breaks_undoes_the_whole_visit() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let day = world.store().now().day();
        let mut new = world.visit(0, Choice::MovedOut { day }).await;
        // Somebody registered elsewhere already: never two main residences.
        new.newcomers = vec![world.person(7, 0), world.person(2, 0)];
        let refused = world.record(&reader, new).await.unwrap_err();
        assert!(matches!(&refused, VisitError::Newcomer(1, e) if e.is("two-main-residences")), "{refused}");
        assert_eq!((world.members(0).await.len(), world.count("visit").await), (2, 0));
    }
}

#[tokio::test]
async fn the_same_entry_twice_is_one_visit() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let mut new = world.visit(0, Choice::StillHere).await;
        new.newcomers = vec![world.person(7, 0)];
        let first = world.record(&reader, new.clone()).await.unwrap();
        let events = world.count("event").await;
        let again = world.record(&reader, new).await.unwrap();
        assert!(again.repeated && again.visit_id == first.visit_id && again.registered == 1);
        assert_eq!((world.count("event").await, world.count("visit").await), (events, 1), "{}", world.test.engine);
        assert_eq!(world.members(0).await.len(), 3);
    }
}

/// Erases a record for good, as two people decide it.
pub async fn erase(world: &World, resident: linli_register::ResidentId) {
    let app = testing::app(world.store(), &[linli_territory::area(), linli_register::area()]);
    erase_in(&app, world, resident).await;
}

/// The same in an application with more areas.
pub async fn erase_in(app: &linli_platform::app::App, world: &World, resident: linli_register::ResidentId) {
    let eraser = linli_platform::erasures::eraser(app, "resident").unwrap();
    let tx = world.store().begin(&Reader::system()).await.unwrap();
    assert!(eraser.erase(app, &tx, resident.0).await.unwrap());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_entry_sent_again_settles_nobody_whose_record_was_erased_and_says_so() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let kept = world.visit(0, Choice::StillHere).await;
        let gone = kept.people[0].resident_id;
        erase(&world, gone).await;
        let refused = world.record(&reader, kept.clone()).await.unwrap_err();
        let told = matches!(&refused, VisitError::Person(id, e) if *id == gone && e.is("visit-resident-erased"));
        assert!(told, "{}: {refused}", world.test.engine);
        assert_eq!(world.count("visit").await, 0);
        // Without that person the same entry is taken.
        let mut rest = kept;
        rest.people.retain(|p| p.resident_id != gone);
        assert_eq!(world.record(&reader, rest).await.unwrap().people_checked, 1);
    }
}

#[tokio::test]
async fn a_newcomer_who_was_erased_does_not_come_back_with_the_entry_that_brought_them() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let mut new = world.visit(0, Choice::StillHere).await;
        new.newcomers = vec![world.person(7, 0), world.person(8, 0)];
        let before: Vec<_> = world.members(0).await.iter().map(|m| m.resident_id).collect();
        world.record(&reader, new.clone()).await.unwrap();
        let members = world.members(0).await;
        let came: Vec<_> = members.iter().map(|m| m.resident_id).filter(|id| !before.contains(id)).collect();
        let [erased, other] = came[..] else { panic!("two came: {}", came.len()) };
        erase(&world, erased).await;
        // A restore from a backup that is older than the visit: what it brought is gone, the tombstone is not, and the
        // phone sends its entry again.
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        tx.housekeeping("for the test");
        tx.execute("DELETE FROM visit WHERE division_code = $1", vals![tx.division()]).await.unwrap();
        for table in ["residence", "resident"] {
            let sql = format!("DELETE FROM {table} WHERE division_code = $1 AND resident_id = $2");
            tx.execute(&sql, vals![tx.division(), other]).await.unwrap();
        }
        let sql = "DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2";
        tx.execute(sql, vals![tx.division(), other]).await.unwrap();
        tx.commit().await.unwrap();
        let refused = world.record(&reader, new.clone()).await.unwrap_err();
        assert!(
            matches!(&refused, VisitError::Newcomer(_, e) if e.is("visit-newcomer-erased")),
            "{}: {refused}",
            world.test.engine
        );
        // Met at the door again, under an entry of its own, the person can be registered.
        let mut anew = world.visit(0, Choice::StillHere).await;
        anew.newcomers = new.newcomers;
        assert_eq!(world.record(&reader, anew).await.unwrap().registered, 2);
    }
}

#[tokio::test]
async fn the_tasks_of_the_home_close_with_the_visit() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let verification = world.task(TaskKind::HomeVerification, world.home(0, 0), 0, 24).await;
        let check = world.task(TaskKind::DataCheck, world.record_of(0, 0), 0, 24).await;
        let roster = world.task(TaskKind::RosterUnregistered, world.home(0, 0), 0, 24).await;
        let day = world.store().now().day();
        world.record(&reader, world.visit(0, Choice::MovedOut { day }).await).await.unwrap();
        let outcome = async |id| {
            let task = tasks::find(&world.store().reads(), &reader, id).await.unwrap();
            (task.state, task.outcome.unwrap_or_default())
        };
        assert_eq!(outcome(verification).await, ("done".into(), "cancelled".into()));
        assert_eq!(outcome(check).await, ("done".into(), "cancelled".into()));
        assert_eq!(outcome(roster).await, ("open".into(), String::new()), "only a person can tell");
        let open = "SELECT COUNT(*) FROM basis WHERE division_code = $1 AND closed_at IS NULL";
        let reads = world.store().reads();
        assert_eq!(reads.number(open, vals![reads.division()]).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_the_visitor_says_of_a_task_goes_before_what_the_visit_settles() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let roster = world.task(TaskKind::RosterUnregistered, world.home(0, 0), 0, 24).await;
        let mut new = world.visit(0, Choice::StillHere).await;
        new.tasks = vec![(roster, linli_work::Outcome::NotThere)];
        world.record(&reader, new).await.unwrap();
        let task = tasks::find(&world.store().reads(), &reader, roster).await.unwrap();
        assert_eq!(task.outcome.as_deref(), Some("not-there"));
    }
}

#[tokio::test]
async fn another_grids_coordinator_finds_no_such_home() {
    for world in worlds().await {
        let new = world.visit(0, Choice::StillHere).await;
        let refused = world.record(&world.coordinator(1), new).await.unwrap_err();
        assert!(matches!(&refused, VisitError::Other(e) if e.is("not-found")), "{refused}");
        let door = linli_fieldwork::door::at_door(&world.app, &world.coordinator(1), world.homes[0]).await;
        assert!(door.unwrap_err().is("not-found"));
    }
}

#[tokio::test]
async fn a_refusal_is_the_visits_outcome_and_tells_the_officer_of_the_premises_alone() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let mut new = world.visit(0, Choice::StillHere).await;
        new.outcome = VisitOutcome::Refused;
        let refused = world.record(&reader, new.clone()).await.unwrap_err();
        assert!(matches!(&refused, VisitError::Other(e) if e.is("visit-not-entered")), "{refused}");
        new.people.clear();
        world.record(&reader, new).await.unwrap();
        assert_eq!(verified(&world, 0).await, 0);
        let last = visit::last(&world.store().reads(), world.homes[0]).await.unwrap().unwrap();
        assert_eq!((last.outcome.as_str(), last.people_checked), ("refused", 0));
        let officer = testing::in_grids(world.store(), Role::Officer, &[world.grids[0]]);
        let told = notices::list(&world.store().reads(), &officer, 9).await.unwrap();
        assert_eq!(told.len(), 1, "{}", world.test.engine);
        assert_eq!(told[0].text_key, "notice-officer-joins");
        assert!(!told[0].args.contains('张'), "{}", told[0].args);
    }
}

#[tokio::test]
async fn a_record_changed_in_the_meantime_stops_the_visit() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let day = world.store().now().day();
        let mut new = world.visit(0, Choice::MovedOut { day }).await;
        new.people[0].version = 9;
        let refused = world.record(&reader, new).await.unwrap_err();
        assert!(matches!(&refused, VisitError::Person(_, e) if e.is("stale-version")), "{refused}");
        let gone = world.visit(0, Choice::MovedOut { day }).await;
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        visit::record(&tx, gone.clone()).await.unwrap();
        tx.commit().await.unwrap();
        let late = visit::NewVisit { entry_id: world.store().new_id(), ..gone };
        let refused = world.record(&reader, late).await.unwrap_err();
        assert!(matches!(&refused, VisitError::Other(e) if e.is("stale-version")), "{refused}");
    }
}

#[tokio::test]
async fn a_phones_clock_never_leads_into_the_future() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let mut new = world.visit(0, Choice::StillHere).await;
        new.seen_at = world.store().now().plus_hours(400);
        world.record(&reader, new).await.unwrap();
        let last = visit::last(&world.store().reads(), world.homes[0]).await.unwrap().unwrap();
        assert_eq!(last.seen_at, world.store().now());
    }
}

#[tokio::test]
async fn a_visit_goes_when_its_time_is_over_and_the_home_keeps_its_last_day() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let day = world.store().now().day();
        world.record(&reader, world.visit(0, Choice::StillHere).await).await.unwrap();
        let body =
            "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'home.visited' AND body LIKE '%outcome%'";
        let reads = world.store().reads();
        assert_eq!(reads.number(body, vals![reads.division()]).await.unwrap(), 0, "no event tells how it ended");
        let months = i64::from(world.app.pack.retention(policy_pack::RetentionId::Visit).keep_months);
        world.test.clock.set(day.plus_days(months * 30).start());
        assert_eq!(linli_fieldwork::expire::expire(&world.app).await.unwrap(), 0, "{}: not yet", world.test.engine);
        world.test.clock.set(day.plus_days(months * 31 + 1).start());
        assert_eq!(linli_fieldwork::expire::expire(&world.app).await.unwrap(), 2, "the visit and its event");
        assert_eq!(world.count("visit").await, 0);
        let visited = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'home.visited'";
        assert_eq!(reads.number(visited, vals![reads.division()]).await.unwrap(), 0);
        let home = homes::find(&reads, &reader, world.homes[0]).await.unwrap();
        assert_eq!((home.last_verified_day, home.last_visited_day), (Some(day), Some(day)), "{}", world.test.engine);
        linli_platform::log::sequence(world.store(), "one").await.unwrap();
        let verified = linli_platform::log::verify(world.store(), None).await.unwrap().unwrap();
        assert_eq!(verified.erased, 1, "the proof stays");
    }
}
