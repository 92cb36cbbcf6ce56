//! Roots, inclusion and consistency proofs out of tiles, and their verification.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::hash::{Hash, empty_root, fold_right, node_hash, split_point, subtree_hash};
use crate::tile::{LogError, MAX_SIZE, TILE_WIDTH, Tile, TileReader, read_hashes};

/// Why a proof could not be made or does not hold.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The leaf does not exist in a tree of that size.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    IndexBeyondSize {
        /// Leaf asked for, from 0.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// The older size is above the newer one.
    #[error("a tree of {new} leaves cannot grow out of one of {old}")]
    SizesReversed {
        /// The size said to be older.
        old: u64,
        /// The size said to be newer.
        new: u64,
    },
    /// More leaves than any log can have.
    #[error("a log cannot have more than {MAX_SIZE} leaves")]
    TooLarge,
    /// The proof has too few or too many hashes for these sizes.
    #[error("the proof has the wrong number of hashes for these sizes")]
    WrongLength,
    /// The hashes do not lead to the root of the older tree.
    #[error("the proof does not lead to the older root")]
    OldRootDiffers,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    RootDiffers,
    /// Tiles could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// A complete subtree: 2^height leaves, the `position`-th of its height.
#[derive(Clone, Copy)]
struct Node {
    height: u32,
    position: u64,
}

impl Node {
    /// The tile that holds the node, and the run of its hashes below the node.
    fn place(self, size: u64) -> (Tile, Range<usize>) {
        let level = self.height / 8;
        let first = self.position << (self.height % 8);
        let tile = Tile::of_tree(level as u8, first / u64::from(TILE_WIDTH), size);
        let start = (first % u64::from(TILE_WIDTH)) as usize;
        (tile.expect("a node of the tree lies in a tile of the tree"), start..start + (1 << (self.height % 8)))
    }
}

/// The complete subtrees that make up a run of leaves, from left to right.
fn nodes_of(leaves: &Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut start = leaves.start;
    while start < leaves.end {
        let height = (leaves.end - start).ilog2().min(start.trailing_zeros());
        nodes.push(Node { height, position: start >> height });
        start += 1 << height;
    }
    nodes
}

/// The runs of leaves whose roots make up PATH(index, D\[size\]), RFC 6962 §2.1.1.
fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if size > MAX_SIZE {
        return Err(ProofError::TooLarge);
    }
    if index >= size {
        return Err(ProofError::IndexBeyondSize { index, size });
    }
    let (mut start, mut end) = (0, size);
    let mut ranges = Vec::new();
    while end - start > 1 {
        let middle = start + split_point(end - start);
        if index < middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    ranges.reverse();
    Ok(ranges)
}

/// The runs of leaves whose roots make up PROOF(old, D\[new\]), RFC 6962 §2.1.2.
fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if new > MAX_SIZE {
        return Err(ProofError::TooLarge);
    }
    if old > new {
        return Err(ProofError::SizesReversed { old, new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, new);
    let mut old_is_known = true;
    let mut ranges = Vec::new();
    while old != end {
        let middle = start + split_point(end - start);
        if old <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
            old_is_known = false;
        }
    }
    if !old_is_known {
        ranges.push(start..end);
    }
    ranges.reverse();
    Ok(ranges)
}

fn tiles_of(ranges: &[Range<u64>], size: u64) -> Vec<Tile> {
    let nodes = ranges.iter().flat_map(nodes_of);
    nodes.map(|node| node.place(size).0).collect::<BTreeSet<_>>().into_iter().collect()
}

fn hashes_of(ranges: &[Range<u64>], size: u64, reader: &dyn TileReader) -> Result<Vec<Hash>, LogError> {
    let mut read = BTreeMap::new();
    for tile in tiles_of(ranges, size) {
        read.insert(tile, read_hashes(reader, tile)?);
    }
    let hash_of_node = |node: Node| {
        let (tile, run) = node.place(size);
        subtree_hash(&read[&tile][run]).expect("a node spans at least one hash")
    };
    let hash_of_range =
        |range: &Range<u64>| fold_right(nodes_of(range).into_iter().map(hash_of_node)).unwrap_or_else(empty_root);
    Ok(ranges.iter().map(hash_of_range).collect())
}

/// The tiles that [`root`] reads, each once.
pub fn tiles_for_root(size: u64) -> Vec<Tile> {
    let size = size.min(MAX_SIZE);
    tiles_of(std::slice::from_ref(&(0..size)), size)
}

/// Root of the first `size` leaves (RFC 6962 §2.1).
///
/// # Errors
/// [`ProofError::TooLarge`], [`ProofError::Log`].
pub fn root(reader: &dyn TileReader, size: u64) -> Result<Hash, ProofError> {
    if size > MAX_SIZE {
        return Err(ProofError::TooLarge);
    }
    let hashes = hashes_of(std::slice::from_ref(&(0..size)), size, reader)?;
    Ok(hashes.first().copied().unwrap_or_else(empty_root))
}

/// The tiles that [`inclusion_proof`] reads, each once.
///
/// # Errors
/// [`ProofError::IndexBeyondSize`], [`ProofError::TooLarge`].
pub fn tiles_for_inclusion(index: u64, size: u64) -> Result<Vec<Tile>, ProofError> {
    Ok(tiles_of(&inclusion_ranges(index, size)?, size))
}

/// Proof that the leaf at `index` is in the tree of the first `size` leaves (包含证明;
/// RFC 6962 §2.1.1).
///
/// # Errors
/// [`ProofError::IndexBeyondSize`], [`ProofError::TooLarge`], [`ProofError::Log`].
pub fn inclusion_proof(index: u64, size: u64, reader: &dyn TileReader) -> Result<Vec<Hash>, ProofError> {
    Ok(hashes_of(&inclusion_ranges(index, size)?, size, reader)?)
}

/// The tiles that [`consistency_proof`] reads, each once.
///
/// # Errors
/// [`ProofError::SizesReversed`], [`ProofError::TooLarge`].
pub fn tiles_for_consistency(old: u64, new: u64) -> Result<Vec<Tile>, ProofError> {
    Ok(tiles_of(&consistency_ranges(old, new)?, new))
}

/// Proof that the tree of `new` leaves begins with the tree of `old` leaves (一致性证明;
/// RFC 6962 §2.1.2). Empty if `old` is 0 or equals `new`.
///
/// # Errors
/// [`ProofError::SizesReversed`], [`ProofError::TooLarge`], [`ProofError::Log`].
pub fn consistency_proof(old: u64, new: u64, reader: &dyn TileReader) -> Result<Vec<Hash>, ProofError> {
    Ok(hashes_of(&consistency_ranges(old, new)?, new, reader)?)
}

/// Checks an inclusion proof (RFC 9162 §2.1.3.2). Needs no log.
///
/// # Errors
/// [`ProofError::IndexBeyondSize`], [`ProofError::WrongLength`], [`ProofError::RootDiffers`].
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::IndexBeyondSize { index, size });
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A node at the right edge has no sibling of its own height: it moves up unchanged.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    match (last == 0, hash == *root) {
        (false, _) => Err(ProofError::WrongLength),
        (true, false) => Err(ProofError::RootDiffers),
        (true, true) => Ok(()),
    }
}

/// Checks a consistency proof (RFC 9162 §2.1.4.2). Needs no log.
///
/// # Errors
/// [`ProofError::SizesReversed`], [`ProofError::WrongLength`], [`ProofError::OldRootDiffers`],
/// [`ProofError::RootDiffers`].
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::SizesReversed { old, new });
    }
    if old == 0 || old == new {
        return verify_without_hashes(old, old_root, new_root, proof);
    }
    // The root of a complete older tree is left out of the proof, being known.
    let known = old.is_power_of_two().then_some(old_root);
    let mut path = known.into_iter().chain(proof);
    let first = *path.next().ok_or(ProofError::WrongLength)?;
    let (mut node, mut last) = (old - 1, new - 1);
    let skip = node.trailing_ones();
    node >>= skip;
    last >>= skip;
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in path {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::WrongLength);
    }
    if old_hash != *old_root {
        return Err(ProofError::OldRootDiffers);
    }
    if new_hash == *new_root { Ok(()) } else { Err(ProofError::RootDiffers) }
}

/// Every tree grows out of the empty one and out of itself; such proofs have no hashes.
fn verify_without_hashes(old: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::WrongLength);
    }
    let expected = if old == 0 { empty_root() } else { *new_root };
    if *old_root == expected { Ok(()) } else { Err(ProofError::OldRootDiffers) }
}
