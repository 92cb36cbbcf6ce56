//! The commands and what they are called.

use std::{path::PathBuf, time::Instant};

use clap::{Parser, Subcommand};
use linli::{
    Outcome,
    commands::{
        self, backup, engines, import, init,
        keys::{Level, Rotate},
        roster, survey,
    },
    demo, serve, start,
};
use linli_platform::{
    clock::Month,
    config::Config,
    texts::{Lang, T},
};

/// Linli (邻里): residence registration and micro-grid service of a sub-district.
#[derive(Parser)]
#[command(name = "linli", version)]
pub struct Cli {
    /// Configuration file; without it, `linli.toml` of the folder.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The installation's folder.
    #[arg(long, global = true, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Language of messages: `zh` or `en`; without it, that of the environment.
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build a synthetic sub-district and serve it.
    Demo(demo::Options),
    /// Make a new installation.
    Init(init::Init),
    /// Serve an installation.
    Serve {
        /// Where to listen, over the configuration.
        #[arg(long)]
        listen: Option<String>,
    },
    /// Bring the database's schema up to date; make a backup first.
    Migrate,
    /// Is everything as it should be, and what to do where it is not.
    Doctor,
    /// Settings.
    #[command(subcommand)]
    Config(ConfigStep),
    /// Policy packs.
    #[command(subcommand)]
    Policy(PolicyStep),
    /// The interface for other systems.
    #[command(subcommand)]
    Api(ApiStep),
    /// Make an encrypted backup while the server runs, and read it back.
    Backup {
        /// The new file.
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        under: backup::Under,
    },
    /// Restore a backup into a new folder.
    Restore(backup::Restore),
    /// Move from SQLite to PostgreSQL, compared table by table; stop the server first.
    Move {
        /// The empty database: `postgres://…`.
        #[arg(long)]
        to: String,
    },
    /// Import a table, or grids.
    Import(import::Import),
    /// Find residents, masked, within an account's scope.
    Find {
        /// Name, pinyin, document number, mobile or address.
        text: String,
        /// The account.
        #[arg(long = "as", value_name = "ACCOUNT")]
        account: String,
    },
    /// Compare an employer's roster with the register.
    Roster(roster::Roster),
    /// The monthly survey.
    #[command(subcommand)]
    Survey(survey::Survey),
    /// Give an account a one-time password; the only way for administrators' passwords.
    ResetPassword {
        /// Sign-in name.
        name: String,
    },
    /// Take an account's second factor away; the only way for administrators'.
    ResetSecondFactor {
        /// Sign-in name.
        name: String,
    },
    /// Delete what is over its retention time, as the server does daily.
    Retention {
        /// Only list what would be deleted.
        #[arg(long)]
        dry_run: bool,
    },
    /// Compute a month's scores.
    Score {
        /// The month, `2026-11`.
        #[arg(long)]
        month: Month,
        /// The account.
        #[arg(long = "as", value_name = "ACCOUNT")]
        account: String,
    },
    /// Write a month's bulletin as PDF.
    Bulletin {
        /// The month, `2026-11`.
        #[arg(long)]
        month: Month,
        /// The new file.
        #[arg(long)]
        out: PathBuf,
        /// The account.
        #[arg(long = "as", value_name = "ACCOUNT")]
        account: String,
    },
    /// Papers of the office that the program writes by itself.
    #[command(subcommand)]
    Papers(PapersStep),
    /// Exchange keys while the server runs.
    #[command(subcommand)]
    Keys(KeysStep),
    /// The transparency log.
    #[command(subcommand)]
    Log(LogStep),
    /// The record of readings and changes: another name for `log verify`.
    #[command(subcommand)]
    Audit(AuditStep),
    /// Witness transparency logs: cosign what only grows.
    Witness(commands::witness::Witness),
    /// Document numbers.
    #[command(subcommand)]
    Id(IdStep),
    /// Written addresses.
    #[command(subcommand)]
    Address(AddressStep),
    /// Visits and shifts, from files.
    #[command(subcommand)]
    Plan(PlanStep),
    /// Official working days as CSV: `2026-01-01..2026-12-31`.
    Workday(engines::workday::Workday),
    /// Measure this machine: registering, searching, comparing, beside the plain way of each.
    Bench(commands::bench::Bench),
    /// How right a register stays under a policy, month by month, in towns whose truth is known.
    Simulate(commands::simulate::Simulate),
    /// Write a synthetic town or city as tables.
    Town(commands::town::Options),
    /// Compare a roster with a register, both CSV.
    Match(engines::matching::Match),
    /// Link two tables by fields of one's own, or find the duplicates of one; all CSV.
    Link(engines::matching::Link),
}

#[derive(Subcommand)]
enum ConfigStep {
    /// Read the settings over and say what they come to.
    Check,
}

#[derive(Subcommand)]
enum PolicyStep {
    /// Check a policy pack: file, line, reason.
    Check {
        /// Its folder.
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum ApiStep {
    /// Print the OpenAPI 3.1 document.
    Openapi,
}

#[derive(Subcommand)]
enum AuditStep {
    /// Check an installation's whole log; or, given a folder, audit a published log without trusting its writer.
    Verify {
        /// The folder of a published log (C2SP tlog-tiles).
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        #[command(flatten)]
        audit: commands::log::Audit,
    },
}

#[derive(Subcommand)]
enum LogStep {
    /// Check an installation's whole log; or, given a folder, audit a published log without trusting its writer.
    Verify {
        /// The folder of a published log (C2SP tlog-tiles).
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        #[command(flatten)]
        audit: commands::log::Audit,
    },
    /// Publish the log as files (C2SP tlog-tiles), or bring a publication up to date.
    Export(commands::log::Export),
    /// Have a published log's checkpoint witnessed.
    Cosign(commands::log::Cosign),
    /// Check a proof that somebody was given: of a reading, a change, an erasure.
    Proof {
        /// The file.
        file: PathBuf,
        /// The log's public key, from somewhere else than the file.
        #[arg(long)]
        key: Option<String>,
    },
}

#[derive(Subcommand)]
enum PapersStep {
    /// Write the record of processing and the impact assessment (PIPL 55, 56), as PDF and as Word.
    Privacy {
        /// The folder.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(Subcommand)]
enum KeysStep {
    /// Exchange the keys of a level.
    Rotate(commands::keys::Rotate),
    /// Say which keys are held, and of which cipher profile.
    List,
    /// Destroy what an exchange has left: an epoch that wraps nothing any more (backups of its time then open for
    /// nobody), or the former keys of the blind indexes or of the log.
    Destroy {
        /// The epoch's name, such as `2026-11`; `blind`; `log`.
        name: String,
    },
}

#[derive(Subcommand)]
enum IdStep {
    /// Check numbers, one a line.
    Check {
        /// The file.
        file: PathBuf,
        /// Where the table goes; without it, the screen.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum PlanStep {
    /// Which premises are due for a visit: as a list, as one day's walk, or spread over days.
    Visits(engines::visits::Visits),
    /// Which premises are likeliest stale, by what past checks have found at premises of their type.
    Stale(engines::visits::Stale),
    /// A team's week of shifts, proposed or checked; where there is none, the rules that collide.
    Shifts(engines::shifts::Shifts),
}

#[derive(Subcommand)]
enum AddressStep {
    /// Compare two addresses, or the two columns of a table: same door, building, road or village, with the reason.
    Compare(engines::compare::Compare),
    /// Parse addresses, one a line, into a column per element.
    Parse {
        /// The file.
        file: PathBuf,
        /// Where the table goes; without it, the screen.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Resolve a column of a table against standard addresses.
    Resolve {
        /// Standard addresses: `addr_id,text`.
        #[arg(long)]
        standard: PathBuf,
        /// The column that holds the written addresses.
        #[arg(long, default_value = "address")]
        column: String,
        /// The table.
        file: PathBuf,
        /// Where the table goes; without it, the screen.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// Does what was asked for.
///
/// # Errors
/// Whatever the command ends in.
pub async fn run(cli: Cli, t: &T, begun: Instant) -> Outcome {
    let (file, dir) = (cli.config, cli.dir);
    let config = || start::load_config(file.as_deref(), dir.as_deref(), &[]);
    let command = match cli.command {
        Command::Audit(AuditStep::Verify { folder, audit }) => Command::Log(LogStep::Verify { folder, audit }),
        other => other,
    };
    match command {
        Command::Demo(options) => demo::run(options, t, begun).await,
        Command::Init(options) => init::init(options, t).await,
        Command::Serve { listen } => {
            let config = start::load_config(file.as_deref(), dir.as_deref(), &[("listen", listen)])?;
            run_server(&config, t, begun).await
        }
        Command::Migrate => init::migrate(&config()?, t).await,
        Command::Doctor => commands::doctor::run(&config()?, t).await,
        Command::Config(ConfigStep::Check) => {
            commands::config::check(&config()?, t);
            Ok(())
        }
        Command::Policy(PolicyStep::Check { dir }) => commands::config::check_policy(&dir, t),
        Command::Api(ApiStep::Openapi) => commands::api::print_document(t),
        Command::Backup { to, under } => backup::make(&config()?, &to, &under, t).await,
        Command::Restore(options) => backup::restore(options, t).await,
        Command::Move { to } => commands::move_store::run(&config()?, &to, t).await,
        Command::Survey(step) => match survey::from_files(step, t)? {
            None => Ok(()),
            Some(step) => do_work(Command::Survey(step), &config()?, t).await,
        },
        Command::Plan(PlanStep::Visits(asked)) => engines::visits::visits(&asked),
        Command::Plan(PlanStep::Stale(asked)) => engines::visits::stale(&asked),
        Command::Plan(PlanStep::Shifts(asked)) => engines::shifts::run(&asked, t),
        Command::Address(AddressStep::Compare(asked)) => engines::compare::run(&asked, t),
        Command::Workday(asked) => engines::workday::list(&asked),
        Command::Id(IdStep::Check { file, out }) => engines::id::check(&file, out.as_deref(), t),
        Command::Address(AddressStep::Parse { file, out }) => engines::address::parse(&file, out.as_deref()),
        Command::Address(AddressStep::Resolve { standard, column, file, out }) => {
            engines::address::resolve(&standard, &column, &file, out.as_deref(), t)
        }
        Command::Log(LogStep::Verify { folder: Some(folder), audit }) => commands::log::audit(&folder, &audit, t),
        Command::Log(LogStep::Cosign(options)) => commands::log::cosign(&options, t).await,
        Command::Log(LogStep::Proof { file, key }) => commands::log::check_proof(&file, key.as_deref(), t),
        Command::Keys(KeysStep::Rotate(asked @ Rotate { level: Level::Root, .. })) => {
            commands::keys::rotate_root(&config()?, &asked, t)
        }
        Command::Simulate(options) => commands::simulate::run(&options, t),
        Command::Town(options) => commands::town::run(&options, t),
        Command::Witness(options) => commands::witness::serve(&options, t).await,
        Command::Bench(options) => commands::bench::run(options, t).await,
        Command::Match(files) => engines::matching::run(&files, match_language(t)),
        Command::Link(files) => engines::matching::link(&files),
        work => do_work(work, &config()?, t).await,
    }
}

fn match_language(t: &T) -> roster_match::Lang {
    match t.lang {
        Lang::Zh => roster_match::Lang::Zh,
        Lang::En => roster_match::Lang::En,
    }
}

async fn run_server(config: &Config, t: &T, begun: Instant) -> Outcome {
    start::log_to_stderr(&config.log);
    let started = start::open(config).await?;
    let (t, tls) = (t.clone(), config.tls.is_some());
    serve::serve(started, move |address| serve::say_ready(&t, address, tls, begun)).await
}

/// The daily work, on an open installation.
async fn do_work(work: Command, config: &Config, t: &T) -> Outcome {
    start::log_to_stderr("warn");
    let started = start::open(config).await?;
    match work {
        Command::Import(import) => import::run(&started, import, t).await,
        Command::Retention { dry_run } => commands::retention::run(&started, dry_run, t).await,
        Command::Find { text, account } => commands::find::find(&started, &text, &account, t).await,
        Command::Roster(roster) => roster::run(&started, roster, t).await,
        Command::Survey(step) => survey::run(&started, step, t).await,
        Command::ResetPassword { name } => commands::account::reset_password(&started, &name, t).await,
        Command::ResetSecondFactor { name } => commands::account::reset_second_factor(&started, &name, t).await,
        Command::Score { month, account } => commands::score::score(&started, month, &account, t).await,
        Command::Bulletin { month, out, account } => {
            commands::score::write_bulletin(&started, month, &out, &account).await
        }
        Command::Log(LogStep::Verify { audit, .. }) => {
            commands::log::verify(&started, audit.checkpoint.first().map(PathBuf::as_path), t).await
        }
        Command::Log(LogStep::Export(options)) => commands::log::export(&started, &options, t).await,
        Command::Papers(PapersStep::Privacy { out }) => commands::papers::privacy(&started, &out, t),
        Command::Keys(KeysStep::Rotate(rotate)) => commands::keys::rotate(&started, rotate.level, t).await,
        Command::Keys(KeysStep::List) => commands::keys::list(&started, t).await,
        Command::Keys(KeysStep::Destroy { name }) => commands::keys::destroy(&started, &name, t).await,
        // Everything else was done without an open installation.
        _ => Ok(()),
    }
}
