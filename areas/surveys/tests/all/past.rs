//! The past of a demonstration, and listing after two months.

use std::collections::BTreeMap;

use linli_platform::{access::Role, reader::Reader};
use linli_surveys::{
    HomeObservation, HomesNow, PastParty, PastRound, PastTimes,
    codes::{Item, Level, RateKind},
    demo_round, frame, listings,
    locks::Signer,
    results, rounds, verify_files,
};

use super::town::{C1, C2, Town, noon, towns};

pub fn past(town: &Town, month: &str) -> PastRound {
    let at = |day: u8| noon(&format!("{month}-{day:02}"));
    let party = |reader: &Reader, role, secret: u8| PastParty {
        account: reader.account,
        role,
        name: reader.name.clone(),
        secret: [secret; 32],
    };
    PastRound {
        month: month.parse().unwrap(),
        committee: None,
        households: 18,
        parties: vec![
            party(&town.office, Role::PopulationOffice, 1),
            party(&town.secretary, Role::CommitteeSecretary, 2),
        ],
        surveyors: town.surveyor_accounts(),
        signers: [(&town.office, Role::PopulationOffice), (&town.assessor, Role::Assessor)]
            .map(|(reader, role)| Signer { account: reader.account, role }),
        times: PastTimes {
            framed: at(3),
            announced: at(4),
            drawn: at(5),
            assigned: at(5),
            answered: at(18),
            locked: at(20),
            countersigned: at(21),
        },
    }
}

pub fn seen(found: u32, found_registered: u32, wrong: u32) -> HomeObservation {
    HomeObservation {
        met: true,
        found,
        found_registered,
        registered: 2,
        items: 3 * found_registered,
        items_correct: 3 * found_registered - wrong,
        wrong: BTreeMap::from([(Item::Phone, wrong)]),
        ..HomeObservation::default()
    }
}

/// Runs a month in which the homes of the first committee are as given and the others are in order.
pub async fn month(town: &Town, month: &str, first: HomeObservation) {
    let own = homes_of(town, C1).await;
    month_of(town, month, |home| if own.contains(&home) { first.clone() } else { seen(2, 2, 0) }).await;
}

/// Runs a month with what is found at each home.
pub async fn month_of(town: &Town, month: &str, answer: impl FnMut(linli_register::HomeId) -> HomeObservation + Send) {
    let tx = town.tx(&Reader::system()).await;
    let round = past(town, month);
    let reads = town.store().reads();
    let homes = HomesNow::read(&tx, None).await.unwrap();
    let id = demo_round(&tx, &town.pack, &homes, &round, answer).await.unwrap();
    tx.commit().await.unwrap();
    let kept = rounds::find(&reads, id).await.unwrap();
    assert_eq!(kept.locked_at, Some(round.times.locked));
    assert_eq!(kept.countersigned_at, Some(round.times.countersigned));
    let receipt = rounds::papers(&reads, id).await.unwrap().receipt.unwrap();
    verify_files(&receipt, &frame::csv(&reads, id).await.unwrap()).unwrap();
}

pub async fn homes_of(town: &Town, committee: &str) -> Vec<linli_register::HomeId> {
    let filter = linli_register::homes::Filter { committee: Some(committee.into()), ..Default::default() };
    let slice = linli_register::Slice::first(500);
    let found = linli_register::homes::list(&town.store().reads(), &Reader::system(), &filter, slice).await.unwrap();
    found.rows.into_iter().map(|h| h.home_id).collect()
}

#[tokio::test]
async fn a_committee_below_the_mean_two_months_running_is_listed_once() {
    for town in towns().await {
        let reads = town.store().reads();
        month(&town, "2026-08", seen(3, 2, 0)).await;
        assert!(listings::all(&reads).await.unwrap().is_empty(), "one month is no reason");
        month(&town, "2026-09", seen(3, 2, 0)).await;
        let all = listings::all(&reads).await.unwrap();
        assert_eq!(all.len(), 1, "{}", town.test.engine);
        assert_eq!((all[0].committee_code.as_str(), all[0].month.to_string().as_str()), (C1, "2026-09"));
        assert_eq!(all[0].rates(), [RateKind::Registration]);
        assert!(all[0].beyond_chance, "two of three registered in each of 18 homes");
        month(&town, "2026-10", seen(3, 2, 0)).await;
        assert_eq!(listings::all(&reads).await.unwrap().len(), 1, "listed already");

        for (of, stands) in [("2026-08", 0), ("2026-09", 1), ("2026-11", 1)] {
            assert_eq!(listings::open(&reads, of.parse().unwrap()).await.unwrap().len(), stands, "{of}");
        }
    }
}

#[tokio::test]
async fn another_rate_below_in_the_second_month_is_no_second_month() {
    for town in towns().await {
        month(&town, "2026-08", seen(3, 2, 0)).await;
        month(&town, "2026-09", seen(2, 2, 1)).await;
        assert!(listings::all(&town.store().reads()).await.unwrap().is_empty(), "{}", town.test.engine);
        month(&town, "2026-10", seen(2, 2, 1)).await;
        let all = listings::all(&town.store().reads()).await.unwrap();
        assert_eq!(all.iter().map(|l| l.rates()).collect::<Vec<_>>(), [[RateKind::Accuracy]]);
    }
}

#[tokio::test]
async fn figures_stand_for_the_whole_frame() {
    for town in towns().await {
        month(&town, "2026-08", seen(4, 2, 0)).await;
        let reads = town.store().reads();
        let august = "2026-08".parse().unwrap();
        let by_committee = results::for_month(&reads, august).await.unwrap();
        let rate =
            |code: &str| by_committee.iter().find(|c| c.committee_code == code).unwrap().registration_rate().unwrap();
        assert!((rate(C1) - 0.5).abs() < 1e-12);
        assert!((rate(C2) - 1.0).abs() < 1e-12);
        // Thirty homes each, four people found in the first committee's and two in the other's: (2 + 2) / (4 + 2).
        let all = results::division_for_month(&reads, august).await.unwrap().unwrap();
        assert!((all.registration().unwrap().value - 4.0 / 6.0).abs() < 1e-12, "{}", town.test.engine);
        let over_time = results::history(&reads, Level::Committee, C1).await.unwrap();
        assert_eq!(over_time.len(), 1);
    }
}
