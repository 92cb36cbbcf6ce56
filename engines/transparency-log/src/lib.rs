#![doc = include_str!("../README.md")]

mod audit;
mod checkpoint;
mod entries;
mod frontier;
mod hash;
mod key;
mod note;
mod proof;
mod tile;
mod verify;
mod witness;

pub use audit::{Audited, Entries, Expected, Finding, LogFiles, audit_files};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use entries::{BundleError, entries_path, entry_bundle, parse_entry_bundle};
pub use frontier::{Frontier, FrontierError};
pub use hash::{HASH_BYTES, Hash, empty_root, leaf_hash, node_hash};
pub use key::{Cosigner, KeyError, KeyKind, NoteSigner, VerifierKey};
pub use note::{NoteError, NoteSignature, SignedNote};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, root, tiles_for_consistency, tiles_for_inclusion, tiles_for_root,
    verify_consistency, verify_inclusion,
};
pub use tile::{
    LogError, MAX_SIZE, MemoryTiles, StorageError, TILE_WIDTH, Tile, TilePathError, TileReader, TileWrite, edge_tiles,
    tile_path,
};
pub use verify::{Tampering, verify_growth, verify_log};
pub use witness::{Accepted, AddCheckpoint, Refusal, RequestError, StateError, WitnessState, judge};
