//! Seeds of a month (月度种子): what a key pair is derived from that phones seal their entries to.
//!
//! They lie in the folder of the keys, wrapped by the root key, and not in the database: a database that was restored
//! from a backup can still read what phones sealed after that backup was made.

use std::{collections::BTreeMap, fs};

use zeroize::Zeroizing;

use super::{KeyRing, error::KeyError, files::open_file, profile::Secret};
use crate::clock::{Month, Rng};

/// Seeds that were read or made already, by month.
pub(super) type Seeds = BTreeMap<String, Secret>;

fn name(month: Month) -> String {
    format!("phone-{month}")
}

fn clear(seed: &Secret) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(*seed.seed())
}

impl KeyRing {
    /// The seed of a month, made if there is none yet. To be asked for the current month alone.
    ///
    /// # Errors
    /// A folder that cannot be written; those of a token.
    pub fn month_seed(&self, rng: &Rng, month: Month) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        if let Some(seed) = self.kept_month_seed(month)? {
            return Ok(seed);
        }
        let seed = self.make(&format!("{}.key", name(month)), &name(month), rng)?;
        let mut held = self.months.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // In memory, where no folder decides, the first one counts.
        Ok(clear(held.entry(month.to_string()).or_insert(seed)))
    }

    /// The seed of a month, if it was made and is still kept.
    ///
    /// # Errors
    /// A key that does not open; those of a token.
    pub fn kept_month_seed(&self, month: Month) -> Result<Option<Zeroizing<[u8; 32]>>, KeyError> {
        let held = |seeds: &Seeds| seeds.get(&month.to_string()).map(clear);
        if let Some(seed) = held(&self.months.lock().unwrap_or_else(std::sync::PoisonError::into_inner)) {
            return Ok(Some(seed));
        }
        let Some(settings) = &self.settings else { return Ok(None) };
        let path = settings.folder.join(format!("{}.key", name(month)));
        if !path.exists() {
            return Ok(None);
        }
        let seed = open_file(&path, &settings.root()?, &name(month))?;
        let mut seeds = self.months.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(Some(clear(seeds.entry(month.to_string()).or_insert(seed))))
    }

    /// Destroys the seeds of months before one: what was sealed to them opens no more. How many.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn forget_month_seeds(&self, before: Month) -> Result<usize, KeyError> {
        self.months.lock().unwrap_or_else(std::sync::PoisonError::into_inner).retain(|m, _| *m >= before.to_string());
        let Some(settings) = &self.settings else { return Ok(0) };
        let mut gone = 0;
        let folder = &settings.folder;
        for entry in fs::read_dir(folder).map_err(|e| KeyError::Io(folder.clone(), e))?.flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            let month = file.strip_prefix("phone-").and_then(|n| n.strip_suffix(".key")).and_then(|n| n.parse().ok());
            if month.is_some_and(|m: Month| m < before) {
                self.remove(&file)?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::{At, Clock},
        keys::{KeySettings, Profile},
    };

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn a_months_seed_stays_the_same_until_it_is_forgotten_and_another_process_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let settings = KeySettings::folder(dir.path());
        let (rng, clock) = (Rng::system(), Clock::fixed(At(1_795_140_000_000_000)));
        KeyRing::create(&settings, &rng).unwrap();
        let ring = KeyRing::open(&settings, &rng, &clock).unwrap();
        assert!(ring.kept_month_seed(month("2026-11")).unwrap().is_none());
        let seed = ring.month_seed(&rng, month("2026-11")).unwrap();
        assert_eq!(*ring.month_seed(&rng, month("2026-11")).unwrap(), *seed);
        assert_ne!(*ring.month_seed(&rng, month("2026-12")).unwrap(), *seed);
        let other = KeyRing::open(&settings, &rng, &clock).unwrap();
        assert_eq!(other.kept_month_seed(month("2026-11")).unwrap().as_deref(), Some(&*seed));
        assert_eq!(ring.forget_month_seeds(month("2026-12")).unwrap(), 1);
        assert!(ring.kept_month_seed(month("2026-11")).unwrap().is_none());
        let fresh = KeyRing::open(&settings, &rng, &clock).unwrap();
        assert!(fresh.kept_month_seed(month("2026-11")).unwrap().is_none(), "the file is gone");
        assert!(fresh.kept_month_seed(month("2026-12")).unwrap().is_some());
    }

    #[test]
    fn a_ring_in_memory_keeps_its_seeds_too() {
        let (rng, clock) = (Rng::seeded(1), Clock::fixed(At(1_795_140_000_000_000)));
        let ring = KeyRing::in_memory(Profile::default(), &rng, &clock);
        let seed = ring.month_seed(&rng, month("2026-11")).unwrap();
        assert_eq!(*ring.month_seed(&rng, month("2026-11")).unwrap(), *seed);
        assert_eq!(ring.forget_month_seeds(month("2027-01")).unwrap(), 0);
        assert!(ring.kept_month_seed(month("2026-11")).unwrap().is_none());
    }
}
