//! All tests, from a clean clone.

use crate::{cargo, files, fuzz, schemathesis, services, tidy};

/// Runs `tidy`, every test, and each fuzz target for a moment; further words go to `cargo test`.
pub fn run(words: &[String]) -> Result<(), String> {
    services::ensure()?;
    tidy::run()?;
    // Where Python or its packages cannot be had, the ordinary run goes on without; the long one does not.
    let schemathesis = schemathesis::ensure().inspect_err(|why| println!("Schemathesis is left out: {why}")).ok();
    let axe = services::axe()?;
    let postgres = services::Postgres::start()?;
    let status = cargo::command()
        // Parquet, which is no part of the daily build, is built once, with everything else; one failing test hides no other.
        .args(["test", "--workspace", "--no-fail-fast", "--features", "linli/parquet"])
        .args(words)
        .env("LINLI_TEST_POSTGRES", &postgres.url)
        .env("LINLI_TEST_BROWSER", "/usr/bin/chromedriver")
        .env("LINLI_TEST_PKCS11", services::SOFTHSM)
        .envs(schemathesis.map(|program| ("LINLI_TEST_SCHEMATHESIS", program)))
        .env("LINLI_TEST_AXE", axe)
        .current_dir(files::root())
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if !status.success() {
        return Err(format!("cargo test ended with {status}"));
    }
    // Words choose tests; who names some wants no others.
    if words.is_empty() { fuzz::short() } else { Ok(()) }
}
