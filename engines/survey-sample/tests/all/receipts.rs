//! Commitments, seed, receipt.

use proptest::prelude::*;
use survey_sample::{
    Announcement, Commitment, Digest, Method, Mismatch, Opening, PartyCommitment, PartyOpening, Plan, Receipt,
    SeedError, derive_seed, verify, verify_announced,
};

use crate::{METHODS, frame, parties};

fn receipt(method: Method) -> Receipt {
    let (commitments, openings) = parties();
    let plan = Plan { method, committee: None, min_households: 15, min_people: 30 };
    Receipt::new(&frame(200), commitments, openings, plan).unwrap()
}

#[test]
fn the_seed_follows_from_sorted_openings_and_the_frame() {
    let (commitments, mut openings) = parties();
    let digest = frame(5).digest();
    let expected = Digest::of(&[[3; 32], [7; 32], digest.0].concat());
    assert_eq!(derive_seed(&commitments, &openings, &digest).unwrap().0, expected);
    openings.reverse();
    assert_eq!(derive_seed(&commitments, &openings, &digest).unwrap().0, expected);
    assert_ne!(derive_seed(&commitments, &openings, &frame(6).digest()).unwrap().0, expected);
}

#[test]
fn parties_that_do_not_keep_the_rules_make_no_seed() {
    let (commitments, openings) = parties();
    let digest = frame(5).digest();
    let seed = |c: &[PartyCommitment], o: &[PartyOpening]| derive_seed(c, o, &digest).unwrap_err();
    let rename = |party: &str| PartyOpening { party: party.into(), ..openings[1].clone() };
    assert_eq!(seed(&commitments[..1], &openings), SeedError::TooFewParties(1));
    assert_eq!(seed(&commitments, &openings[..1]), SeedError::NotOpened("居民代表".into()));
    let stranger = [openings.clone(), vec![rename("路人")]].concat();
    assert_eq!(seed(&commitments, &stranger), SeedError::NotCommitted("路人".into()));
    let twice = [openings.clone(), vec![rename("居民代表")]].concat();
    assert_eq!(seed(&commitments, &twice), SeedError::DuplicateParty("居民代表".into()));
    let same_party = vec![commitments[0].clone(), commitments[0].clone()];
    assert_eq!(seed(&same_party, &openings), SeedError::DuplicateParty("人口办".into()));
    let copied = vec![commitments[0].clone(), PartyCommitment { party: "居民代表".into(), ..commitments[0].clone() }];
    assert_eq!(seed(&copied, &openings), SeedError::CopiedCommitment("居民代表".into()));
    let mut other = openings.clone();
    other[1].opening = Opening::new([4; 32]);
    assert_eq!(seed(&commitments, &other), SeedError::OpeningDiffers("居民代表".into()));
}

#[test]
fn an_opening_does_not_show_in_debug_output() {
    let opening = Opening::new([0xab; 32]);
    assert_eq!(format!("{opening:?}"), "Opening(…)");
    assert_eq!(Commitment::of(&opening).0, Digest::of(&[0xab; 32]));
}

#[test]
fn a_receipt_verifies_after_a_journey_through_json() {
    for method in METHODS {
        let receipt = receipt(method);
        let read = Receipt::parse_json(&receipt.to_json()).unwrap();
        assert_eq!(read, receipt);
        verify(&read, &frame(200)).unwrap();
        verify_announced(&read, &frame(200), &announcement(&receipt)).unwrap();
    }
}

#[test]
fn every_change_to_a_receipt_is_found() {
    let good = receipt(Method::Stratified);
    let check = |change: fn(&mut Receipt)| {
        let mut changed = good.clone();
        change(&mut changed);
        verify(&changed, &frame(200)).unwrap_err()
    };
    assert!(matches!(check(|r| r.format.push('0')), Mismatch::Format(_)));
    assert!(matches!(check(|r| r.frame_digest.0[0] ^= 1), Mismatch::Frame { .. }));
    assert!(matches!(check(|r| r.openings.truncate(1)), Mismatch::Parties(_)));
    assert_eq!(check(|r| r.seed.0.0[31] ^= 1), Mismatch::Seed);
    assert!(matches!(check(|r| r.plan.min_households += 1), Mismatch::HouseholdMissing(_)));
    assert!(matches!(check(|r| r.plan.min_households -= 1), Mismatch::HouseholdAdded(_)));
    assert!(matches!(check(|r| drop(r.households.remove(3))), Mismatch::HouseholdMissing(_)));
    assert!(matches!(check(|r| r.households[0].people += 1), Mismatch::HouseholdMissing(_)));
    assert_eq!(check(|r| r.households.swap(0, 1)), Mismatch::Order);
    assert!(matches!(check(|r| r.strata[0].households += 1), Mismatch::Stratum(_)));
    assert!(matches!(check(|r| r.strata.swap(0, 1)), Mismatch::Stratum(_)));
    assert!(matches!(
        check(|r| r.plan.method = Method::Simple),
        Mismatch::HouseholdMissing(_) | Mismatch::HouseholdAdded(_)
    ));
    assert!(matches!(verify(&good, &frame(201)), Err(Mismatch::Frame { .. })));
}

fn announcement(receipt: &Receipt) -> Announcement {
    let other = Plan { committee: Some("东方村".into()), ..receipt.plan.clone() };
    Announcement {
        frame_digest: receipt.frame_digest,
        plans: vec![other, receipt.plan.clone()],
        commitments: receipt.commitments.clone(),
    }
}

#[test]
fn a_draw_that_was_announced_otherwise_is_found() {
    let good = receipt(Method::Stratified);
    let check = |change: fn(&mut Announcement)| {
        let mut other = announcement(&good);
        change(&mut other);
        verify_announced(&good, &frame(200), &other).unwrap_err()
    };
    assert_eq!(check(|a| a.frame_digest.0[0] ^= 1), Mismatch::NotAsAnnounced("frame"));
    assert_eq!(check(|a| a.plans.truncate(1)), Mismatch::NotAsAnnounced("plan"));
    assert_eq!(check(|a| a.plans[1].min_people += 1), Mismatch::NotAsAnnounced("plan"));
    assert_eq!(check(|a| a.commitments.truncate(1)), Mismatch::NotAsAnnounced("commitment"));
    assert_eq!(check(|a| a.commitments[0].party.push('甲')), Mismatch::NotAsAnnounced("commitment"));
}

proptest! {
    #[test]
    fn reading_a_receipt_never_panics(place in any::<prop::sample::Index>(), with in any::<char>()) {
        let mut characters: Vec<char> = receipt_json().chars().collect();
        *place.get_mut(&mut characters) = with;
        let changed: String = characters.into_iter().collect();
        if let Ok(receipt) = Receipt::parse_json(&changed) {
            let good = Receipt::parse_json(receipt_json()).unwrap();
            let accepted = verify_announced(&receipt, &frame(200), &announcement(&good)).is_ok();
            prop_assert_eq!(accepted, receipt == good);
        }
    }
}

fn receipt_json() -> &'static str {
    static JSON: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    JSON.get_or_init(|| receipt(Method::Simple).to_json())
}
