//! `linli`: the command line.

mod cli;

use std::{process::ExitCode, time::Instant};

use clap::Parser as _;
use linli::areas;
use linli_platform::texts::Lang;

fn main() -> ExitCode {
    let begun = Instant::now();
    let cli = cli::Cli::parse();
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

fn fail(text: &str) -> ExitCode {
    eprintln!("{text}");
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
