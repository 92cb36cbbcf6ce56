//! The yearly evaluation (R28): published once, for a year that is over, without any small count.

use http::StatusCode;
use linli_platform::testing::Client;
use linli_surveys::evaluation::{self, Evaluation, Line};

use super::{
    past::{homes_of, month, month_of, seen},
    town::{C1, Town, areas, noon, towns},
};

/// Two rounds of 2026; in the first committee one resident, in one home, is not registered.
async fn year(town: &Town) {
    let one = homes_of(town, C1).await;
    let mut odd = true;
    month_of(town, "2026-08", |home| {
        let found = 2 + u32::from(one.contains(&home) && std::mem::take(&mut odd));
        seen(found, 2, 0)
    })
    .await;
    month(town, "2026-09", seen(2, 2, 0)).await;
}

async fn publish(town: &Town, year: i16) -> linli_platform::Result<()> {
    let tx = town.tx(&town.office).await;
    evaluation::publish(&tx, &town.pack, year).await?;
    tx.commit().await
}

#[tokio::test]
async fn a_year_is_published_once_and_stays_as_it_was() {
    for town in towns().await {
        year(&town).await;
        assert!(publish(&town, 2026).await.unwrap_err().is("evaluation-early"), "{}", town.test.engine);
        town.test.clock.set(noon("2026-12-01"));
        assert!(publish(&town, 2025).await.unwrap_err().is("evaluation-empty"));
        publish(&town, 2026).await.unwrap();
        let reads = town.store().reads();
        let first = evaluation::find(&reads, 2026).await.unwrap();
        // What is locked later is in no second edition.
        month(&town, "2026-10", seen(3, 2, 0)).await;
        assert!(publish(&town, 2026).await.unwrap_err().is("evaluation-published"));
        let later = evaluation::find(&reads, 2026).await.unwrap();
        assert_eq!((first.content, &first.digest), (later.content.clone(), &later.digest));
        assert_eq!(survey_sample::Digest::of(later.content.as_bytes()).to_string(), later.digest);
    }
}

#[tokio::test]
async fn a_round_under_way_keeps_its_year_from_being_published() {
    for town in towns().await {
        year(&town).await;
        town.framed().await;
        town.test.clock.set(noon("2026-12-01"));
        let told = publish(&town, 2026).await.unwrap_err();
        assert!(told.is("evaluation-unlocked"), "{}: {told:?}", town.test.engine);
    }
}

#[test]
fn years_share_no_month_so_that_none_can_be_subtracted_from_another() {
    let rounds = &policy_pack::Pack::embedded().scoring.rounds;
    for year in 2024..2030 {
        let (first, last) = evaluation::months(rounds, year);
        let (next, _) = evaluation::months(rounds, year + 1);
        assert!(first < last && last.next() == next, "{year}: {first} to {last}, then {next}");
        assert_eq!((evaluation::year_of(rounds, first), evaluation::year_of(rounds, last)), (year, year));
    }
}

#[tokio::test]
async fn the_one_resident_who_was_not_registered_cannot_be_told_from_what_is_published() {
    for town in towns().await {
        year(&town).await;
        town.test.clock.set(noon("2026-12-01"));
        publish(&town, 2026).await.unwrap();
        let everybody = Client::new(&town.app, &areas());
        let list = everybody.get("/evaluations").await;
        assert!(list.status == StatusCode::OK && list.text.contains("/evaluations/2026"), "{}", list.text);
        assert!(!list.text.contains("action=\"/evaluations\""), "whoever is not signed in publishes nothing");
        let page = everybody.get("/evaluations/2026").await;
        assert!(page.text.contains("柳塘村") && page.text.contains("不显示"), "{}: {}", town.test.engine, page.text);
        let file = everybody.get("/evaluations/2026/evaluation.json").await.text;
        let told: Evaluation = serde_json::from_str(&file).unwrap();
        // Two committees in two groups: 145 people in all, 144 of them registered. Neither the row, nor its group, nor the
        // whole; the other committee, where everybody is registered, may be seen.
        let shown = |l: &&Line| l.counts.is_some();
        assert!(told.people.lines.iter().filter(shown).all(|l| l.group.as_deref() == Some("D")), "{told:?}");
        assert_eq!(told.people.lines.iter().filter(shown).count(), 2);
        assert!(told.people.lines.iter().all(|l| l.total.is_some()), "how many people were counted tells nobody");
        for line in told.people.lines.iter().chain(&told.items.lines) {
            let counts = line.counts.iter().flatten().copied().chain(line.total);
            assert!(counts.into_iter().all(|n| n == 0 || n >= 5), "{line:?}");
        }
        assert_eq!(everybody.get("/evaluations/2026/draft").await.status, StatusCode::SEE_OTHER, "to sign in");
        assert_eq!(everybody.get("/evaluations/2025").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_office_looks_at_a_draft_and_publishes_by_its_page() {
    for town in towns().await {
        year(&town).await;
        town.test.clock.set(noon("2026-12-01"));
        let office = Client::signed_in(&town.app, &areas(), town.office.account).await;
        assert!(office.get("/evaluations").await.text.contains("/evaluations/2026/draft"), "{}", town.test.engine);
        let draft = office.get("/evaluations/2026/draft").await;
        assert!(draft.text.contains("2025-12") && draft.text.contains("尚未公布"), "{}", draft.text);
        let none = office.post("/evaluations", &[("year", "")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = office.post("/evaluations", &[("year", "2026")]).await;
        assert_eq!(made.location(), "/evaluations/2026", "{}", made.text);
        let again = office.post("/evaluations", &[("year", "2026")]).await;
        assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.text.contains("已经公布"), "{}", again.text);
        let secretary = Client::signed_in(&town.app, &areas(), town.secretary.account).await;
        assert_eq!(secretary.post("/evaluations", &[("year", "2026")]).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_paper_of_a_published_year_says_what_its_page_says_and_anybody_may_have_it() {
    for town in towns().await {
        year(&town).await;
        town.test.clock.set(noon("2026-12-01"));
        publish(&town, 2026).await.unwrap();
        let office = Client::signed_in(&town.app, &areas(), town.office.account).await;
        let everybody = Client::new(&town.app, &areas());
        let file = "/evaluations/2026/evaluation.pdf";
        let word = "/evaluations/2026/evaluation.docx";
        for file in [file, word] {
            assert_eq!(everybody.get(file).await.status, StatusCode::NOT_FOUND, "{}", town.test.engine);
        }
        assert!(!everybody.get("/evaluations/2026").await.text.contains("/evaluations/2026/paper"));
        let secretary = Client::signed_in(&town.app, &areas(), town.secretary.account).await;
        assert_eq!(secretary.post("/evaluations/2026/paper", &[]).await.status, StatusCode::FORBIDDEN);
        let issued = office.post("/evaluations/2026/paper", &[]).await;
        assert_eq!(issued.location(), "/evaluations/2026", "{}", issued.text);
        let paper = everybody.get(file).await;
        assert_eq!(paper.header("content-type"), "application/pdf");
        let digest = evaluation::find(&town.store().reads(), 2026).await.unwrap().digest;
        for words in ["青香人〔2026〕1号", "2025年12月至2026年11月共进行 2 次", "荷渡村", "不显示", digest.as_str()]
        {
            assert!(paper.text.contains(words), "{words}: {}", paper.text);
        }
        let in_word = everybody.get(word).await;
        assert!(in_word.header("content-type").ends_with("wordprocessingml.document"));
        assert!(in_word.text.contains("青香人〔2026〕1号") && in_word.text.contains(&digest), "{}", in_word.text);
        assert!(everybody.get("/evaluations/2026").await.text.contains(word));
        // The row with the one unregistered resident: the sum of people, and nothing else.
        let row = paper.text.split("[\"柳塘村\",").nth(1).unwrap().split(']').next().unwrap();
        assert_eq!(row.matches("不显示").count(), 6, "{row}");
        assert!(everybody.get("/evaluations/2026").await.text.contains(file));
        month(&town, "2026-10", seen(3, 2, 0)).await;
        assert_eq!(everybody.get(file).await.text, paper.text, "what is locked later changes no paper");
    }
}
