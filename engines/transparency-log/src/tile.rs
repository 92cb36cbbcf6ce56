//! Tiles: runs of up to 256 neighbouring hashes of one level (C2SP tlog-tiles).

use std::collections::BTreeMap;
use std::fmt;

use crate::hash::{HASH_BYTES, Hash};

/// Hashes in a full tile; the tile height is 8.
pub const TILE_WIDTH: u16 = 256;

/// Largest number of leaves a log may have, 2⁶².
pub const MAX_SIZE: u64 = 1 << 62;

/// Highest level that a log of [`MAX_SIZE`] leaves has.
pub(crate) const MAX_LEVEL: u8 = 7;

/// Whatever the storage behind a [`TileReader`] reports.
pub type StorageError = Box<dyn std::error::Error + Send + Sync>;

/// Why hashes could not be read from tiles.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The tree needs a tile that the storage does not have.
    #[error("tile {0} is missing")]
    MissingTile(Tile),
    /// A tile holds fewer bytes than the tree needs of it.
    #[error("tile {tile} is {found_bytes} bytes long, {needed_bytes} are needed")]
    ShortTile {
        /// The tile that was asked for.
        tile: Tile,
        /// Bytes the storage returned.
        found_bytes: usize,
        /// Bytes the tree needs.
        needed_bytes: usize,
    },
    /// The storage failed.
    #[error("tile {tile} cannot be read: {source}")]
    Storage {
        /// The tile that was asked for.
        tile: Tile,
        /// What the storage reported.
        source: StorageError,
    },
}

/// Where a tile lies and how many hashes of it a tree has (瓦片).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// Level, 0 for leaf hashes; hashes of level `l` stand for 256^l leaves each.
    pub level: u8,
    /// Position within the level, from 0.
    pub index: u64,
    /// Number of hashes, 1 to 256; below 256 the tile is partial.
    pub width: u16,
}

impl Tile {
    /// Length of the tile in bytes.
    pub fn len_bytes(&self) -> usize {
        usize::from(self.width) * HASH_BYTES
    }

    /// Whether the tile is complete and will never change again.
    pub fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// Path of the tile below the log's prefix, `tile/<L>/<N>[.p/<W>]` (C2SP tlog-tiles).
    pub fn path(&self) -> String {
        tile_path(self.level, self.index, self.width)
    }

    /// Reads a path as [`Tile::path`] writes it.
    ///
    /// # Errors
    /// [`TilePathError`] for every text that `path` would not have written.
    pub fn parse_path(path: &str) -> Result<Tile, TilePathError> {
        let tile = parse_parts(path).ok_or_else(|| TilePathError(path.to_owned()))?;
        // Writing it again refuses leading zeros, signs and other spellings at one stroke.
        if tile.path() == path { Ok(tile) } else { Err(TilePathError(path.to_owned())) }
    }

    /// The tile at a place in a tree of `size` leaves, or `None` if the tree has none there.
    pub fn of_tree(level: u8, index: u64, size: u64) -> Option<Tile> {
        if level > MAX_LEVEL {
            return None;
        }
        let hashes = size >> (8 * u32::from(level));
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = hashes.checked_sub(before)?.min(u64::from(TILE_WIDTH)) as u16;
        (width > 0).then_some(Tile { level, index, width })
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

/// A text that is no tile path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a tile path: {0:?}")]
pub struct TilePathError(pub String);

fn parse_parts(path: &str) -> Option<Tile> {
    let rest = path.strip_prefix("tile/")?;
    let (place, width) = match rest.split_once(".p/") {
        Some((place, width)) => (place, width.parse().ok().filter(|w| (1..256).contains(w))?),
        None => (rest, TILE_WIDTH),
    };
    let (level, digits) = place.split_once('/')?;
    let level = level.parse().ok().filter(|l| *l <= 63)?;
    let mut index = 0_u64;
    for part in digits.split('/') {
        let three = part.strip_prefix('x').unwrap_or(part);
        let value: u64 = three.parse().ok().filter(|v| *v < 1000)?;
        index = index.checked_mul(1000)?.checked_add(value)?;
    }
    Some(Tile { level, index, width })
}

/// Path of a tile below the log's prefix, `tile/<L>/<N>[.p/<W>]`, with `<N>` in groups of three
/// digits, all but the last led by `x` (C2SP tlog-tiles).
///
/// ```
/// assert_eq!(transparency_log::tile_path(0, 1234067, 256), "tile/0/x001/x234/067");
/// assert_eq!(transparency_log::tile_path(1, 0, 17), "tile/1/000.p/17");
/// ```
pub fn tile_path(level: u8, index: u64, width: u16) -> String {
    let mut groups = vec![format!("{:03}", index % 1000)];
    let mut rest = index / 1000;
    while rest > 0 {
        groups.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.reverse();
    let partial = if width < TILE_WIDTH { format!(".p/{width}") } else { String::new() };
    format!("tile/{level}/{}{partial}", groups.join("/"))
}

/// The tiles at the right edge of a tree that are still partial, lowest level first: what
/// [`Frontier::from_tiles`](crate::Frontier::from_tiles) reads.
pub fn edge_tiles(size: u64) -> Vec<Tile> {
    (0..=MAX_LEVEL)
        .filter_map(|level| {
            let hashes = size >> (8 * u32::from(level));
            let width = (hashes % u64::from(TILE_WIDTH)) as u16;
            (width > 0).then_some(Tile { level, index: hashes / u64::from(TILE_WIDTH), width })
        })
        .collect()
}

/// A tile to be stored; a wider one replaces the one at the same level and index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileWrite {
    /// Level, 0 for leaf hashes.
    pub level: u8,
    /// Position within the level.
    pub index: u64,
    /// Number of hashes, 1 to 256.
    pub width: u16,
    /// The hashes one after the other, `width` × 32 bytes.
    pub bytes: Vec<u8>,
}

impl TileWrite {
    pub(crate) fn new(level: u8, index: u64, hashes: &[Hash]) -> TileWrite {
        TileWrite { level, index, width: hashes.len() as u16, bytes: hashes.as_flattened().to_vec() }
    }

    /// Where the tile lies.
    pub fn tile(&self) -> Tile {
        Tile { level: self.level, index: self.index, width: self.width }
    }
}

/// Where stored tiles are read from. Readers that have to wait (a database, a network) fetch the
/// tiles named by the `tiles_for_…` functions first and pass them as [`MemoryTiles`].
pub trait TileReader {
    /// The stored bytes of a tile, or `None` if there is no tile of that level and index.
    ///
    /// `tile.width` tells how many hashes the tree in question needs. For proofs, a wider tile
    /// of the same place serves as well, because tiles only grow. The verifier wants the exact
    /// width.
    ///
    /// # Errors
    /// Whatever the storage reports.
    fn read_tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StorageError>;
}

/// Tiles in memory by level and index; what is written last at a place stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryTiles {
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
}

impl MemoryTiles {
    /// Stores the bytes of a tile, replacing those at the same place.
    pub fn insert(&mut self, level: u8, index: u64, bytes: Vec<u8>) {
        self.tiles.insert((level, index), bytes);
    }

    /// Stores all that an append yielded.
    pub fn apply(&mut self, writes: impl IntoIterator<Item = TileWrite>) {
        for write in writes {
            self.insert(write.level, write.index, write.bytes);
        }
    }

    /// Takes a tile out.
    pub fn remove(&mut self, level: u8, index: u64) -> Option<Vec<u8>> {
        self.tiles.remove(&(level, index))
    }

    /// All tiles: level, index, bytes.
    pub fn iter(&self) -> impl Iterator<Item = (u8, u64, &[u8])> {
        self.tiles.iter().map(|((level, index), bytes)| (*level, *index, bytes.as_slice()))
    }

    /// Number of tiles.
    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    /// Whether there are no tiles.
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }
}

impl FromIterator<TileWrite> for MemoryTiles {
    fn from_iter<I: IntoIterator<Item = TileWrite>>(writes: I) -> Self {
        let mut tiles = MemoryTiles::default();
        tiles.apply(writes);
        tiles
    }
}

impl TileReader for MemoryTiles {
    fn read_tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.tiles.get(&(tile.level, tile.index)).cloned())
    }
}

/// Reads the hashes of a tile, dropping what a wider stored tile has beyond it.
pub(crate) fn read_hashes(reader: &dyn TileReader, tile: Tile) -> Result<Vec<Hash>, LogError> {
    let bytes = reader
        .read_tile(tile)
        .map_err(|source| LogError::Storage { tile, source })?
        .ok_or(LogError::MissingTile(tile))?;
    let needed_bytes = tile.len_bytes();
    let Some(needed) = bytes.get(..needed_bytes) else {
        return Err(LogError::ShortTile { tile, found_bytes: bytes.len(), needed_bytes });
    };
    let (hashes, _) = needed.as_chunks::<HASH_BYTES>();
    Ok(hashes.to_vec())
}
