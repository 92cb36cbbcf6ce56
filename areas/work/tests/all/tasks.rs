use linli_platform::{
    access::{Action, Role},
    ids::GridId,
    reader::{Purpose, Reader, Scope},
    store::Query,
    testing, vals,
};
use linli_register::residents;
use linli_work::{
    Outcome, TaskKind,
    tasks::{self, Filter, NewTask},
};

use super::world::{ALL, World, office, worlds};

async fn try_open(world: &World, reader: &Reader) -> Result<String, &'static str> {
    let tx = world.store().begin(reader).await.unwrap();
    let opened = residents::open(&tx, world.residents[0], Purpose::RosterReview).await;
    match opened {
        Ok(open) => {
            tx.commit().await.unwrap();
            Ok(open.name.text().to_owned())
        }
        Err(e) => Err(e.code),
    }
}

#[tokio::test]
async fn a_task_entitles_to_its_record_while_it_is_open_and_no_longer() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        assert_eq!(try_open(&world, &reader).await, Err("basis-missing"));
        let new = world.task(0, TaskKind::RosterAddressDiffers, world.record(0), 24);
        let id = world.open(vec![new]).await[0];
        assert_eq!(try_open(&world, &reader).await.as_deref(), Ok("张测0"));
        assert_eq!(try_open(&world, &world.coordinator(1)).await, Err("not-found"));
        let tx = world.store().begin(&reader).await.unwrap();
        tasks::close(&tx, id, 1, Outcome::Confirmed).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(try_open(&world, &reader).await, Err("basis-missing"), "{}", world.test.engine);
        let task = tasks::find(&world.store().reads(), &reader, id).await.unwrap();
        assert_eq!((task.state.as_str(), task.outcome.as_deref(), task.version), ("done", Some("confirmed"), 2));
        let steps = tasks::history(&world.store().reads(), &task).await.unwrap();
        let kinds: Vec<&str> = steps.iter().map(|s| s.kind.as_str()).collect();
        assert_eq!(kinds, ["task.opened", "task.closed"]);
    }
}

#[tokio::test]
async fn a_task_cannot_lie_on_a_person() {
    for world in worlds().await {
        let mut new = world.task(0, TaskKind::RosterLeftEmployer, world.record(0), 24);
        new.subject.kind = "resident";
        let tx = world.store().begin(&office(world.store())).await.unwrap();
        assert!(tasks::open_many(&tx, vec![new]).await.unwrap_err().is("task-subject"));
    }
}

#[tokio::test]
async fn a_task_ends_only_as_its_kind_can_and_only_once() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        let id = world.open(vec![world.task(0, TaskKind::RosterUnregistered, world.home(0), 24)]).await[0];
        let tx = world.store().begin(&reader).await.unwrap();
        assert!(tasks::close(&tx, id, 1, Outcome::Cancelled).await.unwrap_err().is("task-outcome"));
        assert!(tasks::close(&tx, id, 7, Outcome::NotThere).await.unwrap_err().is("stale-version"));
        tasks::close(&tx, id, 1, Outcome::NotThere).await.unwrap();
        assert!(tasks::close(&tx, id, 2, Outcome::NotThere).await.unwrap_err().is("task-closed"));
        tx.commit().await.unwrap();
        let tx = world.store().begin(&world.coordinator(1)).await.unwrap();
        assert!(tasks::close(&tx, id, 2, Outcome::NotThere).await.unwrap_err().is("not-found"));
    }
}

#[tokio::test]
async fn late_tasks_lead_the_list_and_another_grid_sees_none_of_it() {
    for world in worlds().await {
        let task = |hours| world.task(0, TaskKind::SurveyError, world.home(0), hours);
        let ids = world.open(vec![task(48), task(-5), task(2), NewTask { due_at: None, ..task(0) }]).await;
        let reads = world.store().reads();
        let reader = world.coordinator(0);
        let open = Filter { state: Some("open"), ..Filter::default() };
        let (rows, total) = tasks::list(&reads, &reader, &open, &ALL).await.unwrap();
        let order: Vec<_> = rows.iter().map(|t| t.task_id).collect();
        assert_eq!((order, total), (vec![ids[1], ids[2], ids[0], ids[3]], 4), "{}", world.test.engine);
        let now = world.store().now();
        assert_eq!(rows.iter().map(|t| t.is_late(now)).collect::<Vec<_>>(), [true, false, false, false]);
        assert!(rows[1].is_soon(now) && !rows[2].is_soon(now));
        let late = Filter { overdue: true, ..Filter::default() };
        assert_eq!(tasks::list(&reads, &reader, &late, &ALL).await.unwrap().1, 1);
        assert_eq!(tasks::for_home(&reads, &reader, world.homes[0]).await.unwrap().len(), 4);
        let other = world.coordinator(1);
        assert_eq!(tasks::list(&reads, &other, &Filter::default(), &ALL).await.unwrap().1, 0);
        assert!(tasks::find(&reads, &other, ids[0]).await.unwrap_err().is("not-found"));
    }
}

#[tokio::test]
async fn a_note_is_opened_on_record_and_is_gone_with_the_task() {
    for world in worlds().await {
        let note = serde_json::json!({ "name": "周有路", "doc_no": "990101199003070099", "unknown": "x" });
        let mut new = world.task(0, TaskKind::RosterUnregistered, world.home(0), 24);
        new.sealed_note = Some(note);
        let id = world.open(vec![new]).await[0];
        let reader = world.coordinator(0);
        let tx = world.store().begin(&reader).await.unwrap();
        let lines = tasks::open_note(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let shown: Vec<(&str, &str)> = lines.iter().map(|l| (l.field, l.text())).collect();
        assert_eq!(shown, [("name", "周有路"), ("doc_no", "990101199003070099")]);
        assert!(!format!("{lines:?}").contains("周有路"));
        let readings = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND subject_id = $2";
        let reads = world.store().reads();
        assert_eq!(reads.number(readings, vals![reads.division(), id]).await.unwrap(), 1);
        let tx = world.store().begin(&world.coordinator(1)).await.unwrap();
        assert!(tasks::open_note(&tx, id).await.unwrap_err().is("not-found"));
        drop(tx);
        let tx = world.store().begin(&reader).await.unwrap();
        tasks::close(&tx, id, 1, Outcome::Registered).await.unwrap();
        assert!(tasks::open_note(&tx, id).await.unwrap_err().is("not-found"));
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_was_noted_of_a_data_check_goes_with_it() {
    for world in worlds().await {
        let id = world.open(vec![world.task(0, TaskKind::DataCheck, world.record(0), 24)]).await[0];
        let reader = world.coordinator(0);
        let tx = world.store().begin(&reader).await.unwrap();
        tasks::close(&tx, id, 1, Outcome::Confirmed).await.unwrap();
        tx.commit().await.unwrap();
        let task = tasks::find(&world.store().reads(), &reader, id).await.unwrap();
        assert_eq!((task.note_masked.as_str(), task.notes), ("", 0));
    }
}

#[tokio::test]
async fn a_task_is_taken_only_by_somebody_with_a_post_in_its_grid() {
    for world in worlds().await {
        let id = world.open(vec![world.task(0, TaskKind::SurveyError, world.home(0), 24)]).await[0];
        let reader = world.coordinator(0);
        let tx = world.store().begin(&reader).await.unwrap();
        assert!(tasks::assign(&tx, id, reader.account).await.unwrap_err().is("task-assignee"));
        drop(tx);
        world.appoint(&reader, Role::Coordinator, 0).await;
        assert_eq!(tasks::count_open(&world.store().reads(), &reader).await.unwrap(), 1);
        let tx = world.store().begin(&reader).await.unwrap();
        tasks::assign(&tx, id, reader.account).await.unwrap();
        tx.commit().await.unwrap();
        let colleague = world.coordinator(0);
        assert_eq!(tasks::count_open(&world.store().reads(), &colleague).await.unwrap(), 0);
        assert_eq!(tasks::count_open(&world.store().reads(), &reader).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn who_follows_the_work_but_reads_no_register_sees_neither_names_nor_doors() {
    for world in worlds().await {
        let id = world.open(vec![world.task(0, TaskKind::SurveyError, world.home(0), 24)]).await[0];
        for role in Role::ALL.iter().filter(|r| r.allows(Action::TaskRead)) {
            let reader = testing::reader(world.store(), &[*role], Scope::Division);
            let reads = world.store().reads();
            let listed = tasks::list(&reads, &reader, &Filter::default(), &ALL).await.unwrap().0.remove(0);
            let found = tasks::find(&reads, &reader, id).await.unwrap();
            for task in [listed, found] {
                let detail = task.address_text.is_some() && !task.note_masked.is_empty();
                let nothing = task.address_text.is_none() && task.note_masked.is_empty() && task.label.is_none();
                let registers = role.allows(Action::RegisterRead);
                assert!(if registers { detail } else { nothing }, "{role} on {}: {task:?}", world.test.engine);
                assert_eq!((task.kind.as_str(), task.state.as_str()), ("survey-error", "open"), "{role}");
            }
        }
    }
}

#[tokio::test]
async fn a_task_stays_with_its_grid_when_whoever_took_it_leaves() {
    for world in worlds().await {
        let id = world.open(vec![world.task(0, TaskKind::SurveyError, world.home(0), 24)]).await[0];
        let holder = world.coordinator(0);
        world.appoint(&holder, Role::Coordinator, 0).await;
        let tx = world.store().begin(&holder).await.unwrap();
        tasks::assign(&tx, id, holder.account).await.unwrap();
        tx.commit().await.unwrap();
        let moved = Reader { scope: Scope::Grids(vec![world.grids[1]]), ..holder };
        let reads = world.store().reads();
        assert!(tasks::find(&reads, &moved, id).await.unwrap_err().is("not-found"), "{}", world.test.engine);
        assert_eq!(tasks::count_open(&reads, &moved).await.unwrap(), 0);
        assert!(tasks::find(&reads, &world.coordinator(0), id).await.is_ok());
    }
}

#[tokio::test]
async fn open_work_goes_into_another_grid_with_its_premises() {
    use linli_territory::PremisesPoints as _;
    for world in worlds().await {
        let at_home = world.task(0, TaskKind::SurveyError, world.home(0), 24);
        let on_record = NewTask { home_id: None, ..world.task(0, TaskKind::DataCheck, world.record(0), 24) };
        let elsewhere = world.task(1, TaskKind::SurveyError, world.home(1), 24);
        let done = world.task(0, TaskKind::HomeVerification, world.home(0), 24);
        let ids = world.open(vec![at_home, on_record, elsewhere, done]).await;
        let holder = world.coordinator(0);
        world.appoint(&holder, Role::Coordinator, 0).await;
        let tx = world.store().begin(&holder).await.unwrap();
        tasks::assign(&tx, ids[0], holder.account).await.unwrap();
        tasks::close(&tx, ids[3], 1, Outcome::Confirmed).await.unwrap();
        tx.commit().await.unwrap();

        let new: GridId = world.store().new_id();
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        let address = world.address_of(0).await;
        assert_eq!(linli_work::WorkPremises.reassign(&tx, &[(address, new)]).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let reads = world.store().reads();
        let task = async |n: usize| tasks::find(&reads, &Reader::system(), ids[n]).await.unwrap();
        let grids = [task(0).await.grid_id, task(1).await.grid_id, task(2).await.grid_id, task(3).await.grid_id];
        assert_eq!(grids, [new, new, world.grids[1], world.grids[0]], "{}", world.test.engine);
        assert_eq!(task(0).await.account_id, None, "whoever had taken it works in the old grid");
        let steps = tasks::history(&reads, &task(0).await).await.unwrap();
        assert_eq!(steps.last().unwrap().kind, "task.regridded");
        assert_eq!(task(0).await.version, 3);
    }
}
