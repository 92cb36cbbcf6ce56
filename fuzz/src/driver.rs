//! A driver that needs nothing but the standard library: it mutates seeds, and keeps what makes a target panic.
//!
//! It sees no coverage, so libFuzzer finds more in the same time; it runs everywhere and always the same way.

use std::{
    panic::{self, AssertUnwindSafe},
    time::{Duration, Instant},
};

use crate::Target;

/// No input grows longer than this.
const MAX_BYTES: usize = 16 * 1024;
/// Inputs kept beside the seeds, to be mutated further.
const MAX_KEPT: usize = 512;

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How often the target ran.
    pub executions: u64,
    /// The smallest input found that makes it panic, with the message.
    pub crash: Option<(Vec<u8>, String)>,
    /// The longest that one execution took.
    pub slowest: Duration,
    /// The input that took so long.
    pub slowest_input: Vec<u8>,
}

/// Runs a target on its seeds and on mutations of them for a time; stops at the first panic.
#[must_use]
pub fn fuzz(target: Target, time: Duration, seed: u64) -> Report {
    let quiet = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let report = run(target, time, seed);
    panic::set_hook(quiet);
    report
}

fn run(target: Target, time: Duration, seed: u64) -> Report {
    let mut pool = (target.seeds)();
    let mut report = Report { executions: 0, crash: None, slowest: Duration::ZERO, slowest_input: Vec::new() };
    let seeds = pool.clone();
    let begun = Instant::now();
    let mut random = Random(seed | 1);
    let fresh = std::iter::from_fn(|| Some(mutated(&mut pool, target.words, &mut random)));
    for input in seeds.into_iter().chain([Vec::new()]).chain(fresh) {
        let started = Instant::now();
        let outcome = panics(target.run, &input);
        report.executions += 1;
        let took = started.elapsed();
        if let Some(message) = outcome {
            let small = minimised(target.run, input);
            report.crash = Some((small, message));
            return report;
        }
        if took > report.slowest {
            (report.slowest, report.slowest_input) = (took, input);
        }
        if begun.elapsed() > time {
            break;
        }
    }
    report
}

/// Runs once; the message of a panic.
pub fn panics(run: fn(&[u8]), input: &[u8]) -> Option<String> {
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| run(input)));
    outcome.err().map(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}

/// Takes pieces out for as long as it still panics.
fn minimised(run: fn(&[u8]), input: Vec<u8>) -> Vec<u8> {
    let mut smallest = input;
    let mut piece = smallest.len() / 2;
    while piece > 0 {
        let mut place = 0;
        while place < smallest.len() {
            let end = (place + piece).min(smallest.len());
            let shorter = [&smallest[..place], &smallest[end..]].concat();
            if panics(run, &shorter).is_some() {
                smallest = shorter;
            } else {
                place += piece;
            }
        }
        piece /= 2;
    }
    smallest
}

/// One to eight changes to an input of the pool; some results join the pool.
fn mutated(pool: &mut Vec<Vec<u8>>, words: &[&str], random: &mut Random) -> Vec<u8> {
    let mut input = pool.get(random.below(pool.len())).cloned().unwrap_or_default();
    for _ in 0..=random.below(8) {
        change(&mut input, pool, words, random);
    }
    input.truncate(MAX_BYTES);
    if random.below(16) == 0 {
        if pool.len() < MAX_KEPT {
            pool.push(input.clone());
        } else {
            let place = random.below(pool.len());
            pool[place] = input.clone();
        }
    }
    input
}

fn change(input: &mut Vec<u8>, pool: &[Vec<u8>], words: &[&str], random: &mut Random) {
    let place = random.below(input.len() + 1);
    let end = (place + 1 + random.below(8)).min(input.len());
    match random.below(9) {
        0 if place < input.len() => input[place] ^= 1 << random.below(8),
        1 if place < input.len() => input[place] = random.next() as u8,
        2 => input.insert(place, b" 0123456789AXxeE,.\n\"'-[]{}="[random.below(27)]),
        3 if place < end => drop(input.drain(place..end)),
        4 if place < end => {
            let copy = input[place..end].to_vec();
            input.splice(place..place, copy);
        }
        5 if !words.is_empty() => {
            let word = words[random.below(words.len())].bytes();
            input.splice(place..place, word);
        }
        6 => {
            let other = &pool[random.below(pool.len())];
            let from = random.below(other.len() + 1);
            let taken = other[from..].to_vec();
            input.truncate(place);
            input.extend(taken);
        }
        7 if end < input.len() => input.swap(place, end),
        8 if place < input.len() && input[place].is_ascii_digit() => input[place] = b'0' + random.below(10) as u8,
        _ => input.truncate(input.len().max(1) - usize::from(!input.is_empty())),
    }
}

/// xorshift64: not for secrets.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Below `limit`; 0 where it is 0.
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 16).unwrap_or(0) % limit.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses_a_word(data: &[u8]) {
        assert!(!data.windows(3).any(|three| three == b"abc"), "found it");
    }

    #[test]
    fn a_panic_is_found_and_made_small() {
        let target =
            Target { name: "t", run: refuses_a_word, seeds: || vec![b"ab and more".to_vec()], words: &["bc", "a"] };
        let (input, message) = fuzz(target, Duration::from_secs(20), 1).crash.expect("abc is found");
        assert_eq!((input.as_slice(), message.as_str()), (&b"abc"[..], "found it"));
    }
}
