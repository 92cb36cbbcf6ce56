//! The verifier. It shares the two hash functions with the writer and nothing else: it counts
//! leaves up in binary instead of splitting trees, so that an error of one is seen by the other.

use crate::checkpoint::Checkpoint;
use crate::hash::{HASH_BYTES, Hash, empty_root, node_hash};
use crate::tile::{StorageError, TILE_WIDTH, Tile, TileReader};

/// Where a log has been tampered with, or was damaged (篡改).
#[derive(Debug, thiserror::Error)]
pub enum Tampering {
    /// The log has another number of leaves than the checkpoint.
    #[error("the checkpoint counts {expected} leaves, the log has {found}")]
    LeafCount {
        /// Leaves by the checkpoint.
        expected: u64,
        /// Leaves found; when there are too many, one more than expected.
        found: u64,
    },
    /// A tile is not there.
    #[error("tile {0} is missing")]
    MissingTile(Tile),
    /// A tile has been cut or extended.
    #[error("tile {tile} is {found_bytes} bytes long instead of {}", tile.len_bytes())]
    TileLength {
        /// The tile.
        tile: Tile,
        /// Its length as found.
        found_bytes: usize,
    },
    /// A hash in a tile differs from the one computed from the leaves.
    #[error("hash {position} of tile {tile} (leaves {first_leaf} to {last_leaf}) differs from the leaves")]
    HashDiffers {
        /// The tile.
        tile: Tile,
        /// Position in the tile, from 0.
        position: u16,
        /// First leaf below the hash.
        first_leaf: u64,
        /// Last leaf below the hash.
        last_leaf: u64,
    },
    /// Tiles and leaves agree, but not with the signed root.
    #[error("the {size} leaves do not have the signed root")]
    RootDiffers {
        /// Leaves by the checkpoint.
        size: u64,
    },
    /// The checkpoints are of two logs.
    #[error("the checkpoints are of two logs, {earlier:?} and {later:?}")]
    OtherLog {
        /// Origin of the earlier one.
        earlier: String,
        /// Origin of the later one.
        later: String,
    },
    /// The log is shorter than an earlier checkpoint.
    #[error("the log had {earlier} leaves before and has {later} now: it was rolled back")]
    RolledBack {
        /// Leaves by the earlier checkpoint.
        earlier: u64,
        /// Leaves by the later checkpoint.
        later: u64,
    },
    /// The log does not continue what the earlier checkpoint signed.
    #[error("the first {size} leaves are not those of the earlier checkpoint: the log was forked")]
    Forked {
        /// Leaves by the earlier checkpoint.
        size: u64,
    },
    /// A tile could not be read.
    #[error("tile {tile} cannot be read: {source}")]
    Unreadable {
        /// The tile.
        tile: Tile,
        /// What the storage reported.
        source: StorageError,
    },
}

/// The stored tile that the next hash of a level is compared with.
struct Stored {
    tile: Tile,
    bytes: Vec<u8>,
}

struct Walk<'a> {
    tiles: &'a dyn TileReader,
    size: u64,
    /// Current tile of each level.
    stored: Vec<Option<Stored>>,
    /// Roots of the complete subtrees so far, one for each bit that is set in the count.
    peaks: Vec<Hash>,
    count: u64,
}

impl Walk<'_> {
    /// Takes the next leaf and joins all pairs it completes, as a binary counter carries.
    fn take(&mut self, leaf: Hash) -> Result<(), Tampering> {
        let mut hash = leaf;
        self.compare(0, self.count, &hash)?;
        let mut height = 0;
        while self.count >> height & 1 == 1 {
            let left = self.peaks.pop().expect("a set bit of the count has its peak");
            hash = node_hash(&left, &hash);
            height += 1;
            if height % 8 == 0 {
                self.compare(height / 8, self.count >> height, &hash)?;
            }
        }
        self.peaks.push(hash);
        self.count += 1;
        Ok(())
    }

    /// Compares the `ordinal`-th hash of a level with the stored one.
    fn compare(&mut self, level: usize, ordinal: u64, hash: &Hash) -> Result<(), Tampering> {
        let position = (ordinal % u64::from(TILE_WIDTH)) as usize;
        if self.stored.len() <= level {
            self.stored.resize_with(level + 1, || None);
        }
        if position == 0 {
            self.stored[level] = Some(self.load(level, ordinal / u64::from(TILE_WIDTH))?);
        }
        let stored = self.stored[level].as_ref().expect("a tile begins at position 0");
        if stored.bytes[position * HASH_BYTES..][..HASH_BYTES] == hash[..] {
            return Ok(());
        }
        let shift = 8 * level;
        Err(Tampering::HashDiffers {
            tile: stored.tile,
            position: position as u16,
            first_leaf: ordinal << shift,
            last_leaf: ((ordinal + 1) << shift) - 1,
        })
    }

    fn load(&self, level: usize, index: u64) -> Result<Stored, Tampering> {
        let in_level = self.size >> (8 * level);
        let width = (in_level - index * u64::from(TILE_WIDTH)).min(u64::from(TILE_WIDTH)) as u16;
        let tile = Tile { level: level as u8, index, width };
        let read = self.tiles.read_tile(tile);
        let bytes = read.map_err(|source| Tampering::Unreadable { tile, source })?;
        let bytes = bytes.ok_or(Tampering::MissingTile(tile))?;
        if bytes.len() != tile.len_bytes() {
            return Err(Tampering::TileLength { tile, found_bytes: bytes.len() });
        }
        Ok(Stored { tile, bytes })
    }

    fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(mut root) = peaks.next().copied() else {
            return empty_root();
        };
        for left in peaks {
            root = node_hash(left, &root);
        }
        root
    }
}

/// Checks a whole log: every stored hash of every level against the leaves, the number of leaves,
/// and the root against a checkpoint whose signature has been verified. Reads each tile once and
/// needs memory for eight of them.
///
/// `leaves` are the leaf hashes in order, computed from what the log is about, not from tiles.
///
/// # Errors
/// [`Tampering`]: the first thing that is wrong, and where.
pub fn verify_log(
    leaves: impl IntoIterator<Item = Hash>,
    tiles: &dyn TileReader,
    checkpoint: &Checkpoint,
) -> Result<(), Tampering> {
    let size = checkpoint.size;
    let mut walk = Walk { tiles, size, stored: Vec::new(), peaks: Vec::new(), count: 0 };
    for leaf in leaves {
        if walk.count == size {
            return Err(Tampering::LeafCount { expected: size, found: size + 1 });
        }
        walk.take(leaf)?;
    }
    if walk.count < size {
        return Err(Tampering::LeafCount { expected: size, found: walk.count });
    }
    if walk.root() == checkpoint.root { Ok(()) } else { Err(Tampering::RootDiffers { size }) }
}

/// Checks that a log which satisfies `later` still begins with all that `earlier` signed: no
/// rollback, no fork. `leaves` are the leaf hashes in order; those beyond `later` are not read.
///
/// # Errors
/// [`Tampering::OtherLog`], [`Tampering::RolledBack`], [`Tampering::Forked`],
/// [`Tampering::LeafCount`], [`Tampering::RootDiffers`].
pub fn verify_growth(
    leaves: impl IntoIterator<Item = Hash>,
    earlier: &Checkpoint,
    later: &Checkpoint,
) -> Result<(), Tampering> {
    if earlier.origin != later.origin {
        let (earlier, later) = (earlier.origin.clone(), later.origin.clone());
        return Err(Tampering::OtherLog { earlier, later });
    }
    if earlier.size > later.size {
        return Err(Tampering::RolledBack { earlier: earlier.size, later: later.size });
    }
    let mut peaks: Vec<(u32, Hash)> = Vec::new();
    let mut count = 0;
    let mut leaves = leaves.into_iter();
    for checkpoint in [earlier, later] {
        for leaf in leaves.by_ref().take((checkpoint.size - count) as usize) {
            let mut peak = (0, leaf);
            while let Some((_, left)) = peaks.pop_if(|(height, _)| *height == peak.0) {
                peak = (peak.0 + 1, node_hash(&left, &peak.1));
            }
            peaks.push(peak);
            count += 1;
        }
        if count < checkpoint.size {
            return Err(Tampering::LeafCount { expected: checkpoint.size, found: count });
        }
        let hashes = peaks.iter().rev().map(|(_, hash)| *hash);
        let root = hashes.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root);
        if root != checkpoint.root {
            let is_earlier = std::ptr::eq(checkpoint, earlier);
            let size = checkpoint.size;
            return Err(if is_earlier { Tampering::Forked { size } } else { Tampering::RootDiffers { size } });
        }
    }
    Ok(())
}
