//! One million residents against a roster of 100,000 rows: `cargo bench -p roster-match`. With a number after
//! `--`, only that many thousand residents and a tenth of that as rows. REPEAT=n compares
//! n times and tells the least, the middle and the most.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod town;

use std::time::Duration;

use roster_match::{Matcher, Model, Options, Register, RosterRow};
use town::{Score, Town};

fn main() {
    let number = |nth: usize| std::env::args().filter_map(|a| a.parse::<u64>().ok()).nth(nth);
    let people = number(0).unwrap_or(1_000) as usize * 1_000;
    let seed = number(1).unwrap_or(1);
    for noise in [1.0, 2.5] {
        let town = Town::grow(seed, people, people / 10, noise);
        let rows = town.roster();
        let (register, built) =
            timed(|| Register::build(town.register(), town.addresses.iter().map(String::as_str), Options::default()));
        let matcher = Matcher::new(&register, &Model::default());
        let repeats = std::env::var("REPEAT").ok().and_then(|text| text.parse().ok()).unwrap_or(1).max(1);
        let mut runs: Vec<_> = (0..repeats).map(|_| timed(|| matcher.compare(&rows)).1).collect();
        runs.sort_unstable();
        let (least, middle, most) = (runs[0], runs[repeats / 2], runs[repeats - 1]);
        let results = matcher.compare(&rows);
        report(&format!("noise {noise}, as shipped"), &town, &matcher, &results, &rows);
        let (model, learnt) = timed(|| matcher.learn(&rows));
        let matcher = Matcher::new(&register, &model);
        let (results, again) = timed(|| matcher.compare(&rows));
        report(&format!("noise {noise}, learnt"), &town, &matcher, &results, &rows);
        println!(
            "  CPU: build {built:.2?}, compare {least:.2?} (middle {middle:.2?}, most {most:.2?}), learn {learnt:.2?}, compare {again:.2?}"
        );
    }
}

/// CPU time of this process, as the kernel counts it in hundredths of a second; wall time where there is no /proc.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|t| t.parse().ok());
    nanos.map_or_else(|| std::time::UNIX_EPOCH.elapsed().unwrap_or_default(), Duration::from_nanos)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = cpu();
    let done = work();
    (done, cpu() - start)
}

fn report(
    title: &str,
    town: &Town,
    matcher: &Matcher<'_>,
    results: &[roster_match::RowResult],
    rows: &[RosterRow<'_>],
) {
    let score = Score::of(town, results, &matcher.missing(rows, results));
    println!(
        "{title}: {} rows, precision {:.5}, recall {:.4}, F1 {:.4}, review {:.2} %, class {:.4}, whole {:.4}, silent {}, missing {:.4} of {} (recall {:.3})",
        score.rows,
        score.precision(),
        score.recall(),
        score.f1(),
        score.review_share() * 100.0,
        score.class_accuracy(),
        score.whole_share(),
        score.silent,
        score.missing_precision(),
        score.missing,
        score.missing_recall(),
    );
    let Some(shown) = std::env::var("MISTAKES").ok().and_then(|text| text.parse::<usize>().ok()) else { return };
    for ((kind, mistake), rows) in &score.mistakes {
        println!("    {kind}: {mistake} {}", rows.len());
        rows.iter()
            .step_by((rows.len() / shown.max(1)).max(1))
            .take(shown)
            .for_each(|&row| show(town, row, &results[row]));
    }
}

fn show(town: &Town, row: usize, result: &roster_match::RowResult) {
    let written = &town.rows[row];
    println!(
        "      {} | {} | {} | {} | at {}",
        written.name, written.id_no, written.phone, written.address, written.employer
    );
    for (what, person) in [("is", written.truth), ("said", result.pid.map(|pid| pid as usize))] {
        let Some(person) = person.map(|n| &town.people[n]) else { continue };
        let address = &town.addresses[person.addr];
        println!(
            "        {what} {} | {} | {} | {address} | at {}",
            person.name, person.number, person.phone, person.employer
        );
    }
    let reasons: Vec<String> = result
        .reasons
        .iter()
        .map(|f| format!("{} {:.1}", f.reason.text(roster_match::Lang::En), f.weight_bits))
        .collect();
    println!("        {:?} {:.4}: {}", result.decision, result.probability, reasons.join("; "));
}
