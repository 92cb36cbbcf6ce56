//! Reading, checking and naming the shipped pack beside plain TOML and a plain hash of the same files, and headings
//! beside a search for the first words that come to mind: `cargo bench -p policy-pack`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::{hint::black_box, time::Instant};

use policy_pack::{Pack, excluded_word, forbidden_heading};
use sha2::{Digest as _, Sha256};

const HEADINGS: [&str; 12] = [
    "姓名",
    "身份证号码",
    "联系电话",
    "现住址",
    "民族",
    "宗教信仰",
    "工作单位",
    "入住日期",
    "Name",
    "Blood type",
    "Criminal record",
    "与户主关系",
];
const WORDS: [&str; 6] = ["民族", "宗教", "政治", "犯罪", "血型", "religion"];
const ROUNDS: usize = 5_000;

fn main() {
    let files = Pack::embedded_files();
    let bytes: usize = files.values().map(String::len).sum();
    println!("the shipped pack, {} files, {bytes} bytes:", files.len());
    let parsed = timed("as TOML tables", 1, None, || {
        files.values().map(|text| text.parse::<toml::Table>().unwrap().len()).sum()
    });
    timed("Pack::from_files", 1, Some(parsed), || Pack::from_files(&files).unwrap().citations().len());
    let mut broken = files.clone();
    let survey = broken.get_mut("survey.toml").unwrap();
    *survey = survey.replace("value = 30", "value = 0");
    timed("Pack::from_files, with a fault", 1, Some(parsed), || Pack::from_files(&broken).unwrap_err().len());
    let hashed = timed("SHA-256 of the files", 1, None, || {
        files.values().fold(Sha256::new(), |hash, text| hash.chain_update(text)).finalize()[0].into()
    });
    let pack = Pack::embedded();
    timed("Pack::digest", 1, Some(hashed), || pack.digest().len());

    println!("a heading or a remark:");
    let plain = timed("six words looked for", ROUNDS * HEADINGS.len(), None, || {
        over(|it| WORDS.iter().any(|word| it.contains(word)))
    });
    timed("forbidden_heading", ROUNDS * HEADINGS.len(), Some(plain), || over(|it| forbidden_heading(it).is_some()));
    timed("excluded_word", ROUNDS * HEADINGS.len(), Some(plain), || over(|it| excluded_word(it).is_some()));
}

fn over(judge: impl Fn(&str) -> bool) -> usize {
    (0..ROUNDS).flat_map(|_| HEADINGS).filter(|heading| judge(black_box(heading))).count()
}

/// Times the best of five runs and prints it with the ratio to a baseline.
fn timed(what: &str, count: usize, baseline: Option<f64>, mut work: impl FnMut() -> usize) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        black_box(work());
        best = best.min(begun.elapsed().as_secs_f64());
    }
    let each_us = best * 1e6 / count as f64;
    let ratio = baseline.map_or(String::new(), |base| format!("  ×{:.2} of the baseline's time", each_us / base));
    println!("{what:32} {each_us:10.2} µs{ratio}");
    each_us
}
