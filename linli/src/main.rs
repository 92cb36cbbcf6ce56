//! `linli`: the command line.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::{Parser, Subcommand};
use linli::{Outcome, areas, demo, serve, start};
use linli_platform::texts::{Lang, T};

/// Linli (邻里): residence registration and micro-grid service of a sub-district.
#[derive(Parser)]
#[command(name = "linli", version)]
struct Cli {
    /// Configuration file; without it, `linli.toml` of the folder.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Language of messages: `zh` or `en`; without it, that of the environment.
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build a synthetic sub-district and serve it.
    Demo(demo::Options),
    /// Serve an installation.
    Serve {
        /// The installation's folder.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Where to listen, over the configuration.
        #[arg(long)]
        listen: Option<String>,
    },
}

fn main() -> ExitCode {
    let begun = Instant::now();
    let cli = Cli::parse();
    let lang = language(cli.lang.as_deref());
    let t = match areas::texts(lang) {
        Ok(t) => t,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::FAILURE;
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli, &t, begun)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.text(&t));
            ExitCode::FAILURE
        }
    }
}

/// The language asked for; else Chinese where the environment speaks it, and English elsewhere.
fn language(asked: Option<&str>) -> Lang {
    let of_environment =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|v| !v.is_empty()));
    match asked.map(str::to_owned).or(of_environment) {
        Some(code) if code.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

async fn run(cli: Cli, t: &T, begun: Instant) -> Outcome {
    match cli.command {
        Command::Demo(options) => demo::run(options, t, begun).await,
        Command::Serve { dir, listen } => {
            let config = start::load_config(cli.config.as_deref(), dir.as_deref(), &[("listen", listen)])?;
            start::log_to_stderr(&config.log);
            let started = start::open(&config).await?;
            let t = t.clone();
            let tls = config.tls.is_some();
            serve::serve(started, move |address| serve::say_ready(&t, address, tls, begun)).await
        }
    }
}
