//! `drive SECONDS [TARGET …]`: fuzzes targets one after the other and prints a line of a table for each. A crash is
//! written to `artifacts/TARGET/` and the exit code says so. `drive --seeds` writes the seeds to `corpus/TARGET/`, where
//! libFuzzer begins, and prints the targets' names.

use std::{
    fs,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).peekable();
    if words.peek().is_some_and(|word| word == "--seeds") {
        return write_seeds();
    }
    let Some(seconds) = words.next().and_then(|s| s.parse().ok()) else {
        eprintln!("drive SECONDS [TARGET …], or drive --seeds");
        return ExitCode::FAILURE;
    };
    let wanted: Vec<String> = words.collect();
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let mut crashed = false;
    for target in linli_fuzz::all().into_iter().filter(|t| wanted.is_empty() || wanted.iter().any(|w| w == t.name)) {
        let begun = Instant::now();
        let report = linli_fuzz::driver::fuzz(target, Duration::from_secs(seconds), seed);
        let spent = begun.elapsed().as_secs_f64();
        let slowest_ms = report.slowest.as_secs_f64() * 1e3;
        let outcome = if report.crash.is_some() { "CRASH" } else { "ok" };
        println!("{}\t{spent:.0}\t{}\t{slowest_ms:.1}\t{outcome}", target.name, report.executions);
        if let Some((input, message)) = report.crash {
            crashed = true;
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts").join(target.name);
            let file = folder.join(format!("{seed:x}"));
            match fs::create_dir_all(&folder).and_then(|()| fs::write(&file, &input)) {
                Ok(()) => eprintln!("{}: {message}; input in {}", target.name, file.display()),
                Err(e) => eprintln!("{}: {message}; input {input:?} (not written: {e})", target.name),
            }
        }
    }
    if crashed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn write_seeds() -> ExitCode {
    for target in linli_fuzz::all() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
        let written = fs::create_dir_all(&folder).and_then(|()| {
            (target.seeds)()
                .iter()
                .enumerate()
                .try_for_each(|(n, seed)| fs::write(folder.join(format!("seed-{n}")), seed))
        });
        if let Err(e) = written {
            eprintln!("{}: {e}", folder.display());
            return ExitCode::FAILURE;
        }
        println!("{}", target.name);
    }
    ExitCode::SUCCESS
}
