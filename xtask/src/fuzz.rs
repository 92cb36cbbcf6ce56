//! The fuzz targets of `fuzz/`: for a moment each in the ordinary tests, for as long as one likes in the long run.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{cargo, files, long::Row};

/// The ordinary run: every target for two seconds on seeds and their mutations.
pub fn short() -> Result<(), String> {
    let status = on_fuzz(&["test"]).status().map_err(|e| format!("cargo: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("the fuzz targets ended with {status}")) }
}

/// Every target for so many seconds: under libFuzzer, which sees coverage, where a nightly toolchain and `cargo-fuzz`
/// are installed; else under the driver of the crate.
pub fn long(seconds: u64) -> Result<Vec<Row>, String> {
    let libfuzzer = Command::new("cargo")
        .args(["+nightly", "fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if libfuzzer { under_libfuzzer(seconds) } else { under_driver(seconds) }
}

/// Cargo on the fuzz crate, building into the project's own folder.
fn on_fuzz(words: &[&str]) -> Command {
    let mut command = cargo::command();
    command.args(words).arg("--manifest-path").arg(files::root().join("fuzz/Cargo.toml"));
    command.current_dir(files::root());
    if std::env::var_os("CARGO_TARGET_DIR").is_none() {
        command.env("CARGO_TARGET_DIR", files::root().join("target"));
    }
    command
}

/// `drive` prints a line a target: name, seconds, executions, slowest in milliseconds, outcome.
fn under_driver(seconds: u64) -> Result<Vec<Row>, String> {
    // Engines are optimised and overflow is checked in the daily profile as well, so nothing is built anew.
    let output = on_fuzz(&["run", "--features", "territory", "--example", "drive"])
        .arg("--")
        .arg(seconds.to_string())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let rows: Vec<Row> = said.lines().filter_map(row).collect();
    if rows.is_empty() { Err(format!("the fuzz driver ended with {}", output.status)) } else { Ok(rows) }
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [name, spent, executions, _, outcome] = cells.as_slice() else { return None };
    Some(Row {
        part: "fuzz",
        what: (*name).to_owned(),
        spent: Duration::from_secs(spent.parse().ok()?),
        count: executions.parse().ok(),
        problem: (*outcome != "ok").then(|| format!("{outcome}: see fuzz/artifacts/{name}")),
    })
}

/// The crate's code is safe throughout, so no sanitizer is needed and runs are faster without.
fn under_libfuzzer(seconds: u64) -> Result<Vec<Row>, String> {
    let seeds = on_fuzz(&["run", "--features", "territory", "--example", "drive"])
        .args(["--", "--seeds"])
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    let names = String::from_utf8_lossy(&seeds.stdout).into_owned();
    if !seeds.status.success() {
        return Err(format!("the fuzz driver ended with {}", seeds.status));
    }
    let mut rows = Vec::new();
    for name in names.lines() {
        let begun = Instant::now();
        let output = Command::new("cargo")
            .args(["+nightly", "fuzz", "run", "--sanitizer", "none", "--features", "libfuzzer,territory", name, "--"])
            .args([&format!("-max_total_time={seconds}"), "-print_final_stats=1", "-timeout=10"])
            .current_dir(files::root().join("fuzz"))
            .output()
            .map_err(|e| format!("cargo fuzz: {e}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let count =
            said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")?.trim().parse().ok());
        let problem = (!output.status.success()).then(|| format!("{}: see fuzz/artifacts/{name}", output.status));
        if problem.is_some() {
            eprintln!("{said}");
        }
        rows.push(Row { part: "fuzz", what: name.to_owned(), spent: begun.elapsed(), count, problem });
    }
    Ok(rows)
}
