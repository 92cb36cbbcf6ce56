//! Envelope keys: a data key per subject (a resident, or a case for what has no resident yet), wrapped by the
//! division's key of a monthly epoch, wrapped by a root key outside the database.
//!
//! The root key is in the key folder (`root.key`, owner-only), in the environment, or in a token ([`token`], and then
//! `root.token` says which). The folder holds, wrapped by it, `blind*.key`, `log*.key` and `division-<epoch>.key`.
//! Destroying an epoch's file makes everything unreadable that only it wraps, and that is what completes an erasure once
//! the backups of that time are gone. Each key knows its cipher profile ([`Profile`]). Keys are exchanged while the
//! server runs: see [`crate::key_rotation`].

mod error;
pub(crate) mod files;
mod month;
mod profile;
mod push;
mod ring_state;
pub(crate) mod root;
pub(crate) mod token;

use std::{
    fs,
    sync::{
        Mutex, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use sea_orm::DeriveValueType;

pub use error::KeyError;
pub use profile::Profile;
pub(crate) use profile::{Cipher, Secret, open, seal};
pub use ring_state::Held;
pub use root::{GivenRoot, KeySettings};
pub use token::{Pin, TokenSettings};

use crate::{
    clock::{Clock, Month, Rng},
    error::{AppError, Result},
};
use files::{make_file, old_of, put};
use ring_state::{Reading, State};

/// Every process looks so often whether the folder holds a blind-index or log key that it does not know.
const LOOK_MS: u64 = 5_000;
/// A new blind-index key is written with only so many seconds after it was made, when every process can read by it.
pub(crate) const NOTICE_S: i64 = 15;

/// A subject's data key as the database holds it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveValueType)]
pub struct WrappedKey(pub(crate) Vec<u8>);

/// All keys of one installation.
pub struct KeyRing {
    profile: Profile,
    clock: Clock,
    state: RwLock<State>,
    months: Mutex<month::Seeds>,
    push: Mutex<Option<Secret>>,
    /// None for a ring in memory.
    settings: Option<KeySettings>,
    begun: Instant,
    looked_ms: AtomicU64,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing(epoch {})", self.current_epoch())
    }
}

impl KeyRing {
    /// Makes a new folder of keys and a root key; existing keys are kept.
    ///
    /// # Errors
    /// Those of the folder or of the token.
    pub fn create(settings: &KeySettings, rng: &Rng) -> Result<(), KeyError> {
        fs::create_dir_all(&settings.folder).map_err(|e| KeyError::Io(settings.folder.clone(), e))?;
        settings.create_root(rng)
    }

    /// Opens the folder and makes what is missing for this month's epoch.
    ///
    /// # Errors
    /// Keys that do not open; those of a token.
    pub fn open(settings: &KeySettings, rng: &Rng, clock: &Clock) -> Result<Self, KeyError> {
        let state = Reading::of(settings, None).all(rng, clock.today().month())?;
        Ok(Self::with(settings.profile, clock, state, Some(settings.clone())))
    }

    /// A ring in memory, for tests.
    pub fn in_memory(profile: Profile, rng: &Rng, clock: &Clock) -> Self {
        Self::with(profile, clock, State::fresh(profile, rng, clock.today().month()), None)
    }

    fn with(profile: Profile, clock: &Clock, state: State, settings: Option<KeySettings>) -> Self {
        KeyRing {
            profile,
            clock: clock.clone(),
            state: RwLock::new(state),
            months: Mutex::default(),
            push: Mutex::default(),
            settings,
            begun: Instant::now(),
            looked_ms: AtomicU64::new(0),
        }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is held, after the folder agreed to it.
    fn change<T>(&self, f: impl FnOnce(&mut State) -> Result<T, KeyError>) -> Result<T, KeyError> {
        f(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// The profile of new keys.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Every key that is held, level by level.
    pub fn held(&self) -> Vec<Held> {
        self.state().held(self.seconds())
    }

    /// The key folder's settings; none for a ring in memory.
    pub fn settings(&self) -> Option<&KeySettings> {
        self.settings.as_ref()
    }

    /// Reads the folder again: another process may have begun an epoch, or a month.
    ///
    /// # Errors
    /// Keys that do not open; those of a token.
    pub fn refresh(&self, rng: &Rng, month: Month) -> Result<(), KeyError> {
        let Some(settings) = &self.settings else { return Ok(()) };
        let read = Reading::of(settings, Some(&self.state())).all(rng, month)?;
        self.put(read);
        Ok(())
    }

    fn put(&self, read: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = read;
    }

    /// Looks for keys that another process made, now and then.
    fn look(&self) {
        let Some(settings) = &self.settings else { return };
        let now_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.looked_ms.load(Ordering::Relaxed);
        let due = now_ms.saturating_sub(last) >= LOOK_MS;
        if !due || self.looked_ms.compare_exchange(last, now_ms, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let read = Reading::of(settings, Some(&self.state())).what_is_there();
        match read {
            Ok(Some(new)) => self.put(new),
            Ok(None) => {}
            Err(e) => tracing::warn!(error = %e, "the folder of the keys could not be read again"),
        }
    }

    /// A new key of the folder, under a file name and the name it is bound to.
    fn make(&self, file: &str, name: &str, rng: &Rng) -> Result<Secret, KeyError> {
        match &self.settings {
            Some(settings) => make_file(&settings.folder.join(file), &settings.root()?, name, self.profile, rng),
            None => Ok(Secret::random(self.profile, rng)),
        }
    }

    fn remove(&self, file: &str) -> Result<(), KeyError> {
        let Some(settings) = &self.settings else { return Ok(()) };
        let old = old_of(&settings.folder.join(file));
        settings.forget(&old.file_name().unwrap_or_default().to_string_lossy())?;
        settings.forget(file)
    }

    /// Begins another epoch within the month; what is wrapped from now on is wrapped in it. Its name.
    ///
    /// # Errors
    /// A folder that cannot be written; those of a token.
    pub fn begin_epoch(&self, rng: &Rng, month: Month) -> Result<String, KeyError> {
        self.change(|state| {
            let name = (2..).map(|n| format!("{month}.{n:02}")).find(|n| !state.epochs.contains_key(n));
            let name = name.expect("numbers do not end");
            let key = self.make(&format!("division-{name}.key"), &name, rng)?;
            state.epochs.insert(name.clone(), key);
            state.current.clone_from(&name);
            Ok(name)
        })
    }

    /// Destroys an epoch that is not the current one. What only it wraps cannot be opened any more, by nobody.
    ///
    /// # Errors
    /// [`KeyError::InUse`].
    pub fn destroy_epoch(&self, name: &str) -> Result<(), KeyError> {
        self.change(|state| {
            if state.current == name || state.epochs.remove(name).is_none() {
                return Err(KeyError::InUse(name.into()));
            }
            self.remove(&format!("division-{name}.key"))
        })
    }

    /// Whether the ring holds an epoch.
    pub fn has_epoch(&self, name: &str) -> bool {
        self.state().epochs.contains_key(name)
    }

    /// The epoch new keys are wrapped in.
    pub fn current_epoch(&self) -> String {
        self.state().current.clone()
    }

    /// A new data key for a subject.
    pub(crate) fn new_subject_key(&self, rng: &Rng) -> Secret {
        Secret::random(self.profile, rng)
    }

    pub(crate) fn wrap(&self, rng: &Rng, subject: uuid::Uuid, key: &Secret) -> (String, WrappedKey) {
        let state = self.state();
        let cipher = state.epochs[&state.current].cipher();
        (state.current.clone(), WrappedKey(seal(&cipher, rng, subject.as_bytes(), &key.clear())))
    }

    pub(crate) fn unwrap(&self, epoch: &str, subject: uuid::Uuid, wrapped: &WrappedKey) -> Result<Secret> {
        let broken = |what: &str| AppError::internal(KeyError::DoesNotOpen(what.into()));
        if !self.has_epoch(epoch) {
            // Another process began it.
            self.read_epoch(epoch).map_err(AppError::internal)?;
        }
        let state = self.state();
        let division = state.epochs.get(epoch).ok_or_else(|| broken("the epoch was destroyed"))?;
        let clear = open(&division.cipher(), subject.as_bytes(), &wrapped.0).ok_or_else(|| broken("subject key"))?;
        let clear = zeroize::Zeroizing::new(clear);
        Secret::of_clear(&clear).ok_or_else(|| broken("subject key length"))
    }

    /// Reads the key of an epoch that another process began, if the folder has it.
    fn read_epoch(&self, epoch: &str) -> Result<(), KeyError> {
        let Some(settings) = &self.settings else { return Ok(()) };
        let path = settings.folder.join(format!("division-{epoch}.key"));
        if !path.exists() {
            return Ok(());
        }
        let key = files::open_file(&path, &settings.root()?, epoch)?;
        self.change(|state| {
            state.epochs.insert(epoch.to_owned(), key);
            Ok(())
        })
    }

    fn seconds(&self) -> i64 {
        self.clock.now().0.div_euclid(1_000_000)
    }

    /// The blind index of a normalised value, as it is written: equal values give equal indexes, and nothing else can be
    /// learnt without the key. `kind` keeps document numbers and mobiles apart.
    pub fn blind_index(&self, kind: &str, normalised: &str) -> Vec<u8> {
        self.look();
        let state = self.state();
        state.writing_blind(|| self.seconds()).index(kind, normalised)
    }

    /// Every form in which a value's blind index may be stored, the one that is written first: while the key is being
    /// exchanged there are two. What is looked for is looked for in all of them.
    pub fn blind_forms(&self, kind: &str, normalised: &str) -> Vec<Vec<u8>> {
        self.look();
        let state = self.state();
        let written = state.writing_blind(|| self.seconds());
        let others = state.blind.values().rev().filter(|key| !std::ptr::eq(*key, written));
        std::iter::once(written).chain(others).map(|key| key.index(kind, normalised)).collect()
    }

    /// Begins another blind-index key; it is written with from the second that is returned.
    ///
    /// # Errors
    /// [`KeyError::InUse`] while an exchange is under way; a folder that cannot be written.
    pub(crate) fn begin_blind(&self, rng: &Rng) -> Result<i64, KeyError> {
        self.change(|state| {
            if state.blind.len() > 1 {
                return Err(KeyError::InUse("blind".into()));
            }
            let from = self.seconds() + NOTICE_S;
            let name = format!("blind-{from}");
            let key = self.make(&format!("{name}.key"), &name, rng)?;
            state.blind.insert(from, key);
            Ok(from)
        })
    }

    /// Since when the newest blind-index key is written with, if there are two; in seconds, which may be to come.
    pub(crate) fn blind_exchanged_s(&self) -> Option<i64> {
        self.look();
        let state = self.state();
        state.blind.keys().last().copied().filter(|_| state.blind.len() > 1)
    }

    /// Destroys every blind-index key but the newest.
    pub(crate) fn end_blind(&self) -> Result<(), KeyError> {
        self.change(|state| {
            while state.blind.len() > 1 {
                let Some((from, _)) = state.blind.pop_first() else { break };
                self.remove(&ring_state::blind_file(from))?;
            }
            Ok(())
        })
    }

    /// The log's keys, the newest first, which signs first; the others sign too until they are destroyed.
    pub(crate) fn log_keys(&self) -> Vec<Secret> {
        self.look();
        self.state().log.values().rev().cloned().collect()
    }

    /// Public keys of the log whose secret was destroyed, the oldest first.
    pub(crate) fn retired_log_keys(&self) -> Vec<String> {
        self.look();
        self.state().retired.values().cloned().collect()
    }

    /// Begins another key of the log; the former ones go on signing beside it.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub(crate) fn begin_log_key(&self, rng: &Rng) -> Result<u32, KeyError> {
        self.change(|state| {
            let last = state.log.keys().chain(state.retired.keys()).max().copied().unwrap_or(0);
            let number = last + 1;
            let file = ring_state::log_file(number);
            let key = self.make(&file, file.trim_end_matches(".key"), rng)?;
            state.log.insert(number, key);
            Ok(number)
        })
    }

    /// Destroys the log's key of a number, which is not the newest; its public half is kept.
    ///
    /// # Errors
    /// [`KeyError::InUse`].
    pub(crate) fn end_log_key(&self, number: u32, public: &str) -> Result<(), KeyError> {
        self.change(|state| {
            if state.log.keys().last() == Some(&number) || !state.log.contains_key(&number) {
                return Err(KeyError::InUse(format!("log key {number}")));
            }
            if let Some(settings) = &self.settings {
                put(&settings.folder.join(ring_state::public_file(number)), format!("{public}\n").as_bytes())?;
            }
            state.retired.insert(number, public.to_owned());
            state.log.remove(&number);
            self.remove(&ring_state::log_file(number))
        })
    }

    /// The numbers of the log's keys, the oldest first.
    pub(crate) fn log_numbers(&self) -> Vec<u32> {
        self.state().log.keys().copied().collect()
    }
}
