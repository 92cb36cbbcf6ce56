//! `linli log`: checking the log of an installation, publishing it as files, auditing such files, and having them
//! witnessed.

mod cosign;
mod export;
mod files;
mod proof;

use std::{fs, path::Path};

use linli_platform::{log, texts::T};

pub use cosign::{Cosign, cosign};
pub use export::{Export, export};
pub use files::{Audit, audit};
pub use proof::check as check_proof;

use crate::{
    failure::{Failure, Outcome},
    said::log_fault_text,
    start::Started,
};

/// Checks signature, tree, and every event and access record against its leaf; prints the newest checkpoint, to be
/// kept.
///
/// # Errors
/// `cli-log-fault` with what was found.
pub async fn verify(started: &Started, checkpoint: Option<&Path>, t: &T) -> Outcome {
    let store = &started.app.store;
    let earlier = match checkpoint {
        Some(file) => Some(fs::read_to_string(file).map_err(Failure::file(file))?),
        None => None,
    };
    match log::verify(store, earlier.as_deref()).await? {
        Ok(v) => {
            let (leaves, waiting, erased) = (("leaves", v.leaves), ("waiting", v.waiting), ("erased", v.erased));
            let args = [leaves, waiting, ("events", v.events), ("readings", v.readings), erased];
            crate::say!("{}", t.all("cli-log-good", &args.map(|(k, n)| (k, n.to_string()))));
        }
        Err(fault) => return Err(Failure::say("cli-log-fault").arg("fault", log_fault_text(t, &fault))),
    }
    if let Some(newest) = log::newest(&store.reads()).await? {
        crate::say!("\n{}", newest.note);
    }
    Ok(())
}

/// Public keys: written out, or in a file with one a line.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn keys(given: &[String]) -> Outcome<Vec<String>> {
    let mut keys = Vec::new();
    for text in given {
        let file = Path::new(text);
        if file.is_file() {
            let lines = fs::read_to_string(file).map_err(Failure::file(file))?;
            keys.extend(lines.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()));
        } else {
            keys.push(text.trim().to_owned());
        }
    }
    Ok(keys)
}
