use linli_fieldwork::{
    door,
    visit::{Choice, VisitOutcome},
};
use linli_platform::{reader::Reader, store::Query, vals};
use linli_register::ResidentId;
use linli_work::TaskKind;

use super::world::{World, worlds};

async fn show(world: &World, reader: &Reader, home: usize, resident: ResidentId) -> Result<String, &'static str> {
    let tx = world.store().begin(reader).await.unwrap();
    match door::show(&world.app, &tx, world.homes[home], resident).await {
        Ok(open) => {
            tx.commit().await.unwrap();
            Ok(open.name.text().to_owned())
        }
        Err(e) => Err(e.code),
    }
}

#[tokio::test]
async fn a_record_is_shown_at_the_door_of_a_home_that_is_due_and_the_reading_stays() {
    for world in worlds().await {
        // The last day of the month: whoever is not verified is due today.
        world.test.clock.set(world.store().now().day().month().end().plus_hours(-14));
        let reader = world.coordinator(0);
        assert_eq!(show(&world, &reader, 0, world.residents[0]).await.as_deref(), Ok("张测0"), "{}", world.test.engine);
        assert_eq!(show(&world, &reader, 0, world.residents[1]).await.as_deref(), Ok("张测1"));
        assert_eq!(world.count("access_record").await, 2);
        // One assignment of the day for the household, however often it is opened.
        assert_eq!(world.count("basis").await, 2);
        let reads = world.store().reads();
        let until = "SELECT COUNT(*) FROM basis WHERE division_code = $1 AND account_id = $2 AND until_at = $3";
        let end = world.store().now().day().end();
        assert_eq!(reads.number(until, vals![reads.division(), reader.account, end]).await.unwrap(), 2);
        world.test.clock.set(end);
        let tx = world.store().begin(&reader).await.unwrap();
        let late = linli_register::residents::open(
            &tx,
            world.residents[0],
            linli_platform::reader::Purpose::FieldVerification,
        );
        assert!(late.await.unwrap_err().is("basis-missing"), "the assignment ends with the day");
    }
}

#[tokio::test]
async fn without_a_task_or_a_day_no_record_is_shown() {
    for world in worlds().await {
        let reader = world.coordinator(0);
        world.record(&reader, world.visit(0, Choice::StillHere).await).await.unwrap();
        // The day after, the home is verified for the month and nothing waits there.
        world.test.clock.set(world.store().now().plus_hours(24));
        assert_eq!(show(&world, &reader, 0, world.residents[0]).await, Err("home-not-assigned"));
        world.task(TaskKind::SurveyError, world.home(0, 0), 0, 24).await;
        assert_eq!(show(&world, &reader, 0, world.residents[0]).await.as_deref(), Ok("张测0"));
    }
}

#[tokio::test]
async fn nobody_is_shown_from_another_grid_or_another_home() {
    for world in worlds().await {
        assert_eq!(show(&world, &world.coordinator(1), 0, world.residents[0]).await, Err("not-found"));
        assert_eq!(show(&world, &world.coordinator(0), 0, world.residents[2]).await, Err("not-found"));
        assert_eq!(show(&world, &super::world::office(world.store()), 0, world.residents[0]).await, Err("forbidden"));
        assert_eq!(world.count("access_record").await, 0);
    }
}

#[tokio::test]
async fn a_masked_person_is_recognised_by_sex_age_and_the_numbers_end() {
    for world in worlds().await {
        let member = &world.members(0).await[0];
        let (sex, age, tail) = door::in_short(member, world.store().now().day());
        assert!(member.name_masked.starts_with('张') && member.name_masked.contains('*'));
        assert!(["female", "male"].contains(&sex.as_str()));
        assert_eq!(age, Some(36));
        assert_eq!(tail.chars().count(), 2);
    }
}

#[tokio::test]
async fn once_a_visit_is_recorded_whatever_its_outcome_only_a_task_opens_the_home_that_day() {
    for world in worlds().await {
        for outcome in VisitOutcome::ALL {
            world.test.clock.set(world.store().now().day().plus_days(40).month().end().plus_hours(-14));
            let reader = world.coordinator(0);
            assert!(show(&world, &reader, 0, world.residents[0]).await.is_ok(), "the visit is open: {outcome:?}");
            let mut visit = world.visit(0, Choice::StillHere).await;
            visit.outcome = outcome;
            if !outcome.verifies() {
                visit.people.clear();
            }
            world.record(&reader, visit).await.unwrap();
            let refused = show(&world, &reader, 0, world.residents[0]).await;
            assert_eq!(refused, Err("home-not-assigned"), "{outcome:?} on {}", world.test.engine);
            let tx = world.store().begin(&reader).await.unwrap();
            let purpose = linli_platform::reader::Purpose::FieldVerification;
            let directly = linli_register::residents::open(&tx, world.residents[0], purpose).await;
            assert!(directly.unwrap_err().is("basis-missing"), "nor does what was opened before: {outcome:?}");
            drop(tx);
        }
        world.task(TaskKind::SurveyError, world.home(0, 0), 0, 24).await;
        assert!(show(&world, &world.coordinator(0), 0, world.residents[0]).await.is_ok());
    }
}
