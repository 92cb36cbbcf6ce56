//! A part of the homes is asked twice, by somebody who does not know it.

use std::{collections::BTreeMap, process::Command};

use linli_platform::{
    access::Role,
    reader::{Reader, Scope},
    testing::{self, Client},
};
use linli_register::HomeId;
use linli_surveys::{
    HomeObservation, RoundReceipt, SurveyId, VerifyError, again, assign,
    codes::{Compare, Item, Kept, KeptWhy},
    frame, locks, results, rounds, verify_files,
};
use linli_work::tasks;

use super::{
    answers::{answer, answering},
    past::seen,
    town::{self, Town, areas, towns},
};

fn surveyor(town: &Town, account: linli_platform::ids::AccountId) -> &Reader {
    town.surveyors.iter().find(|s| s.account == account).unwrap()
}

/// Both answers to a home that is asked twice.
async fn both(town: &Town, id: SurveyId, home: HomeId, first: &HomeObservation, second: &HomeObservation) {
    let drawn = town.drawn_homes(id).await.into_iter().find(|h| h.home_id == home).unwrap();
    let other = town.twice(id).await.into_iter().find(|(h, _)| *h == home).unwrap().1;
    answer(town, surveyor(town, drawn.account_id.unwrap()), id, home, first).await.unwrap();
    answer(town, surveyor(town, other), id, home, second).await.unwrap();
}

/// Answers everything; at the first home asked twice the second surveyor finds one person more and a wrong mobile.
async fn with_one_difference(town: &Town, id: SurveyId) -> HomeId {
    for who in &town.surveyors {
        for home in town.asked_once(id, who).await {
            answer(town, who, id, home, &seen(2, 2, 0)).await.unwrap();
        }
    }
    let twice = town.twice(id).await;
    for (home, _) in &twice[1..] {
        both(town, id, *home, &seen(2, 2, 0), &seen(2, 2, 0)).await;
    }
    let mut second = seen(3, 2, 1);
    second.wrong = BTreeMap::from([(Item::Phone, 1)]);
    both(town, id, twice[0].0, &seen(2, 2, 0), &second).await;
    twice[0].0
}

async fn open_tasks(town: &Town, home: HomeId) -> Vec<String> {
    let coordinator = testing::in_grids(town.store(), Role::Coordinator, &[town.drawn_grid(home).await]);
    let all = tasks::for_home(&town.store().reads(), &coordinator, home).await.unwrap();
    all.into_iter().map(|t| t.note_masked).collect()
}

async fn decide(town: &Town, who: &Reader, id: SurveyId, kept: Kept) -> linli_platform::Result<()> {
    let tx = town.tx(who).await;
    again::decide(&town.app, &tx, id, 1, kept, KeptWhy::NotAllAsked).await?;
    tx.commit().await
}

#[tokio::test]
async fn the_seed_says_which_homes_are_asked_twice_and_another_surveyor_goes_there() {
    for town in towns().await {
        let id = answering(&town).await;
        let drawn = town.drawn_homes(id).await;
        let twice = town.twice(id).await;
        assert_eq!(twice.len(), 3.max((drawn.len() * 5).div_ceil(100)), "{}", town.test.engine);
        for (home, second) in twice {
            let first = drawn.iter().find(|h| h.home_id == home).unwrap();
            assert_ne!(first.account_id, Some(second));
            let there = drawn.iter().filter(|h| h.committee_code == first.committee_code);
            assert!(there.clone().any(|h| h.account_id == Some(second)), "one who is in the committee anyway");
            let mine = assign::mine(&town.store().reads(), surveyor(&town, second)).await.unwrap();
            assert_eq!(mine.iter().filter(|h| h.home_id == home).count(), 1);
        }
    }
}

#[tokio::test]
async fn the_second_surveyor_sees_a_home_like_any_other() {
    for town in towns().await {
        let (app, areas) = (testing::app(town.store(), &areas()), areas());
        let id = answering(&town).await;
        let (home, second) = town.twice(id).await[0];
        let first = town.drawn_homes(id).await.into_iter().find(|h| h.home_id == home).unwrap().account_id.unwrap();
        let mut found = seen(3, 2, 1);
        found.seen_at = None;
        answer(&town, surveyor(&town, first), id, home, &found).await.unwrap();

        let client = Client::signed_in(&app, &areas, second).await;
        let list = client.get("/surveys/mine").await.text;
        let path = format!("/surveys/{id}/homes/{home}");
        assert!(list.contains(&path));
        let door = client.get(&path).await.text;
        let round = client.get(&format!("/surveys/{id}")).await.text;
        for page in [&list, &door, &round] {
            assert!(!page.contains("复测") && !page.contains("第二次"), "{page}");
        }
        assert!(!door.contains(" checked"), "nothing of the first answer: {door}");
        let entry = list.split("<a class=\"card stop").find(|part| part.contains(&path)).unwrap();
        assert!(entry.contains("待测查"), "the state is the own one: {entry}");
        assert!(open_tasks(&town, home).await.is_empty(), "nothing is put right before both were there");
    }
}

#[tokio::test]
async fn where_the_two_differ_somebody_decides_and_both_answers_stay() {
    for town in towns().await {
        let id = answering(&town).await;
        let home = with_one_difference(&town, id).await;
        let reads = town.store().reads();
        let found = again::agreement(&reads, id, 0.95).await.unwrap();
        assert_eq!((found.homes.len(), found.differing(), found.undecided(), found.untried), (3, 1, 1, 0));
        let by_item: Vec<_> = Compare::ALL.iter().copied().filter(|i| found.differing_in(*i) > 0).collect();
        assert_eq!(by_item, [Compare::Found, Compare::Unregistered, Compare::Phone]);
        let interval = found.interval(1);
        assert!(interval.low < 1.0 / 3.0 && interval.high > 1.0 / 3.0);
        assert!(town.lock(id).await.is_err_and(|e| e.is("survey-undecided")), "{}", town.test.engine);
        assert!(open_tasks(&town, home).await.is_empty());

        decide(&town, &town.office, id, Kept::Second).await.unwrap();
        assert_eq!(open_tasks(&town, home).await, ["联系电话有误 1；在住未登记（人） 1"]);
        // Another answer undoes the decision, and what it asked for.
        let second = town.twice(id).await[0].1;
        answer(&town, surveyor(&town, second), id, home, &seen(4, 2, 0)).await.unwrap();
        assert_eq!(again::agreement(&reads, id, 0.95).await.unwrap().undecided(), 1);
        assert!(open_tasks(&town, home).await.is_empty());
        decide(&town, &town.office, id, Kept::Second).await.unwrap();

        town.lock(id).await.unwrap();
        town.countersign(&town.assessor, id).await.unwrap();
        let all = results::division_for_month(&reads, "2026-11".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(all.found, 2 * all.homes_answered + 2, "the second answer counts");
        let kept = again::agreement(&reads, id, 0.95).await.unwrap().homes.remove(0);
        assert_eq!((kept.first.found, kept.second.found), (2, 4), "both stay");
        assert_eq!((kept.kept.as_deref(), kept.reason.as_deref()), (Some("second"), Some("not-all-asked")));
        let round = rounds::find(&reads, id).await.unwrap();
        assert_eq!((round.asked_twice, round.differing), (Some(3), Some(1)));
        assert!(decide(&town, &town.office, id, Kept::First).await.is_err_and(|e| e.is("survey-locked")));
    }
}

#[tokio::test]
async fn the_office_compares_and_decides_on_the_page_of_the_round() {
    for town in towns().await {
        let (app, areas) = (testing::app(town.store(), &areas()), areas());
        let id = answering(&town).await;
        with_one_difference(&town, id).await;
        let office = Client::signed_in(&app, &areas, town.office.account).await;
        let secretary = Client::signed_in(&app, &areas, town.secretary.account).await;
        let round = format!("/surveys/{id}");
        let shown = office.get(&round).await.text;
        assert!(shown.contains("1/3 · 33.3%") && shown.contains("1 户待认定"), "{shown}");
        assert!(!secretary.get(&round).await.text.contains("复测"), "not before it is signed");
        let lock = office.post(&format!("{round}/lock"), &[]).await;
        assert_eq!(lock.status, 422);
        assert!(lock.text.contains("还有 1 户两次答案不同没有认定"), "{}", lock.text);
        let decisions = format!("{round}/decisions");
        let half = office.post(&decisions, &[("place", "1"), ("kept", "second"), ("reason", "")]).await;
        assert_eq!(half.status, 422);
        assert!(half.text.contains("href=\"#f-again-1\"") && half.text.contains("value=\"second\" required checked"));
        let choice = [("place", "1"), ("kept", "second"), ("reason", "not-all-asked")];
        assert_eq!(secretary.post(&decisions, &choice).await.status, 403);
        assert_eq!(office.post(&decisions, &choice).await.status, 303);
        let none = office.post(&decisions, &[("place", "2"), ("kept", "first"), ("reason", "moved")]).await;
        assert_eq!(none.status, 422);
        assert_eq!(office.post(&format!("{round}/lock"), &[]).await.status, 303);
        let assessor = Client::signed_in(&app, &areas, town.assessor.account).await;
        let to_sign = assessor.get(&round).await.text;
        assert!(to_sign.contains("以第二次为准 · 另一次没有问全"), "{to_sign}");
        town.countersign(&town.assessor, id).await.unwrap();
        let public = secretary.get(&round).await.text;
        assert!(public.contains("其中 3 户由另一名测查员再问了一次，1 户两次答案不同"), "{public}");
    }
}

#[tokio::test]
async fn whoever_decided_does_not_countersign() {
    for town in towns().await {
        let id = answering(&town).await;
        with_one_difference(&town, id).await;
        decide(&town, &town.office, id, Kept::First).await.unwrap();
        let office = [(Role::PopulationOffice, "")];
        let other = town::account(town.store(), "office2", &office, Scope::Division).await;
        let tx = town.tx(&other).await;
        locks::lock(&town.app, &tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let own = town.countersign(&town.office, id).await;
        assert!(own.is_err_and(|e| e.is("survey-own-decision")), "{}", town.test.engine);
        town.countersign(&town.assessor, id).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_gets_both_interviews_of_a_home_by_handing_over() {
    for town in towns().await {
        let id = answering(&town).await;
        let (home, second) = town.twice(id).await[0];
        let first = town.drawn_homes(id).await.into_iter().find(|h| h.home_id == home).unwrap().account_id.unwrap();
        for (from, to) in [(first, second), (second, first)] {
            let tx = town.tx(&town.office).await;
            let refused = assign::hand_over(&tx, id, from, to).await;
            assert!(refused.is_err_and(|e| e.is("survey-surveyor-had-home")), "{}", town.test.engine);
        }
    }
}

#[tokio::test]
async fn anybody_can_repeat_the_second_draw_from_the_receipt() {
    for town in towns().await {
        let id = answering(&town).await;
        with_one_difference(&town, id).await;
        decide(&town, &town.office, id, Kept::First).await.unwrap();
        town.lock(id).await.unwrap();
        town.countersign(&town.assessor, id).await.unwrap();
        let reads = town.store().reads();
        let receipt = rounds::papers(&reads, id).await.unwrap().receipt.unwrap();
        let csv = frame::csv(&reads, id).await.unwrap();
        verify_files(&receipt, &csv).unwrap();
        let mut other: RoundReceipt = serde_json::from_str(&receipt).unwrap();
        let twice = other.results.as_mut().unwrap().again.as_mut().unwrap();
        assert_eq!((twice.asked_twice, twice.differing), (3, 1));
        let drawn = other.receipts[0].households.iter().map(|h| h.pseudonym.clone());
        let exchanged = drawn.into_iter().find(|p| !twice.homes.contains(p)).unwrap();
        twice.homes[1] = exchanged;
        let other = other.to_json();
        assert!(matches!(verify_files(&other, &csv), Err(VerifyError::Again)), "{}", town.test.engine);
        for (receipt, accepted) in [(&receipt, true), (&other, false)] {
            assert_eq!(by_the_script(receipt, &csv).unwrap_or(accepted), accepted);
        }
    }
}

/// Whether `docs/verify-draw.py` accepts a receipt; `None` where there is no Python.
fn by_the_script(receipt: &str, csv: &str) -> Option<bool> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verify-draw.py");
    let (receipt, csv) = (file("receipt.json", receipt), file("frame.csv", csv));
    let out = Command::new("python3").arg(script).arg(receipt).arg(csv).output().ok();
    Some(out?.status.success())
}
