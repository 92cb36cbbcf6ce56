//! The growing edge of a log: all that is needed to append, without reading the log.

use sha2::{Digest, Sha256};

use crate::hash::{HASH_BYTES, Hash, empty_root, fold_right, subtree_hash};
use crate::tile::{LogError, MAX_SIZE, TILE_WIDTH, TileReader, TileWrite, edge_tiles, read_hashes};

const MAGIC: &[u8; 4] = b"tlf1";
const CHECKSUM_BYTES: usize = 8;

/// Why a stored frontier or an append was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The bytes are not a stored frontier of this format.
    #[error("not a stored frontier")]
    Format,
    /// The bytes are damaged.
    #[error("the stored frontier is damaged: its checksum does not fit")]
    Checksum,
    /// The log would have more than [`MAX_SIZE`] leaves.
    #[error("a log cannot have more than {MAX_SIZE} leaves")]
    TooLarge,
}

/// The right edge of a log (日志前沿): its size and the hashes of the tiles that are not full yet,
/// at most 255 on each of eight levels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Hashes of the partial tile of each level, lowest level first; no empty level at the end.
    partial: Vec<Vec<Hash>>,
}

impl Frontier {
    /// The edge of a log without leaves.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// Reads the edge of a log of `size` leaves from its partial tiles
    /// ([`edge_tiles`] names them).
    ///
    /// # Errors
    /// [`LogError`] when a tile is missing, short or unreadable.
    pub fn from_tiles(size: u64, reader: &dyn TileReader) -> Result<Frontier, LogError> {
        let mut partial = Vec::new();
        for tile in edge_tiles(size) {
            partial.resize(usize::from(tile.level), Vec::new());
            partial.push(read_hashes(reader, tile)?);
        }
        Ok(Frontier { size, partial })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the whole log (RFC 6962 §2.1).
    pub fn root(&self) -> Hash {
        let mut subtrees = Vec::new();
        for hashes in self.partial.iter().rev() {
            let mut rest = hashes.as_slice();
            while !rest.is_empty() {
                let (complete, after) = rest.split_at(1 << rest.len().ilog2());
                subtrees.extend(subtree_hash(complete));
                rest = after;
            }
        }
        fold_right(subtrees.into_iter()).unwrap_or_else(empty_root)
    }

    /// Appends leaf hashes and returns every tile that is new or changed, each once and in its
    /// final width: lower levels before higher ones at the same point of the log.
    ///
    /// # Errors
    /// [`FrontierError::TooLarge`]; the frontier is then unchanged.
    pub fn append(&mut self, leaves: &[Hash]) -> Result<Vec<TileWrite>, FrontierError> {
        let grown = self.size.checked_add(leaves.len() as u64).filter(|size| *size <= MAX_SIZE);
        let grown = grown.ok_or(FrontierError::TooLarge)?;
        if leaves.is_empty() {
            return Ok(Vec::new());
        }
        let mut writes = Vec::with_capacity(leaves.len() / usize::from(TILE_WIDTH) + 8);
        let mut highest_changed = 0;
        let mut done = self.size;
        let mut rest = leaves;
        while !rest.is_empty() {
            let room = usize::from(TILE_WIDTH) - self.level_mut(0).len();
            let (now, later) = rest.split_at(room.min(rest.len()));
            self.level_mut(0).extend_from_slice(now);
            done += now.len() as u64;
            highest_changed = highest_changed.max(self.carry(done, &mut writes));
            rest = later;
        }
        self.size = grown;
        for (level, hashes) in self.partial.iter().enumerate().take(highest_changed + 1) {
            if !hashes.is_empty() {
                let index = (grown >> (8 * level)) / u64::from(TILE_WIDTH);
                writes.push(TileWrite::new(level as u8, index, hashes));
            }
        }
        while self.partial.last().is_some_and(Vec::is_empty) {
            self.partial.pop();
        }
        Ok(writes)
    }

    fn level_mut(&mut self, level: usize) -> &mut Vec<Hash> {
        if self.partial.len() <= level {
            self.partial.resize(level + 1, Vec::new());
        }
        &mut self.partial[level]
    }

    /// Moves tiles that have become full out, and their roots one level up. Returns the highest
    /// level that received a hash.
    fn carry(&mut self, size: u64, writes: &mut Vec<TileWrite>) -> usize {
        let mut level = 0;
        while self.level_mut(level).len() == usize::from(TILE_WIDTH) {
            let full = std::mem::take(self.level_mut(level));
            let index = (size >> (8 * level)) / u64::from(TILE_WIDTH) - 1;
            writes.push(TileWrite::new(level as u8, index, &full));
            level += 1;
            self.level_mut(level).extend(subtree_hash(&full));
        }
        level
    }

    /// The frontier as bytes, to be stored beside the log: magic, size, hashes by level, checksum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.size.to_be_bytes());
        for hashes in &self.partial {
            bytes.extend_from_slice(hashes.as_flattened());
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum[..CHECKSUM_BYTES]);
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`FrontierError::Format`] or [`FrontierError::Checksum`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, FrontierError> {
        let end = bytes.len().checked_sub(CHECKSUM_BYTES).ok_or(FrontierError::Format)?;
        let (body, checksum) = bytes.split_at(end);
        let body_after_magic = body.strip_prefix(MAGIC).ok_or(FrontierError::Format)?;
        if Sha256::digest(body)[..CHECKSUM_BYTES] != *checksum {
            return Err(FrontierError::Checksum);
        }
        let (size, hashes) = body_after_magic.split_first_chunk::<8>().ok_or(FrontierError::Format)?;
        let size = u64::from_be_bytes(*size);
        let (mut hashes, odd) = hashes.as_chunks::<HASH_BYTES>();
        if size > MAX_SIZE || !odd.is_empty() {
            return Err(FrontierError::Format);
        }
        let mut partial = Vec::new();
        for tile in edge_tiles(size) {
            partial.resize(usize::from(tile.level), Vec::new());
            let split = hashes.split_at_checked(usize::from(tile.width));
            let (mine, rest) = split.ok_or(FrontierError::Format)?;
            partial.push(mine.to_vec());
            hashes = rest;
        }
        if hashes.is_empty() { Ok(Frontier { size, partial }) } else { Err(FrontierError::Format) }
    }
}
