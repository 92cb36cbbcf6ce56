//! One million residents against a roster of 100,000 rows: `cargo bench -p roster-match`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

#[path = "../tests/all/town.rs"]
mod town;

use std::time::Instant;

use roster_match::{Matcher, Model, Options, Register};
use town::{Score, Town};

fn main() {
    for noise in [1.0, 2.5] {
        let town = Town::grow(1, 1_000_000, 100_000, noise);
        let rows = town.roster();
        let start = Instant::now();
        let register = Register::build(town.register(), town.addresses.iter().map(String::as_str), Options::default());
        let built = start.elapsed();
        let start = Instant::now();
        let matcher = Matcher::new(&register, &Model::default());
        let results = matcher.compare(&rows);
        let compared = start.elapsed();
        let start = Instant::now();
        let model = matcher.learn(&rows);
        let learnt = start.elapsed();
        report(&format!("noise {noise}, as shipped"), &town, &matcher, &results, &rows);
        let matcher = Matcher::new(&register, &model);
        report(&format!("noise {noise}, learnt"), &town, &matcher, &matcher.compare(&rows), &rows);
        println!("  build {built:.2?}, compare {compared:.2?}, learn {learnt:.2?}");
    }
}

fn report(
    title: &str,
    town: &Town,
    matcher: &Matcher<'_>,
    results: &[roster_match::RowResult],
    rows: &[roster_match::RosterRow<'_>],
) {
    let score = Score::of(town, results, &matcher.missing(rows, results));
    println!(
        "{title}: precision {:.5}, recall {:.4}, review {:.2} %, class {:.4}, missing precision {:.4}",
        score.precision(),
        score.recall(),
        score.review as f64 * 100.0 / rows.len() as f64,
        score.class_accuracy(),
        score.missing_precision
    );
}
