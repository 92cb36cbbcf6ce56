//! Tables about people who are registered already, and hand-overs from other jurisdictions.

use linli_register::residents;

use super::{
    importing::{HOME, apply, check, codes, count, rows},
    world::{ORG_CODE, mobile, number, worlds},
};

#[tokio::test]
async fn a_table_of_residences_moves_those_who_are_registered_and_registers_nobody() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        residents::register(&tx, w.person("李四", 4, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let (known, same, nobody) = (number(2), number(4), number(6));
        let door = "新府中路501弄12号302室";
        let table = rows(&[
            &["王小明", "", &known, door, "2026-11-01"],
            &["李四", "", &same, HOME],
            &["赵六", "", &nobody, HOME],
            &["王晓明", "", &known, door],
        ]);
        let outcome = check(&w, "residences", &table).await;
        let found = codes(&outcome);
        assert!(found.contains(&"!resident-doc-no person-unknown".to_owned()), "{found:?} {}", w.engine());
        assert!(found.contains(&"!resident-doc-no person-twice".to_owned()), "{found:?}");
        for p in &outcome.problems {
            assert!(w.app.texts.has(&format!("cell-{}", p.code)), "{} has no text", p.code);
        }
        let good = rows(&[&["王小明", "", &known, door, "2026-11-01"], &["李四", "", &same, HOME]]);
        let outcome = check(&w, "residences", &good).await;
        assert_eq!((count(&outcome, "register-moved"), count(&outcome, "register-same")), (1, 1));
        assert_eq!(apply(&w, "residences", &good).await, 1);
        let row = residents::find(&w.store().reads(), &w.office(), id).await.unwrap();
        assert_eq!(row.home_id, Some(w.homes[1]), "{}", w.engine());
    }
}

#[tokio::test]
async fn a_table_of_employments_says_where_people_work_or_no_longer_do() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let joins = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let mut worker = w.person("李四", 4, 0);
        worker.employer_id = Some(w.employer);
        let leaves = residents::register(&tx, worker).await.unwrap();
        tx.commit().await.unwrap();
        let (a, b, nobody) = (number(2), number(4), number(6));
        let wrong =
            rows(&[&["王小明", "", &a, "没有的公司"], &["王晓明", "", &a, ORG_CODE], &["赵六", "", &nobody, ORG_CODE]]);
        let found = codes(&check(&w, "employments", &wrong).await);
        let expected =
            ["!resident-employer employer-none", "!resident-name number-of-another", "!resident-doc-no person-unknown"];
        assert_eq!(found, expected, "{}", w.engine());
        let good = rows(&[&["王小明", "", &a, "盈港电子有限公司"], &["李四", "", &b, ""]]);
        assert_eq!(count(&check(&w, "employments", &good).await, "register-changed"), 2);
        assert_eq!(apply(&w, "employments", &good).await, 2);
        let q = w.store().reads();
        let of = async |id| residents::find(&q, &w.office(), id).await.unwrap().employer_id;
        assert_eq!((of(joins).await, of(leaves).await), (Some(w.employer), None), "{}", w.engine());
        assert_eq!(count(&check(&w, "employments", &good).await, "register-same"), 2, "a second time changes nothing");
    }
}

#[tokio::test]
async fn a_table_of_hand_overs_from_elsewhere_makes_offers_to_the_grids_of_their_addresses() {
    use linli_register::inward;
    for w in worlds().await {
        let (a, b) = (number(2), number(4));
        let wrong = rows(&[
            &["", "1", "欧阳远", "", &a, "", HOME],
            &["王小明", "1", "欧阳远", "", &a, "", HOME],
            &["华新镇中心", "1", "欧阳远", "", "12", "", HOME],
            &["华新镇中心", "1", "欧阳远", "", &a, "", HOME, "2030-01-01"],
        ]);
        let outcome = check(&w, "inward-transfers", &wrong).await;
        let mut found = codes(&outcome);
        found.retain(|c| c.starts_with('!'));
        let expected = [
            "!inward-office transfer-word",
            "!inward-office free-text-person",
            "!resident-doc-no number-length",
            "!inward-offered since-future",
        ];
        assert_eq!(found, expected, "{}", w.engine());
        for p in &outcome.problems {
            assert!(w.app.texts.has(&format!("cell-{}", p.code)), "{} has no text", p.code);
        }
        let good = rows(&[
            &["华新镇中心", "华受1号", "欧阳远", "", &a, "", HOME, "2026-11-18"],
            &["华新镇中心", "华受2号", "欧阳近", "", &b, mobile(4).as_str(), "大盈村3组12号"],
        ]);
        assert_eq!(count(&check(&w, "inward-transfers", &good).await, "register-new"), 2);
        assert_eq!(apply(&w, "inward-transfers", &good).await, 2);
        let own = inward::list(&w.store().reads(), &w.coordinator(0), 9).await.unwrap();
        assert_eq!((own.len(), own[0].reference.as_str()), (1, "华受1号"), "{}", w.engine());
        assert_eq!(count(&check(&w, "inward-transfers", &good).await, "register-same"), 2, "they wait already");
    }
}
