//! Plan, work led by the officer, another survey, delisting (R27).

use http::StatusCode;
use linli_platform::{
    access::Role,
    reader::{Reader, Scope},
    testing::Client,
};
use linli_surveys::{
    HomeObservation, HomesNow, ListingId, demo_round, listings,
    rectification::{self, Missing},
};

use super::{
    past::{month, past, seen},
    town::{C1, C2, Town, account, areas, noon, towns},
};

/// The first committee listed for September, and its officer.
async fn listed(town: &Town) -> (ListingId, Reader) {
    month(town, "2026-08", seen(3, 2, 0)).await;
    month(town, "2026-09", seen(3, 2, 0)).await;
    let all = listings::all(&town.store().reads()).await.unwrap();
    assert_eq!(all.len(), 1, "{}", town.test.engine);
    let grid = town.grids[0].to_string();
    let scope = Scope::Grids(vec![town.grids[0]]);
    (all[0].listing_id, account(town.store(), "officer", &[(Role::Officer, grid.as_str())], scope).await)
}

/// Surveys the first committee again after the plan, with these answers.
async fn again(town: &Town, day: u8, found: HomeObservation) {
    let at = |day: u8| noon(&format!("2026-11-{day:02}"));
    let mut round = past(town, "2026-11");
    round.committee = Some(C1.into());
    round.times.framed = at(day);
    (round.times.announced, round.times.drawn, round.times.assigned) = (at(day), at(day), at(day));
    (round.times.answered, round.times.locked) = (at(day + 1), at(day + 2));
    let tx = town.tx(&Reader::system()).await;
    let homes = HomesNow::read(&tx, Some(C1)).await.unwrap();
    demo_round(&tx, &town.pack, &homes, &round, |_| found.clone()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn missing(town: &Town, id: ListingId) -> Vec<Missing> {
    let reads = town.store().reads();
    rectification::missing(&reads, &listings::find(&reads, id).await.unwrap()).await.unwrap()
}

async fn delist(town: &Town, id: ListingId) -> linli_platform::Result<()> {
    let tx = town.tx(&town.office).await;
    listings::delist(&tx, id).await?;
    tx.commit().await
}

#[tokio::test]
async fn a_listing_ends_after_plan_work_and_a_survey_that_does_not_put_it_below_by_more_than_chance() {
    for town in towns().await {
        let (id, officer) = listed(&town).await;
        assert!(delist(&town, id).await.unwrap_err().is("listing-needs-plan"), "{}", town.test.engine);
        let tx = town.tx(&officer).await;
        rectification::file(&tx, id, "两幢出租房多，登记跟不上；月底前逐户核一遍。").await.unwrap();
        assert!(rectification::file(&tx, id, "再来一份").await.unwrap_err().is("listing-planned"));
        let day = "2026-11-25".parse().unwrap();
        assert_eq!(rectification::add_step(&tx, id, "一号楼逐户上门", day).await.unwrap(), 1);
        assert_eq!(rectification::add_step(&tx, id, "二号楼逐户上门", day).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(missing(&town, id).await, [Missing::Steps, Missing::Survey]);
        let tx = town.tx(&officer).await;
        for line in [1, 2] {
            rectification::complete(&tx, id, line).await.unwrap();
        }
        assert!(rectification::complete(&tx, id, 2).await.unwrap_err().is("stale-version"));
        assert!(rectification::complete(&tx, id, 3).await.unwrap_err().is("not-found"));
        tx.commit().await.unwrap();
        // The rounds before the plan say nothing of what it has brought.
        assert_eq!(missing(&town, id).await, [Missing::Survey]);
        again(&town, 21, seen(3, 2, 0)).await;
        assert_eq!(missing(&town, id).await, [Missing::StillBelow]);
        assert!(delist(&town, id).await.unwrap_err().is("listing-still-below"));
        again(&town, 24, seen(2, 2, 0)).await;
        assert_eq!(missing(&town, id).await, []);
        delist(&town, id).await.unwrap();
        assert!(delist(&town, id).await.unwrap_err().is("listing-over"));
        let reads = town.store().reads();
        assert_eq!(listings::open(&reads, "2026-11".parse().unwrap()).await.unwrap().len(), 1, "it stood in November");
        assert!(listings::open(&reads, "2026-12".parse().unwrap()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_officer_of_the_committee_plans_and_nobody_else() {
    for town in towns().await {
        let (id, officer) = listed(&town).await;
        let tx = town.tx(&officer).await;
        let day = "2026-11-25".parse().unwrap();
        for (told, rule) in [
            (rectification::add_step(&tx, id, "上门", day).await.map(drop), "listing-needs-plan"),
            (rectification::file(&tx, id, " ").await, "listing-plan-words"),
            (rectification::file(&tx, id, "请找 13900001111").await, "free-text-number"),
        ] {
            assert!(told.unwrap_err().is(rule), "{}: {rule}", town.test.engine);
        }
        rectification::file(&tx, id, "逐户核对").await.unwrap();
        let past = rectification::add_step(&tx, id, "上门", "2026-11-19".parse().unwrap()).await;
        assert!(past.unwrap_err().is("listing-step-day"));
        tx.commit().await.unwrap();
        let scope = Scope::Grids(vec![town.grids[2]]);
        let far = account(town.store(), "far", &[(Role::Officer, town.grids[2].to_string().as_str())], scope).await;
        let tx = town.tx(&far).await;
        assert!(rectification::add_step(&tx, id, "上门", day).await.unwrap_err().is("listing-elsewhere"));
        assert!(listings::list(&tx, &town.pack, C1, "weak-spot").await.unwrap_err().is("listing-elsewhere"));
        assert!(listings::list(&tx, &town.pack, C2, "weak-spot").await.is_ok(), "the own area");
        drop(tx);
        let scope = Scope::Grids(vec![town.grids[0]]);
        let leader =
            account(town.store(), "leader", &[(Role::GridLeader, town.grids[0].to_string().as_str())], scope).await;
        let tx = town.tx(&leader).await;
        assert!(rectification::add_step(&tx, id, "上门", day).await.unwrap_err().is("listing-officer-leads"));
    }
}

#[tokio::test]
async fn a_listing_by_its_pages_says_whether_the_difference_is_more_than_chance() {
    for town in towns().await {
        let (id, officer) = listed(&town).await;
        let path = format!("/surveys/listings/{id}");
        let client = async |reader: &Reader| Client::signed_in(&town.app, &areas(), reader.account).await;
        let (officer, office) = (client(&officer).await, client(&town.office).await);
        let list = office.get("/surveys/listings").await;
        assert!(list.text.contains(&path), "{}", list.text);
        let shown = office.get(&path).await.text;
        for words in ["2026-08", "2026-09", "66.7%", "差异超出抽样的偶然", "社区民警提交整改方案"] {
            assert!(shown.contains(words), "{}: {words} in {shown}", town.test.engine);
        }
        assert!(!shown.contains("/delisting\""), "nothing to press before it can end");
        let refused = office.post(&format!("{path}/delisting"), &[]).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("提交整改方案"));
        assert_eq!(office.post(&format!("{path}/plan"), &[("words", "x")]).await.status, StatusCode::FORBIDDEN);
        let empty = officer.post(&format!("{path}/plan"), &[("words", "")]).await;
        assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text.contains("href=\"#f-words\""));
        let filed = officer.post(&format!("{path}/plan"), &[("words", "逐户核对")]).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text);
        let undated = officer.post(&format!("{path}/steps"), &[("step", "一号楼"), ("until", "")]).await;
        assert!(undated.status == StatusCode::UNPROCESSABLE_ENTITY && undated.text.contains("value=\"一号楼\""));
        let step = [("step", "一号楼"), ("until", "2026-11-25")];
        assert_eq!(officer.post(&format!("{path}/steps"), &step).await.status, StatusCode::SEE_OTHER);
        assert!(officer.get(&path).await.text.contains("/steps/1/completion"));
        let done = officer.post(&format!("{path}/steps/1/completion"), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let shown = office.get(&path).await.text;
        assert!(shown.contains("2026-11-20 完成") && shown.contains("安排这个村居的复测"), "{shown}");
    }
}

#[tokio::test]
async fn the_notice_of_a_listing_is_a_numbered_paper_that_the_work_after_it_does_not_change() {
    for town in towns().await {
        let (id, officer) = listed(&town).await;
        let path = format!("/surveys/listings/{id}");
        let client = async |reader: &Reader| Client::signed_in(&town.app, &areas(), reader.account).await;
        let (work, office) = (client(&officer).await, client(&town.office).await);
        let draft = office.get(&format!("{path}/notice.pdf")).await.text;
        for words in ["柳塘村村民委员会", "2026年9月", "66.7%", "差异超出抽样的偶然", "社区民警"]
        {
            assert!(draft.contains(words), "{}: {words} in {draft}", town.test.engine);
        }
        assert!(!draft.contains("青香人"), "a draft has no number");
        let word = office.get(&format!("{path}/notice.docx")).await;
        assert!(word.header("content-type").ends_with("wordprocessingml.document"));
        assert!(word.text.contains("柳塘村村民委员会") && !word.text.contains("青香人"), "{}", word.text);
        assert_eq!(work.post(&format!("{path}/notice"), &[]).await.status, StatusCode::FORBIDDEN);
        let issued = office.post(&format!("{path}/notice"), &[]).await;
        assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}", issued.text);
        let kept = office.get(&format!("{path}/notice.pdf")).await.text;
        assert!(kept.contains("青香人〔2026〕1号"), "{kept}");
        let word = office.get(&format!("{path}/notice.docx")).await.text;
        assert!(word.contains("青香人〔2026〕1号") && office.get(&path).await.text.contains("/notice.docx"), "{word}");
        let tx = town.tx(&officer).await;
        rectification::file(&tx, id, "逐户核对").await.unwrap();
        rectification::add_step(&tx, id, "一号楼", "2026-11-25".parse().unwrap()).await.unwrap();
        rectification::complete(&tx, id, 1).await.unwrap();
        tx.commit().await.unwrap();
        again(&town, 21, seen(2, 2, 0)).await;
        let shown = office.get(&path).await.text;
        assert!(
            shown.contains("青香人〔2026〕1号") && !shown.contains(&format!("action=\"{path}/notice\"")),
            "{shown}"
        );
        delist(&town, id).await.unwrap();
        assert_eq!(office.get(&format!("{path}/notice.pdf")).await.text, kept);
        let over = office.post(&format!("{path}/notice"), &[]).await;
        assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", over.text);
    }
}
