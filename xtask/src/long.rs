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
const ALONE: [(&str, &str, &str); 4] = [
    ("crashes", "linli", "all::storm"),
    ("pages", "linli", "all::pages"),
    ("outboxes", "linli-fieldwork", "all::phone::schedules"),
    ("usable", "linli", "all::journeys::offline::speed"),
];
/// Schedules of phones' outboxes, doubled, reordered, cut off and replayed, instead of the ordinary 200, unless
/// `--schedules` says otherwise.
const SCHEDULES: u64 = 10_000;

/// What was asked for.
struct Asked {
    parts: Vec<&'static str>,
    /// How long each fuzz target runs.
    seconds: u64,
    schedules: u64,
    /// Tests in the daily profile, where a released build would take too long.
    daily: bool,
    /// Words for `cargo test`, or for the load.
    rest: Vec<String>,
}

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
    let asked = read(words)?;
    let mut rows = Vec::new();
    for part in asked.parts.iter().copied() {
        let begun = Instant::now();
        let ended = match part {
            "fuzz" => fuzz::long(asked.seconds),
            "simulations" => simulations(),
            "tests" => tests(None, &asked).map(|row| vec![row]),
            "benches" => benches(),
            "load" => load(&asked.rest),
            alone => tests(ALONE.iter().find(|(name, ..)| *name == alone).copied(), &asked).map(|row| vec![row]),
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

/// `[fuzz] [simulations] [tests] [crashes] [pages] [outboxes] [usable] [benches] [load] [--seconds N] [--schedules N] [--daily]
/// [-- words for cargo test, or for the load]`.
fn read(words: &[String]) -> Result<Asked, String> {
    let mut asked =
        Asked { parts: Vec::new(), seconds: FUZZ_SECONDS, schedules: SCHEDULES, daily: false, rest: Vec::new() };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|n| n.parse().ok()).ok_or(format!("{word} wants a number"));
        match word.as_str() {
            "--" => break,
            "--seconds" => asked.seconds = number()?,
            "--schedules" => asked.schedules = number()?,
            "--daily" => asked.daily = true,
            other => match PARTS.iter().chain(ALONE.iter().map(|(name, ..)| name)).find(|part| **part == other) {
                Some(part) => asked.parts.push(*part),
                None => {
                    let alone: Vec<&str> = ALONE.iter().map(|(name, ..)| *name).collect();
                    return Err(format!("long: `{other}` is none of {}, {}", PARTS.join(", "), alone.join(", ")));
                }
            },
        }
    }
    if asked.parts.is_empty() {
        asked.parts = PARTS.to_vec();
    }
    asked.rest = words.cloned().collect();
    Ok(asked)
}

/// Each engine's tests, optimised, with `LINLI_LONG=1`: their simulations repeat far more often.
fn simulations() -> Result<Vec<Row>, String> {
    let tested = |name: &String| cargo(&["test", "--release", "-p", name], &[("LINLI_LONG", "1")], "simulations", name);
    engines("tests")?.iter().map(tested).collect()
}

/// The whole workspace with many cases for each property, or one module of the whole program's tests.
fn tests(alone: Option<(&'static str, &str, &str)>, asked: &Asked) -> Result<Row, String> {
    services::ensure()?;
    let (part, package, module) = alone.unwrap_or(("tests", "", ""));
    // What only some of them need is not fetched for the others.
    let schemathesis = match alone {
        None => schemathesis::ensure()?.display().to_string(),
        Some(_) => String::new(),
    };
    let axe = match part {
        "tests" | "pages" => services::axe()?.display().to_string(),
        _ => String::new(),
    };
    let postgres = services::Postgres::start()?;
    let schedules = asked.schedules.to_string();
    let env = [
        ("PROPTEST_CASES", CASES),
        ("LINLI_LONG", "1"),
        ("LINLI_PHONE_SCHEDULES", &schedules),
        ("LINLI_TEST_POSTGRES", &postgres.url),
        ("LINLI_TEST_BROWSER", "/usr/bin/chromedriver"),
        ("LINLI_TEST_SCHEMATHESIS", &schemathesis),
        ("LINLI_TEST_AXE", &axe),
    ];
    let env: Vec<(&str, &str)> = env.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let profile: &[&str] = if asked.daily { &["test"] } else { &["test", "--release"] };
    let which: &[&str] = match alone {
        Some(_) => &["-p", package, "--test", "all", module, "--", "--nocapture"],
        None => &["--workspace", "--no-fail-fast"],
    };
    let words: Vec<&str> = profile.iter().chain(which).copied().chain(asked.rest.iter().map(String::as_str)).collect();
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
