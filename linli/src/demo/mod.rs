//! The demonstration: a synthetic sub-district that has lived for some months, with one sign-in for each role.

mod accounts;
mod beside;
mod build;
mod clients;
mod declarations;
mod guard;
mod history;
mod lives;
mod orders;
mod overdue;
mod papers;
mod people;
mod phones;
mod plans;
mod premises;
mod readings;
mod rosters;
mod scores;
mod stages;
mod supervised;
mod surveys;
mod tasks;
mod together;
mod volunteers;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Instant,
};

use linli_platform::{
    clock::{Clock, Rng},
    config::Config,
    store::SchemaState,
    texts::T,
};
use serde::{Deserialize, Serialize};

use crate::{
    areas::migrations,
    failure::{Failure, Outcome},
    serve, start,
};

/// What the demonstration is made from.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Residents, about.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(500..=1_500_000))]
    pub residents: u32,
    /// Months that the sub-district has lived.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=24))]
    pub months: u32,
    /// Seed: the same numbers give the same sub-district on the same day.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder; a second start uses what is in it.
    #[arg(long, default_value = "linli-demo")]
    pub dir: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Build and end, without serving.
    #[arg(long)]
    pub build_only: bool,
    /// PostgreSQL database to build it in; without it, SQLite in the folder.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Cipher profile of its keys: `aes` or `sm`.
    #[arg(long, value_name = "PROFILE", default_value = "aes", value_parser = ["aes", "sm"])]
    pub profile: String,
}

/// The password of every account of the demonstration.
pub const PASSWORD: &str = "linli-demo-2023";
/// Says what the folder holds; written when the building is done.
const DONE: &str = "demo.json";
/// Marks a folder whose building has begun, so that nothing else is ever overwritten.
const BEGUN: &str = "demo.building";

/// What a finished folder holds.
#[derive(Debug, Serialize, Deserialize)]
struct Done {
    residents: u32,
    months: u32,
    seed: u64,
    built: String,
    /// Role and sign-in name.
    sign_ins: Vec<(String, String)>,
    /// Somebody invented through whom the residents' own page can be tried.
    #[serde(default)]
    resident: Option<declarations::Sample>,
    /// The token of the system that was admitted to the interface.
    #[serde(default)]
    token: Option<String>,
}

/// Whether a folder holds a demonstration.
pub fn is_demonstration(dir: &Path) -> bool {
    dir.join(DONE).is_file()
}

/// Builds the demonstration unless the folder holds it, and serves it.
///
/// # Errors
/// A folder that holds something else, or a demonstration of another version.
pub async fn run(options: Options, t: &T, begun: Instant) -> Outcome {
    let config = config_of(&options)?;
    start::log_to_stderr(&config.log);
    let done = if is_demonstration(&options.dir) {
        reuse(&options, t, &config).await?
    } else {
        prepare(&options.dir, &config)?;
        crate::say!(
            "{}",
            t.all(
                "cli-demo-building",
                &[
                    ("dir", options.dir.display().to_string()),
                    ("residents", options.residents.to_string()),
                    ("months", options.months.to_string()),
                ]
            )
        );
        let shown = build::build(&options, &config, t, begun).await?;
        finish(&options, shown)?
    };
    say_sign_ins(t, &done);
    if options.build_only {
        return Ok(());
    }
    let store = start::connect(&config, Clock::system(), Rng::system()).await?;
    let started = start::assemble(&config, store, true)?;
    let t = t.clone();
    serve::serve(started, move |address| serve::say_ready(&t, address, false, begun)).await
}

fn config_of(options: &Options) -> Outcome<Config> {
    let flags = [
        ("listen", Some(options.listen.to_string())),
        ("log", Some("warn".to_owned())),
        ("database_url", options.database.clone()),
        ("profile", Some(options.profile.clone())),
    ];
    start::load_config(None, Some(&options.dir), &flags)
}

async fn reuse(options: &Options, t: &T, config: &Config) -> Outcome<Done> {
    let dir = options.dir.display();
    let text = fs::read_to_string(options.dir.join(DONE)).map_err(Failure::file(&options.dir))?;
    let done: Done =
        serde_json::from_str(&text).map_err(|_| Failure::say("cli-demo-file").arg("dir", dir.to_string()))?;
    let store = start::connect(config, Clock::system(), Rng::system()).await?;
    if store.schema_state(&migrations()).await? != SchemaState::Current {
        return Err(Failure::say("cli-demo-schema").arg("dir", dir));
    }
    crate::say!(
        "{}",
        t.all(
            "cli-demo-reused",
            &[
                ("dir", dir.to_string()),
                ("residents", done.residents.to_string()),
                ("months", done.months.to_string()),
                ("built", done.built.clone()),
            ]
        )
    );
    Ok(done)
}

/// Makes the folder, or clears one whose building was broken off.
fn prepare(dir: &Path, config: &Config) -> Outcome {
    let begun = dir.join(BEGUN);
    let broken_off = begun.is_file();
    let empty = fs::read_dir(dir).map(|mut entries| entries.next().is_none()).unwrap_or(true);
    if !empty && !broken_off {
        return Err(Failure::say("cli-demo-other").arg("dir", dir.display()));
    }
    fs::create_dir_all(dir).map_err(Failure::file(dir))?;
    if broken_off {
        for file in ["linli.db", "linli.db-wal", "linli.db-shm"] {
            let file = dir.join(file);
            if file.exists() {
                fs::remove_file(&file).map_err(Failure::file(&file))?;
            }
        }
    }
    fs::write(&begun, "").map_err(Failure::file(&begun))?;
    let settings = dir.join(start::CONFIG_FILE);
    let mut text = String::from("# Settings of the demonstration.\n");
    if let Some(url) = &config.database_url {
        text.push_str(&format!("database_url = {}\n", serde_json::Value::from(url.as_str())));
    }
    text.push_str(&format!("profile = \"{}\"\n", config.profile.code()));
    fs::write(&settings, text).map_err(Failure::file(&settings))?;
    Ok(linli_platform::keys::KeyRing::create(&config.key_settings(), &Rng::system())?)
}

fn finish(options: &Options, shown: build::Shown) -> Outcome<Done> {
    let done = Done {
        residents: options.residents,
        months: options.months,
        seed: options.seed,
        built: Clock::system().today().to_string(),
        sign_ins: shown.sign_ins,
        resident: shown.resident,
        token: shown.token,
    };
    let file = options.dir.join(DONE);
    let text = serde_json::to_string_pretty(&done).map_err(linli_platform::AppError::from)?;
    fs::write(&file, text).map_err(Failure::file(&file))?;
    let begun = options.dir.join(BEGUN);
    fs::remove_file(&begun).map_err(Failure::file(&begun))?;
    Ok(done)
}

fn say_sign_ins(t: &T, done: &Done) {
    crate::say!("\n{}", t.a("cli-demo-sign-ins", "password", PASSWORD));
    for (role, name) in &done.sign_ins {
        crate::say!("  {name:<20} {}", t.code("role", role));
    }
    if let Some(person) = &done.resident {
        let args = [("name", person.name.clone()), ("number", person.doc_no.clone())];
        crate::say!("\n{}", t.all("cli-demo-resident", &args));
        for (door, name, number) in &person.others {
            let args = [("name", name.clone()), ("number", number.clone())];
            crate::say!("{}", t.all(format!("cli-demo-{door}"), &args));
        }
    }
    if let Some(token) = &done.token {
        crate::say!("\n{}", t.a("cli-demo-token", "token", token));
    }
    crate::say!();
}
