//! `linli`: the command line.

mod cli;

use std::{io::Write as _, process::ExitCode, time::Instant};

use clap::Parser as _;
use linli::{areas, usage};
use linli_platform::texts::Lang;

fn main() -> ExitCode {
    let begun = Instant::now();
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => return refused(&e),
    };
    let t = match areas::texts(language(cli.lang.as_deref())) {
        Ok(t) => t,
        Err(e) => return fail(&e.to_string()),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return fail(&e.to_string()),
    };
    match runtime.block_on(cli::run(cli, &t, begun)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure.text(&t)),
    }
}

/// The words are no command: what is wrong with them in Chinese where that is spoken, else as the parser says it. Help and
/// version are no refusal.
fn refused(e: &clap::Error) -> ExitCode {
    let spoken = language(asked_language().as_deref());
    let texts = (spoken == Lang::Zh).then(|| areas::texts(spoken).ok()).flatten();
    match texts.and_then(|t| usage::text(&t, e)) {
        Some(text) => {
            fail(&text);
        }
        None => {
            let _ = e.print();
        }
    }
    ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2))
}

/// The value of `--lang` among words that could not be parsed.
fn asked_language() -> Option<String> {
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--lang" {
            return words.next();
        }
        if let Some(code) = word.strip_prefix("--lang=") {
            return Some(code.to_owned());
        }
    }
    None
}

fn fail(text: &str) -> ExitCode {
    // Whoever reads the words may have gone; that is no reason to end otherwise.
    let _ = writeln!(std::io::stderr(), "{text}");
    ExitCode::FAILURE
}

/// The language asked for; else Chinese where the environment speaks it, and English elsewhere.
fn language(asked: Option<&str>) -> Lang {
    let set = |name: &&str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let of_environment = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set);
    match asked.map(str::to_owned).or(of_environment) {
        Some(code) if code.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}
