//! Exchanging the key that signs the log's checkpoints: the new one signs from the next checkpoint on, and the former
//! one beside it until it is destroyed, so that whoever holds either public key can check every checkpoint in between.

use super::subject;
use crate::{
    error::{AppError, Result},
    event::NewEvent,
    log,
    reader::Reader,
    store::Store,
};

/// Begins another key of the log. The log itself holds the change: an event with both public keys, in a checkpoint that
/// both sign. The new public key.
///
/// # Errors
/// A folder that cannot be written; those of the store.
pub async fn rotate_log(store: &Store) -> Result<String> {
    let former = log::verifier(store)?.to_string();
    store.keys().begin_log_key(store.rng()).map_err(AppError::internal)?;
    let new = log::verifier(store)?.to_string();
    let tx = store.begin(&Reader::system()).await?;
    let body = serde_json::json!({ "new": new, "former": former });
    tx.event(NewEvent::new("keys.log-begun", subject(&tx)).body(body)).await?;
    tx.commit().await?;
    // A server that runs holds the lease and takes the event in by itself.
    let holder = store.rng().uuid(store.now()).to_string();
    while log::sequence(store, &holder).await? > 0 {}
    Ok(new)
}

/// Destroys the former keys of the log. Their public halves are kept, so that checkpoints of their time can be checked.
/// The public keys that sign no more.
///
/// # Errors
/// `keys-no-exchange`; those of the store.
pub async fn end_log(store: &Store) -> Result<Vec<String>> {
    let signers = log::numbered_verifiers(store)?;
    let Some(((_, current), former)) = signers.split_last() else { return Err(AppError::rule("keys-no-exchange")) };
    if former.is_empty() {
        return Err(AppError::rule("keys-no-exchange"));
    }
    let tx = store.begin(&Reader::system()).await?;
    let mut ended = Vec::new();
    for (number, key) in former {
        let key = key.to_string();
        let body = serde_json::json!({ "ended": key, "current": current.to_string() });
        tx.event(NewEvent::new("keys.log-ended", subject(&tx)).body(body)).await?;
        store.keys().end_log_key(*number, &key).map_err(AppError::internal)?;
        ended.push(key);
    }
    tx.commit().await?;
    Ok(ended)
}
