//! Checking, normalising and suggesting beside the plain way of each: `cargo bench -p cn-identity`.
//!
//! The peers in Python are timed in the same run where `python3 benches/peers.py` can import them.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::{collections::HashMap, fs, hint::black_box, process::Command, time::Instant};

use cn_identity::{DocumentKind, ResidentNumber, identify, make, name, suggest};

const NUMBERS: usize = 1_000_000;
const MISTYPED: usize = 2_000;

fn main() {
    let numbers = numbers();
    let plain = timed("plain check of 18 characters", NUMBERS, None, || numbers.iter().filter(|n| by_hand(n)).count());
    timed("ResidentNumber::parse", NUMBERS, Some(plain), || {
        numbers.iter().filter(|n| ResidentNumber::parse(n).is_ok()).count()
    });
    timed("identify, any kind", NUMBERS, Some(plain), || numbers.iter().filter(|n| identify(n).is_valid()).count());

    let mistyped: Vec<String> = numbers.iter().take(MISTYPED).map(|n| mistype(n)).collect();
    let brute = timed("neighbours by trying and parsing", MISTYPED, None, || {
        mistyped.iter().map(|n| neighbours_by_hand(n)).sum::<usize>()
    });
    timed("suggest", MISTYPED, Some(brute), || {
        mistyped.iter().map(|n| suggest(DocumentKind::Resident, n, None).len()).sum::<usize>()
    });

    let names: Vec<String> = (0..NUMBERS).map(name_of).collect();
    let table: HashMap<char, char> = [('張', '张'), ('偉', '伟'), ('國', '国'), ('麗', '丽'), ('陳', '陈')].into();
    let plain = timed("names by a hash map of five characters", NUMBERS, None, || {
        names.iter().map(|n| n.chars().map(|c| *table.get(&c).unwrap_or(&c)).collect::<String>().len()).sum()
    });
    timed("name::key, 4,434 characters", NUMBERS, Some(plain), || names.iter().map(|n| name::key(n).len()).sum());
    timed("name::sound", NUMBERS, Some(plain), || names.iter().map(|n| name::sound(n).len()).sum());
    peers(&numbers);
}

/// Times the best of five runs and prints it with the ratio to a baseline.
fn timed(what: &str, count: usize, baseline: Option<f64>, mut work: impl FnMut() -> usize) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        black_box(work());
        best = best.min(begun.elapsed().as_secs_f64());
    }
    let each_ns = best * 1e9 / count as f64;
    let ratio = baseline.map_or(String::new(), |base| format!("  ×{:.2} of the baseline's time", each_ns / base));
    println!("{what:42} {each_ns:10.0} ns{ratio}");
    each_ns
}

/// Nine in ten valid, one in ten with a wrong digit; areas that were never issued.
fn numbers() -> Vec<String> {
    (0..NUMBERS)
        .map(|n| {
            let small = |n: usize, below: usize| u8::try_from(n % below).unwrap_or(0);
            let birth = (1940 + i16::from(small(n, 70)), 1 + small(n / 70, 12), 1 + small(n / 840, 28));
            let number = make::resident_number("990101", birth, u16::try_from(1 + n % 99).unwrap_or(1));
            if n % 10 == 9 { mistype(number.as_str()) } else { number.as_str().to_owned() }
        })
        .collect()
}

fn mistype(number: &str) -> String {
    let other = if &number[16..17] == "7" { "3" } else { "7" };
    format!("{}{other}{}", &number[..16], &number[17..])
}

/// What one writes in an afternoon: characters, weights, date.
fn by_hand(number: &str) -> bool {
    let chars: Vec<char> = number.trim().to_uppercase().chars().collect();
    if chars.len() != 18 || !chars[..17].iter().all(char::is_ascii_digit) {
        return false;
    }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = chars.iter().zip(weights).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
    let part = |range: std::ops::Range<usize>| chars[range].iter().collect::<String>().parse::<u32>().unwrap_or(0);
    let (month, day) = (part(10..12), part(12..14));
    "10X98765432".chars().nth(sum as usize % 11) == Some(chars[17])
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
}

fn neighbours_by_hand(number: &str) -> usize {
    let mut found = Vec::new();
    for place in 0..18 {
        for digit in "0123456789X".chars() {
            let mut copy: Vec<char> = number.chars().collect();
            copy[place] = digit;
            let text: String = copy.iter().collect();
            if by_hand(&text) && !found.contains(&text) {
                found.push(text);
            }
        }
    }
    found.len()
}

fn name_of(n: usize) -> String {
    let (surnames, given): (Vec<char>, Vec<char>) =
        ("王李張刘陳杨黄趙吴周".chars().collect(), "偉芳娜敏静麗强磊军洋國勇艳杰涛".chars().collect());
    [surnames[n % 10], given[n / 10 % 15], given[n / 150 % 15]].iter().collect()
}

fn peers(numbers: &[String]) {
    let file = std::env::temp_dir().join("cn-identity-numbers.txt");
    if fs::write(&file, numbers[..NUMBERS / 50].join("\n")).is_err() {
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers.py");
    let python = std::env::var("PEER_PYTHON").unwrap_or_else(|_| "python3".into());
    match Command::new(python).arg(script).arg(&file).status() {
        Ok(status) if status.success() => {}
        _ => println!("peers: no Python"),
    }
    let _ = fs::remove_file(file);
}
