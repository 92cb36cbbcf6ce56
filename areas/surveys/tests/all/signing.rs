//! Locked results wait for a second person, and nothing counts before.

use linli_platform::{store::Query, vals};
use linli_surveys::{HomeObservation, assign, codes::State, locks, results, rounds};

use super::{
    answers::{answer, answer_all, answering},
    town::{noon, towns},
};

#[tokio::test]
async fn locked_results_count_only_when_somebody_else_has_signed_them() {
    for town in towns().await {
        let id = answering(&town).await;
        answer_all(&town, id).await;
        let month = "2026-11".parse().unwrap();
        town.lock(id).await.unwrap();
        let reads = town.store().reads();
        assert!(results::for_month(&reads, month).await.unwrap().is_empty(), "{}", town.test.engine);
        assert!(results::division_for_month(&reads, month).await.unwrap().is_none());
        let level = linli_surveys::codes::Level::Committee;
        assert!(results::history(&reads, level, super::town::C1).await.unwrap().is_empty());
        assert!(rounds::signed_after(&reads, None, 10).await.unwrap().is_empty());
        assert!(town.countersign(&town.office, id).await.is_err_and(|e| e.is("survey-own-lock")));
        assert!(town.countersign(&town.secretary, id).await.is_err(), "without the right");
        town.countersign(&town.assessor, id).await.unwrap();
        assert_eq!(results::for_month(&reads, month).await.unwrap().len(), 2);
        assert!(town.countersign(&town.assessor, id).await.is_err_and(|e| e.is("survey-state")));
    }
}

#[tokio::test]
async fn figures_that_changed_since_they_were_seen_are_not_signed() {
    for town in towns().await {
        let id = answering(&town).await;
        answer_all(&town, id).await;
        town.lock(id).await.unwrap();
        let tx = town.tx(&town.assessor).await;
        let other = locks::countersign(&tx, &town.pack, id, &"0".repeat(64)).await;
        assert!(other.is_err_and(|e| e.is("survey-figures-other")), "{}", town.test.engine);
        drop(tx);
        // Whoever changes an answer in the database is found out too.
        let digest = town.figures(id).await;
        let tx = town.tx(&town.assessor).await;
        let changed = "UPDATE survey_answer SET found = found + 1 WHERE division_code = $1 AND survey_id = $2";
        tx.execute(changed, vals![tx.division(), id]).await.unwrap();
        let other = locks::countersign(&tx, &town.pack, id, &digest).await;
        assert!(other.is_err_and(|e| e.is("survey-figures-other")));
    }
}

#[tokio::test]
async fn results_that_are_sent_back_can_be_answered_again_and_need_another_lock() {
    for town in towns().await {
        let id = answering(&town).await;
        let who = &town.surveyors[0];
        let missed = town.asked_once(id, who).await[0];
        answer(&town, who, id, missed, &HomeObservation::nobody_met()).await.unwrap();
        for other in &town.surveyors {
            for home in assign::mine(&town.store().reads(), other).await.unwrap() {
                if home.home_id != missed {
                    let seen = super::past::seen(2, 2, 0);
                    answer(&town, other, id, home.home_id, &seen).await.unwrap();
                }
            }
        }
        town.lock(id).await.unwrap();
        let first = town.figures(id).await;
        let found = super::past::seen(3, 2, 0);
        assert!(answer(&town, who, id, missed, &found).await.is_err_and(|e| e.is("survey-locked")));
        let tx = town.tx(&town.assessor).await;
        assert!(locks::send_back(&tx, id, " ").await.is_err_and(|e| e.is("survey-reason")));
        locks::send_back(&tx, id, "一户还可以再去").await.unwrap();
        tx.commit().await.unwrap();
        let reads = town.store().reads();
        let round = rounds::find(&reads, id).await.unwrap();
        assert_eq!((round.state(), round.locked_at), (State::Answering, None), "{}", town.test.engine);
        assert!(results::of_survey(&reads, id).await.unwrap().is_empty());

        answer(&town, who, id, missed, &found).await.unwrap();
        town.lock(id).await.unwrap();
        let all = locks::of_survey(&reads, id).await.unwrap();
        assert_eq!(all.iter().map(|l| l.number).collect::<Vec<_>>(), [2, 1]);
        assert_ne!(all[0].digest, first);
        assert_eq!(all[1].digest, first, "what was sent back stays on record");
        assert_eq!(all[1].reason.as_deref(), Some("一户还可以再去"));
        // The month's end does not hinder the signature.
        town.test.clock.set(noon("2026-12-02"));
        town.countersign(&town.assessor, id).await.unwrap();
    }
}
