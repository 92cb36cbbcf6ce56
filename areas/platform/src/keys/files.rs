//! The files of the key folder: owner-only, wrapped by the root key, each bound to its name.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    error::KeyError,
    profile::{Profile, Secret},
    root::Root,
};
use crate::clock::Rng;

/// The name that a key file is bound to; none for what the root key does not wrap.
pub(crate) fn bound_name(file: &str) -> Option<&str> {
    match file.strip_suffix(".key")? {
        "root" => None,
        name => Some(name.strip_prefix("division-").unwrap_or(name)),
    }
}

/// Every key file of the folder that the root key wraps, in order.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, KeyError> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| KeyError::Io(folder.into(), e))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if bound_name(&name).is_some() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Where the former form of a key file lies while the root key is exchanged.
pub(crate) fn old_of(path: &Path) -> PathBuf {
    path.with_extension("key.old")
}

/// Opens a key file; one that a broken-off exchange of the root key left half done, by its former form.
pub(crate) fn open_file(path: &Path, root: &Root, name: &str) -> Result<Secret, KeyError> {
    if let Some(key) = root.unwrap(name, &read_private(path)?)? {
        return Ok(key);
    }
    let old = old_of(path);
    let former = if old.exists() { root.unwrap(name, &read_private(&old)?)? } else { None };
    former.ok_or_else(|| KeyError::DoesNotOpen(path.display().to_string()))
}

/// Makes a key file of a new key. Where another process made it at the same moment, that one's counts.
///
/// # Errors
/// [`KeyError::RootExchanged`] if the root key does not open the files that are there.
pub(crate) fn make_file(path: &Path, root: &Root, name: &str, profile: Profile, rng: &Rng) -> Result<Secret, KeyError> {
    let folder = path.parent().unwrap_or(path);
    if let Some(other) = names(folder)?.first() {
        let opened = open_file(&folder.join(other), root, bound_name(other).unwrap_or_default());
        opened.map_err(|e| if matches!(e, KeyError::DoesNotOpen(_)) { KeyError::RootExchanged } else { e })?;
    }
    let key = Secret::random(profile, rng);
    match write_private(path, &root.wrap(rng, name, &key)?) {
        Ok(()) => Ok(key),
        Err(KeyError::Io(_, e)) if e.kind() == io::ErrorKind::AlreadyExists => open_file(path, root, name),
        Err(e) => Err(e),
    }
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

/// Puts a file in place of another at once: written beside it, then renamed.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let beside = path.with_extension("tmp");
    if beside.exists() {
        fs::remove_file(&beside).map_err(|e| KeyError::Io(beside.clone(), e))?;
    }
    write_private(&beside, bytes)?;
    read_private(&beside)?;
    fs::rename(&beside, path).map_err(|e| KeyError::Io(path.into(), e))
}
