//! No parser panics, whatever bytes it is given; what it accepts, it writes again as it was.

use std::collections::BTreeMap;

use proptest::prelude::*;
use transparency_log::{
    AddCheckpoint, Checkpoint, Expected, Frontier, MemoryTiles, SignedNote, Tile, VerifierKey, WitnessState,
    audit_files, consistency_proof, entry_bundle, inclusion_proof, parse_entry_bundle, root, verify_consistency,
    verify_inclusion,
};

use crate::Files;

/// Text as a careless or hostile sender writes it: pieces of the formats, and anything between.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-z0-9+/= .]{0,12}",
        1 => any::<String>(),
        2 => Just("\n".to_owned()),
        1 => Just("\n\n\u{2014} ".to_owned()),
        1 => Just("old ".to_owned()),
        1 => any::<u64>().prop_map(|n| format!("{n}\n")),
        1 => Just("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n".to_owned()),
        1 => Just("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".to_owned()),
        1 => Just("tlog-witness-state/1\n".to_owned()),
        1 => Just("tile/0/x001/234.p/5".to_owned()),
    ];
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

fn hashes() -> impl Strategy<Value = Vec<[u8; 32]>> {
    prop::collection::vec(any::<[u8; 32]>(), 0..70)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases * 2))]

    #[test]
    fn texts(text in text()) {
        if let Ok(note) = SignedNote::parse(&text) {
            prop_assert_eq!(note.to_string(), text.as_str());
        }
        if let Ok(checkpoint) = Checkpoint::parse_text(&text) {
            prop_assert_eq!(checkpoint.to_string(), text.as_str());
        }
        if let Ok(request) = AddCheckpoint::parse(&text) {
            prop_assert_eq!(request.to_string(), text.as_str());
        }
        if let Ok(key) = VerifierKey::parse(&text) {
            prop_assert_eq!(key.to_string(), text.as_str());
        }
        if let Ok(tile) = Tile::parse_path(&text) {
            prop_assert_eq!(tile.path(), text.as_str());
        }
        if let Ok(state) = WitnessState::parse(&text) {
            prop_assert_eq!(state.to_string(), text.as_str());
        }
    }

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(entries) = parse_entry_bundle(&bytes) {
            prop_assert_eq!(entry_bundle(&entries).unwrap(), bytes.as_slice());
        }
        if let Ok(frontier) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(frontier.to_bytes(), bytes.as_slice());
        }
    }

    #[test]
    fn proofs(index: u64, size: u64, old: u64, proof in hashes(), root: [u8; 32]) {
        // Nothing is proved by hashes drawn at random; only trees of one leaf need none.
        prop_assert!(verify_inclusion(&[0; 32], index, size, &proof, &root).is_err());
        prop_assert!(old == size || old == 0 || verify_consistency(old, &[0; 32], size, &root, &proof).is_err());
    }

    #[test]
    fn tiles(size in prop_oneof![0_u64..2_000, any::<u64>()], index: u64, old: u64, stored in prop::collection::vec((0_u8..9, 0_u64..4, prop::collection::vec(any::<u8>(), 0..64)), 0..6)) {
        let mut tiles = MemoryTiles::default();
        for (level, index, bytes) in stored {
            tiles.insert(level, index, bytes);
        }
        // Whether they succeed depends on the tiles; that they end is what counts.
        let _ = (root(&tiles, size), Frontier::from_tiles(size, &tiles));
        let _ = (inclusion_proof(index, size, &tiles), consistency_proof(old, size, &tiles));
    }

    #[test]
    fn audits(checkpoint in text(), key in text(), path in text(), bytes in prop::collection::vec(any::<u8>(), 0..99)) {
        let files = Files(BTreeMap::from([
            ("checkpoint".to_owned(), checkpoint.clone().into_bytes()),
            ("log.vkey".to_owned(), key.clone().into_bytes()),
            (path, bytes.clone()),
            ("tile/0/000".to_owned(), bytes),
        ]));
        let expected = Expected { keys: vec![key], kept: vec![checkpoint], ..Expected::default() };
        prop_assert!(audit_files(&files, &expected).is_err());
        prop_assert!(audit_files(&files, &Expected::default()).is_err());
    }
}
