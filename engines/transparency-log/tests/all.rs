//! All integration tests of the engine.
#![allow(clippy::unwrap_used)]

mod all {
    pub mod audit;
    pub mod growth;
    pub mod notes;
    pub mod parsers;
    pub mod reference;
    #[cfg(feature = "sm2")]
    pub mod sm2;
    pub mod tampering;
    pub mod tiles;
    pub mod witness;
}

use std::collections::BTreeMap;

use transparency_log::{Checkpoint, Frontier, Hash, LogFiles, MemoryTiles, StorageError, leaf_hash};

/// The files of a published log, in memory.
#[derive(Clone, Debug, Default, PartialEq)]
struct Files(BTreeMap<String, Vec<u8>>);

impl LogFiles for Files {
    fn paths(&self) -> Result<Vec<String>, StorageError> {
        Ok(self.0.keys().cloned().collect())
    }
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.0.get(path).cloned())
    }
}

/// The n-th leaf of every test log.
fn leaf(n: u64) -> Hash {
    leaf_hash(&n.to_be_bytes())
}

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(leaf).collect()
}

/// A log of `size` leaves, appended in one go.
fn log(size: u64) -> (Frontier, MemoryTiles) {
    let mut frontier = Frontier::new();
    let tiles = frontier.append(&leaves(size)).unwrap().into_iter().collect();
    (frontier, tiles)
}

fn checkpoint(frontier: &Frontier) -> Checkpoint {
    Checkpoint::new("log.example", frontier.size(), frontier.root())
}
