//! Envelope keys: a data key per subject (a resident, or a case for what has no resident yet), wrapped by the
//! division's key of a monthly epoch, wrapped by a root key outside the database.
//!
//! The key folder holds `root.key` (32 bytes, owner-only; or the environment gives the root key) and, wrapped by it,
//! `blind.key`, `log.key` and `division-<epoch>.key`. Destroying an epoch's file makes everything unreadable that only
//! it wraps, and that is what completes an erasure once the backups of that time are gone. Keys are exchanged while the
//! server runs: see [`crate::key_rotation`].

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use aes_gcm::{
    Aes256Gcm, Key, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sea_orm::DeriveValueType;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    clock::{Month, Rng},
    error::{AppError, Result},
};

/// What goes wrong with keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The folder holds no root key.
    #[error("no root key at {0}; run `linli init` first")]
    NoRoot(PathBuf),
    /// A key file can be read by others than its owner.
    #[error("{0} can be read by others than its owner; run `chmod 600` on it")]
    OpenToOthers(PathBuf),
    /// A key file or a wrapped key does not open.
    #[error("a key does not open: {0}")]
    DoesNotOpen(String),
    /// Reading or writing failed.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// A root key that was given is not 64 hexadecimal digits.
    #[error("a root key has 64 hexadecimal digits")]
    NotARoot,
}

/// A root key given by the environment (`LINLI_ROOT_KEY`) rather than by the file. Never shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, serde::Deserialize)]
#[serde(transparent)]
pub struct GivenRoot(String);

impl GivenRoot {
    /// From 64 hexadecimal digits, blanks around them apart.
    ///
    /// # Errors
    /// [`KeyError::NotARoot`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let given = GivenRoot(text.trim().to_owned());
        given.secret().map(|_| given)
    }
    pub(crate) fn check(&self) -> Result<(), KeyError> {
        self.secret().map(|_| ())
    }
    pub(crate) fn secret(&self) -> Result<Secret, KeyError> {
        let digit = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok());
        let bytes: Option<Vec<u8>> = self.0.trim().as_bytes().chunks(2).map(digit).collect();
        let key = bytes.and_then(|b| <[u8; 32]>::try_from(b).ok()).ok_or(KeyError::NotARoot)?;
        Ok(Secret(key))
    }
}

impl std::fmt::Debug for GivenRoot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GivenRoot(***)")
    }
}

#[derive(Zeroize, ZeroizeOnDrop, Clone)]
pub(crate) struct Secret(pub(crate) [u8; 32]);

impl Secret {
    pub(crate) fn random(rng: &Rng) -> Self {
        Secret(rng.bytes())
    }
    pub(crate) fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&Key::<Aes256Gcm>::from(self.0))
    }
}

/// Seals bytes: 12 bytes of nonce, then ciphertext and tag, bound to `aad`.
pub(crate) fn seal(cipher: &Aes256Gcm, rng: &Rng, aad: &[u8], clear: &[u8]) -> Vec<u8> {
    let nonce: [u8; 12] = rng.bytes();
    let sealed =
        cipher.encrypt(&Nonce::from(nonce), Payload { msg: clear, aad }).expect("AES-GCM seals anything below 64 GiB");
    [nonce.as_slice(), &sealed].concat()
}

/// Opens what [`seal`] made; `None` if key, binding or bytes differ.
pub(crate) fn open(cipher: &Aes256Gcm, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_first_chunk::<12>()?;
    cipher.decrypt(&Nonce::from(*nonce), Payload { msg: body, aad }).ok()
}

/// A subject's data key as the database holds it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveValueType)]
pub struct WrappedKey(pub(crate) Vec<u8>);

/// The division's keys by epoch.
struct Epochs {
    keys: BTreeMap<String, Secret>,
    current: String,
}

/// All keys of one installation.
pub struct KeyRing {
    blind: Secret,
    log: Secret,
    epochs: RwLock<Epochs>,
    /// The folder and its root key; none for a ring in memory.
    folder: Option<(PathBuf, Secret)>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing(epoch {})", self.current_epoch())
    }
}

impl KeyRing {
    /// Makes a new folder of keys; existing keys are kept.
    pub fn create(folder: &Path, rng: &Rng) -> Result<(), KeyError> {
        fs::create_dir_all(folder).map_err(|e| KeyError::Io(folder.into(), e))?;
        let root = folder.join("root.key");
        if !root.exists() {
            write_private(&root, &Secret::random(rng).0)?;
        }
        Ok(())
    }

    /// Opens the folder and makes what is missing for this month's epoch.
    pub fn open(folder: &Path, rng: &Rng, month: Month) -> Result<Self, KeyError> {
        Self::open_under(folder, None, rng, month)
    }

    /// The same under a root key that is given rather than kept in the folder.
    pub fn open_under(folder: &Path, given: Option<&GivenRoot>, rng: &Rng, month: Month) -> Result<Self, KeyError> {
        let root = root_of(folder, given)?;
        let blind = wrapped_file(&folder.join("blind.key"), &root, "blind", rng)?;
        let log = wrapped_file(&folder.join("log.key"), &root, "log", rng)?;
        let epochs = RwLock::new(read_epochs(folder, &root, rng, month)?);
        Ok(KeyRing { blind, log, epochs, folder: Some((folder.to_owned(), root)) })
    }

    fn epochs(&self) -> RwLockReadGuard<'_, Epochs> {
        self.epochs.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the folder again: another process may have begun an epoch, or a month.
    pub fn refresh(&self, rng: &Rng, month: Month) -> Result<(), KeyError> {
        let Some((folder, root)) = &self.folder else { return Ok(()) };
        let read = read_epochs(folder, root, rng, month)?;
        *self.epochs.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// Begins another epoch within the month; what is wrapped from now on is wrapped in it. Its name.
    pub fn begin_epoch(&self, rng: &Rng, month: Month) -> Result<String, KeyError> {
        let mut epochs = self.epochs.write().unwrap_or_else(PoisonError::into_inner);
        let name = (2..).map(|n| format!("{month}.{n:02}")).find(|n| !epochs.keys.contains_key(n));
        let name = name.expect("numbers do not end");
        let key = match &self.folder {
            Some((folder, root)) => wrapped_file(&folder.join(format!("division-{name}.key")), root, &name, rng)?,
            None => Secret::random(rng),
        };
        epochs.keys.insert(name.clone(), key);
        epochs.current.clone_from(&name);
        Ok(name)
    }

    /// Destroys an epoch that is not the current one. What only it wraps cannot be opened any more, by nobody.
    pub fn destroy_epoch(&self, name: &str) -> Result<(), KeyError> {
        let mut epochs = self.epochs.write().unwrap_or_else(PoisonError::into_inner);
        if epochs.current == name || epochs.keys.remove(name).is_none() {
            return Err(KeyError::DoesNotOpen(name.into()));
        }
        if let Some((folder, _)) = &self.folder {
            let path = folder.join(format!("division-{name}.key"));
            for path in [old_of(&path), path] {
                match fs::remove_file(&path) {
                    Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(KeyError::Io(path, e)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Whether the ring holds an epoch.
    pub fn has_epoch(&self, name: &str) -> bool {
        self.epochs().keys.contains_key(name)
    }

    /// A ring in memory, for tests.
    pub fn in_memory(rng: &Rng, month: Month) -> Self {
        let current = month.to_string();
        let keys = BTreeMap::from([(current.clone(), Secret::random(rng))]);
        let epochs = RwLock::new(Epochs { keys, current });
        KeyRing { blind: Secret::random(rng), log: Secret::random(rng), epochs, folder: None }
    }

    /// The seed of the log's signing key.
    pub(crate) fn log_seed(&self) -> &[u8; 32] {
        &self.log.0
    }

    /// The epoch new keys are wrapped in.
    pub fn current_epoch(&self) -> String {
        self.epochs().current.clone()
    }

    pub(crate) fn wrap(&self, rng: &Rng, subject: uuid::Uuid, key: &Secret) -> (String, WrappedKey) {
        let epochs = self.epochs();
        let cipher = epochs.keys[&epochs.current].cipher();
        (epochs.current.clone(), WrappedKey(seal(&cipher, rng, subject.as_bytes(), &key.0)))
    }

    pub(crate) fn unwrap(&self, epoch: &str, subject: uuid::Uuid, wrapped: &WrappedKey) -> Result<Secret> {
        let broken = |what: &str| AppError::internal(KeyError::DoesNotOpen(what.into()));
        if !self.has_epoch(epoch) {
            // Another process began it.
            self.read_epoch(epoch).map_err(AppError::internal)?;
        }
        let epochs = self.epochs();
        let division = epochs.keys.get(epoch).ok_or_else(|| broken("the epoch was destroyed"))?;
        let clear = open(&division.cipher(), subject.as_bytes(), &wrapped.0).ok_or_else(|| broken("subject key"))?;
        clear.try_into().map(Secret).map_err(|_| broken("subject key length"))
    }

    /// Reads the key of an epoch that another process began, if the folder has it.
    fn read_epoch(&self, epoch: &str) -> Result<(), KeyError> {
        let Some((folder, root)) = &self.folder else { return Ok(()) };
        let path = folder.join(format!("division-{epoch}.key"));
        if !path.exists() {
            return Ok(());
        }
        let key = open_file(&path, root, epoch)?;
        self.epochs.write().unwrap_or_else(PoisonError::into_inner).keys.insert(epoch.to_owned(), key);
        Ok(())
    }

    /// The blind index of a normalised value: equal values give equal indexes, and nothing else can be learnt
    /// without the key. `kind` keeps document numbers and mobiles apart.
    pub fn blind_index(&self, kind: &str, normalised: &str) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.blind.0).expect("HMAC takes any key");
        mac.update(kind.as_bytes());
        mac.update(b"\0");
        mac.update(normalised.as_bytes());
        mac.finalize().into_bytes()[..16].to_vec()
    }
}

fn as_key(bytes: &[u8], path: &Path) -> Result<[u8; 32], KeyError> {
    bytes.try_into().map_err(|_| KeyError::DoesNotOpen(path.display().to_string()))
}

/// The root key: the one given, or the folder's.
pub(crate) fn root_of(folder: &Path, given: Option<&GivenRoot>) -> Result<Secret, KeyError> {
    if let Some(given) = given {
        return given.secret();
    }
    let path = folder.join("root.key");
    if !path.exists() {
        return Err(KeyError::NoRoot(path));
    }
    Ok(Secret(as_key(&read_private(&path)?, &path)?))
}

/// The epochs of the folder; the month's own is made if it is missing, and the latest of the month is current.
fn read_epochs(folder: &Path, root: &Secret, rng: &Rng, month: Month) -> Result<Epochs, KeyError> {
    let month = month.to_string();
    wrapped_file(&folder.join(format!("division-{month}.key")), root, &month, rng)?;
    let mut keys = BTreeMap::new();
    let entries = fs::read_dir(folder).map_err(|e| KeyError::Io(folder.into(), e))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(epoch) = name.strip_prefix("division-").and_then(|n| n.strip_suffix(".key")) {
            keys.insert(epoch.to_owned(), open_file(&entry.path(), root, epoch)?);
        }
    }
    let current = keys.keys().rfind(|name| name.starts_with(&month)).cloned().unwrap_or(month);
    Ok(Epochs { keys, current })
}

/// Where the former form of a key file lies while the root key is exchanged.
pub(crate) fn old_of(path: &Path) -> PathBuf {
    path.with_extension("key.old")
}

/// Opens a key file; one that a broken-off exchange of the root key left half done, by its former form.
pub(crate) fn open_file(path: &Path, root: &Secret, name: &str) -> Result<Secret, KeyError> {
    let opened = |path: &Path| -> Result<Option<Secret>, KeyError> {
        let clear = open(&root.cipher(), name.as_bytes(), &read_private(path)?);
        clear.map(|clear| as_key(&clear, path).map(Secret)).transpose()
    };
    if let Some(key) = opened(path)? {
        return Ok(key);
    }
    let old = old_of(path);
    let former = if old.exists() { opened(&old)? } else { None };
    former.ok_or_else(|| KeyError::DoesNotOpen(path.display().to_string()))
}

/// Reads a key wrapped by the root, making it first if it is missing.
fn wrapped_file(path: &Path, root: &Secret, name: &str, rng: &Rng) -> Result<Secret, KeyError> {
    if !path.exists() {
        let key = Secret::random(rng);
        write_private(path, &seal(&root.cipher(), rng, name.as_bytes(), &key.0))?;
        return Ok(key);
    }
    open_file(path, root, name)
}

pub(crate) fn read_private(path: &Path) -> Result<Vec<u8>, KeyError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let meta = fs::metadata(path).map_err(|e| KeyError::Io(path.into(), e))?;
        if meta.permissions().mode() & 0o077 != 0 {
            return Err(KeyError::OpenToOthers(path.into()));
        }
    }
    fs::read(path).map_err(|e| KeyError::Io(path.into(), e))
}

pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    use io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(|e| KeyError::Io(path.into(), e))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| KeyError::Io(path.into(), e))
}
