//! The tree from below: neighbours are joined row by row, and who has no neighbour moves up unchanged, which gives
//! the trees of RFC 6962 §2.1.

use sha2::{Digest, Sha256};

pub(super) type Digest32 = [u8; 32];

pub(super) fn leaf(entry: &[u8]) -> Digest32 {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

fn join(pair: &[Digest32]) -> Digest32 {
    match pair {
        [left, right] => Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into(),
        other => other[0],
    }
}

/// The one hash over at most 256 neighbours of one row, eight rows up.
pub(super) fn top_of(mut row: Vec<Digest32>) -> Digest32 {
    while row.len() > 1 {
        row = row.chunks(2).map(join).collect();
    }
    row[0]
}

/// The hashes of each level that are not in a full tile yet.
pub(super) struct Rows {
    rows: Vec<Vec<Digest32>>,
    /// Full tiles of each level so far.
    full: Vec<u64>,
}

impl Rows {
    pub(super) fn new() -> Rows {
        Rows { rows: Vec::new(), full: Vec::new() }
    }

    /// Adds hashes to a level; the tile that gets full by it, which then is taken out.
    pub(super) fn add(&mut self, level: usize, hashes: &[Digest32]) -> Option<Vec<Digest32>> {
        if self.rows.len() == level {
            self.rows.push(Vec::new());
            self.full.push(0);
        }
        self.rows[level].extend_from_slice(hashes);
        (self.rows[level].len() == 256).then(|| {
            self.full[level] += 1;
            std::mem::take(&mut self.rows[level])
        })
    }

    /// Full tiles of a level before the newest one, which has so many hashes.
    pub(super) fn tiles_before(&self, level: usize, hashes: usize) -> u64 {
        self.full[level] - u64::from(hashes == 256)
    }

    pub(super) fn unfinished(&self) -> &[Vec<Digest32>] {
        &self.rows
    }

    /// The root, as if the leaves given came next.
    pub(super) fn root(&self, next: &[Digest32]) -> Digest32 {
        let mut below: Option<Digest32> = None;
        for level in 0..self.rows.len().max(1) {
            let mut row = self.rows.get(level).cloned().unwrap_or_default();
            if level == 0 {
                row.extend_from_slice(next);
            }
            row.extend(below);
            below = (!row.is_empty()).then(|| top_of(row));
        }
        below.unwrap_or_else(|| Sha256::digest(b"").into())
    }
}
