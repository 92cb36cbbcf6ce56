#![doc = include_str!("../README.md")]

mod checkpoint;
mod frontier;
mod hash;
mod note;
mod proof;
mod tile;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use frontier::{Frontier, FrontierError};
pub use hash::{HASH_BYTES, Hash, empty_root, leaf_hash, node_hash};
pub use note::{KeyError, NoteError, NoteSignature, NoteSigner, SignedNote, VerifierKey};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, root, tiles_for_consistency, tiles_for_inclusion, tiles_for_root,
    verify_consistency, verify_inclusion,
};
pub use tile::{
    LogError, MAX_SIZE, MemoryTiles, StorageError, TILE_WIDTH, Tile, TilePathError, TileReader, TileWrite, edge_tiles,
    tile_path,
};
pub use verify::{Tampering, verify_growth, verify_log};
