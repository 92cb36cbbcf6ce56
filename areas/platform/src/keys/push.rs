//! The seed of the key pair by which services of web push know this installation (推送密钥, RFC 8292). It lies in the folder
//! of the keys like the others: browsers bind their subscriptions to its public half, so it outlives a restored database.

use std::sync::PoisonError;

use zeroize::Zeroizing;

use super::{KeyRing, error::KeyError, files::open_file};
use crate::clock::Rng;

/// What its file is bound to.
const NAME: &str = "push";

impl KeyRing {
    /// The seed, made when it is first asked for.
    ///
    /// # Errors
    /// A folder that cannot be written; a key that does not open; those of a token.
    pub fn push_seed(&self, rng: &Rng) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let mut held = self.push.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seed) = &*held {
            return Ok(Zeroizing::new(*seed.seed()));
        }
        let file = format!("{NAME}.key");
        let there = self.settings.as_ref().map(|s| (s, s.folder.join(&file))).filter(|(_, path)| path.exists());
        let seed = match there {
            Some((settings, path)) => open_file(&path, &settings.root()?, NAME)?,
            None => self.make(&file, NAME, rng)?,
        };
        Ok(Zeroizing::new(*held.insert(seed).seed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::{At, Clock},
        keys::{KeySettings, Profile},
    };

    #[test]
    fn the_seed_is_made_once_and_every_process_reads_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let settings = KeySettings::folder(dir.path());
        let (rng, clock) = (Rng::system(), Clock::fixed(At(1_795_140_000_000_000)));
        KeyRing::create(&settings, &rng).unwrap();
        let ring = KeyRing::open(&settings, &rng, &clock).unwrap();
        let other = KeyRing::open(&settings, &rng, &clock).unwrap();
        let seed = ring.push_seed(&rng).unwrap();
        assert_eq!(*ring.push_seed(&rng).unwrap(), *seed);
        assert_eq!(*other.push_seed(&rng).unwrap(), *seed);
        let memory = KeyRing::in_memory(Profile::default(), &rng, &clock);
        assert_eq!(*memory.push_seed(&rng).unwrap(), *memory.push_seed(&rng).unwrap());
        assert_ne!(*memory.push_seed(&rng).unwrap(), *seed);
    }
}
