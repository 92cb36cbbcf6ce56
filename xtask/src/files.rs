//! The project's files, as git tracks them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project").to_owned()
}

/// Files that git tracks or would track, relative to the project's folder.
pub fn all() -> Result<Vec<PathBuf>, String> {
    let out = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .map_err(|e| format!("git: {e}"))?;
    let text = String::from_utf8_lossy(&out.stdout);
    Ok(text.lines().map(PathBuf::from).filter(|p| root().join(p).is_file()).collect())
}

/// A file's text, or nothing if it is not text.
pub fn text(path: &Path) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

/// Whether a path has one of these endings.
pub fn ends(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|e| endings.iter().any(|x| e == *x))
}
