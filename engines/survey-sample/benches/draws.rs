//! Drawing 1,000 households of 50,000, and the intervals, beside the plain way of each: `cargo bench -p survey-sample`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::{hint::black_box, time::Instant};

use sha2::{Digest as _, Sha256};
use survey_sample::{
    Commitment, Design, Digest, Frame, Method, Opening, PartyCommitment, PartyOpening, Plan, Receipt, Seed, Surveyed,
    Unit, clopper_pearson, draw, registration_rate, verify, wilson,
};

const HOUSEHOLDS: u32 = 50_000;
const DRAWN: u32 = 1_000;
const INTERVALS: u64 = 2_000;

fn frame() -> Frame {
    let strata = ["flat", "house", "shared-let", "dormitory", "shop"];
    let unit = |n: u32| Unit {
        pseudonym: format!("{:016x}", u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        stratum: strata[n as usize % 17 % 5].to_owned(),
        committee: Some(format!("C{:02}", n % 35)),
        people: n % 7,
    };
    Frame::new((0..HOUSEHOLDS).map(unit).collect()).unwrap()
}

fn receipt(frame: &Frame) -> Receipt {
    let openings = ["office", "station"].map(|party| (party.to_owned(), Opening::new(Sha256::digest(party).into())));
    let commitments = openings.clone().map(|(party, it)| PartyCommitment { party, commitment: Commitment::of(&it) });
    let openings = openings.map(|(party, opening)| PartyOpening { party, opening });
    Receipt::new(frame, commitments.to_vec(), openings.to_vec(), plan(Method::Stratified)).unwrap()
}

fn plan(method: Method) -> Plan {
    Plan { method, committee: None, min_households: DRAWN, min_people: 0 }
}

/// What anyone writes who checks a simple draw: every pseudonym's hash, sorted, the first thousand.
fn sorted_by_hash(frame: &Frame, seed: &Seed) -> usize {
    let rank = |unit: &Unit| (Sha256::digest([seed.0.0.as_slice(), unit.pseudonym.as_bytes()].concat()), unit.people);
    let mut ranks: Vec<_> = frame.units().iter().map(rank).collect();
    ranks.sort_unstable();
    ranks.iter().take(DRAWN as usize).map(|(_, people)| *people as usize).sum()
}

fn main() {
    let frame = frame();
    let seed = Seed(Digest::of(b"a seed"));
    let sorted = timed("sorted by hash, the first 1,000", None, || sorted_by_hash(&frame, &seed));
    for (what, method) in [
        ("draw, simple", Method::Simple),
        ("draw, stratified", Method::Stratified),
        ("draw, by size", Method::ProportionalToSize),
        ("draw, stratified and by size", Method::StratifiedProportionalToSize),
    ] {
        timed(what, Some(sorted), || draw(&frame, &seed, &plan(method)).unwrap().households.len());
    }
    let receipt = receipt(&frame);
    timed("verify a receipt, stratified", Some(sorted), || usize::from(verify(&receipt, &frame).is_ok()));

    let csv = frame.to_csv();
    let split = timed("lines of the frame cut at commas", None, || {
        csv.lines().map(|line| line.split(',').collect::<Vec<_>>().len()).sum()
    });
    timed("Frame::parse_csv", Some(split), || Frame::parse_csv(&csv).unwrap().units().len());

    intervals(&frame, &seed);
}

fn intervals(frame: &Frame, seed: &Seed) {
    let found = surveyed(frame, seed);
    let mean = timed("a rate without interval", None, || {
        let sums = found.iter().fold((0, 0), |(a, b), it| (a + it.found_registered, b + it.found));
        (f64::from(sums.0) / f64::from(sums.1) * 1e6) as usize
    });
    let design = Design::Simple { households: u64::from(HOUSEHOLDS) };
    timed("registration_rate, 1,000 households", Some(mean), || {
        (registration_rate(&found, &design, 0.95).unwrap().low * 1e6) as usize
    });
    let plain = timed("wilson, 2,000 of them", None, || {
        (1..=INTERVALS).map(|hits| (wilson(hits, INTERVALS, 0.95).low * 1e3) as usize).sum()
    });
    timed("clopper_pearson, 2,000 of them", Some(plain), || {
        (1..=INTERVALS).map(|hits| (clopper_pearson(hits, INTERVALS, 0.95).low * 1e3) as usize).sum()
    });
}

/// One household in forty has somebody who is not registered.
fn surveyed(frame: &Frame, seed: &Seed) -> Vec<Surveyed> {
    let drawn = draw(frame, seed, &plan(Method::Simple)).unwrap();
    let home = |(n, it): (u32, &survey_sample::Drawn)| Surveyed {
        stratum: it.stratum.clone(),
        found: it.people + u32::from(n % 40 == 0),
        found_registered: it.people,
        registered: it.people,
        ..Surveyed::default()
    };
    (0..).zip(&drawn.households).map(home).collect()
}

/// Times the best of five runs and prints it with the ratio to a baseline.
fn timed(what: &str, baseline: Option<f64>, mut work: impl FnMut() -> usize) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        black_box(work());
        best = best.min(begun.elapsed().as_secs_f64());
    }
    let ratio = baseline.map_or(String::new(), |base| format!("  ×{:.2} of the baseline's time", best / base));
    println!("{what:38} {:10.3} ms{ratio}", best * 1e3);
    best
}
