//! Files of others that the project ships: each has a name, a version, a licence and a hash on record.

use std::{collections::BTreeSet, fs, path::Path};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::files;

/// Folders with files of others, each with a `VENDORED.toml`.
const FOLDERS: &[&str] = &["areas/platform/assets/vendor", "assets/fonts"];
const RECORD: &str = "VENDORED.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    file: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    version: String,
    licence: String,
    file: String,
    sha256: String,
}

/// Lists files that are not on record, or differ from it.
pub fn check() -> Result<Vec<String>, String> {
    let mut problems = Vec::new();
    for folder in FOLDERS {
        let base = files::root().join(folder);
        let text = fs::read_to_string(base.join(RECORD)).map_err(|e| format!("{folder}/{RECORD}: {e}"))?;
        let record: Record = toml::from_str(&text).map_err(|e| format!("{folder}/{RECORD}: {e}"))?;
        let mut listed = BTreeSet::from([RECORD.to_owned()]);
        for entry in record.file {
            problems.extend(compare(&base, folder, &entry));
            listed.insert(entry.file);
        }
        for path in files::all()?.iter().filter(|p| p.starts_with(folder)) {
            let inside = path.strip_prefix(folder).map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
            if !listed.contains(&inside) {
                problems.push(format!("{}: is not in {folder}/{RECORD}", path.display()));
            }
        }
    }
    Ok(problems)
}

fn compare(base: &Path, folder: &str, entry: &Entry) -> Option<String> {
    let place = format!("{folder}/{}", entry.file);
    if entry.name.is_empty() || entry.version.is_empty() || entry.licence.is_empty() {
        return Some(format!("{place}: name, version and licence must be on record"));
    }
    let Ok(bytes) = fs::read(base.join(&entry.file)) else { return Some(format!("{place}: is missing")) };
    let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    (hash != entry.sha256).then(|| format!("{place}: differs from its record ({hash})"))
}
