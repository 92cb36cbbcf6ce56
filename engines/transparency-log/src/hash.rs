//! Hashing of leaves and nodes (RFC 6962 §2.1).

use sha2::{Digest, Sha256};

/// Length of a [`Hash`](tyalias@Hash) in bytes.
pub const HASH_BYTES: usize = 32;

/// A SHA-256 Merkle tree hash (默克尔树哈希).
pub type Hash = [u8; HASH_BYTES];

/// Hash of a leaf: SHA-256(0x00 ‖ data), RFC 6962 §2.1.
pub fn leaf_hash(data: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x00]);
    hasher.update(data);
    hasher.finalize().into()
}

/// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut message = [0x01; 1 + 2 * HASH_BYTES];
    message[1..=HASH_BYTES].copy_from_slice(left);
    message[1 + HASH_BYTES..].copy_from_slice(right);
    Sha256::digest(message).into()
}

/// Root of the tree without leaves: SHA-256 of nothing, RFC 6962 §2.1.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Root of a run of neighbouring hashes, taken as the leaves of a tree of their own.
/// `None` for an empty run.
pub(crate) fn subtree_hash(hashes: &[Hash]) -> Option<Hash> {
    match hashes {
        [] => None,
        [one] => Some(*one),
        many => {
            let (left, right) = many.split_at(split_point(many.len() as u64) as usize);
            Some(node_hash(&subtree_hash(left)?, &subtree_hash(right)?))
        }
    }
}

/// Largest power of two below `count` (RFC 6962's `k`); `count` must be at least 2.
pub(crate) fn split_point(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// Joins complete subtrees, ordered from left to right and shrinking, into one root.
pub(crate) fn fold_right(subtrees: impl DoubleEndedIterator<Item = Hash>) -> Option<Hash> {
    subtrees.rev().reduce(|right, left| node_hash(&left, &right))
}
