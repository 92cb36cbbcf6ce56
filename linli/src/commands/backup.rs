//! `linli backup`, `linli restore`.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use linli_platform::{
    AppError,
    backup::{self, BackupSecret, Manifest},
    clock::{Clock, Rng},
    config::Config,
    event::{NewEvent, SubjectRef},
    reader::Reader,
    store::Store,
    texts::T,
    vals,
};
use uuid::Uuid;

use crate::{
    areas::migrations,
    failure::{Failure, Outcome},
    start,
};

/// What a backup is encrypted under: one of both.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Under {
    /// File with a passphrase in its first line; `-` reads it from the standard input.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// File of 32 random bytes.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// The fewest characters of a passphrase: a backup can be tried offline.
const PASSPHRASE_CHARS: usize = 16;
/// When the last backup was made, in the installation's folder.
pub(super) const LAST: &str = "last-backup.json";

impl Under {
    fn secret(&self) -> Outcome<BackupSecret> {
        if let Some(file) = &self.key_file {
            return Ok(BackupSecret::from_key_file(file)?);
        }
        let mut text = String::new();
        match &self.passphrase_file {
            Some(file) if file != Path::new("-") => {
                text = fs::read_to_string(file).map_err(Failure::file(file))?;
            }
            _ => {
                let read = std::io::stdin().read_to_string(&mut text);
                read.map_err(Failure::file(Path::new("-")))?;
            }
        }
        let words = text.lines().next().unwrap_or_default().trim().to_owned();
        if words.chars().count() < PASSPHRASE_CHARS {
            return Err(Failure::say("cli-passphrase-short").arg("least", PASSPHRASE_CHARS));
        }
        Ok(BackupSecret::Passphrase(words))
    }
}

/// Makes a backup while the server runs.
///
/// # Errors
/// Those of [`backup::make`].
pub async fn make(config: &Config, to: &Path, under: &Under, t: &T) -> Outcome {
    let secret = under.secret()?;
    let store = start::connect(config, Clock::system(), Rng::system()).await?;
    start::check_schema(&store).await?;
    let database = config.data_dir.join(backup::DATABASE_FILE);
    let sqlite = config.database_url.is_none().then_some(database.as_path());
    let manifest = backup::make(&store, &migrations(), sqlite, settings(config)?, &secret, to).await?;
    let last = config.data_dir.join(LAST);
    let note = serde_json::json!({ "at": manifest.made_at, "file": to.display().to_string() });
    fs::write(&last, note.to_string()).map_err(Failure::file(&last))?;
    say(t, "cli-backup-done", to, &manifest);
    crate::say!("{}", t.a("cli-backup-keys", "dir", config.keys().display()));
    Ok(())
}

fn say(t: &T, key: &str, file: &Path, manifest: &Manifest) {
    let args = [
        ("file", file.display().to_string()),
        ("tables", manifest.tables.len().to_string()),
        ("rows", manifest.rows().to_string()),
        ("made", manifest.made_at.minute_text()),
    ];
    crate::say!("{}", t.all(key, &args));
}

/// Settings and policy pack, which go along; keys never do.
fn settings(config: &Config) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for name in [start::CONFIG_FILE, start::WORKDAYS_FILE] {
        let path = config.data_dir.join(name);
        if path.is_file() {
            files.push((name.to_owned(), fs::read(&path).map_err(Failure::file(&path))?));
        }
    }
    if let Some(dir) = &config.policy_dir {
        for name in policy_pack::FILES {
            let path = dir.join(name);
            if path.is_file() {
                files.push((format!("policy/{name}"), fs::read(&path).map_err(Failure::file(&path))?));
            }
        }
    }
    Ok(files)
}

/// What is restored, and where to.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The backup.
    #[arg(long)]
    pub from: PathBuf,
    /// The new folder; nothing may be in it.
    #[arg(long)]
    pub dir: PathBuf,
    /// Folder of the keys, best as they are today: it lists what was erased since. They are copied into the new folder.
    #[arg(long, value_name = "DIR")]
    pub keys: PathBuf,
    /// An empty PostgreSQL database to restore into; only for a backup of PostgreSQL.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// What it is encrypted under.
    #[command(flatten)]
    pub under: Under,
}

/// Restores a backup into a new folder, and begins a new epoch.
///
/// # Errors
/// `cli-init-not-empty`; those of [`backup::unpack`] and [`backup::load`]; keys that do not fit.
pub async fn restore(options: Restore, t: &T) -> Outcome {
    let dir = &options.dir;
    let empty = fs::read_dir(dir).map(|mut entries| entries.next().is_none()).unwrap_or(true);
    if !empty {
        return Err(Failure::say("cli-init-not-empty").arg("dir", dir.display()));
    }
    let secret = options.under.secret()?;
    fs::create_dir_all(dir).map_err(Failure::file(dir))?;
    let dir = fs::canonicalize(dir).map_err(Failure::file(dir))?;
    let work = tempfile::Builder::new().prefix(".restore-").tempdir_in(&dir).map_err(Failure::file(&dir))?;
    let (from, folder) = (options.from.clone(), work.path().to_owned());
    let unpacked = tokio::task::spawn_blocking(move || backup::unpack(&from, &secret, &folder)).await;
    let unpacked = unpacked.map_err(AppError::internal)??;
    copy_keys(&options.keys, &dir.join("keys"))?;
    let database = match unpacked.database() {
        Some(_) if options.database.is_some() => return Err(Failure::say("cli-restore-sqlite")),
        Some(file) => {
            let target = dir.join(backup::DATABASE_FILE);
            fs::rename(&file, &target).map_err(Failure::file(&target))?;
            None
        }
        None => options.database.clone(),
    };
    let config = write_settings(&dir, &unpacked, database)?;
    let store = start::connect(&config, Clock::system(), Rng::system()).await?;
    if !unpacked.manifest.sqlite {
        backup::load(&unpacked, &store, &migrations()).await?;
    }
    let found = linli_platform::move_store::digests(&store, &migrations()).await?;
    if found != unpacked.manifest.tables {
        return Err(AppError::rule("backup-differs").into());
    }
    begin_epoch(&store, &unpacked.manifest).await?;
    say(t, "cli-restore-done", &dir, &unpacked.manifest);
    crate::say!("{}", t.a("cli-restore-next", "dir", dir.display()));
    Ok(())
}

fn copy_keys(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(Failure::file(to))?;
    for entry in fs::read_dir(from).map_err(Failure::file(from))?.flatten() {
        if entry.path().is_file() {
            // Permissions go along: keys are their owner's alone.
            fs::copy(entry.path(), to.join(entry.file_name())).map_err(Failure::file(&entry.path()))?;
        }
    }
    Ok(())
}

/// The settings of the backup, with the places of this folder.
fn write_settings(dir: &Path, unpacked: &backup::Unpacked, database: Option<String>) -> Outcome<Config> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let place = |name: &str| quoted(&dir.join(name).display().to_string());
    let mut policy = false;
    for (name, bytes) in unpacked.files.iter().filter(|(name, _)| name != start::CONFIG_FILE) {
        let path = dir.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        }
        fs::write(&path, bytes).map_err(Failure::file(&path))?;
        policy |= name.starts_with("policy/");
    }
    let before = unpacked.files.iter().find(|(name, _)| name == start::CONFIG_FILE);
    let before = before.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let old: String = before.lines().map(|line| format!("# {line}\n")).collect();
    let mut text = format!(
        "division_code = {}\ndata_dir = {}\n",
        quoted(&unpacked.manifest.division),
        quoted(&dir.display().to_string())
    );
    if policy {
        text.push_str(&format!("policy_dir = {}\n", place("policy")));
    }
    if let Some(url) = database {
        text.push_str(&format!("database_url = {}\n", quoted(&url)));
    }
    text.push_str(&of_the_keys(&before));
    text.push_str(&format!("\n# The settings at the time of the backup:\n{old}"));
    let file = dir.join(start::CONFIG_FILE);
    fs::write(&file, text).map_err(Failure::file(&file))?;
    start::load_config(None, Some(dir), &[])
}

/// What settings say of the keys: without it the folder of the keys may not open.
fn of_the_keys(settings: &str) -> String {
    let settings: toml::Table = settings.parse().unwrap_or_default();
    let kept = settings.into_iter().filter(|(key, _)| matches!(key.as_str(), "profile" | "token"));
    toml::to_string(&kept.collect::<toml::Table>()).unwrap_or_default()
}

/// A restored database is a new epoch: phones send again what was acknowledged after the backup.
async fn begin_epoch(store: &Store, manifest: &Manifest) -> Outcome {
    let epoch: Uuid = store.new_id();
    let tx = store.begin(&Reader::system()).await?;
    tx.execute(
        "INSERT INTO setting (division_code, name, value) VALUES ($1, $2, $3)
         ON CONFLICT (division_code, name) DO UPDATE SET value = $3",
        vals![store.division(), linli_fieldwork::phone::epoch::SETTING, epoch.to_string()],
    )
    .await?;
    let body = serde_json::json!({ "backup_made_at": manifest.made_at });
    tx.event(NewEvent::new("store.restored", SubjectRef::new("store", epoch, None)).body(body)).await?;
    tx.commit().await?;
    Ok(())
}
