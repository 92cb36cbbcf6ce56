//! Putting an installation together: store, rules, calendar, fonts, areas.

use std::{
    collections::BTreeMap,
    fs,
    io::IsTerminal as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use cn_workday::{Calendar, RowProblem};
use linli_documents::{Documents, Mark, Paper};
use linli_platform::{
    AppError, Result,
    app::{App, Installation, Typesetter},
    area::Area,
    clock::{Clock, Rng},
    config::Config,
    erasures,
    keys::KeyRing,
    policy,
    store::{SchemaState, Store},
};
use policy_pack::Pack;

use crate::{
    areas::{areas, migrations},
    failure::{Failure, Outcome},
};

/// The file of an installation's settings in its folder.
pub const CONFIG_FILE: &str = "linli.toml";
/// The office's own table of working days in the installation's folder, over the official one.
pub const WORKDAYS_FILE: &str = "workdays.csv";

/// A running installation.
pub struct Started {
    /// What its areas share.
    pub app: App,
    /// Its areas.
    pub areas: Vec<Area>,
    /// Its settings.
    pub config: Config,
}

/// Reads the settings: of a named file, or of `linli.toml` in the installation's folder, or of the working folder.
///
/// # Errors
/// An unknown key, a value out of range, a named file that is not there.
pub fn load_config(file: Option<&Path>, dir: Option<&Path>, flags: &[(&str, Option<String>)]) -> Outcome<Config> {
    let in_dir = dir.map(|d| d.join(CONFIG_FILE)).filter(|f| f.is_file());
    let mut flags = flags.to_vec();
    if let Some(dir) = dir {
        flags.push(("data_dir", Some(dir.display().to_string())));
    }
    Ok(Config::load(file.or(in_dir.as_deref()), &flags)?)
}

/// Opens the keys and connects to the database; the schema is left as it is.
///
/// # Errors
/// No or unsafe keys; no database.
pub async fn connect(config: &Config, clock: Clock, rng: Rng) -> Outcome<Store> {
    let keys = Arc::new(KeyRing::open(&config.key_settings(), &rng, &Clock::system())?);
    Ok(Store::connect(&config.database(), &config.division_code, keys, clock, rng).await?)
}

/// Refuses to go on unless the schema is this program's.
///
/// # Errors
/// `schema-newer`; `cli-schema-behind`, which names the command that helps.
pub async fn check_schema(store: &Store) -> Outcome {
    match store.schema_state(&migrations()).await? {
        SchemaState::Current => Ok(()),
        SchemaState::Newer(step) => Err(AppError::rule("schema-newer").arg("step", step).into()),
        SchemaState::Empty | SchemaState::Behind(_) => Err(Failure::say("cli-schema-behind")),
    }
}

/// Puts an app together on a store.
///
/// # Errors
/// A policy pack or table of working days with faults; areas whose texts do not fit together; a gateway for messages that
/// cannot be called.
pub fn assemble(config: &Config, store: Store, demonstration: bool) -> Outcome<Started> {
    assemble_with(config, store, pack(config)?, demonstration)
}

fn assemble_with(config: &Config, store: Store, rules: Pack, demonstration: bool) -> Outcome<Started> {
    let areas = areas();
    let given = Installation {
        pack: Arc::new(rules),
        policy_dir: config.policy_dir.clone(),
        key_dir: Some(config.keys()),
        calendar: Arc::new(calendar(&config.data_dir)?),
        scopes: Arc::new(linli_team::TeamScopes),
        documents: typesetter(config),
        data_dir: config.data_dir.clone(),
        secure_cookies: config.tls.is_some() || config.behind_tls_proxy,
        trusted_origins: config.origins(),
        demonstration,
        access: config.access_settings(),
        store,
    };
    let app = App::assemble(&areas, given)?;
    crate::areas::introduce(&app);
    crate::messages::connect(&app, config, demonstration)?;
    crate::signing_in::connect(&app, config)?;
    Ok(Started { app, areas, config: config.clone() })
}

/// An installation as its folder says, for commands: connected, its schema checked.
///
/// # Errors
/// Those of [`connect`], [`check_schema`] and [`assemble`].
pub async fn open(config: &Config) -> Outcome<Started> {
    let store = connect(config, Clock::system(), Rng::system()).await?;
    check_schema(&store).await?;
    let mut rules = pack(config)?;
    if let Some(dir) = &config.policy_dir {
        rules = policy::in_force(&store, rules, &policy::files_of(dir)?).await?;
    }
    let started = assemble_with(config, store, rules, crate::demo::is_demonstration(&config.data_dir))?;
    // A database restored from an older backup holds what was erased since; nothing is served before that is gone again.
    let again = erasures::replay(&started.app).await?;
    if again > 0 {
        tracing::warn!(again, "records that had been erased were in the database again and were erased again");
    }
    Ok(started)
}

/// The rules: of the configured folder, else those that come with the program.
///
/// # Errors
/// Every fault of the pack with file and line.
pub fn pack(config: &Config) -> Outcome<Pack> {
    match &config.policy_dir {
        Some(dir) => read_pack(dir),
        None => Ok(Pack::embedded()),
    }
}

/// Reads a policy pack from a folder.
///
/// # Errors
/// Every fault of the pack with file and line.
pub fn read_pack(dir: &Path) -> Outcome<Pack> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir).map_err(Failure::file(dir))?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "toml") {
            let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
            files.insert(entry.file_name().to_string_lossy().into_owned(), text);
        }
    }
    Pack::from_files(&files).map_err(Failure::Pack)
}

/// Official working days with the office's own table over them. Beyond the known years, Monday to Friday: the notice
/// for the next year comes in the autumn before, and deadlines reach over the turn of the year.
fn calendar(data_dir: &Path) -> Outcome<Calendar> {
    let official = Calendar::official().weekdays_beyond_known();
    let file = data_dir.join(WORKDAYS_FILE);
    if !file.is_file() {
        return Ok(official);
    }
    let text = fs::read_to_string(&file).map_err(Failure::file(&file))?;
    match Calendar::from_csv(&text) {
        Ok(own) => Ok(official.with(own)),
        Err(errors) => {
            let first = errors.first();
            let line = first.map_or(0, |e| e.line);
            let reason = first.map_or(&RowProblem::NoRows, |e| &e.problem).into();
            Err(Failure::Cell { file, line, column: 0, reason })
        }
    }
}

/// The folders in which fonts are looked for, the office's own first.
pub fn font_folders(config: &Config) -> Vec<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|dir| dir.join("assets/fonts")));
    let shared = [PathBuf::from("assets/fonts"), PathBuf::from("/usr/share/fonts")];
    let own = config.font_dir.clone().into_iter().chain([config.data_dir.join("fonts")]);
    own.chain(beside).chain(shared).filter(|folder| folder.is_dir()).collect()
}

fn typesetter(config: &Config) -> Arc<dyn Typesetter> {
    match Documents::new(&font_folders(config)) {
        Ok(documents) => Arc::new(documents),
        Err(e) => {
            tracing::warn!(error = %e, "documents cannot be typeset");
            Arc::new(WithoutFonts)
        }
    }
}

/// Everything but documents works without fonts.
struct WithoutFonts;

impl Typesetter for WithoutFonts {
    fn pdf(&self, _: &str, _: serde_json::Value) -> Result<Vec<u8>> {
        Err(AppError::rule("fonts-missing"))
    }

    fn paper_word(&self, paper: &Paper) -> Result<Vec<u8>> {
        linli_documents::word(paper).map_err(AppError::internal)
    }

    fn numbered_word(&self, paper: &Paper, mark: &Mark) -> Result<Vec<u8>> {
        linli_documents::numbered(paper, mark).map_err(AppError::internal)
    }
}

/// Writes the log to the standard error stream. Neither queries nor personal values are ever in it.
pub fn log_to_stderr(filter: &str) {
    let filter = tracing_subscriber::EnvFilter::try_new(filter).unwrap_or_else(|_| "info".into());
    // An error only says that somebody set a subscriber already: tests do.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}
