//! Appending, proving and checking beside the hashing that each cannot do without, and beside `ct-merkle`, which keeps
//! its tree in memory: `cargo bench -p transparency-log`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::{hint::black_box, time::Instant};

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use sha2::Sha256;
use transparency_log::{
    Checkpoint, Frontier, Hash, MemoryTiles, consistency_proof, inclusion_proof, leaf_hash, node_hash, root,
    verify_consistency, verify_inclusion, verify_log,
};

const LEAVES: u64 = 200_000;
const PROOFS: u64 = 20_000;

fn main() {
    let leaves: Vec<Hash> = (0..LEAVES).map(|n| leaf_hash(&n.to_be_bytes())).collect();
    let (frontier, tiles) = appended(&leaves, leaves.len());
    let newest = frontier.root();
    assert_eq!(root(&tiles, LEAVES).unwrap(), newest);

    println!("a leaf of {LEAVES}:");
    let hashing = timed("a node's hash for each leaf", LEAVES, None, || {
        leaves.iter().skip(1).fold(leaves[0], |sum, leaf| node_hash(&sum, leaf))[0]
    });
    for batch in [1, 100, 10_000] {
        let what = format!("Frontier::append, {batch} at a time");
        timed(&what, LEAVES, Some(hashing), || appended(&leaves, batch).0.root()[0]);
    }
    timed("ct-merkle, pushed and its root", LEAVES, Some(hashing), || peer().root().as_bytes()[0]);
    let checkpoint = Checkpoint::new("linli.example/log", LEAVES, newest);
    timed("verify_log, every tile", LEAVES, Some(hashing), || {
        u8::from(verify_log(leaves.iter().copied(), &tiles, &checkpoint).is_ok())
    });

    println!("a proof:");
    // A stride that no power of two divides walks over the whole log.
    let indices: Vec<u64> = (0..PROOFS).map(|n| n * 7_919 % LEAVES).collect();
    let proofs: Vec<Vec<Hash>> = indices.iter().map(|at| inclusion_proof(*at, LEAVES, &tiles).unwrap()).collect();
    let steps = timed("as many hashes as it has", PROOFS, None, || {
        proofs.iter().fold(0, |sum, proof| sum ^ proof.iter().fold(newest, |sum, it| node_hash(&sum, it))[0])
    });
    timed("inclusion_proof, from tiles in memory", PROOFS, Some(steps), || {
        indices.iter().fold(0, |sum, at| sum ^ inclusion_proof(*at, LEAVES, &tiles).unwrap()[0][0])
    });
    timed("verify_inclusion", PROOFS, Some(steps), || {
        let holds = |at: &u64, proof: &[Hash]| verify_inclusion(&leaves[*at as usize], *at, LEAVES, proof, &newest);
        indices.iter().zip(&proofs).filter(|(at, proof)| holds(at, proof).is_ok()).count() as u8
    });
    let reference = peer();
    timed("ct-merkle, an inclusion proof", PROOFS, Some(steps), || {
        indices.iter().fold(0, |sum, at| sum ^ reference.prove_inclusion(*at as usize).as_bytes()[0])
    });
    growth(&leaves, &tiles, &newest, steps);
}

fn growth(leaves: &[Hash], tiles: &MemoryTiles, newest: &Hash, steps: f64) {
    let olds: Vec<u64> = (1..=PROOFS / 20).map(|n| n * 193 % LEAVES).collect();
    let mut frontier = Frontier::new();
    let (mut sorted, mut roots) = (olds.clone(), std::collections::HashMap::new());
    sorted.sort_unstable();
    for old in sorted {
        frontier.append(&leaves[frontier.size() as usize..old as usize]).unwrap();
        roots.insert(old, frontier.root());
    }
    let proofs: Vec<Vec<Hash>> = olds.iter().map(|old| consistency_proof(*old, LEAVES, tiles).unwrap()).collect();
    timed("consistency_proof, from tiles in memory", olds.len() as u64, Some(steps), || {
        olds.iter().fold(0, |sum, old| sum ^ consistency_proof(*old, LEAVES, tiles).unwrap()[0][0])
    });
    timed("verify_consistency", olds.len() as u64, Some(steps), || {
        let holds = |old: &u64, proof: &[Hash]| verify_consistency(*old, &roots[old], LEAVES, newest, proof);
        olds.iter().zip(&proofs).filter(|(old, proof)| holds(old, proof).is_ok()).count() as u8
    });
}

fn appended(leaves: &[Hash], batch: usize) -> (Frontier, MemoryTiles) {
    let (mut frontier, mut tiles) = (Frontier::new(), MemoryTiles::default());
    for some in leaves.chunks(batch) {
        tiles.apply(frontier.append(some).unwrap());
    }
    (frontier, tiles)
}

fn peer() -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..LEAVES).for_each(|n| tree.push(n.to_be_bytes().to_vec()));
    tree
}

/// Times the best of five runs and prints it with the ratio to a baseline.
fn timed(what: &str, count: u64, baseline: Option<f64>, mut work: impl FnMut() -> u8) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        black_box(work());
        best = best.min(begun.elapsed().as_secs_f64());
    }
    let each_ns = best * 1e9 / count as f64;
    let ratio = baseline.map_or(String::new(), |base| format!("  ×{:.2} of the baseline's time", each_ns / base));
    println!("{what:42} {each_ns:10.0} ns{ratio}");
    each_ns
}
