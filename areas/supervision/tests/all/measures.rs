//! Measures by post, with the right to be heard.

use linli_platform::{Result, access::Action};
use linli_supervision::{MeasureId, Neglect, NewMeasure, be_heard, decide, drop_measure, find_measure, propose};
use policy_pack::MeasureKind;

use super::town::{Town, hour, towns};

async fn proposed(town: &Town, by: &str, whom: &str, kind: MeasureKind) -> Result<MeasureId> {
    let staff = town.staff(whom).await;
    let tx = town.store().begin(&town.reader(by, Action::MeasureDecide).await).await.unwrap();
    let new = NewMeasure { staff, kind, neglect: Neglect::NotCorrected, finding: None, words: "两次逾期".into() };
    let id = propose(&town.app, &tx, new).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn each_post_knows_its_measures_and_each_side_oversees_the_others() {
    use MeasureKind::{Admonition, BonusWithheld, Talk};
    for town in towns().await {
        for (by, whom, kind, refused) in [
            ("secretary", "leader", Talk, None),
            ("secretary", "leader", Admonition, Some("measure-kind")),
            ("secretary", "anna", BonusWithheld, None),
            ("station", "officer", Admonition, None),
            ("station", "leader", Talk, None),
            ("station", "guard", Talk, Some("measure-whom")),
            ("secretary", "far-officer", Admonition, Some("measure-whom")),
            ("population-office", "anna", BonusWithheld, None),
            ("population-office", "officer", BonusWithheld, Some("measure-kind")),
            ("station", "anna", BonusWithheld, None),
        ] {
            let told = proposed(&town, by, whom, kind).await.err().map(|e| e.code);
            assert_eq!(told, refused, "{}: {by} {whom} {kind}", town.test.engine);
        }
    }
}

#[tokio::test]
async fn nothing_is_decided_before_the_colleague_was_heard_or_let_the_time_pass() {
    for town in towns().await {
        let first = proposed(&town, "population-office", "anna", MeasureKind::BonusWithheld).await.unwrap();
        let second = proposed(&town, "population-office", "anna", MeasureKind::BonusWithheld).await.unwrap();
        let office = town.reader("population-office", Action::MeasureDecide).await;
        let anna = town.reader("anna", Action::MeasureRead).await;
        let tx = town.store().begin(&office).await.unwrap();
        assert!(decide(&tx, first, 1, "逾期两次").await.unwrap_err().is("measure-unheard"), "{}", town.test.engine);
        assert!(be_heard(&tx, first, 1, "替她说").await.unwrap_err().is("measure-not-own"));
        drop(tx);
        let tx = town.store().begin(&anna).await.unwrap();
        be_heard(&tx, first, 1, "那两天在培训").await.unwrap();
        assert!(decide(&tx, first, 2, "自己决定").await.unwrap_err().is("measure-whom"));
        tx.commit().await.unwrap();
        let tx = town.store().begin(&office).await.unwrap();
        drop_measure(&tx, first, 2, "情况属实，不予处理").await.unwrap();
        assert!(decide(&tx, first, 3, "还是处理").await.unwrap_err().is("measure-over"));
        tx.commit().await.unwrap();
        // Three working days after Monday the 16th.
        town.test.clock.set(hour("2026-11-20", 9));
        let tx = town.store().begin(&office).await.unwrap();
        decide(&tx, second, 1, "逾期未陈述").await.unwrap();
        tx.commit().await.unwrap();
        let row = find_measure(&town.store().reads(), &anna, second).await.unwrap();
        assert_eq!(row.state, "decided");
    }
}

#[tokio::test]
async fn who_oversees_a_post_proposes_and_who_manages_it_decides() {
    for town in towns().await {
        let id = proposed(&town, "secretary", "anna", MeasureKind::BonusWithheld).await.unwrap();
        town.test.clock.set(hour("2026-11-20", 9));
        let secretary = town.reader("secretary", Action::MeasureDecide).await;
        let tx = town.store().begin(&secretary).await.unwrap();
        assert!(decide(&tx, id, 1, "扣发").await.unwrap_err().is("measure-whom"), "{}", town.test.engine);
        drop(tx);
        let office = town.client("population-office").await;
        assert!(office.get("/notices").await.text.contains("待您所管的岗位决定"));
        let tx = town.store().begin(&town.reader("population-office", Action::MeasureDecide).await).await.unwrap();
        decide(&tx, id, 1, "扣发当月").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find_measure(&town.store().reads(), &secretary, id).await.unwrap().state, "decided");
    }
}

#[tokio::test]
async fn a_measure_is_seen_by_whom_it_concerns_and_by_those_who_manage_the_post() {
    for town in towns().await {
        let id = proposed(&town, "secretary", "leader", MeasureKind::Talk).await.unwrap();
        let reads = town.store().reads();
        for (name, sees) in [
            ("leader", true),
            ("secretary", true),
            ("officer", false),
            ("anna", false),
            ("station", false),
            ("population-office", false),
        ] {
            let reader = town.reader(name, Action::MeasureRead).await;
            assert_eq!(find_measure(&reads, &reader, id).await.is_ok(), sees, "{}: {name}", town.test.engine);
        }
    }
}
