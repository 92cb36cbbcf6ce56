//! Roots and proofs against ct-merkle and against published vectors.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;
use transparency_log::{
    Frontier, MemoryTiles, ProofError, Tile, TileReader, consistency_proof, empty_root, inclusion_proof, leaf_hash,
    root, tiles_for_consistency, tiles_for_inclusion, verify_consistency, verify_inclusion,
};

use crate::{leaf, log};

fn reference(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|n| tree.push(n.to_be_bytes().to_vec()));
    tree
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The eight leaves that Certificate Transparency implementations test with.
#[test]
fn roots_of_the_certificate_transparency_vectors_hold() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let hashes: Vec<_> = inputs.iter().map(|input| leaf_hash(input)).collect();
    let mut frontier = Frontier::new();
    assert_eq!(hex(&frontier.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    frontier.append(&hashes[..1]).unwrap();
    assert_eq!(hex(&frontier.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    frontier.append(&hashes[1..]).unwrap();
    assert_eq!(hex(&frontier.root()), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

#[test]
fn all_small_trees_agree_with_the_reference() {
    let (_, tiles) = log(40);
    for size in 1..=40 {
        let tree = reference(size);
        assert_eq!(root(&tiles, size).unwrap(), <[u8; 32]>::from(*tree.root().as_bytes()));
        for index in 0..size {
            let proof = inclusion_proof(index, size, &tiles).unwrap();
            assert_eq!(proof.as_flattened(), tree.prove_inclusion(index as usize).as_bytes());
        }
        for old in 1..size {
            let proof = consistency_proof(old, size, &tiles).unwrap();
            assert_eq!(proof.as_flattened(), tree.prove_consistency((size - old) as usize).as_bytes());
        }
    }
}

#[test]
fn what_does_not_exist_cannot_be_proved() {
    let (_, tiles) = log(5);
    assert!(matches!(inclusion_proof(5, 5, &tiles), Err(ProofError::IndexBeyondSize { index: 5, size: 5 })));
    assert!(matches!(consistency_proof(6, 5, &tiles), Err(ProofError::SizesReversed { .. })));
    assert!(matches!(root(&tiles, u64::MAX), Err(ProofError::TooLarge)));
    assert!(matches!(root(&tiles, 300), Err(ProofError::Log(_))));
    assert_eq!(root(&tiles, 0).unwrap(), empty_root());
    assert!(verify_inclusion(&leaf(0), 0, 0, &[], &empty_root()).is_err());
    assert!(verify_consistency(0, &leaf(1), 5, &leaf(2), &[]).is_err());
    assert!(verify_consistency(3, &leaf(1), 3, &leaf(2), &[]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 5))]

    #[test]
    fn roots_and_proofs_of_large_trees_equal_the_reference(size in 1_u64..3000, a in any::<u64>(), b in any::<u64>()) {
        let (frontier, tiles) = log(size);
        let tree = reference(size);
        let (index, old) = (a % size, 1 + b % size);
        prop_assert_eq!(frontier.root(), <[u8; 32]>::from(*tree.root().as_bytes()));
        prop_assert_eq!(root(&tiles, size).unwrap(), frontier.root());

        let proof = inclusion_proof(index, size, &tiles).unwrap();
        let by_reference = tree.prove_inclusion(index as usize);
        prop_assert_eq!(proof.as_flattened(), by_reference.as_bytes());
        verify_inclusion(&leaf(index), index, size, &proof, &frontier.root()).unwrap();

        let old_root = root(&tiles, old).unwrap();
        let proof = consistency_proof(old, size, &tiles).unwrap();
        if old < size {
            let by_reference = tree.prove_consistency((size - old) as usize);
            prop_assert_eq!(proof.as_flattened(), by_reference.as_bytes());
        }
        verify_consistency(old, &old_root, size, &frontier.root(), &proof).unwrap();
    }

    #[test]
    fn a_changed_proof_is_refused(size in 2_u64..600, a in any::<u64>(), bit in 0_usize..256, place in any::<prop::sample::Index>()) {
        let (frontier, tiles) = log(size);
        let index = a % size;
        let root_now = frontier.root();
        let proof = inclusion_proof(index, size, &tiles).unwrap();
        let mut bent = proof.clone();
        place.get_mut(&mut bent)[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_inclusion(&leaf(index), index, size, &bent, &root_now).is_err());
        prop_assert!(verify_inclusion(&leaf(index), index, size, &proof[1..], &root_now).is_err());
        prop_assert!(verify_inclusion(&leaf(index + 1), index, size, &proof, &root_now).is_err());
        let longer = [proof.as_slice(), &proof[..1]].concat();
        prop_assert!(verify_inclusion(&leaf(index), index, size, &longer, &root_now).is_err());

        let old = 1 + a % (size - 1);
        let old_root = root(&tiles, old).unwrap();
        let proof = consistency_proof(old, size, &tiles).unwrap();
        let mut bent = proof.clone();
        place.get_mut(&mut bent)[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_consistency(old, &old_root, size, &root_now, &bent).is_err());
        prop_assert!(verify_consistency(old, &old_root, size, &root_now, &proof[1..]).is_err());
        prop_assert!(verify_consistency(old, &leaf(a), size, &root_now, &proof).is_err());
        prop_assert!(verify_consistency(old, &old_root, size, &leaf(a), &proof).is_err());
    }
}

#[test]
fn the_tile_lists_name_exactly_what_a_proof_reads() {
    let (_, tiles) = log(70_000);
    for (index, old) in [(0, 1), (69_999, 256), (65_535, 65_536), (300, 69_990)] {
        let mut needed = MemoryTiles::default();
        for tile in tiles_for_inclusion(index, 70_000).unwrap() {
            copy(&tiles, tile, &mut needed);
        }
        assert!(needed.len() <= 6, "{} tiles", needed.len());
        inclusion_proof(index, 70_000, &needed).unwrap();
        let mut needed = MemoryTiles::default();
        for tile in tiles_for_consistency(old, 70_000).unwrap() {
            copy(&tiles, tile, &mut needed);
        }
        consistency_proof(old, 70_000, &needed).unwrap();
    }
}

fn copy(from: &MemoryTiles, tile: Tile, to: &mut MemoryTiles) {
    to.insert(tile.level, tile.index, from.read_tile(tile).unwrap().unwrap());
}
