//! A plan from the proposal to the leader's note, and the rules it is held against.

use linli_platform::{jobs, reader::Reader};
use linli_shifts::{Cell, Proposal, plans, rules};
use policy_pack::RetentionId;

use super::town::{C1, WEEK, day, hour, towns};

fn broken(told: &[rules::Told]) -> Vec<(&'static str, &str, Option<String>)> {
    told.iter().map(|b| (b.code, b.name.as_str(), b.day.map(|d| d.to_string()))).collect()
}

#[tokio::test]
async fn officers_coordinators_and_grid_workers_have_shifts_and_other_members_have_none() {
    for town in towns().await {
        let names: Vec<String> = town.members().await.into_iter().map(|m| m.name).collect();
        assert_eq!(names, ["officer", "anna", "bela", "worker"], "{}", town.test.engine);
    }
}

#[tokio::test]
async fn a_proposed_week_keeps_every_rule_and_leaves_days_away_alone() {
    for town in towns().await {
        let away = (town.staff("anna").await, day("2026-11-25"), Cell::Away);
        let Proposal::Week(cells) = town.proposed(&[away]).await else { panic!("the rules collide") };
        let members = town.members().await;
        let filed = day("2026-11-16");
        let told = rules::check(&town.app.pack, &town.app.calendar, day(WEEK), &members, &cells, filed).unwrap();
        assert_eq!(broken(&told), [], "{}", town.test.engine);
        assert_eq!(rules::row(&cells, away.0, day(WEEK))[2], Cell::Away);
    }
}

#[tokio::test]
async fn whoever_is_away_or_free_by_a_filed_plan_gets_no_visits_for_that_day() {
    for town in towns().await {
        let (anna, wednesday, thursday) = (town.staff("anna").await, day("2026-11-25"), day("2026-11-26"));
        let week = |off| rules::days(day(WEEK)).into_iter().filter(move |d| *d != off);
        let id = town.drafted().await;
        let mut cells: Vec<_> = week(thursday).take(5).map(|d| (anna, d, Cell::Day)).collect();
        cells.retain(|c| c.1 != wednesday);
        cells.push((anna, wednesday, Cell::Away));
        town.save(id, &cells).await.unwrap();
        assert!(!town.is_free("anna", wednesday).await, "{}: a draft says nothing yet", town.test.engine);
        town.file(id, true).await.unwrap();
        for (who, on, free) in [
            ("anna", wednesday, true),
            ("anna", thursday, true),
            ("anna", day("2026-11-24"), false),
            // Nothing was said of these.
            ("bela", wednesday, false),
            ("officer", wednesday, false),
        ] {
            assert_eq!(town.is_free(who, on).await, free, "{who} {on}");
        }
        // Filed anew without it, the day is a day of work again.
        let again: Vec<_> = week(thursday).take(5).map(|d| (anna, d, Cell::Day)).collect();
        town.save(id, &again).await.unwrap();
        assert!(town.is_free("anna", wednesday).await, "until the new one is filed");
        town.file(id, true).await.unwrap();
        assert!(!town.is_free("anna", wednesday).await && town.is_free("anna", thursday).await);
    }
}

#[tokio::test]
async fn rules_that_cannot_be_kept_together_are_named() {
    for town in towns().await {
        let anna = town.staff("anna").await;
        let weekend = [(anna, day("2026-11-28"), Cell::Away), (anna, day("2026-11-29"), Cell::Away)];
        let Proposal::Collision(asked) = town.proposed(&weekend).await else { panic!("there is no such week") };
        let codes: Vec<&str> = asked.iter().map(|a| a.code).collect();
        assert!(codes.contains(&"weekend-days") && codes.contains(&"away"), "{codes:?}");
        assert!(asked.iter().all(|a| a.name == "anna"), "{asked:?}");
    }
}

#[tokio::test]
async fn each_broken_rule_is_named_with_whom_and_its_clause() {
    for town in towns().await {
        let (officer, anna) = (town.staff("officer").await, town.staff("anna").await);
        let members = town.members().await;
        // The officer makes a round when nobody of the grids does; one coordinator has an ordinary week.
        let mut cells = vec![(officer, day("2026-11-23"), Cell::Late)];
        cells.extend(rules::days(day(WEEK))[..5].iter().map(|d| (anna, *d, Cell::Day)));
        let told =
            rules::check(&town.app.pack, &town.app.calendar, day(WEEK), &members, &cells, day("2026-11-17")).unwrap();
        let list = broken(&told);
        for wanted in [
            ("plan-ahead", ""),
            ("officer-rounds", "officer"),
            ("normal-hours", "officer"),
            ("weekend-days", "anna"),
            ("coordinator-rounds", "anna"),
            ("normal-hours", "worker"),
        ] {
            assert!(list.iter().any(|(code, name, _)| (*code, *name) == wanted), "{wanted:?} in {list:?}");
        }
        assert!(!list.iter().any(|(code, name, _)| (*code, *name) == ("normal-hours", "anna")), "{list:?}");
        let rounds = told.iter().find(|b| b.code == "coordinator-rounds" && b.name == "anna").unwrap();
        assert_eq!((rounds.found.as_str(), rounds.limit.as_str(), rounds.clause.as_str()), ("0", "2", "附件2"));
    }
}

#[tokio::test]
async fn a_plan_that_breaks_a_rule_is_filed_only_knowingly_and_the_leader_takes_note() {
    for town in towns().await {
        let id = town.drafted().await;
        assert!(town.file(id, true).await.unwrap_err().is("shift-empty"), "{}", town.test.engine);
        let anna = town.staff("anna").await;
        town.save(id, &[(anna, day("2026-11-23"), Cell::Day)]).await.unwrap();
        assert!(town.file(id, false).await.unwrap_err().is("shift-broken"));
        assert!(town.file(id, true).await.unwrap() > 3);
        assert!(town.file(id, true).await.unwrap_err().is("shift-filed"));
        let leader = town.reader("team-leader").await;
        let tx = town.store().begin(&leader).await.unwrap();
        let plan = plans::find(&tx, &leader, id).await.unwrap();
        assert!(!plan.is_late(&town.app.pack, day("2026-11-20")), "filed on the last day in time");
        plans::acknowledge(&tx, id, plan.version).await.unwrap();
        assert!(plans::acknowledge(&tx, id, plan.version).await.unwrap_err().is("shift-not-filed"));
        tx.commit().await.unwrap();
        // Changing it makes it a draft again.
        town.save(id, &[(anna, day("2026-11-24"), Cell::Day)]).await.unwrap();
        let plan = plans::find(&town.store().reads(), &leader, id).await.unwrap();
        assert!(plan.is_draft() && plan.filed_at.is_none());
        assert!(plan.is_late(&town.app.pack, day("2026-11-17")), "from Tuesday on a draft is late");
    }
}

#[tokio::test]
async fn a_plan_is_another_committees_business_to_nobody_else() {
    for town in towns().await {
        let id = town.drafted().await;
        let elsewhere = town.reader("elsewhere").await;
        let reads = town.store().reads();
        assert!(plans::find(&reads, &elsewhere, id).await.unwrap_err().is("not-found"), "{}", town.test.engine);
        assert!(plans::of_week(&reads, &elsewhere, day(WEEK)).await.unwrap().is_empty());
        let tx = town.store().begin(&elsewhere).await.unwrap();
        assert!(plans::draft(&tx, C1, day("2026-11-30")).await.unwrap_err().is("not-found"));
        drop(tx);
        let gone = plans::of_week(&reads, &Reader::system(), day("2026-11-30")).await.unwrap();
        assert!(gone.is_empty(), "what was refused is not there");
    }
}

#[tokio::test]
async fn a_plan_goes_with_its_shifts_when_its_time_is_over() {
    for town in towns().await {
        let id = town.filed().await;
        let (months, reads) = (town.app.pack.retention(RetentionId::ShiftPlan).keep_months, town.store().reads());
        town.test.clock.set(hour("2028-11-23", 9));
        assert_eq!(months, 24);
        expire(&town).await;
        assert!(
            plans::find(&reads, &Reader::system(), id).await.is_ok(),
            "{}: two years to the week",
            town.test.engine
        );
        town.test.clock.set(hour("2028-11-24", 9));
        expire(&town).await;
        assert!(plans::find(&reads, &Reader::system(), id).await.unwrap_err().is("not-found"));
        assert!(plans::turns(&reads, id).await.unwrap().is_empty());
    }
}

async fn expire(town: &super::town::Town) {
    let tx = town.store().begin(&Reader::system()).await.unwrap();
    let day = tx.now().day().to_string();
    jobs::enqueue(&tx, "shifts.expire", &day, serde_json::json!({})).await.unwrap();
    tx.commit().await.unwrap();
    assert!(jobs::run_one(&town.app).await.unwrap());
}

#[tokio::test]
async fn a_week_that_has_begun_does_not_change() {
    for town in towns().await {
        let id = town.drafted().await;
        let anna = town.staff("anna").await;
        let foreign = (anna, day("2026-11-30"), Cell::Day);
        assert!(town.save(id, &[foreign]).await.unwrap_err().is("shift-known"), "a day of another week");
        town.test.clock.set(hour(WEEK, 8));
        let late = town.save(id, &[(anna, day("2026-11-24"), Cell::Day)]).await;
        assert!(late.unwrap_err().is("shift-begun"), "{}", town.test.engine);
        let tx = town.store().begin(&town.reader("officer").await).await.unwrap();
        for monday in [WEEK, "2026-12-01"] {
            assert!(plans::draft(&tx, C1, day(monday)).await.unwrap_err().is("shift-week"), "{monday}");
        }
    }
}
