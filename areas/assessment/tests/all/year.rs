//! The assessment year, trials of other points, and scores computed again.

use linli_assessment::{
    entries::{self, EntryKey},
    round, scheme, scores,
    seal::{self, Seal},
    year::{self, YearFrame},
};
use linli_platform::{access::Role, clock::Month, reader::Reader, store::Query as _, testing};
use policy_pack::Pack;

use crate::{MONTH, Office, areas, offices};

#[tokio::test]
async fn a_final_score_comes_out_the_same_when_it_is_computed_again_from_what_was_kept() {
    for office in offices().await {
        office.enter(&office.code, EntryKey::SignsMissing, 3).await.unwrap();
        office.enter(&office.code, EntryKey::Outside, 725).await.unwrap();
        office.enter(&office.code, EntryKey::Bonus, 107).await.unwrap();
        office.compute().await.unwrap();
        let q = office.test.store.reads();
        assert_eq!(scheme::kept(&q, MONTH).await.unwrap().unwrap(), scheme::Scheme::of(&office.app.pack));
        assert_eq!(scheme::differences(&q, MONTH).await.unwrap(), Some(vec![]), "{}", office.test.engine);
        // Whoever changes a stored score, and not what it rests on, is found out.
        let tx = office.test.store.begin(&Reader::system()).await.unwrap();
        let sql = "UPDATE assessment_score SET total = total + 50 WHERE division_code = $1 AND committee_code = $2";
        tx.execute(sql, linli_platform::vals![tx.division(), office.code.as_str()]).await.unwrap();
        let name = scores::of_month(&tx, MONTH).await.unwrap();
        let name = name.into_iter().find(|s| s.committee_code == office.code).unwrap().name;
        assert_eq!(scheme::differences(&tx, MONTH).await.unwrap(), Some(vec![name]));
    }
}

#[tokio::test]
async fn a_final_month_is_sealed_and_a_change_of_findings_and_scores_together_is_found_out() {
    for office in offices().await {
        office.enter(&office.code, EntryKey::SignsMissing, 3).await.unwrap();
        office.compute().await.unwrap();
        office.publish().await;
        let q = office.test.store.reads();
        assert_eq!(seal::check(&q, MONTH).await.unwrap(), Seal::None, "a month that moves has no seal");
        office.finalise().await.unwrap();
        assert_eq!(seal::check(&q, MONTH).await.unwrap(), Seal::Holds, "{}", office.test.engine);
        let account = testing::account(&office.test.store, "assessor", &[(Role::Assessor, testing::DIVISION)]).await;
        let client = testing::Client::signed_in(&office.app, &areas(), account).await;
        assert!(client.get("/assessment/2026-10").await.text.contains("与定分时的封存一致"));
        // The committee's three missing signs are taken away, and the points given back everywhere they stand.
        let tx = office.test.store.begin(&Reader::system()).await.unwrap();
        let of = linli_platform::vals![tx.division(), office.code.as_str()];
        let at = "WHERE division_code = $1 AND committee_code = $2";
        let found =
            r#"{"count":0,"rate_percent":null,"members":0,"items_done":0,"workdays":0,"entered_hundredths":null}"#;
        let line =
            format!("UPDATE assessment_line SET deducted = 0, found = '{found}' {at} AND item_id = 'notice-signs'");
        assert_eq!(tx.execute(&line, of.clone()).await.unwrap(), 1);
        let again =
            scheme::score(&scheme::kept(&tx, MONTH).await.unwrap().unwrap(), &scheme::basis(&tx, MONTH).await.unwrap());
        for s in again {
            let sql = "UPDATE assessment_score SET deducted = $3, total = $4, rank_in_group = $5, rank_overall = $6
                       WHERE division_code = $1 AND committee_code = $2";
            let (deducted, total) = (s.deducted.hundredths(), s.total.hundredths());
            let committee = s.committee.as_str();
            let values =
                linli_platform::vals![tx.division(), committee, deducted, total, s.rank_in_group, s.rank_overall];
            tx.execute(sql, values).await.unwrap();
        }
        assert_eq!(scheme::differences(&tx, MONTH).await.unwrap(), Some(vec![]), "the arithmetic still agrees");
        assert_eq!(seal::check(&tx, MONTH).await.unwrap(), Seal::Broken);
    }
}

#[tokio::test]
async fn a_trial_changes_points_and_ranks_and_nothing_that_is_stored() {
    for office in offices().await {
        office.enter(&office.code, EntryKey::SignsMissing, 1).await.unwrap();
        office.compute().await.unwrap();
        let q = office.test.store.reads();
        let basis = scheme::basis(&q, MONTH).await.unwrap();
        let now = scheme::Scheme::of(&office.app.pack);
        let mut milder = now.clone();
        let signs = milder.items.iter_mut().find(|i| i.id == "notice-signs").unwrap();
        signs.deduction = policy_pack::Deduction::PerMissing { points_each: policy_pack::Points::from_hundredths(1) };
        let of = |scheme: &scheme::Scheme| {
            scheme::score(scheme, &basis).into_iter().find(|s| s.committee == office.code).unwrap().total.hundredths()
        };
        assert_eq!(of(&milder) - of(&now), 99, "{}", office.test.engine);
        let account = testing::account(&office.test.store, "assessor", &[(Role::Assessor, testing::DIVISION)]).await;
        let client = testing::Client::signed_in(&office.app, &areas(), account).await;
        let page = client.get("/assessment/2026-10/trial?notice-signs.each=0.01").await;
        assert!(page.status.as_u16() == 200 && page.text.contains("+0.99"), "{}", page.text);
        let whole = client.get("/assessment/2026-10/trial?survey.target=97.5").await;
        assert!(whole.status.as_u16() == 422 && whole.text.contains("97.5"), "a target is a whole number");
        let wrong = client.get("/assessment/2026-10/trial?notice-signs.each=viel").await;
        assert!(wrong.status.as_u16() == 422 && wrong.text.contains("viel"));
        assert_eq!(scheme::differences(&q, MONTH).await.unwrap(), Some(vec![]));
    }
}

#[tokio::test]
async fn a_proposed_scheme_is_tried_on_a_month_before_it_takes_effect() {
    for office in offices().await {
        office.enter(&office.code, EntryKey::SignsMissing, 1).await.unwrap();
        office.compute().await.unwrap();
        let mut files = Pack::embedded_files();
        let text = files.get_mut("scoring.toml").unwrap();
        let item = text.find("id = \"notice-signs\"").unwrap();
        let each = item + text[item..].find("points_each = 1 ").unwrap();
        text.replace_range(each..each + "points_each = 1 ".len(), "points_each = 0.25 ");
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in &files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        linli_platform::policy::in_force(&office.test.store, Pack::embedded(), &Pack::embedded_files()).await.unwrap();
        let tx = office.test.store.begin(&office.reader(Role::SystemAdmin)).await.unwrap();
        linli_platform::policy::propose(&office.app, &tx, folder.path()).await.unwrap();
        tx.commit().await.unwrap();
        let digest = linli_platform::policy::pack_of(&files).unwrap().digest();
        let account = testing::account(&office.test.store, "assessor", &[(Role::Assessor, testing::DIVISION)]).await;
        let client = testing::Client::signed_in(&office.app, &areas(), account).await;
        let path = "/assessment/2026-10/trial";
        let now = client.get(path).await.text;
        assert!(now.contains(&format!("{path}?scheme={digest}")) && !now.contains("+0.75"), "{now}");
        let then = client.get(&format!("{path}?scheme={digest}")).await.text;
        assert!(then.contains("+0.75"), "a sign costs a quarter of a point then: {then}");
        assert_eq!(client.get(&format!("{path}?scheme=none")).await.status.as_u16(), 404);
    }
}

#[test]
fn the_year_runs_from_december_to_november() {
    let rounds = &Pack::embedded().scoring.rounds;
    let month = |year, month| Month { year, month };
    let frame = YearFrame::of(rounds, month(2025, 12));
    assert_eq!(
        (frame.year, frame.first, frame.second, frame.last),
        (2026, month(2025, 12), month(2026, 6), month(2026, 11))
    );
    assert_eq!(YearFrame::of(rounds, month(2026, 11)), frame);
    assert_eq!(YearFrame::named(rounds, 2026), frame);
    assert_eq!(frame.months().len(), 12);
}

impl Office {
    /// Twelve months of scores: the committee loses a sign's points in the first half and has bonus points in the second.
    async fn year(&self, frame: YearFrame, final_months: usize) {
        for (n, month) in frame.months().into_iter().enumerate() {
            let tx = self.test.store.begin(&self.reader(Role::Assessor)).await.unwrap();
            let (key, number) = if n < 6 { (EntryKey::SignsMissing, 1) } else { (EntryKey::Bonus, 300) };
            entries::enter(&tx, month, &self.code, key, Some(number)).await.unwrap();
            scores::compute(&self.app, &tx, month).await.unwrap();
            let version = round::find(&tx, month).await.unwrap().unwrap().version;
            round::publish(&tx, month, version).await.unwrap();
            if n < final_months {
                round::finalise(&tx, month, version + 1).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_year_becomes_final_with_its_last_month_and_then_moves_no_more() {
    for office in offices().await {
        let frame = YearFrame::of(&office.app.pack.scoring.rounds, MONTH);
        office.year(frame, 11).await;
        let pack = &office.app.pack;
        let tx = office.test.store.begin(&office.reader(Role::Assessor)).await.unwrap();
        assert!(year::finalise(&tx, pack, frame).await.unwrap_err().is("year-months-open"), "{}", office.test.engine);
        assert!(year::hand_on(&tx, pack, frame, "district-recipients").await.unwrap_err().is("year-not-final"));
        round::finalise(&tx, frame.last, 2).await.unwrap();
        year::finalise(&tx, pack, frame).await.unwrap();
        year::hand_on(&tx, pack, frame, "district-recipients").await.unwrap();
        assert!(year::hand_on(&tx, pack, frame, "district-recipients").await.unwrap_err().is("year-handed-on"));
        assert!(year::hand_on(&tx, pack, frame, "somebody").await.unwrap_err().is("not-found"));
        year::consequence(&tx, frame, &office.code, Some("commended")).await.unwrap();
        assert!(year::consequence(&tx, frame, &office.code, Some("stocks")).await.unwrap_err().is("consequence"));
        tx.commit().await.unwrap();

        let q = office.test.store.reads();
        let found = year::find(&q, pack, frame).await.unwrap();
        let own = found.scores.iter().find(|s| s.committee_code == office.code).unwrap();
        let other =
            found.scores.iter().find(|s| s.committee_code != office.code && s.group_code == own.group_code).unwrap();
        assert_eq!((own.months, own.rank_in_group, own.consequence.as_deref()), (12, 1, Some("commended")));
        assert_eq!(other.first_half.unwrap() - own.first_half.unwrap(), 100, "a sign each month");
        assert_eq!(own.second_half.unwrap() - other.second_half.unwrap(), 300, "bonus each month");
        assert_eq!(own.mean - other.mean, 100);
        assert!(own.first_rank.unwrap() > 1 && own.second_rank == Some(1));
        let handings = year::handings(&q, pack, frame).await.unwrap();
        assert_eq!(
            handings.iter().map(|h| (h.by.to_string(), h.handed_at.is_some())).collect::<Vec<_>>(),
            [("2026-11-30".to_owned(), false), ("2026-12-10".to_owned(), true),]
        );
        let tx = office.test.store.begin(&office.reader(Role::Assessor)).await.unwrap();
        assert!(year::finalise(&tx, pack, frame).await.unwrap_err().is("year-final"));
    }
}

#[tokio::test]
async fn the_pages_of_a_year_show_it_and_hand_out_its_table() {
    let office = offices().await.remove(0);
    let frame = YearFrame::of(&office.app.pack.scoring.rounds, MONTH);
    let account = testing::account(&office.test.store, "assessor", &[(Role::Assessor, testing::DIVISION)]).await;
    let client = testing::Client::signed_in(&office.app, &areas(), account).await;
    assert!(client.get("/assessment/years/2026").await.text.contains("还没有已发布的月份"));
    assert_eq!(client.get("/assessment/years/2026/scores.xlsx").await.status.as_u16(), 404);
    office.year(frame, 12).await;
    assert_eq!(client.post("/assessment/years/2026/finalisation", &[]).await.status.as_u16(), 303);
    let page = client.get("/assessment/years/2026").await;
    assert!(page.status.as_u16() == 200 && page.text.contains("年度定分"), "{}", page.text);
    assert_eq!(client.get("/assessment/years/2026/scores.xlsx").await.status.as_u16(), 200);
    for missing in ["/assessment/years/x", "/assessment/years/1", "/assessment/years/2026/other.pdf"] {
        assert_eq!(client.get(missing).await.status.as_u16(), 404, "{missing}");
    }
}
