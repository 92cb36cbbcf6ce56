//! Answers at the door, the lock, and what a surveyor may open.

use std::collections::BTreeMap;

use linli_platform::{
    access::Role,
    reader::{Purpose, Reader},
    store::Query,
    testing, vals,
};
use linli_register::{HomeId, codes::Source, residents};
use linli_surveys::{
    HomeObservation, SurveyId,
    answers::{self, Said, at_the_door},
    assign,
    codes::{Item, RateKind, Verdict},
    results,
};
use linli_work::{Outcome, tasks};

use super::town::{C1, Town, towns};

pub async fn answering(town: &Town) -> SurveyId {
    let id = town.drawn().await;
    town.assign(id, &town.surveyor_accounts()).await.unwrap();
    id
}

pub async fn answer(
    town: &Town,
    who: &Reader,
    id: SurveyId,
    home: HomeId,
    o: &HomeObservation,
) -> linli_platform::Result<()> {
    let tx = town.tx(who).await;
    answers::answer(&town.app, &tx, id, home, o).await?;
    tx.commit().await
}

/// Locks, and has the results countersigned.
async fn finish(town: &Town, id: SurveyId) {
    town.lock(id).await.unwrap();
    town.countersign(&town.assessor, id).await.unwrap();
}

/// Answers every home as registered, with one more person found in each who is not.
pub async fn answer_all(town: &Town, id: SurveyId) {
    for who in &town.surveyors {
        for home in assign::mine(&town.store().reads(), who).await.unwrap() {
            let (_, members) = at_the_door(&town.store().reads(), who, id, home.home_id).await.unwrap();
            let said = members.iter().map(|m| (m.resident_id, Said::Lives(Vec::new()))).collect();
            let seen = answers::count(&members, &said, 1).unwrap();
            answer(town, who, id, home.home_id, &seen).await.unwrap();
        }
    }
}

#[tokio::test]
async fn everybody_registered_at_the_door_is_checked() {
    for town in towns().await {
        let id = answering(&town).await;
        let who = &town.surveyors[0];
        let home = assign::mine(&town.store().reads(), who).await.unwrap()[0].home_id;
        let (_, members) = at_the_door(&town.store().reads(), who, id, home).await.unwrap();
        let mut said = BTreeMap::from([(members[0].resident_id, Said::Lives(vec![Item::Name]))]);
        assert!(answers::count(&members, &said, 0).is_err_and(|e| e.is("survey-everybody")));
        said.insert(members[1].resident_id, Said::Gone);
        let seen = answers::count(&members, &said, 3).unwrap();
        // Two registered, one of them gone; one found with one of name, document, address wrong; three unregistered.
        assert_eq!((seen.registered, seen.gone, seen.found_registered, seen.found), (2, 1, 1, 4));
        assert_eq!((seen.items, seen.items_correct), (3, 2));
        answer(&town, who, id, home, &seen).await.unwrap();
        let nonsense = HomeObservation { found_registered: 5, ..seen };
        assert!(answer(&town, who, id, home, &nonsense).await.is_err_and(|e| e.is("survey-counts")));
    }
}

#[tokio::test]
async fn a_home_that_is_not_assigned_does_not_exist_for_a_surveyor() {
    for town in towns().await {
        let id = answering(&town).await;
        let who = &town.surveyors[0];
        let twice = town.twice(id).await;
        let not_here = |h: &super::town::DrawnHome| twice.iter().all(|(home, _)| *home != h.home_id);
        let homes = town.drawn_homes(id).await;
        let other = homes.into_iter().find(|h| h.account_id != Some(who.account) && not_here(h)).unwrap();
        let reads = town.store().reads();
        assert!(at_the_door(&reads, who, id, other.home_id).await.is_err_and(|e| e.is("not-found")));
        let seen = HomeObservation { met: true, ..HomeObservation::default() };
        assert!(answer(&town, who, id, other.home_id, &seen).await.is_err_and(|e| e.is("not-found")));
        // Nor can its residents be opened.
        let resident = residents::of_home(&reads, &Reader::system(), other.home_id).await.unwrap()[0].resident_id;
        let tx = town.tx(who).await;
        let refused = residents::open(&tx, resident, Purpose::SurveyInterview).await;
        assert!(refused.is_err_and(|e| e.is("not-found")), "{}", town.test.engine);
    }
}

#[tokio::test]
async fn an_assignment_opens_the_residents_of_its_home_until_the_answer() {
    for town in towns().await {
        let id = answering(&town).await;
        let who = &town.surveyors[0];
        let home = assign::mine(&town.store().reads(), who).await.unwrap()[0].home_id;
        let (_, members) = at_the_door(&town.store().reads(), who, id, home).await.unwrap();
        let tx = town.tx(who).await;
        let opened = residents::open(&tx, members[0].resident_id, Purpose::SurveyInterview).await.unwrap();
        tx.commit().await.unwrap();
        assert!(opened.name.text().starts_with("试人"));
        let readings = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND purpose = 'survey-interview'";
        let reads = town.store().reads();
        assert_eq!(reads.number(readings, vals![reads.division()]).await.unwrap(), 1);

        let said = members.iter().map(|m| (m.resident_id, Said::Lives(Vec::new()))).collect();
        answer(&town, who, id, home, &answers::count(&members, &said, 0).unwrap()).await.unwrap();
        let tx = town.tx(who).await;
        assert!(residents::open(&tx, members[0].resident_id, Purpose::SurveyInterview).await.is_err());
        drop(tx);
        // The month's end ends every assignment, answered or not.
        town.test.clock.set(super::town::noon("2026-12-01"));
        assert!(assign::mine(&town.store().reads(), who).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_is_left_over_can_be_handed_over_and_ends_for_the_first_surveyor() {
    for town in towns().await {
        let id = town.drawn().await;
        let all = town.surveyor_accounts();
        town.assign(id, &all[..3]).await.unwrap();
        let (first, spare) = (&town.surveyors[0], &town.surveyors[3]);
        let homes = assign::mine(&town.store().reads(), first).await.unwrap();
        let tx = town.tx(&town.office).await;
        let n = assign::hand_over(&tx, id, first.account, spare.account).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(n, homes.len());
        let reads = town.store().reads();
        assert!(assign::mine(&reads, first).await.unwrap().is_empty());
        let (_, members) = at_the_door(&reads, spare, id, homes[0].home_id).await.unwrap();
        for (who, may) in [(first, false), (spare, true)] {
            let tx = town.tx(who).await;
            let opened = residents::open(&tx, members[0].resident_id, Purpose::SurveyInterview).await;
            assert_eq!(opened.is_ok(), may, "{}", who.name);
        }
    }
}

#[tokio::test]
async fn a_round_is_locked_only_when_every_home_was_tried() {
    for town in towns().await {
        let id = answering(&town).await;
        assert!(town.lock(id).await.is_err_and(|e| e.is("survey-unanswered")), "{}", town.test.engine);
        for who in &town.surveyors {
            for home in assign::mine(&town.store().reads(), who).await.unwrap() {
                answer(&town, who, id, home.home_id, &HomeObservation::nobody_met()).await.unwrap();
            }
        }
        finish(&town, id).await;
        let month = "2026-11".parse().unwrap();
        let all = results::for_month(&town.store().reads(), month).await.unwrap();
        assert_eq!(all.len(), 2);
        assert!(all.iter().all(|c| !c.result.complete && c.registration_rate().is_none()), "nobody was met anywhere");
    }
}

/// The open tasks that surveys asked for, as the coordinator of a home's grid sees them: home and what is wrong.
async fn asked(town: &Town, home: HomeId) -> Vec<(Option<HomeId>, String)> {
    let grid = town.drawn_grid(home).await;
    let coordinator = testing::in_grids(town.store(), Role::Coordinator, &[grid]);
    let tasks = tasks::for_home(&town.store().reads(), &coordinator, home).await.unwrap();
    assert!(tasks.iter().all(|t| t.kind == "survey-error" && t.due_at == Some(t.made_at.plus_hours(24))));
    tasks.into_iter().map(|t| (t.home_id, t.note_masked)).collect()
}

#[tokio::test]
async fn errors_that_are_found_become_work_at_once_and_leave_the_answer_as_it_was() {
    for town in towns().await {
        let id = answering(&town).await;
        let who = &town.surveyors[0];
        let mine = town.asked_once(id, who).await;
        let (home, clean) = (mine[0], mine[1]);
        let (_, members) = at_the_door(&town.store().reads(), who, id, home).await.unwrap();
        let right: BTreeMap<_, _> = members.iter().map(|m| (m.resident_id, Said::Lives(Vec::new()))).collect();
        let mut wrong = right.clone();
        wrong.insert(members[0].resident_id, Said::Lives(vec![Item::Name, Item::Document]));
        wrong.insert(members[1].resident_id, Said::Gone);

        let (_, others) = at_the_door(&town.store().reads(), who, id, clean).await.unwrap();
        let all_right = others.iter().map(|m| (m.resident_id, Said::Lives(Vec::new()))).collect();
        answer(&town, who, id, clean, &answers::count(&others, &all_right, 0).unwrap()).await.unwrap();
        assert!(asked(&town, clean).await.is_empty(), "where all is right nothing is asked");

        answer(&town, who, id, home, &answers::count(&members, &wrong, 2).unwrap()).await.unwrap();
        let said = "证件有误 1；已离开未注销（人） 1；姓名有误 1；在住未登记（人） 2";
        assert_eq!(asked(&town, home).await, [(Some(home), said.to_owned())], "{}", town.test.engine);
        // The last answer is valid, and so is what it asks for.
        answer(&town, who, id, home, &answers::count(&members, &right, 0).unwrap()).await.unwrap();
        assert!(asked(&town, home).await.is_empty());
        answer(&town, who, id, home, &answers::count(&members, &right, 1).unwrap()).await.unwrap();
        assert_eq!(asked(&town, home).await, [(Some(home), "在住未登记（人） 1".to_owned())]);

        // Once it is put right, another answer would measure the correction.
        let coordinator = testing::in_grids(town.store(), Role::Coordinator, &[town.drawn_grid(home).await]);
        let task = tasks::for_home(&town.store().reads(), &coordinator, home).await.unwrap().remove(0);
        let tx = town.tx(&coordinator).await;
        tasks::close(&tx, task.task_id, task.version, Outcome::Registered).await.unwrap();
        tx.commit().await.unwrap();
        let again = answer(&town, who, id, home, &answers::count(&members, &right, 0).unwrap()).await;
        assert!(again.is_err_and(|e| e.is("survey-put-right")), "{}", town.test.engine);
        let measured =
            "SELECT CAST(SUM(found - found_registered) AS BIGINT) FROM survey_answer WHERE division_code = $1";
        let reads = town.store().reads();
        assert_eq!(reads.number(measured, vals![reads.division()]).await.unwrap(), 1, "the measured result stays");
    }
}

#[tokio::test]
async fn nothing_changes_a_result_after_the_lock() {
    for town in towns().await {
        let id = answering(&town).await;
        answer_all(&town, id).await;
        let month = "2026-11".parse().unwrap();
        let who = &town.surveyors[0];
        let home = assign::mine(&town.store().reads(), who).await.unwrap()[0].home_id;
        assert!(results::for_month(&town.store().reads(), month).await.unwrap().is_empty(), "not locked yet");
        finish(&town, id).await;
        let reads = town.store().reads();
        let before = format!("{:?}", results::of_survey(&reads, id).await.unwrap());

        let late = HomeObservation { met: true, ..HomeObservation::default() };
        assert!(answer(&town, who, id, home, &late).await.is_err_and(|e| e.is("survey-locked")));
        assert!(town.lock(id).await.is_err_and(|e| e.is("survey-locked")));
        // An error put right: a resident found gone is cancelled.
        let resident = residents::of_home(&reads, &Reader::system(), home).await.unwrap()[0].clone();
        let tx = town.tx(&town.office).await;
        let why = linli_register::codes::CancelReason::Left;
        residents::cancel(&tx, resident.resident_id, resident.version, why, tx.now().day(), Source::DoorVisit)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(format!("{:?}", results::of_survey(&reads, id).await.unwrap()), before, "{}", town.test.engine);
    }
}

#[tokio::test]
async fn results_are_what_can_be_counted_by_hand() {
    for town in towns().await {
        let id = answering(&town).await;
        answer_all(&town, id).await;
        finish(&town, id).await;
        let reads = town.store().reads();
        let all = results::for_month(&reads, "2026-11".parse().unwrap()).await.unwrap();
        let c1 = &all.iter().find(|c| c.committee_code == C1).unwrap().result;
        assert!(c1.complete);
        assert_eq!(c1.frame_homes, 30);
        assert_eq!((c1.found, c1.registered), (3 * c1.homes_answered, 2 * c1.homes_answered));
        assert_eq!(c1.found_registered, 2 * c1.homes_answered);
        assert_eq!((c1.gone, c1.items, c1.items_correct), (0, 6 * c1.homes_answered, 6 * c1.homes_answered));
        let registration = c1.registration().unwrap();
        assert!((registration.value - 2.0 / 3.0).abs() < 1e-12, "two of three in every home");
        assert!(registration.low < registration.value && registration.value < registration.high);
        assert_eq!(c1.verdict(RateKind::Registration), Some(Verdict::Below));
        assert_eq!(
            c1.verdict(RateKind::Accuracy),
            Some(Verdict::Unclear),
            "fifteen homes, all right, cannot show 98 %"
        );
        let accuracy = c1.accuracy().unwrap();
        assert!((accuracy.value - 1.0).abs() < 1e-12 && accuracy.low < 1.0, "{accuracy:?}");
        assert!(c1.over().unwrap().value.abs() < 1e-12);
        let grids = results::of_survey_at(&reads, id, linli_surveys::codes::Level::Grid).await.unwrap();
        assert_eq!(grids.iter().map(|g| g.frame_homes).sum::<i64>(), 60);
    }
}
