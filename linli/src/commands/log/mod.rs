//! `linli log verify`: the whole log, against an earlier checkpoint where somebody kept one.

use std::{fs, path::Path};

use linli_platform::{log, texts::T};

use crate::{
    failure::{Failure, Outcome},
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
            let args = [("leaves", v.leaves), ("waiting", v.waiting), ("events", v.events), ("readings", v.readings)];
            crate::say!("{}", t.all("cli-log-good", &args.map(|(k, n)| (k, n.to_string()))));
        }
        Err(fault) => return Err(Failure::say("cli-log-fault").arg("fault", fault)),
    }
    if let Some(newest) = log::newest(&store.reads()).await? {
        crate::say!("\n{}", newest.note);
    }
    Ok(())
}
