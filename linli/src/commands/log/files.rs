//! `linli log verify DIR`: auditing the files of a published log.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use linli_platform::texts::T;
use transparency_log::{Entries, Expected, Finding, LogFiles, StorageError, audit_files};

use crate::{
    failure::{Failure, Outcome},
    said::finding_text,
};

/// No file of a log is longer: 256 entries of 65,535 bytes with their lengths.
const MOST_BYTES: u64 = 256 * (65_535 + 2);
/// Folders within one another; a log has seven at most.
const MOST_DEPTH: usize = 16;

/// The files of a published log in a folder.
pub(super) struct Folder<'a>(pub &'a Path);

impl LogFiles for Folder<'_> {
    fn paths(&self) -> Result<Vec<String>, StorageError> {
        let mut paths = Vec::new();
        collect(self.0, "", 0, &mut paths)?;
        Ok(paths)
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let file = self.0.join(path);
        match fs::symlink_metadata(&file) {
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(e) => return Err(e.into()),
            Ok(found) if !found.is_file() => return Err("not a plain file".into()),
            Ok(found) if found.len() > MOST_BYTES => return Err("longer than any file of a log".into()),
            Ok(_) => {}
        }
        Ok(Some(fs::read(file)?))
    }
}

/// Every file, and every empty folder too: neither has a place in a log that the tree does not give it.
fn collect(folder: &Path, prefix: &str, depth: usize, paths: &mut Vec<String>) -> Result<(), StorageError> {
    if depth > MOST_DEPTH {
        return Err(format!("{prefix}: folders lie too deep within one another").into());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| format!("{}: not UTF-8", name.display()))?;
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), depth + 1, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// What the files are held against.
#[derive(clap::Args, Debug, Default)]
pub struct Audit {
    /// A checkpoint that somebody kept; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// The log's public key, or a file of such; without one, that in the folder itself.
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// A public key that signed before the log's key was exchanged, or a file of such; for checkpoints of that time.
    #[arg(long, value_name = "KEY")]
    pub former_key: Vec<String>,
    /// The public key of a witness who must have cosigned, or a file of such.
    #[arg(long, value_name = "KEY")]
    pub witness: Vec<String>,
    /// Every entry must be there.
    #[arg(long)]
    pub entries: bool,
}

/// Audits a folder.
///
/// # Errors
/// `cli-log-fault` with the first thing found; a file that cannot be read.
pub fn audit(folder: &Path, options: &Audit, t: &T) -> Outcome {
    let mut kept = Vec::new();
    for file in &options.checkpoint {
        kept.push(fs::read_to_string(file).map_err(Failure::file(file))?);
    }
    let expected = Expected {
        keys: super::keys(&options.key)?,
        witnesses: super::keys(&options.witness)?,
        entries: if options.entries { Entries::All } else { Entries::AllOrNone },
        former: super::keys(&options.former_key)?,
        kept,
    };
    let fault = |f: Finding| {
        let fault = format!("{}: {}", folder.display(), finding_text(t, &f));
        Failure::say("cli-log-fault").arg("fault", fault)
    };
    let seen = audit_files(&Folder(folder), &expected).map_err(fault)?;
    let counts = [("origin", seen.origin), ("leaves", seen.size.to_string()), ("files", seen.files.to_string())];
    crate::say!("{}", t.all("cli-log-audited", &counts));
    if seen.own_key {
        crate::say!("{}", t.s("cli-log-own-key"));
    }
    if expected.kept.is_empty() && expected.witnesses.is_empty() {
        crate::say!("{}", t.s("cli-log-no-past"));
    }
    if seen.unknown_signatures > 0 {
        crate::say!("{}", t.all("cli-log-unknown-signatures", &[("count", seen.unknown_signatures.to_string())]));
    }
    Ok(())
}
