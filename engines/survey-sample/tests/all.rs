//! All integration tests of the engine.
#![allow(clippy::unwrap_used)]

mod all {
    pub mod checker;
    pub mod coverage;
    pub mod drawing;
    pub mod dual;
    pub mod estimates;
    pub mod frames;
    pub mod intervals;
    pub mod receipts;
}

use survey_sample::{Commitment, Digest, Frame, Method, Opening, PartyCommitment, PartyOpening, Seed, Unit};

const STRATA: [&str; 3] = ["住宅", "合租房", "集体宿舍"];

const METHODS: [Method; 4] =
    [Method::Simple, Method::Stratified, Method::ProportionalToSize, Method::StratifiedProportionalToSize];

/// Surveys to repeat: `short` in the ordinary run, 25 times as many where `LINLI_LONG` asks for them.
fn repeats(short: u32) -> u32 {
    if std::env::var_os("LINLI_LONG").is_some() { 25 * short } else { short }
}

/// The least share of `n` trials that a chance of `level` gives, four standard deviations below.
fn least_share(level: f64, n: u32) -> f64 {
    level - 4.0 * (level * (1.0 - level) / f64::from(n)).sqrt()
}

/// A number within [0, 1) that depends on the text alone.
fn uniform(text: &str) -> f64 {
    let digest = Digest::of(text.as_bytes());
    let (first, _) = digest.0.split_first_chunk().unwrap();
    (u64::from_be_bytes(*first) >> 11) as f64 / (1_u64 << 53) as f64
}

/// `households` units of 1 to 6 people in three strata of unequal size.
fn frame(households: u32) -> Frame {
    let unit = |n: u32| {
        let stratum = match uniform(&format!("stratum {n}")) {
            u if u < 0.6 => STRATA[0],
            u if u < 0.9 => STRATA[1],
            _ => STRATA[2],
        };
        let people = 1 + (uniform(&format!("people {n}")) * 6.0) as u32;
        let committee = Some(if n.is_multiple_of(2) { "清河湾居委会" } else { "东方村" }.to_owned());
        Unit { pseudonym: format!("p{n:05}"), stratum: stratum.into(), committee, people }
    };
    Frame::new((0..households).map(unit).collect()).unwrap()
}

fn seed(n: u32) -> Seed {
    Seed(Digest::of(&n.to_be_bytes()))
}

fn parties() -> (Vec<PartyCommitment>, Vec<PartyOpening>) {
    let openings = [("人口办", 7), ("居民代表", 3)]
        .map(|(party, byte)| PartyOpening { party: party.into(), opening: Opening::new([byte; 32]) });
    let commit =
        |it: &PartyOpening| PartyCommitment { party: it.party.clone(), commitment: Commitment::of(&it.opening) };
    (openings.iter().map(commit).collect(), openings.to_vec())
}
