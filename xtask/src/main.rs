//! Chores of the project. `cargo xtask` without a word lists them.

mod cargo;
mod files;
mod floors;
mod fuzz;
mod long;
mod schemathesis;
mod services;
mod test;
mod texts;
mod tidy;
mod vendored;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask tidy    what the compiler does not check: floors, file lengths, texts, vendored files, words
cargo xtask test    all tests, with a PostgreSQL of its own and a real Chromium, and each fuzz target for a moment
cargo xtask long    what takes hours: [fuzz] [simulations] [tests] [benches] [load] [--seconds N for each fuzz target]
                    of the tests alone: [crashes] 100,000 requests with the server killed at random, [pages] every
                    page in every role, language, colour scheme and width; load is the register of 1.2 million
                    residents on both databases";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.first().map(String::as_str) {
        Some("tidy") => tidy::run(),
        Some("test") => test::run(&words[1..]),
        Some("long") => long::run(&words[1..]),
        _ => {
            println!("{HELP}");
            return ExitCode::FAILURE;
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
