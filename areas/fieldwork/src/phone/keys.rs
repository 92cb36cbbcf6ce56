//! The key pairs that phones seal their entries to: one a month, derived from a seed that lies beside the other keys.
//! A pair is kept for 62 days after its month, so that a phone that comes late can still be read.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use linli_platform::{
    AppError, Result,
    app::App,
    clock::{Day, Month},
};
use sha2::{Digest as _, Sha256};

use super::seal::KeyPair;

/// Days for which what a phone sealed can be read, and for which its result is remembered.
pub const KEPT_DAYS: i64 = 62;

/// A pair with its name.
#[derive(Clone)]
pub struct NamedPair {
    /// The month and the beginning of the public key's digest: `2026-11-1f0c9a3b`.
    pub key_id: String,
    /// The pair.
    pub pair: Arc<KeyPair>,
}

impl NamedPair {
    fn new(month: Month, seed: &[u8; 32]) -> Self {
        let pair = KeyPair::of_seed(seed);
        let digest = Sha256::digest(pair.public());
        let mark: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
        NamedPair { key_id: format!("{month}-{mark}"), pair: Arc::new(pair) }
    }
}

/// Pairs that were derived already.
#[derive(Default)]
struct Derived(Mutex<HashMap<Month, NamedPair>>);

fn remembered(app: &App, month: Month, seed: impl FnOnce() -> Result<Option<NamedPair>>) -> Result<Option<NamedPair>> {
    let derived = app.caches.get::<Derived>().unwrap_or_else(|| {
        app.caches.put(Arc::new(Derived::default()));
        app.caches.get::<Derived>().unwrap_or_default()
    });
    if let Some(known) = derived.0.lock().unwrap_or_else(PoisonError::into_inner).get(&month) {
        return Ok(Some(known.clone()));
    }
    let pair = seed()?;
    if let Some(pair) = &pair {
        derived.0.lock().unwrap_or_else(PoisonError::into_inner).insert(month, pair.clone());
    }
    Ok(pair)
}

/// The pair of the current month.
///
/// # Errors
/// A folder of keys that cannot be written.
pub fn current(app: &App) -> Result<NamedPair> {
    let month = app.store.clock().today().month();
    let pair = remembered(app, month, || {
        let seed = app.store.keys().month_seed(app.store.rng(), month).map_err(AppError::internal)?;
        Ok(Some(NamedPair::new(month, &seed)))
    });
    pair?.ok_or_else(AppError::not_found)
}

/// The oldest month whose pair is still kept on a day.
pub fn oldest(today: Day) -> Month {
    today.plus_days(-KEPT_DAYS).month()
}

/// The pair of a name, if it is one of ours and still kept.
///
/// # Errors
/// A key that does not open.
pub fn named(app: &App, key_id: &str) -> Result<Option<KeyPairOf>> {
    let month = key_id.rsplit_once('-').and_then(|(month, _)| month.parse::<Month>().ok());
    let Some(month) = month.filter(|m| *m >= oldest(app.store.clock().today())) else { return Ok(None) };
    let pair = remembered(app, month, || {
        let seed = app.store.keys().kept_month_seed(month).map_err(AppError::internal)?;
        Ok(seed.map(|seed| NamedPair::new(month, &seed)))
    })?;
    Ok(pair.filter(|p| p.key_id == key_id).map(|p| p.pair))
}

/// A pair, shared.
pub type KeyPairOf = Arc<KeyPair>;
