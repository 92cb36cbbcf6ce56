//! Every target for a moment: `LINLI_FUZZ_SECONDS` says how long each, 2 without it.

use std::time::Duration;

#[test]
fn no_target_panics_on_seeds_and_their_mutations() {
    let seconds = std::env::var("LINLI_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(2);
    let mut crashes = Vec::new();
    for target in linli_fuzz::all() {
        let report = linli_fuzz::driver::fuzz(target, Duration::from_secs(seconds), 20_261_123);
        println!("{:16} {:9} executions, slowest {:?}", target.name, report.executions, report.slowest);
        if let Some((input, message)) = report.crash {
            crashes.push(format!("{}: {message}\n  input: {:?}", target.name, String::from_utf8_lossy(&input)));
        }
    }
    assert!(crashes.is_empty(), "{}", crashes.join("\n"));
}

#[test]
fn inputs_that_once_made_a_target_panic_do_so_no_longer() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
    for target in linli_fuzz::all() {
        let Ok(entries) = std::fs::read_dir(folder.join(target.name)) else { continue };
        for entry in entries.flatten() {
            let input = std::fs::read(entry.path()).unwrap_or_default();
            assert_eq!(linli_fuzz::driver::panics(target.run, &input), None, "{}", entry.path().display());
        }
    }
}
