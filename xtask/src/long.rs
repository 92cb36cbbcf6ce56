//! What takes hours, run by hand before a release: the same checks as in the ordinary run, with larger numbers.

use std::process::Command;

use crate::{files, services};

/// Property tests with so many cases instead of the ordinary 64 to 256.
const CASES: &str = "100000";

/// Runs everything long; figures are for `docs/`.
pub fn run(words: &[String]) -> Result<(), String> {
    services::ensure()?;
    let postgres = services::Postgres::start()?;
    let status = Command::new(env!("CARGO"))
        .args(["test", "--workspace", "--release"])
        .args(words)
        .env("PROPTEST_CASES", CASES)
        .env("LINLI_LONG", "1")
        .env("LINLI_TEST_POSTGRES", &postgres.url)
        .env("LINLI_TEST_BROWSER", "/usr/bin/chromedriver")
        .current_dir(files::root())
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("cargo test ended with {status}")) }
}
