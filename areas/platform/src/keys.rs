//! Envelope keys: a data key per subject (a resident, or a case for what has no resident yet), wrapped by the
//! division's key of a monthly epoch, wrapped by a root key outside the database.
//!
//! The key folder holds `root.key` (32 bytes, owner-only) and, wrapped by it, `blind.key`, `log.key` and
//! `division-<epoch>.key`. Destroying an epoch's file makes everything unreadable that only it wraps, and that is
//! what completes an erasure once the backups of that time are gone.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
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
}

#[derive(Zeroize, ZeroizeOnDrop, Clone)]
pub(crate) struct Secret([u8; 32]);

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

/// All keys of one installation.
pub struct KeyRing {
    blind: Secret,
    log: Secret,
    epochs: BTreeMap<String, Secret>,
    current: String,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing(epoch {})", self.current)
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
        let path = folder.join("root.key");
        if !path.exists() {
            return Err(KeyError::NoRoot(path));
        }
        let root = Secret(as_key(&read_private(&path)?, &path)?);
        let blind = wrapped_file(&folder.join("blind.key"), &root, "blind", rng)?;
        let log = wrapped_file(&folder.join("log.key"), &root, "log", rng)?;
        let current = month.to_string();
        wrapped_file(&folder.join(format!("division-{current}.key")), &root, &current, rng)?;
        let mut epochs = BTreeMap::new();
        let entries = fs::read_dir(folder).map_err(|e| KeyError::Io(folder.into(), e))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(epoch) = name.strip_prefix("division-").and_then(|n| n.strip_suffix(".key")) {
                epochs.insert(epoch.to_owned(), wrapped_file(&entry.path(), &root, epoch, rng)?);
            }
        }
        Ok(KeyRing { blind, log, epochs, current })
    }

    /// A ring in memory, for tests.
    pub fn in_memory(rng: &Rng, month: Month) -> Self {
        let current = month.to_string();
        let epochs = BTreeMap::from([(current.clone(), Secret::random(rng))]);
        KeyRing { blind: Secret::random(rng), log: Secret::random(rng), epochs, current }
    }

    /// The seed of the log's signing key.
    pub(crate) fn log_seed(&self) -> &[u8; 32] {
        &self.log.0
    }

    /// The epoch new keys are wrapped in.
    pub fn current_epoch(&self) -> &str {
        &self.current
    }

    pub(crate) fn wrap(&self, rng: &Rng, subject: uuid::Uuid, key: &Secret) -> (String, WrappedKey) {
        let cipher = self.epochs[&self.current].cipher();
        (self.current.clone(), WrappedKey(seal(&cipher, rng, subject.as_bytes(), &key.0)))
    }

    pub(crate) fn unwrap(&self, epoch: &str, subject: uuid::Uuid, wrapped: &WrappedKey) -> Result<Secret> {
        let broken = |what: &str| AppError::internal(KeyError::DoesNotOpen(what.into()));
        let division = self.epochs.get(epoch).ok_or_else(|| broken("the epoch was destroyed"))?;
        let clear = open(&division.cipher(), subject.as_bytes(), &wrapped.0).ok_or_else(|| broken("subject key"))?;
        clear.try_into().map(Secret).map_err(|_| broken("subject key length"))
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

/// Reads a key wrapped by the root, making it first if it is missing.
fn wrapped_file(path: &Path, root: &Secret, name: &str, rng: &Rng) -> Result<Secret, KeyError> {
    if !path.exists() {
        let key = Secret::random(rng);
        write_private(path, &seal(&root.cipher(), rng, name.as_bytes(), &key.0))?;
        return Ok(key);
    }
    let clear = open(&root.cipher(), name.as_bytes(), &read_private(path)?)
        .ok_or_else(|| KeyError::DoesNotOpen(path.display().to_string()))?;
    Ok(Secret(as_key(&clear, path)?))
}

fn read_private(path: &Path) -> Result<Vec<u8>, KeyError> {
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

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
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
