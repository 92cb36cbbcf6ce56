//! What takes hours, run by hand before a release: the same checks as in the ordinary run, with larger numbers.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{cargo, files, fuzz, schemathesis, services};

/// Property tests with so many cases instead of the ordinary 64 to 256.
const CASES: &str = "100000";
/// Residents of the register under load.
const LOAD_RESIDENTS: &str = "1200000";
/// How long each fuzz target runs, unless `--seconds` says otherwise.
const FUZZ_SECONDS: u64 = 600;
/// The parts, in the order in which they run.
const PARTS: [&str; 5] = ["fuzz", "simulations", "tests", "benches", "load"];
/// Tests that can be run alone: the part's name, the package, and the module. They belong to `tests`.
const ALONE: [(&str, &str, &str); 3] = [
    ("crashes", "linli", "all::storm"),
    ("pages", "linli", "all::pages"),
    ("outboxes", "linli-fieldwork", "all::phone::schedules"),
];
/// Schedules of phones' outboxes, doubled, reordered, cut off and replayed, instead of the ordinary 200.
const SCHEDULES: &str = "10000";

/// One line of the summary.
pub struct Row {
    /// Which part.
    pub part: &'static str,
    /// What of it.
    pub what: String,
    /// How long it took.
    pub spent: Duration,
    /// How often a fuzz target ran, or how many tests passed.
    pub count: Option<u64>,
    /// What went wrong.
    pub problem: Option<String>,
}

/// Runs the parts named, or all, and prints a table; figures are for `docs/`.
pub fn run(words: &[String]) -> Result<(), String> {
    let (parts, seconds, rest) = read(words)?;
    let mut rows = Vec::new();
    for part in parts {
        let begun = Instant::now();
        let ended = match part {
            "fuzz" => fuzz::long(seconds),
            "simulations" => simulations(),
            "tests" => tests(None, &rest).map(|row| vec![row]),
            "benches" => benches(),
            "load" => load(&rest),
            alone => tests(ALONE.iter().find(|(name, ..)| *name == alone).copied(), &rest).map(|row| vec![row]),
        };
        // A part that cannot begin does not keep the others from running.
        rows.extend(ended.unwrap_or_else(|problem| {
            let what = "not run to its end".to_owned();
            vec![Row { part, what, spent: begun.elapsed(), count: None, problem: Some(problem) }]
        }));
    }
    print(&rows);
    let bad = rows.iter().filter(|row| row.problem.is_some()).count();
    if bad == 0 { Ok(()) } else { Err(format!("long: {bad} of {} ended badly", rows.len())) }
}

/// `[fuzz] [simulations] [tests] [crashes] [pages] [outboxes] [benches] [load] [--seconds N] [-- words for cargo test, or for the load]`.
fn read(words: &[String]) -> Result<(Vec<&'static str>, u64, Vec<String>), String> {
    let (mut parts, mut seconds) = (Vec::new(), FUZZ_SECONDS);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--" => break,
            "--seconds" => {
                let given = words.next().and_then(|n| n.parse().ok());
                seconds = given.ok_or("--seconds wants a number")?;
            }
            other => match PARTS.iter().chain(ALONE.iter().map(|(name, ..)| name)).find(|part| **part == other) {
                Some(part) => parts.push(*part),
                None => {
                    return Err(format!("long: `{other}` is none of {}, crashes, pages, outboxes", PARTS.join(", ")));
                }
            },
        }
    }
    if parts.is_empty() {
        parts = PARTS.to_vec();
    }
    Ok((parts, seconds, words.cloned().collect()))
}

/// Each engine's tests, optimised, with `LINLI_LONG=1`: their simulations repeat far more often.
fn simulations() -> Result<Vec<Row>, String> {
    let tested = |name: &String| cargo(&["test", "--release", "-p", name], &[("LINLI_LONG", "1")], "simulations", name);
    engines("tests")?.iter().map(tested).collect()
}

/// The whole workspace with many cases for each property, or one module of the whole program's tests.
fn tests(alone: Option<(&'static str, &str, &str)>, words: &[String]) -> Result<Row, String> {
    services::ensure()?;
    let schemathesis = schemathesis::ensure()?.display().to_string();
    let axe = services::axe()?;
    let postgres = services::Postgres::start()?;
    let env = [
        ("PROPTEST_CASES", CASES),
        ("LINLI_LONG", "1"),
        ("LINLI_PHONE_SCHEDULES", SCHEDULES),
        ("LINLI_TEST_POSTGRES", &postgres.url),
        ("LINLI_TEST_BROWSER", "/usr/bin/chromedriver"),
        ("LINLI_TEST_SCHEMATHESIS", &schemathesis),
        ("LINLI_TEST_AXE", &axe.to_string_lossy()),
    ];
    let (part, _, module) = alone.unwrap_or(("tests", "", ""));
    let which: &[&str] = match alone {
        Some((_, package, module)) => {
            &["test", "--release", "-p", package, "--test", "all", module, "--", "--nocapture"]
        }
        None => &["test", "--release", "--workspace", "--no-fail-fast"],
    };
    let words: Vec<&str> = which.iter().copied().chain(words.iter().map(String::as_str)).collect();
    cargo(&words, &env, part, if module.is_empty() { "workspace" } else { module })
}

/// Each engine's benches, and the peers beside them as far as they are installed: a bench calls its own, and a
/// script `benches/peers.sh` is run where there is one.
fn benches() -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for name in engines("benches")? {
        rows.push(cargo(&["bench", "-p", &name, "--benches"], &[], "benches", &name)?);
        let script = files::root().join("engines").join(&name).join("benches/peers.sh");
        if script.exists() {
            rows.push(timed("benches", &format!("{name} peers"), Command::new("bash").arg(script))?);
        }
    }
    Ok(rows)
}

/// The register of this many residents under load, and a thousand phones that come back to the network, on both
/// databases: `linli bench load`, `linli bench field`.
fn load(words: &[String]) -> Result<Vec<Row>, String> {
    let postgres = services::Postgres::start()?;
    let url = postgres.database("load")?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let run = |engine: &str, further: &[&str]| {
        let load = ["run", "--release", "-p", "linli", "--", "bench", "load", "--residents", LOAD_RESIDENTS];
        cargo(&[&load[..], further, &words].concat(), &[], "load", engine)
    };
    let phones = postgres.database("phones")?;
    let field = |engine: &str, further: &[&str]| {
        let field = ["run", "--release", "-p", "linli", "--", "bench", "field"];
        cargo(&[&field[..], further].concat(), &[], "load", engine)
    };
    Ok(vec![
        run("SQLite", &[])?,
        run("PostgreSQL", &["--database", &url])?,
        field("phones, SQLite", &[])?,
        field("phones, PostgreSQL", &["--database", &phones])?,
    ])
}

/// Names of the engines that have a folder of this name.
fn engines(folder: &str) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(files::root().join("engines")).map_err(|e| format!("engines: {e}"))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().join(folder).is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

fn cargo(words: &[&str], env: &[(&str, &str)], part: &'static str, what: &str) -> Result<Row, String> {
    timed(part, what, cargo::command().args(words).envs(env.iter().copied()))
}

/// Runs a command with its output shown as it comes, and counts the tests that it says have passed.
fn timed(part: &'static str, what: &str, command: &mut Command) -> Result<Row, String> {
    let begun = Instant::now();
    let named = format!("{command:?}");
    let mut child =
        command.current_dir(files::root()).stdout(Stdio::piped()).spawn().map_err(|e| format!("{named}: {e}"))?;
    let out = child.stdout.take().ok_or_else(|| format!("{named} says nothing"))?;
    let mut count = 0;
    for line in BufReader::new(out).lines().map_while(Result::ok) {
        println!("{line}");
        count += passed(&line).unwrap_or(0);
    }
    let status = child.wait().map_err(|e| format!("{named}: {e}"))?;
    let problem = (!status.success()).then(|| status.to_string());
    Ok(Row { part, what: what.to_owned(), spent: begun.elapsed(), count: (count > 0).then_some(count), problem })
}

/// `test result: ok. 12 passed; …`.
fn passed(line: &str) -> Option<u64> {
    line.strip_prefix("test result: ")?.split(' ').nth(1)?.parse().ok()
}

fn print(rows: &[Row]) {
    println!("\n{:12} {:24} {:>9} {:>14}  outcome", "part", "what", "seconds", "executions");
    for row in rows {
        let count = row.count.map_or_else(String::new, |n| n.to_string());
        let outcome = row.problem.as_deref().unwrap_or("ok");
        println!("{:12} {:24} {:9.0} {count:>14}  {outcome}", row.part, row.what, row.spent.as_secs_f64());
    }
    let fuzzed = rows.iter().filter(|row| row.part == "fuzz");
    let (hours, runs) = fuzzed.fold((0.0, 0), |(hours, runs), row| {
        (hours + row.spent.as_secs_f64() / 3_600.0, runs + row.count.unwrap_or(0))
    });
    println!("fuzzing: {hours:.2} hours, {runs} executions");
}
