//! Frame, commitments, draw, surveyors.

use linli_platform::{access::Role, reader::Scope};
use linli_surveys::{RoundReceipt, VerifyError, frame, rounds, verify_files};

use super::town::{self, C1, C2, towns};

#[tokio::test]
async fn a_round_asks_for_at_least_fifteen_homes_and_there_is_one_a_month() {
    for town in towns().await {
        let month = "2026-11".parse().unwrap();
        let tx = town.tx(&town.office).await;
        let few = rounds::frame(&tx, &town.pack, month, None, 14).await;
        assert!(few.is_err_and(|e| e.is("survey-minimum")), "{}", town.test.engine);
        drop(tx);
        let id = town.framed().await;
        let tx = town.tx(&town.office).await;
        let second = rounds::frame(&tx, &town.pack, month, None, 15).await;
        assert!(second.is_err_and(|e| e.is("survey-round-exists")));
        let past = rounds::frame(&tx, &town.pack, "2026-10".parse().unwrap(), None, 15).await;
        assert!(past.is_err_and(|e| e.is("survey-month-past")));
        // A withdrawn round makes way for another one.
        rounds::withdraw(&tx, id).await.unwrap();
        rounds::frame(&tx, &town.pack, month, None, 15).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn nobody_opens_before_all_have_committed_and_it_is_announced() {
    for town in towns().await {
        let id = town.framed().await;
        town.commit(&town.office, id, 1).await.unwrap();
        assert!(town.open(&town.office, id, 1).await.is_err_and(|e| e.is("survey-not-announced")));
        assert!(town.announce(id).await.is_err_and(|e| e.is("survey-parties")), "one party alone could choose");
        assert!(town.commit(&town.office, id, 3).await.is_err_and(|e| e.is("survey-party-twice")));
        assert!(town.commit(&town.secretary, id, 1).await.is_err_and(|e| e.is("survey-commitment-copied")));
        assert!(town.commit(&town.surveyors[0], id, 5).await.is_err_and(|e| e.is("survey-party")));
        town.commit(&town.secretary, id, 2).await.unwrap();
        town.announce(id).await.unwrap();
        let late = town::account(town.store(), "assessor", &[(Role::Assessor, "")], Scope::Division).await;
        assert!(town.commit(&late, id, 4).await.is_err_and(|e| e.is("survey-state")));
        assert!(town.open(&late, id, 4).await.is_err_and(|e| e.is("survey-not-party")));
        assert!(town.open(&town.office, id, 9).await.is_err_and(|e| e.is("survey-opening-wrong")));
        assert!(!town.open(&town.office, id, 1).await.unwrap());
        assert!(town.open(&town.office, id, 1).await.is_err_and(|e| e.is("survey-opened")));
        assert!(town.drawn_homes(id).await.is_empty(), "nothing is drawn while a party has not opened");
        assert!(town.open(&town.secretary, id, 2).await.unwrap());
        assert!(!town.drawn_homes(id).await.is_empty());
        let tx = town.tx(&town.office).await;
        assert!(rounds::withdraw(&tx, id).await.is_err_and(|e| e.is("survey-state")), "a draw is not given up");
    }
}

#[tokio::test]
async fn after_the_first_opening_nobody_can_give_the_round_up_to_have_another_seed() {
    for town in towns().await {
        let month = "2026-11".parse().unwrap();
        let id = town.framed().await;
        town.commit(&town.office, id, 1).await.unwrap();
        town.commit(&town.secretary, id, 2).await.unwrap();
        town.announce(id).await.unwrap();
        assert!(!town.open(&town.secretary, id, 2).await.unwrap());
        let withdraw = async || {
            let tx = town.tx(&town.office).await;
            rounds::withdraw(&tx, id).await?;
            tx.commit().await
        };
        assert!(withdraw().await.is_err_and(|e| e.is("survey-opening-begun")), "{}", town.test.engine);
        let tx = town.tx(&town.office).await;
        let second = rounds::frame(&tx, &town.pack, month, None, 15).await;
        assert!(second.is_err_and(|e| e.is("survey-round-exists")), "no other seed in its place");
        drop(tx);
        // When the month is over no other round can take its place, and it can be put away.
        town.test.clock.set(town::noon("2026-12-01"));
        withdraw().await.unwrap();
        let tx = town.tx(&town.office).await;
        assert!(rounds::frame(&tx, &town.pack, month, None, 15).await.is_err_and(|e| e.is("survey-month-past")));
    }
}

#[tokio::test]
async fn a_committee_is_surveyed_again_once_at_a_time() {
    for town in towns().await {
        let month = "2026-11".parse().unwrap();
        let again = async || {
            let tx = town.tx(&town.office).await;
            let id = rounds::frame(&tx, &town.pack, month, Some(C1), 15).await?;
            tx.commit().await.map(|()| id)
        };
        let first = again().await.unwrap();
        assert!(again().await.is_err_and(|e| e.is("survey-round-exists")), "{}", town.test.engine);
        let tx = town.tx(&town.office).await;
        rounds::frame(&tx, &town.pack, month, Some(C2), 15).await.unwrap();
        rounds::withdraw(&tx, first).await.unwrap();
        tx.commit().await.unwrap();
        again().await.unwrap();
    }
}

#[tokio::test]
async fn two_parties_of_the_office_alone_are_not_enough() {
    for town in towns().await {
        let second = town::account(town.store(), "office2", &[(Role::PopulationOffice, "")], Scope::Division).await;
        let id = town.framed().await;
        town.commit(&town.office, id, 1).await.unwrap();
        town.commit(&second, id, 2).await.unwrap();
        assert!(town.announce(id).await.is_err_and(|e| e.is("survey-parties")), "{}", town.test.engine);
    }
}

#[tokio::test]
async fn anybody_can_draw_again_from_receipt_and_frame() {
    for town in towns().await {
        let id = town.drawn().await;
        let reads = town.store().reads();
        let receipt = rounds::papers(&reads, id).await.unwrap().receipt.unwrap();
        let csv = frame::csv(&reads, id).await.unwrap();
        let verified = verify_files(&receipt, &csv).unwrap();
        let homes = town.drawn_homes(id).await;
        assert_eq!((verified.draws, verified.households), (2, homes.len()));
        assert_eq!(verified.frame_digest, rounds::find(&reads, id).await.unwrap().frame_digest);
        for committee in [C1, C2] {
            let own: Vec<_> = homes.iter().filter(|h| h.committee_code == committee).collect();
            assert!(own.len() >= 15 && own.iter().map(|h| h.people).sum::<i64>() >= 30, "{committee}");
        }
        // No home can be told from the published papers.
        for home in &homes {
            assert!(!csv.contains(&home.home_id.to_string()) && !receipt.contains(&home.home_id.to_string()));
        }

        let other_frame = csv.replacen(",2\n", ",3\n", 1);
        assert!(matches!(verify_files(&receipt, &other_frame), Err(VerifyError::Draw { .. })));
        let mut other: RoundReceipt = serde_json::from_str(&receipt).unwrap();
        other.receipts[1].households.swap(0, 1);
        assert!(matches!(verify_files(&other.to_json(), &csv), Err(VerifyError::Draw { .. })));
        let mut fewer: RoundReceipt = serde_json::from_str(&receipt).unwrap();
        fewer.receipts.pop();
        assert!(matches!(verify_files(&fewer.to_json(), &csv), Err(VerifyError::Plans { found: 1, announced: 2 })));
        let single = fewer.receipts[0].to_json();
        assert_eq!(verify_files(&single, &csv).unwrap().draws, 1);
    }
}

#[tokio::test]
async fn three_surveyors_go_to_each_committee_and_nobody_to_the_own_grid() {
    for town in towns().await {
        let id = town.drawn().await;
        let all = town.surveyor_accounts();
        assert!(town.assign(id, &all[..2]).await.is_err_and(|e| e.is("survey-surveyors")), "{}", town.test.engine);
        let office = town.office.account;
        assert!(town.assign(id, &[office]).await.is_err_and(|e| e.is("survey-not-surveyor")));
        // A coordinator of the second committee's grid surveys the first one only.
        let grid = town.grids[2].to_string();
        let both = [(Role::Surveyor, ""), (Role::Coordinator, grid.as_str())];
        let local = town::account(town.store(), "local", &both, Scope::Grids(vec![town.grids[2]])).await;
        let refused = town.assign(id, &[all[0], all[1], local.account]).await;
        assert!(refused.is_err_and(|e| e.args.contains(&("committee", C2.to_owned()))));
        let chosen = [all[0], all[1], all[2], local.account];
        let n = town.assign(id, &chosen).await.unwrap();
        let homes = town.drawn_homes(id).await;
        assert_eq!(n, homes.len());
        for committee in [C1, C2] {
            let own = homes.iter().filter(|h| h.committee_code == committee);
            let who: std::collections::BTreeSet<_> = own.map(|h| h.account_id.unwrap()).collect();
            assert_eq!(who.len(), 3, "{committee}");
            assert!(committee == C1 || !who.contains(&local.account));
        }
        assert!(town.assign(id, &all).await.is_err_and(|e| e.is("survey-state")), "assigned once");
    }
}
