//! What a ring of keys holds, and reading it from the folder.

use std::{collections::BTreeMap, fs};

use super::{
    error::KeyError,
    files::{self, bound_name, make_file, open_file},
    profile::{Profile, Secret},
    root::{KeySettings, Root},
};
use crate::clock::{Month, Rng};

/// The division's keys by epoch, blind-index keys by the second they are written with from, log keys by number.
#[derive(Clone)]
pub(super) struct State {
    pub blind: BTreeMap<i64, Secret>,
    pub log: BTreeMap<u32, Secret>,
    pub retired: BTreeMap<u32, String>,
    pub epochs: BTreeMap<String, Secret>,
    pub current: String,
}

/// A key that is held, for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// `blind`, `log` or `division`.
    pub level: &'static str,
    /// Its name within the level.
    pub name: String,
    /// Its profile.
    pub profile: Profile,
    /// Whether new things are done with it.
    pub current: bool,
}

/// The first blind-index key, of `linli init`, is `blind.key`; a later one names the second it is written with from.
pub(super) fn blind_file(from_s: i64) -> String {
    if from_s == 0 { "blind.key".into() } else { format!("blind-{from_s}.key") }
}

/// The first key of the log is `log.key`.
pub(super) fn log_file(number: u32) -> String {
    if number == 1 { "log.key".into() } else { format!("log-{number:02}.key") }
}

/// The public half of a log key whose secret was destroyed.
pub(super) fn public_file(number: u32) -> String {
    format!("log-{number:02}.pub")
}

/// What a key file is for.
enum Kind<'a> {
    Blind(i64),
    Log(u32),
    Division(&'a str),
}

fn kind_of(file: &str) -> Option<Kind<'_>> {
    let name = bound_name(file)?;
    match name {
        "blind" => return Some(Kind::Blind(0)),
        "log" => return Some(Kind::Log(1)),
        _ => {}
    }
    if file.starts_with("division-") {
        return Some(Kind::Division(name));
    }
    let blind = name.strip_prefix("blind-").and_then(|n| n.parse().ok()).map(Kind::Blind);
    blind.or_else(|| name.strip_prefix("log-").and_then(|n| n.parse().ok()).map(Kind::Log))
}

impl State {
    pub fn fresh(profile: Profile, rng: &Rng, month: Month) -> Self {
        let current = month.to_string();
        State {
            blind: BTreeMap::from([(0, Secret::random(profile, rng))]),
            log: BTreeMap::from([(1, Secret::random(profile, rng))]),
            retired: BTreeMap::new(),
            epochs: BTreeMap::from([(current.clone(), Secret::random(profile, rng))]),
            current,
        }
    }

    /// The blind-index key that is written with.
    pub fn writing_blind(&self, now_s: impl FnOnce() -> i64) -> &Secret {
        let mut keys = self.blind.iter().rev();
        let newest = keys.next().expect("a ring has a blind-index key");
        match keys.next() {
            Some((_, former)) if *newest.0 > now_s() => former,
            _ => newest.1,
        }
    }

    pub fn held(&self, now_s: i64) -> Vec<Held> {
        let writing = self.writing_blind(|| now_s);
        let held = |level, name: String, key: &Secret, current| Held { level, name, profile: key.profile(), current };
        let last_log = self.log.keys().last().copied();
        let blind = self
            .blind
            .iter()
            .map(|(from, key)| held("blind", blind_file(*from).replace(".key", ""), key, std::ptr::eq(key, writing)));
        let log = self.log.iter().map(|(number, key)| held("log", number.to_string(), key, Some(*number) == last_log));
        let epochs = self.epochs.iter().map(|(name, key)| held("division", name.clone(), key, *name == self.current));
        blind.chain(log).chain(epochs).collect()
    }
}

/// Reading the folder. What is known already is not opened again: a key keeps its name for life.
pub(super) struct Reading<'a> {
    settings: &'a KeySettings,
    known: Option<State>,
    root: Option<Root>,
}

impl<'a> Reading<'a> {
    pub fn of(settings: &'a KeySettings, known: Option<&State>) -> Self {
        Reading { settings, known: known.cloned(), root: None }
    }

    /// The root key, asked for once.
    fn root(&mut self) -> Result<&Root, KeyError> {
        if self.root.is_none() {
            self.root = Some(self.settings.root()?);
        }
        Ok(self.root.as_ref().expect("set above"))
    }

    fn key(&mut self, file: &str, known: Option<Secret>) -> Result<Secret, KeyError> {
        match known {
            Some(key) => Ok(key),
            None => {
                let path = self.settings.folder.join(file);
                let name = bound_name(file).unwrap_or_default().to_owned();
                open_file(&path, self.root()?, &name)
            }
        }
    }

    fn make_missing(&mut self, file: &str, rng: &Rng) -> Result<(), KeyError> {
        let path = self.settings.folder.join(file);
        if path.exists() {
            return Ok(());
        }
        let (profile, name) = (self.settings.profile, bound_name(file).unwrap_or_default().to_owned());
        make_file(&path, self.root()?, &name, profile, rng).map(|_| ())
    }

    /// Everything, after what is missing was made.
    pub fn all(mut self, rng: &Rng, month: Month) -> Result<State, KeyError> {
        if self.known.is_none() {
            // Whoever opens an installation is told at once where its root key is not.
            self.root()?;
            let names = files::names(&self.settings.folder)?;
            for level in ["blind", "log"] {
                if !names.iter().any(|name| name.starts_with(level)) {
                    self.make_missing(&format!("{level}.key"), rng)?;
                }
            }
        }
        let month = month.to_string();
        self.make_missing(&format!("division-{month}.key"), rng)?;
        self.read(Some(&month))
    }

    /// What the folder holds, if another process changed it.
    pub fn what_is_there(mut self) -> Result<Option<State>, KeyError> {
        let Some(known) = self.known.clone() else { return Ok(None) };
        let read = self.read(None)?;
        let same = read.blind.keys().eq(known.blind.keys()) && read.log.keys().eq(known.log.keys());
        Ok((!same).then_some(read))
    }

    fn read(&mut self, month: Option<&str>) -> Result<State, KeyError> {
        let known = self.known.take();
        let (mut blind, mut log, mut epochs) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for file in files::names(&self.settings.folder)? {
            let known = known.as_ref();
            match kind_of(&file) {
                Some(Kind::Blind(from)) => {
                    blind.insert(from, self.key(&file, known.and_then(|k| k.blind.get(&from).cloned()))?);
                }
                Some(Kind::Log(number)) => {
                    log.insert(number, self.key(&file, known.and_then(|k| k.log.get(&number).cloned()))?);
                }
                Some(Kind::Division(epoch)) => {
                    let key = self.key(&file, known.and_then(|k| k.epochs.get(epoch).cloned()))?;
                    epochs.insert(epoch.to_owned(), key);
                }
                None => {}
            }
        }
        if blind.is_empty() || log.is_empty() || epochs.is_empty() {
            return Err(KeyError::DoesNotOpen(self.settings.folder.display().to_string()));
        }
        let kept = known.map(|k| k.current).filter(|current| epochs.contains_key(current));
        let current = match month {
            Some(month) => epochs.keys().rfind(|name| name.starts_with(month)).cloned(),
            None => kept,
        };
        let current = current.or_else(|| epochs.keys().last().cloned()).unwrap_or_default();
        Ok(State { blind, log, retired: self.retired()?, epochs, current })
    }

    fn retired(&self) -> Result<BTreeMap<u32, String>, KeyError> {
        let folder = &self.settings.folder;
        let mut retired = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(|e| KeyError::Io(folder.clone(), e))?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let number = name.strip_prefix("log-").and_then(|n| n.strip_suffix(".pub")).and_then(|n| n.parse().ok());
            if let Some(number) = number {
                let text = fs::read_to_string(entry.path()).map_err(|e| KeyError::Io(entry.path(), e))?;
                retired.insert(number, text.trim().to_owned());
            }
        }
        Ok(retired)
    }
}
